# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Servers of block devices and folders for the emulated router: Debian's nbd-server and nfs-ganesha,
each for the time of a with statement. The router reaches them as 10.0.2.2 (QEMU's user network).

NFS needs the ports that the protocol knows it by (111 and others), so it runs in a network of its own, and
the emulator with it; and ganesha opens files by their handles, which only root may.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from .media import ENVIRONMENT

PATIENCE = 20  # seconds for a server to come up


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"no server at port {port} in {PATIENCE} seconds")


class Nbd:
    """The export "root" of an image file."""

    def __init__(self, image: Path, folder: Path):
        self.port = free_port()
        self._pid_file = folder / f"nbd-{self.port}.pid"
        self._config = folder / f"nbd-{self.port}.conf"
        self._config.write_text(f"[generic]\nport = {self.port}\nlistenaddr = 127.0.0.1\n"
                                f"[root]\nexportname = {image.resolve()}\nflush = true\n")

    def __enter__(self):
        # With -d it would end after the first connection that is dropped.
        subprocess.run(["nbd-server", "-C", self._config, "-p", self._pid_file], check=True,
                       env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        wait_for_port(self.port)
        return self

    def kill(self):
        """It, and those of its children that serve a connection: they are of its session."""
        if self._pid_file.exists():
            pid = int(self._pid_file.read_text())
            self._pid_file.unlink()
            os.killpg(pid, signal.SIGKILL)

    def __exit__(self, *_):
        self.kill()


def in_own_network() -> bool:
    """False in a process that has a network of its own. Elsewhere runs the same command again in one, and
    says True when that has passed."""
    if os.environ.get("TRXKIT_OWN_NETWORK"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        return False
    assert os.geteuid() == 0, "nfs-ganesha opens files by handle, which only root may: run this as root"
    # With processes of its own, too: all of them end with it, however it ends.
    again = subprocess.run(["unshare", "--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child",
                            sys.executable, *sys.argv],
                           env={**os.environ, "TRXKIT_OWN_NETWORK": "yes"}, stdin=subprocess.DEVNULL)
    assert again.returncode == 0, "see above"
    return True


class Nfs:
    """The folder `path` by NFS 3 over TCP, in a network of its own."""

    def __init__(self, path: Path, folder: Path):
        self._processes = []
        self._config = folder / "ganesha.conf"
        self._log = folder / "ganesha.log"
        self._config.write_text(f"""
NFS_CORE_PARAM {{
  Protocols = 3;
  Enable_NLM = false;
  Enable_RQUOTA = false;
  Enable_UDP = false;
  MNT_Port = 20048;
  mount_path_pseudo = false;
}}
EXPORT_DEFAULTS {{ Squash = none; SecType = sys; Transports = TCP; }}
EXPORT {{
  Export_Id = 1;
  Path = {path.resolve()};
  Pseudo = /root;
  Access_Type = RW;
  FSAL {{ Name = VFS; }}
}}
""")

    def _start(self, *words):
        self._processes.append(subprocess.Popen(
            [str(word) for word in words], env=ENVIRONMENT, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def __enter__(self):
        for folder in ("/run/rpcbind", "/run/ganesha"):
            Path(folder).mkdir(exist_ok=True)
        self._start("rpcbind", "-f")
        wait_for_port(111)
        self.serve()
        return self

    def serve(self):
        self._start("ganesha.nfsd", "-F", "-f", self._config, "-p", "/run/ganesha/pid", "-L", self._log,
                    "-N", "EVENT")
        wait_for_port(2049)
        wait_for_port(20048)

    def kill(self):
        """The NFS server; whoever asks for ports is still told where it was."""
        server = self._processes.pop()
        server.kill()
        server.wait()

    def __exit__(self, *_):
        while self._processes:
            self.kill()
