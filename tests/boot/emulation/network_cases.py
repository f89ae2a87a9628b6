# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Roots and kernels on servers: NBD, NFS, HTTP; every network card, DHCP and fixed addresses. The servers
are Debian's, the file systems are judged by e2fsck afterwards."""

import re
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

from . import eras, flash, init_bench, media, router, server_faults, servers, steps, web
from .board import load_board
from .cases import FLASH_SYSTEM, KERNEL_STARTS, RESCUE, expect, powered, step
from .fixtures import BOARD, Fixtures, tool
from .network_bench import HOST, Bench, make_root

ENDED = r"^test-root: .* end: "


def root_up(source: str) -> list[str]:
    return [step("root", f"{source}.* mounted"), step("switch", "to /sbin/init"), rf"^test-root: .* init: pid 1 on "]


def ends(console, *patterns: str) -> str:
    """All patterns, then the end of the root's init, and the power off; the console's text."""
    expect(console, [*patterns, ENDED])
    console.wait_for_end()
    print(steps.table(console.text))
    return console.text


def network_nbd_root(fixtures: Fixtures, folder: Path):
    """I13, I8, I9: a root on NBD; no process crosses, and none is needed: the kernel keeps the connection."""
    bench = Bench(fixtures, folder)
    judge = judging_root(folder)
    hook = folder / "90-record"
    hook.write_text(init_bench.RECORD)
    with bench.nbd() as server:
        bench.make(f"nbd:{HOST}:{server.port}/root", "--hook", f"mounts={hook}", rootfs=judge)
        with bench.switch_on() as console:
            expect(console, [step("network", r"eth0 has 10\.0\.2\.15/24 .dhcp"),
                             r"^probe: process 1,", r"^probe: 1 programs run",
                             r"^probe: /proc/mounts: /dev/nbd0 / ext4 rw", r"^probe: /written is there",
                             r"^probe: 0 references to the old root"])
            console.wait_for_end()
            print(steps.table(console.text))
    bench.check_disk()


def judging_root(folder: Path) -> Path:
    """A root whose init is tests/boot/programs/hand_over.c."""
    stick = init_bench.Bench(None, folder)
    stick.judging_root()
    return stick.root


def network_nfs_root(fixtures: Fixtures, folder: Path):
    """I13: a root on NFS, with e1000 and a fixed address; what it writes is in the server's folder."""
    if servers.in_own_network():
        return
    bench = Bench(fixtures, folder)
    exported = folder / "exported"
    bench.make(f"nfs:{HOST}:{exported.resolve()}", "--network", "10.0.2.77/24")
    with servers.Nfs(bench.exported(), folder), bench.switch_on("e1000") as console:
        text = ends(console, step("network", r"eth0 has 10\.0\.2\.77/24"), *root_up("nfs:"), r"count: 1")
    assert re.search(r"init: pid 1 on 10\.0\.2\.2:\S+ / nfs rw,.*vers=3.*nolock.*proto=tcp", text), text[-3000:]
    assert (exported / "count").read_text() == "1\n", "the root was not written"


def network_ram_root(fixtures: Fixtures, folder: Path):
    """I13: a squashfs by HTTP into RAM, with virtio-net; a RAM disk takes what is written."""
    bench = Bench(fixtures, folder)
    with web.Server(bench.tree) as server:
        bench.make(f"http://{HOST}:{server.port}/boot/default/root.squashfs")
        before = flash.sha256(bench.tree / "boot/default/root.squashfs")
        with bench.switch_on("virtio-net-pci") as console:
            text = ends(console, step("root", "fetching http:"), *root_up("http:"), "count: 1")
    assert re.search(r"init: pid 1 on overlay / overlay rw", text), text[-3000:]
    assert flash.sha256(bench.tree / "boot/default/root.squashfs") == before


def network_root_survives_20_restarts(fixtures: Fixtures, folder: Path):
    """R8: a writable root on NBD, in use when the router goes off: clean after each of 20 starts."""
    bench = Bench(fixtures, folder)
    with bench.nbd() as server:
        bench.make(f"nbd:{HOST}:{server.port}/root")
        for cycle in range(1, 21):
            card = ("pcnet", "e1000", "virtio-net-pci")[cycle % 3]
            with bench.switch_on(card, log=f"console-{cycle:02}.log") as console:
                expect(console, [rf"^test-root: .* count: {cycle}$", ENDED])
                console.wait_for_end()
                assert "recovery" not in console.text, "the file system was not clean"
            bench.check_disk()
    print("20 starts, clean after each")


