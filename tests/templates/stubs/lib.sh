# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# What the stubs share.

# shellcheck disable=SC2123 # busybox by its path, or not at all
PATH=/stub/none

# note COMMAND...: into the log.
note() {
    echo "$*" >>/state/log
}

# Ends the stub where the test wants that command to fail.
may_fail() {
    [ -e "/state/fail/$1" ] && exit 1
    return 0
}

# The mounts as the kernel would show them.
show_mounts() {
    [ -e /proc/uptime ] && /stub/busybox cp /state/mounts /proc/mounts
    return 0
}

# pass CENTISECONDS: moves the clock and lets happen what is due.
pass() {
    read -r now </state/centis
    now=$((now + $1))
    echo "$now" >/state/centis
    for event in /state/events/*; do
        [ -e "$event" ] || continue
        due=${event##*/}
        due=${due#"${due%%[!0]*}"}
        [ "${due:-0}" -le "$now" ] || continue
        PATH=/bin /stub/busybox sh "$event"
        /stub/busybox rm "$event"
    done
    part=$((now % 100))
    [ "$part" -lt 10 ] && part=0$part
    [ ! -e /proc/uptime ] || echo "$((now / 100)).$part 0.00" >/proc/uptime
}

# What the machine does not come back from: the test switches the sandbox off.
the_end() {
    : >/state/ended
    exec /stub/busybox sleep 600
}

# superblock FILE TYPE: a file that looks like a device with such a file system.
superblock() {
    case $2 in
        ext*) mark='\123\357' place=1080 ;;
        squashfs) mark=hsqs place=0 ;;
        vfat) mark=FAT32 place=82 ;;
        *) mark='' place=0 ;;
    esac
    # shellcheck disable=SC2059 # octal
    printf "$mark" | /stub/busybox dd of="$1" bs=1 seek="$place" 2>/dev/null
}
