# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""A router whose root is on a server: the stick kernel alone, started by the emulator as a network boot
would start it, with one network card. What mkbootusb makes for the server lies in `tree`."""

import shutil
from pathlib import Path

from . import media, qemu, servers
from .board import load_board
from .fixtures import BOARD, Fixtures, tool

HOST = "10.0.2.2"

# Says what it sees, counts its starts in its own root, leaves a file open for writing, and goes off.
INIT = """#!/bin/busybox sh
export PATH=/usr/sbin:/bin
[ -e /proc/mounts ] || mount -t proc proc /proc
say() {
    read -r uptime rest </proc/uptime
    echo "test-root: [$uptime] $*"
}
say "init: pid $$ on $(sed -n '/ \\/ /p' /proc/mounts | tail -n 1)"
busybox ip -4 -o addr show
cat /etc/usbboot.network
count=$(cat /count 2>/dev/null)
count=$((${count:-0} + 1))
echo "$count" >/count
busybox dd if=/dev/urandom of="/data-$((count % 3))" bs=64k count=4 2>/dev/null
say "count: $count"
@MORE@
exec 9>>/open
echo text >&9
usbboot-halt
say "end: $(sed -n '/ \\/ /p' /proc/mounts | tail -n 1)"
poweroff -f
"""


# A hook of the initramfs: the client as it does where the kernel knows no other way. It attaches the device,
# lets go of it and attaches it again, as boot.sh and /init after one another.
BY_IOCTL = """busybox mv /sbin/nbd-client /sbin/nbd-client.own
busybox printf '#!/bin/sh\\nexec /sbin/nbd-client.own -L "$@"\\n' >/sbin/nbd-client
busybox chmod 755 /sbin/nbd-client
nbd-client -b 512 -N root {host} {port} /dev/nbd0 && nbd-client -d /dev/nbd0 &&
    say root "attached, let go of: $(cat /sys/block/nbd0/size) blocks"
"""


def make_root(tar: Path, fixtures: Fixtures, more: str = ""):
    media.make_test_root(tar, Path(fixtures.busybox), INIT.replace("@MORE@", more))


class Bench:
    """All its files lie in `folder`."""

    def __init__(self, fixtures: Fixtures, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.fixtures, self.folder = fixtures, folder
        self.tree = folder / "tree"
        self.root = folder / "root.tar"
        self.disk = self.tree / "boot/default/root.img"
        self.board = load_board(BOARD)

    def make(self, root: str, *options, rootfs: Path | None = None, minimal: bool = False):
        """The tree, for a root at `root`."""
        shutil.rmtree(self.tree, ignore_errors=True)
        if not (rootfs or minimal or self.root.exists()):
            make_root(self.root, self.fixtures)
        given = ["--minimal"] if minimal else ["--rootfs", rootfs or self.root]
        tool(self.fixtures.mkbootusb, "tree", "--board", BOARD, "--kernel", self.fixtures.stick_kernel,
             "--busybox", self.fixtures.busybox, "--nbd-client", self.fixtures.nbd_client,
             *given, "--free", "8M", "--uuid", "none", "--root", root, *options,
             "-d", self.tree)

    def nbd(self) -> servers.Nbd:
        """The server of the root image that make() has yet to make."""
        return servers.Nbd(self.disk, self.folder)

    def exported(self) -> Path:
        """The root's files as a folder, for NFS."""
        folder = self.folder / "exported"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        media.run("tar", "-xpf", self.tree / "boot/default/root.tar", "-C", folder)
        return folder

    def switch_on(self, card: str | None = "pcnet", seconds: float = 150, log: str = "console.log",
                  more: tuple[str, ...] = ()) -> qemu.Console:
        words = qemu.bare_command(self.tree / "boot/default/vmlinux.elf", "", self.board.ram_size)
        return qemu.Console([*words, *(qemu.card(card) if card else []), *more], self.folder / log, seconds)

    def check_disk(self):
        media.run("e2fsck", "-fn", self.disk)
