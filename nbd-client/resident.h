// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The kernel's side of an NBD device by ioctl, for kernels before 4.12: a process lends it the
// socket and stays inside that ioctl as long as the device is there (linux drivers/block/nbd.c,
// NBD_DO_IT). So this process has to cross into the new system and to outlive all others there. It
// holds nothing else.

#pragma once

#include "device.h"

/// Makes the export the device; a child of this process stays with it, and calls itself `name` with
/// an
/// "@" in front, by which systemd knows what not to end (systemd.io/ROOT_STORAGE_DAEMONS). Returns
/// when the device has its size: 0, or -errno.
long keep_device(const struct DeviceSettings* device, const struct Export* remote, char* name);

/// Lets go of it; the process that stayed ends by itself. Returns 0, or -errno.
long release_device(unsigned index);

/// Waits, five seconds at most, until the kernel has forgotten the device's last connection: before
/// that it takes no other one.
void await_release(unsigned index);
