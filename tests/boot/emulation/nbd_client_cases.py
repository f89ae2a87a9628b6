# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""nbd-client where the kernel does not take the connection over, as before Linux 4.12: a process stays."""

import re
import shutil
import sys
from pathlib import Path

from . import init_bench, servers
from .board import REPOSITORY
from .cases import expect, step
from .fixtures import Fixtures
from .network_bench import BY_IOCTL, HOST, Bench
from .network_cases import judging_root, use_and_power_off

sys.path.append(str(REPOSITORY / "tests" / "templates"))
from sandbox import Sandbox  # noqa: E402 (the sandbox of the templates' tests)


def nbd_client_without_netlink(fixtures: Fixtures, folder: Path):
    """Under QEMU's user emulation, which has no generic netlink: the client goes on by ioctl by itself. The device
    is a plain file here; to its ioctls the emulator answers with error 89, ENOSYS."""
    folder.mkdir(parents=True, exist_ok=True)
    exported = folder / "export.img"
    exported.write_bytes(bytes(1 << 20))
    box = Sandbox("ash")
    try:
        for program, name in ((shutil.which("qemu-mipsel-static"), "qemu"), (fixtures.nbd_client, "nbd-client")):
            shutil.copy(program, box.root / "stub" / name)
        client = ("/stub/qemu", "/stub/nbd-client")
        with servers.Nbd(exported, folder) as server:
            words = ("-b", "512", "-N", "root", "127.0.0.1", str(server.port), "/dev/nbd0")
            assert "does not take the device (error 002)" in box.run(*client, *words), "there is no such device"
            box.write("dev/nbd0", "")
            for way in ((), ("-L",)):
                said = box.run(*client, *way, *words)
                assert "does not take the device (error 089)" in said, said
                said = box.run(*client, *way, "-d", "/dev/nbd0")
                assert "does not let go of the device (error 089)" in said, said
            said = box.run(*client, "-b", "600", *words[2:])
            assert "does not take the device (error 022)" in said, said
        for wrong in (("-L",), ("-L", "-d"), ("-d", "/dev/sda"), ("-N",), ("-x", "1", "-d", "/dev/nbd0")):
            assert box.run(*client, *wrong).startswith("nbd-client: nbd-client [-b"), wrong
    finally:
        box.remove()


def nbd_root_by_ioctl(fixtures: Fixtures, folder: Path):
    """I13, I7, I8, I9, I10: the client of kernels before 4.12 stays: one process crosses, with its program and
    nothing else of the initramfs. The root is in use as before, and clean after its end."""
    bench = Bench(fixtures, folder)
    record, client = folder / "90-record", folder / "10-client"
    record.write_text(init_bench.RECORD)
    with bench.nbd() as server:
        client.write_text(BY_IOCTL.format(host=HOST, port=server.port))
        hooks = ["--hook", f"root={client}"]
        bench.make(f"nbd:{HOST}:{server.port}/root", *hooks, "--hook", f"mounts={record}",
                   rootfs=judging_root(folder))
        with bench.switch_on(log="console-judge.log") as console:
            expect(console, [step("root", "attached, let go of: 0 blocks"), r"^probe: process 1,",
                             r"^probe: 2 programs run", r"^probe: /proc/mounts: /dev/nbd0 / ext4 rw",
                             r"^probe: /written is there", r"^probe: \d+ references to the old root"])
            console.wait_for_end()
            judge_resident(console.text)
        bench.check_disk()
        bench.make(f"nbd:{HOST}:{server.port}/root", *hooks, "--kexec", fixtures.kexec, minimal=True)
        use_and_power_off(bench, 1)
        use_and_power_off(bench, 2)


def judge_resident(text: str):
    held = re.findall(r"^probe: /proc/(\d+)/(\w+)\S* is on the old root", text, re.MULTILINE)
    assert {kind for _, kind in held} <= {"exe", "map_files"}, held
    names = dict(re.findall(r"^probe: program (\d+) is called (\S*)", text, re.MULTILINE))
    assert sorted(names.values()) == ["/sbin/init", "@sbin/nbd-client.own"], names
    assert {names[process] for process, _ in held} == {"@sbin/nbd-client.own"}, held
    freed = int(re.search(r"^probe: (-?\d+) KiB more than before", text, re.MULTILINE)[1])
    assert freed > 1000, f"the initramfs is still in memory: {freed} KiB"
    mounts = re.findall(r"^probe: /proc/mounts: \S+ (\S+)", text, re.MULTILINE)
    assert sorted(mounts) == ["/", "/dev", "/proc", "/sys"], mounts


CASES = {case.__name__: case for case in (nbd_client_without_netlink, nbd_root_by_ioctl)}
