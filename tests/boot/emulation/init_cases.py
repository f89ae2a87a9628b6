# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""What the initramfs' /init promises, on the emulated router."""

import re
from pathlib import Path

from . import media, steps
from .cases import step
from .fixtures import Fixtures, variant_of_board
from .init_bench import Bench

JUDGED = r"^probe: \d+ references to the old root"


def judged(console, freed: int = 0) -> str:
    """I8, I9, I10: nothing of the initramfs is in use; I7: at least 90 % of `freed` bytes are back.
    The console's text."""
    console.wait_for(JUDGED)
    console.wait_for_end()
    text = console.text
    print(steps.table(text))
    print("\n".join(re.findall("^probe: .*", text, re.MULTILINE)))
    for line in ("probe: process 1,", "probe: 1 programs run", "probe: 0 references to the old root"):
        assert line in text, f"not shown: {line}"
    more = int(re.search(r"^probe: (-?\d+) KiB more than before", text, re.MULTILINE)[1])
    assert more << 10 >= freed * 9 // 10, f"only {more} KiB of the initramfs came back"
    mounts = re.findall(r"^probe: /proc/mounts: \S+ (\S+) (\S+)", text, re.MULTILINE)
    places = [place for place, _ in mounts]
    assert len(places) == len(set(places)), f"a place is mounted twice: {places}"
    for place in ("/", "/proc", "/sys", "/dev", "/mnt/usbboot"):
        assert place in places, f"{place} is not mounted, but {places}"
    return text


def I7_I8_I9_init_checks_and_hands_over(fixtures: Fixtures, folder: Path):
    """I4, I7 to I10, I12, R10: third disk of three, swap, a damaged root image repaired, clean hand-over."""
    bench = Bench(fixtures, folder)
    bench.judging_root()
    bench.make("--fsck", fixtures.e2fsck, "--path", "/opt/bin:/bin", "--env", "GREETING=two words",
               "--mount", "label:USBDATA /opt ext4 rw,nofail",
               "--mount", "label:ABSENT /srv ext4 rw,nofail")
    bench.change_root("ssv state 0", "ssv free_blocks_count 1", "clri /tmp")  # a folder is lost
    with bench.switch_on(bench.disk("USBDATA"), bench.disk("USBSWAP")) as console:
        text = judged(console, sum(Path(p).stat().st_size for p in (fixtures.busybox, fixtures.e2fsck)))
    for pattern in (step("swap", "on /dev/sdb"), step("fsck", "boot/default/root.img is repaired"),
                    step("root", "label:USBDATA mounted on /opt"),
                    step("root", "cannot mount label:ABSENT on /srv: going on without it"),
                    r"^probe: has PATH=/opt/bin:/bin$", r"^probe: has GREETING=two words$",
                    r"^probe: 16380 KiB of swap$", r"^probe: /proc/mounts: /dev/sda /opt ext4 rw",
                    r"^probe: /proc/mounts: /dev/sdc1 /mnt/usbboot vfat rw", r"^probe: /written is there$"):
        assert re.search(pattern, text, re.MULTILINE), f"not shown: {pattern}"
    names = {line.split("=")[0] for line in re.findall("^probe: has (.*)", text, re.MULTILINE)}
    assert names == {"HOME", "TERM", "PATH", "GREETING", "OLD_ROOT", "MEMORY_BEFORE"}, names
    media.run("e2fsck", "-fn", media.extract(bench.stick, "/boot/default/root.img", folder / "after.img"))
    media.check_clean(bench.stick, folder)


def init_puts_ram_over_squashfs(fixtures: Fixtures, folder: Path):
    """I10: a squashfs root stays as it is, what is written goes to RAM; both halves move along."""
    bench = Bench(fixtures, folder)
    bench.judging_root()
    bench.make()
    image = folder / "root.squashfs"
    media.run("mksquashfs", bench.root, image, "-noappend", "-comp", "xz", "-all-root", "-quiet",
              "-no-progress")
    bench.write("/boot/root.squashfs", image.read_bytes())
    bench.add_to_entry("root image:boot/root.squashfs", "options noatime,overlay")
    with bench.switch_on() as console:
        text = judged(console)
    for mount in (r"overlay / overlay rw", r"/dev/loop0 /rom squashfs ro", r"tmpfs /overlay tmpfs rw"):
        assert re.search(rf"^probe: /proc/mounts: {mount}", text, re.MULTILINE), f"no {mount}"
    assert "probe: /written is there" in text
    media.check_clean(bench.stick, folder)


