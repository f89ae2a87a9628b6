# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Root trees that a router could not start from, packed by mksquashfs."""

import os
import struct
import subprocess
import tempfile
from pathlib import Path

from case import BOARD, Case
from images import ROOT, belkin, kernel, packed, padded

DEEP = (*BOARD, "--deep")
OURS = "#!/bin/sh\n#\n# usbboot-preinit: for tests\n"
THEIRS = "#!/bin/sh\nexec /sbin/init\n"
RELEASE = "6.1.192"


def elf(machine=8, bits=1):
    return b"\x7fELF" + bytes([bits, 1, 1]) + bytes(9) + struct.pack("<HHI", 2, machine, 1) + \
        bytes(100)


def module(release=RELEASE, machine=8):
    """A relocatable file of one section, .modinfo, and the names of its sections."""
    texts = f"license=GPL\0vermagic={release} mod_unload MIPS32_R2\0".encode()
    names = b"\0.modinfo\0.shstrtab\0"
    texts_at, names_at = 52, 52 + len(texts)
    body = padded(texts + names, 4)
    header = b"\x7fELF" + bytes([1, 1, 1]) + bytes(9) + struct.pack(
        "<HHIIIIIHHHHHH", 1, machine, 1, 0, 0, 52 + len(body), 0x70001001, 52, 0, 0, 40, 3, 2)
    sections = bytes(40)
    for name, kind, at, size in ((1, 1, texts_at, len(texts)), (10, 3, names_at, len(names))):
        sections += struct.pack("<10I", name, kind, 0, 0, at, size, 0, 0, 1, 0)
    return header + body + sections


def sound():
    """Path: contents, a link's target with "->", or None for a folder; and modes."""
    return {"etc/preinit": OURS, "etc/preinit.00": THEIRS, "usr/sbin/kexec": elf(),
            f"lib/modules/{RELEASE}/ext4.ko": module()}


def squashfs_of(tree, not_executable=()):
    with tempfile.TemporaryDirectory(prefix="trxkit-corpus.") as scratch:
        root = Path(scratch) / "root"
        for path, contents in tree.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if contents is None:
                target.mkdir()
            elif isinstance(contents, str) and contents.startswith("->"):
                target.symlink_to(contents[2:])
            else:
                target.write_bytes(contents.encode() if isinstance(contents, str) else contents)
                target.chmod(0o644 if path in not_executable else 0o755)
        image = Path(scratch) / "root.squashfs"
        subprocess.run(["mksquashfs", root, image, "-comp", "xz", "-all-root", "-quiet",
                        "-no-progress", "-mkfs-time", "0", "-all-time", "0"], check=True,
                       stdout=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})
        data = image.read_bytes()
        return data[:struct.unpack_from("<Q", data, 40)[0]]


def image(*without, not_executable=(), **changes):
    """An image whose sound root lacks `without` and has `changes` (names with "__" for "/")."""
    def make():
        tree = {path: text for path, text in sound().items() if path not in without}
        tree.update({path.replace("__", "/"): text for path, text in changes.items()})
        return belkin(root=squashfs_of(tree, not_executable))
    return make


FALLBACK = {"etc/preinit": THEIRS, "boot/fallback/vmlinux.elf": elf(),
            "lib/modules/5.4.1/ext4.ko": module("5.4.1")}


def behind_loader(tree):
    """The flash kernel looks for sticks itself; the root is what it falls back to."""
    loader = packed(kernel(text=b"flash-init: \0usbboot-second-stage: 1"))
    return lambda: belkin(part1=loader, root=squashfs_of(tree))


def damaged():
    """The inode table is no longer what xz wrote."""
    whole = image()()
    inodes = struct.unpack_from("<Q", whole.data, ROOT + 64)[0]
    return whole.put(ROOT + inodes + 10, b"\xaa" * 20).seal()


CASES = [
    Case("sound/root", image(), "", DEEP),
    Case("sound/root-with-links",
         image("etc/preinit.00", "etc/preinit", **{"etc__preinit.00": "->../sbin/first",
                                                   "etc__preinit": OURS, "sbin__first": THEIRS}),
         "", DEEP),
    Case("sound/root-of-others", image("etc/preinit.00", etc__preinit=THEIRS),
         "FSR007@0x20000:note", DEEP),

    Case("preinit/missing", image("etc/preinit"), "FSR004@0x20000", DEEP),
    Case("preinit/not-executable", image(not_executable=["etc/preinit"]), "FSR005@0x20000", DEEP),
    Case("preinit/folder", image(etc__preinit=None), "FSR005@0x20000", DEEP),
    Case("preinit-link/circle", image(etc__preinit="->first", etc__first="->preinit"),
         "FSR006@0x20000", DEEP),
    Case("preinit-link/nowhere", image(etc__preinit="->/bin/absent"), "FSR006@0x20000", DEEP),
    Case("preinit-link/out-of-the-root", image(etc__preinit="->../../../etc/hostname"),
         "FSR006@0x20000", DEEP),
    Case("original/missing", image("etc/preinit.00"), "FSR008@0x20000", DEEP),
    Case("original/not-executable", image(not_executable=["etc/preinit.00"]), "FSR008@0x20000",
         DEEP),
    Case("original/ours-again", image(**{"etc__preinit.00": OURS}), "FSR008@0x20000", DEEP),
    Case("kexec/missing", image("usr/sbin/kexec"), "FSR002@0x20000", DEEP),
    Case("kexec/of-the-host", image(usr__sbin__kexec=elf(62, 2)), "FSR009@0x20000", DEEP),
    Case("kexec/not-executable", image(not_executable=["usr/sbin/kexec"]), "FSR009@0x20000", DEEP),
    Case("modules/other-kernel",
         image(**{f"lib__modules__{RELEASE}__ext4.ko": module("5.4.1")}), "MOD001@0x20000", DEEP),
    Case("modules/other-folder",
         image(f"lib/modules/{RELEASE}/ext4.ko", **{"lib__modules__6.1.5__ext4.ko": module()}),
         "FSR011@0x20000", DEEP),
    Case("modules/of-the-host", image(**{f"lib__modules__{RELEASE}__ext4.ko": module(machine=62)}),
         "MOD002@0x20000", DEEP),
    Case("second-stage/sound", behind_loader(FALLBACK), "", DEEP),
    Case("second-stage/no-kernel-in-the-root", behind_loader({"etc/preinit": THEIRS}),
         "FSR082@0x20000", DEEP),
    Case("second-stage/kernel-that-nothing-starts",
         image("etc/preinit.00", etc__preinit=THEIRS,
               **{"boot__fallback__vmlinux.elf": elf()}),
         "FSR083@0x20000 FSR007@0x20000:note", DEEP),
    Case("squashfs/damaged", damaged, "FSR003@0x20000", DEEP),
]
