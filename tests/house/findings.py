#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Every finding code of the table is reported somewhere, expected by a test, and explained in a
# document. Documents may name a range: "ELF001-ELF003", "BRD001 to BRD010".
"""usage: findings.py ROOT"""

import re
import sys
from pathlib import Path

TABLE = Path("lib/core/finding_table.h")
CODE = re.compile(r"\b[A-Z]{3}\d{3}\b")
RANGE = re.compile(r"\b([A-Z]{3})(\d{3})`?(?:-| to )`?(?:([A-Z]{3}))?(\d{3})\b")
PROGRAMS = ("lib/**/*.cc", "lib/**/*.h", "trxtool/*.cc", "mkbootusb/*.cc", "tools/**/*.cc")
TESTS = ("tests/unit/**/*.cc", "tests/**/*_test", "tests/**/*.py")
DOCUMENTS = ("docs/*.md", "trxtool/*.md", "boards/*.md", "README.md")


def text_of(root, patterns):
    files = {file for pattern in patterns for file in root.glob(pattern) if file.is_file()}
    return "\n".join(file.read_text() for file in sorted(files - {root / TABLE}))


def codes_in(text):
    codes = set(CODE.findall(text))
    for prefix, first, other, last in RANGE.findall(text):
        if other in ("", prefix):
            codes |= {f"{prefix}{number:03}" for number in range(int(first), int(last) + 1)}
    return codes


def main():
    root = Path(sys.argv[1])
    table = sorted(CODE.findall((root / TABLE).read_text()))
    faults = [f"{code}: is twice in the table" for code in {*table} if table.count(code) > 1]
    for what, patterns in (("reported by nothing", PROGRAMS), ("expected by no test", TESTS),
                           ("explained in no document", DOCUMENTS)):
        missing = sorted(set(table) - codes_in(text_of(root, patterns)))
        faults += [f"{code}: is {what}" for code in missing]
    print("\n".join(faults) if faults else f"{len(table)} codes are reported, expected, explained")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
