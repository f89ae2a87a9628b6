# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: an entry without a kernel keeps the running one and takes a root from the stick.
# Changing the root is the work of preinit (/etc/usbboot/pivot.sh), which is process 1 or acts for
# it; here the plan for it is left in $WORK/pivot: the entry, and where its medium is.

# shellcheck disable=SC2154 # WORK, root, chosen, device, fstype, guard, entry: boot.sh's

check_pivot() {
    [ -r /etc/usbboot/pivot.sh ] || {
        say root "entry $entry has no kernel, and this flash system cannot change its root"
        return 1
    }
    case $root in
        image:?* | label:?* | uuid:?*) return 0 ;;
    esac
    say root "entry $entry: the flash kernel cannot take \"$root\" as root"
    return 1
}

# The end of the script: its only status 0. What comes later counts: the entry's own words.
leave_plan() {
    {
        [ -z "$USBBOOT_ROOT" ] || echo "root $USBBOOT_ROOT"
        [ -z "$USBBOOT_SWAP" ] || echo "swap $USBBOOT_SWAP"
        echo "name $entry"
        cat "$chosen"
        echo
        echo "device $device"
        echo "fstype $fstype"
        echo "guard $guard"
    } >"$WORK/pivot.new" && mv "$WORK/pivot.new" "$WORK/pivot" ||
        give_up root "no memory for the plan of $entry"
    say root "$entry keeps this kernel: leaving the change of root to preinit"
    exit 0
}
