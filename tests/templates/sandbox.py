# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""A root for the router's shell scripts: chroot, process 1 of its own, commands that only log.

The shell under test is dash or busybox ash. /proc and /sys are plain folders, "mounting" copies
files, and sleeping moves a clock that the scripts read from /proc/uptime; so a test of a ten second
wait takes no time. What the stubs were called with stands in Sandbox.log.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE.parent.parent / "templates"
BUSYBOX = Path("/bin/busybox")
# Applets that do real work for the scripts. All others are stubs or absent.
REAL = ["cat", "chmod", "cp", "dd", "echo", "env", "find", "grep", "gunzip", "gzip", "hexdump", "ln", "ls", "mkdir",
        "mv", "od", "printf", "readlink", "rm", "rmdir", "sed", "sha256sum", "sort", "tail", "tar", "touch",
        "tr", "true", "wc"]
STUBS = sorted(path.name for path in (HERE / "stubs").iterdir() if path.name != "lib.sh")
# Seconds of real time; an emulated machine is slower (run_test).
LONGEST_RUN = 30 * int(os.environ.get("TEMPLATE_PATIENCE", "1"))


def own_spaces() -> list[str]:
    """What a command is run by in process and mount spaces of its own, as root of them."""
    words = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    return words if os.geteuid() == 0 else [*words, "--map-root-user"]


def without_applets(program: bytes, names: list[str]) -> bytes:
    """busybox ash prefers its own applets to PATH; this hides them from its (sorted) name table."""
    for name in names:
        hidden = name[:-1] + name[-1].upper()
        program = program.replace(b"\0" + name.encode() + b"\0", b"\0" + hidden.encode() + b"\0")
    return program


def console(typed: str | None, terminal: bool) -> tuple[int, list[int]]:
    """What a script reads from, and what has to be closed afterwards."""
    if typed is None and not terminal:
        return subprocess.DEVNULL, []
    keyboard, screen = os.openpty() if terminal else reversed(os.pipe())
    os.write(keyboard, (typed or "").encode())
    return screen, [keyboard, screen]


