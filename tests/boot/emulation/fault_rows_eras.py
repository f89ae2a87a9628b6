# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The rows of the fault matrix on routers with a stand-in for OpenWrt of either era in their flash."""

from . import eras
from .cases import step
from .fault_rows import CAME_BACK, ENTRY, NONE_LEFT, edited, without
from .fault_rows_kernel import KERNEL
from .faults import FLASH_UP, NOTED, Row

ROWS = [
    Row("era_a_kernel_missing", "OpenWrt before procd, kernel missing", FLASH_UP, (NONE_LEFT, CAME_BACK),
        without(KERNEL), flash="era-a.trx", up=eras.SYSTEM_UP),
    Row("era_b_kernel_missing", "OpenWrt with procd, kernel missing", FLASH_UP, (NONE_LEFT, CAME_BACK),
        without(KERNEL), flash="era-b.trx", up=eras.SYSTEM_UP),
    Row("era_b_button", "OpenWrt with procd, button held: its failsafe", FLASH_UP,
        (step("skip", ".*button"),), flash="era-b.trx", options="button=reset", up=eras.FAILSAFE),
    Row("era_b_own_root", "OpenWrt with procd, entry without kernel, root without procd", FLASH_UP,
        (step("root", "the root of default has no executable /sbin/procd"),
         step("root", "default is not started")),
        edited(ENTRY, "^kernel.*\n", ""), tried="default\n", stick=NOTED, flash="era-b.trx",
        up=eras.SYSTEM_UP),
]
