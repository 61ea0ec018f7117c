"""A slow disk, made around the program: each call that reaches the disk for a temporary file takes its time.

The program's own code is untouched. The disk takes few bytes at a time, as a network folder may, and tells
through one byte of shared memory how far the save has come, so that others can strike at a known point.
"""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Callable
from typing import Any

COMPUTING, OPENING, WRITING, FLUSHING, LOOKING, REPLACING, MOVED, AFTER = range(8)
# The temporary file is open, and the replace has not returned.
WINDOW = (WRITING, FLUSHING, LOOKING, REPLACING, MOVED)
_BITE = 32_768


class Gauge:
    """How far a save has come, seen by every process that was forked after it was made."""

    def __init__(self) -> None:
        self._byte = mmap.mmap(-1, 1)

    @property
    def stage(self) -> int:
        """The stage now."""
        return self._byte[0]

    @stage.setter
    def stage(self, stage: int) -> None:
        self._byte[0] = stage

    def await_stage(self, stage: int, patience: float = 20.0) -> None:
        """Wait until the save has come this far."""
        give_up = time.monotonic() + patience
        while self.stage < stage:
            assert time.monotonic() < give_up, f"never came to stage {stage}"
            time.sleep(0.001)


def is_temporary(path: Any) -> bool:
    """Whether a path is one of a file being written."""
    return os.fspath(path).endswith(".tmp") if not isinstance(path, int) else False


def slow_down(gauge: Gauge, seconds: float) -> None:
    """Make this process's disk slow; for a process that ends soon, as nothing is put back."""
    slow_open(gauge)
    slow_write(seconds)
    slow_fsync(gauge, seconds)
    slow_replace(gauge, seconds)


def slow_open(gauge: Gauge) -> None:
    """Tell when the temporary file is open."""
    real = os.open

    def opened(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        handle = real(path, flags, *rest, **more)
        if is_temporary(path) and flags & os.O_CREAT:
            gauge.stage = WRITING
        return handle

    os.open = opened


def slow_write(seconds: float) -> None:
    """Take few bytes at a time, and time for each."""
    real = os.write

    def write(handle: int, data: Any) -> int:
        time.sleep(seconds)
        return real(handle, data[:_BITE])

    os.write = write


def slow_fsync(gauge: Gauge, seconds: float) -> None:
    """Take time to make what is written last."""
    real = os.fsync

    def fsync(handle: int) -> None:
        temporary = gauge.stage == WRITING
        if temporary:
            gauge.stage = FLUSHING
        time.sleep(seconds)
        real(handle)
        if temporary:
            gauge.stage = LOOKING
            time.sleep(seconds)

    os.fsync = fsync


def slow_replace(gauge: Gauge, seconds: float) -> None:
    """Take time before and after the move itself."""
    real: Callable[..., None] = os.replace

    def replace(source: Any, target: Any) -> None:
        gauge.stage = REPLACING
        time.sleep(seconds)
        real(source, target)
        gauge.stage = MOVED
        time.sleep(seconds)
        gauge.stage = AFTER

    os.replace = replace
