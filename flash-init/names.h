// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Partition names as the kernel shows them in text: /proc/mtd for flash, uevent files for disks.
// Pure functions on bytes, so that they can be tested on any machine. Nothing here opens a file.

#pragma once

enum { kDeviceNameSize = 32 };

/// Finds the next MTD partition called `name` in the text of /proc/mtd, whose lines read
/// `mtd1: 004e0000 00020000 "rootfs"` (linux drivers/mtd/mtdcore.c, mtd_proc_show).
/// `text` is NUL-terminated. On success `*number` is the partition's number (0 to 9999) and the
/// position behind its line is returned; without a (further) match null is returned.
const char* next_mtd_called(const char* text, const char* name, int* number);

/// Looks into the text of one /sys/class/block/*/uevent. If its PARTNAME is `name`
/// (linux block/partitions/core.c, part_uevent) copies its DEVNAME, at most kDeviceNameSize - 1
/// characters, to `device` and returns 1. Returns 0 for other names and for longer device names.
int uevent_device_called(const char* text, const char* name, char device[kDeviceNameSize]);
