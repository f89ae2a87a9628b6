# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The promises that are kept on the emulated router, one function each.

Every case flashes a router of its own, in a folder of its own, and ends with the flash chip
byte-identical to what was flashed.
"""

import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import cfe, flash, media, qemu, router, steps, web
from .board import REPOSITORY, load_board
from .fixtures import BOARD, Fixtures, output_of, tool



def step(name: str, text: str = "") -> str:
    """A line of the boot scripts."""
    return rf"^usbboot: \[ *[\d.]+\] {name}: {text}"


KERNEL_STARTS = r"Linux version \d"
# flash-init mounts the squashfs and becomes its preinit.
FLASH_SYSTEM = [KERNEL_STARTS, r"flash-init: .*/dev/vda3", step("start")]
RESCUE = [step("fallback"), step("done", "rescue system of the flash is up")]


@contextmanager
def powered(machine: router.Router, stick: Path | None, network: bool | str = False, seconds: float = 150):
    """The console of the running router. Afterwards the chip must be what it was."""
    before = flash.sha256(machine.chip)
    with machine.switch_on(stick, network, seconds) as console:
        try:
            yield console
        finally:
            print(steps.table(console.text))
    after = flash.sha256(machine.chip)
    assert after == before, "the flash chip was written"
    print(f"flash chip unchanged: {after}")


def expect(console: qemu.Console, patterns: list[str]):
    """All patterns, in this order."""
    position = 0
    for pattern in patterns:
        position = console.wait_for(pattern, position)


def flash_router(fixtures: Fixtures, folder: Path) -> router.Router:
    return router.flashed(fixtures.path("qemu-malta.trx"), load_board(BOARD), folder)


KEXEC = [step("kernel", ".* has the right checksum"), step("kexec", "starting default")]
# What the second kernel does, wherever it came from: initramfs, loop root read-write, switch_root.
SECOND_KERNEL = [
    KERNEL_STARTS,
    r"Run /init as init process",
    step("initramfs", "entry default"),
    step("root", "boot/default/root.img mounted"),
    step("switch", "to /sbin/init"),
]
TEST_ROOT = [r"^test-root: .* init: pid 1 on /dev/loop\d+ / ext4 rw,", r"^test-root: .* marker: written"]


def check_marker(stick: Path, folder: Path, path: str, text: str):
    """The root's init wrote `text` into its root image on the stick, and left all clean."""
    image = media.extract(stick, "/boot/default/root.img", folder / "root.img")
    marker = media.text_of(image, path)
    assert text in marker, f"no marker {path} in the root image, but: {marker!r}"
    media.run("e2fsck", "-fn", image)
    media.check_clean(stick, folder)
    print(f"{path} in the root image: {marker.splitlines()}")


def boots_from_fat_stick(fixtures: Fixtures, folder: Path):
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    with powered(flash_router(fixtures, folder), stick) as console:
        expect(console, [*FLASH_SYSTEM, step("usb", "sda1 mounted read-only .vfat"),
                         step("script"), *KEXEC, *SECOND_KERNEL, *TEST_ROOT])
        print(f"wall time {console.wait_for_end():.1f} s")
        print(f"from the flash kernel's start to the init on USB: {steps.until(console.text, 'init:'):.1f}"
              " guest s (aim: 8)")
    check_marker(stick, folder, "/marker", "ext4 rw")


def boots_from_ext4_stick(fixtures: Fixtures, folder: Path):
    """The minimal root, used as a person does: a shell on the console, then poweroff."""
    stick = router.copy_of(fixtures.path("ext4.img"), folder)
    with powered(flash_router(fixtures, folder), stick) as console:
        expect(console, [*FLASH_SYSTEM, step("usb", "sda1 mounted read-only .ext4"),
                         step("script"), *KEXEC, *SECOND_KERNEL,
                         step("done", "the system on USB is up")])
        position = console.wait_for(r"Please press Enter to activate this console")
        console.send("\n")
        console.send("echo typed-$((6*7)) >/root-marker; cat /root-marker /proc/mounts\n")
        position = console.wait_for(r"^typed-42$", position)
        console.wait_for(r"^/dev/loop\d+ / ext4 rw", position)
        console.send("poweroff\n")
        print(f"wall time {console.wait_for_end():.1f} s")
    check_marker(stick, folder, "/root-marker", "typed-42")
    check_marker(stick, folder, "/var/usbboot-ok", "started: Linux")


