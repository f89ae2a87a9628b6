#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Commands with a time limit, for preinit and boot.sh: /etc/usbboot/bounded.sh. Functions alone;
# sourced, never run. The killer is waited for, because OpenWrt has no timeout applet, some wget crash
# on -T, and no process may be left behind.

# shellcheck disable=SC2034 # usbboot_killed: for who calls it

# usbboot_bounded SECONDS COMMAND...: the status of COMMAND; sets usbboot_killed where it was killed
# after SECONDS. Neither it nor the killer is left behind, but for a COMMAND that the kernel does not let go
# of (a disk that does not answer): 2 seconds after it was killed it is no longer waited for.
usbboot_bounded() {
    usbboot_limit=$1
    shift
    # The process of this very shell, which $$ is not; a file that the shell itself opens tells it.
    usbboot_self=
    [ -r /proc/self/stat ] && read -r usbboot_self _ </proc/self/stat
    trap : USR1
    # A command in the background would have no input of its own.
    { "$@" <&3 3<&- & } 3<&0
    usbboot_child=$!
    usbboot_killer 2>/dev/null &
    usbboot_killer=$!
    wait "$usbboot_child" 2>/dev/null
    usbboot_status=$?
    kill "$usbboot_killer" 2>/dev/null
    wait "$usbboot_killer" 2>/dev/null
    trap - USR1
    # By a signal; 255 is how busybox mount fails.
    usbboot_killed=
    [ "$usbboot_status" -le 128 ] || [ "$usbboot_status" -ge 192 ] || usbboot_killed=yes
    return "$usbboot_status"
}

# A sleep is ended by KILL: an ash that was only just forked for it may lose a TERM before it has
# become sleep, and would be waited for to its end.
usbboot_killer() {
    trap 'kill -9 $!; wait; exit' TERM
    sleep "$usbboot_limit" &
    wait
    kill -9 "$usbboot_child"
    [ -n "$usbboot_self" ] || return
    sleep 2 &
    wait
    kill -USR1 "$usbboot_self"
}
