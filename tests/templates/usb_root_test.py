#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
"""templates/usb-root: what stands in a root on USB. Ids are the requirements in docs/boot-chain.md."""

import gzip
import io
import tarfile
import unittest

from case import Case, sha256

ORIGINAL = '#!/bin/sh\necho "${0##*/} ran: $*"\n'
KERNEL = b"\x7fELF and the rest"
MTD = 'dev:    size   erasesize  name\nmtd0: 00040000 00010000 "boot"\nmtd3: 00100000 00010000 "rootfs_data"\n'


def tgz(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for path, contents in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(contents)
            archive.addfile(entry, io.BytesIO(contents.encode()))
    return data.getvalue()


class UsbRoot(Case):
    def setUp(self):
        super().setUp()
        self.box.era_b()
        for command in ("say", "ok", "end", "halt", "lease"):
            self.box.template(f"usb-root/usbboot-{command}", f"usr/sbin/usbboot-{command}")
        for part in ("gpio.sh", "led.sh"):
            self.box.template(part, f"etc/usbboot/{part}", 0o644)
        self.box.write("etc/usbboot/led.conf", "LED='dmz power'\n")

    def guard(self, source: str, path: str):
        """A guard in its place, and the original where guards keep it."""
        self.box.template(f"usb-root/{source}", path)
        self.box.write(f"usr/lib/usbboot/{path.rpartition('/')[2]}", ORIGINAL, 0o755)

    def test_R4_writers_refuse_and_say_why(self):
        for program in ("sbin/mtd", "sbin/firstboot", "sbin/jffs2reset", "lib/upgrade/stage2"):
            self.guard("refuse", program)
            self.box.run(f"/{program}", "-y")
            self.assertEqual(1, self.box.status)
            self.assertSays(f"{program.rpartition('/')[2]}: refused: .* from USB")
            self.assertSays(f"itself is /usr/lib/usbboot/{program.rpartition('/')[2]}")

    def test_R4_nvram_commits_nothing(self):
        self.guard("nvram", "usr/sbin/nvram")
        self.box.run("nvram", "set", "a=b", "commit")
        self.assertEqual(1, self.box.status)
        self.assertSays("commit refused")
        self.box.run("nvram", "get", "two words")
        self.assertEqual("nvram ran: get two words\n", self.box.output)

    def test_R4_block_mounts_no_overlay(self):
        self.guard("block", "sbin/block")
        self.box.run("block", "extroot")
        self.assertEqual(1, self.box.status)
        self.box.run("block", "mount")
        self.assertEqual("block ran: mount\n", self.box.output)
        self.box.write("usr/lib/usbboot/swapon", ORIGINAL, 0o755)
        (self.box.root / "sbin/swapon").symlink_to("block")
        self.box.run("/sbin/swapon", "-a")
        self.assertEqual("swapon ran: -a\n", self.box.output)

    def test_R2_mount_root_is_no_fault(self):
        self.guard("mount_root", "sbin/mount_root")
        self.box.run("mount_root", "done")
        self.assertEqual((0, ""), (self.box.status, self.box.output))
        self.box.run("mount_root")
        self.assertEqual(0, self.box.status)
        self.assertSays("the root is the one on USB")

    def test_R4_no_image_is_valid(self):
        self.guard("validate_firmware_image", "usr/libexec/validate_firmware_image")
        self.box.run("/usr/libexec/validate_firmware_image", "/tmp/x.trx")
        self.assertEqual(1, self.box.status)
        self.assertSays('"valid": false, "forceable": false')

    def test_R3_reset_button(self):
        self.guard("reset-button", "etc/rc.button/reset")
        self.box.run("/etc/rc.button/reset", environment={"ACTION": "released", "SEEN": "10"})
        self.assertSays("ignored")
        self.box.run("/etc/rc.button/reset", environment={"ACTION": "pressed", "SEEN": "0"})
        self.assertEqual([], self.box.calls("reboot", "umount"))
        self.box.run("/etc/rc.button/reset", environment={"ACTION": "released", "SEEN": "0"})
        self.assertEqual("reboot", self.box.log[-1])

    # --- sysupgrade ---

    def flash(self, files: dict[str, str]):
        self.guard("sysupgrade", "sbin/sysupgrade")
        self.box.write("proc/mtd", MTD)
        self.box.write("fake/media/usbboot-flash.node/fstype", "jffs2\n")
        for path, contents in files.items():
            self.box.write(f"fake/media/usbboot-flash.node/files/{path}", contents)

    def archived(self) -> dict[str, str]:
        with tarfile.open(self.box.root / "tmp/saved.tgz") as archive:
            return {entry.name: archive.extractfile(entry).read().decode()
                    for entry in archive if entry.isfile()}

    def test_R6_saves_the_settings_of_the_flash(self):
        self.box.write("etc/config/network", "of the stick")
        for place in ("", "upper/"):
            with self.subTest(place):
                self.flash({f"{place}etc/config/network": "of the flash",
                            f"{place}etc/sysupgrade.conf": "# mine\n/root/keys\n/etc/config\n",
                            f"{place}root/keys": "secret", f"{place}usr/bin/added": "no setting"})
                self.box.run("sysupgrade", "-b", "/tmp/saved.tgz")
                self.assertEqual(0, self.box.status, self.fails_with_output())
                saved = self.archived()
                self.assertEqual("of the flash", saved["etc/config/network"])
                self.assertEqual("secret", saved["root/keys"])
                self.assertNotIn("usr/bin/added", saved)
                self.assertIn("mount -t jffs2 -o ro /tmp/usbboot-flash.node /tmp/usbboot-flash",
                              self.box.log)
                self.assertNotIn("/tmp/usbboot-flash", self.box.mounts)
                self.assertFalse(self.box.exists("tmp/usbboot-flash"))

    def test_R6_flash_without_settings(self):
        self.flash({"usr/bin/added": "x"})
        self.box.run("sysupgrade", "-b", "/tmp/saved.tgz")
        self.assertEqual(1, self.box.status)
        self.assertSays("no settings that differ")
        self.assertNotIn("/tmp/usbboot-flash", self.box.mounts)

    def test_R6_unformatted_flash_and_kernel_without_mtd(self):
        self.flash({"etc/x": "x"})
        self.box.write("fake/media/usbboot-flash.node/fstype", "none\n")
        self.box.run("sysupgrade", "-b", "/tmp/saved.tgz")
        self.assertEqual(1, self.box.status)
        self.assertSays("no formatted settings")
        (self.box.root / "proc/mtd").unlink()
        self.box.run("sysupgrade", "-b", "/tmp/saved.tgz")
        self.assertSays("this kernel has no MTD")

    def test_R4_sysupgrade_refuses_images(self):
        self.flash({"etc/x": "x"})
        for words in (["/tmp/x.trx"], ["-n", "/tmp/x.trx"], ["-b"], []):
            self.box.run("sysupgrade", *words)
            self.assertEqual(1, self.box.status)
        self.assertEqual([], self.box.calls("mount"))

    def test_R6_restores_into_the_root(self):
        self.flash({})
        self.box.write("tmp/saved.tgz", tgz({"etc/config/network": "restored"}))
        self.box.run("sysupgrade", "-r", "/tmp/saved.tgz")
        self.assertEqual("restored", self.box.read("etc/config/network"))

    # --- preinit ---

    def mount_root(self):
        self.box.template("usb-root/80_mount_root", "lib/preinit/80_mount_root")
        self.box.write("proc/mounts", "/dev/loop0 / ext4 rw,noatime 0 0\n")
        self.box.run("sh", "-c", "boot_hook_add() { hook=$1; function=$2; }; "
                     '. /lib/preinit/80_mount_root; echo "$hook"; $function')

    def test_R1_saved_settings_are_restored_before_init(self):
        self.box.write("etc/passwd", "root:x:0:0\nours:x:7:7\n")
        self.box.write("sysupgrade.tgz", tgz({"etc/passwd": "root:new:0:0\n", "etc/x": "restored"}))
        self.mount_root()
        self.assertSays("^preinit_main\n")
        self.assertEqual("restored", self.box.read("etc/x"))
        self.assertEqual("root:new:0:0\nours:x:7:7\n", self.box.read("etc/passwd"))
        self.assertFalse(self.box.exists("sysupgrade.tgz"))
        self.assertEqual([], self.box.calls("mount"))

    def test_R1_damaged_settings_are_kept(self):
        self.box.write("sysupgrade.tgz", b"no archive")
        self.mount_root()
        self.assertSays("sysupgrade.tgz is damaged")
        self.assertTrue(self.box.exists("sysupgrade.tgz.damaged"))

    # --- commands ---

    def test_R11_progress_outside_preinit(self):
        self.box.write("sys/class/leds/board:power/trigger", "[none] timer\n")
        for name in ("delay_on", "delay_off", "brightness"):
            self.box.write(f"sys/class/leds/board:power/{name}", "0\n")
        self.box.write("usr/sbin/netmsg", '#!/bin/sh\necho "netmsg $*"\n', 0o755)
        self.box.write("usr/sbin/ifconfig",
                       '#!/bin/sh\necho "  inet addr:192.168.1.1  Bcast:192.168.1.255  Mask:x"\n', 0o755)
        self.box.run("usbboot-say", "switch", "two", "words")
        self.assertSays(r"usbboot: \[0.86\] switch: two words")
        self.assertSays(r"netmsg 192.168.1.255 usbboot: \[0.86\] switch: two words")
        self.assertEqual("timer\n", self.box.read("sys/class/leds/board:power/trigger"))
        self.assertEqual("500\n", self.box.read("sys/class/leds/board:power/delay_on"))
        self.box.write("sys/class/leds/board:power/trigger", "none [timer]\n")
        self.box.run("usbboot-say", "fallback", "broken")
        self.assertEqual("100\n", self.box.read("sys/class/leds/board:power/delay_on"))
        self.box.run("usbboot-say", "done", "up")
        self.assertEqual("none\n", self.box.read("sys/class/leds/board:power/trigger"))
        self.assertEqual("255\n", self.box.read("sys/class/leds/board:power/brightness"))

    def test_R11_led_at_a_gpio_line(self):
        self.box.write("etc/usbboot/led.conf", "LED='power gpio:3:low'\n")
        for name, text in (("gpiochip0/base", "0\n"), ("gpiochip0/ngpio", "16\n"), ("gpio3/value", "0\n"),
                           ("gpio3/direction", "out\n")):
            self.box.write(f"sys/class/gpio/{name}", text)
        self.box.run("usbboot-say", "done", "up")
        self.assertEqual("low\n", self.box.read("sys/class/gpio/gpio3/direction"))

    def test_R11_without_led_and_network(self):
        self.box.run("usbboot-say", "done", "up")
        self.assertEqual(0, self.box.status)
        self.assertSays("done: up")

    def test_a_good_start_clears_its_own_mark(self):
        (self.box.root / "var").mkdir()
        self.box.write("mnt/usbboot/boot/tried", "other\ndefault\n")
        self.box.run("usbboot-ok")
        self.assertEqual("other\n", self.box.read("mnt/usbboot/boot/tried"))
        self.box.run("usbboot-ok")
        self.assertFalse(self.box.exists("mnt/usbboot/boot/tried"))
        self.assertSays("done: the system on USB is up")

    def stick(self):
        self.box.template("usb-root/usbboot-switch", "usr/sbin/usbboot-switch")
        self.box.template("boot.sh", "mnt/usbboot/boot/boot.sh")
        self.box.add_kexec()
        self.box.write("sys/kernel/kexec_loaded", "0\n")
        self.box.write("mnt/usbboot/boot/new/vmlinux.elf", KERNEL)
        self.box.write("mnt/usbboot/boot/entries/new.conf",
                       f"kernel new/vmlinux.elf\nkernel-sha256 {sha256(KERNEL)}\nroot label:USBROOT\n")
        self.box.write("proc/mounts", "/dev/sda1 /mnt/usbboot vfat rw 0 0\n/dev/loop0 / ext4 rw 0 0\n")
        self.box.write("etc/rc.d/K50service", "#!/bin/sh\necho \"service: $1\"\n", 0o755)

    def test_R11_switch_ends_services_and_starts_the_entry(self):
        self.stick()
        self.box.run("usbboot-switch", "new")
        self.assertNewKernel()
        self.assertSays("switch: to entry new\n.*service: shutdown")
        self.assertEqual(KERNEL, (self.box.root / "state/loaded-kernel").read_bytes())
        self.assertEqual("new\n", self.box.read("mnt/usbboot/boot/tried"))
        self.assertIn("mount -o remount,ro /", self.box.log)
        self.assertLess(self.box.log.index("mount -o remount,ro /"), self.box.log.index("kexec -e"))

    def test_switch_ends_nothing_where_the_entry_is_no_good(self):
        for entry, message in (("none", "no boot entry \"none\""), ("new", "wrong checksum"),
                               ("../x", "no boot entry")):
            with self.subTest(entry):
                self.stick()
                self.box.write("mnt/usbboot/boot/new/vmlinux.elf", b"another kernel")
                self.box.run("usbboot-switch", entry)
                self.assertEqual(1, self.box.status)
                self.assertSays(message)
                self.assertNotIn("service:", self.box.output)
                self.assertEqual([], self.box.calls("kexec"))
                self.assertFalse(self.box.exists("mnt/usbboot/boot/tried"))

    def reset(self, *words: str):
        self.box.template("usb-root/usbboot-reset", "usr/sbin/usbboot-reset")
        self.box.write("proc/mounts", "/dev/sda1 /mnt/usbboot vfat rw 0 0\n/dev/loop0 / ext4 rw 0 0\n")
        self.box.write("sys/block/loop0/loop/backing_file", "/mnt/usbboot/boot/default/root.img\n")
        self.box.run("usbboot-reset", *words)

    def test_reset_is_asked_for_at_the_next_start(self):
        self.box.write("mnt/usbboot/boot/default/root.img.gz", gzip.compress(b"shipped"))
        self.reset()
        self.assertEqual(1, self.box.status)  # nobody said yes
        self.assertFalse(self.box.exists("mnt/usbboot/boot/default/reset"))
        self.reset("-y")
        self.assertEqual("reboot", self.box.log[-1])
        self.assertTrue(self.box.exists("mnt/usbboot/boot/default/reset"))

    def test_reset_without_a_copy(self):
        (self.box.root / "mnt/usbboot/boot/default").mkdir(parents=True)
        self.reset("-y")
        self.assertEqual(1, self.box.status)
        self.assertSays("no copy of the shipped root")

    def hook(self) -> str:
        self.box.template("hooks/10-reset", "etc/usbboot/root.d/10-reset", 0o644)
        self.box.write("mnt/usbboot/boot/default/root.img", "changed")
        return self.box.run("sh", "-c", "say() { echo $*; }; fail() { echo fail $*; exit 9; }; "
                            "name=default root=image:boot/default/root.img; "
                            ". /etc/usbboot/root.d/10-reset; echo mounted")

    def test_reset_hook_restores_the_image(self):
        self.box.write("mnt/usbboot/boot/default/root.img.gz", gzip.compress(b"shipped"))
        self.assertEqual("mounted\n", self.hook())
        self.assertEqual("changed", self.box.read("mnt/usbboot/boot/default/root.img"))
        self.box.write("mnt/usbboot/boot/default/reset", "")
        self.hook()
        self.assertSays("as it was shipped\nmounted")
        self.assertEqual("shipped", self.box.read("mnt/usbboot/boot/default/root.img"))
        self.assertFalse(self.box.exists("mnt/usbboot/boot/default/reset"))

    def test_reset_hook_keeps_the_image_where_the_copy_is_damaged(self):
        self.box.write("mnt/usbboot/boot/default/root.img.gz", gzip.compress(b"shipped")[:-3])
        self.box.write("mnt/usbboot/boot/default/reset", "")
        self.hook()
        self.assertSays("fail root boot/default/root.img.gz is damaged")
        self.assertEqual("changed", self.box.read("mnt/usbboot/boot/default/root.img"))
        self.assertTrue(self.box.exists("mnt/usbboot/boot/default/reset"))

    def test_switch_without_kexec_or_stick(self):
        self.stick()
        (self.box.root / "sbin/kexec").unlink()
        self.box.run("usbboot-switch", "new")
        self.assertSays("no kexec program")
        (self.box.root / "mnt/usbboot/boot/boot.sh").unlink()
        self.box.run("usbboot-switch", "new")
        self.assertSays("not mounted")

    def test_R8_root_and_stick_become_read_only(self):
        self.box.write("proc/mounts", "/dev/sda1 /mnt/usbboot vfat rw 0 0\n/dev/loop0 / ext4 rw 0 0\n")
        self.box.write("proc/sysrq-trigger", "")
        self.box.fail("remount-usbboot")
        self.box.at(2, "echo '/dev/sda1 /mnt/usbboot vfat ro 0 0' >/proc/mounts")
        self.box.run("usbboot-halt")
        self.assertEqual(["sync", "mount -o remount,ro /", "mount -o remount,ro /mnt/usbboot"],
                         self.box.log[:3])
        self.assertEqual("sync", self.box.log[-1])
        self.assertEqual("u\n", self.box.read("proc/sysrq-trigger"))
        self.assertNotIn("stays writable", self.box.output)

    def test_R8_a_root_in_which_a_file_is_still_written(self):
        self.box.write("proc/mounts", "/dev/nbd0 / ext4 rw,noatime 0 0\n")
        self.box.write("proc/sysrq-trigger", "")
        self.box.fail("mount")
        self.box.at(2, "echo '/dev/nbd0 / ext4 ro 0 0' >/proc/mounts")
        self.box.run("usbboot-halt")
        self.assertEqual("u\n", self.box.read("proc/sysrq-trigger"))
        self.assertNotIn("stays writable", self.box.output)

    def test_R8_a_stick_whose_node_the_flash_system_has_made(self):
        node = "/tmp/usbboot/sda1 /mnt/usbboot vfat {} 0 0"
        self.box.write("proc/mounts", node.format("rw,noatime") + "\n/dev/loop0 / ext4 ro 0 0\n")
        self.box.write("proc/sysrq-trigger", "")
        self.box.fail("remount-usbboot")
        self.box.at(2, f"echo '{node.format('ro')}' >/proc/mounts")
        self.box.run("usbboot-halt")
        self.assertEqual("u\n", self.box.read("proc/sysrq-trigger"))
        self.assertNotIn("stays writable", self.box.output)

    def test_R8_nothing_is_forced_on_a_root_on_nfs(self):
        self.box.write("proc/mounts", "10.0.2.2:/root / nfs rw 0 0\n")
        self.box.write("proc/sysrq-trigger", "")
        self.box.fail("mount")
        self.box.run("usbboot-halt")
        self.assertEqual("", self.box.read("proc/sysrq-trigger"))

    def test_R7_the_lease_goes_on_without_an_event_that_takes_the_address(self):
        lease = "INTERFACE='eth0'\nADDRESS='10.0.2.15/24'\nNETWORK='{}'\n"
        self.box.write("etc/usbboot.network", lease.format("dhcp"))
        self.box.run("sh", "-c", "usbboot-lease; /stub/busybox sleep 1")  # it is in the background
        self.assertIn("udhcpc -b -t 3 -T 2 -A 20 -i eth0 -r 10.0.2.15 -s /usr/sbin/usbboot-lease",
                      self.box.log)
        for event, ip in (("deconfig", ""), ("leasefail", ""), ("bound", "10.0.2.15"), ("renew", "10.0.2.15")):
            self.box.run("usbboot-lease", event, environment={"interface": "eth0", "ip": ip})
        self.assertEqual([], self.box.calls("ip", "ifconfig"))
        self.box.run("usbboot-lease", "bound",
                     environment={"interface": "eth0", "ip": "10.0.2.16", "mask": "24"})
        self.assertEqual(["ip addr add 10.0.2.16/24 dev eth0"], self.box.calls("ip"))

    def test_R7_the_lease_is_kept_under_a_name_that_nothing_ends(self):
        """systemd, and usbboot-end, leave alone what begins with "@"; busybox goes by what is behind the slash."""
        self.box.write("etc/usbboot.network", "INTERFACE=eth0\nADDRESS=10.0.2.15/24\nNETWORK=dhcp\n")
        self.box.write("usr/sbin/udhcpc", '#!/bin/sh\necho "$0" >/state/name\n', 0o755)
        (self.box.root / "run").mkdir()
        self.box.run("sh", "-c", "usbboot-lease; /stub/busybox sleep 1")
        self.assertEqual("@/udhcpc\n", self.box.read("state/name"))

    def test_R7_sysvinit_is_told_of_the_lease(self):
        self.box.write("etc/usbboot.network", "INTERFACE=eth0\nADDRESS=10.0.2.15/24\nNETWORK=dhcp\n")
        (self.box.root / "run/sendsigs.omit.d").mkdir(parents=True)
        self.box.run("sh", "-c", "usbboot-lease; /stub/busybox sleep 1")
        self.assertIn("-p /run/sendsigs.omit.d/usbboot-lease", self.box.calls("udhcpc")[0])

    def test_R7_systemd_has_a_service_for_the_lease(self):
        self.box.write("etc/usbboot.network", "INTERFACE=eth0\nADDRESS=10.0.2.15/24\nNETWORK=dhcp\n")
        (self.box.root / "run/systemd/system").mkdir(parents=True)
        self.box.run("sh", "-c", "usbboot-ok; /stub/busybox sleep 1")
        self.assertEqual([], self.box.calls("udhcpc"))

    def processes(self, then: str) -> list[str]:
        """Three processes, one of them with a name that is spared, shown in /proc as the kernel would; then
        `then`. What it says, and how each of them ended."""
        self.box.write("tmp/test.sh", """
for name in plain @nbd-client '@/udhcpc'; do
    /stub/busybox sleep 60 &
    mkdir -p "/proc/$!"
    printf '%s\\000-b\\000' "$name" >"/proc/$!/cmdline"
    numbers="$numbers $!"
done
mkdir -p /proc/1 "/proc/$$" /proc/2 && : >/proc/2/cmdline
printf 'init\\000' >/proc/1/cmdline
printf 'sh\\000' >"/proc/$$/cmdline"
""" + then + """
set -- $numbers
for number; do
    kill "$number" 2>/dev/null
    wait "$number"
    echo "ended: $?"
done
""")
        return self.box.run("/bin/sh", "-c", ". /tmp/test.sh; exit").splitlines()

    def test_R8_all_processes_end_but_the_root_s_own(self):
        (self.box.root / "run/sendsigs.omit.d").mkdir(parents=True)
        self.box.write("state/real-sleep", "")
        # 9 and 15 are the signals; a process that ignores the first one is for the second.
        said = self.processes("kill -0 ${numbers##* } && usbboot-end; for n in $numbers; do "
                              "kill -0 $n 2>/dev/null && echo alive; done")
        self.assertEqual(["alive", "alive"], [line for line in said if line == "alive"][-2:], said)
        self.assertEqual(["ended: 143"] * 3, [line for line in said if line.startswith("ended")], said)

    def test_R8_sysvinit_is_told_what_it_must_not_end(self):
        (self.box.root / "run/sendsigs.omit.d").mkdir(parents=True)
        said = self.processes("usbboot-ok; echo $numbers")
        listed = self.box.read("run/sendsigs.omit.d/usbboot").split()
        numbers = next(line.split() for line in said if line and line.replace(" ", "").isdigit())
        self.assertEqual(sorted(numbers[1:]), sorted(listed))

    def test_R7_a_fixed_address_needs_no_lease(self):
        self.box.write("etc/usbboot.network", "INTERFACE=eth0\nADDRESS=10.0.2.15/24\nNETWORK=10.0.2.15/24\n")
        self.box.run("usbboot-lease")
        self.assertEqual([], self.box.calls("udhcpc"))


if __name__ == "__main__":
    unittest.main()
