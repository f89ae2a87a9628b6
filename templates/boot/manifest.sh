# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: hashes, and boot.manifest in tmpfs, which preinit has judged (/etc/usbboot/trust.sh)
# where it says so in USBBOOT_TRUST: "signed", or "unsigned" for a server that need not sign. From a stick
# that need not either, it is empty, and nothing is looked up. Never fetches or reads the manifest anew.

# shellcheck disable=SC2154 # WORK, entry, ...: boot.sh's

is_signed() {
    [ "$USBBOOT_TRUST" = signed ]
}

# has_sum FILE SHA256
has_sum() {
    actual=$(sha256sum <"$1") || return 1
    [ -n "$2" ] && [ "${actual%% *}" = "$2" ]
}

# check_sum STEP NAME FILE SHA256
check_sum() {
    if has_sum "$3" "$4"; then
        say "$1" "$2 has the right checksum"
    else
        say "$1" "$2 has a wrong checksum"
        return 1
    fi
}

# sum_in_manifest NAME: a path relative to the folder of boot.sh, or a source elsewhere as the entry has
# it. Sets known.
sum_in_manifest() {
    known=
    [ -n "$USBBOOT_TRUST" ] && [ -r "$WORK/boot.manifest" ] || return 1
    while read -r key value name; do
        [ "$key" = sha256 ] || continue
        relative_path "${name%"$carriage_return"}"
        [ "$path" = "$1" ] && known=$value
    done <"$WORK/boot.manifest"
    [ -n "$known" ]
}

# demanded_sum NAME SUM: sets known, the hash that NAME has to have: that of the entry (SUM, may be empty)
# or of boot.manifest. Empty where nobody knows it; in a signed boot that is a failure.
demanded_sum() {
    sum_in_manifest "$1"
    if [ -n "$known" ] && [ -n "$2" ] && [ "$known" != "$2" ]; then
        say script "entry $entry and boot.manifest differ about $1"
        return 1
    fi
    known=${known:-$2}
    [ -n "$known" ] || ! is_signed || {
        say script "entry $entry: neither it nor boot.manifest has a hash of $1"
        return 1
    }
}

# Of the copies in tmpfs those that boot.manifest vouches for.
keep_signed() {
    for file in "$WORK/boot.conf" "$WORK"/entries/*.conf; do
        [ -f "$file" ] || continue
        item=${file#"$WORK/"}
        sum_in_manifest "$item" && has_sum "$file" "$known" && continue
        say script "/boot/$item is not what boot.manifest says: passed over"
        rm -f "$file"
    done
}
