#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Stand-in for OpenWrt's lib/upgrade/common.sh: what platform.sh builds on.

# get_magic_long FILE: the first four bytes as hexadecimal digits.
get_magic_long() {
    dd if="$1" bs=4 count=1 2>/dev/null | hexdump -v -n 4 -e '1/1 "%02x"'
}

default_do_upgrade() {
    mtd write "$1" linux
}
