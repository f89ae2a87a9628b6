# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""A flash kernel with the search in its initramfs: from the stick, from a server, to its fallback, to a shell."""

from pathlib import Path

from . import flash, media, mtd, qemu, router, web
from .board import load_board
from .cases import (KERNEL_STARTS, KEXEC, SECOND_KERNEL, TEST_ROOT, check_marker, expect, powered,
                    step)
from .fixtures import BOARD, Fixtures, tool

SEARCH = [KERNEL_STARTS, r"Run /init as init process", step("start", "looking for a boot script")]
NO_STICK = step("usb", "no USB storage")
RESCUE_SHELL = step("done", "rescue shell on the console")
FALLBACK = [step("kexec", "starting the fallback system"), KERNEL_STARTS]
FLASH_SYSTEM_UP = step("done", "rescue system of the flash is up")


def make_loader(fixtures: Fixtures, folder: Path, *more: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    loader = folder / "loader.elf"
    tool(fixtures.mkflashroot, "--board", BOARD, "--kexec-loader", "--kernel", fixtures.flash_kernel,
         "--busybox", fixtures.busybox, "--kexec", fixtures.kexec, *more, "-o", loader)
    return loader


def make_fallback(fixtures: Fixtures, folder: Path, partitions: str) -> Path:
    """The kernel of the flash in its own rescue root. On a router the kernel cuts the flash itself;
    here its command line has to, since kexec passes none on."""
    folder.mkdir(parents=True, exist_ok=True)
    root = folder / "fallback.squashfs"
    tool(fixtures.mkflashroot, "--board", BOARD, "--minimal", "--busybox", fixtures.busybox,
         "--fallback-kernel", fixtures.flash_kernel, "--cmdline", f"{router.OPTIONS} {partitions}",
         "-o", root)
    return root


def loader_alone(fixtures: Fixtures, folder: Path, *more: str) -> router.Router:
    """`more` are mkflashroot's options."""
    trx = folder / "loader.trx"
    tool(fixtures.trxtool, "pack", "--board", BOARD, "--kernel", make_loader(fixtures, folder, *more), "-o",
         trx)
    tool(fixtures.trxtool, "verify", "--board", BOARD, "--deep", trx)
    return router.flashed(trx, load_board(BOARD), folder)


def loader_with_fallback(fixtures: Fixtures, folder: Path) -> router.Router:
    board = load_board(BOARD)
    loader, trx = make_loader(fixtures, folder), folder / "fallback.trx"
    # Where the root starts depends on what is in front of it alone.
    fixtures.pack(fixtures.path("flash-root.squashfs"), trx, kernel=str(loader))
    parts = flash.blkdevparts(flash.compose(trx.read_bytes(), board), board)
    fixtures.pack(make_fallback(fixtures, folder, parts), trx, kernel=str(loader))
    tool(fixtures.trxtool, "verify", "--board", BOARD, "--deep", "--strict", trx)
    return router.flashed(trx, board, folder)


def second_stage_boots_from_stick(fixtures: Fixtures, folder: Path):
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    with powered(loader_alone(fixtures, folder), stick) as console:
        expect(console, [*SEARCH, step("usb", "sda1 mounted read-only .vfat"), step("script"),
                         *KEXEC, *SECOND_KERNEL, *TEST_ROOT])
        console.wait_for_end()
    check_marker(stick, folder, "/marker", "ext4 rw")


def second_stage_boots_from_server(fixtures: Fixtures, folder: Path):
    """P8, P12: the same search on the network, from an initramfs: script and kernel, signed, come from a
    server; the stick has the root, but no boot script."""
    folder.mkdir(parents=True, exist_ok=True)
    stick, tree, key = router.copy_of(fixtures.path("fat.img"), folder), folder / "tree", folder / "key"
    media.remove(stick, "/boot/boot.sh")
    tool(fixtures.mkbootusb, "keygen", "-o", key)
    tool(fixtures.mkbootusb, "netboot", *fixtures.stick_options(), "--sign-key", f"{key}.sec", "-d", tree)
    with web.serve(fixtures.mkbootusb, tree, folder / "requests.log") as port:
        machine = loader_alone(fixtures, folder, "--netboot", f"http://10.0.2.2:{port}/boot/{BOARD}",
                               "--public-key", f"{key}.pub", "--signify", fixtures.signify)
        with powered(machine, stick, network=True) as console:
            expect(console, [*SEARCH, step("network"), step("script", ".* has a good signature"),
                             step("script", "running boot.sh of http"), *KEXEC, *SECOND_KERNEL, *TEST_ROOT])
            console.wait_for_end()
    asked = (folder / "requests.log").read_text()
    for file in ("boot.sh", "default/vmlinux.elf"):
        assert f"GET /boot/{BOARD}/{file} 200 " in asked, f"{file} not served: {asked}"
    check_marker(stick, folder, "/marker", "ext4 rw")


def second_stage_ends_in_a_shell(fixtures: Fixtures, folder: Path):
    with powered(loader_alone(fixtures, folder), None) as console:
        expect(console, [*SEARCH, NO_STICK, step("fallback", "there is no kernel in the flash"),
                         RESCUE_SHELL])
        console.wait_for(r"Please press Enter to activate this console")
        console.send("\n")
        console.send("echo typed-$((6*7)); cat /proc/1/comm /proc/mounts\n")
        position = console.wait_for(r"^typed-42$")
        console.wait_for(r"^init$", position)
        console.wait_for(r"^rootfs / rootfs", position)
        console.send("poweroff -f\n")
        console.wait_for_end()


def second_stage_falls_back_from_damaged_stick(fixtures: Fixtures, folder: Path):
    """Entry with a wrong kernel: the kernel in the flash's root comes up, and its root."""
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    kernel = media.extract(stick, "/boot/default/vmlinux.elf", folder / "vmlinux.elf").read_bytes()
    media.flip_bit(stick, kernel[len(kernel) // 2 :][:4096])
    before = flash.sha256(stick)
    with powered(loader_with_fallback(fixtures, folder), stick) as console:
        expect(console, [*SEARCH, step("kernel", ".* has a wrong checksum"), *FALLBACK,
                         r"flash-init: .*/dev/vda3", FLASH_SYSTEM_UP])
        assert console.text.count("Linux version ") == 2, "another kernel was started"
    assert flash.sha256(stick) == before, "the stick was written"


def second_stage_falls_back_on_real_mtd(fixtures: Fixtures, folder: Path):
    """No stick; the root to fall back to lies in malta's own chip, found by its MTD name."""
    machine = loader_alone(fixtures, folder)
    partitions = mtd.partitions_of({"boot": 0x40000, "rootfs": 0x3B0000, "nvram": 0x10000})
    root = make_fallback(fixtures, folder, partitions).read_bytes()
    chip = folder / "chip.img"
    chip.write_bytes(b"\xff" * 0x40000 + root + b"\xff" * (0x3C0000 - len(root)))
    before = flash.sha256(chip)
    arguments = mtd.command(machine.kernel, f"{router.OPTIONS} {partitions}",
                            load_board(BOARD).ram_size, chip, None)
    with qemu.Console(arguments, folder / "console.log", 150) as console:
        expect(console, [*SEARCH, NO_STICK, *FALLBACK, r"flash-init: .*/dev/mtdblock1",
                         FLASH_SYSTEM_UP])
    assert flash.sha256(chip) == before, "the flash chip was written"


CASES = {
    case.__name__: case
    for case in (second_stage_boots_from_stick, second_stage_boots_from_server, second_stage_ends_in_a_shell,
                 second_stage_falls_back_from_damaged_stick, second_stage_falls_back_on_real_mtd)
}
