# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Swap, and the check of file systems before they are mounted. Swap comes first, since a check needs
# memory (/etc/usbboot/check.sh).

swap_device=''

use_swap() {
    case $swap in
        none) return ;;
        '') device=$(findfs LABEL=USBSWAP 2>/dev/null) || return 0 ;;
        *)
            tag_of "$swap"
            wait_for "$tag" || {
                say swap "no partition with $tag: going on without swap"
                return
            }
            ;;
    esac
    if swapon "$device"; then
        swap_device=$device
        say swap "on $device"
    else
        say swap "cannot use $device: going on without swap"
    fi
}

# What /etc/usbboot/check.sh needs.
usbboot_say() {
    say "$@"
}
usbboot_attended() {
    attended "$@"
}

# check_device DEVICE TYPE NAME: fails where damage is left.
check_device() {
    [ "$fsck" = no ] || usbboot_check_device "$@"
}
