# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The rows of the fault matrix: sticks, boot scripts and entries. What lies behind the second kernel's
start is in fault_rows_kernel.py."""

from . import media
from .cases import step
from .fixtures import tool
from .faults import CRASHED, FLASH_UP, NONE, NOTED, PULLED, REBOOTS, ENTRY_UP, USED, Bench, Row

ENTRY = "/boot/entries/default.conf"
SCRIPT = "/boot/boot.sh"
NO_ENTRY = step("script", "there is no usable boot entry")
NONE_LEFT = step("script", "there is no boot entry left to try")
# Whoever reads from the stick first: /init, which then says so, or the kernel that starts the new init.
GONE = step("fallback", "rebooting") + "|Kernel panic"
SKIPPED = step("skip", "entry default was started before")
CAME_BACK = step("script", "boot.sh came back with status [1-9]")
UP = ENTRY_UP.format("default")
SECOND = "title The second\npriority 50\nkernel default/vmlinux.elf\nroot image:boot/default/root.img\n"


def no_stick(bench: Bench):
    bench.stick.unlink()
    bench.stick = None


def empty_stick(bench: Bench):
    bench.use("empty.img")


def without(path: str):
    return lambda bench: media.remove(bench.stick, path)


def holding(path: str, contents: bytes):
    return lambda bench: bench.write(path, contents)


def edited(path: str, pattern: str, replacement: str):
    return lambda bench: bench.edit(path, pattern, replacement)


def zeroed(start: int, size: int):
    """Bytes of the stick that are zero: its table, or the head of its file system."""

    def make(bench: Bench):
        with open(bench.stick, "r+b") as stick:
            stick.seek(start)
            stick.write(bytes(size))

    return make


def script_of_100_mib(bench: Bench):
    media.make_fat_stick(bench.stick, {"boot/boot.sh": bytes(100 << 20)}, 150 << 20)


def before_script(text: str):
    """The script, behind something that happens on the router first."""
    return lambda bench: bench.write(SCRIPT, text.encode() + bench.read(SCRIPT))


def with_second(bench: Bench):
    bench.write("/boot/entries/second.conf", SECOND.encode())
    bench.write("/boot/boot.conf", b"timeout 0\n")


def with_second_and(change):
    def make(bench: Bench):
        with_second(bench)
        change(bench)

    return make


def locked(bench: Bench):
    bench.locked = True


def full(bench: Bench):
    """Not one free cluster."""
    media.fill(bench.stick, bench.folder / "filling")


def guard_off_and_marked(bench: Bench):
    bench.write("/boot/boot.conf", b"guard no\n")
    bench.write("/boot/tried", b"default\n")


def remake(bench: Bench, *options: str):
    """The same stick with more options of mkbootusb."""
    bench.stick.unlink()
    tool(bench.fixtures.mkbootusb, "image", *bench.fixtures.stick_options(), *options, "-o", bench.stick)


def with_waiting_hook(bench: Bench):
    """A stick whose /init stops for a moment between the root's mount and its own last checks."""
    hook = bench.folder / "50-waits"
    hook.write_text("sleep 3\n")
    remake(bench, "--hook", f"mounts={hook}")


def marked_dirty(bench: Bench):
    """The FAT as a power cut leaves it: FAT_STATE_DIRTY of the boot sector (linux fs/fat/inode.c)."""
    with open(bench.stick, "r+b") as stick:
        stick.seek(media.PARTITION_START + 65)
        stick.write(b"\x01")


def with_fsck_and_dirty(bench: Bench):
    remake(bench, "--fsck", bench.fixtures.fsck_fat)
    marked_dirty(bench)


STICKS = [
    Row("no_stick", "no stick", FLASH_UP, (step("usb", "no USB storage in 5 seconds"),), no_stick,
        stick=NONE),
    Row("empty_stick", "stick without /boot", FLASH_UP, (step("usb", "sda1 has no /boot/boot.sh"),),
        empty_stick),
    Row("unreadable_fat", "boot sector of the FAT zero", FLASH_UP,
        (step("usb", "sda1 has no file system known here"),), zeroed(media.PARTITION_START, 512)),
    Row("no_table", "partition table zero", FLASH_UP, (step("usb", "sda has no file system known here"),),
        zeroed(0, 512)),
    Row("fat_without_tables", "both copies of the FAT zero", FLASH_UP, (),
        zeroed(media.PARTITION_START + 32 * 512, 400 * 512)),
    Row("skip_by_command_line", "`failsafe=` on the command line", FLASH_UP,
        (step("skip", "failsafe= on the kernel command line"),), options="failsafe="),
    Row("locked_stick", "write-protected stick", FLASH_UP,
        (step("script", "cannot write /boot/tried on the stick"), CAME_BACK), locked),
    Row("dirty_fat", "FAT not unmounted, no fsck.fat in the initramfs", UP, ("not properly unmounted",),
        marked_dirty, tried="default\n", stick=CRASHED),
    Row("dirty_fat_checked", "FAT not unmounted, fsck.fat in the initramfs", UP,
        (step("fsck", "/dev/sda1 is repaired"),), with_fsck_and_dirty, tried="default\n", stick=USED),
    Row("full_stick", "full stick", FLASH_UP,
        (step("script", "cannot write /boot/tried on the stick"), CAME_BACK), full, stick=NOTED),
]

