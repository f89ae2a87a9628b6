#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The boot script: /boot/boot.sh on the stick, boot.sh in the network tree. Called from tmpfs by the
# preinit of the flash system:  sh boot.sh usb DEVICE FSTYPE  or  sh boot.sh http URL
# Takes the entry with the highest priority, checks its kernel and starts it with kexec. Comes back
# with a status other than 0, and nothing mounted or loaded, where that is impossible. Writes
# neither flash nor stick. It is generic: what differs stands in /boot/entries/NAME.conf.

WORK=/tmp/usbboot
MOUNT=$WORK/mnt
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
carriage_return=$(printf '\r')

# say STEP TEXT
say() {
    uptime=-
    [ -r /proc/uptime ] && read -r uptime _ </proc/uptime
    echo "usbboot: [$uptime] $1: $2"
}

# give_up STEP TEXT: the only way out without a new kernel.
give_up() {
    say "$1" "$2"
    is_loaded && "$kexec" -u
    unmount_medium
    rm -f "$WORK/kernel" "$WORK/dummy.dtb"
    exit 1
}

# --- kexec ------------------------------------------------------------------------------------

is_loaded() {
    loaded=0
    [ -r /sys/kernel/kexec_loaded ] && read -r loaded </sys/kernel/kexec_loaded
    [ "$loaded" = 1 ]
}

find_kexec() {
    [ -e /sys/kernel/kexec_loaded ] ||
        give_up kexec "this flash kernel cannot start another one (it needs CONFIG_KEXEC)"
    kexec=
    for place in /usr/sbin /sbin /usr/bin /bin; do
        [ -x "$place/kexec" ] && kexec=$place/kexec && break
    done
    [ -n "$kexec" ] || give_up kexec "there is no kexec program (package kexec-tools)"
}

# From 2.0.14 on, kexec-tools builds a device tree on MIPS and gives up where /proc/device-tree is
# missing, unless it is given one. It does not look into it, but it must not be empty
# (kexec-tools kexec/arch/mips/kexec-elf-mips.c). Older ones do not know the option.
needs_device_tree() {
    [ -d /proc/device-tree ] && return 1
    for word in $("$kexec" -v 2>&1); do
        case $word in
            [0-9]*.[0-9]*.[0-9]*) break ;;
        esac
    done
    patch=${word##*.}
    patch=${patch%%[!0-9]*}
    case $word in
        2.0.*) [ "${patch:-99}" -ge 14 ] ;;
        [01].*) return 1 ;;
        *) return 0 ;;
    esac
}

# load_kernel FILE
load_kernel() {
    set -- -l "$1"
    if needs_device_tree; then
        echo >"$WORK/dummy.dtb"
        set -- "$@" "--dtb=$WORK/dummy.dtb"
    fi
    "$kexec" "$@" || give_up kexec "kexec cannot load the kernel of $entry (status $?)"
    is_loaded || give_up kexec "kexec says that it loaded the kernel of $entry, the kernel does not"
    say kexec "kernel of $entry loaded"
}

# A network card that is left running would write into the memory of the next kernel.
interfaces_down() {
    for interface in /sys/class/net/*; do
        interface=${interface##*/}
        case $interface in
            lo | '*') ;;
            *) ifconfig "$interface" down 2>/dev/null ;;
        esac
    done
}

start_kernel() {
    say kexec "starting $entry"
    interfaces_down
    sync
    "$kexec" -e
    give_up kexec "kexec came back (status $?)"
}

# --- entries ----------------------------------------------------------------------------------

# A path of an entry or manifest, relative to the folder of boot.sh. Sets path.
relative_path() {
    path=${1#/}
    path=${path#boot/}
    case "/$path/" in
        */../* | //) path= ;;
    esac
}

# read_entry FILE: sets title, priority, kernel, sum.
read_entry() {
    title='' priority=100 kernel='' sum=''
    while read -r key value || [ -n "$key" ]; do
        value=${value%"$carriage_return"}
        case $key in
            title) title=$value ;;
            priority) priority=$value ;;
            kernel) kernel=$value ;;
            kernel-sha256) sum=$value ;;
        esac
    done <"$1"
    case $priority in
        '' | *[!0-9]*) priority=0 ;;
    esac
}

# choose_entry FOLDER: the highest priority, the first by name among equals. Sets entry and what
# read_entry sets.
choose_entry() {
    entry='' best=-1
    for file in "$1"/*.conf; do
        [ -f "$file" ] || continue
        read_entry "$file"
        [ "$priority" -gt "$best" ] || continue
        [ -n "$kernel" ] || {
            say script "${file##*/} names no kernel"
            continue
        }
        best=$priority
        chosen=$file
        entry=${file##*/}
        entry=${entry%.conf}
    done
    [ -n "$entry" ] || give_up script "there is no usable boot entry"
    read_entry "$chosen"
    relative_path "$kernel"
    [ -n "$path" ] || give_up script "entry $entry: its kernel path leaves the boot folder"
    kernel=$path
    say script "entry $entry: ${title:-no title} (priority $priority)"
}

# --- the kernel file --------------------------------------------------------------------------

# has_sum FILE SHA256
has_sum() {
    actual=$(sha256sum <"$1") || return 1
    [ "${actual%% *}" = "$2" ]
}

# Sets kib: what could be had without swapping.
available_memory() {
    kib=0 free=0
    while read -r key value _; do
        case $key in
            MemAvailable:) kib=$value ;;
            MemFree: | Buffers: | Cached:) free=$((free + value)) ;;
        esac
    done </proc/meminfo
    [ "$kib" -gt 0 ] || kib=$free
}

