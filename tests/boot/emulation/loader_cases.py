# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""What the loader (loader/) promises, on the emulated CPU: it starts the right bytes in the right
way, or says what is wrong and resets. Started by the mini-CFE, as real CFE would start it.
"""

import time
import zlib
from dataclasses import dataclass
from pathlib import Path

from . import cfe, elfwrap, flash, loader, programs, qemu, router
from .board import load_board
from .fixtures import BOARD, Fixtures, variant_of_board

ARGUMENTS = (0x11111111, 0x22222222, 0x33333333, 0x44444444)
CPUS = ("74Kf", "24Kc")
# Of the emulated CPU's Count register: the wait before a reset takes a hundredth of its time.
HASTY_COUNT_RATE = 1660000
ENDS = [r"^nothing is started; reset in 10 s$"]


@dataclass
class Part:
    """An unpacked part 1 and the board that it is for."""

    code: bytes
    load_address: int
    ram_size: int

    @property
    def header(self) -> loader.Header:
        return loader.Header.unpack(self.code)

    def run(self, folder: Path, patterns: list[str], cpu: str = CPUS[0], ram_size: int = 0,
            arguments: tuple = (), options: str = "", until_end: bool = True,
            seconds: float = 100) -> str:
        """Starts it; all patterns must show up in this order. Returns the console's text."""
        folder.mkdir(parents=True, exist_ok=True)
        elf = folder / "mini-cfe.elf"
        elf.write_bytes(loader.mini_cfe(self.code, self.load_address, folder, arguments))
        command = qemu.bare_command(elf, options, ram_size or self.ram_size, cpu)
        with qemu.Console(command, folder / "console.log", seconds) as console:
            position = 0
            for pattern in patterns:
                position = console.wait_for(pattern, position)
            if until_end:
                console.wait_for_end()
            return console.text


def part_of(fixtures: Fixtures, kernel: Path | str, board_name: str, folder: Path) -> Part:
    """Part 1 as CFE unpacks it from an image with `kernel`."""
    trx = folder / "loader.trx"
    fixtures.pack(fixtures.path("flash-root.squashfs"), trx, board_name, str(kernel))
    board = load_board(board_name)
    code = cfe.start(flash.compose(trx.read_bytes(), board), board)
    return Part(code, board.load_address, board.ram_size)


def linux_part(fixtures: Fixtures, folder: Path) -> Part:
    folder.mkdir(parents=True, exist_ok=True)
    return part_of(fixtures, fixtures.flash_kernel, BOARD, folder)


def program_part(fixtures: Fixtures, folder: Path, filling: bytes = b"") -> Part:
    """A small program at 0x80001000, where kernels of BCM47xx run, with `filling` behind it."""
    board = variant_of_board(folder / "bcm47xx-like.toml",
                             ("load = { value = 0x80100000", "load = { value = 0x80001000"))
    elf = programs.build("registers", 0x80001000, folder)
    entry = programs.entry(elf)
    elf.write_bytes(elfwrap.wrap(programs.raw(elf) + filling, 0x80001000, entry))
    part = part_of(fixtures, elf, board, folder)
    assert part.header.entry == entry
    return part


def hurried(code: bytes, **changes) -> bytes:
    return loader.with_header(code, count_rate=HASTY_COUNT_RATE, **changes)


def refused(part: Part, folder: Path, patterns: list[str], **how):
    """It says so, starts nothing and resets the board, which ends the emulator."""
    text = part.run(folder, patterns + ENDS, **how)
    assert "starting" not in text and "Linux version" not in text and "registers:" not in text, text


def starts_program_with_its_arguments(fixtures: Fixtures, folder: Path):
    part = program_part(fixtures, folder)
    words = " ".join(f"{word:08x}" for word in ARGUMENTS)
    for cpu in CPUS:
        text = part.run(folder, [
            r"^trxkit loader at 0x80001000$",
            rf"^moved to {part.header.run_address:#010x}$",
            r"^unpacking to 0x80001000 ",
            rf"^starting {part.header.entry:#010x}$",
            rf"^registers: arguments {words}; entry {part.header.entry:08x}; .*; end$",
        ], cpu=cpu, arguments=ARGUMENTS)
        print(f"{cpu}: {text.splitlines()[-1]}")


def starts_linux_over_itself(fixtures: Fixtures, folder: Path):
    """The kernel's place overlaps that of the unpacked stub and payload: the move matters."""
    part = linux_part(fixtures, folder)
    header = part.header
    assert part.load_address < header.load_address < part.load_address + len(part.code)
    assert header.load_address + header.memory_size <= header.run_address
    for cpu in CPUS:
        part.run(folder, [rf"^starting {header.entry:#010x}$", r"Linux version \d",
                          r"Kernel command line: .*told=by-qemu", r"Run /init as init"],
                 cpu=cpu, options="console=ttyS0,115200 panic=-1 told=by-qemu", until_end=False)


def starts_kernel_of_12_mib(fixtures: Fixtures, folder: Path):
    words = b"".join(index.to_bytes(4, "little") for index in range(1 << 16))
    part = program_part(fixtures, folder, (words * 48)[: 12 << 20])
    assert part.header.result_size > 12 << 20
    text = part.run(folder, [r"^registers: arguments .*; end$"], arguments=ARGUMENTS)
    assert "." * 12 in text