def init_unpacks_root_into_32_mib(fixtures: Fixtures, folder: Path):
    """I7: on a router with 32 MiB, a root in RAM, from an archive on the stick."""
    bench = Bench(fixtures, folder)
    bench.judging_root()
    board = variant_of_board(folder / "small.toml", ("size = { value = 0x4000000,", "size = { value = 0x2000000,"))
    bench.make(board=board)
    archive = folder / "root.tar.gz"
    media.run("tar", "-C", bench.root, "--owner=0", "--group=0", "-czf", archive, ".")
    bench.write("/boot/root.tar.gz", archive.read_bytes())
    bench.add_to_entry("root tmpfs:boot/root.tar.gz", "options rw")
    with bench.switch_on() as console:
        text = judged(console)
    assert re.search(r"^probe: /proc/mounts: tmpfs / tmpfs rw", text, re.MULTILINE)
    media.check_clean(bench.stick, folder)


def init_takes_partition_as_root(fixtures: Fixtures, folder: Path):
    """I4: a root that is a disk of its own, found by its label."""
    bench = Bench(fixtures, folder)
    bench.judging_root()
    bench.make("--fsck", fixtures.e2fsck)
    disk = folder / "USBROOT.disk.img"
    with open(disk, "wb") as file:
        file.truncate(32 << 20)
    media.run("mke2fs", "-q", "-F", "-t", "ext4", "-L", "USBROOT-2", "-d", bench.root, disk)
    bench.add_to_entry("root label:USBROOT-2")
    with bench.switch_on(disk) as console:
        text = judged(console)
    assert re.search(r"^probe: /proc/mounts: /dev/sda / ext4 rw", text, re.MULTILINE)
    media.run("e2fsck", "-fn", disk)


def init_offers_rescue_shell(fixtures: Fixtures, folder: Path):
    """I6, I11: a root without init; the initramfs is whole, and the end of its shell reboots."""
    bench = Bench(fixtures, folder)
    bench.judging_root()
    bench.make("--rescue")
    bench.change_root("rm /sbin/init")
    with bench.switch_on() as console:
        position = console.wait_for(step("root", "the root has no executable /sbin/init"))
        position = console.wait_for(step("fallback", "rescue shell"), position)
        console.send("busybox | head -n 1; ls /init /lib/usbboot/root.sh; echo typed-$((6*7))\n")
        for pattern in (r"^BusyBox v", r"^/init", r"^typed-42"):
            console.wait_for(pattern, position)
        console.send("exit\n")
        console.wait_for(step("fallback", "rebooting in 10 seconds"), position)
        console.wait_for_end()
    media.check_clean(bench.stick, folder)


def init_watchdog_ends_a_hang(fixtures: Fixtures, folder: Path):
    """A hook that never comes back ends in a reset, since /init alone feeds the watchdog."""
    bench = Bench(fixtures, folder)
    bench.judging_root()
    hang = bench.hook("10-hangs", "while :; do sleep 1000; done\n")
    bench.make("--hook", f"root={hang}",
               "--cmdline", "console=ttyS0,115200 panic=10 softdog.soft_margin=5")
    with bench.switch_on() as console:
        console.wait_for(step("root", "hook 10-hangs"))
        console.wait_for_end()
        assert "softdog: Initiating system reboot" in console.text, "not the watchdog's reset"


CASES = {
    case.__name__: case
    for case in (
        I7_I8_I9_init_checks_and_hands_over,
        init_puts_ram_over_squashfs,
        init_unpacks_root_into_32_mib,
        init_takes_partition_as_root,
        init_offers_rescue_shell,
        init_watchdog_ends_a_hang,
    )
}
