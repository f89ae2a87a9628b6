# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The medium: the partition with /boot that the entry comes from. First read without a write to it,
# since it tells where the swap is that its own check may need; then checked, then mounted for good.
# An entry that came over the network has none.

medium_device='' medium_type=''

find_medium() {
    [ -n "$medium" ] || return 0
    tag_of "$medium"
    wait_for "$tag" || fail initramfs "no medium with ${tag%%=*} ${tag#*=} in $MEDIUM_WAIT seconds"
    medium_device=$device
    type_of "$medium_device"
    medium_type=$fstype
    [ -n "$medium_type" ] || fail initramfs "$medium_device holds no file system of a stick"
}

# An ext journal is not replayed (noload): that would write. A medium that cannot be read like that
# may be readable once it was checked; until then the initramfs' own entry holds.
read_medium() {
    [ -n "$medium" ] || return 0
    look=ro
    [ "$medium_type" != ext ] || look=ro,noload
    attended "$MOUNT_LIMIT" mount_type "$medium_type" "$look" "$medium_device" "$OUTER" || {
        say initramfs "cannot read $medium_device before it is checked"
        return 0
    }
    if [ -r "$OUTER/boot/entries/$name.conf" ]; then
        own=$medium
        read_entry "$OUTER/boot/entries/$name.conf"
        medium=$own
    fi
    read_boot_conf "$OUTER/boot/boot.conf"
    umount "$OUTER"
}

# Whether the root lives in a file of the medium and changes it.
root_writes_medium() {
    case $root in
        image:*) ;;
        *) return 1 ;;
    esac
    ! has_option ro && ! has_option overlay
}

# Without the guard a stick is only written where the root lies on it.
mount_medium() {
    [ -n "$medium" ] || return 0
    access=rw,noatime
    [ "$guard" != no ] || root_writes_medium || access=ro,noatime
    if [ "$access" = rw,noatime ]; then
        check_device "$medium_device" "$medium_type" "$medium_device" ||
            fail fsck "the medium is damaged"
    fi
    attended "$MOUNT_LIMIT" mount_type "$medium_type" "$access" "$medium_device" "$OUTER" ||
        fail initramfs "cannot mount $medium_device"
    say initramfs "$medium_device mounted ($medium_type, $access)"
}
