# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: another entry, chosen in the running system on USB (its command usbboot-switch).
# The medium is mounted there already, read-write, and stays so; what was loaded is started by the
# caller, when all services have ended.

# shellcheck disable=SC2154 # WORK, entry, kernel, ...: boot.sh's

# boot_switch MEDIUM ENTRY: checks, loads and marks it.
boot_switch() {
    # shellcheck disable=SC2034 # for the parts
    MOUNT=$1
    mkdir -p "$WORK"
    copy_entries
    read_settings "$WORK/boot.conf"
    entry=$2
    is_entry_name "$entry" && [ -f "$WORK/entries/$entry.conf" ] ||
        give_up script "there is no boot entry \"$entry\" on the stick"
    read_entry "$WORK/entries/$entry.conf"
    is_source "$kernel" || {
        relative_path "$kernel"
        kernel=$path
    }
    [ -n "$kernel" ] || give_up script "entry $entry has no kernel of its own: it starts from flash"
    find_kexec && check_kernel && check_root && load_kernel "$file" ||
        give_up kernel "$entry is not started"
    [ "$guard" = no ] || write_marks || give_up script "cannot write /boot/tried on the stick"
}
