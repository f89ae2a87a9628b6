#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The switch between the ports and the processor, for network.sh: /etc/usbboot/switch.sh. One that was not set up
# lets every port reach the router, the one to the internet among them (b53, drivers/net/phy/b53/b53_common.c). One
# VLAN of the LAN's ports and the processor's keeps the others out. Functions alone; sourced, never run.
#
# How: by swconfig, or, up to OpenWrt 12.09 on bcm47xx, by files in /proc/switch (package/switch of that time,
# switch-core.c, switch-robo.c, switch.sh). Needs SWITCH_PORTS (the processor's last) and INTERFACE.

switch_state=/tmp/usbboot/switch

# Done once, and taken back once: switch_state is there in between.
switch_divide() {
    [ -n "$SWITCH_PORTS" ] && [ ! -e "$switch_state" ] || return 0
    switch_find || {
        network_say "no swconfig: every port of the switch is listened to"
        return 0
    }
    if "switch_divide_$switch_kind"; then
        network_say "only the ports $SWITCH_PORTS of the switch are listened to"
    else
        network_say "the switch cannot be divided: every port is listened to"
    fi
}

# Sets switch_kind, and notes it.
switch_find() {
    if switch_find_files; then
        switch_kind=files
        switch_note_files
    elif [ -x /sbin/swconfig ] || [ -x /usr/sbin/swconfig ]; then
        switch_kind=device
        echo device >"$switch_state"
    else
        return 1
    fi
}

switch_restore() {
    [ -e "$switch_state" ] || return 0
    read -r switch_kind switch_files switch_vlans switch_loaded <"$switch_state"
    "switch_restore_$switch_kind"
    rm -f "$switch_state"
}

# --- swconfig -----------------------------------------------------------------------------------

switch_set_device() {
    usbboot_bounded 2 swconfig dev switch0 "$@" >/dev/null 2>&1
}

switch_divide_device() {
    switch_set_device set reset 1 && switch_set_device set enable_vlan 1 &&
        switch_set_device vlan 1 set ports "$SWITCH_PORTS" && switch_set_device set apply 1
}

switch_restore_device() {
    switch_set_device set reset 1
    switch_set_device set enable_vlan 0
    switch_set_device set apply 1
}

# --- /proc/switch -------------------------------------------------------------------------------

# Sets switch_files, and switch_loaded where it has loaded the drivers, as OpenWrt's own preinit does it later
# (05_init_interfaces_brcm). They reach the switch through the interface, which has to be up for that.
switch_find_files() {
    switch_files=/proc/switch/$INTERFACE
    switch_loaded=
    if [ ! -d "$switch_files" ]; then
        [ -n "$(find /lib/modules -name switch-robo.ko 2>/dev/null)" ] || return 1
        switch_loaded=loaded
    fi
    ifconfig "$INTERFACE" up
    [ -z "$switch_loaded" ] || switch_load
    [ -d "$switch_files" ]
}

switch_load() {
    # shellcheck source=templates/modules.sh
    . /etc/usbboot/modules.sh
    # shellcheck disable=SC2034 # for modules.sh
    usbboot_modules=/lib/modules/$(uname -r)
    usbboot_load_module switch-core && usbboot_load_module switch-robo && return
    rmmod switch-core 2>/dev/null
}

# Of a VLAN that is not used the driver shows an empty file.
switch_note_files() {
    read -r switch_vlans <"$switch_files/enable_vlan"
    echo "files $switch_files ${switch_vlans:-0} $switch_loaded" >"$switch_state"
    for switch_vlan in "$switch_files"/vlan/*; do
        switch_members=
        read -r switch_members <"$switch_vlan/ports"
        echo "${switch_vlan##*/} $switch_members"
    done >>"$switch_state"
}

# switch_set_file NAME TEXT
switch_set_file() {
    echo "$2" >"$switch_files/$1"
} 2>/dev/null

# VLANs that the boot loader has set up go first. The processor gets its frames without a tag (u).
switch_divide_files() {
    switch_set_file reset 1 && switch_set_file enable_vlan 1 || return 1
    for switch_vlan in "$switch_files"/vlan/*; do
        switch_set_file "vlan/${switch_vlan##*/}/ports" '' || return 1
    done
    switch_set_file vlan/1/ports "${SWITCH_PORTS}u*"
}

# The first line is not a VLAN's.
switch_restore_files() {
    switch_set_file reset 1
    while read -r switch_vlan switch_members; do
        [ "$switch_vlan" = files ] || switch_set_file "vlan/$switch_vlan/ports" "$switch_members"
    done <"$switch_state"
    switch_set_file enable_vlan "$switch_vlans"
    [ -z "$switch_loaded" ] || rmmod switch-robo switch-core
} 2>/dev/null
