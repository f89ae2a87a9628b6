# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The fault matrix of roots on servers: what is broken, what the console says, and how the start ends. A row
is data, as in faults.py; the stick kernel is started as a network boot would start it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import media, servers, steps, web
from .board import REPOSITORY
from .cases import step
from .fixtures import Fixtures
from .network_bench import BY_IOCTL, HOST, Bench, make_root

DOCUMENT = REPOSITORY / "docs" / "network-roots.md"
REBOOTS = "reboot after 30 seconds"
PANICS = "panic, reboot"
GOES_ON = "waits, goes on"
# From the stage of the hooks for the root on, the rows are in a hurry; what /init waits by itself is for
# tests/templates.
HURRY = "SERVER_WAIT=4 FAILURE_DELAY=1\n"
LATER = step("fallback", "rebooting in 30 seconds")
REBOOTING = step("fallback", "rebooting in 1 seconds")
# Between the mount of the root and the new init, long enough to break something.
PAUSE = "say root 'waiting in a hook'\nwatched_sleep 6\n"
WAITING = step("root", "waiting in a hook")
# Between two starts of programs of the root.
LIVING = """while echo alive >>/life && sync && busybox cat /etc/usbboot.network; do
    say "alive"
    sleep 1
done
say "the root is gone"
exit 1
"""
ALIVE = r"^test-root: .* alive$"


@dataclass(frozen=True)
class Row:
    """One fault. `root` with {port} of the server; `then` breaks something when the console has shown `at`;
    `says` follow it, in this order."""

    name: str
    fault: str  # for people
    ends: str
    root: str  # nbd, nfs, http
    says: tuple[str, ...]
    options: tuple[str, ...] = ()
    card: tuple[str, ...] | str = "virtio-net-pci"  # or more arguments of the emulator
    hook: str = ""  # of the stage before the root, with {host} and {port} of the NBD server
    at: str = ""
    then: Callable[["Place"], None] = lambda place: None
    before: Callable[["Place"], None] = lambda place: None


class Place:
    """The server of one row."""

    def __init__(self, bench: Bench):
        self.bench = bench
        self.nbd = bench.nbd()
        self.web = web.Server(bench.tree)
        self.nfs: servers.Nfs | None = None
        self.exported = bench.folder / "exported"

    def root(self, kind: str) -> str:
        return {"nbd": f"nbd:{HOST}:{self.nbd.port}/root", "nfs": f"nfs:{HOST}:{self.exported.resolve()}",
                "http": f"http://{HOST}:{self.web.port}/boot/default/root.squashfs",
                "nbd-other": f"nbd:{HOST}:{self.nbd.port}/other"}[kind]


def kill_nbd(place: Place):
    place.nbd.kill()


def kill_nfs(place: Place):
    place.nfs.kill()


def replace_nfs(place: Place):
    """The folder is another one, though of the same name: all handles are stale."""
    place.nfs.kill()
    copy = place.exported.with_name("copy")
    media.run("cp", "-a", place.exported, copy)
    media.run("rm", "-r", place.exported)
    copy.rename(place.exported)
    place.nfs.serve()


def restart_nfs(place: Place):
    place.nfs.kill()
    place.nfs.serve()


def remove_root(place: Place):
    (place.bench.tree / "boot/default/root.squashfs").unlink()


def change_root(place: Place):
    with open(place.bench.tree / "boot/default/root.squashfs", "r+b") as file:
        file.seek(5000)
        file.write(b"something else")


NOBODY = ("-netdev", "hubport,hubid=0,id=lan", "-device", "virtio-net-pci,addr=0x14,netdev=lan,romfile=")
PANIC = "Kernel panic"

