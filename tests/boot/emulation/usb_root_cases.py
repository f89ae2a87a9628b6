# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The running system on USB: its commands, its end, twenty ends in a row, power cuts, and Debian. Its
kernel is started by the emulator, where the flash system is not what is shown."""

import re
import time
from pathlib import Path

from . import media, network_bench, router
from .board import REPOSITORY, load_board
from .cases import KERNEL_STARTS, expect, powered, step
from .fixtures import BOARD, Fixtures, output_of, tool
from .guard_cases import Shell
from .init_bench import Bench

UP = step("done", "the system on USB is up")
CYCLES = 20
# What ext4 and FAT say of a stick that was not unmounted.
UNCLEAN = re.compile("EXT4-fs .*recovery|EXT4-fs .*orphan|not properly unmounted", re.IGNORECASE)
PASSWORD = "letmein"


def minimal(fixtures: Fixtures, folder: Path, entry: str, *options: str) -> Bench:
    """A stick with the minimal root, FAT, and the kernel of `entry` beside it."""
    bench = Bench(fixtures, folder)
    bench.board = load_board(BOARD)
    tool(fixtures.mkbootusb, "image", "--board", BOARD, "--kernel", fixtures.stick_kernel, "--busybox",
         fixtures.busybox, "--kexec", fixtures.kexec, "--minimal", "--free", "4M", *options,
         "-o", bench.stick)
    media.extract(bench.stick, f"/boot/{entry}/vmlinux.elf", folder / "vmlinux.elf")
    return bench


def check_stick(bench: Bench, *entries: str):
    """The boot partition, and the root of each entry, are without a fault."""
    for entry in entries:
        image = media.extract(bench.stick, f"/boot/{entry}/root.img", bench.folder / "root.img")
        media.run("e2fsck", "-fn", image)
    media.check_clean(bench.stick, bench.folder)


def usb_root_switches(fixtures: Fixtures, folder: Path):
    """R8, R11: usbboot-switch starts the other entry, and leaves the first one's root clean."""
    bench = minimal(fixtures, folder, "first", "--entry", "first", "--entry", "second,priority=50")
    with bench.switch_on() as console:
        console.wait_for(UP)
        shell = Shell(console)
        shell.run("echo of-the-first >/mine")
        assert "no boot entry" in shell.run("usbboot-switch third"), "an entry that is none"
        console.send("usbboot-switch second\n")
        position = shell.position
        for pattern in (step("kexec", "kernel of second loaded"), step("switch", "to entry second"),
                        KERNEL_STARTS, step("initramfs", "entry second"), UP):
            position = console.wait_for(pattern, position)
        assert not UNCLEAN.search(console.text[shell.position:]), "the stick was not clean in between"
        console.wait_for(r"^Please press Enter", position)
        console.send("\n")
        console.send("poweroff\n")
        console.wait_for_end()
    check_stick(bench, "first", "second")
    mark = media.run("mdir", "-b", "-i", f"{bench.stick}@@{media.partition(bench.stick)[0]}", "::/boot")
    assert "tried" not in mark, f"the mark is still there: {mark}"


def usb_root_resets(fixtures: Fixtures, folder: Path):
    """R11: usbboot-reset goes back to the shipped root, at the next start."""
    bench = minimal(fixtures, folder, "default", "--resettable")
    with bench.switch_on() as console:
        console.wait_for(UP)
        shell = Shell(console)
        shell.run("echo changed >/etc/hostname; echo mine >/mine; sync")
        console.send("usbboot-reset -y\n")
        console.wait_for(step("switch", "the next start goes back"), shell.position)
        console.wait_for_end()
    with bench.switch_on() as console:
        expect(console, [step("root", "back to the root as it was shipped"), UP])
        said = Shell(console).run("cat /etc/hostname; ls /")
        assert BOARD in said and "mine" not in said.split(), said
        console.send("poweroff\n")
        console.wait_for_end()
    check_stick(bench, "default")


def usb_root_ends_clean_20_times(fixtures: Fixtures, folder: Path):
    """R8: started, written to without a sync, switched off by "poweroff"; nothing is ever repaired."""
    bench = minimal(fixtures, folder, "default")
    for cycle in range(1, CYCLES + 1):
        with bench.switch_on() as console:
            console.wait_for(UP)
            shell = Shell(console)
            shell.run(f"dd if=/dev/urandom of=/var/data bs=64k count=8 2>/dev/null; echo {cycle} >>/count")
            console.send("poweroff\n")
            wall = console.wait_for_end()
            assert not UNCLEAN.search(console.text), f"cycle {cycle} found the stick unclean"
        check_stick(bench, "default")
        print(f"cycle {cycle}: clean, {wall:.1f} s", flush=True)
    counted = media.text_of(bench.folder / "root.img", "/count").split()
    assert counted == [str(cycle) for cycle in range(1, CYCLES + 1)], counted


