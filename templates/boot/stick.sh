# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: booting from a stick. Entries are tried in turn as long as their faults can be
# seen from here; what they point to is read where it lies, but for kernels that have to be signed.

# shellcheck disable=SC2154 # WORK, MOUNT, entry, ...: boot.sh's

# Where a signature is demanded, what was hashed is what is loaded: a copy in tmpfs, because a stick can
# answer differently the second time.
copy_kernel() {
    dd if="$file" of="$WORK/kernel" bs=65536 2>/dev/null || {
        say kernel "entry $entry: cannot read /boot/$kernel, or no memory for it"
        return 1
    }
    file=$WORK/kernel
    check_memory "$file"
}

# Sets file: the kernel to load, on the stick or fetched.
check_kernel() {
    demanded_sum "$kernel" "$kernel_sum" || return 1
    file=$MOUNT/boot/$kernel shown=/boot/$kernel
    if is_source "$kernel"; then
        fetch_kernel_source "$kernel" || return 1
        file=$WORK/kernel shown=$kernel
    fi
    [ -s "$file" ] || {
        say kernel "entry $entry: $shown is missing or empty"
        return 1
    }
    check_memory "$file" || return 1
    is_source "$kernel" || ! is_signed || copy_kernel || return 1
    if [ -z "$known" ]; then
        say kernel "entry $entry has no kernel-sha256: not checked"
    else
        check_sum kernel "$shown" "$file" "$known"
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

# An image or archive on this medium, or a root that a server has: others cannot be looked at here.
check_root() {
    case $root in
        image:* | tmpfs:?*) image=${root#*:} ;;
        nbd:* | nfs:* | http:*)
            check_source_root "$root"
            return
            ;;
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
    is_read_only || return 0
    relative_path "$image"
    demanded_sum "$path" "$root_sum" || return 1
    [ -z "$known" ] || check_sum root "/$image" "$MOUNT/$image" "$known"
}

# Comes back only where the entry can be left for another.
try_stick_entry() {
    say script "entry $entry: ${title:-no title} (priority $priority)"
    if [ -n "$kernel" ]; then
        find_kexec && check_kernel && check_root || return 1
        [ -z "$USBBOOT_SWAP" ] || say swap "the flash's SWAP is not for $entry, which has a kernel of its own"
        load_kernel "$file" || return 1
        rm -f "$WORK/kernel"
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
    ! is_signed || keep_signed
    read_settings "$WORK/boot.conf"
    sift_entries || give_up script "there is no usable boot entry"
    offer_choice
    while choose_entry; do
        try_stick_entry
        is_loaded && "$kexec" -u
        rm -f "$chosen" "$WORK/kernel"
    done
    give_up script "there is no boot entry left to try"
}