# kexec holds the file once in its own memory and once in the kernel's.
check_memory() {
    size=$(wc -c <"$1")
    needed=$((size / 512 + 4096))
    available_memory
    [ "$kib" -ge "$needed" ] ||
        give_up kernel "$entry needs $needed KiB of memory to load, $kib KiB are available"
}

# --- from the stick ---------------------------------------------------------------------------

mount_medium() {
    options=ro
    case $2 in
        ext[34]) options=ro,noload ;;
    esac
    mkdir -p "$MOUNT"
    mount -t "$2" -o "$options" "$1" "$MOUNT" || give_up usb "cannot mount $1 as $2"
    mounted=yes
}

unmount_medium() {
    [ -n "$mounted" ] || return 0
    for attempt in 1 2 3; do
        if umount "$MOUNT"; then
            mounted=
            return 0
        fi
        say usb "cannot unmount $MOUNT ($attempt)"
        sleep 1
    done
    return 1
}

boot_usb() {
    find_kexec
    mount_medium "$1" "$2"
    choose_entry "$MOUNT/boot/entries"
    file=$MOUNT/boot/$kernel
    [ -s "$file" ] || give_up kernel "entry $entry: /boot/$kernel is missing or empty"
    check_memory "$file"
    if [ -z "$sum" ]; then
        say kernel "entry $entry has no kernel-sha256: not checked"
    elif has_sum "$file" "$sum"; then
        say kernel "/boot/$kernel has the right checksum"
    else
        give_up kernel "/boot/$kernel has a wrong checksum"
    fi
    load_kernel "$file"
    unmount_medium || give_up usb "the stick stays mounted"
    start_kernel
}

# --- from the network -------------------------------------------------------------------------

# sum_in_manifest PATH: sets known.
sum_in_manifest() {
    known=
    while read -r key value name; do
        [ "$key" = sha256 ] || continue
        relative_path "${name%"$carriage_return"}"
        [ "$path" = "$1" ] && known=$value
    done <"$WORK/boot.manifest"
    [ -n "$known" ]
}

# fetch_checked SECONDS KIB PATH FILE
fetch_checked() {
    sum_in_manifest "$3" || give_up network "boot.manifest does not name $3"
    network_fetch "$1" "$2" "$URL/$3" "$4" || give_up network "cannot fetch $URL/$3"
    has_sum "$4" "$known" || give_up network "$URL/$3 has a wrong checksum"
}

check_board() {
    while read -r key value _; do
        value=${value%"$carriage_return"}
        [ "$key" != board ] || [ -z "$BOARD" ] || [ "$value" = "$BOARD" ] ||
            give_up network "boot.manifest is for $value, this is $BOARD"
    done <"$WORK/boot.manifest"
}

fetch_entries() {
    rm -rf "$WORK/entries"
    mkdir -p "$WORK/entries"
    while read -r key value name; do
        [ "$key" = sha256 ] || continue
        relative_path "${name%"$carriage_return"}"
        case $path in
            entries/*/*) ;;
            entries/*.conf) echo "$path" ;;
        esac
    done <"$WORK/boot.manifest" >"$WORK/entry.list"
    while read -r item; do
        fetch_checked 5 64 "$item" "$WORK/$item"
    done <"$WORK/entry.list"
}

boot_http() {
    URL=$1
    BOARD='' NET_WAIT=8
    # shellcheck source=/dev/null
    [ -r /etc/usbboot.conf ] && . /etc/usbboot.conf
    URL=$1
    find_kexec
    [ -r /etc/usbboot/network.sh ] || give_up network "this flash system cannot fetch files"
    # shellcheck source=templates/network.sh
    . /etc/usbboot/network.sh
    network_fetch "$NET_WAIT" 1024 "$URL/boot.manifest" "$WORK/boot.manifest" ||
        give_up network "cannot fetch $URL/boot.manifest"
    check_board
    fetch_entries
    choose_entry "$WORK/entries"
    available_memory
    fetch_checked 120 $((kib / 3)) "$kernel" "$WORK/kernel"
    [ -z "$sum" ] || [ "$sum" = "$known" ] ||
        give_up kernel "entry $entry and boot.manifest differ about $kernel"
    say kernel "$URL/$kernel has the right checksum"
    check_memory "$WORK/kernel"
    load_kernel "$WORK/kernel"
    rm -f "$WORK/kernel"
    start_kernel
}

mounted='' kexec=''
case $1 in
    usb) boot_usb "$2" "$3" ;;
    http) boot_http "$2" ;;
    *) give_up script "boot.sh wants: usb DEVICE FSTYPE, or http URL" ;;
esac
