# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""From a TRX to a powered router: flash chip, played CFE, emulator arguments."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from . import cfe, elfwrap, flash, loader, qemu
from .board import Board

# Behind the kernel's built-in options. Malta's own console setting would be slower; a panic ends
# the emulator at once (with -no-reboot) instead of leaving it until the time is over.
OPTIONS = "console=ttyS0,115200 panic=-1"

# QEMU keeps its arguments for the kernel here and refuses an ELF file that overlaps them
# (hw/mips/malta.c, ENVP_VADDR).
QEMU_ARGUMENTS_END = 0x80004000


@dataclass
class Router:
    """A router that was flashed but not yet switched on. All its files lie in `folder`."""

    board: Board
    folder: Path
    chip: Path
    kernel: Path
    options: str

    def arguments(self, stick: Path | None, network: bool | str) -> list[str]:
        return qemu.command(
            self.kernel, self.options, self.board.ram_size, self.chip, stick, network
        )

    def switch_on(
        self, stick: Path | None, network: bool | str = False, seconds: float = 120
    ) -> qemu.Console:
        return qemu.Console(self.arguments(stick, network), self.folder / "console.log", seconds)


def flashed(trx: Path, board: Board, folder: Path) -> Router:
    """Lays `trx` into a new chip and lets the played CFE unpack it. Raises cfe.Refused."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = flash.compose(trx.read_bytes(), board)
    kernel = started_by_cfe(cfe.start(contents, board), board, folder)
    chip = folder / "flash.img"
    chip.write_bytes(contents)
    return Router(board, folder, chip, kernel, f"{OPTIONS} {flash.blkdevparts(contents, board)}")


def started_by_cfe(code: bytes, board: Board, folder: Path) -> Path:
    """An ELF file that makes QEMU start `code` where the board's boot loader starts it."""
    kernel = folder / "started-by-cfe.elf"
    if board.load_address < QEMU_ARGUMENTS_END:
        kernel.write_bytes(loader.mini_cfe(code, board.load_address, folder))
    else:
        kernel.write_bytes(elfwrap.wrap(code, board.load_address))
    return kernel


def copy_of(stick: Path, folder: Path) -> Path:
    """A stick of its own for one run; the image in the fixtures is never written."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(stick, folder / "stick.img"))
