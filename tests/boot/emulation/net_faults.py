# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The fault matrix of booting from the network: what is broken, what was run all the same, and where the
router ends.

A row is data, as in faults.py. Every script that is served prints a canary: the signed one CANARY_SIGNED,
every other one CANARY_OTHER, which no console may ever show. The flash chip is byte-identical after each
row, and no kernel was started that was not to be.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import cases, flash, hostile_web, media, qemu, router, steps
from .board import load_board
from .fixtures import BOARD, Fixtures, tool
from .monitor import Monitor

CANARY_SIGNED = "canary of the signed script"
CANARY_OTHER = "canary of a script that nobody signed"
SIGNED = "the signed script"
ASKED_FOR = "the script, as asked for"
NOTHING = "nothing"
FLASH_UP = "flash up"
RESCUE = cases.step("done", "rescue system of the flash is up")
BUILD = 100  # of the tree; the router's minimum
# Link of the emulated card, DHCP, the wait for USB (0 here) and the kernel's own start; measured without
# network: 3 seconds. NET_WAIT adds 8 at most.
SECONDS = 14


@dataclass(frozen=True)
class Row:
    """One fault. `says`: patterns of the console, in this order, before the end. `ran`: what was executed
    of what was served. `stick`: a stick is plugged in that has to be signed, and is what is broken."""

    name: str
    fault: str  # for people
    says: tuple[str, ...]
    make: Callable[["Bench"], None] = lambda bench: None
    ran: str = NOTHING
    ends: str = FLASH_UP
    seconds: int = SECONDS  # of guest time, up to the end
    flash: str = "signed"  # one of FLASHES
    card: str = "user"  # "user", "none", "unplugged" (no link), "alone" (nobody answers)


# More options of mkflashroot for each kind of router. {port}: the server's; {keys}: folder of the keys.
NETBOOT = ["--netboot", "http://10.0.2.2:{port}/boot/qemu-malta"]
STATIC = ["--address", "10.0.2.15/24"]
TRUST = ["--public-key", "{keys}/own.pub", "--minimum-build", str(BUILD), "--signify", "{signify}"]
FLASHES = {
    "signed": ["--usb-wait", "0", *NETBOOT, *STATIC, *TRUST],
    "dhcp": ["--usb-wait", "0", *NETBOOT, *TRUST],
    "unsigned": ["--usb-wait", "0", *NETBOOT, *STATIC, "--insecure-unsigned-netboot"],
    "stick": ["--require-signed-stick", *TRUST],
}


class Bench:
    """The tree of one row, to be broken; `keys` has own.sec and foreign.sec."""

    def __init__(self, matrix: "Matrix", folder: Path):
        self.folder = folder
        self.matrix = matrix
        self.tree = hostile_web.Tree(files=dict(matrix.files))
        self.stick: Path | None = None

    @property
    def files(self) -> dict[str, bytes]:
        return self.tree.files

    def edit_manifest(self, pattern: str, replacement: str, key: str = "own"):
        """Another manifest, signed all the same."""
        text = self.files["boot.manifest"].decode()
        changed, number = re.subn(pattern, replacement, text, flags=re.MULTILINE)
        assert number, f"no {pattern} in the manifest"
        self.files["boot.manifest"] = changed.encode()
        self.sign(key)

    def sign(self, key: str = "own"):
        self.files["boot.manifest.sig"] = self.matrix.signature(self.files["boot.manifest"], key,
                                                                self.folder)

    def put(self, name: str, contents: bytes):
        """Another file, and the manifest names it and is signed again."""
        self.files[name] = contents
        digest = media.run("sha256sum", contents=contents).split()[0]
        self.edit_manifest(rf"^sha256 \S+ {re.escape(name)}$", f"sha256 {digest} {name}")

    def use_stick(self):
        """The tree as it is now, on a stick instead of a server."""
        self.stick = self.folder / "stick.img"
        media.make_fat_stick(self.stick, {f"boot/{name}": data for name, data in self.files.items()})


