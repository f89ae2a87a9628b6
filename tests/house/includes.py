#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Which room includes which: an arrow that points the wrong way fails. The order is the design's,
# written down here once more on purpose: a CMakeLists.txt that allows more must not pass.
"""usage: includes.py ROOT"""

import re
import sys
from pathlib import Path

CORE = set()
SYSTEM = CORE | {"core"}
MIDDLE = SYSTEM | {"system"}
UPPER = MIDDLE | {"archive", "board"}
ROOMS = {
    "core": CORE,
    "system": SYSTEM,
    "cli": MIDDLE,
    "archive": MIDDLE,
    "board": MIDDLE,
    "signature": MIDDLE,
    "image": UPPER,
    "trx": UPPER,
    "kernel": UPPER,
    "nvram": MIDDLE,
    "firmware": UPPER | {"image", "trx", "kernel", "nvram"},
}
ROOMS["rootfs"] = ROOMS["firmware"] | {"firmware", "signature"}
ROOMS["boot"] = ROOMS["rootfs"] | {"rootfs"}
TOOLS = {"trxtool": "trxtool", "mkbootusb": "mkbootusb", "tools/mkflashroot": "mkflashroot"}
# Slow to compile or wide in reach: each stays in the one file that wraps it.
CONFINED = {
    "CLI/": "lib/cli/options.cc",
    "nlohmann/": "lib/core/json.cc",
    "toml++/": "lib/board/toml.cc",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)


def faults_of_file(root, path):
    """The forbidden includes of one file, as lines for people."""
    name = path.relative_to(root).as_posix()
    room = name.split("/")[1] if name.startswith("lib/") else None
    for kind, target in INCLUDE.findall(path.read_text(encoding="utf-8")):
        for library, home in CONFINED.items():
            if target.startswith(library) and name != home:
                yield f"{name}: <{target}> belongs into {home} alone"
        if kind != '"':
            continue
        if not (root / target).exists():
            yield f"{name}: \"{target}\" is not a path from the root"
        if not target.startswith("lib/"):
            if room:
                yield f"{name}: a room includes \"{target}\" from outside lib/"
            continue
        used = target.split("/")[1]
        if room and used != room and used not in ROOMS[room]:
            yield f"{name}: {room} may not use {used} (\"{target}\")"


def faults(root):
    for path in sorted(root.glob("lib/*/")):
        if path.is_dir() and path.name not in ROOMS:
            yield f"lib/{path.name}: a room that the order of rooms does not know"
    sources = [p for top in ["lib", *TOOLS] for p in (root / top).rglob("*")]
    for path in sorted(sources):
        if path.suffix in {".h", ".cc"}:
            yield from faults_of_file(root, path)


def main():
    found = list(faults(Path(sys.argv[1])))
    print("\n".join(found) if found else "all includes point the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
