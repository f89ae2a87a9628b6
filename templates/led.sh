#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The status LED, for preinit, /init and the root on USB: /etc/usbboot/led.sh. Functions alone; sourced,
# never run. LED has words: part of the name of a LED of the kernel's, or a line of gpio.sh; the first one
# that is there is it. What it was like before is noted in a file by who gives it back.

# shellcheck disable=SC2154 # usbboot_work: preinit's; usbboot_line, usbboot_opened: gpio.sh's

# usbboot_find_led: sets usbboot_led, the folder or the word, and usbboot_before, what it is like; both
# empty where there is none.
usbboot_find_led() {
    usbboot_led='' usbboot_before=''
    for usbboot_word in $LED; do
        case $usbboot_word in
            none) return ;;
            gpio:*)
                usbboot_open_line "$usbboot_word" || continue
                read -r usbboot_was <"$usbboot_line/direction"
                [ "$usbboot_was" != out ] || read -r usbboot_was <"$usbboot_line/value"
                usbboot_before="$usbboot_word $usbboot_number $usbboot_was $usbboot_opened"
                usbboot_led=$usbboot_word
                return
                ;;
        esac
        for usbboot_folder in /sys/class/leds/*"$usbboot_word"*; do
            [ -e "$usbboot_folder/brightness" ] || continue
            read -r usbboot_was <"$usbboot_folder/brightness"
            usbboot_trigger=$(sed -n 's/.*\[\(.*\)\].*/\1/p' "$usbboot_folder/trigger" 2>/dev/null)
            usbboot_before="$usbboot_folder ${usbboot_trigger:-none} $usbboot_was"
            usbboot_led=$usbboot_folder
            return
        done
    done
}

# usbboot_note_led: for usbboot_restore_led, which may be called by another process.
usbboot_note_led() {
    [ -z "$usbboot_led" ] || echo "$usbboot_before" >"$usbboot_work/led"
}

# usbboot_light on|off
usbboot_light() {
    usbboot_lit=$1
    case $usbboot_led:$1 in
        gpio:*:low:on | gpio:*:high:off) echo low >"$usbboot_line/direction" ;;
        gpio:*) echo high >"$usbboot_line/direction" ;;
        *:on) echo 255 >"$usbboot_led/brightness" ;;
        *) echo 0 >"$usbboot_led/brightness" ;;
    esac
}

# usbboot_blink MILLISECONDS: by the kernel; fails where it cannot.
usbboot_blink() {
    grep -q timer "$usbboot_led/trigger" 2>/dev/null || return 1
    echo timer >"$usbboot_led/trigger"
    { echo "$1" >"$usbboot_led/delay_on" && echo "$1" >"$usbboot_led/delay_off"; } 2>/dev/null
}

usbboot_steady() {
    usbboot_shown=
    [ ! -w "$usbboot_led/trigger" ] || echo none >"$usbboot_led/trigger"
    usbboot_light "$1"
}

# usbboot_show preinit|search|failure|reboot|ready: blinks fast, blinks slowly, is off, blinks fast, is on.
# Where the kernel cannot blink it is on, changes with each call, is off, is off, is on.
usbboot_show() {
    [ -n "$usbboot_led" ] || return 0
    case $1 in
        preinit) usbboot_blink 100 || usbboot_light on ;;
        search)
            [ "$usbboot_shown" = blinking ] && return
            if usbboot_blink 500; then
                usbboot_shown=blinking
            elif [ "$usbboot_lit" = on ]; then
                usbboot_light off
            else
                usbboot_light on
            fi
            ;;
        failure) usbboot_steady off ;;
        reboot) usbboot_blink 100 || usbboot_steady off ;;
        ready) usbboot_steady on ;;
    esac
}

# As it was noted.
usbboot_restore_led() {
    [ -r "$usbboot_work/led" ] || return 0
    read -r usbboot_led usbboot_first_word usbboot_was usbboot_opened <"$usbboot_work/led"
    case $usbboot_led in
        gpio:*)
            usbboot_number=$usbboot_first_word
            case $usbboot_was in
                0) usbboot_was=low ;;
                1) usbboot_was=high ;;
            esac
            echo "$usbboot_was" >"/sys/class/gpio/gpio$usbboot_number/direction"
            usbboot_close_line
            ;;
        *)
            [ ! -w "$usbboot_led/trigger" ] || echo "$usbboot_first_word" >"$usbboot_led/trigger"
            echo "$usbboot_was" >"$usbboot_led/brightness"
            ;;
    esac
}
