# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""An emulated machine that runs a command with the host's own programs and files.

Its root is the host's, read-only over 9p, below a RAM disk that takes what is written; its kernel is
Debian's; the command is root in it, whoever started it. What it needs and is not there,
tools/install-packages installs. It is ended when its time is over, by its own id.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
BUSYBOX = "/bin/busybox"
PROGRAMS = ("qemu-system-x86_64", "cpio", "modprobe")
LONGEST_RUN = 2900  # seconds
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

# /dev/ttyS0 is what the command prints, /dev/ttyS1 its status.
INIT = f"""#!{BUSYBOX} sh
PATH=/bin
busybox mkdir -p /dev /host /ram /root
busybox mount -t devtmpfs dev /dev
exec </dev/ttyS0 >/dev/ttyS0 2>&1
for module in /modules/*; do busybox insmod "$module"; done
busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose host /host
busybox mount -t tmpfs ram /ram
busybox mkdir /ram/upper /ram/work
busybox mount -t overlay -o lowerdir=/host,upperdir=/ram/upper,workdir=/ram/work overlay /root
busybox mount -t proc proc /root/proc
busybox mount -t sysfs sysfs /root/sys
busybox mount --move /dev /root/dev
busybox mkdir -p /root/dev/pts
busybox mount -t devpts devpts /root/dev/pts
busybox cp /command /root/command
exec busybox switch_root /root /bin/sh /command
"""


def script(words: list[str], environment: dict[str, str]) -> str:
    """What process 1 runs: `words` where this process stands, then the end."""
    values = {"PATH": PATH, "HOME": "/tmp", **environment}
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in values.items())
    return (f"cd {shlex.quote(os.getcwd())}\n"
            f"env -i {settings} {shlex.join(words)} </dev/null\n"
            "echo $? >/dev/ttyS1\n"
            "sleep 1\n"  # for what is still in the serial ports
            "echo b >/proc/sysrq-trigger\n")


def install_programs():
    if not all(shutil.which(name, path=PATH) for name in PROGRAMS):
        subprocess.run([REPOSITORY / "tools/install-packages", "machine"], check=True)


def make_initramfs(folder: Path, modules: list[str], command: str) -> Path:
    tree = folder / "tree"
    for name in ("bin", "modules"):
        (tree / name).mkdir(parents=True)
    shutil.copy(BUSYBOX, tree / "bin/busybox")
    for number, module in enumerate(modules):
        shutil.copy(module, tree / f"modules/{number:02}-{Path(module).name}")
    (tree / "init").write_text(INIT)
    (tree / "init").chmod(0o755)
    (tree / "command").write_text(command)
    names = "\n".join(str(path.relative_to(tree)) for path in sorted(tree.rglob("*")))
    archive = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc"], cwd=tree, input=names.encode(),
                             stdout=subprocess.PIPE, check=True)
    (folder / "initramfs").write_bytes(archive.stdout)
    return folder / "initramfs"


def arguments(kernel: str, initramfs: Path, status: Path) -> list[str]:
    # Without the host's own virtualisation: where there is one, it may itself be a guest's that hangs.
    words = ["qemu-system-x86_64", "-cpu", "max", "-m", "1024", "-nodefaults", "-no-reboot",
             "-display", "none", "-serial", "stdio", "-serial", f"file:{status}",
             "-accel", "tcg", "-kernel", kernel, "-initrd", str(initramfs)]
    words += ["-append", "console=ttyS0 quiet panic=-1 mitigations=off"]
    return words + ["-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"]


def run(words: list[str], environment: dict[str, str]) -> int:
    """The status of `words`, which have only `environment` and a PATH; what they print is printed."""
    install_programs()
    kernel, *modules = subprocess.run([HERE / "machine_kernel"], text=True, stdout=subprocess.PIPE,
                                      check=True).stdout.splitlines()
    with tempfile.TemporaryDirectory(prefix="trxkit-machine.") as name:
        status = Path(name) / "status"
        initramfs = make_initramfs(Path(name), modules, script(words, environment))
        sys.stdout.flush()
        subprocess.run(arguments(kernel, initramfs, status), stdin=subprocess.DEVNULL,
                       env=dict(os.environ, PATH=PATH), timeout=LONGEST_RUN, check=True)
        said = status.read_text().strip()
    if not said.isdigit():
        raise RuntimeError("the emulated machine ended before the command did")
    return int(said)
