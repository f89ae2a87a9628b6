# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: booting from a server. Nothing is used that boot.manifest, as preinit has judged it,
# does not name with its hash. There is no guard: a server is not written to, and whoever runs it can
# change what it serves.

# shellcheck disable=SC2154 # WORK, entry, kernel, ...: boot.sh's

# fetch_checked SECONDS KIB PATH FILE
fetch_checked() {
    sum_in_manifest "$3" || give_up network "boot.manifest does not name $3"
    network_fetch "$1" "$2" "$URL/$3" "$4" || give_up network "cannot fetch $URL/$3"
    has_sum "$4" "$known" || give_up network "$URL/$3 has a wrong checksum"
}

fetch_entries() {
    rm -rf "$WORK/entries" "$WORK/tried" "$WORK/boot.conf"
    mkdir -p "$WORK/entries"
    while read -r key value name; do
        [ "$key" = sha256 ] || continue
        relative_path "${name%"$carriage_return"}"
        case $path in
            entries/*/*) ;;
            entries/*.conf | boot.conf) echo "$path" ;;
        esac
    done <"$WORK/boot.manifest" >"$WORK/entry.list"
    while read -r item; do
        fetch_checked 5 64 "$item" "$WORK/$item"
    done <"$WORK/entry.list"
}

# A kernel elsewhere is known by the entry, which is itself in boot.manifest, or by a line there.
fetch_kernel() {
    available_memory
    if is_source "$kernel"; then
        demanded_sum "$kernel" "$kernel_sum" || return 1
        [ -n "$known" ] || give_up network "nothing has a hash of $kernel"
        fetch_kernel_source "$kernel" || return 1
        has_sum "$WORK/kernel" "$known" || give_up network "$kernel has a wrong checksum"
    else
        fetch_checked 120 $((kib / 3)) "$kernel" "$WORK/kernel"
        [ -z "$kernel_sum" ] || [ "$kernel_sum" = "$known" ] ||
            give_up kernel "entry $entry and boot.manifest differ about $kernel"
    fi
    say kernel "$kernel of the server has the right checksum"
}

try_server_entry() {
    say script "entry $entry: ${title:-no title} (priority $priority)"
    [ -n "$kernel" ] || {
        say script "entry $entry names no kernel"
        return 1
    }
    find_kexec || return 1
    fetch_kernel || return 1
    check_source_root "$root" && check_memory "$WORK/kernel" && load_kernel "$WORK/kernel" ||
        return 1
    rm -f "$WORK/kernel"
    start_kernel
}

boot_http() {
    # shellcheck source=/dev/null
    [ -r /etc/usbboot.conf ] && . /etc/usbboot.conf
    URL=$1
    [ -n "$USBBOOT_TRUST" ] && [ -r "$WORK/boot.manifest" ] ||
        give_up network "this flash system has not checked boot.manifest: mkflashroot makes one that does"
    [ -r /etc/usbboot/network.sh ] || give_up network "this flash system cannot fetch files"
    # shellcheck source=templates/network.sh
    . /etc/usbboot/network.sh
    fetch_entries
    read_settings "$WORK/boot.conf"
    sift_entries || give_up script "there is no usable boot entry"
    offer_choice
    while choose_entry; do
        try_server_entry
        is_loaded && "$kexec" -u
        rm -f "$chosen"
    done
    give_up script "there is no boot entry left to try"
}
