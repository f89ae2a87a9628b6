# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Sticks, made and read with the host's own tools: sfdisk, mtools, debugfs, e2fsck, fsck.fat."""

import json
import mmap
import re
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path, PurePosixPath

PARTITION_START = 1 << 20
# Types in a GPT, and what an MBR has for them.
GPT_TYPES = {"EBD0A0A2-B9E5-4433-87C0-68B6B72699C7": 0x0C, "0FC63DAF-8483-4772-8E79-3D69D8477DE4": 0x83}
# debugfs and e2fsck live where an ordinary user's PATH does not look.
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
    "LC_ALL": "C",
    "MTOOLS_SKIP_CHECK": "1",
}


def run(*words, contents: bytes = b"") -> str:
    """A host program, with `contents` to read; its failure carries what it printed."""
    result = subprocess.run(
        [str(word) for word in words], env=ENVIRONMENT, input=contents,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )
    output = result.stdout.decode(errors="replace")
    if result.returncode != 0:
        raise AssertionError(f"{words[0]} failed ({result.returncode}):\n{output}")
    return output


def partition(image: Path) -> tuple[int, int, int]:
    """Offset and size (bytes) and type of the first partition, as sfdisk reads them; the type as an MBR
    has it."""
    table = json.loads(run("sfdisk", "-J", image))["partitiontable"]
    first = table["partitions"][0]
    kind = GPT_TYPES.get(first["type"]) or int(first["type"], 16)
    return first["start"] * 512, first["size"] * 512, kind


def file_system(image: Path, folder: Path) -> Path:
    """The first partition as a file of its own."""
    offset, size, _ = partition(image)
    target = folder / (image.stem + ".partition")
    with open(image, "rb") as source, open(target, "wb") as copy:
        source.seek(offset)
        remaining = size
        while remaining > 0 and (data := source.read(min(remaining, 1 << 20))):
            if data.strip(b"\0"):
                copy.write(data)
            else:
                copy.seek(len(data), 1)
            remaining -= len(data)
        copy.truncate(size)
    return target


def is_fat(image: Path) -> bool:
    return partition(image)[2] == 0x0C


def extract(image: Path, path: str, target: Path) -> Path:
    """Copies the file `path` out of the stick's first partition."""
    if is_fat(image):
        run("mcopy", "-n", "-i", f"{image}@@{partition(image)[0]}", f"::{path}", target)
    else:
        run("debugfs", "-R", f'dump "{path}" "{target}"', file_system(image, target.parent))
    if not target.exists():
        raise AssertionError(f"{image} has no {path}")
    return target


def remove(image: Path, path: str):
    """Deletes the file `path` from a FAT stick."""
    run("mdel", "-i", f"{image}@@{partition(image)[0]}", f"::{path}")


def write(image: Path, path: str, contents: bytes):
    """Writes the file `path` of a FAT stick, replacing one that is there; its folder exists."""
    run("mcopy", "-o", "-i", f"{image}@@{partition(image)[0]}", "-", f"::{path}", contents=contents)


def fill(image: Path, filling: Path):
    """Leaves no free cluster on a FAT stick; `filling` is a host path for the file that does it."""
    free = re.search(r"([\d ]+) bytes free", run("mdir", "-i", f"{image}@@{partition(image)[0]}", "::/"))
    with open(filling, "wb") as file:
        file.truncate(int(free[1].replace(" ", "")))
    run("mcopy", "-i", f"{image}@@{partition(image)[0]}", filling, "::/filling")


def flip_bit(image: Path, piece: bytes):
    """Changes one bit of the first place in `image` that holds `piece`."""
    with open(image, "r+b") as file, mmap.mmap(file.fileno(), 0) as view:
        place = view.find(piece)
        if place < 0:
            raise AssertionError(f"{image} does not hold the piece that shall be damaged")
        view[place] ^= 1


def check_clean(image: Path, folder: Path):
    """The boot partition has no fault; the stick was left in order."""
    if is_fat(image):
        run("fsck.fat", "-n", file_system(image, folder))
    else:
        run("e2fsck", "-fn", file_system(image, folder))


def text_of(ext4: Path, path: str) -> str:
    """The text of a file inside an ext4 image; empty where there is none."""
    return run("debugfs", "-R", f'cat "{path}"', ext4).partition("\n")[2]


def make_fat_stick(image: Path, files: dict[str, bytes], size: int = 48 << 20):
    """A FAT32 stick with an MBR, made without any of our tools."""
    image.unlink(missing_ok=True)
    with open(image, "wb") as file:
        file.truncate(size)
    run("sfdisk", "-q", image, contents=b"2048,,c\n")
    at = f"{image}@@{PARTITION_START}"
    run("mformat", "-i", at, "-F", "-T", (size - PARTITION_START) // 512, "-h", 64, "-s", 32, "::")
    folders = set()
    for name, contents in files.items():
        for parent in reversed(PurePosixPath(name).parents[:-1]):
            if parent not in folders:
                run("mmd", "-i", at, f"::{parent}")
                folders.add(parent)
        write(image, f"/{name}", contents)


TEST_INIT = """#!/bin/busybox sh
# Says what it sees, leaves a marker in its own root, and goes off in good order: the medium below a
# loop root becomes read-only by the emergency remount alone.
export PATH=/bin
[ -e /proc/mounts ] || mount -t proc proc /proc
say() {
    read -r uptime rest </proc/uptime
    echo "test-root: [$uptime] $*"
}
say "init: pid $$ on $(sed -n '/ \\/ /p' /proc/mounts | tail -n 1)"
cat /proc/mounts /proc/cmdline
{ uname -r; sed -n 's|^[^ ]* / ||p' /proc/mounts; } >/marker
sync
mount -o remount,ro /
echo u >/proc/sysrq-trigger
until grep -q " /mnt[^ ]* [^ ]* ro[, ]" /proc/mounts; do usleep 100000; done
say "marker: written"
sync
poweroff -f
"""


def make_test_root(tar: Path, busybox: Path, init: str = TEST_INIT):
    """A root file system with that init, which by default leaves the file /marker behind."""
    applets = ["cat", "echo", "grep", "mount", "poweroff", "sed", "sh", "sleep", "sync", "tail", "uname", "usleep"]
    with tarfile.open(tar, "w", format=tarfile.PAX_FORMAT) as archive:

        def add(name: str, mode: int, kind: bytes = tarfile.DIRTYPE, data: bytes = b"", **more):
            entry = tarfile.TarInfo(name)
            entry.mode, entry.type, entry.size = mode, kind, len(data)
            for key, value in more.items():
                setattr(entry, key, value)
            archive.addfile(entry, BytesIO(data))

        for folder in [".", "bin", "sbin", "etc", "dev", "proc", "sys", "tmp", "mnt", "boot"]:
            add(folder, 0o755)
        add("dev/console", 0o600, tarfile.CHRTYPE, devmajor=5, devminor=1)
        add("bin/busybox", 0o755, tarfile.REGTYPE, busybox.read_bytes())
        for applet in applets:
            add(f"bin/{applet}", 0o777, tarfile.SYMTYPE, linkname="busybox")
        add("sbin/init", 0o755, tarfile.REGTYPE, init.encode())
