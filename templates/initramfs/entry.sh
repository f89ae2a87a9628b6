# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The boot entry: /etc/entry.conf of the initramfs, then /boot/entries/NAME.conf of the medium, which
# overrules it key by key. Keys that are unknown or have no value are passed over, so that a
# damaged file takes nothing away.

# shellcheck disable=SC2034 # the values are for the other parts
name='' medium='' root='' root_sum='' network=dhcp interface=eth0 options=rw,noatime init=/sbin/init path='' environment='' mounts=''
swap='' grow='' fsck=yes rescue=no guard=yes
carriage_return=$(printf '\r')
line_end='
'

# read_entry FILE: all env and mount lines of a file together overrule those before.
read_entry() {
    own_environment='' own_mounts=''
    while read -r key value || [ -n "$key" ]; do
        value=${value%"$carriage_return"}
        [ -n "$value" ] || continue
        case $key in
            name) name=$value ;;
            medium) medium=$value ;;
            root) root=$value ;;
            root-sha256) root_sum=$value ;;
            network) network=$value ;;
            interface) interface=$value ;;
            options) options=$value ;;
            init) init=$value ;;
            path) path=$value ;;
            env) own_environment=$own_environment$value$line_end ;;
            mount) own_mounts=$own_mounts$value$line_end ;;
            swap) swap=$value ;;
            grow) grow=$value ;;
            fsck) fsck=$value ;;
            rescue) rescue=$value ;;
        esac
    done <"$1"
    environment=${own_environment:-$environment}
    mounts=${own_mounts:-$mounts}
}

# read_boot_conf FILE: the stick's settings; the guard alone matters here.
read_boot_conf() {
    [ -r "$1" ] || return 0
    while read -r key value || [ -n "$key" ]; do
        [ "$key" != guard ] || guard=${value%"$carriage_return"}
    done <"$1"
}

read_own_entry() {
    [ -r /etc/entry.conf ] || fail initramfs "there is no /etc/entry.conf"
    read_boot_conf /etc/boot.conf
    read_entry /etc/entry.conf
    say initramfs "entry $name"
}

# has_option WORD: among the root's options.
has_option() {
    case ,$options, in
        *",$1,"*) return 0 ;;
    esac
    return 1
}
