# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The small MIPS programs of tests/boot/programs, cross-compiled for one address each."""

import struct
import subprocess
from pathlib import Path

from .board import REPOSITORY

SOURCES = REPOSITORY / "tests" / "boot" / "programs"
CROSS = "mipsel-linux-gnu-"
FLAGS = ["-march=mips32r2", "-mabi=32", "-msoft-float", "-mno-abicalls", "-fno-pic", "-G0",
         "-nostdlib", "-static", "-Wl,--build-id=none", "-Wl,-z,max-page-size=4096"]


def build(name: str, address: int, folder: Path) -> Path:
    """The ELF file of SOURCES/NAME.S, its first section at `address`."""
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / f"{name}.elf"
    subprocess.run(
        [CROSS + "gcc", *FLAGS, f"-Wl,--defsym=ADDRESS={address:#x}", f"-Wl,-T,{SOURCES}/program.ld",
         SOURCES / f"{name}.S", "-o", output],
        check=True, stdin=subprocess.DEVNULL)
    return output


def raw(elf: Path) -> bytes:
    """Its bytes in memory, from the first on."""
    output = elf.with_suffix(".bin")
    subprocess.run([CROSS + "objcopy", "-O", "binary", elf, output], check=True)
    return output.read_bytes()


def entry(elf: Path) -> int:
    return struct.unpack_from("<I", elf.read_bytes(), 24)[0]
