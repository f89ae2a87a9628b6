# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""One line of the corpus."""

import dataclasses
from typing import Callable

from images import Image

BOARD = ("--board", "belkin-f7d7301")
NO_BOARD = ()


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
