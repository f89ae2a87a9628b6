#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# What udhcpc calls with a lease: /etc/usbboot/udhcpc.sh. Address and default route, nothing else:
# no resolver, because boot servers are named by address and /etc is read-only.
# $interface, $ip, $subnet and $router come from udhcpc.

# shellcheck disable=SC2154
case $1 in
    deconfig)
        ifconfig "$interface" 0.0.0.0
        ;;
    bound | renew)
        ifconfig "$interface" "$ip" netmask "${subnet:-255.255.255.0}"
        for gateway in $router; do
            route add default gw "$gateway" dev "$interface"
            break
        done
        ;;
esac
