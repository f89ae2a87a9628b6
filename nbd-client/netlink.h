// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The kernel's side of an NBD device, by generic netlink (linux 4.12 and later,
// drivers/block/nbd.c): the kernel takes the socket over and no process has to stay, so that none
// has to cross into the new system or outlive its last one.

#pragma once

#include "device.h"

/// Makes the export the device. Returns 0, or -errno; -ENOENT where the kernel has no NBD, or none
/// with netlink.
long connect_device(const struct DeviceSettings* device, const struct Export* remote);

/// Lets go of it. Returns 0, or -errno.
long disconnect_device(unsigned index);