def usb_root_comes_up_after_power_cuts(fixtures: Fixtures, folder: Path):
    """I12: the power goes three times while the root writes; the next start repairs stick and root."""
    bench = minimal(fixtures, folder, "default", "--fsck", fixtures.e2fsck, "--fsck", fixtures.fsck_fat)
    for cut in range(4):
        with bench.switch_on() as console:
            if cut:
                expect(console, [step("fsck", "/dev/sda1 is repaired"), step("fsck", ".*root.img is (clean|repaired)")])
            console.wait_for(UP)
            shell = Shell(console)
            if cut == 3:
                console.send("poweroff\n")
                console.wait_for_end()
                break
            console.send("while :; do dd if=/dev/urandom of=/var/data bs=64k count=20; sync; done\n")
            console.wait_for(r"^20\+0 records out", shell.position)
            time.sleep(1)
    check_stick(bench, "default")


def debian_boots_from_stick(fixtures: Fixtures, folder: Path):
    """R8: Debian of tools/debian-root, from flash to login and to poweroff."""
    folder.mkdir(parents=True, exist_ok=True)
    root = output_of(REPOSITORY / "tools/debian-root").strip()
    stick = folder / "stick.img"
    password = output_of("openssl", "passwd", "-6", "-salt", "trxkit", PASSWORD).strip()
    tool(fixtures.mkbootusb, "image", "--board", BOARD, "--kernel", fixtures.stick_kernel, "--busybox",
         fixtures.busybox, "--rootfs", root, "--set-password-hash", f"root={password}",
         "--fsck", fixtures.e2fsck, "-o", stick)
    machine = router.flashed(fixtures.path("qemu-malta.trx"), load_board(BOARD), folder)
    with powered(machine, stick, seconds=500) as console:
        expect(console, [step("kexec", "starting default"), step("switch", "to /sbin/init"), UP])
        position = console.wait_for(r"router login: ?$")
        console.send("root\n")
        position = console.wait_for(r"^Password: ?$", position)
        console.send(f"{PASSWORD}\n")
        position = console.wait_for(r"root@router:~# ?$", position)
        console.send("cat /etc/debian_version /proc/mounts; ls /mnt/usbboot/boot; echo end-$((6*7))\n")
        position = console.wait_for(r"^end-42", position)
        assert re.search(r"^/dev/loop\d+ / ext4 rw", console.text, re.MULTILINE), "no writable root"
        console.send("poweroff\n")
        print(f"wall time {console.wait_for_end():.1f} s")
    media.run("e2fsck", "-fn", media.extract(stick, "/boot/default/root.img", folder / "root.img"))
    media.check_clean(stick, folder)


def debian_boots_from_nbd(fixtures: Fixtures, folder: Path):
    """R7, R8: Debian of tools/debian-root on NBD, from its login to poweroff: sysvinit spares the lease, and the
    root is clean afterwards."""
    bench = network_bench.Bench(fixtures, folder)
    root = Path(output_of(REPOSITORY / "tools/debian-root").strip())
    password = output_of("openssl", "passwd", "-6", "-salt", "trxkit", PASSWORD).strip()
    with bench.nbd() as server:
        bench.make(f"nbd:{network_bench.HOST}:{server.port}/root", "--set-password-hash", f"root={password}",
                   rootfs=root)
        with bench.switch_on(seconds=900) as console:
            expect(console, [step("switch", "to /sbin/init"), UP])
            position = console.wait_for(r"login: ?$")
            console.send("root\n")
            position = console.wait_for(r"^Password: ?$", position)
            console.send(f"{PASSWORD}\n")
            position = console.wait_for(r"root@\S+:~# ?$", position)
            console.send("for n in $(cat /run/sendsigs.omit.d/*); do echo \"spared: $(tr '\\0' ' ' "
                         "</proc/$n/cmdline)\"; done; echo end-$((6*7))\n")
            position = console.wait_for(r"^end-42", position)
            assert "spared: @/udhcpc -b" in console.text, "the lease is not spared"
            console.send("poweroff\n")
            console.wait_for_end()
            for fault in ("stays writable", "I/O error", "EXT4-fs error", "Kernel panic"):
                assert fault not in console.text, fault
    bench.check_disk()


CASES = {
    case.__name__: case
    for case in (
        usb_root_switches,
        usb_root_resets,
        usb_root_ends_clean_20_times,
        usb_root_comes_up_after_power_cuts,
        debian_boots_from_stick,
        debian_boots_from_nbd,
    )
}