def refuses_damaged_payload(fixtures: Fixtures, folder: Path):
    """In the payload itself, and in one whose CRC in the header is right all the same."""
    part = program_part(fixtures, folder)
    header = part.header
    for offset in (0, header.payload_size // 2, header.payload_size - 1):
        code = bytearray(hurried(part.code))
        code[header.stub_size + offset] ^= 0x04
        refused(Part(bytes(code), part.load_address, part.ram_size), folder,
                [rf"^the payload is damaged: CRC 0x[0-9a-f]{{8}} instead of "
                 rf"{header.payload_crc:#010x}$"])
        crc = zlib.crc32(code[header.stub_size :])
        refused(Part(hurried(bytes(code), payload_crc=crc), part.load_address, part.ram_size),
                folder, [r"^(the payload is no LZMA stream of that size"
                         r"|the unpacked kernel is damaged: CRC .*)$"])
    refused(Part(hurried(part.code, payload_size=header.payload_size - 1,
                         payload_crc=zlib.crc32(part.code[header.stub_size : -1])),
                 part.load_address, part.ram_size), folder, [r"^the payload is no LZMA stream"])


def refuses_damaged_loader(fixtures: Fixtures, folder: Path):
    part = program_part(fixtures, folder)
    header_field = bytearray(hurried(part.code))
    header_field[loader.HEADER_OFFSET + 52] ^= 0x40
    refused(Part(bytes(header_field), part.load_address, part.ram_size), folder,
            [r"^the loader's header is damaged: CRC 0x[0-9a-f]{8} instead of 0x[0-9a-f]{8}$"])
    refused(Part(hurried(part.code, stub_crc=part.header.stub_crc ^ 1), part.load_address,
                 part.ram_size), folder, [r"^the loader was not copied well: CRC "])
    # Where even the console is unknown nothing is said, and nothing started.
    console_field = bytearray(hurried(part.code))
    console_field[loader.HEADER_OFFSET + 8] ^= 0x10
    try:
        Part(bytes(console_field), part.load_address, part.ram_size).run(
            folder, [r"."], until_end=False, seconds=8)
    except qemu.ConsoleError:
        return
    raise AssertionError("it said something, or started the program")


def refuses_wrong_result(fixtures: Fixtures, folder: Path):
    part = program_part(fixtures, folder)
    header = part.header
    refused(Part(hurried(part.code, result_crc=header.result_crc ^ 0x100), part.load_address,
                 part.ram_size), folder,
            [rf"^the unpacked kernel is damaged: CRC {header.result_crc:#010x} instead of "
             rf"{header.result_crc ^ 0x100:#010x}$"])
    for size in (header.result_size - 1, header.result_size + 1):
        refused(Part(hurried(part.code, result_size=size, memory_size=size), part.load_address,
                     part.ram_size), folder, [r"^the payload is no LZMA stream of that size$"])
    room = header.run_address - header.load_address
    refused(Part(hurried(part.code, memory_size=room + 1), part.load_address, part.ram_size),
            folder, [rf"^no room for the kernel: {room + 1:#010x} instead of {room:#010x}$"])
    # A kernel that takes all the room, and unpacks to more.
    refused(Part(hurried(part.code, memory_size=room, result_size=room + 1), part.load_address,
                 part.ram_size), folder, [r"^no room for the kernel: "])
    # No byte left behind the payload, and the end of the RAM inside of it.
    behind = (header.run_address + header.stub_size + header.payload_size + 15) // 16 * 16
    for end in (behind, behind - 16):
        refused(Part(hurried(part.code, run_end=end), part.load_address, part.ram_size), folder,
                [r"^no room behind the payload: "])


def refuses_smaller_ram(fixtures: Fixtures, folder: Path):
    """Less RAM than the board file says, with and without a repetition of it above."""
    part = program_part(fixtures, folder)
    code = hurried(part.code)
    refused(Part(code, part.load_address, part.ram_size), folder,
            [rf"less than the {part.ram_size:#010x} bytes of the board file"],
            ram_size=32 << 20, arguments=ARGUMENTS)


def waits_before_reset(fixtures: Fixtures, folder: Path):
    """With the board's own clock: about ten seconds to read the message."""
    part = program_part(fixtures, folder)
    wrong = loader.with_header(part.code, result_crc=part.header.result_crc ^ 1)
    started = time.monotonic()
    refused(Part(wrong, part.load_address, part.ram_size), folder, [])
    seconds = time.monotonic() - started
    print(f"{seconds:.1f} s from power-on to reset")
    assert seconds > 9.5, f"reset after {seconds:.1f} s"


def boots_without_it(fixtures: Fixtures, folder: Path):
    """--loader none, on a board whose boot loader starts kernels at their own place."""
    board = variant_of_board(
        folder / "without-loader.toml",
        ("load = { value = 0x80001000", "load = { value = 0x80100000"),
        ("limit = { value = 0x80700000", "limit = { value = 0x82000000"),
        ("use = true", "use = false"))
    trx = folder / "without-loader.trx"
    fixtures.pack(fixtures.path("flash-root.squashfs"), trx, board)
    with router.flashed(trx, load_board(board), folder).switch_on(None) as console:
        position = console.wait_for(r"Linux version \d")
        console.wait_for(r"^usbboot: \[ *[\d.]+\] done: rescue system", position)
        assert "trxkit loader" not in console.text


CASES = {
    f"loader_{case.__name__}": case
    for case in (
        starts_program_with_its_arguments,
        starts_linux_over_itself,
        starts_kernel_of_12_mib,
        refuses_damaged_payload,
        refuses_damaged_loader,
        refuses_wrong_result,
        refuses_smaller_ram,
        waits_before_reset,
        boots_without_it,
    )
}
