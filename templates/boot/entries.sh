# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: boot.conf and the boot entries, all of them copies in tmpfs. An entry that is of
# no use is removed from there, so what is left in $WORK/entries can be tried; the highest priority
# first, unless somebody at the console chooses.

# shellcheck disable=SC2154 # WORK, carriage_return: boot.sh's

# A path of an entry or manifest, relative to the folder of boot.sh. Sets path.
relative_path() {
    path=${1#/}
    path=${path#boot/}
    case "/$path/" in
        */../* | //) path= ;;
    esac
}

# read_settings FILE: sets timeout and guard; what is not understood counts as not there.
read_settings() {
    timeout=3 guard=yes
    [ -r "$1" ] || return 0
    while read -r key value || [ -n "$key" ]; do
        value=${value%"$carriage_return"}
        case $key:$value in
            timeout:*[!0-9]* | timeout:) ;;
            timeout:? | timeout:?? | timeout:???) timeout=$value ;;
            guard:yes | guard:no) guard=$value ;;
        esac
    done <"$1"
}

# read_entry FILE: sets title, priority, kernel, kernel_sum, root, root_sum, options. An entry that keeps
# the kernel and names no root gets that of the flash's settings, where preinit has found one.
read_entry() {
    title='' priority=100 kernel='' kernel_sum='' root='' root_sum='' options=rw,noatime
    while read -r key value || [ -n "$key" ]; do
        value=${value%"$carriage_return"}
        case $key in
            title) title=$value ;;
            priority) priority=$value ;;
            kernel) kernel=$value ;;
            kernel-sha256) kernel_sum=$value ;;
            root) root=$value ;;
            root-sha256) root_sum=$value ;;
            options) options=$value ;;
        esac
    done <"$1"
    [ -n "$kernel$root" ] || root=$USBBOOT_ROOT
    case $priority in
        '' | *[!0-9]* | ???????*) priority=0 ;;
    esac
}

# is_entry_name NAME: as mkbootusb makes them, and harmless in a shell.
is_entry_name() {
    case $1 in
        '' | -* | *[!a-z0-9-]* | entries) return 1 ;;
    esac
    [ ${#1} -le 32 ]
}

# is_marked NAME: whether it was started before and has not reported a good start since.
is_marked() {
    [ "$guard" = yes ] && [ -r "$WORK/tried" ] || return 1
    while read -r mark || [ -n "$mark" ]; do
        [ "${mark%"$carriage_return"}" = "$1" ] && return 0
    done <"$WORK/tried"
    return 1
}

# Says what is the matter with the entry just read, if anything is.
has_fault() {
    is_source "$kernel" || relative_path "$kernel"
    if [ -z "$kernel$root" ]; then
        say script "entry $entry names neither kernel nor root"
    elif ! is_source "$kernel" && [ -n "$kernel" ] && [ -z "$path" ]; then
        say script "entry $entry: its kernel path leaves the boot folder"
    elif is_marked "$entry"; then
        say skip "entry $entry was started before and did not report a good start. To try it again:"
        say skip "run usbboot-retry in the flash system, or delete /boot/tried on the stick with a PC"
    else
        return 1
    fi
}

# Removes what is of no use; fails where nothing is left. Sets entries, their number.
sift_entries() {
    entries=0
    for file in "$WORK"/entries/*.conf; do
        [ -f "$file" ] || continue
        entry=${file##*/}
        entry=${entry%.conf}
        read_entry "$file"
        if has_fault; then
            rm -f "$file"
        else
            entries=$((entries + 1))
        fi
    done
    [ "$entries" -gt 0 ]
}

# The entry that somebody wanted, else the highest priority, the first by name among equals. Sets
# entry and what read_entry sets; fails where none is left.
choose_entry() {
    chosen='' best=-1
    for file in "$WORK"/entries/*.conf; do
        [ -f "$file" ] || continue
        read_entry "$file"
        [ "$file" = "$WORK/entries/$wanted.conf" ] && priority=1000000
        [ "$priority" -gt "$best" ] || continue
        best=$priority
        chosen=$file
    done
    [ -n "$chosen" ] || return 1
    read_entry "$chosen"
    entry=${chosen##*/}
    entry=${entry%.conf}
    is_source "$kernel" && return 0
    relative_path "$kernel"
    kernel=$path
}

# Old ones of ash, and dash, cannot wait for input only a while: status 2 says so.
can_wait() {
    (read -r -t 1 _ </dev/null) 2>/dev/null
    [ $? -lt 2 ]
}

# choose_answer TEXT: a number of the list, a name, or 0 for the flash system. Sets wanted.
choose_answer() {
    [ "$1" = 0 ] && give_up skip "the flash system was chosen"
    number=0
    for file in "$WORK"/entries/*.conf; do
        number=$((number + 1))
        name=${file##*/}
        name=${name%.conf}
        [ "$1" = "$number" ] || [ "$1" = "$name" ] || continue
        wanted=$name
        return 0
    done
    return 1
}

show_entries() {
    number=0
    for file in "$WORK"/entries/*.conf; do
        read_entry "$file"
        number=$((number + 1))
        name=${file##*/}
        say script "$number: ${name%.conf} (${title:-no title})"
    done
    say script "number or name and Enter to choose, 0 for the flash system"
}

# Where there is a choice, it is offered for $timeout seconds; whoever types something that is no
# answer gets half a minute more.
offer_choice() {
    wanted=
    [ "$entries" -gt 1 ] && [ "$timeout" -gt 0 ] && can_wait || return 0
    show_entries
    choose_entry
    left=$timeout
    while [ "$left" -gt 0 ]; do
        say script "$entry in $left s"
        # shellcheck disable=SC3045 # can_wait has tried it
        if read -r -t 1 answer; then
            choose_answer "${answer%"$carriage_return"}" && return 0
            show_entries
            left=30
        fi
        left=$((left - 1))
    done
}
