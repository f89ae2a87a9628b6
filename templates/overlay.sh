#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Settings of the running flash system, for preinit: /etc/usbboot/overlay.sh, with OVERLAY_CONFIG=y
# alone. Functions alone; sourced, never run. The JFFS2 in rootfs_data is mounted read-only, its
# modules are loaded, and /etc/usbboot.conf in it may set five keys; then it is unmounted. Never
# formats, never opens the flash for writing. Everything else stays as it is in the squashfs: who may
# skip, and who is trusted, must not depend on what the router can change. ROOT and SWAP are for what the
# boot entry of an unsigned stick leaves open.

# shellcheck disable=SC2154 # usbboot_work, usbboot_modules, SIGNED_STICK: preinit's
# shellcheck disable=SC2034 # USB_WAIT, DISK_WAIT: for usb.sh; USBBOOT_ROOT, USBBOOT_SWAP: for boot.sh

# usbboot_find_part NAME: sets usbboot_flash, the block device of the flash partition.
usbboot_find_part() {
    usbboot_flash=
    [ -r /proc/mtd ] || return 1
    while read -r usbboot_key usbboot_value; do
        case $usbboot_value in
            *"\"$1\"") break ;;
        esac
        usbboot_key=
    done </proc/mtd
    usbboot_key=${usbboot_key#mtd}
    usbboot_key=${usbboot_key%:}
    [ -n "$usbboot_key" ] || return 1
    usbboot_flash=/dev/mtdblock$usbboot_key
    [ -b "$usbboot_flash" ] && return 0
    usbboot_flash=$usbboot_work/mtdblock$usbboot_key
    mknod "$usbboot_flash" b 31 "$usbboot_key"
}

# Whether it holds a JFFS2: 0x1985 in the byte order of the router (OpenWrt fstools, libfstools/mtd.c).
# Anything else is not even tried: the kernel would go through all of it.
usbboot_is_formatted() {
    case $(hexdump -v -n 4 -e '4/1 "%02x"' "$usbboot_flash" 2>/dev/null) in
        8519*) return 0 ;;
        deadc0de) usbboot_say modules "the flash's settings: not formatted yet" ;;
        *) usbboot_say modules "the flash's settings: no JFFS2 in $usbboot_flash" ;;
    esac
    return 1
}

# usbboot_set_seconds NAME VALUE
usbboot_set_seconds() {
    case $2 in
        [0-9] | [0-9][0-9] | [0-9][0-9][0-9]) eval "$1=$2" ;;
        *) usbboot_say modules "the flash's settings: $1 is no number of seconds" ;;
    esac
}

# usbboot_set_place ROOT|SWAP VALUE: as a boot entry may have it.
usbboot_set_place() {
    if [ "$SIGNED_STICK" = yes ]; then
        usbboot_say modules "the flash's settings: $1 is ignored, since sticks have to be signed"
        return
    fi
    case $1:$2 in
        *[!A-Za-z0-9_./:@+-]* | *..*) ;;
        ROOT:image:?* | ROOT:label:?* | ROOT:uuid:?*)
            USBBOOT_ROOT=$2
            return
            ;;
        SWAP:label:?* | SWAP:uuid:?* | SWAP:none)
            USBBOOT_SWAP=$2
            return
            ;;
    esac
    usbboot_say modules "the flash's settings: $1 has no form of a boot entry's"
}

# usbboot_read_settings FILE: lines KEY=VALUE; the value may be in single or double quotes.
usbboot_read_settings() {
    while IFS='=' read -r usbboot_key usbboot_value || [ -n "$usbboot_key" ]; do
        usbboot_value=${usbboot_value#[\'\"]}
        usbboot_value=${usbboot_value%[\'\"]}
        case $usbboot_key in
            MODULES_EXTRA) usbboot_extra=$usbboot_value ;;
            USB_WAIT | DISK_WAIT) usbboot_set_seconds "$usbboot_key" "$usbboot_value" ;;
            ROOT | SWAP) usbboot_set_place "$usbboot_key" "$usbboot_value" ;;
        esac
    done <"$1"
}

# The files of a module: from the flash first, then from the squashfs.
usbboot_load_extra() {
    for usbboot_module in $usbboot_extra; do
        case $usbboot_module in
            *[!A-Za-z0-9_-]*)
                usbboot_say modules "the flash's settings: '$usbboot_module' is no module"
                continue
                ;;
        esac
        usbboot_insert_module "$1${usbboot_modules#/}" "$usbboot_module" ||
            usbboot_load_module "$usbboot_module" ||
            usbboot_say modules "the flash's settings: cannot load $usbboot_module"
    done
}

# With procd the files lie in upper/, before procd at the top.
usbboot_use_overlay() {
    usbboot_top=$usbboot_work/overlay/
    [ ! -d "${usbboot_top}upper" ] || usbboot_top=${usbboot_top}upper/
    usbboot_extra=
    [ ! -r "${usbboot_top}etc/usbboot.conf" ] || usbboot_read_settings "${usbboot_top}etc/usbboot.conf"
    usbboot_load_extra "$usbboot_top"
    usbboot_say modules "the flash's settings: USB_WAIT $USB_WAIT, DISK_WAIT $DISK_WAIT\
${USBBOOT_ROOT:+, ROOT $USBBOOT_ROOT}${USBBOOT_SWAP:+, SWAP $USBBOOT_SWAP}${usbboot_extra:+, $usbboot_extra}"
}

usbboot_merge_overlay() {
    usbboot_find_part rootfs_data || {
        usbboot_say modules "the flash's settings: there is no rootfs_data"
        return
    }
    usbboot_is_formatted || return 0
    mkdir -p "$usbboot_work/overlay"
    if ! usbboot_bounded 20 mount -t jffs2 -o ro "$usbboot_flash" "$usbboot_work/overlay" 2>/dev/null; then
        usbboot_say modules "the flash's settings: the JFFS2 cannot be mounted, ignored"
        return
    fi
    usbboot_use_overlay
    umount "$usbboot_work/overlay" || umount -l "$usbboot_work/overlay"
}
