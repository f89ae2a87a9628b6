# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The stick's own boot.sh with the real kexec of the flash root, under QEMU's user emulation: what its
loader makes of a kernel where there is no /proc/device-tree, as on a BCM47xx. The emulated board has one.
User emulation cannot load a kernel into anything; kexec is watched up to that system call."""

import re
import shutil
import sys
from pathlib import Path

from . import media
from .board import REPOSITORY
from .fixtures import Fixtures

sys.path.append(str(REPOSITORY / "tests" / "templates"))
from sandbox import Sandbox  # noqa: E402 (the sandbox of the templates' tests)

# The router's RAM, as its kernel shows it.
IOMEM = "00000000-03ffffff : System RAM\n"
SEGMENT = re.compile(r"^segment\[\d\]\.mem\s+= 0x?([0-9a-f]+)", re.MULTILINE)


def box_with(fixtures: Fixtures, stick: Path, folder: Path) -> Sandbox:
    """boot.sh, the entry and its kernel as they are on the stick; kexec runs on an emulated processor."""
    box = Sandbox("ash")
    files = {}
    for path in ("boot/boot.sh", "boot/entries/default.conf", "boot/default/vmlinux.elf", "boot/default/root.img"):
        files[path] = media.extract(stick, f"/{path}", folder / "read").read_bytes()
    box.add_stick("sda1", "vfat", files)
    box.write("tmp/usbboot/boot.sh", files["boot/boot.sh"])
    box.write("fake/sys/kernel/kexec_loaded", "0\n")
    box.write("fake/proc/iomem", IOMEM)
    box.write("state/devices", "")
    for program, name in ((shutil.which("qemu-mipsel-static"), "qemu"), (fixtures.kexec, "kexec")):
        shutil.copy(program, box.root / "stub" / name)
    box.write("sbin/kexec", '#!/stub/sh\necho "kexec $*"\nexec /stub/qemu /stub/kexec -d "$@"\n', 0o755)
    box.mounted_already()
    return box


def tried(box: Sandbox) -> str:
    box.run("/bin/sh", "/tmp/usbboot/boot.sh", "usb", "/dev/sda1", "vfat")
    return box.output


def real_kexec_takes_the_empty_device_tree(fixtures: Fixtures, folder: Path):
    """B3: with boot.sh's --dtb the kernel is laid out in RAM; without it kexec gives up before that."""
    folder.mkdir(parents=True, exist_ok=True)
    box = box_with(fixtures, fixtures.path("fat.img"), folder)
    try:
        said = tried(box)
        assert "--dtb=/tmp/usbboot/dummy.dtb" in said, said
        assert SEGMENT.search(said) and "kexec_load" in said, f"the kernel was not laid out:\n{said}"
        print("segments at", *SEGMENT.findall(said))
        script = box.read("tmp/usbboot/boot.sh").replace('"--dtb=$WORK/dummy.dtb"', "")
        box.write("tmp/usbboot/boot.sh", script)
        said = tried(box)
        assert "device-tree" in said and not SEGMENT.search(said), f"--dtb is of no use:\n{said}"
    finally:
        box.remove()


CASES = {case.__name__: case for case in (real_kexec_takes_the_empty_device_tree,)}
