#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The check of a file system before it is mounted, for /init and preinit's pivot.sh:
# /etc/usbboot/check.sh. By e2fsck and fsck.fat, where the system that runs has them. A check needs about
# 1 MB of memory for each GB of disk (OpenWrt's init requirements), and without that much it is left out,
# since a checker that runs out of memory half way does harm. Functions alone; sourced, never run. Needs
# usbboot_say STEP TEXT and usbboot_attended SECONDS COMMAND...

# usbboot_has_memory KIB: sets usbboot_needed and usbboot_memory, in KiB.
usbboot_has_memory() {
    usbboot_needed=$1 usbboot_memory=0
    while read -r usbboot_key usbboot_value _; do
        case $usbboot_key in
            MemTotal: | SwapTotal:) usbboot_memory=$((usbboot_memory + usbboot_value)) ;;
        esac
    done </proc/meminfo
    [ "$usbboot_memory" -ge "$usbboot_needed" ]
}

# usbboot_has_memory_for DEVICE: or image.
usbboot_has_memory_for() {
    usbboot_size=0
    if [ -r "/sys/class/block/${1##*/}/size" ]; then
        read -r usbboot_size <"/sys/class/block/${1##*/}/size"
        usbboot_size=$((usbboot_size / 2048))
    elif [ -f "$1" ]; then
        # shellcheck disable=SC2012 # one file, and of its line the fifth word alone
        read -r _ _ _ _ usbboot_size _ <<END
$(ls -ln "$1")
END
        usbboot_size=$((usbboot_size / 1048576))
    fi
    usbboot_has_memory "$usbboot_size"
}

# usbboot_run_checker PROGRAM ARGUMENT...
usbboot_run_checker() {
    export E2FSCK_CONFIG=/etc/usbboot/e2fsck.conf
    usbboot_attended 1800 "$@"
}

# usbboot_check_device DEVICE TYPE NAME: TYPE is ext, vfat, or one that has no check. Fails where damage
# is left. Statuses: e2fsck(8), 1 to 3 are repairs; fsck.fat(8), 1 is one.
usbboot_check_device() {
    case $2 in
        ext) set -- "$1" "$3" e2fsck 3 ;;
        vfat) set -- "$1" "$3" fsck.fat 1 ;;
        *) return 0 ;;
    esac
    command -v "$3" >/dev/null || {
        usbboot_say fsck "$2 is not checked: there is no $3 here"
        return 0
    }
    usbboot_has_memory_for "$1" || {
        usbboot_say fsck "$2 is not checked: that takes $usbboot_needed KiB of memory, $usbboot_memory KiB are there (swap?)"
        return 0
    }
    usbboot_run_checker "$3" -p "$1"
    usbboot_checked=$?
    if [ "$usbboot_checked" -eq 0 ]; then
        usbboot_say fsck "$2 is clean"
    elif [ "$usbboot_checked" -le "$4" ]; then
        usbboot_say fsck "$2 is repaired"
    else
        usbboot_say fsck "$2 cannot be repaired ($3 says $usbboot_checked)"
        return 1
    fi
}
