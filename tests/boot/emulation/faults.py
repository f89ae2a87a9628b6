# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The fault matrix: what is broken, and in which running system the router ends all the same.

A row is data: how stick and router are made, what the console has to show, where it ends and in how
many guest seconds, and what the stick looks like afterwards. The flash chip is byte-identical after
every row. A row that ends with a reboot or a hang is switched on again, as the router would be.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import cases, flash, media, qemu, router, steps
from .monitor import Monitor

FLASH_UP = "flash up"
ENTRY_UP = "entry {} up"
REBOOTS = "reboot, then flash up"
HANGS = "hangs; after a power cycle by hand flash up"
WAITS = "message, waits until the stick is pulled; then flash up"
RESTARTS = (REBOOTS, HANGS, WAITS)  # what is switched on once more

RESCUE = cases.step("done", "rescue system of the flash is up")
TEST_ROOT = r"^test-root: .* init: pid 1"
KEPT = "as it was"  # byte for byte
NOTED = "/boot/tried alone"
USED = "in use, clean"
CRASHED = "in use, not unmounted"
PULLED = "pulled"
NONE = "-"


@dataclass(frozen=True)
class Row:
    """One fault. `says`: patterns of the console, in this order, before the end."""

    name: str
    fault: str  # for people
    ends: str
    says: tuple[str, ...] = ()
    make: Callable[["Bench"], None] = lambda bench: None
    seconds: int = 30  # of guest time, the sum over its kernels, up to the first end; on a busy host
    tried: str | None = None  # text of /boot/tried afterwards
    stick: str = KEPT
    flash: str = "qemu-malta.trx"
    up: str = RESCUE  # pattern of the console where the flash system is up
    pull_at: str = ""  # pattern of the console at which the stick is pulled
    options: str = ""  # more of the flash kernel's command line
    then: tuple[str, ...] = field(default=())  # patterns of the second power-on


class Bench:
    """The stick of one row, to be broken; all its files lie in `folder`."""

    def __init__(self, fixtures, folder: Path):
        self.fixtures = fixtures
        self.folder = folder
        self.stick: Path | None = None
        self.locked = False
        self.use("fat.img")

    def use(self, name: str):
        self.stick = router.copy_of(self.fixtures.path(name), self.folder)

    def read(self, path: str) -> bytes:
        return media.extract(self.stick, path, self.folder / "read").read_bytes()

    def write(self, path: str, contents: bytes):
        media.write(self.stick, path, contents)

    def edit(self, path: str, pattern: str, replacement: str):
        text, number = re.subn(pattern, replacement, self.read(path).decode(), flags=re.MULTILINE)
        assert number, f"no {pattern} in {path}"
        self.write(path, text.encode())


def first_end(row: Row) -> str:
    if row.ends == FLASH_UP:
        return row.up
    return "" if row.ends in RESTARTS else TEST_ROOT


def watch(row: Row, arguments: list[str], log: Path) -> str:
    """The first power-on up to its end; the console's text."""
    with Monitor() as monitor, qemu.Console([*arguments, *monitor.arguments], log, 150) as console:
        position = 0
        if row.pull_at:
            position = console.wait_for(row.pull_at)
            monitor.pull_stick()
        for pattern in (*row.says, *filter(None, [first_end(row)])):
            position = console.wait_for(pattern, position)
        if row.ends != FLASH_UP and row.ends != HANGS:
            console.wait_for_end()
        return console.text


def watch_again(row: Row, arguments: list[str], log: Path):
    with qemu.Console(arguments, log, 120) as console:
        position = 0
        for pattern in (*row.then, RESCUE):
            position = console.wait_for(pattern, position)


def mark_of(stick: Path, folder: Path) -> str | None:
    target = folder / "tried"
    target.unlink(missing_ok=True)
    try:
        return media.extract(stick, "/boot/tried", target).read_text()
    except AssertionError:
        return None


def judge_stick(row: Row, bench: Bench, before: str):
    if bench.stick is None:
        return
    if row.stick == KEPT:
        assert flash.sha256(bench.stick) == before, "the stick was written"
        return
    mark = mark_of(bench.stick, bench.folder)
    assert mark == row.tried, f"/boot/tried holds {mark!r}, not {row.tried!r}"
    if row.stick not in (PULLED, CRASHED):
        media.check_clean(bench.stick, bench.folder)


def run(row: Row, fixtures, ready: router.Router, folder: Path) -> float:
    """Guest seconds up to the first end. Raises AssertionError where a promise is not kept."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bench = Bench(fixtures, folder)
    row.make(bench)
    chip = Path(shutil.copy(ready.chip, folder / "flash.img"))
    machine = replace(ready, folder=folder, chip=chip, options=f"{ready.options} {row.options}".rstrip())
    written = flash.sha256(chip)
    before = flash.sha256(bench.stick) if bench.stick else ""
    arguments = machine.arguments(bench.stick, False)
    if bench.locked:
        arguments = [f"{word},readonly=on" if "id=stick," in word else word for word in arguments]
    console = watch(row, arguments, folder / "console.log")
    if row.ends in RESTARTS:
        again = machine.arguments(None if row.stick == PULLED else bench.stick, False)
        watch_again(row, again, folder / "console-again.log")
    assert flash.sha256(chip) == written, "the flash chip was written"
    judge_stick(row, bench, before)
    seconds = steps.total(console)
    assert seconds <= row.seconds, f"{seconds:.1f} guest seconds, at most {row.seconds} are allowed"
    return seconds


def table(rows: list[Row]) -> str:
    """For docs/boot-chain.md."""
    lines = ["| Fault | Ends with | Seconds, at most | `/boot/tried` afterwards | Stick afterwards |",
             "|---|---|---|---|---|"]
    for row in rows:
        mark = "-" if row.tried is None else "`" + " ".join(row.tried.split()) + "`"
        lines.append(f"| {row.fault} | {row.ends} | {row.seconds} | {mark} | {row.stick} |")
    return "\n".join(lines) + "\n"
