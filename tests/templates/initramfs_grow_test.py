#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The data partition that grows to the end of its disk: templates/initramfs/grow.sh and
partition_table.sh. Tables are made and judged by sfdisk; what Linux would find after a power cut at any
sector is read by rules of linux block/partitions written here anew."""

import json
import os
import struct
import subprocess
import unittest
import zlib

from initramfs_case import InitramfsCase, device

SECTOR = 512
START, OLD_SIZE = 4096, 4096  # of the data partition, in sectors
OLD_DISK, NEW_DISK = 10240, 28672 + 777
ENVIRONMENT = {"PATH": "/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL": "C"}


def sfdisk(*words, script: str = "") -> str:
    return subprocess.run(["sfdisk", *map(str, words)], input=script, check=True, text=True,
                          env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout


def mbr_partitions(disk: bytes) -> list:
    return [struct.unpack_from("<II", disk, 446 + 16 * number + 8) for number in range(4)]


def gpt_partitions(disk: bytes) -> list:
    """As block/partitions/efi.c without "gpt" on the command line: the primary header alone."""
    header = bytearray(disk[SECTOR:SECTOR + 92])
    if header[:8] != b"EFI PART":
        raise ValueError("no header")
    crc, mine, entries_at = (*struct.unpack_from("<I", header, 16), *struct.unpack_from("<Q", header, 24),
                             *struct.unpack_from("<Q", header, 72))
    last_usable, = struct.unpack_from("<Q", header, 48)
    header[16:20] = bytes(4)
    entries = disk[entries_at * SECTOR:entries_at * SECTOR + 128 * 128]
    if crc != zlib.crc32(header) or mine != 1 or last_usable >= len(disk) // SECTOR:
        raise ValueError("a damaged header")
    if struct.unpack_from("<I", header, 88)[0] != zlib.crc32(entries):
        raise ValueError("damaged entries")
    return [struct.unpack_from("<QQ", entries, 128 * number + 32) for number in range(4)]


class GrowCase(InitramfsCase):
    kind = "mbr"

    def setUp(self):
        super().setUp()
        self.entry += "grow uuid:data\n"
        self.tags["UUID=data"] = "/dev/sdb2"
        self.disk = self.box.root / "dev/sdb"
        self.make_disk()
        self.add_checker("e2fsck")
        self.add_checker("resize2fs")
        self.filesystem(OLD_SIZE)
        self.kernel_sees(OLD_SIZE)
        self.wanted = (NEW_DISK - (33 if self.kind == "gpt" else 0)) // 2048 * 2048 - START
        self.box.write("state/reread", f"echo {self.wanted} >/sys/block/sdb/sdb2/size\n")

    def make_disk(self, script: str = f"2048,2048,S\n{START},{OLD_SIZE},L\n"):
        self.disk.write_bytes(b"")
        os.truncate(self.disk, OLD_DISK * SECTOR)
        label = "gpt" if self.kind == "gpt" else "dos"
        first = "" if self.kind == "mbr" else "first-lba: 2048\n"
        sfdisk("-q", self.disk, script=f"label: {label}\n{first}{script}")
        os.truncate(self.disk, NEW_DISK * SECTOR)
        self.before = self.disk.read_bytes()

    def kernel_sees(self, size: int):
        for name, start, sectors in (("sdb1", 2048, 2048), ("sdb2", START, size)):
            for place in (f"block/sdb/{name}", f"class/block/{name}"):
                self.box.write(f"fake/sys/{place}/partition", f"{name[-1]}\n")
                self.box.write(f"fake/sys/{place}/start", f"{start}\n")
                self.box.write(f"fake/sys/{place}/size", f"{sectors}\n")
        self.box.write("fake/sys/block/sdb/size", f"{NEW_DISK}\n")
        self.box.write("fake/sys/block/sdb/queue/logical_block_size", "512\n")

    def filesystem(self, sectors: int):
        """On the data partition, with blocks of 4 KiB."""
        superblock = bytearray(device("ext4"))
        struct.pack_into("<I", superblock, 1028, sectors // 8)
        struct.pack_into("<I", superblock, 1048, 2)
        self.box.write("dev/sdb2", bytes(superblock))

    def assertUntouched(self):
        self.assertEqual(self.before, self.disk.read_bytes())
        self.assertEqual([], self.box.calls("resize2fs", "blockdev"))
        self.assertStarts()

    def assertStays(self, reason: str):
        self.boot()
        self.assertSays(f"fsck: uuid:data does not grow: {reason}")
        self.assertUntouched()


class Table(GrowCase):
    def expected(self) -> bytes:
        """The disk as sfdisk makes it."""
        copy = self.box.root / "expected"
        copy.write_bytes(self.before)
        if self.kind == "gpt":
            sfdisk("-q", "--relocate", "gpt-bak-std", copy)
        sfdisk("-q", "-N", 2, copy, script=f"{START},{self.wanted}\n")
        return copy.read_bytes()

    def test_I14_as_sfdisk_does_it(self):
        self.boot()
        self.assertSays(rf"fsck: /dev/sdb2 has {self.wanted // 2048} MiB, up to the end of sdb")
        expected, disk = self.expected(), self.disk.read_bytes()
        head, tail = 34 * SECTOR, (NEW_DISK - 33) * SECTOR
        self.assertEqual(expected[:head], disk[:head])
        self.assertEqual(expected[tail:], disk[tail:])
        table = json.loads(sfdisk("-J", self.disk))["partitiontable"]["partitions"]
        self.assertEqual([(2048, 2048), (START, self.wanted)],
                         [(entry["start"], entry["size"]) for entry in table])
        self.assertIn("No errors detected", sfdisk("--verify", self.disk))

    def record(self):
        """Has each write to the disk kept, and its place."""
        path = "lib/usbboot/partition_table.sh"
        text = self.box.read(path)
        function = "write_sectors() {\n"
        self.assertIn(function, text)
        self.box.write(path, text.replace(
            function, function + '    cp "$TABLE/$1" "/state/written.$(wc -l </state/places)"\n'
            '    echo "$2" >>/state/places\n'))
        self.box.write("state/places", "")

    def recorded(self) -> list[tuple[int, bytes]]:
        places = self.box.read("state/places").split()
        return [(int(place), (self.box.root / f"state/written.{number}").read_bytes())
                for number, place in enumerate(places)]

    def partitions(self, disk: bytes) -> list:
        return mbr_partitions(disk) if self.kind == "mbr" else gpt_partitions(disk)

    def test_I14_linux_finds_one_of_the_two_tables_after_a_power_cut_at_any_sector(self):
        self.record()
        self.boot()
        disk = bytearray(self.before)
        old, new = self.partitions(disk), self.partitions(self.disk.read_bytes())
        self.assertNotEqual(old, new)
        seen = [old]
        for place, data in self.recorded():
            for sector in range(len(data) // SECTOR):
                at = (place + sector) * SECTOR
                disk[at:at + SECTOR] = data[sector * SECTOR:][:SECTOR]
                if (found := self.partitions(disk)) != seen[-1]:
                    seen.append(found)
        self.assertEqual([old, new], seen)
        self.assertEqual(self.disk.read_bytes(), disk, "there were other writes")

    def test_I14_the_next_start_ends_what_a_power_cut_began(self):
        self.record()
        self.boot()
        head, last = 34 * SECTOR, (NEW_DISK - 33) * SECTOR
        before, wanted, writes = self.before, self.disk.read_bytes(), self.recorded()
        for cut in range(len(writes)):
            with self.subTest(cut):
                self.setUp()
                disk = bytearray(before)
                for place, data in writes[:cut]:
                    disk[place * SECTOR:place * SECTOR + len(data)] = data
                self.disk.write_bytes(disk)
                first, second = self.partitions(disk)[1]
                self.kernel_sees(second if self.kind == "mbr" else second - first + 1)
                self.boot()
                self.assertStarts()
                after = self.disk.read_bytes()
                # The MBR that protects a GPT is the last write; nothing depends on it.
                first = SECTOR if self.kind == "gpt" else 0
                self.assertEqual(wanted[first:head], after[first:head])
                self.assertEqual(wanted[last:], after[last:])
                self.assertEqual(["resize2fs -f /dev/sdb2"], self.box.calls("resize2fs"))


class Gpt(Table):
    kind = "gpt"

    def damage(self, place: int, data: bytes):
        with open(self.disk, "r+b") as disk:
            disk.seek(place)
            disk.write(data)
        self.before = self.disk.read_bytes()

    def test_I14_a_damaged_one_is_left_alone(self):
        for place in (SECTOR + 56, 2 * SECTOR + 300, SECTOR, SECTOR + 24):
            with self.subTest(place):
                self.setUp()
                self.damage(place, b"\x55")
                self.assertStays("the partition table of sdb cannot be changed")

    def test_I14_one_without_room_for_a_second_copy(self):
        self.disk.write_bytes(b"")
        os.truncate(self.disk, OLD_DISK * SECTOR)
        sfdisk("-q", self.disk, script=f"label: gpt\nfirst-lba: 34\n2048,2048,S\n{START},{OLD_SIZE}\n")
        os.truncate(self.disk, NEW_DISK * SECTOR)
        self.before = self.disk.read_bytes()
        self.assertStays("the partition table of sdb cannot be changed")


class Mbr(Table):
    def test_cylinders_heads_and_sectors(self):
        """Of partitions that end beyond what they can say, and before."""
        self.box.write("try", ". /lib/usbboot/partition_table.sh\n"
                       "for sector in 0 62 63 16064 16065 16450559 16450560 4294967294; do "
                       "chs_of $sector; done\n")
        self.box.run("/bin/sh", "/try")
        self.assertEqual("000100" "003f00" "010100" "fe3f00" "000101" "feffff" "feffff\nfeffff\n",
                         self.box.output)  # the last two are out of their reach

    def test_another_start_than_the_kernels(self):
        self.box.write("fake/sys/block/sdb/sdb2/start", f"{START + 1}\n")
        self.assertStays("the partition table of sdb cannot be changed")


class Grow(GrowCase):
    def test_I14_between_swap_and_the_first_mount(self):
        self.tags["LABEL=USBSWAP"] = "/dev/sdb1"
        self.boot()
        self.assertStarts()
        self.assertOrder("swapon /dev/sdb1", "swapoff /dev/sdb1", "blockdev --rereadpt /dev/sdb",
                         "swapon /dev/sdb1", "e2fsck -f -p /dev/sdb2", "resize2fs -f /dev/sdb2",
                         "mount -t vfat -o rw,noatime /dev/sda1 /mnt/usbboot")
        self.assertSays("fsck: uuid:data has grown")

    def test_I14_only_where_the_entry_says_so(self):
        self.entry = self.entry.replace("grow uuid:data\n", "")
        self.boot()
        self.assertUntouched()
        self.assertNotIn("grow", self.box.output)

    def test_I14_once(self):
        self.kernel_sees(self.wanted)
        self.filesystem(self.wanted)
        self.boot()
        self.assertUntouched()
        self.assertEqual([], self.box.calls("e2fsck -f"))
        self.assertNotIn("grow", self.box.output)

    def test_I14_the_file_system_alone(self):
        """The power failed between the table and the file system."""
        self.kernel_sees(self.wanted)
        self.boot()
        self.assertEqual(self.before, self.disk.read_bytes())
        self.assertOrder("e2fsck -f -p /dev/sdb2", "resize2fs -f /dev/sdb2")

    def test_a_stick_that_is_not_written(self):
        self.box.write("etc/boot.conf", "guard no\n")
        self.boot()
        self.assertUntouched()

    def test_too_little_to_gain(self):
        self.kernel_sees(self.wanted - 16383)
        self.filesystem(self.wanted - 16383)
        self.boot()
        self.assertUntouched()

    def test_programs_are_missing(self):
        for program in ("e2fsck", "resize2fs"):
            self.setUp()
            (self.box.root / "sbin" / program).unlink()
            self.assertStays("e2fsck or resize2fs is missing")

    def test_no_such_partition(self):
        del self.tags["UUID=data"]
        self.assertStays("there is no such partition")
        self.assertLess(self.box.seconds, 5)

    def test_not_the_last_one(self):
        self.box.write("fake/sys/block/sdb/sdb3/start", "90000\n")
        self.assertStays("/dev/sdb2 is not the last partition of a disk")

    def test_a_disk_of_its_own(self):
        self.tags["UUID=data"] = "/dev/sdc"
        self.assertStays("/dev/sdc is not the last partition of a disk")

    def test_other_sectors(self):
        self.box.write("fake/sys/block/sdb/queue/logical_block_size", "4096\n")
        self.assertStays("/dev/sdb2 is not the last")

    def test_another_file_system(self):
        self.box.write("dev/sdb2", device("vfat"))
        self.assertStays("/dev/sdb2 holds no ext file system")

    def test_I12_too_little_memory(self):
        """58000 KiB of RAM; what the partition would have counts, not what it has."""
        self.box.write("fake/sys/block/sdb/size", f"{60 << 21}\n")
        self.assertStays(r"that takes \d+ KiB of memory, 58000 KiB are there \(swap\?\)")

    def test_I12_swap_counts_as_memory(self):
        """12 MiB take as many KiB."""
        for swap in (6, 7):
            self.setUp()
            self.box.write("fake/proc/meminfo", "MemTotal: 5 kB\n")
            self.tags["LABEL=USBSWAP"] = "/dev/sdb1"
            self.box.write("state/swap", f"{swap}\n")
            if swap == 6:
                self.assertStays("that takes 12 KiB of memory, 11 KiB are there")
        self.boot()
        self.assertSays("fsck: uuid:data has grown")

    def test_I11_the_kernel_does_not_read_the_table_again(self):
        self.box.fail("blockdev")
        self.tags["LABEL=USBSWAP"] = "/dev/sdb1"
        self.boot()
        self.assertSays("the partition table of sdb cannot be changed")
        self.assertOrder("swapoff /dev/sdb1", "blockdev --rereadpt /dev/sdb", "swapon /dev/sdb1")
        self.assertEqual([], self.box.calls("resize2fs"))
        self.assertStarts()

    def test_I11_damage_that_stays(self):
        self.add_checker("e2fsck", 4)
        self.entry += "fsck no\n"
        self.boot()
        self.assertSays(r"it cannot be repaired \(e2fsck says 4\)")
        self.assertEqual([], self.box.calls("resize2fs"))
        self.assertStarts()

    def test_I11_resize2fs_fails(self):
        self.add_checker("resize2fs", 1)
        self.boot()
        self.assertSays("fsck: uuid:data does not grow: resize2fs ends with 1")
        self.assertStarts()


del Table, GrowCase

if __name__ == "__main__":
    unittest.main()
