#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The stick, for /etc/preinit: /etc/usbboot/usb.sh. Finds it, mounts it read-only, copies its
# /boot/boot.sh to tmpfs, unmounts it and runs the copy; where sticks have to be signed, only a signed
# one. Functions alone; sourced, never run. Uses preinit's functions and settings; USB_WAIT and
# DISK_WAIT in seconds. A disk that hangs is given up.

# shellcheck disable=SC2034 # USBBOOT_TRUST: for preinit
# shellcheck disable=SC2154 # usbboot_work, usbboot_mount, usbboot_seconds, usbboot_reason,
# usbboot_keys: preinit's; usbboot_killed: bounded.sh's

# usbboot_find_node NAME: sets usbboot_node. With procd, /dev may lack nodes of late devices.
usbboot_find_node() {
    usbboot_node=/dev/$1
    [ -b "$usbboot_node" ] && return 0
    usbboot_node=$usbboot_work/$1
    [ -b "$usbboot_node" ] && return 0
    read -r usbboot_number <"/sys/class/block/$1/dev" || return 1
    mknod "$usbboot_node" b "${usbboot_number%:*}" "${usbboot_number#*:}"
}

# Read-only, and without replaying a journal, which would write to the stick.
usbboot_mount_stick() {
    for usbboot_fstype in vfat ext4 ext3 ext2; do
        case $usbboot_fstype in
            ext[34]) usbboot_options=ro,noload ;;
            *) usbboot_options=ro ;;
        esac
        usbboot_bounded "$DISK_WAIT" mount -t "$usbboot_fstype" -o "$usbboot_options" \
            "$usbboot_node" "$usbboot_mount" 2>/dev/null && return 0
        [ -z "$usbboot_killed" ] || break
    done
    return 1
}

# usbboot_copy DEVICE NAME: /boot/NAME to tmpfs. A script of more than 1 MiB is none. dd stops there; a
# copy of all could fill the memory.
usbboot_copy() {
    [ -f "$usbboot_mount/boot/$2" ] || {
        usbboot_say usb "$1 has no /boot/$2"
        return 1
    }
    usbboot_bounded "$DISK_WAIT" dd if="$usbboot_mount/boot/$2" of="$usbboot_work/$2" \
        bs=4096 count=257 2>/dev/null || {
        usbboot_say script "cannot read /boot/$2 on $1"
        return 1
    }
}

# usbboot_copy_script DEVICE: boot.sh, and before it what it is judged by where sticks have to be signed.
usbboot_copy_script() {
    USBBOOT_TRUST=
    if [ "$SIGNED_STICK" = yes ]; then
        usbboot_copy "$1" boot.manifest && usbboot_copy "$1" boot.manifest.sig &&
            trust_manifest "$1" yes || return 1
        USBBOOT_TRUST=signed
    fi
    usbboot_copy "$1" boot.sh && usbboot_check_script || return 1
    [ "$SIGNED_STICK" != yes ] || trust_script "$1"
}

# usbboot_try_device NAME: 0 where there was a script, which then ran and came back; 1 where there is
# none; 2 where the device cannot be read (yet: the kernel shows a partition before one can open it).
usbboot_try_device() {
    usbboot_find_node "$1" && usbboot_mount_stick || return 2
    usbboot_say usb "$1 mounted read-only ($usbboot_fstype)"
    usbboot_copy_script "$1"
    usbboot_status=$?
    umount "$usbboot_mount" || umount -l "$usbboot_mount"
    [ "$usbboot_status" -eq 0 ] || return 1
    usbboot_run_script "$1" usb "$usbboot_node" "$usbboot_fstype"
}

