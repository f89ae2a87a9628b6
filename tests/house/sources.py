#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# What every file of the repository keeps to: a licence line, a size that one can read, no traces of
# the machine it was written on, no binaries.
"""usage: sources.py ROOT"""

import re
import subprocess
import sys
from pathlib import Path

SPDX = "SPDX-License-Identifier: MIT"
NO_COMMENTS = {".json", ".md", ""}  # "" is LICENSE and dot files
LONGEST = 500  # lines of a source file; most have half of that at most
CODE = {".cc", ".h", ".c", ".S", ".py", ".sh"}
HOME_PATH = re.compile(rb"/(root|home/[a-z]+|work)/")


def tracked_files(root):
    names = subprocess.run(["git", "-C", root, "ls-files", "-z"], check=True, capture_output=True)
    return [Path(name.decode()) for name in names.stdout.split(b"\0") if name]


def is_script(data):
    return data.startswith(b"#!")


def faults_of_file(name, data):
    if b"\0" in data:
        yield f"{name}: is a binary file"
        return
    head = b"\n".join(data.splitlines()[:4]).decode(errors="replace")
    if (name.suffix not in NO_COMMENTS or is_script(data)) and SPDX not in head:
        yield f"{name}: has no '{SPDX}' in its first lines"
    if (name.suffix in CODE or is_script(data)) and data.count(b"\n") > LONGEST:
        yield f"{name}: has {data.count(10)} lines; split it"
    match = HOME_PATH.search(data)
    if match and name.parts[0] != "tests":
        yield f"{name}: names a path of somebody's machine: {match.group().decode()}"


def main():
    root = sys.argv[1]
    if not (Path(root) / ".git").exists():
        print("not a git checkout: nothing to compare with")
        return 77
    found = [
        fault for name in tracked_files(root) if (Path(root) / name).is_file()
        for fault in faults_of_file(name, (Path(root) / name).read_bytes())
    ]
    print("\n".join(found) if found else "all files keep to the rules")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
