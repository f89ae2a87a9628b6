# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""One line of the corpus."""

import dataclasses
from pathlib import Path
from typing import Callable

from images import Image

BOARD = ("--board", "belkin-f7d7301")
NO_BOARD = ()
# Routers that nobody sells: the F7D7301 with one property changed, in a file that write_boards()
# makes.
LZMA_BOARD = ("--board", "lzma.toml")
VERSION_2_BOARD = ("--board", "version-2.toml")
CHANGES = {"lzma.toml": ('compression = { value = "gzip"', 'compression = { value = "lzma"', ""),
           "version-2.toml": ("version = { value = 1,", "version = { value = 2,",
                              '\n[trx.identity]\nid = "61XN"\n')}


def write_boards(repository: Path, folder: Path):
    text = (repository / "boards/belkin-f7d7301.toml").read_text()
    for name, (before, after, more) in CHANGES.items():
        assert before in text
        (folder / name).write_text(text.replace(before, after) + more)


@dataclasses.dataclass
class Case:
    """`name`: FAMILY/CAUSE. `expected`: every error and warning, each as CODE@OFFSET (in the file;
    CODE alone where the finding is about the file as a whole), and those notes that matter here as
    CODE@OFFSET:note; nothing for a sound image; "exit 3" where there is no image to judge. `peer`:
    what is known about other tools with this one: a row of a list in README.md."""

    name: str
    image: Image | Callable[[], Image]
    expected: str
    options: tuple = BOARD
    peer: str = ""

    @property
    def family(self):
        return self.name.split("/")[0]

    def bytes(self):
        return (self.image() if callable(self.image) else self.image).data
