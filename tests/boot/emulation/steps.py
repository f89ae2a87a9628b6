# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Reads the console: which steps the boot took, when, and in which of the two kernels."""

import re
from dataclasses import dataclass

LINE = re.compile(
    r"^(?:\[ *(?P<kernel_time>\d+\.\d+)\] )?(?:(?:usbboot|test-root): \[ *(?P<time>[\d.]+)\] (?P<text>\S+:? .*)"
    r"|(?P<banner>Linux version .*)|(?P<init>Run /\S+ as init process))$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Step:
    kernel: int  # 1: from flash, 2: from the stick
    seconds: float  # of that kernel's clock
    text: str


def steps(console: str) -> list[Step]:
    """All steps in order. Kernel messages carry their own time; the boot scripts print theirs."""
    found = []
    kernel = 0
    for match in LINE.finditer(console):
        if match["banner"]:
            kernel += 1
        text = match["text"] or match["banner"] or match["init"]
        last = found[-1].seconds if found and found[-1].kernel == kernel else 0.0
        seconds = float(match["time"] or match["kernel_time"] or last)
        found.append(Step(kernel, seconds, text))
    return found


def table(console: str) -> str:
    """Guest time of each step: this kernel's clock, and the sum over both kernels."""
    lines = ["kernel  seconds    total  step"]
    for step, total in summed(console):
        lines.append(f"{step.kernel:6}  {step.seconds:7.2f}  {total:7.2f}  {step.text[:80]}")
    return "\n".join(lines)


def summed(console: str) -> list[tuple[Step, float]]:
    """Each step, and the guest seconds since the first kernel's start."""
    found = []
    before = last = 0.0
    kernel = 0
    for step in steps(console):
        if step.kernel != kernel:
            before, kernel = (before + last, step.kernel)
        last = step.seconds
        found.append((step, before + step.seconds))
    return found


def until(console: str, text: str) -> float:
    """Guest seconds from the first kernel's start to the first step that begins with `text`."""
    return next(total for step, total in summed(console) if step.text.startswith(text))


def total(console: str) -> float:
    """Guest seconds up to the last step, summed over the kernels."""
    last: dict[int, float] = {}
    for step in steps(console):
        last[step.kernel] = step.seconds
    return sum(last.values())
