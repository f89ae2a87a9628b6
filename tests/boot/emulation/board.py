# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The few values of a board file (boards/NAME.toml) that the emulation needs."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Board:
    """Sizes and offsets in bytes; addresses in KSEG0."""

    name: str
    ram_size: int
    flash_size: int
    magic: int
    firmware_offset: int  # where the TRX lies in the chip
    nvram_offset: int  # start of the erase block that holds the nvram
    nvram_space: int  # bytes at the end of the chip that CFE owns
    load_address: int  # where CFE puts the unpacked part 1
    load_limit: int  # what CFE unpacks must end below: it resides there itself


def fact(value):
    """A value of a board file, with or without its origin ({ value = ..., source = ... })."""
    return value["value"] if isinstance(value, dict) else value


def board_file(name: str) -> Path:
    """Of a board's name, or of the path of a board file."""
    return Path(name) if name.endswith(".toml") else REPOSITORY / "boards" / f"{name}.toml"


def load_board(name: str) -> Board:
    with open(board_file(name), "rb") as file:
        text = tomllib.load(file)
    offsets = {entry["role"]: fact(entry["offset"]) for entry in text["flash"]["partition"]}
    return Board(
        name=text["board"]["name"],
        ram_size=fact(text["ram"]["size"]),
        flash_size=fact(text["flash"]["size"]),
        magic=fact(text["trx"]["magic"]),
        firmware_offset=offsets["firmware"],
        nvram_offset=offsets["nvram"],
        nvram_space=fact(text["nvram"]["space"]),
        load_address=fact(text["bootloader"]["load"]),
        load_limit=fact(text["bootloader"]["limit"]),
    )
