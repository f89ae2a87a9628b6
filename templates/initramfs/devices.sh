# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Modules, and block devices by label or UUID: names like sda1 change with the order in which sticks
# are found. What file system a device holds is read from it, so that none is mounted on trial.

# One that is built in is not among the files; that is no error.
load_modules() {
    [ -r /etc/modules ] || return 0
    while read -r module; do
        [ -n "$module" ] || continue
        watchdog_feed
        modprobe "$module" 2>/dev/null ||
            find "/lib/modules/$(uname -r)" -name "$module.ko" -exec insmod {} \; 2>/dev/null ||
            say modules "$module is built in or missing"
    done </etc/modules
}

# tag_of NAME: "label:L" and "uuid:U" (or a bare UUID) as findfs wants them. Sets tag.
tag_of() {
    case $1 in
        label:*) tag=LABEL=${1#label:} ;;
        *) tag=UUID=${1#uuid:} ;;
    esac
}

# has_device TAG: sets device.
has_device() {
    [ -n "$devtmpfs" ] || mdev -s
    device=$(findfs "$1" 2>/dev/null)
}

# wait_for TAG [SECONDS]: sets device.
wait_for() {
    wait_until "${2:-$MEDIUM_WAIT}" has_device "$1"
}

# bytes_of DEVICE OFFSET COUNT: in hexadecimal.
bytes_of() {
    dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | od -An -tx1 | tr -d ' \n'
}

# type_of DEVICE: sets fstype to ext, vfat, squashfs or nothing. Superblock magics of linux
# fs/ext4/ext4.h and include/uapi/linux/magic.h; boot sectors as fs/fat/inode.c knows them.
type_of() {
    fstype=
    if [ "$(bytes_of "$1" 1080 2)" = 53ef ]; then
        fstype=ext
    elif [ "$(bytes_of "$1" 0 4)" = 68737173 ]; then
        fstype=squashfs
    elif [ "$(bytes_of "$1" 82 3)" = 464154 ] || [ "$(bytes_of "$1" 54 3)" = 464154 ]; then
        fstype=vfat
    fi
}

# mount_type TYPE OPTIONS DEVICE PLACE: "ext" is mounted by whichever driver the kernel has.
mount_type() {
    [ "$1" = ext ] || {
        mount -t "$1" -o "$2" "$3" "$4"
        return
    }
    for driver in ext4 ext3 ext2; do
        mount -t "$driver" -o "$2" "$3" "$4" 2>/dev/null && return 0
    done
    return 1
}

# attach FILE OPTIONS: a loop device for an image. Sets loop.
attach() {
    loop=$(losetup -f) || fail root "no free loop device"
    read_only=
    case ,$2, in
        *,ro,*) read_only=-r ;;
    esac
    # shellcheck disable=SC2086 # one word or none
    losetup $read_only "$loop" "$1" || fail root "cannot attach ${1#"$OUTER"/} to $loop"
}
