# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The data partition grows to the end of its disk, where the entry says "grow uuid:U": before anything
# of the disk is mounted, with e2fsck and resize2fs of the initramfs. Nothing notes that it was done:
# the disk itself tells whether there is room behind the partition, or in it behind the file system.
# Whatever fails, the stick is used as it is. One that shall not be written (guard no) is not.

# Less is not worth it, in sectors: resize2fs leaves room that is too small for a group of blocks.
LEAST_GROWTH=16384

stays_small() {
    say fsck "$grow does not grow: $1"
}

grow_data() {
    [ -n "$grow" ] && [ "$guard" != no ] || return 0
    [ -x /sbin/e2fsck ] && [ -x /sbin/resize2fs ] || {
        stays_small "e2fsck or resize2fs is missing"
        return
    }
    tag_of "$grow"
    wait_for "$tag" 3 || {
        stays_small "there is no such partition"
        return
    }
    locate_partition "${device##*/}" || {
        stays_small "$device is not the last partition of a disk"
        return
    }
    type_of "$device"
    [ "$fstype" = ext ] || {
        stays_small "$device holds no ext file system"
        return
    }
    if room_behind_partition; then
        may_check "$wanted" && enlarge_partition || return 0
    fi
    filesystem_sectors
    [ $((size - sectors)) -lt "$LEAST_GROWTH" ] || enlarge_filesystem
}

# locate_partition NAME: by sysfs, in sectors of 512 bytes. Fails where another lies behind it.
locate_partition() {
    for folder in /sys/block/*/"$1"; do
        [ -r "$folder/partition" ] || return 1
        disk=${folder%/*}
        disk=${disk##*/}
    done
    read -r number <"$folder/partition" && read -r start <"$folder/start" &&
        read -r size <"$folder/size" && read -r disk_size <"/sys/block/$disk/size" || return 1
    [ "$(cat "/sys/block/$disk/queue/logical_block_size")" = 512 ] || return 1
    for other in /sys/block/"$disk"/"$disk"*/start; do
        read -r other_start <"$other"
        [ "$other_start" -le "$start" ] || return 1
    done
}

# room_behind_partition: sets wanted, to where "mkbootusb write" lets it grow.
room_behind_partition() {
    table_end "/dev/$disk" "$disk_size" || return 1
    wanted=$((end / 2048 * 2048 - start))
    [ "$wanted" -ge "$size" ] || wanted=$size
    [ $((wanted - size)) -ge "$LEAST_GROWTH" ] || table_is_unfinished "/dev/$disk"
}

# may_check SECTORS: the check and the growing take about the same memory.
may_check() {
    usbboot_has_memory $(($1 / 2048)) && return 0
    stays_small "that takes $usbboot_needed KiB of memory, $usbboot_memory KiB are there (swap?)"
    return 1
}

# The kernel only reads a table again where nothing of the disk is in use.
enlarge_partition() {
    [ -z "$swap_device" ] || swapoff "$swap_device"
    attended "$MOUNT_LIMIT" write_table "/dev/$disk" "$disk_size" "$number" "$start" "$wanted" &&
        blockdev --rereadpt "/dev/$disk"
    written=$?
    [ -z "$swap_device" ] || swapon "$swap_device"
    wait_until 3 is_enlarged || {
        stays_small "the partition table of $disk cannot be changed ($written)"
        return 1
    }
    say fsck "$device has $((size / 2048)) MiB, up to the end of $disk"
}

is_enlarged() {
    has_device "$tag" && read -r size <"$folder/size" && [ "$size" -eq "$wanted" ]
} 2>/dev/null

# filesystem_sectors: of the superblock's block count and block size. Sets sectors.
filesystem_sectors() {
    number_at "$device" 1028
    sectors=$value
    number_at "$device" 1048
    sectors=$((sectors << (value + 1)))
}

# resize2fs wants a file system that was just checked. One that lost its power half way is marked as
# faulty, and checked and enlarged again.
enlarge_filesystem() {
    may_check "$size" || return 0
    say fsck "$grow grows to $((size / 2048)) MiB, which may take minutes"
    usbboot_run_checker /sbin/e2fsck -f -p "$device"
    checked=$?
    [ "$checked" -le 1 ] || {
        stays_small "it cannot be repaired (e2fsck says $checked)"
        return
    }
    attended "$LONG_LIMIT" /sbin/resize2fs -f "$device" || {
        stays_small "resize2fs ends with $?"
        return
    }
    say fsck "$grow has grown"
}
