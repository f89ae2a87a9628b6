#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Who wants the flash system instead of a stick, for preinit: /etc/usbboot/skip.sh. Functions alone;
# sourced, never run. A button that procd or the kernel knows, the board's buttons by their GPIO lines,
# a key on the console, or the kernel's command line. Needs SKIP_KEY (any, none, or a key) and
# SKIP_BUTTON (none, or lines of gpio.sh).

# shellcheck disable=SC2154 # usbboot_work: preinit's
# shellcheck disable=SC3045 # read -t and -n: looked for first
# shellcheck disable=SC2086,SC2229 # the options of read are words

# usbboot_find_keys: sets usbboot_keys, options of read that wait for a key. At the end of input read
# ends with 1 where it knows them, otherwise with 2. Fractions of a second and single keys (without
# Enter) depend on the age of ash and on how it was built; a strict shell knows none of them.
usbboot_find_keys() {
    usbboot_keys=
    [ "$SKIP_KEY" != none ] && [ -t 0 ] || return 0
    for usbboot_options in '-n 1 -t 0.2' '-n 1 -t 1' '-t 1'; do
        (read -r $usbboot_options _ </dev/null) 2>/dev/null
        [ $? -eq 1 ] && usbboot_keys=$usbboot_options && return
    done
}

# What to press, for people.
usbboot_key_text() {
    case $usbboot_keys:$SKIP_KEY in
        :*) ;;
        -n*:any) echo "; any key skips it" ;;
        *:any) echo "; Enter skips it" ;;
        -n*) echo "; the key $SKIP_KEY skips it" ;;
        *) echo "; $SKIP_KEY and Enter skip it" ;;
    esac
}

# One step of waiting: a fifth of a second, or a whole one where nothing can wait for less. A key ends
# it. A console that has gone is always at its end: what took no time is not asked again.
usbboot_pause() {
    if [ -n "$usbboot_keys" ]; then
        read -r usbboot_before _ </proc/uptime
        usbboot_typed=
        if read -r $usbboot_keys usbboot_typed; then
            [ "$SKIP_KEY" = any ] && usbboot_pressed=yes
            [ "$SKIP_KEY" = "$usbboot_typed" ] && usbboot_pressed=yes
            return
        fi
        read -r usbboot_after _ </proc/uptime
        [ "$usbboot_before" = "$usbboot_after" ] || return 0
        usbboot_keys=
    fi
    usleep 200000 2>/dev/null || sleep 1
}

# usbboot_watch_buttons: what the kernel's input devices report from now on, and that is also a button
# that has been held since before (drivers/input/keyboard/gpio_keys.c, gpio_keys_open).
usbboot_watch_buttons() {
    usbboot_watchers=
    [ "$SKIP_BUTTON" != none ] || return 0
    for usbboot_input in /sys/class/input/event*; do
        [ -r "$usbboot_input/dev" ] || continue
        read -r usbboot_device <"$usbboot_input/dev"
        usbboot_name=${usbboot_input##*/}
        mknod "$usbboot_work/$usbboot_name" c "${usbboot_device%:*}" "${usbboot_device#*:}" || continue
        cat "$usbboot_work/$usbboot_name" >"$usbboot_work/$usbboot_name.seen" 2>/dev/null &
        usbboot_watchers="$usbboot_watchers $!"
    done
}

usbboot_unwatch_buttons() {
    for usbboot_watcher in $usbboot_watchers; do
        kill -9 "$usbboot_watcher"
        wait "$usbboot_watcher"
    done 2>/dev/null
    usbboot_watchers=
}

# A struct input_event of a 32-bit kernel: 8 bytes of time, type 1 (EV_KEY), code, value 1 (pressed);
# little endian.
usbboot_seen_button() {
    for usbboot_seen_file in "$usbboot_work"/event*.seen; do
        [ -s "$usbboot_seen_file" ] || continue
        hexdump -v -e '16/1 "%02x" "\n"' "$usbboot_seen_file" | grep -q '^.\{16\}0100....01000000$' &&
            return 0
    done
    return 1
}

# Why the flash system is wanted, if it is: sets usbboot_reason.
usbboot_skip_reason() {
    usbboot_reason=
    usbboot_command_line=
    [ ! -r /proc/cmdline ] || read -r usbboot_command_line </proc/cmdline
    case " $usbboot_command_line" in
        *' failsafe='*) usbboot_reason="failsafe= on the kernel command line" ;;
    esac
    [ -z "$usbboot_pressed" ] || usbboot_reason="key on the console"
    [ ! -e /tmp/failsafe_button ] || usbboot_reason="failsafe button"
    [ "$SKIP_BUTTON" != none ] || {
        [ -n "$usbboot_reason" ]
        return
    }
    ! usbboot_seen_button || usbboot_reason="button"
    for usbboot_button in $SKIP_BUTTON; do
        ! usbboot_is_active "$usbboot_button" || usbboot_reason="button at $usbboot_button"
    done
    [ -n "$usbboot_reason" ]
}
