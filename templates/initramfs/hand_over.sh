# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# From a mounted root to its running init: the entry's other file systems, the last checks, and a
# hand-over that leaves nothing behind. No mount stays below, no process but this one and no open
# file of the initramfs crosses, so that its memory is free again.

# The entry's other file systems.
mount_more() {
    while read -r source target kind more; do
        usbboot_read_mount "$source" "$target" "$kind" "$more" || continue
        mount_one </dev/null && continue
        [ -n "$usbboot_optional" ] || fail root "cannot mount $usbboot_source on $usbboot_target"
        say root "cannot mount $usbboot_source on $usbboot_target: going on without it"
    done <<EOF_OF_MOUNTS
$mounts
EOF_OF_MOUNTS
}

# Of what usbboot_read_mount sets.
mount_one() {
    device=$usbboot_source
    case $usbboot_source in
        label:* | uuid:*)
            tag_of "$usbboot_source"
            patience=$MEDIUM_WAIT
            [ -z "$usbboot_optional" ] || patience=3
            wait_for "$tag" "$patience" || return 1
            type_of "$device"
            check_device "$device" "$fstype" "$usbboot_source" || return 1
            ;;
    esac
    mkdir -p "$NEW_ROOT$usbboot_target" || return 1
    attended "$MOUNT_LIMIT" mount -t "$usbboot_kind" -o "${usbboot_more:-rw}" "$device" \
        "$NEW_ROOT$usbboot_target" || return 1
    say root "$usbboot_source mounted on $usbboot_target"
}

# Absolute links are meant from the new root.
check_init() {
    target=$NEW_ROOT$init
    links=0
    while [ -L "$target" ] && [ "$links" -lt 8 ]; do
        link=$(readlink "$target")
        case $link in
            /*) target=$NEW_ROOT$link ;;
            *) target=${target%/*}/$link ;;
        esac
        links=$((links + 1))
    done
    if [ ! -f "$target" ] || [ ! -x "$target" ]; then
        fail root "the root has no executable $init"
    fi
}

# So that the new system can clear the mark on it, and remount it read-only when it ends.
move_medium() {
    mkdir -p "$NEW_ROOT$OUTER" 2>/dev/null
    if [ -d "$NEW_ROOT$OUTER" ]; then
        mount --move "$OUTER" "$NEW_ROOT$OUTER" || fail switch "cannot move the medium's mount"
    elif [ -d "$NEW_ROOT/mnt" ]; then
        mount --move "$OUTER" "$NEW_ROOT/mnt" || fail switch "cannot move the medium's mount"
    else
        fail switch "the root has no folder $OUTER or /mnt for the medium"
    fi
}

move_mounts() {
    say switch "to $init of entry $name"
    usbboot_restore_led
    hand_network_over
    [ -z "$medium" ] || move_medium
    if [ "$place" != "$NEW_ROOT" ]; then
        mount --move "$LOWER" "$NEW_ROOT/rom" || fail switch "cannot move the root's mount"
        mount --move "$UPPER" "$NEW_ROOT/overlay" || fail switch "cannot move the RAM disk's mount"
    fi
    for folder in /dev /sys /proc; do
        mkdir -p "$NEW_ROOT$folder" 2>/dev/null
        [ -d "$NEW_ROOT$folder" ] && mount --move "$folder" "$NEW_ROOT$folder" && continue
        umount "$folder" || umount -l "$folder"
    done
}

# The kernel's own environment of an init, and what the entry says.
become_init() {
    set -- HOME=/ TERM=linux "PATH=${path:-$PATH}"
    while IFS= read -r variable; do
        [ -z "$variable" ] || set -- "$@" "$variable"
    done <<EOF_OF_ENVIRONMENT
$environment
EOF_OF_ENVIRONMENT
    watchdog_stop
    exec env -i "$@" /sbin/switch_root "$NEW_ROOT" "$init"
}
