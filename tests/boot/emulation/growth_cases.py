# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Data partitions that /init lets grow, on sticks that are larger than their image: what a plain copy of
it leaves. Judged by sfdisk and e2fsck afterwards."""

import json
import os
import re
from pathlib import Path

from . import media
from .cases import step
from .fixtures import Fixtures
from .init_bench import Bench
from .init_cases import judged

NEW_SIZE = 256 << 20
MIB = 1 << 20


def partitions(disk: Path) -> list[tuple[int, int]]:
    """First sector and number of sectors, as sfdisk reads them."""
    table = json.loads(media.run("sfdisk", "-J", disk))["partitiontable"]
    return [(entry["start"], entry["size"]) for entry in table["partitions"]]


def check_grown(disk: Path, before: list[tuple[int, int]], folder: Path):
    """The last partition ends with the last MiB that it can have, and is full of a sound file system."""
    media.run("sfdisk", "--verify", disk)
    after = partitions(disk)
    assert after[:-1] == before[:-1] and after[-1][0] == before[-1][0], f"{before} became {after}"
    start, sectors = after[-1]
    end = (start + sectors) * 512
    assert end % MIB == 0 and NEW_SIZE - end <= MIB, f"the last partition ends at {end}"
    data = folder / "data.img"
    media.run("dd", f"if={disk}", f"of={data}", "bs=512", f"skip={start}", f"count={sectors}",
              "conv=sparse", "status=none")
    media.run("e2fsck", "-fp", data)  # the power may have gone while it was mounted
    facts = media.run("dumpe2fs", "-h", data)
    blocks = int(re.search(r"^Block count: +(\d+)", facts, re.MULTILINE)[1])
    assert blocks == sectors // 8, f"{blocks} blocks of 4 KiB in {sectors} sectors"


def grown(bench: Bench, before: list[tuple[int, int]], *shown: str):
    """What a start shows that comes to its end, and what it leaves."""
    with bench.switch_on() as console:
        text = judged(console)
    for pattern in (*shown, step("fsck", "uuid:.* has grown"),
                    step("root", "label:USBDATA mounted on /opt")):
        assert re.search(pattern, text, re.MULTILINE), f"not shown: {pattern}"
    check_grown(bench.stick, before, bench.folder)
    media.check_clean(bench.stick, bench.folder)


def larger_stick(fixtures: Fixtures, folder: Path, *options: str) -> tuple[Bench, list]:
    """A stick with room behind its image, and the partitions of that."""
    bench = Bench(fixtures, folder)
    bench.judging_root()
    bench.make("--data", "16M", "--grow-data", "--resize2fs", fixtures.resize2fs, "--fsck",
               fixtures.e2fsck, "--mount", "label:USBDATA /opt ext4 rw", *options)
    before = partitions(bench.stick)
    os.truncate(bench.stick, NEW_SIZE)
    return bench, before


def I14_init_lets_data_partition_grow(fixtures: Fixtures, folder: Path):
    """I14, an MBR: while swap of the same stick is there."""
    bench, before = larger_stick(fixtures, folder, "--swap", "8M")
    grown(bench, before, step("swap", "on /dev/sda2"),
          step("fsck", r"/dev/sda3 has \d+ MiB, up to the end of sda"), r"^probe: 8188 KiB of swap$")


def I14_gpt_grows_across_power_cuts(fixtures: Fixtures, folder: Path):
    """I14, a GPT: the power fails behind the table, and while the file system is at work."""
    bench, before = larger_stick(fixtures, folder, "--table", "gpt")
    for moment in (step("fsck", "/dev/sda2 has"), step("fsck", "uuid:.* grows to")):
        with bench.switch_on() as console:
            console.wait_for(moment)
    grown(bench, before)


CASES = {
    case.__name__: case
    for case in (
        I14_init_lets_data_partition_grow,
        I14_gpt_grows_across_power_cuts,
    )
}
