#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/second-stage: the search from an initramfs, and what comes behind it."""

import unittest

from case import BOOT_OK, Case

FALLBACK_KERNEL = "boot/fallback/vmlinux.elf"
MTD = ('dev:    size   erasesize  name\nmtd0: 00020000 00010000 "boot"\n'
       'mtd1: 003c0000 00010000 "rootfs"\nmtd2: 00010000 00010000 "rootfs_data"\n')
LED = "sys/class/leds/power"


class SecondStage(Case):
    def setUp(self):
        super().setUp()
        self.box.install_preinit("SKIP_KEY=none\nLED=power\n")
        (self.box.root / "etc/usbboot/pivot.sh").unlink()
        self.box.template("second-stage/init", "init")
        self.box.template("second-stage/preinit.00", "etc/preinit.00")
        self.box.template("boot/kexec.sh", "etc/usbboot/kexec.sh")
        self.box.write("sbin/init", "#!/stub/sh\n. /stub/lib.sh\nnote init $$\nthe_end\n", 0o755)
        self.box.write("fake/" + LED + "/brightness", "0\n")
        self.box.write("fake/" + LED + "/trigger", "[none] timer\n")
        for file in ("delay_on", "delay_off"):
            self.box.write(f"fake/{LED}/{file}", "0\n")

    def add_flash_root(self, device: str, files: dict):
        self.box.add_stick(device, "squashfs", files)

    def boot(self):
        self.box.add_kexec()
        self.box.run("/init")

    def assertRescue(self, message: str):
        self.assertSays(f"fallback: {message}")
        self.assertSays("done: rescue shell on the console")
        self.assertEqual("init 1", self.box.log[-1], self.fails_with_output())
        self.assertEqual("timer", self.box.read(f"{LED}/trigger").strip())
        self.assertEqual("100", self.box.read(f"{LED}/delay_on").strip())
        self.assertNotIn("/mnt", self.box.mounts)

    def assertFallback(self, device: str):
        self.assertNewKernel()
        self.assertSays("kexec: starting the fallback system")
        self.assertIn(f"mount -t squashfs -o ro {device} /mnt", self.box.log)
        self.assertIn(f"kexec -l /mnt/{FALLBACK_KERNEL} --dtb=/tmp/dummy.dtb", self.box.log)
        self.assertLess(self.box.log.index("umount /mnt"), self.box.log.index("kexec -e"))
        self.assertEqual("the kernel", self.box.read("state/loaded-kernel"))

    def test_script_of_the_stick_comes_first(self):
        self.add_flash_root("mtdblock1", {FALLBACK_KERNEL: b"the kernel"})
        self.box.write("fake/proc/mtd", MTD)
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.boot()
        self.assertLess(self.box.output.index("script: usb /tmp/usbboot/sda1 vfat"),
                        self.box.output.index("starting the fallback system"))

    def test_kernel_in_an_mtd_partition(self):
        self.box.write("fake/proc/mtd", MTD)
        self.add_flash_root("mtdblock1", {FALLBACK_KERNEL: b"the kernel"})
        self.boot()
        self.assertFallback("/dev/mtdblock1")

    def test_kernel_in_a_partition_of_a_disk(self):
        self.box.write("fake/sys/class/block/vda2/uevent", "DEVNAME=vda2\nPARTNAME=rootfs_data\n")
        self.box.write("fake/sys/class/block/vda3/uevent", "DEVNAME=vda3\nPARTNAME=rootfs\n")
        self.add_flash_root("vda3", {FALLBACK_KERNEL: b"the kernel"})
        self.boot()
        self.assertFallback("/dev/vda3")

    def test_first_of_the_name_that_holds_a_kernel(self):
        self.box.write("fake/proc/mtd", MTD.replace("rootfs_data", "rootfs"))
        self.add_flash_root("mtdblock1", {"etc/preinit": b"no kernel"})
        self.add_flash_root("mtdblock2", {FALLBACK_KERNEL: b"the kernel"})
        self.boot()
        self.assertFallback("/dev/mtdblock2")
        self.assertIn("umount /mnt", self.box.log)

    def test_flash_without_a_root(self):
        self.boot()
        self.assertRescue("there is no kernel in the flash to fall back to")
        self.assertEqual([], self.box.calls("kexec"))

    def test_root_without_a_kernel(self):
        self.box.write("fake/proc/mtd", MTD)
        self.add_flash_root("mtdblock1", {"etc/preinit": b""})
        self.boot()
        self.assertRescue("there is no kernel in the flash to fall back to")

    def test_kernel_that_cannot_be_loaded(self):
        for fault in ("kexec-l", "kexec-silent", "kexec-e"):
            with self.subTest(fault):
                self.setUp()
                self.box.write("fake/proc/mtd", MTD)
                self.add_flash_root("mtdblock1", {FALLBACK_KERNEL: b"the kernel"})
                self.box.fail(fault)
                self.boot()
                self.assertSays("done: rescue shell on the console")
                self.assertEqual("init 1", self.box.log[-1], self.fails_with_output())

    def test_kexec_that_came_back_is_unloaded(self):
        self.box.write("fake/proc/mtd", MTD)
        self.add_flash_root("mtdblock1", {FALLBACK_KERNEL: b"the kernel"})
        self.box.fail("kexec-e")
        self.boot()
        self.assertEqual("0", self.box.read("sys/kernel/kexec_loaded").strip())

    def test_kernel_too_large_for_the_memory(self):
        self.box.write("fake/proc/mtd", MTD)
        self.add_flash_root("mtdblock1", {FALLBACK_KERNEL: b"the kernel"})
        self.box.write("fake/proc/meminfo", "MemAvailable: 100 kB\n")
        self.boot()
        self.assertSays("kernel: the fallback system needs 4096 KiB of memory")
        self.assertSays("done: rescue shell on the console")

    def test_entry_without_kernel_is_passed_over(self):
        """Nothing can change the root below an initramfs."""
        self.box.template("boot.sh", "fake/media/sda1/files/boot/boot.sh")
        self.box.add_stick("sda1", "vfat", {"boot/entries/a.conf": b"root image:boot/a/root.img\n",
                                            "boot/a/root.img": b"root"})
        self.boot()
        self.assertSays("root: entry a has no kernel, and this flash system cannot change its root")
        self.assertSays("done: rescue shell on the console")


if __name__ == "__main__":
    unittest.main()
