#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The boot script: /boot/boot.sh on the stick, boot.sh in the network tree. Called from tmpfs by the
# preinit of the flash system:  sh boot.sh usb DEVICE FSTYPE  or  sh boot.sh http URL
# (and from the medium by usbboot-switch:  sh boot.sh switch MEDIUM ENTRY, which only loads).
# Starts the best boot entry without a fault that can be seen from here, with kexec. Comes back with
# a status other than 0, and nothing mounted or loaded, where none can be started; with 0 where
# preinit shall change the root (WORK/pivot). Never writes the flash, and of the stick /boot/tried
# alone. It is generic: what differs stands in /boot/entries/NAME.conf and /boot/boot.conf.
#
# mkbootusb puts the sourced parts in place of the lines that name them: the router gets one file.

WORK=/tmp/usbboot
# shellcheck disable=SC2034 # for the parts
MOUNT=$WORK/mnt
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
# shellcheck disable=SC2034 # for the parts
carriage_return=$(printf '\r')
mounted='' kexec='' URL='' source_up=''

# say STEP TEXT: on the console, and as OpenWrt's UDP message where preinit has an address for it.
say() {
    uptime=-
    [ -r /proc/uptime ] && read -r uptime _ </proc/uptime
    echo "usbboot: [$uptime] $1: $2"
    [ -z "$USBBOOT_BROADCAST" ] || netmsg "$USBBOOT_BROADCAST" "usbboot: [$uptime] $1: $2" 2>/dev/null
    return 0 # a root without netmsg has said it all the same
}

# give_up STEP TEXT: the only way out without a new system.
give_up() {
    say "$1" "$2"
    is_loaded && "$kexec" -u
    unmount_medium
    rm -f "$WORK/kernel" "$WORK/dummy.dtb"
    exit 1
}

# shellcheck source=templates/boot/entries.sh
. boot/entries.sh
# shellcheck source=templates/boot/manifest.sh
. boot/manifest.sh
# shellcheck source=templates/boot/kexec.sh
. boot/kexec.sh
# shellcheck source=templates/boot/medium.sh
. boot/medium.sh
# shellcheck source=templates/boot/sources.sh
. boot/sources.sh
# shellcheck source=templates/boot/stick.sh
. boot/stick.sh
# shellcheck source=templates/boot/pivot.sh
. boot/pivot.sh
# shellcheck source=templates/boot/server.sh
. boot/server.sh
# shellcheck source=templates/boot/switch.sh
. boot/switch.sh

case $1 in
    usb) boot_usb "$2" "$3" ;;
    http) boot_http "$2" ;;
    switch) boot_switch "$2" "$3" ;;
    *) give_up script "boot.sh wants: usb DEVICE FSTYPE, or http URL" ;;
esac
