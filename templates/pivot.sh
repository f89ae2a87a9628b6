#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# A root on the stick under the running kernel, for /etc/preinit: /etc/usbboot/pivot.sh. Carries out
# the plan that boot.sh left in $usbboot_work/pivot (the lines of the boot entry, then device and
# fstype of its medium). Functions alone; sourced, never run. Everything that can fail is done in a
# child shell, and undone there; from pivot_root on there is no way back but a restart, which the
# mark on the stick leads to the flash system. Checks no file system: that is /init's.

# shellcheck disable=SC2154,SC2034 # usbboot_work, usbboot_mount, usbboot_modules: preinit's;
# usbboot_node: usb.sh's; usbboot_source, ...: mounts.sh's

usbboot_root=/tmp/usbboot/root

# Sets what the plan says, usbboot_env: words NAME=VALUE, quoted for eval, and usbboot_lines: the
# entry's "mount" lines.
usbboot_read_plan() {
    usbboot_device='' usbboot_fstype='' usbboot_image='' usbboot_options=rw,noatime
    usbboot_swap='' usbboot_lines='' usbboot_mounted='' usbboot_swapped=''
    usbboot_init=/sbin/init usbboot_path=/usr/sbin:/usr/bin:/sbin:/bin usbboot_env='' usbboot_entry=''
    usbboot_return=$(printf '\r')
    usbboot_line_end='
'
    while read -r usbboot_key usbboot_value; do
        usbboot_value=${usbboot_value%"$usbboot_return"}
        case $usbboot_key in
            name) usbboot_entry=$usbboot_value ;;
            device) usbboot_device=$usbboot_value ;;
            fstype) usbboot_fstype=$usbboot_value ;;
            root) usbboot_image=$usbboot_value ;;
            options) usbboot_options=$usbboot_value ;;
            init) usbboot_init=$usbboot_value ;;
            path) usbboot_path=$usbboot_value ;;
            env) usbboot_add_variable "$usbboot_value" ;;
            swap) usbboot_swap=$usbboot_value ;;
            mount) usbboot_lines=$usbboot_lines$usbboot_value$usbboot_line_end ;;
        esac
    done <"$usbboot_work/pivot"
    # Under procd, its init stays process 1 and goes on with the new root's procd.
    [ -z "$PREINIT" ] || usbboot_init=/sbin/procd
}

# usbboot_add_variable NAME=VALUE: what is none is left out.
usbboot_add_variable() {
    case ${1%%=*} in
        "$1" | '' | [0-9]* | *[!A-Za-z0-9_]*) return ;;
    esac
    usbboot_quoted=$(printf '%s\n' "${1#*=}" | sed "s/'/'\\\\''/g")
    usbboot_env="$usbboot_env ${1%%=*}='$usbboot_quoted'"
}

# usbboot_mount_first OPTIONS SOURCE: the root, in whatever file system it has.
usbboot_mount_first() {
    for usbboot_type in ext4 ext3 ext2 squashfs; do
        mount -t "$usbboot_type" -o "$1" "$2" "$usbboot_root" 2>/dev/null && return 0
    done
    usbboot_say root "cannot mount $2"
    return 1
}

usbboot_mount_root() {
    case $usbboot_image in
        image:*)
            usbboot_load_module loop
            usbboot_image=${usbboot_image#image:}
            usbboot_mount_first "loop,$usbboot_options" "$usbboot_mount/${usbboot_image#/}"
            return
            ;;
    esac
    usbboot_wait_tag "$usbboot_image" && usbboot_mount_first "$usbboot_options" "$usbboot_node"
}

# As in /init: what is missing is no reason to do without the root.
usbboot_use_swap() {
    case $usbboot_swap in
        none) return ;;
        '') usbboot_find_tag label:USBSWAP || return 0 ;;
        *) usbboot_wait_tag "$usbboot_swap" || return 0 ;;
    esac
    if swapon "$usbboot_node"; then
        usbboot_swapped=$usbboot_node
        usbboot_say swap "on $usbboot_node"
    else
        usbboot_say swap "cannot use $usbboot_node: going on without swap"
    fi
}

# Of what usbboot_read_mount sets.
usbboot_mount_one() {
    case $usbboot_source in
        label:* | uuid:*)
            usbboot_wait_tag "$usbboot_source" || return 1
            ;;
        *) usbboot_node=$usbboot_source ;;
    esac
    mkdir -p "$usbboot_root$usbboot_target" &&
        mount -t "$usbboot_kind" -o "${usbboot_more:-rw}" "$usbboot_node" \
            "$usbboot_root$usbboot_target" || return 1
    usbboot_mounted=$usbboot_root$usbboot_target$usbboot_line_end$usbboot_mounted
    usbboot_say root "$usbboot_source mounted on $usbboot_target"
}

