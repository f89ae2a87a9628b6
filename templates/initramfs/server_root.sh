# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Roots on a server: a block device (NBD), a folder (NFS), or a squashfs that is fetched into RAM
# (HTTP). A server that comes up later than the router, as after a power cut, is waited for.

SERVER_WAIT=60
CONNECT_LIMIT=15
FETCH_LIMIT=600
RAM=/mnt/ram

# try_server COMMAND...: again and again, until it comes off or SERVER_WAIT is over.
try_server() {
    read -r first_try _ </proc/uptime
    until attended "$CONNECT_LIMIT" "$@" 2>/tmp/server.log; do
        read -r now _ </proc/uptime
        [ $((${now%%.*} - ${first_try%%.*})) -lt "$SERVER_WAIT" ] || {
            cat /tmp/server.log
            return 1
        }
        watched_sleep 1
    done
}

# What a signal, a power cut or a crash of the server leaves is no use to a system whose root is
# gone: it restarts, and the flash system comes up where the server stays away.
root_dies_with_server() {
    case ,$options, in
        *,errors=* | *,ro,*) ;;
        *) options=$options,errors=panic ;;
    esac
}

# A client with ioctl (busybox) is in the background before the device has its size.
has_size() {
    sectors=0
    read -r sectors <"/sys/class/block/${device##*/}/size"
    [ "$sectors" -gt 0 ]
} 2>/dev/null

# mount_nbd HOST[:PORT]/EXPORT
mount_nbd() {
    device=/dev/nbd0
    server=${1%%/*}
    port=10809
    case $server in
        *:*) port=${server#*:} ;;
    esac
    try_server nbd-client -b 512 -N "${1#*/}" "${server%%:*}" "$port" "$device" ||
        fail root "cannot reach the NBD export $1"
    wait_until 5 has_size || fail root "the NBD export $1 is empty"
    type_of "$device"
    [ "$fstype" != ext ] || root_dies_with_server
    mount_device "$device" "$root"
}

# mount_nfs HOST:/PATH: its options behind ours, so that a user's win. It waits for a server that is gone
# (hard), and goes on with the one that comes back.
mount_nfs() {
    try_server mount -t nfs -o "nolock,tcp,vers=3,$options" "$1" "$place" ||
        fail root "cannot mount $1"
    say root "$root mounted (nfs, $options)"
}

# mount_fetched URL: without its hash it could be anybody's. The RAM disk below stays as long as the
# loop device holds the file, but is nowhere to be seen.
mount_fetched() {
    [ -n "$root_sum" ] || fail root "the entry has no root-sha256 for $1"
    mkdir -p "$RAM"
    mount -t tmpfs -o mode=0700 tmpfs "$RAM" || fail root "cannot mount a RAM disk"
    say root "fetching $1"
    attended "$FETCH_LIMIT" wget -q -O "$RAM/root" "$1" || fail root "cannot fetch $1"
    attended "$LONG_LIMIT" has_root_sum || fail root "$1 has a wrong checksum"
    attach "$RAM/root" ro
    mount_device "$loop" "$1"
    umount -l "$RAM"
}

has_root_sum() {
    actual=$(sha256sum <"$RAM/root")
    [ "${actual%% *}" = "$root_sum" ]
}
