#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The lines "mount SOURCE TARGET TYPE OPTIONS" of a boot entry, for /init and preinit's pivot.sh:
# /etc/usbboot/mounts.sh. Functions alone; sourced, never run. Mounts nothing itself.

# shellcheck disable=SC2034 # usbboot_kind: for who calls it

# usbboot_read_mount SOURCE TARGET TYPE OPTIONS: sets usbboot_source, usbboot_target, usbboot_kind,
# usbboot_more (the options) and usbboot_optional: "yes" for "nofail" among the options, which means
# the same as in fstab. Fails where a word is missing.
usbboot_read_mount() {
    [ -n "$4" ] || return 1
    usbboot_source=$1 usbboot_target=$2 usbboot_kind=$3 usbboot_more=$4 usbboot_optional=
    case ,$4, in
        *,nofail,*)
            usbboot_optional=yes
            usbboot_more=$(echo ",$4," | sed 's/,nofail,/,/; s/^,//; s/,$//')
            ;;
    esac
}