def boots_entry_without_kernel(fixtures: Fixtures, folder: Path):
    """The flash kernel stays and takes the root on the stick as its own; preinit is process 1."""
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    media.write(stick, "/boot/entries/default.conf",
                b"root image:boot/default/root.img\npath /bin\nenv GREETING=it's me\n")
    with powered(flash_router(fixtures, folder), stick) as console:
        expect(console, [*FLASH_SYSTEM, step("root", "default keeps this kernel"),
                         step("switch", "to /sbin/init of default"), *TEST_ROOT])
        console.wait_for_end()
        assert console.text.count("Linux version ") == 1, "a second kernel was started"
        mounts = console.text.partition("init: pid")[2]
        assert " squashfs " not in mounts, "the flash root is still mounted"
    check_marker(stick, folder, "/marker", "ext4 rw")


def boots_script_from_http(fixtures: Fixtures, folder: Path):
    """Script and kernel, signed, come from mkbootusb serve, the address by DHCP; the stick has the root,
    but no boot script."""
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    media.remove(stick, "/boot/boot.sh")
    tree, key = folder / "tree", folder / "key"
    shutil.rmtree(tree, ignore_errors=True)
    tool(fixtures.mkbootusb, "keygen", "-o", key)
    tool(fixtures.mkbootusb, "netboot", *fixtures.stick_options(), "--sign-key", f"{key}.sec",
         "--build", "7", "-d", tree)
    tool(fixtures.mkbootusb, "check", tree, "--public-key", f"{key}.pub", "--minimum-build", "7")
    with web.serve(fixtures.mkbootusb, tree, folder / "requests.log") as port:
        root = folder / "flash-root.squashfs"
        trx = folder / "netboot.trx"
        fixtures.flash_root(root, "--netboot", f"http://10.0.2.2:{port}/boot/{BOARD}", "--public-key",
                            f"{key}.pub", "--minimum-build", "7", "--signify", fixtures.signify)
        fixtures.pack(root, trx)
        machine = router.flashed(trx, load_board(BOARD), folder)
        with powered(machine, stick, network=True) as console:
            expect(console, [*FLASH_SYSTEM, step("network"), step("script", ".* has a good signature"),
                             step("script", "running boot.sh of http"),
                             *KEXEC, *SECOND_KERNEL, *TEST_ROOT])
            console.wait_for_end()
    asked = (folder / "requests.log").read_text()
    print(asked)
    for file in ("boot.sh", "default/vmlinux.elf"):
        assert re.search(rf"GET /boot/{BOARD}/{file} 200 \d+$", asked, re.MULTILINE), f"{file} not served"
    check_marker(stick, folder, "/marker", "ext4 rw")


def runs_on_the_terminal(fixtures: Fixtures, folder: Path):
    """mkbootusb run: the same boot with one command, and the stick stays as it was."""
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    before = flash.sha256(stick)
    words = [fixtures.mkbootusb, "run", str(stick), "--flash", str(fixtures.path("qemu-malta.trx"))]
    with qemu.Console(words, folder / "console.log", 150) as console:
        expect(console, [*FLASH_SYSTEM, step("usb", "sda1 mounted read-only .vfat"),
                         step("script"), *KEXEC, *SECOND_KERNEL, *TEST_ROOT])
        print(f"wall time {console.wait_for_end():.1f} s")
    assert flash.sha256(stick) == before, "the stick was written"


def runs_and_keeps(fixtures: Fixtures, folder: Path):
    """With a flash made of what tools/ keep; what the system writes stays on the stick."""
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    words = [fixtures.mkbootusb, "run", str(stick), "--keep"]
    with qemu.Console(words, folder / "console.log", 300) as console:
        expect(console, [*FLASH_SYSTEM, *KEXEC, *SECOND_KERNEL, *TEST_ROOT])
        console.wait_for_end()
    check_marker(stick, folder, "/marker", "ext4 rw")
    tool(fixtures.mkbootusb, "check", stick)


