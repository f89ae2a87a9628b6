# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: booting from a server. Nothing is used that boot.manifest does not name with its
# hash. There is no guard: a server is not written to, and whoever runs it can change what it serves.

# shellcheck disable=SC2154 # WORK, entry, kernel, ...: boot.sh's

# sum_in_manifest PATH: sets known.
sum_in_manifest() {
    known=
    while read -r key value name; do
        [ "$key" = sha256 ] || continue
        relative_path "${name%"$carriage_return"}"
        [ "$path" = "$1" ] && known=$value
    done <"$WORK/boot.manifest"
    [ -n "$known" ]
}

# fetch_checked SECONDS KIB PATH FILE
fetch_checked() {
    sum_in_manifest "$3" || give_up network "boot.manifest does not name $3"
    network_fetch "$1" "$2" "$URL/$3" "$4" || give_up network "cannot fetch $URL/$3"
    has_sum "$4" "$known" || give_up network "$URL/$3 has a wrong checksum"
}

check_board() {
    while read -r key value _; do
        value=${value%"$carriage_return"}
        [ "$key" != board ] || [ -z "$BOARD" ] || [ "$value" = "$BOARD" ] ||
            give_up network "boot.manifest is for $value, this is $BOARD"
    done <"$WORK/boot.manifest"
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

try_server_entry() {
    say script "entry $entry: ${title:-no title} (priority $priority)"
    [ -n "$kernel" ] || {
        say script "entry $entry names no kernel"
        return 1
    }
    find_kexec || return 1
    available_memory
    fetch_checked 120 $((kib / 3)) "$kernel" "$WORK/kernel"
    [ -z "$kernel_sum" ] || [ "$kernel_sum" = "$known" ] ||
        give_up kernel "entry $entry and boot.manifest differ about $kernel"
    say kernel "$URL/$kernel has the right checksum"
    check_memory "$WORK/kernel" && load_kernel "$WORK/kernel" || return 1
    rm -f "$WORK/kernel"
    start_kernel
}

boot_http() {
    BOARD='' NET_WAIT=8
    # shellcheck source=/dev/null
    [ -r /etc/usbboot.conf ] && . /etc/usbboot.conf
    URL=$1
    [ -r /etc/usbboot/network.sh ] || give_up network "this flash system cannot fetch files"
    # shellcheck source=templates/network.sh
    . /etc/usbboot/network.sh
    network_fetch "$NET_WAIT" 1024 "$URL/boot.manifest" "$WORK/boot.manifest" ||
        give_up network "cannot fetch $URL/boot.manifest"
    check_board
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