SCRIPTS = [
    Row("script_missing", "boot.sh missing", FLASH_UP, (step("usb", "sda1 has no /boot/boot.sh"),),
        without(SCRIPT)),
    Row("script_empty", "boot.sh empty", FLASH_UP, (step("script", "boot.sh is empty"),),
        holding(SCRIPT, b"")),
    Row("script_100_mib", "boot.sh of 100 MiB", FLASH_UP,
        (step("script", "boot.sh is larger than 1 MiB"),), script_of_100_mib),
    Row("script_fails", "boot.sh ends with status 7", FLASH_UP,
        (step("script", "boot.sh came back with status 7"),), holding(SCRIPT, b"exit 7\n")),
    Row("script_killed", "boot.sh is killed", FLASH_UP,
        (step("script", "boot.sh came back with status 137"),), holding(SCRIPT, b"kill -9 $$\n")),
    Row("script_damaged", "boot.sh cut in the middle", FLASH_UP, (CAME_BACK,),
        lambda bench: bench.write(SCRIPT, bench.read(SCRIPT)[:9001])),
    Row("script_binary", "boot.sh of random bytes", FLASH_UP, (CAME_BACK,),
        holding(SCRIPT, bytes(range(256)) * 8)),
]

ENTRIES = [
    Row("no_entries", "no boot entry", FLASH_UP, (NO_ENTRY, CAME_BACK), without(ENTRY)),
    Row("entry_damaged", "boot entry of random bytes", FLASH_UP, (NO_ENTRY, CAME_BACK),
        holding(ENTRY, bytes(range(256)) * 300)),
    Row("entry_empty", "boot entry empty", FLASH_UP,
        (step("script", "entry default names neither kernel nor root"), CAME_BACK), holding(ENTRY, b"")),
    Row("entry_path", "kernel path out of /boot", FLASH_UP,
        (step("script", "entry default: its kernel path leaves the boot folder"), CAME_BACK),
        edited(ENTRY, "^kernel .*", "kernel ../../etc/passwd")),
    Row("boot_conf_damaged", "boot.conf of random bytes", UP, (),
        holding("/boot/boot.conf", bytes(range(256))), tried="default\n", stick=USED),
    Row("marked", "/boot/tried names the entry", FLASH_UP, (SKIPPED, NO_ENTRY, CAME_BACK),
        holding("/boot/tried", b"default\n"), tried="default\n"),
    Row("mark_damaged", "/boot/tried of random bytes", UP, (), holding("/boot/tried", bytes(range(256))),
        tried="default\n", stick=USED),
    Row("guard_off", "`guard no`, and /boot/tried names the entry", UP,
        (step("script", "guard no"),), guard_off_and_marked, tried="default\n", stick=USED),
    Row("first_marked", "two entries, /boot/tried names the first", ENTRY_UP.format("second"),
        (SKIPPED, step("kexec", "starting second")),
        with_second_and(holding("/boot/tried", b"default\n")), tried="default\nsecond\n", stick=USED),
    Row("both_marked", "two entries, /boot/tried names both", FLASH_UP, (SKIPPED, NO_ENTRY, CAME_BACK),
        with_second_and(holding("/boot/tried", b"default\nsecond\n")), tried="default\nsecond\n"),
    Row("first_faulty", "two entries, the first one's kernel missing", ENTRY_UP.format("second"),
        (step("kernel", "entry default: /boot/none is missing or empty"),
         step("kexec", "starting second")),
        with_second_and(edited(ENTRY, "^kernel .*", "kernel none")), tried="second\n", stick=USED),
]

PULLS = [
    Row("pulled_when_mounted", "stick pulled: just mounted", FLASH_UP,
        pull_at=step("usb", "sda1 mounted read-only"), seconds=60),
    Row("pulled_at_script", "stick pulled: boot.sh starts", FLASH_UP, (CAME_BACK,),
        pull_at=step("script", "running boot.sh"), seconds=60),
    Row("pulled_at_kernel", "stick pulled: kernel checked", FLASH_UP, (CAME_BACK,),
        pull_at=step("kernel", ".* has the right checksum"), seconds=60),
    Row("pulled_at_kexec", "stick pulled: second kernel starts", REBOOTS,
        (step("initramfs", "no medium"), step("fallback", "rebooting")), seconds=60,
        pull_at=step("kexec", "starting default"), tried="default\n", stick=PULLED),
    Row("pulled_at_initramfs", "stick pulled: /init has mounted it", REBOOTS, (step("fallback", "rebooting"),),
        seconds=60, pull_at=step("initramfs", "/dev/sda1 mounted"), tried="default\n", stick=PULLED),
    Row("pulled_at_root", "stick pulled: the root is mounted", REBOOTS, (GONE,), with_waiting_hook, seconds=60,
        pull_at=step("root", "hook 50-waits"), tried="default\n", stick=PULLED),
    Row("pulled_at_switch", "stick pulled: /init hands over", REBOOTS, (GONE,), seconds=60,
        pull_at=step("switch", "to /sbin/init"), tried="default\n", stick=PULLED),
]

ROWS = [*STICKS, *SCRIPTS, *ENTRIES, *PULLS]
