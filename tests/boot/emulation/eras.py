# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Routers whose flash holds a stand-in for OpenWrt of one era (tests/boot/roots), with our preinit."""

import sys
from pathlib import Path

from . import router
from .board import REPOSITORY, load_board
from .fixtures import BOARD, Fixtures, tool

ERAS = ("era-a", "era-b")
MAKE_ROOT = REPOSITORY / "tests" / "boot" / "roots" / "make_root"
# What the stand-in prints when its start is over.
SYSTEM_UP = r"^stand-in: \[[\d.]+\] system up"
FAILSAFE_PROMPT = r"^Press the \[f\] key and hit \[enter\]"
FAILSAFE = r"^stand-in: failsafe.*/tmp/failsafe"


def make_trx(fixtures: Fixtures, era: str, output: Path, *options: str, add: tuple[str, ...] = ()):
    """The image of a router of `era`; `options` are mkflashroot's, `add` make_root's FILE=/PATH."""
    tree = output.with_suffix(".tar")
    more = [word for item in add for word in ("--add", item)]
    tool(sys.executable, MAKE_ROOT, era, tree, "--busybox", fixtures.busybox, *more)
    root = output.with_suffix(".squashfs")
    tool(fixtures.mkflashroot, "--board", BOARD, "--base", tree, "--kexec", fixtures.kexec, *options,
         "-o", root)
    fixtures.pack(root, output)


def flashed(fixtures: Fixtures, era: str, folder: Path, *options: str, add: tuple[str, ...] = (),
            command_line: str = "") -> router.Router:
    """A router of `era`, off. Without options it has the image that all cases share."""
    folder.mkdir(parents=True, exist_ok=True)
    trx = fixtures.path(f"{era}.trx")
    if options or add:
        trx = folder / f"{era}.trx"
        make_trx(fixtures, era, trx, *options, add=add)
    machine = router.flashed(trx, load_board(BOARD), folder)
    machine.options = f"{machine.options} {command_line}".rstrip()
    return machine
