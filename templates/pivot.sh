#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# A root on the stick under the running kernel, for /etc/preinit: /etc/usbboot/pivot.sh. Carries out
# the plan that boot.sh left in $usbboot_work/pivot (the lines of the boot entry, then device and
# fstype of its medium, and guard). Functions alone; sourced, never run. Everything that can fail is done in a
# child shell, and undone there; from pivot_root on there is no way back but a restart, which the
# mark on the stick leads to the flash system.

# shellcheck disable=SC2034 # what pivot_mounts.sh takes
# shellcheck disable=SC2154 # usbboot_work, usbboot_mount, usbboot_modules: preinit's

usbboot_root=/tmp/usbboot/root

# Sets what the plan says, usbboot_env: words NAME=VALUE, quoted for eval, PATH among them, and
# usbboot_lines: the entry's "mount" lines. A key without a value is passed over.
usbboot_read_plan() {
    usbboot_device='' usbboot_fstype='' usbboot_guard=yes usbboot_image='' usbboot_options=rw,noatime
    usbboot_swap='' usbboot_fsck=yes usbboot_lines='' usbboot_mounted='' usbboot_swapped='' usbboot_entry=''
    usbboot_init=/sbin/init usbboot_path=/usr/sbin:/usr/bin:/sbin:/bin usbboot_env='' usbboot_own_env=''
    usbboot_return=$(printf '\r')
    usbboot_line_end='
'
    while read -r usbboot_key usbboot_value; do
        usbboot_value=${usbboot_value%"$usbboot_return"}
        [ -n "$usbboot_value" ] || continue
        case $usbboot_key in
            name) usbboot_entry=$usbboot_value ;;
            device) usbboot_device=$usbboot_value ;;
            fstype) usbboot_fstype=$usbboot_value ;;
            guard) usbboot_guard=$usbboot_value ;;
            root) usbboot_image=$usbboot_value ;;
            options) usbboot_options=$usbboot_value ;;
            init) usbboot_init=$usbboot_value ;;
            path) usbboot_path=$usbboot_value usbboot_own_env=yes ;;
            env)
                usbboot_quote "$usbboot_value" || continue
                usbboot_env=$usbboot_env$usbboot_quoted usbboot_own_env=yes
                ;;
            swap) usbboot_swap=$usbboot_value ;;
            fsck) usbboot_fsck=$usbboot_value ;;
            mount) usbboot_lines=$usbboot_lines$usbboot_value$usbboot_line_end ;;
        esac
    done <"$usbboot_work/pivot"
    usbboot_quote "PATH=$usbboot_path"
    usbboot_env=$usbboot_quoted$usbboot_env
    # Under procd, its init stays process 1 and goes on with the new root's procd.
    [ -z "$PREINIT" ] || usbboot_init=/sbin/procd
}

# usbboot_quote NAME=VALUE: sets usbboot_quoted; fails where that is none.
usbboot_quote() {
    case ${1%%=*} in
        "$1" | '' | [0-9]* | *[!A-Za-z0-9_]*) return 1 ;;
    esac
    usbboot_quoted=$(printf '%s\n' "${1#*=}" | sed "s/'/'\\\\''/g")
    usbboot_quoted=" ${1%%=*}='$usbboot_quoted'"
}

usbboot_judge_root() {
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
    for usbboot_part in bounded modules usb tags mounts check pivot_mounts; do
        # shellcheck source=/dev/null
        . "/etc/usbboot/$usbboot_part.sh"
    done
    mkdir -p "$usbboot_mount" "$usbboot_root"
    if usbboot_use_swap && usbboot_mount_medium && usbboot_mount_root && usbboot_judge_root &&
        usbboot_mount_more && usbboot_move_mounts && cd "$usbboot_root" && pivot_root . mnt; then
        return 0
    fi
    cd / || return 1
    usbboot_undo_root
    return 1
}

# procd's init becomes /sbin/procd with the environment that it has. A script that lies over that for one
# start gives it the entry's and takes itself away; the root stays as it is. Tried first, since process 1
# has no second try.
usbboot_wrap_procd() {
    [ -n "$usbboot_own_env" ] || return 0
    # shellcheck disable=SC2016 # for the script
    {
        echo '#!/bin/sh'
        echo '[ "$1" != probe ] || { command -v umount; exit; } >/dev/null'
        echo 'umount -l /sbin/procd'
        echo 'rm -f /tmp/usbboot-procd'
        echo "export$usbboot_env"
        echo 'exec /sbin/procd "$@"'
    } >/tmp/usbboot-procd
    chmod 755 /tmp/usbboot-procd
    /tmp/usbboot-procd probe && mount -o bind /tmp/usbboot-procd /sbin/procd && return
    usbboot_say switch "path and env of $usbboot_entry have no effect"
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
        usbboot_wrap_procd
        [ -x /etc/preinit ] && exec /etc/preinit
        exec true
    fi
    umount -l /mnt
    eval "exec env -i HOME=/ TERM=linux$usbboot_env \"\$usbboot_init\""
}