class Sandbox:
    def __init__(self, shell: str):
        self.root = Path(tempfile.mkdtemp(prefix="trxkit-templates."))
        for folder in ("bin sbin usr/bin usr/sbin dev etc/usbboot proc sys tmp mnt stub "
                       "state/fail state/events fake/proc fake/sys/kernel fake/media lib/modules/6.1.0"
                       ).split():
            (self.root / folder).mkdir(parents=True)
        self._install_shell(shell)
        for name in REAL:
            (self.root / "bin" / name).symlink_to("/stub/busybox")
        for path in (HERE / "stubs").iterdir():
            shutil.copy(path, self.root / ("stub" if path.name == "lib.sh" else "usr/sbin"))
        self.write("state/mounts", "/dev/root / squashfs ro,relatime 0 0\n")
        self.write("state/centis", "86")
        self.write("fake/proc/cmdline", "console=ttyS0,115200 panic=10\n")
        self.write("fake/proc/meminfo", "MemTotal: 58000 kB\nMemFree: 30000 kB\n"
                   "MemAvailable: 48000 kB\nBuffers: 100 kB\nCached: 10000 kB\n")
        self.write("etc/preinit.00", (HERE / "preinit.00").read_text(), 0o755)

    def _install_shell(self, shell: str):
        shutil.copy(BUSYBOX, self.root / "stub/busybox")
        (self.root / "stub/sh").symlink_to("busybox")
        if shell == "ash":
            program = without_applets(BUSYBOX.read_bytes(), STUBS)
            self.write("bin/ash", program, 0o755)
            (self.root / "bin/sh").symlink_to("ash")
            return
        shutil.copy("/bin/dash", self.root / "bin/dash")
        (self.root / "bin/sh").symlink_to("dash")
        listed = subprocess.run(["ldd", "/bin/dash"], text=True, capture_output=True, check=True)
        for library in re.findall(r"(/\S+)", listed.stdout):
            target = self.root / library[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)

    def remove(self):
        shutil.rmtree(self.root)

    # --- what the router has ---

    def write(self, path: str, contents, mode: int = 0o644):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(contents, str):
            contents = contents.encode()
        target.write_bytes(contents)
        target.chmod(mode)

    def read(self, path: str) -> str:
        return (self.root / path).read_text(errors="replace")

    def exists(self, path: str) -> bool:
        return (self.root / path).exists()

    def template(self, name: str, path: str, mode: int = 0o755):
        """The file as the router gets it: with what it sources from boot/ inside."""
        text = (TEMPLATES / name).read_text()
        whole = re.sub(r"^\. (boot/\S+)\n", lambda part: (TEMPLATES / part[1]).read_text(), text,
                       flags=re.MULTILINE)
        self.write(path, whole, mode)

    def install_preinit(self, settings: str = "", network: bool = False):
        self.template("preinit", "etc/preinit")
        for part in ("bounded", "modules", "gpio", "led", "skip", "overlay", "usb", "pivot",
                     "pivot_mounts", "tags", "mounts", "check"):
            self.template(f"{part}.sh", f"etc/usbboot/{part}.sh")
        self.write("etc/usbboot.conf", "BOARD='test'\nMODULES='usbcore ext4'\n" + settings)
        if network:
            for part in ("network.sh", "switch.sh"):
                self.template(part, f"etc/usbboot/{part}", 0o644)
            self.template("udhcpc.sh", "etc/usbboot/udhcpc.sh")
            self.template("trust.sh", "etc/usbboot/trust.sh", 0o644)

    def mounted_already(self):
        """As procd's init leaves it: /proc, /sys, /dev and /tmp are there."""
        shutil.copytree(self.root / "fake/proc", self.root / "proc", dirs_exist_ok=True)
        shutil.copytree(self.root / "fake/sys", self.root / "sys", dirs_exist_ok=True)
        with open(self.root / "state/mounts", "a") as mounts:
            for kind, place in (("proc", "/proc"), ("sysfs", "/sys"), ("tmpfs", "/dev"),
                                ("tmpfs", "/tmp")):
                mounts.write(f"{kind} {place} {kind} rw 0 0\n")
        self.write("proc/mounts", self.read("state/mounts"))
        self.write("proc/uptime", "0.86 0.10\n")

    def add_kexec(self, version: str = "2.0.25"):
        shutil.copy(HERE / "kexec", self.root / "sbin/kexec")
        self.write("state/kexec-version", f"kexec-tools {version}\n")
        self.write("fake/sys/kernel/kexec_loaded", "0\n")

    def add_interface(self, number: int = 1):
        self.write(f"fake/sys/bus/usb/devices/1-{number}:1.0/bInterfaceClass", "08\n")

    def add_stick(self, name: str, fstype: str, files: dict, size: int = 1000):
        """A stick with one partition `name` ("sdb1"), or without a table ("sdb")."""
        disk = name.rstrip("0123456789")
        self.write(f"fake/sys/block/{disk}/size", f"{size}\n")
        self.write(f"fake/sys/class/block/{name}/dev", "8:1\n")
        if disk != name:
            self.write(f"fake/sys/block/{disk}/{name}/dev", "8:1\n")
        self.write(f"fake/media/{name}/fstype", f"{fstype}\n")
        (self.root / f"fake/media/{name}/files").mkdir(parents=True, exist_ok=True)
        for path, contents in files.items():
            self.write(f"fake/media/{name}/files/{path}", contents)

    def medium(self, path: str, name: str = "sda1") -> str | None:
        """The text of a file on the stick, as it stands there when nothing is mounted."""
        file = self.root / f"fake/media/{name}/files/{path}"
        return file.read_bytes().decode(errors="replace") if file.is_file() else None

    def at(self, seconds: float, command: str):
        """Something that happens while the scripts wait; `command` runs in the sandbox."""
        self.write(f"state/events/{round(seconds * 100):08}", command)

    def fail(self, stub: str):
        self.write(f"state/fail/{stub}", "")

    # --- running ---

    def run(self, *words: str, environment: dict | None = None, typed: str | None = None,
            terminal: bool = False) -> str:
        """Runs `words` in the sandbox as process 1 of its own process space; what they print.

        `typed` is what somebody types at once; the console then stays open, but silent. It is a pipe,
        or with `terminal` what a console is.
        """
        stdin, descriptors = console(typed, terminal)
        enter = 'touch "$0/dev/console"; ' + (
            'if [ -e "$0/state/devices" ]; then touch "$0/dev/null"; '
            'mount --bind /dev/null "$0/dev/null"; fi; ') + 'exec chroot "$0" "$@"'
        with subprocess.Popen(
            [*own_spaces(), "sh", "-c", enter, str(self.root), *words],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **(environment or {})},
            stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            late = False
            started = time.monotonic()
            while process.poll() is None:
                late = time.monotonic() - started > LONGEST_RUN
                if late or self.exists("state/ended"):
                    process.kill()
                time.sleep(0.01)
            self.status = process.returncode
            self.output = process.stdout.read()
        for descriptor in descriptors:
            os.close(descriptor)
        if self.exists("dev/console"):  # /init moves its own output there
            self.output += self.read("dev/console")
        if late:
            raise TimeoutError(self.output)
        return self.output

    def era_b(self):
        self.write("sbin/procd", "", 0o755)
        self.write("state/devices", "")
        self.mounted_already()

    @property
    def log(self) -> list[str]:
        path = self.root / "state/log"
        return path.read_text().splitlines() if path.exists() else []

    def calls(self, *names: str) -> list[str]:
        return [line for line in self.log if line.split()[0] in names]

    @property
    def seconds(self) -> float:
        return int(self.read("state/centis")) / 100

    @property
    def mounts(self) -> list[str]:
        return [line.split()[1] for line in self.read("state/mounts").splitlines()]
