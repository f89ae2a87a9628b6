#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Partitions on USB by label or UUID, for preinit's pivot.sh: /etc/usbboot/tags.sh. Functions alone;
# sourced, never run. OpenWrt's busybox has neither findfs nor blkid, so superblocks are read here: of
# ext2 to ext4, FAT and swap. The flash is not looked at, and nothing is opened for writing.

# shellcheck disable=SC2154 # usbboot_node: usb.sh's
# shellcheck disable=SC2034 # usbboot_holds: for who calls it

# usbboot_bytes DEVICE OFFSET COUNT: in hexadecimal.
usbboot_bytes() {
    dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | hexdump -v -e '1/1 "%02x"'
}

# usbboot_text DEVICE OFFSET COUNT: without the zeros or blanks behind it.
usbboot_text() {
    dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | tr -d '\000' | sed 's/ *$//'
}

# usbboot_fat_tags DEVICE OFFSET: of a boot sector's serial number (written backwards), with the
# label behind it (linux include/uapi/linux/msdos_fs.h).
usbboot_fat_tags() {
    usbboot_label=$(usbboot_text "$1" $(($2 + 4)) 11)
    usbboot_uuid=
    for usbboot_back in 3 2 1 0; do
        usbboot_uuid=$usbboot_uuid$(usbboot_bytes "$1" $(($2 + usbboot_back)) 1)
    done
}

# usbboot_read_tags DEVICE: or image. Sets usbboot_holds (ext, swap, vfat or nothing), usbboot_label and
# usbboot_uuid, the latter in hexadecimal digits alone. Offsets of linux fs/ext4/ext4.h and
# include/linux/swap.h (pages of 4 KiB).
usbboot_read_tags() {
    usbboot_label='' usbboot_uuid='' usbboot_holds=
    if [ "$(usbboot_bytes "$1" 1080 2)" = 53ef ]; then
        usbboot_holds=ext
        usbboot_uuid=$(usbboot_bytes "$1" 1128 16)
        usbboot_label=$(usbboot_text "$1" 1144 16)
    elif [ "$(usbboot_text "$1" 4086 10)" = SWAPSPACE2 ]; then
        usbboot_holds=swap
        usbboot_uuid=$(usbboot_bytes "$1" 1036 16)
        usbboot_label=$(usbboot_text "$1" 1052 16)
    elif [ "$(usbboot_text "$1" 82 5)" = FAT32 ]; then
        usbboot_holds=vfat
        usbboot_fat_tags "$1" 67
    elif [ "$(usbboot_text "$1" 54 3)" = FAT ]; then
        usbboot_holds=vfat
        usbboot_fat_tags "$1" 39
    fi
}

# usbboot_find_tag label:NAME|uuid:ID: sets usbboot_node; the first one of the kernel's list.
usbboot_find_tag() {
    usbboot_wanted=${1#*:}
    [ "$1" != "uuid:$usbboot_wanted" ] ||
        usbboot_wanted=$(echo "$usbboot_wanted" | tr -d - | tr A-F a-f)
    for usbboot_block in /sys/class/block/sd*; do
        [ -r "$usbboot_block/dev" ] || continue
        usbboot_find_node "${usbboot_block##*/}" || continue
        usbboot_read_tags "$usbboot_node"
        case $1 in
            label:*) usbboot_has=$usbboot_label ;;
            *) usbboot_has=$usbboot_uuid ;;
        esac
        [ -z "$usbboot_has" ] || [ "$usbboot_has" != "$usbboot_wanted" ] || return 0
    done
    return 1
}

# usbboot_wait_tag label:NAME|uuid:ID: the same, up to 5 seconds long: it may lie on another stick.
usbboot_wait_tag() {
    for usbboot_try in 1 2 3 4 5; do
        usbboot_find_tag "$1" && return 0
        [ "$usbboot_try" = 5 ] || sleep 1
    done
    usbboot_say root "no partition with ${1%%:*} ${1#*:}"
    return 1
}
