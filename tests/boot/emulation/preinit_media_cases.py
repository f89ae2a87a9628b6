# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The search on USB with other controllers, file systems and times, and what it tells on the network.

The boot script on these sticks only says that it ran: what boot.sh does is shown elsewhere.
"""

import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from . import eras, flash, media, qemu, router, steps
from .cases import KERNEL_STARTS, expect, step
from .fixtures import Fixtures
from .monitor import Monitor
from .preinit_cases import HANDED_OVER
from .programs import CROSS, SOURCES

SCRIPT = {"boot/boot.sh": b"echo the script ran\nexit 7\n"}
RAN = r"^the script ran"
CAME_BACK = step("script", "boot.sh came back with status 7")
EHCI = "usb-ehci,id=usb,addr=0x12"


@contextmanager
def running(machine: router.Router, arguments: list[str], *sticks: Path, seconds: float = 120):
    """The console; afterwards neither the chip nor a stick has changed."""
    before = [flash.sha256(path) for path in (machine.chip, *sticks)]
    with qemu.Console(arguments, machine.folder / "console.log", seconds) as console:
        try:
            yield console
        finally:
            print(steps.table(console.text))
    assert [flash.sha256(path) for path in (machine.chip, *sticks)] == before, "flash or stick written"


def fat_stick(folder: Path, files: dict[str, bytes] = SCRIPT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    media.make_fat_stick(folder / "stick.img", files)
    return folder / "stick.img"


def instead_of(arguments: list[str], old: str, new: str) -> list[str]:
    assert old in arguments, f"{old} is no argument"
    return [new if word == old else word for word in arguments]


def stick_at_controller(fixtures: Fixtures, folder: Path, era: str, controller: str):
    stick = fat_stick(folder)
    machine = eras.flashed(fixtures, era, folder)
    arguments = instead_of(machine.arguments(stick, False), EHCI, f"{controller},id=usb,addr=0x12")
    with running(machine, arguments, stick) as console:
        expect(console, [KERNEL_STARTS, step("usb", "sda1 mounted read-only .vfat"), RAN, CAME_BACK,
                         HANDED_OVER, eras.SYSTEM_UP])


def era_a_stick_at_uhci(fixtures: Fixtures, folder: Path):
    stick_at_controller(fixtures, folder, "era-a", "piix4-usb-uhci")


def era_b_stick_at_ohci(fixtures: Fixtures, folder: Path):
    stick_at_controller(fixtures, folder, "era-b", "pci-ohci")


def ext_stick(image: Path, kind: str, files: dict[str, bytes]) -> Path:
    """ext2, ext3 or ext4 on the whole disk, without a partition table."""
    tree = image.with_suffix(".tree")
    for path, contents in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(contents)
    media.run("mke2fs", "-q", "-t", kind, "-d", tree, image, "16m")
    return image


def era_b_several_sticks(fixtures: Fixtures, folder: Path):
    """P10: ext2 and ext3 on whole disks without a script, then ext4 with one."""
    folder.mkdir(parents=True, exist_ok=True)
    photos = {"photos/readme": b"none\n"}
    sticks = [ext_stick(folder / "one.img", "ext2", photos),
              ext_stick(folder / "two.img", "ext3", photos),
              ext_stick(folder / "three.img", "ext4", SCRIPT)]
    machine = eras.flashed(fixtures, "era-b", folder)
    arguments = machine.arguments(None, False)
    for number, stick in enumerate(sticks):
        arguments += ["-drive", f"if=none,id=s{number},format=raw,file={qemu.escaped(stick)}",
                      "-device", f"usb-storage,bus=usb.0,drive=s{number}"]
    with running(machine, arguments, *sticks) as console:
        expect(console, [KERNEL_STARTS, RAN, CAME_BACK, eras.SYSTEM_UP])


def era_a_superfloppy(fixtures: Fixtures, folder: Path):
    """P10: FAT on the whole disk."""
    folder.mkdir(parents=True, exist_ok=True)
    stick = folder / "stick.img"
    stick.unlink(missing_ok=True)
    media.run("mkfs.fat", "-F", 32, "-C", stick, 49152)
    (folder / "boot.sh").write_bytes(SCRIPT["boot/boot.sh"])
    media.run("mmd", "-i", stick, "::boot")
    media.run("mcopy", "-i", stick, folder / "boot.sh", "::boot/boot.sh")
    machine = eras.flashed(fixtures, "era-a", folder)
    with running(machine, machine.arguments(stick, False), stick) as console:
        expect(console, [step("usb", "sda mounted read-only .vfat"), RAN, eras.SYSTEM_UP])


def plugged_late(fixtures: Fixtures, folder: Path, options: tuple[str, ...], patterns: list[str]):
    """A stick that is plugged in 6 seconds after the search began."""
    stick = fat_stick(folder)
    machine = eras.flashed(fixtures, "era-b", folder, *options)
    with Monitor() as monitor:
        arguments = machine.arguments(None, False) + monitor.arguments
        arguments += ["-drive", f"if=none,id=stick,format=raw,file={qemu.escaped(stick)}"]
        with running(machine, arguments, stick) as console:
            position = console.wait_for(step("start"))
            time.sleep(6)
            monitor.plug_stick()
            for pattern in (*patterns, eras.SYSTEM_UP):
                position = console.wait_for(pattern, position)


def era_b_late_stick_is_not_waited_for(fixtures: Fixtures, folder: Path):
    plugged_late(fixtures, folder, (), [step("usb", "no USB storage in 5 seconds"), HANDED_OVER])


def era_b_late_stick_with_longer_wait(fixtures: Fixtures, folder: Path):
    plugged_late(fixtures, folder, ("--usb-wait", "10"), [step("usb", "storage interface seen"), RAN])


def era_b_slow_disk(fixtures: Fixtures, folder: Path):
    """A stick that reads 2 KiB a second."""
    stick = fat_stick(folder)
    machine = eras.flashed(fixtures, "era-b", folder)
    arguments = [f"{word},throttling.bps-read=2048" if "id=stick," in word else word
                 for word in machine.arguments(stick, False)]
    with running(machine, arguments, stick) as console:
        expect(console, [step("usb", "sda1 mounted read-only"), RAN, eras.SYSTEM_UP])


def era_b_key_skips(fixtures: Fixtures, folder: Path):
    """P13: one key on the console, without Enter."""
    stick = fat_stick(folder)
    machine = eras.flashed(fixtures, "era-b", folder)
    with running(machine, machine.arguments(stick, False), stick) as console:
        position = console.wait_for(step("start", ".*any key skips it"))
        console.send("x")
        for pattern in (step("skip", "key on the console"), HANDED_OVER, eras.SYSTEM_UP):
            position = console.wait_for(pattern, position)
        assert "the script ran" not in console.text


def era_a_script_leaves_no_process(fixtures: Fixtures, folder: Path):
    """P6: not even one that kills preinit's own shell and leaves something running."""
    stick = fat_stick(folder, {"boot/boot.sh": b"sleep 4321 &\necho the script ran\nkill -9 $PPID\n"})
    machine = eras.flashed(fixtures, "era-a", folder)
    with running(machine, machine.arguments(stick, False), stick) as console:
        expect(console, [RAN, HANDED_OVER, eras.SYSTEM_UP, "Please press Enter"])
        position = len(console.text)
        console.send("\n")
        console.send("cat /proc/[0-9]*/cmdline | tr '\\000' ' ' | grep -c 'sleep [0-9]'; echo end-$((6*7))\n")
        console.wait_for(r"^0\nend-42", position)