ROWS = [
    Row("no_card", "no network card", REBOOTS, "nbd",
        (step("network", "there is no interface eth0"), LATER), card=()),
    Row("other_interface", "an interface that is not there", REBOOTS, "nbd",
        (step("network", "there is no interface eth7"), LATER), ("--interface", "eth7")),
    Row("no_dhcp", "nobody answers DHCP", REBOOTS, "nbd",
        (step("network", "no answer to DHCP on eth0"), LATER), card=NOBODY),
    Row("no_server", "fixed address, nobody at the server's", REBOOTS, "nbd",
        (step("root", "cannot reach the NBD export"), REBOOTING), ("--network", "10.0.2.15/24"), card=NOBODY),
    Row("nbd_gone", "no NBD server at its port", REBOOTS, "nbd",
        (step("root", "cannot reach the NBD export"), REBOOTING), before=kill_nbd),
    Row("nbd_other", "an NBD export that the server does not have", REBOOTS, "nbd-other",
        ("the server has no such export", step("root", "cannot reach the NBD export"), REBOOTING)),
    Row("nbd_dies_early", "the NBD server dies before switch_root", PANICS, "nbd", (PANIC,), at=WAITING, then=kill_nbd),
    Row("nbd_dies_late", "the NBD server dies under the running system", PANICS, "nbd", (PANIC,),
        at=ALIVE, then=kill_nbd),
    Row("nbd_dies_by_ioctl", "the NBD server dies under the running system, whose client stays (ioctl)", PANICS, "nbd",
        (PANIC,), at=ALIVE, then=kill_nbd, hook=BY_IOCTL),
    Row("http_missing", "the root is not on the HTTP server (404)", REBOOTS, "http",
        (step("root", "cannot fetch http:"), REBOOTING), before=remove_root),
    Row("http_changed", "the root on the HTTP server is another one", REBOOTS, "http",
        (step("root", ".*has a wrong checksum"), REBOOTING), before=change_root),
    Row("nfs_gone", "no NFS server at its port", REBOOTS, "nfs",
        (step("root", "cannot mount"), REBOOTING), before=kill_nfs),
    Row("nfs_stale_late", "the exported folder is replaced under the running system (NFS stale)", PANICS, "nfs",
        ("Stale file handle|the root is gone|Stale NFS", PANIC), at=ALIVE, then=replace_nfs),
    Row("nfs_stale_early", "the exported folder is replaced before switch_root (NFS stale)", REBOOTS, "nfs",
        (step("root", ".*has no executable /sbin/init"), REBOOTING), at=WAITING, then=replace_nfs),
    Row("nfs_restarts", "the NFS server restarts under the running system", GOES_ON, "nfs",
        (ALIVE, ALIVE, ALIVE), at=ALIVE, then=restart_nfs),
]


def run(row: Row, fixtures: Fixtures, folder: Path) -> float:
    """Guest seconds up to the end. Raises AssertionError where it is another one."""
    bench = Bench(fixtures, folder)
    make_root(bench.root, fixtures, LIVING)
    place = Place(bench)
    hooks = []
    early = HURRY + row.hook.format(host=HOST, port=place.nbd.port)
    for stage, text in (("root", early), ("mounts", PAUSE)):
        hook = folder / f"10-{stage}"
        hook.write_text(text)
        hooks += ["--hook", f"{stage}={hook}"]
    bench.make(place.root(row.root), *hooks, *row.options)
    card = row.card if isinstance(row.card, str) else ""
    more = () if isinstance(row.card, str) else row.card
    with place.nbd, place.web:
        if row.root == "nfs":
            place.nfs = servers.Nfs(bench.exported(), folder).__enter__()
        try:
            row.before(place)
            with bench.switch_on(card, more=more) as console:
                position = console.wait_for(row.at) if row.at else 0
                row.then(place)
                for pattern in row.says:
                    position = console.wait_for(pattern, position)
                if row.ends != GOES_ON and LATER not in row.says:
                    console.wait_for_end()
                return steps.total(console.text)
        finally:
            if place.nfs:
                place.nfs.__exit__()


def table() -> str:
    return "".join(f"| {row.fault} | {row.ends} |\n" for row in ROWS)


def run_all(fixtures: Fixtures, folder: Path, wanted: tuple[str, ...] = ()):
    """I11, I13: every row; and the document has them all."""
    if servers.in_own_network():
        return
    assert table() in DOCUMENT.read_text(), f"{DOCUMENT.name} differs from the matrix:\n{table()}"
    for row in ROWS:
        if not wanted or row.name in wanted:
            seconds = run(row, fixtures, folder / row.name)
            print(f"{row.name:16} {row.ends:24} {seconds:5.1f} guest s", flush=True)
