# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# What /init says, on console and LED, and how it ends where it cannot go on. Always in a reboot:
# the mark that boot.sh left on the stick then leads to the flash system; where there is no mark
# (guard no), the stick has to be pulled first.

# say STEP TEXT
say() {
    uptime=-
    [ -r /proc/uptime ] && read -r uptime _ </proc/uptime
    echo "usbboot: [$uptime] $1: $2"
}

# The LED that preinit showed the search with, in the same way.
show_work() {
    # shellcheck disable=SC2034 # for led.sh
    usbboot_work=/tmp LED=none
    # shellcheck source=/dev/null
    . /etc/usbboot/led.conf
    usbboot_find_led
    usbboot_note_led
    usbboot_show search
}

# fail STEP TEXT: never back to the caller.
fail() {
    trap - EXIT
    say "$1" "$2"
    usbboot_show reboot
    [ "$rescue" != yes ] || rescue_shell
    # Not for ever: a stick that hangs must not keep the router from rebooting.
    attended "$CLEAN_LIMIT" unmount_all
    [ "$guard" != no ] || wait_for_removal
    say fallback "rebooting in $FAILURE_DELAY seconds"
    watched_sleep "$FAILURE_DELAY"
    reboot -n -f
    echo b >/proc/sysrq-trigger
    while :; do sleep 60; done
}

# With everything mounted as it was, for whoever looks for the cause.
rescue_shell() {
    watchdog_stop
    say fallback "rescue shell on the console; its end reboots"
    setsid cttyhack sh
    watchdog_start
}

# The last mount first, so that stick and root are clean.
unmount_all() {
    places=''
    while read -r _ place _; do
        case $place in
            /mnt/*) places="$place $places" ;;
        esac
    done </proc/mounts
    for place in $places; do
        [ "$place" != "$OUTER" ] || [ -z "$loop" ] || losetup -d "$loop"
        umount "$place"
    done 2>/dev/null
    sync
}

# A router that rebooted with the stick in place would end here again.
wait_for_removal() {
    medium_name=${medium_device##*/}
    told=
    # shellcheck disable=SC2086 # a pattern
    while ls -d /sys/class/block/${medium_name:-sd*} >/dev/null 2>&1; do
        [ -n "$told" ] || say fallback "waiting until the stick is pulled out"
        told=yes
        watched_sleep 1
    done
}
