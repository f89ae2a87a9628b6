# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Part of boot.sh: the stick. Mounted read-only but for one moment: the one-shot guard notes the
# entry in /boot/tried, so that a system that does not come up costs one boot and not all of them.
# Where the note cannot be written nothing is started, unless boot.conf says "guard no".

# shellcheck disable=SC2154 # WORK, MOUNT, entry, guard, ...: boot.sh's

# mount_medium DEVICE FSTYPE: without replaying a journal, which would write.
mount_medium() {
    device=$1 fstype=$2
    case $fstype in
        ext[34]) mount_as ro,noload ;;
        *) mount_as ro ;;
    esac
}

# mount_as OPTIONS
mount_as() {
    mkdir -p "$MOUNT"
    mount -t "$fstype" -o "$1" "$device" "$MOUNT" || return 1
    mounted=yes
}

unmount_medium() {
    [ -n "$mounted" ] || return 0
    for attempt in 1 2 3; do
        if umount "$MOUNT"; then
            mounted=
            return 0
        fi
        say usb "cannot unmount $MOUNT ($attempt)"
        sleep 1
    done
    return 1
}

# copy_small FILE COPY: its first 16 KiB, whatever its size.
copy_small() {
    dd if="$1" of="$2" bs=4096 count=4 2>/dev/null
}

# All that decides what is started, as it stands on the mounted medium.
copy_entries() {
    rm -rf "$WORK/entries" "$WORK/tried" "$WORK/boot.conf"
    mkdir -p "$WORK/entries"
    for file in boot.conf tried; do
        [ ! -f "$MOUNT/boot/$file" ] || copy_small "$MOUNT/boot/$file" "$WORK/$file"
    done
    copied=0
    for file in "$MOUNT"/boot/entries/*.conf; do
        name=${file##*/}
        [ -f "$file" ] && is_entry_name "${name%.conf}" || continue
        [ "$copied" -lt 32 ] || break
        copied=$((copied + 1))
        copy_small "$file" "$WORK/entries/$name" || say script "cannot read /boot/entries/$name"
    done
}

# The marks of other entries, then that of this one: the last line is what was started last.
marks() {
    if [ -r "$WORK/tried" ]; then
        while read -r mark || [ -n "$mark" ]; do
            mark=${mark%"$carriage_return"}
            is_entry_name "$mark" && [ "$mark" != "$entry" ] && echo "$mark"
        done <"$WORK/tried"
    fi
    echo "$entry"
}

# Never written through a link, and read back: a full file system may leave an empty file.
write_marks() {
    rm -rf "$MOUNT/boot/tried"
    marks >"$MOUNT/boot/tried" && sync && [ "$(cat "$MOUNT/boot/tried")" = "$(marks)" ]
}

# The medium is not mounted, before and after.
mark_tried() {
    if [ "$guard" = no ]; then
        say script "guard no: a start that fails is not noted on the stick"
        return 0
    fi
    mount_as rw,noatime || return 1
    if ! write_marks; then
        rm -f "$MOUNT/boot/tried"
        return 1
    fi
    unmount_medium || return 1
    say script "entry $entry noted in /boot/tried until it reports a good start"
}
