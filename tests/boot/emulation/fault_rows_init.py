# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The rows of the fault matrix about the initramfs: what a boot entry asks for and the stick does not
have, and what happens to the stick in the meantime."""

from .cases import step
from .fault_rows import ENTRY, SKIPPED, UP, edited
from .faults import REBOOTS, USED, Row

REBOOTING = step("fallback", "rebooting in 10 seconds")


def asking_for(*lines: str):
    """More lines of the entry; later ones win."""
    return lambda bench: bench.write(ENTRY, bench.read(ENTRY) + "\n".join((*lines, "")).encode())


def reboots(name: str, fault: str, says: str, make, **more) -> Row:
    return Row(name, fault, REBOOTS, (says, REBOOTING), make, tried="default\n", stick=USED,
               then=(SKIPPED,), **more)


ROWS = [
    reboots("root_unknown", "boot entry with a root that nobody knows", step("root", ".*unknown root"),
            edited(ENTRY, "^root .*", "root floppy:1")),
    reboots("root_partition_missing", "partition of the root missing",
            step("root", "no partition with LABEL ABSENT"),
            edited(ENTRY, "^root .*", "root label:ABSENT"), seconds=60),
    reboots("root_archive_damaged", "archive for a root in RAM is none", step("root", "cannot unpack"),
            edited(ENTRY, "^root .*", "root tmpfs:boot/boot.sh"), seconds=60),
    reboots("mount_missing", "file system for /opt missing", step("root", "cannot mount label:ABSENT"),
            asking_for("mount label:ABSENT /opt ext4 rw"), seconds=60),
    Row("optional_mount_missing", "file system for /opt missing, with `nofail`", UP,
        (step("root", "cannot mount label:ABSENT on /opt: going on"),),
        asking_for("mount label:ABSENT /opt ext4 rw,nofail"), tried="default\n", stick=USED),
    Row("swap_missing", "partition for swap missing", UP, (step("swap", ".*going on without swap"),),
        asking_for("swap label:ABSENT"), tried="default\n", stick=USED, seconds=60),
]
