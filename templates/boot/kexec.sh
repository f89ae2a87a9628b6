# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: loading a kernel and jumping into it. What cannot be loaded is refused with a
# reason, and the next boot entry may be tried; only a kexec that came back ends the script.

# shellcheck disable=SC2154 # entry, WORK: boot.sh's

is_loaded() {
    loaded=0
    [ -r /sys/kernel/kexec_loaded ] && read -r loaded </sys/kernel/kexec_loaded
    [ "$loaded" = 1 ]
}

# Sets kexec, or says why entries with a kernel cannot be started.
find_kexec() {
    kexec=
    [ -e /sys/kernel/kexec_loaded ] || {
        say kexec "this flash kernel cannot start another one (it needs CONFIG_KEXEC)"
        return 1
    }
    for place in /usr/sbin /sbin /usr/bin /bin; do
        [ -x "$place/kexec" ] && kexec=$place/kexec && return 0
    done
    say kexec "there is no kexec program (package kexec-tools)"
    return 1
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
    "$kexec" "$@" || {
        say kexec "kexec cannot load the kernel of $entry (status $?)"
        return 1
    }
    is_loaded || {
        say kexec "kexec says that it loaded the kernel of $entry, the kernel does not"
        return 1
    }
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

# check_memory FILE: kexec holds the file once in its own memory and once in the kernel's. The size
# comes from the folder: old ones of wc read the whole file.
check_memory() {
    # shellcheck disable=SC2012 # one file, and of its line the fifth word alone
    read -r _ _ _ _ size _ <<END
$(ls -ln "$1")
END
    needed=$((size / 512 + 4096))
    available_memory
    [ "$kib" -ge "$needed" ] && return 0
    say kernel "$entry needs $needed KiB of memory to load, $kib KiB are available"
    return 1
}
