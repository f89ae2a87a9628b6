#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Kernels that an initramfs was put into, started by a real kexec on the emulated board: each way,
with 64 MB and with 32 MB. The initramfs runs, its memory is freed, the command line is as given."""

import os
import re
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import fixtures  # noqa: E402 (no bytecode beside the sources)

sys.path.insert(0, str(fixtures.REPOSITORY / "tests/boot"))

from emulation.fixtures import variant_of_board  # noqa: E402
from emulation.qemu import Console, bare_command  # noqa: E402

SECONDS = 150
FIRST_INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/kexec -l /next.elf --dtb=/init && /bin/kexec -e
echo "kexec failed"
/bin/busybox reboot -f
"""


class BootTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.probe = fixtures.Probe(os.environ["KERNEL_PROBE"])
        cls.programs = fixtures.programs()
        first = fixtures.output_of(fixtures.REPOSITORY / "tools/build-kernel", "qemu-malta", "flash")
        cls.first_kernel = Path(first.splitlines()[0])
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        busybox = cls.programs["busybox"].read_bytes()
        cls.initramfs = cls.folder / "initramfs.gz"
        cls.initramfs.write_bytes(
            fixtures.gzipped(fixtures.cpio({"init": fixtures.INIT.encode(),
                                            "bin/busybox": busybox})))

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def board(self, memory: int) -> str:
        if memory == 64:
            return "qemu-malta"
        return variant_of_board(self.folder / "board/qemu-malta.toml",
                                ("value = 0x4000000", f"value = {memory << 20:#x}"))

    def boot(self, kernel: Path, memory: int) -> str:
        """The console from the second kernel's first word on."""
        initrd = self.folder / "first.gz"
        initrd.write_bytes(fixtures.gzipped(fixtures.cpio(
            {"init": FIRST_INIT.encode(), "next.elf": kernel.read_bytes(),
             "bin/busybox": self.programs["busybox"].read_bytes(),
             "bin/kexec": self.programs["kexec"].read_bytes()})))
        words = bare_command(self.first_kernel, "rdinit=/init", memory << 20)
        log = Path(os.environ.get("KERNEL_BOOT_LOG", self.folder / "console.log"))
        with Console(words + ["-initrd", str(initrd)], log, SECONDS) as console:
            start = console.wait_for("Linux version 6", console.wait_for("Starting new kernel"))
            console.wait_for(fixtures.MARKER, start)
            console.wait_for("MemFree", start)
            console.wait_for_end()
            return console.text[start:]

    def check(self, name: str, kind: str, memory: int, change=None):
        line = f"console=ttyS0,115200 mem={memory}M panic=-1"
        kernel = fixtures.test_kernel(name) / kind
        if change is not None:
            change(kernel, self.folder / "changed")
            kernel = self.folder / "changed"
        output = self.folder / f"{name}-{memory}.elf"
        report = self.probe.embed(kernel, self.initramfs, output, self.board(memory), line)
        text = self.boot(output, memory)
        seen = re.search(r"^line: (.*)$", text, re.M).group(1)
        if "rd_start" not in report["line"]:
            # malta adds a console where nothing is in arcs_cmdline (arch/mips/mti-malta).
            seen = seen.replace("console=ttyS0,38400n8r", "")
        self.assertEqual(report["line"], seen.strip())
        self.assertTrue(report["line"].endswith(line))
        total = int(re.search(r"MemTotal: +(\d+) kB", text).group(1))
        self.assertLess(total, memory << 10)
        self.assertGreater(total, (memory << 10) * 3 // 4)
        if "rd_start" in report["line"]:
            freed = int(re.search(r"Freeing initrd memory: (\d+)K", text).group(1))
            self.assertEqual(freed << 10, int(report["size"]) // 4096 * 4096)  # whole pages
        else:
            freed = re.search(r"Freeing unused kernel image \(initmem\) memory: (\d+)K", text)
            self.assertGreater(int(freed.group(1)) << 10, 1 << 20)

    def test_unstripped(self):
        for memory in (64, 32):
            with self.subTest(memory):
                self.check("bare", "vmlinux", memory)

    def test_unstripped_without_a_spare_program_header(self):
        for memory in (64, 32):
            with self.subTest(memory):
                self.check("bare", "vmlinux", memory, fixtures.without_spare_headers)

    def test_stripped_with_kallsyms_of_data(self):
        for memory in (64, 32):
            with self.subTest(memory):
                self.check("kallsyms_all", "vmlinux.stripped", memory)

    @fixtures.needs_newer_source
    def test_stripped_newer_kernel(self):
        self.check("newer", "vmlinux.stripped", 64)

    def test_stripped_with_an_archive(self):
        for memory in (64, 32):
            with self.subTest(memory):
                self.check("archive", "vmlinux.stripped", memory)


if __name__ == "__main__":
    unittest.main()
