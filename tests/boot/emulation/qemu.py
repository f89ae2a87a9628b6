# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Runs the emulated board for a bounded time and follows its serial console.

The process is ended by its own id, always. PCI slots are fixed: only 0x12, 0x13 and 0x0b have an
interrupt route on malta.
"""

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

from .console_text import ConsoleText


STICK = "plug"  # name of the device that can be pulled
CARD = "card"  # name of the network card, whose link can be pulled
CARDS = {"pcnet": "0x0b", "e1000": "0x14", "virtio-net-pci": "0x14"}  # and their slots


class ConsoleError(AssertionError):
    """The console did not show what was expected."""


def command(
    kernel: Path, options: str, memory: int, flash: Path, stick: Path | None,
    network: bool | str
) -> list[str]:
    """The emulator's arguments for a whole router. `memory` in bytes; `network`: whether there is a
    network card, or its kind."""
    words = bare_command(kernel, options, memory)
    words += ["-drive", f"if=none,id=flash,format=raw,file={escaped(flash)}"]
    words += ["-device", "virtio-blk-pci,drive=flash,addr=0x13"]
    words += ["-device", "usb-ehci,id=usb,addr=0x12"]
    if stick is not None:
        words += ["-drive", f"if=none,id=stick,format=raw,file={escaped(stick)}"]
        words += ["-device", f"usb-storage,bus=usb.0,drive=stick,id={STICK}"]
    if network:
        words += card("pcnet" if network is True else network)
    return words


def card(kind: str) -> list[str]:
    """A network card behind which the host is 10.0.2.2: one of CARDS."""
    return ["-netdev", "user,id=lan", "-device", f"{kind},addr={CARDS[kind]},netdev=lan,romfile=,id={CARD}"]


def bare_command(kernel: Path, options: str, memory: int, cpu: str = "74Kf") -> list[str]:
    """The emulator's arguments for a board with a serial console and nothing else."""
    words = ["qemu-system-mipsel", "-M", "malta", "-cpu", cpu, "-m", str(memory >> 20)]
    words += ["-vga", "none", "-nic", "none", "-nographic", "-no-reboot"]
    return words + ["-kernel", str(kernel), "-append", options]


def escaped(path: Path) -> str:
    """A path inside a -drive option, where a comma is written twice."""
    return str(path).replace(",", ",,")


class Console:
    """A running board. Use it in a with statement: its end is the end of the emulator."""

    def __init__(self, arguments: list[str], log: Path, seconds: float):
        self.deadline = time.monotonic() + seconds
        self.started = time.monotonic()
        self._text = ConsoleText()
        self._changed = threading.Condition()
        self._log = open(log, "w", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _read(self):
        output = self._process.stdout.fileno()
        while data := os.read(output, 65536):
            text = data.decode("utf-8", "replace")
            self._log.write(text.replace("\r", ""))
            self._log.flush()
            with self._changed:
                self._text.add(text)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()

    @property
    def text(self) -> str:
        """Whole lines so far, each of one voice; the log has the raw bytes."""
        return self._text.lines

    def wait_for(self, pattern: str, after: int = 0) -> int:
        """Waits until a line matches `pattern` behind position `after` of the console's text.

        Returns the position behind the match, or fails when the time is over or the board is off.
        """
        expression = re.compile(pattern, re.MULTILINE)
        with self._changed:
            while True:
                if match := expression.search(self.text + self._text.rest, after):
                    return min(match.end(), len(self.text))
                if not self._reader.is_alive():
                    raise ConsoleError(f"the board went off without showing: {pattern}")
                remaining = self.deadline - time.monotonic()
                if remaining <= 0:
                    raise ConsoleError(f"time is over, never shown: {pattern}")
                self._changed.wait(min(remaining, 1.0))

    def send(self, text: str):
        """Types `text` on the serial console."""
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def wait_for_end(self) -> float:
        """Waits until the board is off; returns the wall time of the whole run in seconds."""
        try:
            self._process.wait(timeout=max(0.1, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise ConsoleError("time is over, the board is still on") from error
        self._reader.join(timeout=5)
        return time.monotonic() - self.started

    def stop(self):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)  # it leads a session of its own
        self._process.wait()
        self._reader.join(timeout=5)
        self._process.stdin.close()
        self._process.stdout.close()
        self._log.close()