def network_minimal_root_ends_in_order(fixtures: Fixtures, folder: Path):
    """R8, I13: the root of --minimal by NBD, used as a person does; its init kills all processes at the
    end and still reaches its root."""
    bench = Bench(fixtures, folder)
    with bench.nbd() as server:
        bench.make(f"nbd:{HOST}:{server.port}/root", "--kexec", fixtures.kexec, minimal=True)
        for cycle in (1, 2):
            use_and_power_off(bench, cycle)
    media.text_of(bench.disk, "/var/usbboot-ok").index("started: Linux")


def use_and_power_off(bench: Bench, cycle: int):
    """The root of --minimal for the `cycle`th time, by a person; its file system is clean afterwards."""
    with bench.switch_on(log=f"console-{cycle}.log") as console:
        position = console.wait_for(r"Please press Enter to activate this console")
        console.send("\n")
        console.send("echo typed-$((6*7)) >>/root-marker; wc -l /root-marker; "
                     "echo \"lease: $(busybox tr '\\0' ' ' </proc/$(pidof udhcpc)/cmdline)\"; "
                     "sleep 3; ping -c 1 10.0.2.2; ip -4 -o addr show eth0\n")
        console.wait_for(rf"^{cycle} /root-marker", position)
        console.wait_for(r"^lease: @/udhcpc -b ", position)
        console.wait_for(r"1 packets received", position)
        console.wait_for(r"inet 10\.0\.2\.15/24", position)
        console.send("poweroff\n")
        console.wait_for_end()
        for fault in ("stays writable", "I/O error", "EXT4-fs error", "Kernel panic"):
            assert fault not in console.text, fault
    bench.check_disk()


def network_openwrt_root_keeps_its_interface(fixtures: Fixtures, folder: Path):
    """R7: the stand-in for OpenWrt with procd, whose preinit gives the interface another address and takes
    it down at its end: not so in a root on a server; as it is, the same root loses its server."""
    bench = Bench(fixtures, folder)
    tree = folder / "openwrt.tar"
    tool(sys.executable, eras.MAKE_ROOT, "era-b", tree, "--busybox", fixtures.busybox)
    with bench.nbd() as server:
        bench.make(f"nbd:{HOST}:{server.port}/root", rootfs=tree)
        with bench.switch_on() as console:
            position = console.wait_for(r"Please press Enter to activate this console")
            console.send("\n")
            console.send("echo typed-$((6*7)) >/marker; sync; ifconfig eth0; cat /etc/config/network\n")
            for pattern in (r"inet addr:10\.0\.2\.15", r"UP BROADCAST RUNNING", "usbboot.network"):
                console.wait_for(pattern, position)
            console.send("poweroff\n")
            console.wait_for_end()
    bench.check_disk()
    assert media.text_of(bench.disk, "/marker") == "typed-42\n"
    with bench.nbd() as server:
        bench.make(f"nbd:{HOST}:{server.port}/root", "--as-is", rootfs=tree)
        with bench.switch_on(log="console-as-is.log") as console:
            expect(console, [step("switch", "to /"), r"I/O error|nbd0: .*timed out|EXT4-fs error"])


def chain(fixtures: Fixtures, folder: Path, card: str, root: str, place, *options: str):
    """From the flash to `root`, by an entry on a stick whose kernel is on a server: place(KERNEL, STACK)
    puts it there, as long as STACK is open, and returns what the entry calls it."""
    bench = Bench(fixtures, folder)
    make_root(bench.root, fixtures)
    bench.make(root, *options)
    kernel = Path(shutil.copy(bench.tree / "boot/default/vmlinux.elf", folder / "vmlinux.elf"))
    squashfs, trx = folder / "flash-root.squashfs", folder / "flash.trx"
    fixtures.flash_root(squashfs, "--udp", "--address", "10.0.2.15/24", "--nbd-client", fixtures.nbd_client)
    fixtures.pack(squashfs, trx)
    machine = router.flashed(trx, load_board(BOARD), folder)
    stick = folder / "stick.img"
    with ExitStack() as stack:
        entry = (bench.tree / "boot/entries/default.conf").read_text()
        entry = re.sub("^kernel .*$", f"kernel {place(kernel, stack)}", entry, flags=re.MULTILINE)
        media.make_fat_stick(stick, {"boot/boot.sh": (bench.tree / "boot/boot.sh").read_bytes(),
                                     "boot/entries/default.conf": entry.encode()})
        if root.startswith("nfs:"):
            bench.exported()
        with powered(machine, stick, network=card) as console:
            expect(console, [*FLASH_SYSTEM, step("kernel", ".* has the right checksum"),
                             step("kexec", "starting default"), KERNEL_STARTS, step("network", "eth0 has"),
                             *root_up(root.partition(":")[0]), "count: 1", ENDED])
            console.wait_for_end()
    assert media.extract(stick, "/boot/tried", folder / "tried").read_text() == "default\n"