class Matrix:
    """What all rows share: the signed tree, keys, a server and the routers that were flashed."""

    def __init__(self, fixtures: Fixtures, folder: Path, server: hostile_web.Server):
        self.fixtures, self.folder, self.server = fixtures, folder, server
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("own", "foreign"):
            tool("signify-openbsd", "-G", "-n", "-p", folder / f"{name}.pub", "-s",
                 folder / f"{name}.sec")
        self.files = self._make_tree()
        self._routers: dict[str, router.Router] = {}

    def _make_tree(self) -> dict[str, bytes]:
        made = self.fixtures
        tool(made.mkbootusb, "netboot", *made.stick_options(), "--build", str(BUILD), "--sign-key",
             self.folder / "own.sec", "--timeout", "0", "-d", self.folder / "tree")
        boot = self.folder / "tree" / "boot"
        names = re.findall(r"^sha256 \S+ (\S+)$", (boot / "boot.manifest").read_text(), re.MULTILINE)
        files = {name: (boot / name).read_bytes() for name in names}
        files["boot.sh"] = f"echo {CANARY_SIGNED}\n".encode() + files["boot.sh"]
        lines = [f"board {BOARD}", f"build {BUILD}"]
        lines += [f"sha256 {media.run('sha256sum', contents=data).split()[0]} {name}"
                  for name, data in files.items()]
        files["boot.manifest"] = "".join(f"{line}\n" for line in lines).encode()
        files["boot.manifest.sig"] = self.signature(files["boot.manifest"], "own", self.folder)
        return files

    def signature(self, manifest: bytes, key: str, folder: Path) -> bytes:
        (folder / "message").write_bytes(manifest)
        subprocess.run(["signify-openbsd", "-S", "-s", self.folder / f"{key}.sec", "-m",
                        folder / "message", "-x", folder / "sig"], check=True)
        return (folder / "sig").read_bytes()

    def router(self, kind: str) -> router.Router:
        """Flashed, and unpacked by CFE, once."""
        if kind not in self._routers:
            folder = self.folder / kind
            folder.mkdir()
            values = {"port": self.server.port, "keys": self.folder, "signify": self.fixtures.signify}
            words = [word.format(**values) for word in FLASHES[kind]]
            self.fixtures.flash_root(folder / "root.squashfs", *words)
            self.fixtures.pack(folder / "root.squashfs", folder / "image.trx")
            self._routers[kind] = router.flashed(folder / "image.trx", load_board(BOARD), folder)
        return self._routers[kind]


def card(kind: str) -> list[str]:
    """The emulator's network."""
    device = ["-device", "pcnet,addr=0x0b,netdev=lan,romfile=,id=card"]
    if kind == "none":
        return []
    if kind == "alone":
        return ["-netdev", "hubport,id=lan,hubid=0", *device]
    return ["-netdev", "user,id=lan", *device]


def watch(row: Row, arguments: list[str], log: Path) -> str:
    with Monitor() as monitor, qemu.Console([*arguments, *monitor.arguments], log,
                                          100 + row.seconds) as console:
        position = console.wait_for("Linux version ")
        if row.card == "unplugged":
            monitor.unplug_cable()
        for pattern in (*row.says, RESCUE):
            position = console.wait_for(pattern, position)
        return console.text


def judge_console(row: Row, console: str):
    ran = [canary for canary in (CANARY_SIGNED, CANARY_OTHER)
           if re.search(rf"^{canary}", console, re.MULTILINE)]
    assert CANARY_OTHER not in ran, "a script ran that nobody signed"
    assert (CANARY_SIGNED in ran) == (row.ran != NOTHING), f"it ran: {ran or NOTHING}"
    assert console.count("Linux version ") == 1, "a second kernel was started"


def run(row: Row, matrix: Matrix, folder: Path) -> float:
    """Guest seconds up to the end. Raises AssertionError where a promise is not kept."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bench = Bench(matrix, folder)
    row.make(bench)
    matrix.server.tree = bench.tree
    ready = matrix.router(row.flash)
    chip = Path(shutil.copy(ready.chip, folder / "flash.img"))
    machine = replace(ready, folder=folder, chip=chip)
    written = flash.sha256(chip)
    before = flash.sha256(bench.stick) if bench.stick else ""
    console = watch(row, [*machine.arguments(bench.stick, False), *card(row.card)],
                    folder / "console.log")
    judge_console(row, console)
    assert flash.sha256(chip) == written, "the flash chip was written"
    assert bench.stick is None or flash.sha256(bench.stick) == before, "the stick was written"
    seconds = steps.total(console)
    assert seconds <= row.seconds, f"{seconds:.1f} guest seconds, at most {row.seconds} are allowed"
    return seconds


def table(rows: list[Row]) -> str:
    """For docs/network.md."""
    lines = ["| Fault | Ran | Ends with | Seconds, at most |", "|---|---|---|---|"]
    lines += [f"| {row.fault} | {row.ran} | {row.ends} | {row.seconds} |" for row in rows]
    return "\n".join(lines) + "\n"
