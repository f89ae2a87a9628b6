#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/trust.sh in preinit: what is run, and above all what is not. Ids in the names are the
requirements in docs/boot-chain.md."""

import tempfile
import unittest
from pathlib import Path

from trust_case import CANARY, KEY, URL, Signify, TrustCase, manifest_of, stub_signature

OTHER = b"echo CANARY: another script\n"


class Network(TrustCase):
    def test_P12_signed_script_runs(self):
        self.boot()
        self.assertSays("boot.manifest of http://10.0.0.1/boot has a good signature")
        self.assertRan()
        self.assertEqual(
            [f"wget -q -O /tmp/usbboot/{name} {URL}/{name}"
             for name in ("boot.manifest", "boot.manifest.sig", "boot.sh")], self.box.calls("wget"))
        self.assertEqual(
            ["usign -V -q -p /etc/usbboot/key.pub -m /tmp/usbboot/boot.manifest "
             "-x /tmp/usbboot/boot.manifest.sig"], self.box.calls("usign"))

    def test_P12_no_signature(self):
        self.signature = None
        self.boot()
        self.assertRefused("cannot fetch http://10.0.0.1/boot/boot.manifest.sig")

    def test_P12_bad_signatures(self):
        for name, signature in (("empty", b"\n"), ("damaged", self.signature[:-5] + b"0  -\n"),
                                ("foreign", stub_signature(self.manifest, "another key"))):
            with self.subTest(name):
                self.setUp()
                self.signature = signature
                self.boot()
                self.assertRefused("has no good signature: nothing of it is used")
                self.assertEqual(2, len(self.box.calls("wget")), "boot.sh is not even fetched")

    def test_P12_manifest_that_was_changed(self):
        self.manifest = manifest_of({"boot.sh": OTHER})
        self.files = {"boot.sh": OTHER}
        self.boot()
        self.assertRefused("has no good signature")

    def test_P12_script_that_was_exchanged(self):
        self.files = {"boot.sh": OTHER}
        self.boot()
        self.assertRefused("boot.sh of http://10.0.0.1/boot is not what boot.manifest says")

    def test_P12_manifest_without_script(self):
        self.listed = {"other.sh": CANARY}
        self.remake()
        self.boot()
        self.assertRefused("boot.sh of http://10.0.0.1/boot is not what boot.manifest says")

    def test_P12_another_board(self):
        for board, message in (("router-x", "for router-x, this is test"),
                               ("test\nboard router-x", "for test and router-x, this is test")):
            with self.subTest(board):
                self.setUp()
                self.remake(board=board)
                self.boot()
                self.assertRefused(message)

    def test_P12_build_numbers(self):
        for build, message in (("4", "is of build 4, older than 5"), ("", "no build number"),
                               ("-9", "no build number"), ("007", "no build number"),
                               ("0", "is of build 0, older than 5"), ("9\nbuild 8", "no build number"),
                               ("99999999999", "no build number"), ("9x", "no build number")):
            with self.subTest(build):
                self.setUp()
                self.remake(build=build)
                self.boot()
                self.assertRefused(message)

    def test_P12_newer_builds_run(self):
        for build in ("5", "2147483647"):
            with self.subTest(build):
                self.setUp()
                self.remake(build=build)
                self.boot()
                self.assertRan()

    def test_P12_nothing_can_verify(self):
        (self.box.root / "usr/sbin/usign").unlink()
        self.boot()
        self.assertRefused("neither usign nor signify-openbsd is here")

    def test_P12_verifier_that_hangs(self):
        self.box.template("trust.sh", "etc/usbboot/trust.sh")
        stub = "#!/stub/sh\nexec /stub/busybox sleep 600\n"
        self.box.write("usr/sbin/usign", stub, 0o755)
        self.box.write("tmp/test.sh", "usbboot_work=/tmp\nusbboot_say() { echo \"$2\"; }\n"
                       ". /etc/usbboot/bounded.sh\n. /etc/usbboot/trust.sh\n"
                       "usbboot_bounded_for() { shift; usbboot_bounded 1 \"$@\"; }\n"
                       "trust_verify /tmp/x || echo refused\n")
        self.box.template("bounded.sh", "etc/usbboot/bounded.sh")
        text = self.box.read("etc/usbboot/trust.sh").replace("usbboot_bounded 20", "usbboot_bounded 1")
        self.box.write("etc/usbboot/trust.sh", text)
        self.box.write("state/devices", "")
        self.assertIn("refused", self.box.run("/bin/sh", "/tmp/test.sh"))

    def test_P12_manifest_without_end(self):
        self.box.write("usr/sbin/wget", "#!/stub/sh\n/stub/busybox seq 1 300000 >\"$3\"\n"
                       "/stub/busybox wc -c <\"$3\" >/state/size\n", 0o755)
        self.boot()
        self.assertRefused("has no good signature|cannot fetch")
        self.assertLessEqual(int(self.box.read("state/size")), 64 << 10)

    def test_P12_unsigned_network_is_asked_for(self):
        self.signature = None
        self.boot("UNSIGNED_NETWORK=yes\n")
        self.assertSays("is taken without a signature")
        self.assertRan("unsigned")
        self.assertEqual([], self.box.calls("usign"))

    def test_P12_unsigned_network_keeps_to_board_and_hash(self):
        self.remake(board="router-x")
        self.boot("UNSIGNED_NETWORK=yes\n")
        self.assertRefused("for router-x, this is test")
        self.setUp()
        self.files = {"boot.sh": OTHER}
        self.boot("UNSIGNED_NETWORK=yes\n")
        self.assertRefused("is not what boot.manifest says")

    def test_P12_without_its_script_nothing_runs(self):
        """A root in which somebody deleted /etc/usbboot/trust.sh."""
        self.box.install_preinit(self.settings, network=True)
        (self.box.root / "etc/usbboot/trust.sh").unlink()
        self.serve()
        self.box.run("/etc/preinit")
        self.assertFlashBoot()
        self.assertNotIn("CANARY", self.box.output)

    def test_P9_all_of_it_within_one_wait(self):
        """Each step gets what those before it have left: nothing adds up."""
        stub = self.box.read("usr/sbin/wget").replace("note wget", "pass 70\nnote wget")
        self.box.write("usr/sbin/wget", stub, 0o755)
        self.boot()
        self.assertRefused("cannot fetch http://10.0.0.1/boot/boot.sh")
        self.assertEqual(2, len(self.box.calls("wget")))
        self.assertLess(self.box.seconds, 0.86 + 2 + 0.5)


class Switch(TrustCase):
    def test_only_the_ports_of_the_lan_are_listened_to(self):
        self.boot("SWITCH_PORTS='3 2 1 0 8'\n")
        self.assertRan()
        calls = self.box.calls("swconfig", "ifconfig")
        self.assertEqual(["swconfig dev switch0 set reset 1", "swconfig dev switch0 set enable_vlan 1",
                          "swconfig dev switch0 vlan 1 set ports 3 2 1 0 8",
                          "swconfig dev switch0 set apply 1", "ifconfig eth0 up"], calls[:5])
        self.assertEqual(["swconfig dev switch0 set reset 1", "swconfig dev switch0 set enable_vlan 0",
                          "swconfig dev switch0 set apply 1", "ifconfig eth0 0.0.0.0",
                          "ifconfig eth0 down"], calls[-5:])

    def test_switch_that_cannot_be_divided(self):
        self.box.fail("swconfig")
        self.boot("SWITCH_PORTS='3 2 1 0 8'\n")
        self.assertSays("cannot be divided: every port is listened to")
        self.assertRan()

    def test_no_program_for_it(self):
        (self.box.root / "usr/sbin/swconfig").unlink()
        self.boot("SWITCH_PORTS='3 2 1 0 8'\n")
        self.assertSays("no swconfig: every port")
        self.assertRan()

    def test_ports_that_are_not_known(self):
        self.boot()
        self.assertEqual([], self.box.calls("swconfig"))


class SwitchFiles(TrustCase):
    """The switch of OpenWrt up to 12.09, a folder in the place of /proc/switch: what is written to a file of it
    stands there, where the driver would answer with what the switch has made of it."""

    # As a boot loader leaves it: the LAN in VLAN 1, the WAN in VLAN 2. An unused VLAN is a single NUL.
    VLANS = {0: "\0", 1: "0\t1\t2\t3\t8t*\t\n\0", 2: "4\t8t\t\n\0", **dict.fromkeys(range(3, 16), "\0")}
    SHOWN = {number: text.replace("\0", "").replace("\t\n", "") for number, text in VLANS.items()}
    LOOK = b"""echo "CANARY: $*, trust $USBBOOT_TRUST"