def boots_with_modules(fixtures: Fixtures, folder: Path):
    """USB storage, file systems and loop device of the stick kernel are modules: mkbootusb puts
    those that are needed into the initramfs, in load order."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = output_of(REPOSITORY / "tools/build-kernel", "--fragment",
                      REPOSITORY / "tests/kernels/modular.config", BOARD, "stick")
    kernel = Path(lines.split("\n")[0])
    options = [str(kernel) if word == fixtures.stick_kernel else word
               for word in fixtures.stick_options()]
    stick = folder / "stick.img"
    try:
        tool(fixtures.mkbootusb, "image", *options, "-o", stick)
        raise AssertionError("a kernel without its modules is taken")
    except subprocess.CalledProcessError as error:
        assert error.returncode == 3, error
    tool(fixtures.mkbootusb, "image", *options, "--modules", next((kernel.parent / "modules/lib/modules").iterdir()),
         "-o", stick)
    with powered(flash_router(fixtures, folder), stick) as console:
        expect(console, [*FLASH_SYSTEM, *KEXEC, *SECOND_KERNEL, *TEST_ROOT])
        assert "missing" not in console.text, "a module is missing"
        console.wait_for_end()
    check_marker(stick, folder, "/marker", "ext4 rw")


def falls_back_without_stick(fixtures: Fixtures, folder: Path):
    with powered(flash_router(fixtures, folder), None) as console:
        expect(console, [*FLASH_SYSTEM, step("usb", "no USB storage"), *RESCUE])
        cost = steps.until(console.text, "fallback:") - steps.until(console.text, "start:")
        print(f"cost of no stick: {cost:.1f} guest s (aim: 5)")


def falls_back_without_boot_script(fixtures: Fixtures, folder: Path):
    stick = router.copy_of(fixtures.path("empty.img"), folder)
    before = flash.sha256(stick)
    with powered(flash_router(fixtures, folder), stick) as console:
        expect(console, [*FLASH_SYSTEM, step("usb", "sda1 has no /boot/boot.sh"), *RESCUE])
    assert flash.sha256(stick) == before, "the stick was written"


def falls_back_from_damaged_kernel(fixtures: Fixtures, folder: Path):
    """One bit of the kernel on the stick is wrong: it is not started."""
    stick = router.copy_of(fixtures.path("fat.img"), folder)
    kernel = media.extract(stick, "/boot/default/vmlinux.elf", folder / "vmlinux.elf").read_bytes()
    media.flip_bit(stick, kernel[len(kernel) // 2 :][:4096])
    with powered(flash_router(fixtures, folder), stick) as console:
        expect(console, [*FLASH_SYSTEM, step("kernel", ".* has a wrong checksum"), *RESCUE])
        assert console.text.count("Linux version ") == 1, "the damaged kernel was started"


def refuses_damaged_trx(fixtures: Fixtures, folder: Path):
    """One bit anywhere that the CRC covers, or in the magic, and CFE does not start it."""
    folder.mkdir(parents=True, exist_ok=True)
    good = fixtures.path("qemu-malta.trx").read_bytes()
    board = load_board(BOARD)
    cfe.start(flash.compose(good, board), board)
    for offset, reason in ((0, "bad magic"), (12, "bad CRC"), (len(good) // 2, "bad CRC")):
        damaged = bytearray(good)
        damaged[offset] ^= 0x10
        trx = folder / "damaged.trx"
        trx.write_bytes(damaged)
        try:
            router.flashed(trx, board, folder)
        except cfe.Refused as refusal:
            assert str(refusal).startswith(reason), f"bit at {offset:#x}: {refusal}"
            print(f"bit at {offset:#x}: {refusal}")
        else:
            raise AssertionError(f"started with a flipped bit at {offset:#x}")
    assert not (folder / "started-by-cfe.elf").exists()


CASES = {
    case.__name__: case
    for case in (
        boots_from_fat_stick,
        boots_from_ext4_stick,
        boots_entry_without_kernel,
        boots_script_from_http,
        runs_on_the_terminal,
        runs_and_keeps,
        boots_with_modules,
        falls_back_without_stick,
        falls_back_without_boot_script,
        falls_back_from_damaged_kernel,
        refuses_damaged_trx,
    )
}
