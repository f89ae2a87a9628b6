# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Swap, and the check of file systems before they are mounted. Swap comes first: a check needs about
# 1 MB of memory for each GB of disk (OpenWrt's init requirements), and without that much it is left
# out, since a checker that runs out of memory half way does harm.

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
        say swap "on $device"
    else
        say swap "cannot use $device: going on without swap"
    fi
}

# has_memory_for DEVICE: sets needed and memory, in KiB.
has_memory_for() {
    sectors=0 memory=0
    [ ! -r "/sys/class/block/${1##*/}/size" ] || read -r sectors <"/sys/class/block/${1##*/}/size"
    while read -r key value _; do
        case $key in
            MemTotal: | SwapTotal:) memory=$((memory + value)) ;;
        esac
    done </proc/meminfo
    needed=$((sectors / 2048))
    [ "$memory" -ge "$needed" ]
}

# check_device DEVICE TYPE NAME: by the checker that the initramfs has, if any. Fails where damage
# is left. Statuses: e2fsck(8), 1 to 3 are repairs; fsck.fat(8), 1 is one.
check_device() {
    [ "$fsck" != no ] || return 0
    case $2 in
        ext) set -- "$1" "$3" /sbin/e2fsck 3 ;;
        vfat) set -- "$1" "$3" /sbin/fsck.fat 1 ;;
        *) return 0 ;;
    esac
    [ -x "$3" ] || return 0
    has_memory_for "$1" || {
        say fsck "$2 is not checked: that takes $needed KiB of memory, $memory KiB are there (swap?)"
        return 0
    }
    attended "$LONG_LIMIT" "$3" -p "$1"
    checked=$?
    if [ "$checked" -eq 0 ]; then
        say fsck "$2 is clean"
    elif [ "$checked" -le "$4" ]; then
        say fsck "$2 is repaired"
    else
        say fsck "$2 cannot be repaired (${3##*/} says $checked)"
        return 1
    fi
}
