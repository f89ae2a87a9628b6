#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The network for preinit and boot.sh: /etc/usbboot/network.sh, in the flash root only where network
# booting was asked for. Functions alone; sourced, never run. Everything is bounded by a killer that
# is waited for, because OpenWrt has no timeout applet and some wget crash on -T.
# Needs INTERFACE, IP ("A.B.C.D/N", or empty for DHCP) and NET_WAIT (seconds).

network_say() {
    network_uptime=-
    [ -r /proc/uptime ] && read -r network_uptime _ </proc/uptime
    echo "usbboot: [$network_uptime] network: $1"
}

# network_bounded SECONDS COMMAND...: the status of COMMAND, which is killed after SECONDS.
# Neither it nor the killer is left behind. The killer's sleep is ended by KILL: an ash that was only
# just forked for it may lose a TERM before it has become sleep, and would be waited for to its end.
network_bounded() {
    network_limit=$1
    shift
    "$@" &
    network_child=$!
    (
        trap 'kill -9 $!; wait; exit' TERM
        sleep "$network_limit" &
        wait
        kill -9 "$network_child"
    ) 2>/dev/null &
    network_killer=$!
    wait "$network_child" 2>/dev/null
    network_status=$?
    kill "$network_killer" 2>/dev/null
    wait "$network_killer" 2>/dev/null
    return "$network_status"
}

# network_limited KIB COMMAND...: COMMAND may write files of at most KIB.
network_limited() {
    ulimit -f $(($1 * 2)) 2>/dev/null
    shift
    exec "$@"
}

# network_fetch SECONDS KIB URL FILE
network_fetch() {
    network_program=wget
    for network_place in /bin /usr/bin /sbin /usr/sbin; do
        [ -x "$network_place/uclient-fetch" ] && network_program=uclient-fetch
    done
    rm -f "$4"
    if network_bounded "$1" network_limited "$2" "$network_program" -q -O "$4" "$3" &&
        [ -s "$4" ]; then
        return 0
    fi
    rm -f "$4"
    return 1
}

# network_netmask BITS: 24 -> 255.255.255.0
network_netmask() {
    network_bits=$1
    network_mask=
    for network_dot in . . . ''; do
        if [ "$network_bits" -ge 8 ]; then
            network_mask="${network_mask}255$network_dot"
            network_bits=$((network_bits - 8))
        else
            network_mask="$network_mask$((256 - (1 << (8 - network_bits))))$network_dot"
            network_bits=0
        fi
    done
    echo "$network_mask"
}

# Up to 4 seconds for the link: a switch port needs 2 to 4 after its reset.
network_wait_link() {
    network_polls=0
    while [ "$network_polls" -lt 4 ]; do
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

network_up() {
    [ -d "/sys/class/net/$INTERFACE" ] || {
        network_say "no interface $INTERFACE"
        return 1
    }
    ifconfig "$INTERFACE" up || return 1
    network_wait_link || return 1
    if [ -n "$IP" ]; then
        ifconfig "$INTERFACE" "${IP%/*}" netmask "$(network_netmask "${IP#*/}")" || return 1
        network_say "$INTERFACE has $IP"
    else
        network_bounded "$NET_WAIT" udhcpc -n -q -f -t 3 -T 1 -i "$INTERFACE" \
            -s /etc/usbboot/udhcpc.sh >/dev/null 2>&1 || {
            network_say "no answer to DHCP on $INTERFACE"
            return 1
        }
        network_say "$INTERFACE has an address by DHCP"
    fi
}

# Without address and down, as the original preinit expects it.
network_down() {
    [ -d "/sys/class/net/$INTERFACE" ] || return 0
    ifconfig "$INTERFACE" 0.0.0.0 2>/dev/null
    ifconfig "$INTERFACE" down
}
