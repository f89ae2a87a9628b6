# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: kernels that an entry names elsewhere than beside boot.sh:
#   http://HOST[:PORT]/PATH   nbd:HOST[:PORT]/EXPORT:PATH   nfs:HOST:/DIR:PATH
# What is loaded is always a copy in tmpfs, so that its hash is that of the bytes that are used, and
# device, mount and connection are gone before. Nothing is written on a server.

# shellcheck disable=SC2154 # WORK, entry, fstype, ...: boot.sh's

SOURCE=$WORK/source
KERNEL_WAIT=120
SERVER_WAIT=20

# is_source KERNEL
is_source() {
    case $1 in
        http://?*/?* | nbd:?*/?*:?* | nfs:?*:/*:?*) return 0 ;;
    esac
    return 1
}

# From a stick the network may still be down, as it is without "mkflashroot --netboot".
source_network() {
    [ -r /etc/usbboot/network.sh ] || {
        say network "entry $entry: this flash system has no network (mkflashroot --netboot)"
        return 1
    }
    # shellcheck source=templates/network.sh
    . /etc/usbboot/network.sh
    [ -z "$source_up" ] || return 0
    if [ -z "$URL" ]; then
        IP='' INTERFACE=eth0 NET_WAIT=8
        # shellcheck source=/dev/null
        [ ! -r /etc/usbboot.conf ] || . /etc/usbboot.conf
        URL=
        network_up || return 1
    fi
    source_up=yes
}

has_nbd_client() {
    command -v nbd-client >/dev/null
}

# split_nbd HOST[:PORT]/EXPORT: sets source_host, source_port, source_export.
split_nbd() {
    source_export=${1#*/}
    source_host=${1%%/*}
    source_port=10809
    case $source_host in
        *:*)
            source_port=${source_host#*:}
            source_host=${source_host%%:*}
            ;;
    esac
}

# The device of split_nbd's export, which is only read. Sets source_device.
attach_nbd() {
    has_nbd_client || {
        say network "this flash system has no nbd-client (mkflashroot --nbd-client)"
        return 1
    }
    source_device=/dev/nbd0
    usbboot_bounded "$SERVER_WAIT" nbd-client -b 512 -N "$source_export" "$source_host" \
        "$source_port" "$source_device" && return 0
    say network "cannot reach the NBD export $source_export of $source_host"
    return 1
}

detach_nbd() {
    usbboot_bounded "$SERVER_WAIT" nbd-client -d "$source_device" >/dev/null 2>&1
}

# A journal is not replayed: that would write.
mount_nbd() {
    for source_type in ext4 squashfs vfat; do
        source_options=ro
        [ "$source_type" != ext4 ] || source_options=ro,noload
        usbboot_bounded "$SERVER_WAIT" mount -t "$source_type" -o "$source_options" \
            "$source_device" "$SOURCE" 2>/dev/null && return 0
    done
    say network "the NBD export $source_export holds no file system known here"
    return 1
}

# mount_nfs HOST:/DIR: with bounds of its own, so that a server that dies ends in an error.
mount_nfs() {
    usbboot_bounded "$SERVER_WAIT" mount -t nfs \
        -o ro,nolock,tcp,vers=3,soft,timeo=30,retrans=2 "$1" "$SOURCE" && return 0
    say network "cannot mount $1"
    return 1
}

unmount_source() {
    umount "$SOURCE" || umount -l "$SOURCE"
}

# copy_source PATH: at most a third of the memory, as kexec needs the rest.
copy_source() {
    available_memory
    [ -s "$SOURCE/$1" ] && usbboot_bounded "$KERNEL_WAIT" network_limited $((kib / 3)) \
        cp "$SOURCE/$1" "$WORK/kernel" && return 0
    say kernel "entry $entry: cannot read $1 on the server"
    return 1
}

# copy_from_nbd HOST[:PORT]/EXPORT PATH
copy_from_nbd() {
    split_nbd "$1"
    attach_nbd || return 1
    source_status=1
    if mount_nbd; then
        copy_source "$2" && source_status=0
        unmount_source
    fi
    detach_nbd
    return "$source_status"
}

# copy_from_nfs HOST:/DIR PATH
copy_from_nfs() {
    mount_nfs "$1" || return 1
    source_status=0
    copy_source "$2" || source_status=1
    unmount_source
    return "$source_status"
}

# fetch_kernel_source KERNEL: leaves it in $WORK/kernel, its hash not looked at.
fetch_kernel_source() {
    source_network || return 1
    mkdir -p "$SOURCE"
    rm -f "$WORK/kernel"
    source_place=${1#*:}
    case $1 in
        http:*)
            available_memory
            network_fetch "$KERNEL_WAIT" $((kib / 3)) "$1" "$WORK/kernel"
            ;;
        nbd:*) copy_from_nbd "${source_place%:*}" "${source_place##*:}" ;;
        nfs:*) copy_from_nfs "${source_place%:*}" "${source_place##*:}" ;;
    esac && return 0
    rm -f "$WORK/kernel"
    say network "entry $entry: cannot fetch $1"
    return 1
}

# answers_http URL: it does where there is a first piece, of which no more may be written.
answers_http() {
    network_find_program
    usbboot_bounded "$SERVER_WAIT" network_limited 4 "$network_program" -q -O "$WORK/piece" "$1" \
        2>/dev/null
    [ -s "$WORK/piece" ]
    source_status=$?
    rm -f "$WORK/piece"
    return "$source_status"
}

# can_check_root ROOT: with what this flash system has.
can_check_root() {
    [ -r /etc/usbboot/network.sh ] || return 1
    case $1 in
        nbd:*) has_nbd_client ;;
        nfs:*) grep -q nfs /proc/filesystems ;;
    esac
}

# check_source_root ROOT: whether the server of a root answers. One that does not would be found out
# by the second kernel, whose only way back is a restart.
check_source_root() {
    case $1 in
        nbd:* | nfs:* | http:*) ;;
        *) return 0 ;;
    esac
    can_check_root "$1" || {
        say root "entry $entry: whether $1 can be reached is not known here"
        return 0
    }
    source_network || return 1
    mkdir -p "$SOURCE"
    source_place=${1#*:}
    case $1 in
        nbd:*)
            split_nbd "$source_place"
            attach_nbd && detach_nbd
            ;;
        nfs:*) mount_nfs "$source_place" && unmount_source ;;
        http:*) answers_http "http:${source_place#http:}" ;;
    esac && return 0
    say root "entry $entry: the server of its root $1 does not answer"
    return 1
}