def network_kernel_by_nbd(fixtures: Fixtures, folder: Path):
    """B2, I13: the kernel from a device on NBD, which is only read and let go of; the root is in RAM."""
    exported = folder / "boot.img"

    def place(kernel: Path, stack: ExitStack) -> str:
        source = folder / "boot-files"
        source.mkdir()
        shutil.copy(kernel, source / "vmlinux.elf")
        media.run("mke2fs", "-q", "-F", "-t", "ext4", "-d", source, exported, "24M")
        server = stack.enter_context(servers.Nbd(exported, folder))
        return f"nbd:{HOST}:{server.port}/root:vmlinux.elf"

    with web.Server(folder / "tree") as server:
        chain(fixtures, folder, "virtio-net-pci",
              f"http://{HOST}:{server.port}/boot/default/root.squashfs", place)
    media.run("e2fsck", "-fn", exported)


def network_kernel_by_nfs(fixtures: Fixtures, folder: Path):
    """B2, I13: kernel and root from NFS, with e1000."""
    if servers.in_own_network():
        return
    shared = folder / "shared"

    def place(kernel: Path, stack: ExitStack) -> str:
        (shared / "root").mkdir(parents=True, exist_ok=True)
        shutil.copy(kernel, shared / "vmlinux.elf")
        stack.enter_context(servers.Nfs(shared, folder))
        media.run("tar", "-xpf", folder / "tree/boot/default/root.tar", "-C", shared / "root")
        return f"nfs:{HOST}:{shared.resolve()}:vmlinux.elf"

    chain(fixtures, folder, "e1000", f"nfs:{HOST}:{shared.resolve()}/root", place)
    assert (shared / "root/count").read_text() == "1\n", "the root was not written"


def network_kernel_by_http(fixtures: Fixtures, folder: Path):
    """B2, I13: the kernel by HTTP, the root by NBD with a fixed address, with pcnet."""
    with web.Server(folder) as server, Bench(fixtures, folder).nbd() as nbd:
        chain(fixtures, folder, "pcnet", f"nbd:{HOST}:{nbd.port}/root",
              lambda kernel, stack: f"http://{HOST}:{server.port}/{kernel.name}",
              "--network", "10.0.2.15/24")
    media.run("e2fsck", "-fn", folder / "tree/boot/default/root.img")


def network_dead_server_means_flash(fixtures: Fixtures, folder: Path):
    """B8: the root's server is dead before anything is started: the flash system comes up, and the entry is
    not marked."""
    bench = Bench(fixtures, folder)
    make_root(bench.root, fixtures)
    server = bench.nbd()
    bench.make(f"nbd:{HOST}:{server.port}/root")
    squashfs, trx = folder / "flash-root.squashfs", folder / "flash.trx"
    fixtures.flash_root(squashfs, "--udp", "--address", "10.0.2.15/24", "--nbd-client", fixtures.nbd_client)
    fixtures.pack(squashfs, trx)
    stick = folder / "stick.img"
    media.make_fat_stick(stick, {f"boot/{name}": (bench.tree / "boot" / name).read_bytes()
                                 for name in ("boot.sh", "entries/default.conf", "default/vmlinux.elf")})
    before = flash.sha256(stick)
    with powered(router.flashed(trx, load_board(BOARD), folder), stick, network="pcnet") as console:
        expect(console, [*FLASH_SYSTEM, "nbd-client: no connection to the server",
                         step("root", "entry default: the server of its root nbd:.* does not answer"), *RESCUE])
        assert console.text.count("Linux version ") == 1, "a second kernel was started"
    assert flash.sha256(stick) == before, "the stick was written"


def network_server_faults(fixtures: Fixtures, folder: Path):
    """I11, I13: the fault matrix of roots on servers."""
    server_faults.run_all(fixtures, folder)


CASES = {
    case.__name__: case
    for case in (
        network_nbd_root,
        network_nfs_root,
        network_ram_root,
        network_root_survives_20_restarts,
        network_minimal_root_ends_in_order,
        network_openwrt_root_keeps_its_interface,
        network_kernel_by_nbd,
        network_kernel_by_nfs,
        network_kernel_by_http,
        network_dead_server_means_flash,
        network_server_faults,
    )
}
