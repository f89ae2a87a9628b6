#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The network for preinit and boot.sh: /etc/usbboot/network.sh, in the flash root only where network
# booting or messages by UDP were asked for. Functions alone; sourced, never run. Everything is bounded.
# Needs INTERFACE, IP ("A.B.C.D/N", or empty for DHCP), SWITCH_PORTS (may be empty) and NET_WAIT: the
# seconds that all the small things together may take, from the link to the boot script.

# shellcheck source=templates/bounded.sh
. /etc/usbboot/bounded.sh
# shellcheck source=templates/switch.sh
. /etc/usbboot/switch.sh

network_say() {
    network_uptime=-
    [ -r /proc/uptime ] && read -r network_uptime _ </proc/uptime
    echo "usbboot: [$network_uptime] network: $1"
    [ -z "$USBBOOT_BROADCAST" ] ||
        netmsg "$USBBOOT_BROADCAST" "usbboot: [$network_uptime] network: $1" 2>/dev/null
    return 0 # a root without netmsg has said it all the same
}

# network_limited KIB COMMAND...: COMMAND may write files of at most KIB.
network_limited() {
    ulimit -f $(($1 * 2)) 2>/dev/null
    shift
    exec "$@"
}

# Sets network_program; both take "-q -O FILE URL".
network_find_program() {
    network_program=wget
    for network_place in /bin /usr/bin /sbin /usr/sbin; do
        [ -x "$network_place/uclient-fetch" ] && network_program=uclient-fetch
    done
}

# network_fetch SECONDS KIB URL FILE
network_fetch() {
    network_find_program
    rm -f "$4"
    if usbboot_bounded "$1" network_limited "$2" "$network_program" -q -O "$4" "$3" &&
        [ -s "$4" ]; then
        return 0
    fi
    rm -f "$4"
    return 1
}

# network_split A.B.C.D/N: sets network_mask and network_broadcast.
network_split() {
    network_bits=${1#*/}
    network_rest=${1%/*}.
    network_mask=
    network_broadcast=
    for network_dot in . . . ''; do
        network_part=0
        if [ "$network_bits" -ge 8 ]; then
            network_part=255
            network_bits=$((network_bits - 8))
        elif [ "$network_bits" -gt 0 ]; then
            network_part=$((256 - (1 << (8 - network_bits))))
            network_bits=0
        fi
        network_octet=${network_rest%%.*}
        network_rest=${network_rest#*.}
        network_mask=$network_mask$network_part$network_dot
        network_broadcast=$network_broadcast$((network_octet | (255 - network_part)))$network_dot
    done
}

# Sets network_clock, hundredths of a second; a leading zero would make the number an octal one.
network_read_clock() {
    [ -r /proc/uptime ] && read -r network_clock _ </proc/uptime || return 1
    network_clock=${network_clock%.*}${network_clock#*.}
    network_clock=${network_clock#"${network_clock%%[!0]*}"}
    network_clock=${network_clock:-0}
}

# network_left: sets network_seconds to what is left of NET_WAIT since network_up; fails with none left.
network_left() {
    network_read_clock || return 1
    network_seconds=$(((network_deadline - network_clock) / 100))
    [ "$network_seconds" -gt 0 ]
}

# Up to 4 seconds for the link: a switch port needs 2 to 4 after its reset.
network_wait_link() {
    network_polls=0
    while [ "$network_polls" -lt 4 ] && network_left; do
        network_carrier=1
        [ -r "/sys/class/net/$INTERFACE/carrier" ] &&
            read -r network_carrier <"/sys/class/net/$INTERFACE/carrier"
        [ "$network_carrier" = 1 ] && return 0
        sleep 1
        network_polls=$((network_polls + 1))
    done
    network_say "no link on $INTERFACE"
    return 1
}

# The interface, up, and noted for preinit, which takes it down again.
network_open() {
    [ -d "/sys/class/net/$INTERFACE" ] || {
        network_say "no interface $INTERFACE"
        return 1
    }
    [ -e /tmp/usbboot/interface ] || echo "$INTERFACE" >/tmp/usbboot/interface
    switch_divide
    ifconfig "$INTERFACE" up
}

# The address of the settings.
network_set_address() {
    network_split "$IP"
    ifconfig "$INTERFACE" "${IP%/*}" netmask "$network_mask"
}

network_up() {
    network_read_clock || return 1
    network_deadline=$((network_clock + NET_WAIT * 100))
    network_open && network_wait_link || return 1
    if [ -n "$IP" ]; then
        network_set_address || return 1
        network_say "$INTERFACE has $IP"
    else
        if ! network_left || ! usbboot_bounded "$network_seconds" udhcpc -n -q -f -t 3 -T 1 \
            -i "$INTERFACE" -s /etc/usbboot/udhcpc.sh >/dev/null 2>&1; then
            network_say "no answer to DHCP on $INTERFACE"
            return 1
        fi
        network_say "$INTERFACE has an address by DHCP"
    fi
}

# Without address and down, and the switch as it was, as the original preinit expects them.
network_down() {
    rm -f /tmp/usbboot/interface
    switch_restore
    [ -d "/sys/class/net/$INTERFACE" ] || return 0
    ifconfig "$INTERFACE" 0.0.0.0 2>/dev/null
    ifconfig "$INTERFACE" down
}
