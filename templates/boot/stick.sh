# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: booting from a stick. Entries are tried in turn as long as their faults can be
# seen from here; what they point to is read where it lies, never copied.

# shellcheck disable=SC2154 # WORK, MOUNT, entry, ...: boot.sh's

# has_sum FILE SHA256
has_sum() {
    actual=$(sha256sum <"$1") || return 1
    [ "${actual%% *}" = "$2" ]
}

# check_sum STEP PATH FILE SHA256
check_sum() {
    if has_sum "$3" "$4"; then
        say "$1" "$2 has the right checksum"
    else
        say "$1" "$2 has a wrong checksum"
        return 1
    fi
}

check_kernel() {
    file=$MOUNT/boot/$kernel
    [ -s "$file" ] || {
        say kernel "entry $entry: /boot/$kernel is missing or empty"
        return 1
    }
    check_memory "$file" || return 1
    if [ -z "$kernel_sum" ]; then
        say kernel "entry $entry has no kernel-sha256: not checked"
    else
        check_sum kernel "/boot/$kernel" "$file" "$kernel_sum"
    fi
}

# A root that is mounted for writing differs from its hash from its first use on. What is unpacked
# into RAM, or has a RAM disk over it, does not.
is_read_only() {
    case $root:,$options, in
        tmpfs:* | *,ro,* | *,overlay,*) return 0 ;;
    esac
    return 1
}

# Only an image or archive on this medium can be looked at from here.
check_root() {
    case $root in
        image:* | tmpfs:?*) image=${root#*:} ;;
        *) return 0 ;;
    esac
    image=${image#/}
    case "/$image/" in
        */../*) image= ;;
    esac
    [ -n "$image" ] && [ -s "$MOUNT/$image" ] || {
        say root "entry $entry: there is no root image ${root#*:} on the stick"
        return 1
    }
    [ -n "$root_sum" ] && is_read_only || return 0
    check_sum root "/$image" "$MOUNT/$image" "$root_sum"
}

# Comes back only where the entry can be left for another.
try_stick_entry() {
    say script "entry $entry: ${title:-no title} (priority $priority)"
    if [ -n "$kernel" ]; then
        find_kexec && check_kernel && check_root || return 1
        load_kernel "$MOUNT/boot/$kernel" || return 1
    else
        check_pivot && check_root || return 1
    fi
    unmount_medium || give_up usb "the stick stays mounted"
    mark_tried || give_up script "cannot write /boot/tried on the stick, so $entry is not started. \
Make room, unlock the stick, or have \"guard no\" in /boot/boot.conf (mkbootusb --read-only-stick)"
    if [ -n "$kernel" ]; then
        start_kernel
    else
        leave_plan
    fi
}

boot_usb() {
    mount_medium "$1" "$2" || give_up usb "cannot mount $1 as $2"
    copy_entries
    read_settings "$WORK/boot.conf"
    sift_entries || give_up script "there is no usable boot entry"
    offer_choice
    while choose_entry; do
        try_stick_entry
        is_loaded && "$kexec" -u
        rm -f "$chosen"
    done
    give_up script "there is no boot entry left to try"
}
