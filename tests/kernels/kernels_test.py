#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Real kernels: their symbols, every way into them, what is refused. Judged by nm, objcopy, xz and
kexec, never by our own reader."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

import fixtures  # noqa: E402 (no bytecode beside the sources)

BOARD = "qemu-malta"
LINE = "console=ttyS0,115200 mem=64M"


class KernelsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.probe = fixtures.Probe(os.environ["KERNEL_PROBE"])
        cls.programs = fixtures.programs()
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name)
        cls.cpio = fixtures.cpio({"init": fixtures.INIT.encode(),
                                  "bin/busybox": cls.programs["busybox"].read_bytes()})
        cls.initramfs = cls.folder / "initramfs.gz"
        cls.initramfs.write_bytes(fixtures.gzipped(cls.cpio))

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def kernel(self, name: str, kind: str = "vmlinux") -> Path:
        return fixtures.test_kernel(name) / kind

    def embed(self, kernel: Path, line: str = LINE) -> tuple[Path, dict]:
        output = self.folder / f"{self.id()}.elf"
        return output, self.probe.embed(kernel, self.initramfs, output, BOARD, line)

    def word_at(self, name: str, symbol: str) -> int:
        """The word that the kernel `name` has at `symbol`."""
        symbols = fixtures.symbols_of(self.kernel(name))
        raw = fixtures.raw_binary(self.kernel(name), self.folder / "raw")
        start = min(symbols["_text"])
        place = min(symbols[symbol]) - start
        return int.from_bytes(raw[place:place + 4], "little")

    def check_kallsyms(self, name: str) -> dict[str, int]:
        done = self.probe.run("kallsyms", self.kernel(name, "vmlinux.stripped"))
        self.assertEqual(0, done.returncode, done.stderr)
        symbols = fixtures.symbols_of(self.kernel(name))
        lines = [line.split(" ", 2) for line in done.stdout.splitlines()]
        self.assertEqual(self.word_at(name, "kallsyms_num_syms"), len(lines))
        for address, _, symbol in lines:
            self.assertIn(int(address, 16), symbols[symbol], symbol)
        return {symbol: int(address, 16) for address, _, symbol in lines}

    def test_kallsyms_agree_with_nm(self):
        found = self.check_kallsyms("kallsyms_all")
        self.assertIn("arcs_cmdline", found)
        self.assertIn("_end", found)
        found = self.check_kallsyms("kallsyms")
        self.assertIn("kernel_entry", found)
        self.assertNotIn("arcs_cmdline", found)

    @fixtures.needs_newer_source
    def test_kallsyms_of_a_newer_kernel(self):
        """Its addresses lie behind the tokens (since 6.4), and so does the order of its names."""
        symbols = fixtures.symbols_of(self.kernel("newer"))
        self.assertLess(min(symbols["kallsyms_token_index"]), min(symbols["kallsyms_offsets"]))
        found = self.check_kallsyms("newer")
        self.assertIn("arcs_cmdline", found)
        kernel = self.kernel("newer", "vmlinux.stripped")
        output, report = self.embed(kernel)
        self.assertIn("kallsyms", report["how"])
        self.check_segment(kernel, output, report)
        self.check_plan(output)

    def test_no_kallsyms_where_there_are_none(self):
        for name, kind in (("bare", "vmlinux.stripped"), ("bare", "vmlinuz")):
            self.assertNotEqual(0, self.probe.run("kallsyms", self.kernel(name, kind)).returncode)

    def check_segment(self, kernel: Path, output: Path, report: dict):
        """The kernel as it was, but for the command line, and the initramfs behind it."""
        (start, before), = fixtures.loaded(kernel).items()
        after = fixtures.loaded(output)
        words = dict(word.split("=") for word in report["line"].split()[:2])
        self.assertTrue(report["line"].endswith(LINE))
        initramfs = self.initramfs.read_bytes()
        self.assertEqual(len(initramfs), int(words["rd_size"], 0))
        self.assertEqual(initramfs, after[int(words["rd_start"], 0)][:len(initramfs)])
        line = report["line"].encode() + b"\0"
        place = after[start].find(line)
        self.assertEqual(bytes(len(line)), before[place:place + len(line)])
        self.assertEqual(before[:place] + line + before[place + len(line):], after[start])

    def check_plan(self, kernel: Path, memory: int = 64 << 20):
        """Our plan is what kexec will load; it adds its command line and the device tree."""
        real = fixtures.plan_of_kexec(self.programs["kexec"], kernel, self.folder, memory)
        ours = self.probe.plan(kernel)
        self.assertEqual(real["entry"], ours["entry"])
        added = [segment for segment in real["segments"] if segment not in ours["segments"]]
        self.assertEqual(ours["segments"],
                         [segment for segment in real["segments"] if segment not in added])
        self.assertEqual(2, len(added), real)

    def check_findings(self, before: Path, after: Path):
        """Nothing is wrong with the result that was not wrong with the kernel."""
        def errors(kernel):
            lines = self.probe.run("check", kernel, BOARD).stdout.splitlines()
            return {line for line in lines if " error " in line}
        self.assertLessEqual(errors(after), errors(before))

    def test_unstripped(self):
        for name in ("bare", "kallsyms", "archive", "smp"):
            with self.subTest(name):
                kernel = self.kernel(name)
                output, report = self.embed(kernel)
                self.assertIn("program header", report["how"])
                self.check_segment(kernel, output, report)
                self.check_plan(output)
                self.check_findings(kernel, output)

    def test_unstripped_without_a_spare_program_header(self):
        kernel = self.folder / "loads-only"
        fixtures.without_spare_headers(self.kernel("bare"), kernel)
        output, report = self.embed(kernel)
        self.assertIn("moved", report["how"])
        self.check_segment(kernel, output, report)
        self.check_plan(output)

    def test_stripped_with_kallsyms_of_data(self):
        kernel = self.kernel("kallsyms_all", "vmlinux.stripped")
        output, report = self.embed(kernel)
        self.assertIn("kallsyms", report["how"])
        self.check_segment(kernel, output, report)
        self.check_plan(output)
        self.check_findings(kernel, output)
        stripped = fixtures.loaded(output)
        unstripped, same = self.embed(self.kernel("kallsyms_all"))
        self.assertEqual(report["line"], same["line"])
        self.assertEqual(fixtures.loaded(unstripped), stripped)

    def test_stripped_with_an_archive(self):
        kernel = self.kernel("archive", "vmlinux.stripped")
        output, report = self.embed(kernel)
        self.assertIn("in place of the built-in archive", report["how"])
        symbols = fixtures.symbols_of(self.kernel("archive"))
        start = min(symbols["__initramfs_start"]) - min(symbols["_text"])
        room = self.word_at("archive", "__initramfs_size")
        raw = fixtures.raw_binary(output, self.folder / "raw")
        packed = raw[start:start + int(report["size"])]
        self.assertEqual(bytes(room - len(packed)), raw[start + len(packed):start + room])
        unpacked = subprocess.run(["gzip", "-d"], input=packed, stdout=subprocess.PIPE, check=True)
        self.assertEqual(self.cpio, unpacked.stdout)
        line = min(symbols["builtin_cmdline"]) - min(symbols["_text"])
        self.assertEqual(LINE.encode() + b"\0", raw[line:line + len(LINE) + 1])
        # Its configuration still names the old one, which has no mem=.
        self.assertNotRegex(self.probe.run("check", output, BOARD).stdout, "ELF026|ELF080")
        self.check_plan(output)
        self.check_findings(kernel, output)

    def test_what_names_nothing_is_refused_with_the_cure(self):
        output = self.folder / "refused.elf"
        for name, kind, reason in (
                ("bare", "vmlinux.stripped", "nothing in it tells"),
                ("smp", "vmlinux.stripped", "nothing in it tells"),
                ("kallsyms", "vmlinux.stripped", "functions only"),
                ("bare", "vmlinuz", "")):
            done = self.probe.run("embed", self.kernel(name, kind), self.initramfs, output, BOARD,
                                  LINE)
            self.assertEqual(1, done.returncode)
            self.assertIn(reason, done.stderr)
            self.assertIn("CONFIG_KALLSYMS_ALL", done.stderr)
            self.assertIn("unstripped vmlinux", done.stderr)
            self.assertFalse(output.exists())


if __name__ == "__main__":
    unittest.main()
