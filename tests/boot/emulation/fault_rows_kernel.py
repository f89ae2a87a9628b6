# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The rows of the fault matrix about kernels and roots: what kexec refuses, and what fails behind it."""

import hashlib
from pathlib import Path

from . import media
from .cases import step
from .fault_rows import CAME_BACK, ENTRY, NONE_LEFT, SCRIPT, SKIPPED, UP, before_script, edited, without
from .faults import CRASHED, FLASH_UP, HANGS, NOTED, PULLED, REBOOTS, USED, WAITS, Bench, Row

KERNEL = "/boot/default/vmlinux.elf"
ROOT = "/boot/default/root.img"
COMMAND_LINE_END = b"console=ttyS0,115200 panic=-1"


def summed(bench: Bench, kernel: bytes):
    """Another kernel, and its right checksum in the entry."""
    bench.write(KERNEL, kernel)
    bench.edit(ENTRY, "^kernel-sha256 .*", "kernel-sha256 " + hashlib.sha256(kernel).hexdigest())


def kernel(contents: bytes):
    return lambda bench: summed(bench, contents)


def host_program(bench: Bench):
    summed(bench, Path("/bin/true").read_bytes())


def half_kernel(bench: Bench):
    contents = bench.read(KERNEL)
    bench.write(KERNEL, contents[: len(contents) // 2])


def half_kernel_with_its_sum(bench: Bench):
    contents = bench.read(KERNEL)
    summed(bench, contents[: len(contents) // 2])


def flipped_kernel(bench: Bench):
    contents = bytearray(bench.read(KERNEL))
    contents[len(contents) // 2] ^= 1
    bench.write(KERNEL, bytes(contents))


def huge_kernel(bench: Bench):
    """Loads as well as before, but needs more memory for that than the router has."""
    contents = {path[1:]: bench.read(path) for path in (SCRIPT, ENTRY, KERNEL, ROOT)}
    media.make_fat_stick(bench.stick, contents, 128 << 20)
    summed(bench, contents[KERNEL[1:]] + bytes(26 << 20))


def command_line(more: bytes):
    """More options at the end of the line inside the second kernel."""

    def make(bench: Bench):
        contents = bench.read(KERNEL)
        old = COMMAND_LINE_END + bytes(len(more) + 1)
        assert contents.count(old) == 1, "no room behind the command line"
        summed(bench, contents.replace(old, COMMAND_LINE_END + more + b"\0"))

    return make


def changed_root(change, *options: str):
    """The root image after `change`, back on the stick; `options` edit the entry."""

    def make(bench: Bench):
        image = media.extract(bench.stick, ROOT, bench.folder / "root.img")
        change(image)
        bench.write(ROOT, image.read_bytes())
        for pattern, replacement in zip(options[::2], options[1::2], strict=True):
            bench.edit(ENTRY, pattern, replacement)

    return make


def cut(image: Path):
    with open(image, "r+b") as file:
        file.truncate(300000)


def blank(image: Path):
    image.write_bytes(bytes(image.stat().st_size))


def dirty(image: Path):
    """As if it had been mounted when the power went."""
    media.run("debugfs", "-w", "-R", "feature needs_recovery", image)
    media.run("debugfs", "-w", "-R", "ssv state 0", image)


def beyond_repair(image: Path):
    """Not by e2fsck -p, which stops where it would have to guess; the kernel mounts it all the same."""
    for request in ("ssv state 2", "sif /etc mode 0"):
        media.run("debugfs", "-w", "-R", request, image)


def without_init(image: Path):
    media.run("debugfs", "-w", "-R", "rm /sbin/init", image)


def init_that_ends(image: Path):
    """Process 1 ends, and the kernel panics."""
    script = image.with_name("init")
    script.write_text("#!/bin/busybox sh\nexit 1\n")
    for request in ("rm /sbin/init", f"write {script} /sbin/init", "sif /sbin/init mode 0100755"):
        media.run("debugfs", "-w", "-R", request, image)


def root_of_another_sum(bench: Bench):
    bench.edit(ENTRY, "^options .*", "options ro\nroot-sha256 " + "0" * 64)


def guard_off_without_init(bench: Bench):
    bench.write("/boot/boot.conf", b"guard no\n")
    changed_root(without_init)(bench)


def no_kernel_no_init(bench: Bench):
    changed_root(without_init, "^kernel.*\n", "")(bench)


KERNELS = [
    Row("kernel_missing", "kernel missing", FLASH_UP,
        (step("kernel", "entry default: .* is missing or empty"), NONE_LEFT, CAME_BACK), without(KERNEL)),
    Row("kernel_empty", "kernel empty", FLASH_UP,
        (step("kernel", "entry default: .* is missing or empty"), NONE_LEFT), kernel(b"")),
    Row("kernel_truncated", "kernel cut in half", FLASH_UP,
        (step("kernel", ".* has a wrong checksum"), NONE_LEFT), half_kernel),
    Row("kernel_truncated_summed", "kernel cut in half, checksum of the half", FLASH_UP,
        (step("kexec", "kexec cannot load the kernel"), NONE_LEFT), half_kernel_with_its_sum),
    Row("kernel_sum", "one bit of the kernel wrong", FLASH_UP,
        (step("kernel", ".* has a wrong checksum"), NONE_LEFT), flipped_kernel),
    Row("kernel_processor", "program of another processor as kernel", FLASH_UP,
        (step("kexec", "kexec cannot load the kernel"), NONE_LEFT), host_program),
    Row("kernel_text", "text as kernel", FLASH_UP,
        (step("kexec", "kexec cannot load the kernel"), NONE_LEFT), kernel(b"no kernel\n" * 99)),
    Row("kernel_memory", "no memory for the kernel", FLASH_UP,
        (step("kernel", "default needs .* KiB of memory"), NONE_LEFT), huge_kernel, seconds=60),
    Row("kexec_missing", "flash root without kexec", FLASH_UP,
        (step("kexec", "there is no kexec program"), NONE_LEFT), flash="no-kexec.trx"),
    Row("kexec_fails", "a kexec that only fails", FLASH_UP,
        (step("kexec", "kexec cannot load the kernel"), NONE_LEFT), flash="bad-kexec.trx"),
    Row("kexec_not_in_kernel", "flash kernel without kexec (its place in /sys is hidden)", FLASH_UP,
        (step("kexec", "this flash kernel cannot start another one"), NONE_LEFT),
        before_script("mount -t tmpfs none /sys/kernel\n")),
    Row("kexec_forbidden", "flash kernel refuses to load (kexec_load_disabled)", FLASH_UP,
        (step("kexec", "kexec cannot load the kernel"), NONE_LEFT),
        before_script("echo 1 >/proc/sys/kernel/kexec_load_disabled\n")),
    Row("second_kernel_panics", "second kernel panics before /init", REBOOTS, ("Kernel panic",),
        command_line(b" rdinit=/none init=/none"), tried="default\n", stick=NOTED, then=(SKIPPED,)),
    Row("second_kernel_hangs", "second kernel hangs before /init", HANGS, ("Kernel panic",),
        command_line(b" rdinit=/none init=/none panic=0"), tried="default\n", stick=NOTED,
        then=(SKIPPED,)),
]

ROOTS = [
    Row("root_missing", "root image missing", FLASH_UP,
        (step("root", "entry default: there is no root image"), NONE_LEFT), without(ROOT)),
    Row("root_sum", "read-only root with another checksum", FLASH_UP,
        (step("root", ".* has a wrong checksum"), NONE_LEFT), root_of_another_sum, seconds=60),
    Row("root_truncated", "root image cut off", REBOOTS, (step("fallback", "rebooting"),),
        changed_root(cut), tried="default\n", stick=USED, then=(SKIPPED,), seconds=60),
    Row("root_blank", "root image of zeros", REBOOTS, (step("fallback", "rebooting"),),
        changed_root(blank), tried="default\n", stick=USED, then=(SKIPPED,), seconds=60),
    Row("root_dirty", "root image not unmounted, journal to replay", UP, (), changed_root(dirty),
        tried="default\n", stick=USED),
    Row("root_read_only", "root mounted read-only", UP, (),
        edited(ENTRY, "^options .*", "options ro,noatime"), tried="default\n", stick=USED),
    Row("root_without_init", "root without init", REBOOTS, (step("root", "the root has no executable"),),
        changed_root(without_init), tried="default\n", stick=USED, then=(SKIPPED,), seconds=60),
    Row("guard_off_root_without_init", "`guard no`, root without init", WAITS,
        (step("fallback", "rebooting"),), guard_off_without_init, stick=PULLED, seconds=60,
        pull_at=step("fallback", "waiting until the stick is pulled out")),
    Row("init_ends", "init of the root ends at once", REBOOTS, ("Kernel panic",),
        changed_root(init_that_ends), tried="default\n", stick=CRASHED, then=(SKIPPED,)),
    Row("own_root_without_init", "entry without kernel, root without init", FLASH_UP,
        (step("root", "the root of default has no executable"), step("root", "default is not started")),
        no_kernel_no_init, tried="default\n", stick=NOTED),
    Row("own_root_cut", "entry without kernel, root image cut off", FLASH_UP,
        (step("fsck", "boot/default/root.img is not checked: there is no e2fsck here"),
         step("root", "cannot mount .*root.img"), step("root", "default is not started")),
        changed_root(cut, "^kernel.*\n", ""), tried="default\n", stick=NOTED),
    Row("own_root_beyond_repair", "entry without kernel, root damaged, e2fsck in the flash", FLASH_UP,
        (step("fsck", "boot/default/root.img cannot be repaired .e2fsck says"), step("root", "default is not started")),
        changed_root(beyond_repair, "^kernel.*\n", ""), tried="default\n", stick=NOTED, flash="checking.trx"),
    Row("own_root_missing", "entry without kernel, root image missing", FLASH_UP,
        (step("root", "entry default: there is no root image"), NONE_LEFT),
        lambda bench: (bench.edit(ENTRY, "^kernel.*\n", ""), media.remove(bench.stick, ROOT))),
]

ROWS = [*KERNELS, *ROOTS]
