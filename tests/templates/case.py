# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""A test in a sandbox, under the shell that the environment variable TEMPLATE_SHELL names."""

import hashlib
import os
import unittest

from sandbox import Sandbox

BOOT_OK = b"echo \"script: $*\"; exit 3\n"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Case(unittest.TestCase):
    def setUp(self):
        self.box = Sandbox(os.environ.get("TEMPLATE_SHELL", "dash"))
        self.addCleanup(self.box.remove)

    def add_checker(self, program: str, status: int = 0, then: str = ""):
        """A checker that logs its call, under its own name, and ends with `status`."""
        self.box.write(f"sbin/{program}", "#!/stub/sh\n. /stub/lib.sh\n"
                       f'note {program} "$@"\n{then}\nexit {status}\n', 0o755)

    def fails_with_output(self):
        return f"\n{self.box.output}\nlog:\n" + "\n".join(self.box.log)

    def assertSays(self, pattern: str):
        self.assertRegex(self.box.output, pattern, self.fails_with_output())

    def assertFlashBoot(self):
        """The original preinit was started."""
        self.assertTrue(self.box.exists("state/preinit.00"), self.fails_with_output())

    def assertOrder(self, *calls: str):
        """All these calls were made, in this order."""
        place = 0
        for call in calls:
            self.assertIn(call, self.box.log[place:], self.fails_with_output())
            place = self.box.log.index(call, place) + 1

    def assertNewKernel(self):
        self.assertTrue(self.box.exists("state/ended"), self.fails_with_output())
        self.assertEqual("kexec -e", self.box.log[-1])
