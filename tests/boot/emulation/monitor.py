# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""A hand at the emulated router while it runs: plugs and pulls stick and cable, presses keys, through
QEMU's monitor (QMP)."""

import json
import socket
import tempfile
from pathlib import Path

from . import qemu


class Monitor:
    """Add `arguments` to the emulator's; its socket is short-named, as sockets have to be."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="trxkit-qmp.")
        self._path = Path(self._folder.name) / "qmp"
        self.arguments = ["-qmp", f"unix:{self._path},server=on,wait=off"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def pull_stick(self):
        self._execute("device_del", {"id": qemu.STICK})

    def plug_stick(self):
        """The drive "stick", which no device has so far."""
        self._execute("device_add", {"driver": "usb-storage", "bus": "usb.0", "drive": "stick",
                                     "id": qemu.STICK})

    def unplug_cable(self):
        """Of the network card "card": no link any more."""
        self._execute("set_link", {"name": "card", "up": False})

    def press_key(self, name: str):
        """Of the PS/2 keyboard, and lets it go again after a moment."""
        self._execute("send-key", {"keys": [{"type": "qcode", "data": name}]})

    def _execute(self, wanted: str, words: dict):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            line.connect(str(self._path))
            answers = line.makefile()
            answers.readline()  # the greeting
            for command, arguments in (("qmp_capabilities", {}), (wanted, words)):
                line.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
                answer = json.loads(answers.readline())
                while "event" in answer:
                    answer = json.loads(answers.readline())
                assert "return" in answer, f"{command}: {answer}"