# Partitions, or the whole disk where it has none. A disk of size 0 has no medium yet.
usbboot_list_devices() {
    usbboot_devices=
    usbboot_disks=0
    for usbboot_disk in /sys/block/sd*; do
        [ -r "$usbboot_disk/size" ] || continue
        read -r usbboot_size <"$usbboot_disk/size"
        [ "$usbboot_size" = 0 ] && continue
        usbboot_disks=$((usbboot_disks + 1))
        usbboot_name=${usbboot_disk##*/}
        usbboot_found=
        for usbboot_part in "$usbboot_disk/$usbboot_name"*; do
            [ -r "$usbboot_part/dev" ] && usbboot_found="$usbboot_found ${usbboot_part##*/}"
        done
        usbboot_devices="$usbboot_devices ${usbboot_found:-$usbboot_name}"
    done
}

usbboot_count_interfaces() {
    usbboot_interfaces=0
    for usbboot_class in /sys/bus/usb/devices/*/bInterfaceClass; do
        [ -r "$usbboot_class" ] || continue
        read -r usbboot_value <"$usbboot_class"
        [ "$usbboot_value" = 08 ] && usbboot_interfaces=$((usbboot_interfaces + 1))
    done
}

# usbboot_try_new_devices: each device once, and again while it cannot be read. Succeeds where a
# script ran. Sets usbboot_unreadable.
usbboot_try_new_devices() {
    usbboot_ran=1
    usbboot_unreadable=
    usbboot_list_devices
    for usbboot_device in $usbboot_devices; do
        case "$usbboot_tried " in
            *" $usbboot_device "*) continue ;;
        esac
        case "$usbboot_known " in
            *" $usbboot_device "*) ;;
            *)
                usbboot_known="$usbboot_known $usbboot_device"
                usbboot_last=
                ;;
        esac
        usbboot_try_device "$usbboot_device"
        case $? in
            # With a plan for another root, no further script may have a say.
            0) usbboot_ran=0 && [ -r "$usbboot_work/pivot" ] && break ;;
            2)
                usbboot_unreadable="$usbboot_unreadable $usbboot_device"
                continue
                ;;
        esac
        usbboot_tried="$usbboot_tried $usbboot_device"
    done
    # From the end of the tries on: meanwhile a slow disk may have shown its partitions.
    usbboot_now
    usbboot_last=${usbboot_last:-$usbboot_seconds}
    return "$usbboot_ran"
}

# usbboot_end_search TEXT
usbboot_end_search() {
    for usbboot_device in $usbboot_unreadable; do
        usbboot_say usb "$usbboot_device has no file system known here"
    done
    usbboot_say usb "$1"
}

# USB_WAIT for an interface of class 08 (mass storage), then DISK_WAIT for its disk. When every
# interface has shown a disk and nothing new came for 2 seconds, there is nothing to wait for.
usbboot_try_usb() {
    usbboot_tried=
    usbboot_known=
    usbboot_now
    usbboot_start=$usbboot_seconds
    usbboot_last=$usbboot_seconds
    usbboot_seen=
    # Nothing can be there already; with this, somebody has the time to press a key.
    [ -z "$usbboot_keys" ] || usbboot_pause
    while :; do
        usbboot_show search
        if usbboot_skip_reason; then
            usbboot_say skip "$usbboot_reason"
            return
        fi
        usbboot_try_new_devices && return
        usbboot_now
        usbboot_count_interfaces
        if [ -z "$usbboot_seen" ] && [ "$usbboot_interfaces$usbboot_disks" != 00 ]; then
            usbboot_seen=$usbboot_seconds
            usbboot_say usb "storage interface seen"
        fi
        if [ -z "$usbboot_seen" ]; then
            [ $((usbboot_seconds - usbboot_start)) -lt "$USB_WAIT" ] || {
                usbboot_end_search "no USB storage in $USB_WAIT seconds"
                return
            }
        elif [ $((usbboot_seconds - usbboot_seen)) -ge "$DISK_WAIT" ]; then
            usbboot_end_search "no boot script on USB in $DISK_WAIT seconds"
            return
        elif [ "$usbboot_disks" -gt 0 ] && [ "$usbboot_disks" -ge "$usbboot_interfaces" ] &&
            [ $((usbboot_seconds - usbboot_last)) -ge 2 ]; then
            usbboot_end_search "no boot script on USB"
            return
        fi
        usbboot_pause
    done
}
