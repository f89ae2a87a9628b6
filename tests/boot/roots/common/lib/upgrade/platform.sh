#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Stand-in for lib/upgrade/platform.sh of OpenWrt's brcm47xx target: knows the magics of the images
# that it takes, none of which is Belkin's.
PART_NAME=linux

platform_check_image() {
    [ "$#" -gt 1 ] && return 1
    case "$(get_magic_long "$1")" in
        # "HDR0", "CHK", "U2ND"
        48445230 | 2a23245e | 55324e44)
            return 0
            ;;
    esac
    echo "Invalid image type. Please use only .trx files" >&2
    return 1
}
