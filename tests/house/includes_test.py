#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# includes.py finds what it is there to find.

import tempfile
import unittest
from pathlib import Path

import includes


class Includes(unittest.TestCase):
    def faults(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return list(includes.faults(root))

    def test_downward_is_fine(self):
        self.assertEqual(
            self.faults({"lib/core/a.h": "", "lib/boot/b.cc": '#include "lib/core/a.h"\n'}), [])

    def test_upward_fails(self):
        files = {"lib/boot/b.h": "", "lib/core/a.cc": '#include "lib/boot/b.h"\n'}
        self.assertIn("core may not use boot", self.faults(files)[0])

    def test_sideways_fails(self):
        files = {"lib/trx/b.h": "", "lib/kernel/a.cc": '# include "lib/trx/b.h"\n'}
        self.assertIn("kernel may not use trx", self.faults(files)[0])

    def test_library_uses_no_tool(self):
        files = {"trxtool/p.h": "", "lib/boot/a.cc": '#include "trxtool/p.h"\n'}
        self.assertIn("from outside lib/", self.faults(files)[0])

    def test_relative_include_fails(self):
        files = {"lib/core/a.h": "", "lib/core/a.cc": '#include "a.h"\n'}
        self.assertIn("not a path from the root", self.faults(files)[0])

    def test_confined_library_stays_at_home(self):
        files = {"lib/core/x.cc": "#include <nlohmann/json.hpp>\n"}
        self.assertIn("belongs into lib/core/json.cc", self.faults(files)[0])

    def test_unknown_room_fails(self):
        self.assertIn("does not know", self.faults({"lib/attic/x.cc": ""})[0])


if __name__ == "__main__":
    unittest.main()
