# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The root: an image on the medium, a partition, an archive on the medium unpacked into RAM, or one on
# a server (server_root.sh). With "overlay" among its options it stays unwritten below a RAM disk, where OpenWrt's tools look for
# the two: /rom and /overlay.

loop=''
LOWER=/mnt/lower
UPPER=/mnt/overlay

mount_root() {
    place=$NEW_ROOT
    case $root in
        http:*) has_option overlay || options=ro,overlay ;;
    esac
    prepare_overlay
    case $root in
        image:*) mount_image "${root#image:}" ;;
        label:* | uuid:*) mount_partition ;;
        tmpfs:*) unpack_root "${root#tmpfs:}" ;;
        nbd:*) mount_nbd "${root#nbd:}" ;;
        nfs:*) mount_nfs "${root#nfs:}" ;;
        http:http:*) mount_fetched "${root#http:}" ;;
        http:*) mount_fetched "$root" ;;
        *) fail root "entry $name: unknown root \"$root\"" ;;
    esac
    [ "$place" = "$NEW_ROOT" ] || mount_overlay
}

# mount_image PATH
mount_image() {
    image=$OUTER/${1#/}
    [ -s "$image" ] || fail root "there is no root image $1 on the medium"
    attach "$image" "$options"
    mount_device "$loop" "$1"
}

mount_partition() {
    tag_of "$root"
    wait_for "$tag" || fail root "no partition with ${tag%%=*} ${tag#*=} in $MEDIUM_WAIT seconds"
    mount_device "$device" "$root"
}

# mount_device DEVICE NAME: a read-only root is not checked, since that may write, and the medium
# was checked before.
mount_device() {
    type_of "$1"
    [ -n "$fstype" ] || fail root "$2 holds no file system of a root"
    if [ "$1" != "$medium_device" ] && ! has_option ro; then
        check_device "$1" "$fstype" "$2" || fail root "$2 is damaged"
    fi
    attended "$MOUNT_LIMIT" mount_type "$fstype" "$options" "$1" "$place" ||
        fail root "cannot mount $2"
    say root "$2 mounted ($fstype, $options)"
}

# unpack_root PATH
unpack_root() {
    archive=$OUTER/${1#/}
    [ -s "$archive" ] || fail root "there is no root archive $1 on the medium"
    mount -t tmpfs -o "mode=0755,$options" tmpfs "$NEW_ROOT" || fail root "cannot mount a RAM disk"
    packing=
    case $(bytes_of "$archive" 0 3) in
        1f8b*) packing=-z ;;
        fd377a) packing=-J ;;
        425a68) packing=-j ;;
    esac
    # shellcheck disable=SC2086 # one word or none
    attended "$LONG_LIMIT" tar -x $packing -f "$archive" -C "$NEW_ROOT" ||
        fail root "cannot unpack $1 into RAM"
    say root "$1 unpacked into RAM"
}

# Takes "overlay" out of the options; what lies below is read-only.
prepare_overlay() {
    has_option overlay || return 0
    options=,$options,
    options=${options%%,overlay,*},${options#*,overlay,}
    options=${options#,}
    options=${options%,}
    has_option ro || options=ro${options:+,$options}
    place=$LOWER
    mkdir -p "$LOWER" "$UPPER"
}

mount_overlay() {
    mount -t tmpfs -o mode=0755 tmpfs "$UPPER" || fail root "cannot mount a RAM disk"
    mkdir "$UPPER/upper" "$UPPER/work"
    mount -t overlay -o "lowerdir=$LOWER,upperdir=$UPPER/upper,workdir=$UPPER/work" overlay \
        "$NEW_ROOT" || fail root "cannot put a RAM disk over the root"
    mkdir -p "$NEW_ROOT/rom" "$NEW_ROOT/overlay"
    say root "a RAM disk takes what is written"
}
