#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Stand-in for OpenWrt's lib/functions.sh.
include() {
    for include_file in "$1"/*.sh; do
        # shellcheck source=/dev/null
        [ -e "$include_file" ] && . "$include_file"
    done
}

find_mtd_part() {
    find_number=$(sed -n "s/^mtd\([0-9]*\):.*\"$1\"\$/\1/p" /proc/mtd 2>/dev/null)
    echo "${find_number:+/dev/mtdblock$find_number}"
}
