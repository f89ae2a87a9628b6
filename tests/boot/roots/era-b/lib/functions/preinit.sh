#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Stand-in for OpenWrt's lib/functions/preinit.sh: lists of hooks.
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
