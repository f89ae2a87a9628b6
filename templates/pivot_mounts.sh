#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The file systems of an entry without a kernel, for preinit's pivot.sh: /etc/usbboot/pivot_mounts.sh.
# Swap, the medium, the root and what the entry's "mount" lines name; each is checked first, as by /init,
# with what the flash system has for it. Functions alone; sourced, never run. Undoes nothing: pivot.sh
# does. Swap is never formatted.

# shellcheck disable=SC2154,SC2034 # usbboot_device, ...: pivot.sh's; usbboot_node: usb.sh's;
# usbboot_holds: tags.sh's; usbboot_source, ...: mounts.sh's

# For check.sh.
usbboot_attended() {
    usbboot_bounded "$@"
}

# usbboot_check DEVICE NAME: or image. Fails where damage is left.
usbboot_check() {
    [ "$usbboot_fsck" != no ] || return 0
    usbboot_read_tags "$1"
    usbboot_check_device "$1" "$usbboot_holds" "$2"
}

# Whether the root lives in a file of the medium and changes it.
usbboot_root_writes_medium() {
    case $usbboot_image,$usbboot_options, in
        *,ro,*) return 1 ;;
        image:*) return 0 ;;
    esac
    return 1
}

# Without the guard a stick is only written where the root lies on it.
usbboot_mount_medium() {
    usbboot_access=ro,noatime
    if [ "$usbboot_guard" != no ] || usbboot_root_writes_medium; then
        usbboot_access=rw,noatime
        usbboot_check "$usbboot_device" "${usbboot_device##*/}" || return 1
    fi
    mount -t "$usbboot_fstype" -o "$usbboot_access" "$usbboot_device" "$usbboot_mount"
}

# usbboot_mount_first OPTIONS SOURCE: the root, in whatever file system it has.
usbboot_mount_first() {
    for usbboot_type in ext4 ext3 ext2 squashfs; do
        mount -t "$usbboot_type" -o "$1" "$2" "$usbboot_root" 2>/dev/null && return 0
    done
    usbboot_say root "cannot mount $2"
    return 1
}

# A read-only root is not checked, since that may write, and the medium was checked before.
usbboot_check_root() {
    case ,$usbboot_options, in
        *,ro,*) return 0 ;;
    esac
    [ "${1##*/}" = "${usbboot_device##*/}" ] || usbboot_check "$1" "$usbboot_image"
}

usbboot_mount_root() {
    case $usbboot_image in
        image:*)
            usbboot_load_module loop
            usbboot_image=${usbboot_image#image:}
            usbboot_image=${usbboot_image#/}
            usbboot_check_root "$usbboot_mount/$usbboot_image" &&
                usbboot_mount_first "loop,$usbboot_options" "$usbboot_mount/$usbboot_image"
            ;;
        *)
            usbboot_wait_tag "$usbboot_image" && usbboot_check_root "$usbboot_node" &&
                usbboot_mount_first "$usbboot_options" "$usbboot_node"
            ;;
    esac
}

# As in /init: what is missing is no reason to do without the root.
usbboot_use_swap() {
    case $usbboot_swap in
        none) return ;;
        '') usbboot_find_tag label:USBSWAP || return 0 ;;
        *) usbboot_wait_tag "$usbboot_swap" || return 0 ;;
    esac
    if swapon "$usbboot_node"; then
        usbboot_swapped=$usbboot_node
        usbboot_say swap "on $usbboot_node"
    else
        usbboot_say swap "cannot use $usbboot_node: going on without swap"
    fi
}

# Of what usbboot_read_mount sets.
usbboot_mount_one() {
    case $usbboot_source in
        label:* | uuid:*)
            usbboot_wait_tag "$usbboot_source" && usbboot_check "$usbboot_node" "$usbboot_source" ||
                return 1
            ;;
        *) usbboot_node=$usbboot_source ;;
    esac
    mkdir -p "$usbboot_root$usbboot_target" &&
        mount -t "$usbboot_kind" -o "${usbboot_more:-rw}" "$usbboot_node" \
            "$usbboot_root$usbboot_target" || return 1
    usbboot_mounted=$usbboot_root$usbboot_target$usbboot_line_end$usbboot_mounted
    usbboot_say root "$usbboot_source mounted on $usbboot_target"
}

# The entry's other file systems, before its init starts.
usbboot_mount_more() {
    while read -r usbboot_one usbboot_two usbboot_three usbboot_rest; do
        usbboot_read_mount "$usbboot_one" "$usbboot_two" "$usbboot_three" "$usbboot_rest" || continue
        usbboot_mount_one </dev/null && continue
        [ -n "$usbboot_optional" ] || {
            usbboot_say root "cannot mount $usbboot_source on $usbboot_target"
            return 1
        }
        usbboot_say root "cannot mount $usbboot_source on $usbboot_target: going on without it"
    done <<EOF_OF_MOUNTS
$usbboot_lines
EOF_OF_MOUNTS
}
