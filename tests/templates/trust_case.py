# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Boot manifests and their signatures in the sandbox: by the stub of usign, or by the real signify."""

import re
import shutil
import subprocess
from pathlib import Path

from case import Case, sha256

URL = "http://10.0.0.1/boot"
KEY = "the key\n"
CANARY = b"echo \"CANARY: $*, trust $USBBOOT_TRUST\"; exit 3\n"


def manifest_of(files: dict, board: str = "test", build: str = "7") -> bytes:
    lines = [f"board {board}", f"build {build}"]
    lines += [f"sha256 {sha256(contents)} {name}" for name, contents in files.items()]
    return "".join(f"{line}\n" for line in lines).encode()


def stub_signature(manifest: bytes, key: str = KEY) -> bytes:
    """What the stub of usign takes for one."""
    return f"{key.strip()} {sha256(manifest)}  -\n".encode()


class Signify:
    """OpenBSD's signify of this host, and two pairs of keys."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("own", "foreign"):
            self._run("-G", "-n", "-p", folder / f"{name}.pub", "-s", folder / f"{name}.sec")

    def _run(self, *words):
        subprocess.run(["signify-openbsd", *words], check=True, stdout=subprocess.DEVNULL)

    def key(self, name: str = "own") -> str:
        return (self.folder / f"{name}.pub").read_text()

    def sign(self, manifest: bytes, name: str = "own") -> bytes:
        message = self.folder / "message"
        message.write_bytes(manifest)
        self._run("-S", "-s", self.folder / f"{name}.sec", "-m", message, "-x", self.folder / "sig")
        return (self.folder / "sig").read_bytes()

    @staticmethod
    def install(box):
        """The program with its libraries, as the only verifier."""
        (box.root / "usr/sbin/usign").unlink()
        program = shutil.which("signify-openbsd")
        listed = subprocess.run(["ldd", program], text=True, capture_output=True, check=True).stdout
        for path in [program, *re.findall(r"(/\S+)", listed)]:
            target = box.root / path[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                shutil.copy(path, target)


class TrustCase(Case):
    """A router that demands signatures, and a server with a signed tree."""

    settings = f"URL='{URL}'\nIP='10.0.0.2/24'\nNET_WAIT=2\nUSB_WAIT=0\nMINIMUM_BUILD=5\n"
    key = KEY

    def setUp(self):
        super().setUp()
        self.box.write("fake/sys/class/net/eth0/carrier", "1\n")
        self.box.write("state/real-sleep", "")
        self.files = {"boot.sh": CANARY}
        self.listed = {"boot.sh": CANARY}
        self.manifest = manifest_of(self.listed)
        self.signature: bytes | None = stub_signature(self.manifest)

    def sign(self, manifest: bytes) -> bytes:
        return stub_signature(manifest)

    def remake(self, **more: str):
        """Another manifest, signed all the same."""
        self.manifest = manifest_of(self.listed, **more)
        self.signature = self.sign(self.manifest)

    def tree(self) -> dict:
        tree = {**self.files, "boot.manifest": self.manifest}
        return tree if self.signature is None else {**tree, "boot.manifest.sig": self.signature}

    def serve(self):
        for name, contents in self.tree().items():
            self.box.write(f"fake/web/boot/{name}", contents)

    def boot(self, settings: str = ""):
        self.box.install_preinit(self.settings + settings, network=True)
        self.box.write("etc/usbboot/key.pub", self.key)
        self.serve()
        self.box.run("/etc/preinit")
        self.assertFlashBoot()
        self.assertNotIn("other processes", self.box.read("state/preinit.00"))
        self.assertEqual(["/"], self.box.mounts)

    def assertRan(self, trust: str = "signed"):
        self.assertSays(rf"CANARY: http {URL}, trust {trust}\n")

    def assertRefused(self, message: str):
        self.assertSays(message)
        self.assertNotIn("CANARY", self.box.output, "nothing unsigned is ever run")
        self.assertNotIn("running boot.sh", self.box.output)