# The entry's other file systems, before its init starts.
usbboot_mount_more() {
    while read -r usbboot_one usbboot_two usbboot_three usbboot_rest; do
        usbboot_read_mount "$usbboot_one" "$usbboot_two" "$usbboot_three" "$usbboot_rest" || continue
        usbboot_mount_one </dev/null && continue
        [ -n "$usbboot_optional" ] || {
            usbboot_say root "cannot mount $usbboot_source on $usbboot_target"
            return 1
        }
        usbboot_say root "cannot mount $usbboot_source on $usbboot_target: going on without it"
    done <<EOF_OF_MOUNTS
$usbboot_lines
EOF_OF_MOUNTS
}

usbboot_check_root() {
    for usbboot_place in proc sys dev tmp mnt; do
        [ -d "$usbboot_root/$usbboot_place" ] && continue
        usbboot_say root "the root of $usbboot_entry has no folder /$usbboot_place"
        return 1
    done
    [ -x "$usbboot_root$usbboot_init" ] || [ -L "$usbboot_root$usbboot_init" ] || {
        usbboot_say root "the root of $usbboot_entry has no executable $usbboot_init"
        return 1
    }
}

# The old root will be at /mnt for a moment, and hides the medium below it until it is gone.
usbboot_move_mounts() {
    mkdir -p "$usbboot_root/mnt/usbboot" 2>/dev/null
    usbboot_place=$usbboot_root/mnt
    [ -d "$usbboot_place/usbboot" ] && usbboot_place=$usbboot_place/usbboot
    mount -o move "$usbboot_mount" "$usbboot_place" || return 1
    for usbboot_place in dev sys proc; do
        mount -o move "/$usbboot_place" "$usbboot_root/$usbboot_place" || return 1
    done
}

# In the order opposite to the above; what was not done fails and does no harm.
usbboot_undo_root() {
    for usbboot_place in proc sys dev; do
        mount -o move "$usbboot_root/$usbboot_place" "/$usbboot_place" 2>/dev/null
    done
    umount "$usbboot_root/mnt/usbboot" 2>/dev/null || umount "$usbboot_root/mnt" 2>/dev/null
    while read -r usbboot_place; do
        [ -z "$usbboot_place" ] || umount "$usbboot_place" 2>/dev/null
    done <<EOF_OF_PLACES
$usbboot_mounted
EOF_OF_PLACES
    for usbboot_place in "$usbboot_root" "$usbboot_mount"; do
        umount "$usbboot_place" 2>/dev/null
    done
    [ -z "$usbboot_swapped" ] || swapoff "$usbboot_swapped"
    rmdir "$usbboot_root"
    usbboot_say root "$usbboot_entry is not started"
}

# In a child shell: the kernel changes the root of every process that has the old one. Fails with
# everything as it was.
usbboot_enter_root() {
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    usbboot_modules=/lib/modules/$(uname -r)
    # shellcheck source=templates/modules.sh
    . /etc/usbboot/modules.sh
    # shellcheck source=templates/usb.sh
    . /etc/usbboot/usb.sh
    # shellcheck source=templates/tags.sh
    . /etc/usbboot/tags.sh
    # shellcheck source=templates/mounts.sh
    . /etc/usbboot/mounts.sh
    mkdir -p "$usbboot_mount" "$usbboot_root"
    if mount -t "$usbboot_fstype" -o rw,noatime "$usbboot_device" "$usbboot_mount" &&
        usbboot_use_swap && usbboot_mount_root && usbboot_check_root && usbboot_mount_more &&
        usbboot_move_mounts && cd "$usbboot_root" && pivot_root . mnt; then
        return 0
    fi
    cd / || return 1
    usbboot_undo_root
    return 1
}

# Called by preinit behind its child. Comes back where there is no plan, or it cannot be carried out.
usbboot_change_root() {
    [ -r "$usbboot_work/pivot" ] || return 0
    usbboot_read_plan
    (usbboot_enter_root) || return 0
    usbboot_say switch "to $usbboot_init of $usbboot_entry"
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    exec </dev/console >/dev/console 2>&1
    if [ -n "$PREINIT" ]; then
        mount -o move /mnt/tmp /tmp
        # Swap holds its node there.
        umount /tmp/usbboot 2>/dev/null || umount -l /tmp/usbboot 2>/dev/null
        umount -l /mnt
        [ -x /etc/preinit ] && exec /etc/preinit
        exec true
    fi
    umount -l /mnt
    eval "exec env -i PATH=\"\$usbboot_path\" HOME=/ TERM=linux $usbboot_env \"\$usbboot_init\""
}
