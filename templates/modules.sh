#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Kernel modules, for preinit: /etc/usbboot/modules.sh. By modprobe, kmodloader or insmod, whatever
# there is; no hotplug helper is set or started. Functions alone; sourced, never run. Needs MODULES.

# usbboot_insert_module FOLDER NAME: its file below the folder, '-' and '_' being the same.
usbboot_insert_module() {
    [ -d "$1" ] || return 1
    usbboot_name=$(echo "$2" | tr - _)
    for usbboot_file in $(find "$1" -name "$2.ko") $(find "$1" -name "$usbboot_name.ko"); do
        insmod "$usbboot_file" 2>/dev/null && return 0
    done
    return 1
}

# usbboot_load_module NAME: by modprobe (kmodloader's is called so too), which knows dependencies;
# else by insmod, for which MODULES stands in load order.
usbboot_load_module() {
    usbboot_name=$1
    case $1 in
        *-*) usbboot_name=$(echo "$1" | tr - _) ;;
    esac
    [ -d "/sys/module/$usbboot_name" ] && return 0
    modprobe "$1" 2>/dev/null || usbboot_insert_module "$usbboot_modules" "$1"
}

# A kmodloader without the name modprobe takes a folder of lists, as /etc/modules-boot.d is one.
usbboot_run_kmodloader() {
    [ -x /sbin/kmodloader ] && [ ! -e /sbin/modprobe ] && mkdir -p /tmp/usbboot.modules || return 0
    for usbboot_module in $MODULES; do
        echo "$usbboot_module"
    done >/tmp/usbboot.modules/usbboot
    /sbin/kmodloader /tmp/usbboot.modules
    rm -r /tmp/usbboot.modules
}

usbboot_load_modules() {
    usbboot_modules=/lib/modules/$(uname -r)
    [ -d "$usbboot_modules" ] || {
        usbboot_say modules "none for this kernel, all is built in"
        return
    }
    usbboot_run_kmodloader
    usbboot_absent=
    for usbboot_module in $MODULES; do
        usbboot_load_module "$usbboot_module" || usbboot_absent="$usbboot_absent $usbboot_module"
    done
    if [ -z "$usbboot_absent" ]; then
        usbboot_say modules "loaded"
    else
        usbboot_say modules "built in or missing:$usbboot_absent"
    fi
}
