#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Stand-in for OpenWrt's lib/functions/boot.sh: lists of hooks, and the root's change of place.
boot_hook_init() {
    eval "hooks_$1="
}

# boot_hook_add LIST FUNCTION
boot_hook_add() {
    eval "hooks_$1=\"\$hooks_$1 $2\""
}

boot_run_hook() {
    eval "hooks=\$hooks_$1"
    for hook in $hooks; do
        "$hook" "$1"
    done
}

# pivot NEW PLACE: NEW becomes the root, the old one is at PLACE below it.
pivot() {
    mount --move /proc "$1/proc" && pivot_root "$1" "$1$2" && {
        for place in dev tmp sys; do
            mount --move "$2/$place" "/$place"
        done
    }
}

# fopivot UPPER PLACE: UPPER over the root becomes the root.
fopivot() {
    mkdir -p "$1/root" "$1/work"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/root,workdir=$1/work" /mnt &&
        pivot /mnt "$2"
}

ramoverlay() {
    mkdir -p /tmp/root
    mount -t tmpfs root /tmp/root
    fopivot /tmp/root /rom
}