for vlan in /proc/switch/eth0/vlan/*; do
    read -r ports <"$vlan/ports"
    echo "seen: ${vlan##*/} $ports"
done
read -r on </proc/switch/eth0/enable_vlan
echo "seen: vlans $on"
exit 3
"""

    def setUp(self):
        super().setUp()
        self.files = self.listed = {"boot.sh": self.LOOK}
        self.remake()
        self.box.era_b()  # /proc stays what it is, to be looked at afterwards
        self.add_switch("proc")

    def add_switch(self, proc: str):
        self.box.write(f"{proc}/switch/eth0/reset", "")
        self.box.write(f"{proc}/switch/eth0/enable_vlan", "0\n\0")
        for number, text in self.VLANS.items():
            self.box.write(f"{proc}/switch/eth0/vlan/{number}/ports", text)

    def boot(self, settings: str = "SWITCH_PORTS='3 2 1 0 8'\n"):
        self.box.install_preinit(self.settings + settings, network=True)
        self.box.write("etc/usbboot/key.pub", self.key)
        self.box.write("sys/class/net/eth0/carrier", "1\n")
        self.serve()
        self.box.run("/etc/preinit", environment={"PREINIT": "1"})
        self.assertFlashBoot()

    def assertAsBefore(self, shown: dict[int, str] = SHOWN):
        """The switch is as it was, but for what the driver adds to its answers."""
        for number, text in shown.items():
            self.assertEqual(text, self.box.read(f"proc/switch/eth0/vlan/{number}/ports").strip("\t\n\0"), number)
        self.assertEqual("0", self.box.read("proc/switch/eth0/enable_vlan").strip("\n\0"))
        self.assertEqual("1\n", self.box.read("proc/switch/eth0/reset"))

    def test_only_the_ports_of_the_lan_are_listened_to(self):
        self.boot()
        self.assertRan()
        self.assertSays("only the ports 3 2 1 0 8 of the switch")
        seen = [line for line in self.box.output.splitlines() if line.startswith("seen: ")]
        self.assertEqual({"seen: 1 3 2 1 0 8u*", "seen: vlans 1"} |
                         {f"seen: {number} " for number in self.VLANS if number != 1}, set(seen))
        self.assertEqual([], self.box.calls("swconfig", "insmod", "rmmod"))
        self.assertAsBefore()
        self.assertEqual(["ifconfig eth0 0.0.0.0", "ifconfig eth0 down"], self.box.calls("ifconfig")[-2:])

    def test_as_before_whatever_becomes_of_the_network(self):
        self.signature = None
        self.boot()
        self.assertRefused("cannot fetch")
        self.assertAsBefore()

    def test_what_a_script_leaves_behind_when_it_is_ended(self):
        self.files = self.listed = {"boot.sh": b"echo CANARY: left; kill -9 $PPID $$\n"}
        self.remake()
        self.boot()
        self.assertAsBefore()

    def test_switch_that_cannot_be_divided(self):
        for number in self.VLANS:
            (self.box.root / f"proc/switch/eth0/vlan/{number}/ports").unlink()
            (self.box.root / f"proc/switch/eth0/vlan/{number}/ports").mkdir()
        self.boot()
        self.assertSays("cannot be divided: every port is listened to")
        self.assertSays("CANARY")

    def test_drivers_are_loaded_and_go_again(self):
        """The interface is up before them: they reach the switch through it."""
        (self.box.root / "proc/switch").rename(self.box.root / "state/switch")
        for name in ("switch-core", "switch-robo"):
            self.box.write(f"lib/modules/6.1.0/{name}.ko", "")
        self.box.write("usr/sbin/insmod", "#!/stub/sh\n. /stub/lib.sh\nnote insmod \"$@\"\n"
                       "case $1 in *switch-robo.ko) /stub/busybox mv /state/switch /proc/ ;; esac\n", 0o755)
        self.boot()
        self.assertRan()
        self.assertSays("seen: 1 3 2 1 0 8u")
        self.assertAsBefore()
        calls = self.box.calls("ifconfig", "insmod", "rmmod")
        self.assertEqual(["ifconfig eth0 up", "insmod /lib/modules/6.1.0/switch-core.ko",
                          "insmod /lib/modules/6.1.0/switch-robo.ko"], calls[:3])
        self.assertEqual(["rmmod switch-robo switch-core", "ifconfig eth0 0.0.0.0", "ifconfig eth0 down"], calls[-3:])

    def test_drivers_that_find_no_switch(self):
        (self.box.root / "proc/switch").rename(self.box.root / "state/switch")
        self.box.write("lib/modules/6.1.0/switch-robo.ko", "")
        self.boot()
        self.assertSays("only the ports 3 2 1 0 8")
        self.assertIn("swconfig dev switch0 vlan 1 set ports 3 2 1 0 8", self.box.log)
        self.assertIn("rmmod switch-core", self.box.log)


class Stick(TrustCase):
    settings = "USB_WAIT=0\nMINIMUM_BUILD=5\nSIGNED_STICK=yes\n"

    def serve(self):
        self.box.add_stick("sda1", "vfat",
                           {f"boot/{name}": contents for name, contents in self.tree().items()})

    def assertRan(self, trust: str = "signed"):
        self.assertSays(f"CANARY: usb /tmp/usbboot/sda1 vfat, trust {trust}\n")

    def test_P12_signed_stick_runs(self):
        self.boot()
        self.assertRan()

    def test_P12_sticks_that_are_refused(self):
        for name, change, message in (
                ("unsigned", {"signature": None}, "sda1 has no /boot/boot.manifest.sig"),
                ("foreign", {"signature": stub_signature(self.manifest, "another key")},
                 "no good signature"),
                ("script", {"files": {"boot.sh": OTHER}}, "boot.sh of sda1 is not what boot.manifest says"),
                ("older", {"manifest": manifest_of(self.listed, build="1"),
                           "signature": stub_signature(manifest_of(self.listed, build="1"))},
                 "boot.manifest of sda1 is of build 1, older than 5")):
            with self.subTest(name):
                self.setUp()
                for attribute, value in change.items():
                    setattr(self, attribute, value)
                self.boot()
                self.assertRefused(message)

    def test_P12_no_manifest(self):
        self.box.install_preinit(self.settings)
        self.box.template("trust.sh", "etc/usbboot/trust.sh")
        self.box.add_stick("sda1", "vfat", {"boot/boot.sh": CANARY})
        self.box.run("/etc/preinit")
        self.assertRefused("sda1 has no /boot/boot.manifest")
        self.assertFlashBoot()

    def test_stick_that_need_not_be_signed(self):
        self.settings = ""
        self.signature = None
        self.boot()
        self.assertRan("")

    def test_P12_manifest_of_the_server_is_not_that_of_the_stick(self):
        self.settings = TrustCase.settings
        TrustCase.serve(self)
        self.box.fail("wget")
        self.boot()
        self.assertRan("")


class RealSignify(TrustCase):
    """OpenBSD's program instead of the stub: the same options, real keys."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="trxkit-signify.")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.signify = Signify(Path(cls.folder.name))

    def setUp(self):
        super().setUp()
        self.signify.install(self.box)
        self.key = self.signify.key()
        self.signature = self.sign(self.manifest)

    def sign(self, manifest: bytes) -> bytes:
        return self.signify.sign(manifest)

    def test_P12_good(self):
        self.boot()
        self.assertRan()

    def test_P12_bad(self):
        damaged = bytearray(self.signature)
        damaged[80] ^= 1
        for name, signature in (("foreign", self.signify.sign(self.manifest, "foreign")),
                                ("damaged", bytes(damaged)), ("of another file", self.sign(b"x")),
                                ("none", KEY.encode())):
            with self.subTest(name):
                self.setUp()
                self.signature = signature
                self.boot()
                self.assertRefused("has no good signature")


if __name__ == "__main__":
    unittest.main()