def netmsg(folder: Path) -> Path:
    program = folder / "netmsg"
    subprocess.run([CROSS + "gcc", "-Os", "-static", "-s", SOURCES / "netmsg.c", "-o", program],
                   check=True)
    return program


def datagrams(line: socket.socket) -> list[bytes]:
    """What was sent to UDP port 4919 at the broadcast address, from Ethernet frames."""
    found = []
    line.setblocking(False)
    while True:
        try:
            frame = line.recv(4096)
        except BlockingIOError:
            return found
        is_udp = frame[12:14] == b"\x08\x00" and frame[14] == 0x45 and frame[23] == 17
        if is_udp and frame[36:38] == b"\x13\x37" and frame[30:34] == bytes((192, 168, 1, 255)):
            found.append(frame[42:14 + int.from_bytes(frame[16:18], "big")])


def era_b_tells_by_udp(fixtures: Fixtures, folder: Path):
    """P14: OpenWrt's datagram, captured from the wire."""
    stick = fat_stick(folder)
    machine = eras.flashed(fixtures, "era-b", folder, "--udp", "--address", "192.168.1.1/24",
                           add=(f"{netmsg(folder)}=/usr/bin/netmsg",))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as spare:
        for end in (line, spare):
            end.bind(("127.0.0.1", 0))
        port, other = line.getsockname()[1], spare.getsockname()[1]
        spare.close()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        arguments = machine.arguments(stick, False) + [
            "-netdev", "dgram,id=lan,local.type=inet,local.host=127.0.0.1,local.port="
            f"{other},remote.type=inet,remote.host=127.0.0.1,remote.port={port}",
            "-device", "pcnet,addr=0x0b,netdev=lan,romfile="]
        with running(machine, arguments, stick) as console:
            expect(console, [RAN, HANDED_OVER, eras.SYSTEM_UP])
        sent = datagrams(line)
    assert sent, "no datagram came out"
    texts = [message[2:].rstrip(b"\0").decode() for message in sent]
    print("\n".join(texts))
    assert {len(message) for message in sent} == {1001}, "datagrams of another size"
    assert all(message.startswith(b"\xde\xad") for message in sent)
    assert any("script: running boot.sh of sda1" in text for text in texts)
    assert any("fallback: starting the flash system" in text for text in texts)


CASES = {
    case.__name__: case
    for case in (
        era_a_stick_at_uhci,
        era_b_stick_at_ohci,
        era_b_several_sticks,
        era_a_superfloppy,
        era_b_late_stick_is_not_waited_for,
        era_b_late_stick_with_longer_wait,
        era_b_slow_disk,
        era_b_key_skips,
        era_a_script_leaves_no_process,
        era_b_tells_by_udp,
    )
}
