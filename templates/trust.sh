#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Whom the router trusts, for preinit: /etc/usbboot/trust.sh. Functions alone; sourced, never run. Judges
# boot.manifest (signature by /etc/usbboot/key.pub, board, number of the build) and boot.sh by its hash in
# there, all of them copies in tmpfs, before anything is run. Whatever is missing or fails is a refusal.
# Needs BOARD and MINIMUM_BUILD. That all is well is said by status 0 alone.

# shellcheck disable=SC2154 # usbboot_work, USBBOOT_...: preinit's; network_...: network.sh's

# trust_verify FILE: FILE.sig has to be its signature. usign (OpenWrt) and signify-openbsd (OpenBSD's, in
# Debian) take the same files, and here even the same options.
trust_verify() {
    for trust_program in usign signify-openbsd signify; do
        for trust_place in /usr/bin /usr/sbin /bin /sbin; do
            [ -x "$trust_place/$trust_program" ] || continue
            usbboot_bounded 20 "$trust_place/$trust_program" -V -q -p /etc/usbboot/key.pub -m "$1" \
                -x "$1.sig" >/dev/null 2>&1
            return
        done
    done
    usbboot_say script "neither usign nor signify-openbsd is here to check signatures"
    return 1
}

# trust_read FILE: sets trust_board, trust_build, trust_script (the hash of boot.sh). What is there twice
# becomes something that nothing equals.
trust_read() {
    trust_board='' trust_build='' trust_script=
    while read -r trust_key trust_value trust_name; do
        case $trust_key:$trust_name in
            board:*) trust_board="$trust_board${trust_board:+ and }$trust_value" ;;
            build:*) trust_build="$trust_build${trust_build:+ and }$trust_value" ;;
            sha256:boot.sh) trust_script="$trust_script${trust_script:+ and }$trust_value" ;;
        esac
    done <"$1"
}

# trust_judge NAME FILE: board and build; NAME says where it is from.
trust_judge() {
    trust_read "$2" || return 1
    if [ -z "$BOARD" ] || [ "$trust_board" != "$BOARD" ]; then
        usbboot_say script "boot.manifest of $1 is for ${trust_board:-no board}, this is $BOARD"
        return 1
    fi
    case $trust_build in
        0 | [1-9]) ;;
        '' | *[!0-9]* | 0* | ???????????*)
            usbboot_say script "boot.manifest of $1 has no build number"
            return 1
            ;;
    esac
    [ "$trust_build" -ge "${MINIMUM_BUILD:-0}" ] 2>/dev/null || {
        usbboot_say script "boot.manifest of $1 is of build $trust_build, older than $MINIMUM_BUILD"
        return 1
    }
}

# trust_manifest NAME SIGNED: the copy of boot.manifest in tmpfs. SIGNED is "no" where nobody asked for a
# signature.
trust_manifest() {
    if [ "$2" = no ]; then
        usbboot_say script "boot.manifest of $1 is taken without a signature"
    elif trust_verify "$usbboot_work/boot.manifest"; then
        usbboot_say script "boot.manifest of $1 has a good signature"
    else
        usbboot_say script "boot.manifest of $1 has no good signature: nothing of it is used"
        return 1
    fi
    trust_judge "$1" "$usbboot_work/boot.manifest"
}

# trust_script NAME: the copy of boot.sh in tmpfs, the one that will be run.
trust_script() {
    trust_sum=$(sha256sum <"$usbboot_work/boot.sh") || return 1
    if [ -z "$trust_script" ] || [ "${trust_sum%% *}" != "$trust_script" ]; then
        usbboot_say script "boot.sh of $1 is not what boot.manifest says: it is not run"
        return 1
    fi
}

# trust_fetch URL KIB FILE: a small file of the server, in what is left of the time for all of them.
trust_fetch() {
    if network_left && network_fetch "$network_seconds" "$2" "$1/$3" "$usbboot_work/$3"; then
        return 0
    fi
    usbboot_say network "cannot fetch $1/$3"
    return 1
}

# trust_fetch_script URL: the manifest first, and boot.sh only where that is good.
trust_fetch_script() {
    trust_signed=yes
    [ "$UNSIGNED_NETWORK" != yes ] || trust_signed=no
    trust_fetch "$1" 64 boot.manifest || return 1
    [ "$trust_signed" = no ] || trust_fetch "$1" 4 boot.manifest.sig || return 1
    trust_manifest "$1" "$trust_signed" || return 1
    trust_fetch "$1" 1024 boot.sh && usbboot_check_script && trust_script "$1"
}
