#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/preinit. Ids in the names are the requirements in docs/boot-chain.md."""

import unittest

from case import BOOT_OK, Case, sha256
from trust_case import manifest_of


class Preinit(Case):
    def boot(self, *arguments: str, **environment: str):
        self.box.run("/etc/preinit", *arguments, environment=environment)

    def test_P2_P3_hands_over_as_without_the_wrapper(self):
        """Same process, arguments, environment and descriptors as without the wrapper."""
        self.box.write("etc/preinit", self.box.read("etc/preinit.00"), 0o755)
        self.boot("one", "two words", "", TERM="linux", URL="kept")
        expected = self.box.read("state/preinit.00").replace("name /etc/preinit", "")
        self.box.install_preinit()
        self.boot("one", "two words", "", TERM="linux", URL="kept")
        got = self.box.read("state/preinit.00").replace("name /etc/preinit.00", "")
        self.assertEqual(expected, got, self.fails_with_output())
        self.assertIn("pid 1\n", got)

    def test_P2_every_failing_command_ends_in_the_flash_system(self):
        for command in ("mount", "umount", "mknod", "usleep", "devtmpfs"):
            with self.subTest(command):
                self.setUp()
                self.box.install_preinit()
                self.box.add_interface()
                self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
                self.box.fail(command)
                self.boot()
                self.assertFlashBoot()

    def test_P2_script_that_dies_or_breaks_settings(self):
        for script in (b"kill -9 $$\n", b"exit 0\n", b"if\n", b"kill -TERM $PPID; exit 1\n"):
            with self.subTest(script):
                self.setUp()
                self.box.install_preinit()
                self.box.add_stick("sda1", "vfat", {"boot/boot.sh": script})
                self.boot()
                self.assertFlashBoot()
                self.assertEqual(["/"], self.box.mounts)
        self.setUp()
        self.box.install_preinit("(\n")
        self.boot()
        self.assertFlashBoot()

    def test_P4_first_pass_of_procd_does_nothing(self):
        self.box.install_preinit()
        self.box.write("sbin/procd", "", 0o755)
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.boot()
        self.assertFlashBoot()
        self.assertEqual([], self.box.log)
        self.assertEqual("", self.box.output)

    def test_P4_second_pass_of_procd_tries(self):
        self.box.era_b()
        self.box.install_preinit()
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.box.mounted_already()
        before = self.box.mounts
        self.boot(PREINIT="1")
        self.assertSays("script: usb /tmp/usbboot/sda1 vfat")
        self.assertFlashBoot()
        self.assertEqual(before, self.box.mounts)
        self.assertIn("mount -t tmpfs -o mode=0755 usbboot /tmp/usbboot", self.box.log,
                      "init's /tmp is nodev")
        self.assertFalse(self.box.exists("tmp/usbboot"))

    def test_initramfs_images_are_left_alone(self):
        self.box.install_preinit()
        self.boot(INITRAMFS="1")
        self.assertFlashBoot()
        self.assertEqual([], self.box.log)

    def test_P5_unmounts_what_it_mounted(self):
        self.box.install_preinit()
        self.boot()
        self.assertFlashBoot()
        self.assertEqual(["/"], self.box.mounts)
        self.assertEqual(["mount -t proc proc /proc", "mount -t sysfs sysfs /sys",
                          "mount -t devtmpfs dev /dev",
                          "mount -t tmpfs -o mode=1777 tmpfs /tmp"], self.box.calls("mount"))
        self.assertEqual(["umount /tmp", "umount /dev", "umount /sys", "umount /proc"],
                         self.box.calls("umount"))

    def test_P6_no_process_survives(self):
        self.box.install_preinit()
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.boot()
        self.assertNotIn("other processes", self.box.read("state/preinit.00"))

    def test_P8_order_of_the_steps(self):
        self.box.install_preinit("URL='http://10.0.0.1:80/boot'\nIP='10.0.0.2/24'\n"
                                 "UNSIGNED_NETWORK=yes\n", network=True)
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.box.write("state/real-sleep", "")
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.box.write("fake/web/boot/boot.sh", BOOT_OK)
        self.box.write("fake/web/boot/boot.manifest", manifest_of({"boot.sh": BOOT_OK}))
        self.boot()
        order = ["modprobe usbcore", "modprobe ext4", "mount -t tmpfs -o mode=1777 tmpfs /tmp",
                 "ifconfig eth0 up", "ifconfig eth0 10.0.0.2 netmask 255.255.255.0",
                 "wget -q -O /tmp/usbboot/boot.manifest http://10.0.0.1:80/boot/boot.manifest",
                 "wget -q -O /tmp/usbboot/boot.sh http://10.0.0.1:80/boot/boot.sh",
                 "ifconfig eth0 down",
                 "mount -t vfat -o ro /tmp/usbboot/sda1 /tmp/usbboot/mnt",
                 "umount /tmp/usbboot/mnt", "umount /tmp"]
        places = [self.box.log.index(call) for call in order]
        self.assertEqual(sorted(places), places, self.fails_with_output())
        self.assertSays("script: http http://10.0.0.1:80/boot\n")
        self.assertSays("script: usb /tmp/usbboot/sda1 vfat\n")
        self.assertFlashBoot()

    def test_P8_network_is_not_tried_unless_configured(self):
        self.box.install_preinit(network=True)
        self.boot()
        self.assertEqual([], self.box.calls("ifconfig", "udhcpc", "wget"))

    def test_P9_no_storage_interface(self):
        self.box.install_preinit()
        self.boot()
        self.assertSays("no USB storage in 5 seconds")
        self.assertLess(self.box.seconds, 0.86 + 5.5)

    def test_P9_interface_without_disk(self):
        self.box.install_preinit()
        self.box.add_interface()
        self.boot()
        self.assertSays("no boot script on USB in 10 seconds")
        self.assertLess(self.box.seconds, 0.86 + 10.5)

    def test_P9_settings_of_the_waits(self):
        self.box.install_preinit("USB_WAIT=2\nDISK_WAIT=3\n")
        self.boot()
        self.assertSays("no USB storage in 2 seconds")
        self.assertLess(self.box.seconds, 0.86 + 2.5)

    def test_P9_late_disk_is_found(self):
        self.box.install_preinit()
        self.box.add_interface()
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.box.at(7.0, "mkdir -p /sys/block /sys/class/block; mv /late/block/sda /sys/block/; "
                    "mv /late/class/block/sda1 /sys/class/block/")
        for folder in ("block", "class"):
            (self.box.root / "late").mkdir(exist_ok=True)
            (self.box.root / "fake/sys" / folder).rename(self.box.root / "late" / folder)
        self.boot()
        self.assertSays("script: usb")

    def test_P9_time_goes_on_where_sleep_does_not(self):
        """A clock, not a count of sleeps: some kernels' sleep returns at once."""
        self.box.install_preinit("USB_WAIT=1\n")
        self.box.write("usr/sbin/usleep", "#!/stub/sh\n. /stub/lib.sh\npass 1\n", 0o755)
        self.boot()
        self.assertLess(self.box.seconds, 0.86 + 2.5)

    def test_P9_script_that_hangs_is_ended(self):
        self.box.install_preinit("SCRIPT_WAIT=1\n")
        self.box.write("state/real-sleep", "")
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": b"exec /stub/busybox sleep 600\n"})
        self.boot()
        self.assertSays("boot.sh came back with status 137")
        self.assertFlashBoot()
        self.assertNotIn("other processes", self.box.read("state/preinit.00"))

    def test_P9_disk_that_hangs_is_given_up(self):
        self.box.install_preinit("DISK_WAIT=1\n")
        self.box.write("state/real-sleep", "")
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        stub = self.box.read("usr/sbin/mount").replace(
            "may_fail mount\n", "case $* in *mnt) exec /stub/busybox sleep 600 ;; esac\n")
        self.box.write("usr/sbin/mount", stub, 0o755)
        self.boot()
        self.assertSays("sda1 has no file system known here")
        self.assertFlashBoot()
        self.assertNotIn("other processes", self.box.read("state/preinit.00"))

    def test_P9_what_cannot_be_killed_is_no_longer_waited_for(self):
        """As a process that waits for a dead disk: the kernel does not let go of it."""
        self.box.template("bounded.sh", "etc/usbboot/bounded.sh")
        self.box.write("state/real-sleep", "")
        self.box.write("tmp/test.sh", ". /etc/usbboot/bounded.sh\n"
                       "kill() { [ \"$1\" = -9 ] && [ \"$2\" = \"$usbboot_child\" ] && return; "
                       "command kill \"$@\"; }\n"
                       "usbboot_bounded 1 /stub/busybox sleep 600\n"
                       "[ $? -gt 128 ] && echo 'went on'\n")
        self.box.write("proc/self/stat", "1 (sh) S\n")
        self.box.write("state/devices", "")
        self.assertIn("went on", self.box.run("/bin/sh", "/tmp/test.sh"))

    def test_scripts_can_read_the_console(self):
        self.box.install_preinit()
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": b"read -r line; echo \"typed $line\"\n"})
        self.box.run("/etc/preinit", typed="hello\n")
        self.assertSays("\ntyped hello\n")

    def files(self) -> dict[str, str]:
        """Hashes of squashfs and stick: all that preinit has mounted nothing over, and no stub's."""
        own = {"tmp", "proc", "sys", "dev", "state", "stub"}
        return {str(path.relative_to(self.box.root)): sha256(path.read_bytes())
                for folder in self.box.root.iterdir() if folder.name not in own
                for path in folder.rglob("*") if path.is_file()}

    def test_P7_P15_writes_nothing_but_its_own_tmpfs(self):
        for script in (BOOT_OK, b"kill -9 $PPID\n", None):
            with self.subTest(script):
                self.setUp()
                self.box.install_preinit()
                self.box.add_interface()
                self.box.add_stick("sda1", "vfat", {"boot/boot.sh": script} if script else {"readme": b"x"})
                for writer in ("mtd", "nvram"):
                    self.box.write(f"usr/sbin/{writer}", f"#!/stub/sh\n. /stub/lib.sh\nnote {writer}\n", 0o755)
                before = self.files()
                self.boot()
                self.assertFlashBoot()
                self.assertEqual(before, self.files())
                self.assertEqual([], self.box.calls("mtd", "nvram"))

    def test_P10_reads_only_and_all_file_systems(self):
        for fstype, options in (("vfat", "ro"), ("ext4", "ro,noload"), ("ext3", "ro,noload"),
                                ("ext2", "ro")):
            with self.subTest(fstype):
                self.setUp()
                self.box.install_preinit()
                self.box.add_stick("sdb1", fstype, {
                    "boot/boot.sh": b"cat /proc/mounts >/state/seen; echo \"script: $0 $*\"\n"})
                self.boot()
                self.assertSays(f"script: /tmp/usbboot/boot.sh usb /tmp/usbboot/sdb1 {fstype}\n")
                self.assertIn(
                    f"mount -t {fstype} -o {options} /tmp/usbboot/sdb1 /tmp/usbboot/mnt",
                    self.box.log)
                self.assertNotIn("/tmp/usbboot/mnt", self.box.read("state/seen"))

    def test_P10_stick_without_partition_table(self):
        self.box.install_preinit()
        self.box.add_stick("sda", "vfat", {"boot/boot.sh": BOOT_OK})
        self.boot()
        self.assertSays("script: usb /tmp/usbboot/sda vfat\n")

    def test_P10_second_stick_has_the_script(self):
        self.box.install_preinit()
        self.box.add_stick("sda1", "ext4", {"readme": b"photos"})
        self.box.add_stick("sdb1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.boot()
        self.assertSays("sda1 has no /boot/boot.sh")
        self.assertSays("script: usb /tmp/usbboot/sdb1 vfat\n")

    def test_P10_stick_without_script_costs_two_seconds(self):
        self.box.install_preinit()
        self.box.add_interface()
        self.box.add_stick("sda1", "vfat", {"readme": b"photos"})
        self.boot()
        self.assertFlashBoot()
        self.assertLess(self.box.seconds, 0.86 + 3.5)
        self.assertEqual(["/"], self.box.mounts)

    def test_P10_unknown_file_system(self):
        self.box.install_preinit()
        self.box.add_stick("sda1", "ntfs", {"boot/boot.sh": BOOT_OK})
        self.boot()
        self.assertSays("sda1 has no file system known here")
        self.assertFlashBoot()

    def test_P10_device_that_cannot_be_read_yet(self):
        """The kernel shows a partition before one can open it."""
        self.box.install_preinit()
        self.box.add_interface()
        self.box.add_stick("sda1", "none", {"boot/boot.sh": BOOT_OK})
        self.box.at(2.0, "echo vfat >/fake/media/sda1/fstype")
        self.boot()
        self.assertSays("script: usb /tmp/usbboot/sda1 vfat\n")
        self.assertNotIn("no file system", self.box.output)

    def test_P10_slow_disk_shows_its_partitions_late(self):
        """Reading the whole disk takes 3 seconds, and then there is a partition."""
        self.box.install_preinit()
        self.box.add_interface()
        self.box.add_stick("sda", "none", {})
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        (self.box.root / "late").mkdir()
        (self.box.root / "fake/sys/block/sda/sda1").rename(self.box.root / "late/sda1")
        self.box.at(2.0, "mv /late/sda1 /sys/block/sda/")
        stub = self.box.read("usr/sbin/mount").replace(
            "may_fail mount\n", "may_fail mount\ncase $* in *vfat*sda\\ *) pass 300 ;; esac\n")
        self.box.write("usr/sbin/mount", stub, 0o755)
        self.boot()
        self.assertSays("script: usb /tmp/usbboot/sda1 vfat\n")

    def test_P11_script_too_large_or_empty(self):
        for contents, message in ((b"#" * ((1 << 20) + 1), "larger than 1 MiB"), (b"", "empty")):
            with self.subTest(message):
                self.setUp()
                self.box.install_preinit()
                self.box.add_stick("sda1", "vfat", {"boot/boot.sh": contents})
                self.boot()
                self.assertSays(f"boot.sh is {message}")
                self.assertNotIn("running boot.sh", self.box.output)
                self.assertFlashBoot()

    def test_P11_script_of_exactly_1_MiB_runs(self):
        self.box.install_preinit()
        script = BOOT_OK + b"#" * ((1 << 20) - len(BOOT_OK))
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": script})
        self.boot()
        self.assertSays("script: usb")

    def test_P13_failsafe_skips(self):
        self.box.era_b()
        self.box.install_preinit()
        self.box.write("tmp/failsafe_button", "reset")
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.box.mounted_already()
        self.boot(PREINIT="1")
        self.assertSays("skip: failsafe button")
        self.assertNotIn("script:", self.box.output)
        self.assertFlashBoot()

    def test_P13_failsafe_on_the_command_line(self):
        self.box.install_preinit()
        self.box.write("fake/proc/cmdline", "console=ttyS0 failsafe=1\n")
        self.boot()
        self.assertSays("skip: failsafe= on the kernel command line")
        self.assertFlashBoot()
        self.assertEqual([], self.box.calls("modprobe"))

    def test_modules_by_modprobe_or_insmod(self):
        self.box.install_preinit()
        self.box.write("state/modules", "usbcore\n")
        self.box.write("lib/modules/6.1.0/fs/ext4.ko", "")
        self.boot()
        self.assertEqual(["modprobe usbcore", "modprobe ext4",
                          "insmod /lib/modules/6.1.0/fs/ext4.ko"],
                         self.box.calls("modprobe", "insmod"))
        self.assertSays("modules: loaded\n")

    def test_modules_by_kmodloader_without_modprobe(self):
        self.box.install_preinit()
        (self.box.root / "usr/sbin/modprobe").unlink()
        self.box.write("sbin/kmodloader", "#!/stub/sh\n. /stub/lib.sh\nnote kmodloader "
                       "$(/stub/busybox cat $1/*)\n", 0o755)
        self.box.era_b()
        self.boot(PREINIT="1")
        self.assertEqual(["kmodloader usbcore ext4"], self.box.calls("kmodloader"))
        self.assertFalse(self.box.exists("tmp/usbboot.modules"))

    def test_no_hotplug_helper_is_set(self):
        self.box.install_preinit()
        self.box.write("proc/sys/kernel/hotplug", "/sbin/hotplug-call\n")
        self.box.era_b()
        self.boot(PREINIT="1")
        self.assertEqual("/sbin/hotplug-call\n", self.box.read("proc/sys/kernel/hotplug"))

    def test_kernel_without_modules(self):
        self.box.install_preinit()
        (self.box.root / "lib/modules/6.1.0").rmdir()
        self.boot()
        self.assertEqual([], self.box.calls("modprobe", "insmod"))
        self.assertSays("modules: none for this kernel, all is built in\n")

    def test_module_that_is_there_is_not_loaded(self):
        self.box.install_preinit()
        self.box.write("fake/sys/module/usbcore/refcnt", "1\n")
        self.boot()
        self.assertEqual(["modprobe ext4"], self.box.calls("modprobe"))
        self.assertSays("modules: built in or missing: ext4\n")

    def test_console_lines(self):
        self.box.install_preinit()
        self.boot()
        for line in self.box.output.splitlines():
            self.assertRegex(line, r"^usbboot: \[[0-9.]+\] (start|modules|usb|fallback): ")

    def test_old_kernel_without_devtmpfs(self):
        self.box.install_preinit()
        self.box.fail("devtmpfs")
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": BOOT_OK})
        self.boot()
        self.assertIn("mknod /dev/null c 1 3", self.box.log)
        self.assertSays("script: usb")
        self.assertEqual(["/"], self.box.mounts)


class Network(Case):
    def boot(self, settings: str = "IP='10.0.0.2/20'\n"):
        self.box.install_preinit("NET_WAIT=2\nURL='http://10.0.0.1/boot'\n" + settings,
                                 network=True)
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.box.write("state/real-sleep", "")
        self.box.run("/etc/preinit")
        self.assertFlashBoot()
        self.assertNotIn("other processes", self.box.read("state/preinit.00"))
        self.assertEqual(["/"], self.box.mounts)
        self.assertEqual("ifconfig eth0 down", self.box.calls("ifconfig")[-1])

    def test_P9_fetch_that_hangs_is_killed(self):
        self.box.write("usr/sbin/wget", "#!/stub/sh\nexec /stub/busybox sleep 600\n", 0o755)
        self.boot()
        self.assertSays("no boot script from http://10.0.0.1/boot")

    def test_P9_no_server(self):
        self.box.fail("wget")
        self.boot()
        self.assertSays("no boot script from http://10.0.0.1/boot")
        self.assertIn("ifconfig eth0 10.0.0.2 netmask 255.255.240.0", self.box.log)

    def test_P9_no_dhcp(self):
        self.box.fail("udhcpc")
        self.boot("")
        self.assertSays("no answer to DHCP on eth0")
        self.assertEqual([], self.box.calls("wget"))

    def test_dhcp(self):
        self.box.write("fake/web/boot/boot.sh", BOOT_OK)
        self.box.write("fake/web/boot/boot.manifest", manifest_of({"boot.sh": BOOT_OK}))
        self.boot("UNSIGNED_NETWORK=yes\n")
        self.assertSays("script: http http://10.0.0.1/boot\n")
        self.assertEqual(["udhcpc -n -q -f -t 3 -T 1 -i eth0 -s /etc/usbboot/udhcpc.sh"],
                         self.box.calls("udhcpc"))

    def test_P11_endless_body(self):
        self.box.write("fake/web/boot/boot.manifest", manifest_of({"boot.sh": BOOT_OK}))
        endless = ("case $4 in\n*boot.sh)\n/stub/busybox seq 1 300000 >\"$3\"\n"
                   "/stub/busybox wc -c <\"$3\" >/state/size\nexit 1 ;;\nesac\n")
        stub = self.box.read("usr/sbin/wget").replace("may_fail wget\n", "may_fail wget\n" + endless)
        self.box.write("usr/sbin/wget", stub, 0o755)
        self.boot("UNSIGNED_NETWORK=yes\n")
        self.assertSays("no boot script from http://10.0.0.1/boot")
        self.assertEqual(1 << 20, int(self.box.read("state/size")))

    def test_P9_no_link(self):
        self.box.install_preinit("URL='http://10.0.0.1/boot'\n", network=True)
        self.box.write("fake/sys/class/net/eth0/carrier", "0\n")
        self.box.run("/etc/preinit")
        self.assertSays("no link on eth0")
        self.assertLess(self.box.seconds, 0.86 + 4 + 5.5)
        self.assertFlashBoot()

    def test_no_such_interface(self):
        self.box.install_preinit("URL='http://10.0.0.1/boot'\nINTERFACE=eth7\n", network=True)
        self.box.run("/etc/preinit")
        self.assertSays("no interface eth7")
        self.assertFlashBoot()


if __name__ == "__main__":
    unittest.main()
