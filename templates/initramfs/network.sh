# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The network, for entries whose root is on a server, and for no others: one interface, an address
# by DHCP or from the entry. It stays up into the new system, which is told in /etc/usbboot.network
# of its root; udhcpc has ended by then (the root's usbboot-lease goes on with the lease). Everything is
# bounded.

INTERFACE_WAIT=10
LINK_WAIT=10
LEASE_WAIT=30

is_on_server() {
    case $root in
        nbd:* | nfs:* | http:*) return 0 ;;
    esac
    return 1
}

has_interface() {
    [ -d "/sys/class/net/$interface" ]
}

# A switch port needs 2 to 4 seconds after its reset.
has_link() {
    carrier=0
    read -r carrier <"/sys/class/net/$interface/carrier"
    [ "$carrier" = 1 ]
} 2>/dev/null

get_lease() {
    attended "$LEASE_WAIT" udhcpc -n -q -f -t 8 -T 2 -i "$interface" -s /etc/usbboot/udhcpc.sh \
        >/dev/null 2>&1 || fail network "no answer to DHCP on $interface"
}

set_address() {
    ip addr add "$network" broadcast + dev "$interface" ||
        fail network "cannot set the address $network"
}

# Sets address, for messages and for the new system.
find_address() {
    address=$(ip -4 -o addr show dev "$interface" | sed -n 's|.* inet \([0-9./]*\).*|\1|p')
    address=${address%%"$line_end"*}
    [ -n "$address" ] || fail network "$interface has no address"
}

# After a failure nobody on a stick or server knows that there was one, and the next start would do
# the same: it comes late enough for a person to read this, and to skip it.
slow_down_failures() {
    [ -n "$medium" ] || FAILURE_DELAY=30
}

open_network() {
    is_on_server || return 0
    slow_down_failures
    wait_until "$INTERFACE_WAIT" has_interface || fail network "there is no interface $interface"
    ifconfig lo 127.0.0.1
    ifconfig "$interface" up || fail network "cannot bring $interface up"
    wait_until "$LINK_WAIT" has_link || fail network "no link on $interface"
    case $network in
        dhcp) get_lease ;;
        *) set_address ;;
    esac
    find_address
    say network "$interface has $address ($network)"
}

# What the new system must not take away, and go on with.
hand_network_over() {
    is_on_server || return 0
    printf "INTERFACE='%s'\nADDRESS='%s'\nNETWORK='%s'\n" "$interface" "$address" "$network" \
        >"$NEW_ROOT/etc/usbboot.network" || say network "the root is not told about $interface"
} 2>/dev/null
