#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# GPIO lines through sysfs, for preinit: /etc/usbboot/gpio.sh. Functions alone; sourced, never run.
# A line is "gpio:NUMBER:low" or "gpio:NUMBER:high" (its active level), NUMBER as in the board file.
# Lines that a driver of the kernel has are left to it: they cannot be exported.

usbboot_gpio_class=/sys/class/gpio

# usbboot_open_line LINE: sets usbboot_line (folder), usbboot_number and usbboot_opened (whether it is
# exported by us). The number counts from the first line of the first chip that has so many: newer
# kernels number the lines from 512 on.
usbboot_open_line() {
    usbboot_offset=${1#gpio:}
    usbboot_offset=${usbboot_offset%%:*}
    usbboot_base=
    for usbboot_chip in "$usbboot_gpio_class"/gpiochip*; do
        [ -r "$usbboot_chip/base" ] || continue
        read -r usbboot_first <"$usbboot_chip/base"
        read -r usbboot_count <"$usbboot_chip/ngpio"
        [ "$usbboot_offset" -lt "$usbboot_count" ] || continue
        [ "${usbboot_base:-$usbboot_first}" -lt "$usbboot_first" ] || usbboot_base=$usbboot_first
    done
    [ -n "$usbboot_base" ] || return 1
    usbboot_number=$((usbboot_base + usbboot_offset))
    usbboot_line=$usbboot_gpio_class/gpio$usbboot_number
    usbboot_opened=
    [ -d "$usbboot_line" ] && return 0
    { echo "$usbboot_number" >"$usbboot_gpio_class/export"; } 2>/dev/null
    [ -d "$usbboot_line" ] && usbboot_opened=yes
}

usbboot_close_line() {
    [ -z "$usbboot_opened" ] || echo "$usbboot_number" >"$usbboot_gpio_class/unexport"
}

# usbboot_is_active LINE: a line that somebody else has exported is only looked at.
usbboot_is_active() {
    usbboot_open_line "$1" || return 1
    [ -z "$usbboot_opened" ] || echo in >"$usbboot_line/direction"
    usbboot_level=
    read -r usbboot_level <"$usbboot_line/value"
    usbboot_close_line
    case $1:$usbboot_level in
        *:low:0 | *:high:1) return 0 ;;
    esac
    return 1
}
