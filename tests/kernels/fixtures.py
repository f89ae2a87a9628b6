# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""What the tests of real kernels share: the kernels, an initramfs, other programs' views of them."""

import functools
import os
import re
import subprocess
import unittest
from pathlib import Path

from room_archive import entry

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
CROSS = "mipsel-linux-gnu-"
MARKER = "initramfs of the test"
NEWER_SOURCE = Path("/usr/src/linux-source-6.12.tar.xz")
needs_newer_source = unittest.skipUnless(
    NEWER_SOURCE.exists(), f"{NEWER_SOURCE} is missing: tools/install-packages newer")

INIT = f"""#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
echo "{MARKER} runs"
echo "line: $(/bin/busybox cat /proc/cmdline)"
/bin/busybox grep -E 'MemTotal|MemFree' /proc/meminfo
/bin/busybox sync
/bin/busybox reboot -f
"""


def output_of(*words, **more) -> str:
    return subprocess.run([str(word) for word in words], check=True, text=True,
                          stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, **more).stdout


@functools.cache
def test_kernel(name: str) -> Path:
    """The folder of the kernel `name` of tests/kernels/build."""
    return Path(output_of(HERE / "build", name).rstrip("\n").split(" ", 1)[1])


def programs() -> dict[str, Path]:
    """busybox and kexec of tools/target-programs."""
    lines = output_of(REPOSITORY / "tools/target-programs").splitlines()
    return {name: Path(path) for name, path in (line.split(" ", 1) for line in lines)}


def cpio(files: dict[str, bytes]) -> bytes:
    """Folders, /dev/console, and executable files, as a newc cpio."""
    parts = [entry(number, folder, 0o040755, b"")
             for number, folder in enumerate(("dev", "bin", "proc"), 1)]
    parts.append(entry(4, "dev/console", 0o020600, b"", device=(5, 1)))
    parts += [entry(number, name, 0o100755, contents)
              for number, (name, contents) in enumerate(files.items(), 5)]
    return b"".join(parts) + entry(0, "TRAILER!!!", 0, b"")


def gzipped(data: bytes) -> bytes:
    return subprocess.run(["gzip", "-9n"], input=data, stdout=subprocess.PIPE, check=True).stdout


def symbols_of(kernel: Path) -> dict[str, set[int]]:
    """Addresses by name, as nm gives them."""
    table: dict[str, set[int]] = {}
    for line in output_of(CROSS + "nm", kernel).splitlines():
        words = line.split()
        if len(words) == 3:
            table.setdefault(words[2], set()).add(int(words[0], 16) & 0xFFFFFFFF)
    return table


def raw_binary(kernel: Path, output: Path) -> bytes:
    """What the sections of the kernel load, as objcopy puts it together."""
    output_of(CROSS + "objcopy", "-O", "binary", kernel, output)
    return output.read_bytes()


def loaded(kernel: Path) -> dict[int, bytes]:
    """What lies where according to readelf's list of PT_LOADs."""
    data = kernel.read_bytes()
    places = re.findall(r"^ +LOAD +(\w+) \w+ (\w+) (\w+)",
                        output_of(CROSS + "readelf", "-lW", kernel), re.M)
    return {int(address, 16): data[int(offset, 16):int(offset, 16) + int(size, 16)]
            for offset, address, size in places}


def without_spare_headers(kernel: Path, output: Path):
    """A copy whose table of program headers holds nothing but its PT_LOADs."""
    data = bytearray(kernel.read_bytes())
    start = int.from_bytes(data[28:32], "little")
    count = int.from_bytes(data[44:46], "little")
    headers = [data[start + 32 * i:start + 32 * (i + 1)] for i in range(count)]
    loads = [header for header in headers if header[:4] == b"\1\0\0\0"]
    data[start:start + 32 * len(loads)] = b"".join(loads)
    data[44:46] = len(loads).to_bytes(2, "little")
    output.write_bytes(data)


def plan_of_kexec(kexec: Path, kernel: Path, folder: Path, memory: int) -> dict:
    """What kexec-tools says that it will load, run by the emulator of user programs on a machine
    with `memory` bytes. The call itself cannot work there."""
    (folder / "iomem").write_text(f"00000000-{memory - 1:08x} : System RAM\n")
    (folder / "dtb").write_bytes(b"\0")
    script = ('mount --bind "$1/iomem" /proc/iomem && '
              'exec qemu-mipsel-static "$2" -d -l "$3" --dtb="$1/dtb"')
    done = subprocess.run(["unshare", "-r", "-m", "sh", "-c", script, "sh", folder, kexec, kernel],
                          text=True, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    text = done.stdout + done.stderr
    text = text[:text.find("kexec_load failed")]
    plan = {"entry": int(re.search(r"entry = (\w+)", text).group(1), 16), "segments": []}
    for match in re.finditer(r"bufsz = (\w+)\n.*\.mem +=(.*)\n.*\.memsz = (\w+)", text):
        place = match.group(2).strip().replace("(nil)", "0")
        plan["segments"].append((int(match.group(1), 16), int(place, 16), int(match.group(3), 16)))
    return plan


class Probe:
    """tests/kernels/kernel_probe.cc"""

    def __init__(self, program: str):
        self.program = program
        self.environment = dict(os.environ, TRXKIT_DATA=str(REPOSITORY))

    def run(self, *words) -> subprocess.CompletedProcess:
        return subprocess.run([self.program, *map(str, words)], text=True, capture_output=True,
                              stdin=subprocess.DEVNULL, env=self.environment, check=False)

    def embed(self, kernel: Path, initramfs: Path, output: Path, board: str, line: str) -> dict:
        done = self.run("embed", kernel, initramfs, output, board, line)
        assert done.returncode == 0, done.stderr
        return dict(text.split(" ", 1) for text in done.stdout.splitlines())

    def plan(self, kernel: Path) -> dict:
        lines = [line.split() for line in self.run("plan", kernel).stdout.splitlines()]
        numbers = [tuple(int(word, 16) for word in words[1:]) for words in lines]
        return {"entry": numbers[0][0], "segments": numbers[1:]}
