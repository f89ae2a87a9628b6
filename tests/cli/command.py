# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Runs the programs as users do, in a scratch folder of each test's own."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAMS = {}  # name -> path, from the command line


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="trxkit-cli.")
        self.addCleanup(self.scratch.cleanup)
        self.folder = Path(self.scratch.name)

    def write(self, name, data):
        (self.folder / name).write_bytes(data)
        return name

    def read(self, name):
        return (self.folder / name).read_bytes()

    def run_program(self, program, *words, status=0, prefix=(), stdin=b""):
        """Runs it and returns (standard output, standard error). A run that fails leaves nothing
        new behind."""
        before = set(self.folder.rglob("*"))
        result = subprocess.run(
            [*prefix, PROGRAMS[program], *words], cwd=self.folder, input=stdin, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "TRXKIT_DATA": str(REPOSITORY)})
        output = result.stdout if b"\0" in result.stdout else result.stdout.decode(errors="replace")
        errors = result.stderr.decode(errors="replace")
        self.assertEqual(result.returncode, status, f"{words}\n{errors}\n{output[:2000]}")
        if status != 0:
            self.assertEqual(set(self.folder.rglob("*")) - before, set(), "left behind")
        return output, errors

    def refused(self, program, *words, status, says, prefix=()):
        """Fails with `status` and a message that has all of `says`."""
        _, message = self.run_program(program, *words, status=status, prefix=prefix)
        for part in says:
            self.assertIn(part, message)
        self.assertTrue(message.startswith(program + ": "), message)


def main(arguments):
    """Runs the tests of the calling script; `arguments` are its name and the programs' paths."""
    for word in arguments[1:]:
        PROGRAMS[Path(word).name] = str(Path(word).resolve())
    unittest.main(argv=arguments[:1], verbosity=2)
