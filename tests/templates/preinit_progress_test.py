#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""templates/led.sh and the messages by UDP: the progress that one sees without a console (P14)."""

import unittest

from case import BOOT_OK, Case

LEDS = "fake/sys/class/leds"
UDP = "UDP=yes\nIP='192.168.1.1/24'\n"


class Progress(Case):
    def boot(self, settings: str = "", script: bytes | None = BOOT_OK, era_b: bool = False,
             network: bool = False):
        self.box.install_preinit(settings, network)
        if script is not None:
            self.box.add_stick("sda1", "vfat", {"boot/boot.sh": script})
        if era_b:
            self.box.era_b()
        self.box.run("/etc/preinit", environment={"PREINIT": "1"} if era_b else {})
        self.assertFlashBoot()

    def add_led(self, name: str, triggers: str = "[none] timer", brightness: int = 0):
        self.box.write(f"{LEDS}/{name}/brightness", f"{brightness}\n")
        self.box.write(f"{LEDS}/{name}/trigger", f"{triggers}\n")
        if "timer" in triggers:
            self.box.write(f"{LEDS}/{name}/delay_on", "0\n")
            self.box.write(f"{LEDS}/{name}/delay_off", "0\n")

    def led(self, name: str, file: str) -> str:
        return self.box.read(f"sys/class/leds/{name}/{file}").strip()

    # --- the LED ---

    def test_P14_led_blinks_while_the_script_runs(self):
        self.add_led("bcm47xx:green:power")
        self.boot("LED='dmz power'\n", b"cat /sys/class/leds/*/trigger /sys/class/leds/*/delay_on\n",
                  era_b=True)
        self.assertSays("timer\n500\n")

    def test_P14_led_is_left_as_it_was(self):
        self.add_led("bcm47xx:green:power", "none [default-on] timer", 255)
        self.boot("LED='dmz power'\n", era_b=True)
        self.assertEqual("default-on", self.led("bcm47xx:green:power", "trigger"))
        self.assertEqual("255", self.led("bcm47xx:green:power", "brightness"))

    def test_P14_first_word_that_there_is(self):
        self.add_led("b:wps")
        self.add_led("a:power")
        self.boot("LED='dmz power wps'\n", b"cat /sys/class/leds/a:power/trigger\n", era_b=True)
        self.assertSays("\ntimer\n")
        self.assertEqual("[none] timer", self.led("b:wps", "trigger"))

    def test_P14_kernel_without_the_blinking_trigger(self):
        self.add_led("power", "[none]")
        self.boot("LED=power\n", b"cat /sys/class/leds/power/brightness\n", era_b=True)
        self.assertSays("\n0\n", )  # lit by "preinit", changed by the first step of the search
        self.assertEqual("0", self.led("power", "brightness"))

    def add_line(self, direction: str, value: int):
        self.box.write("fake/sys/class/gpio/gpiochip0/base", "0\n")
        self.box.write("fake/sys/class/gpio/gpiochip0/ngpio", "16\n")
        self.box.write("fake/sys/class/gpio/export", "")
        self.box.write("fake/sys/class/gpio/gpio10/direction", f"{direction}\n")
        self.box.write("fake/sys/class/gpio/gpio10/value", f"{value}\n")

    def test_P14_led_at_a_gpio_line(self):
        for direction, value, after in (("out", 1, "high"), ("out", 0, "low"), ("in", 1, "in")):
            with self.subTest(direction=direction, value=value):
                self.setUp()
                self.add_line(direction, value)
                self.boot("LED='power gpio:10:low'\n",
                          b"echo \"line $(cat /sys/class/gpio/gpio10/direction)\"\n", era_b=True)
                self.assertSays("\nline high\n")  # off again: "preinit" lit it
                self.assertEqual(after, self.box.read("sys/class/gpio/gpio10/direction").strip())

    def test_P14_no_led(self):
        self.add_led("power")
        self.boot("LED=none\n", b"cat /sys/class/leds/power/trigger\n", era_b=True)
        self.assertSays("\n.none. timer\n")

    # --- messages ---

    def test_P14_every_line_by_udp(self):
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.boot(UDP, network=True)
        sent = [call.split(" ", 2)[2] for call in self.box.calls("netmsg")]
        said = [line for line in self.box.output.splitlines() if line.startswith("usbboot:")]
        self.assertEqual(said[2:], sent, "all but what was said before the interface was up")
        self.assertEqual({"192.168.1.255"}, {call.split()[1] for call in self.box.calls("netmsg")})
        self.assertEqual(["ifconfig eth0 up", "ifconfig eth0 192.168.1.1 netmask 255.255.255.0",
                          "ifconfig eth0 0.0.0.0", "ifconfig eth0 down"], self.box.calls("ifconfig"))
        self.assertEqual("ifconfig eth0 down", self.box.log[self.box.log.index(
            self.box.calls("netmsg")[-1]) + 2], "the last line goes out before")

    def test_P14_broadcast_addresses(self):
        for address, wanted in (("10.1.2.3/8", "10.255.255.255"), ("172.20.5.6/20", "172.20.15.255"),
                                ("192.168.7.9/30", "192.168.7.11"), ("1.2.3.4/0", "255.255.255.255"),
                                ("1.2.3.4/32", "1.2.3.4")):
            with self.subTest(address):
                self.setUp()
                self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
                self.boot(f"UDP=yes\nUSB_WAIT=0\nIP='{address}'\n", None, network=True)
                self.assertEqual({wanted}, {call.split()[1] for call in self.box.calls("netmsg")})

    def test_P14_scripts_know_the_address(self):
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.boot(UDP, b"echo \"to $USBBOOT_BROADCAST\"\n", network=True)
        self.assertSays("\nto 192.168.1.255\n")

    def test_P14_no_messages_unless_wanted(self):
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.boot("IP='192.168.1.1/24'\n", network=True)
        self.assertEqual([], self.box.calls("netmsg", "ifconfig"))

    def test_P14_a_script_that_kills_its_parent_leaves_all_as_it_was(self):
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.add_led("power", "[none] timer", 7)
        self.boot(UDP + "LED=power\n", b"kill -9 $PPID\n", era_b=True, network=True)
        self.assertEqual("ifconfig eth0 down", self.box.calls("ifconfig")[-1])
        self.assertEqual("none", self.led("power", "trigger"))
        self.assertEqual("7", self.led("power", "brightness"))


if __name__ == "__main__":
    unittest.main()
