# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Signed trees on an HTTP server, whose kernel is on another one: what the tree names by its hash may come from
where nobody is authenticated."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from . import media, router, servers, web
from .board import load_board
from .cases import FLASH_SYSTEM, KERNEL_STARTS, RESCUE, expect, powered, step
from .fixtures import BOARD, Fixtures, tool
from .network_bench import HOST, Bench, make_root
from .network_cases import ENDED, root_up

KERNEL = "default/vmlinux.elf"


class SignedTree:
    """The tree and its server, and a router that takes what is signed by its key, and nothing else."""

    def __init__(self, fixtures: Fixtures, folder: Path, stack: ExitStack):
        self.bench = Bench(fixtures, folder)
        self.fixtures, self.folder, self._stack = fixtures, folder, stack
        make_root(self.bench.root, fixtures)
        tool(fixtures.mkbootusb, "keygen", "-o", folder / "router")

    def make(self, kernel_url: str, root: str, *options: str) -> Path:
        """The signed tree; its kernel, which is not in it any more."""
        self.bench.make(root, "--kernel-url", kernel_url, "--sign-key", self.folder / "router.sec", "--build", "3",
                        *options)
        return Path(shutil.move(self.bench.tree / "boot" / KERNEL, self.folder / "vmlinux.elf"))

    def router(self) -> router.Router:
        port = self._stack.enter_context(
            web.serve(self.fixtures.mkbootusb, self.bench.tree, self.folder / "serve.log"))
        squashfs, trx = self.folder / "flash-root.squashfs", self.folder / "flash.trx"
        self.fixtures.flash_root(
            squashfs, "--usb-wait", "0", "--netboot", f"http://{HOST}:{port}/boot/{BOARD}", "--address",
            "10.0.2.15/24", "--public-key", self.folder / "router.pub", "--minimum-build", "3", "--signify",
            self.fixtures.signify, "--nbd-client", self.fixtures.nbd_client)
        self.fixtures.pack(squashfs, trx)
        return router.flashed(trx, load_board(BOARD), self.folder)


SIGNED = [*FLASH_SYSTEM, step("script", "boot.manifest of .* has a good signature"), step("script", "running boot.sh")]


def started(kind: str) -> list[str]:
    return [*SIGNED, step("kernel", f"{kind}:.* of the server has the right checksum"),
            step("kexec", "starting default"), KERNEL_STARTS, step("network", "eth0 has"), *root_up(kind), "count: 1",
            ENDED]


def signed_tree_with_kernel_on_nbd(fixtures: Fixtures, folder: Path):
    """P12, B2, I13: kernel and root on NBD; and not that kernel any more when one byte of it is another one."""
    with ExitStack() as stack:
        tree = SignedTree(fixtures, folder, stack)
        exported = folder / "boot.img"
        kernels = stack.enter_context(servers.Nbd(exported, folder))
        roots = stack.enter_context(tree.bench.nbd())
        kernel = tree.make(f"nbd:{HOST}:{kernels.port}/root:vmlinux.elf", f"nbd:{HOST}:{roots.port}/root")
        export(kernel, exported)
        machine = tree.router()
        with powered(machine, None, "pcnet") as console:
            expect(console, started("nbd"))
            console.wait_for_end()
        tree.bench.check_disk()
        other = bytearray(kernel.read_bytes())
        other[len(other) // 2] ^= 1
        kernel.write_bytes(other)
        export(kernel, exported)
        with powered(machine, None, "pcnet") as console:
            expect(console, [*SIGNED, step("network", "nbd:.* has a wrong checksum"), *RESCUE])
            assert console.text.count("Linux version ") == 1, "a second kernel was started"
    media.run("e2fsck", "-fn", exported)


def export(kernel: Path, image: Path):
    source = image.with_suffix(".files")
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    shutil.copy(kernel, source / "vmlinux.elf")
    image.unlink(missing_ok=True)
    media.run("mke2fs", "-q", "-F", "-t", "ext4", "-d", source, image, "24M")


def signed_tree_with_kernel_on_nfs(fixtures: Fixtures, folder: Path):
    """P12, B2, I13: kernel and root on NFS, with e1000."""
    if servers.in_own_network():
        return
    with ExitStack() as stack:
        tree = SignedTree(fixtures, folder, stack)
        shared = folder / "shared"
        (shared / "root").mkdir(parents=True, exist_ok=True)
        kernel = tree.make(f"nfs:{HOST}:{shared.resolve()}:vmlinux.elf", f"nfs:{HOST}:{shared.resolve()}/root")
        shutil.copy(kernel, shared)
        media.run("tar", "-xpf", tree.bench.tree / "boot/default/root.tar", "-C", shared / "root")
        stack.enter_context(servers.Nfs(shared, folder))
        with powered(tree.router(), None, "e1000") as console:
            expect(console, started("nfs"))
            console.wait_for_end()
    assert (shared / "root/count").read_text() == "1\n", "the root was not written"


CASES = {case.__name__: case for case in (signed_tree_with_kernel_on_nbd, signed_tree_with_kernel_on_nfs)}
