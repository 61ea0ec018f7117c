"""Disks that are full or closed: a small file system where one can be mounted, limits elsewhere."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = 4096
NOBODY = 65534


def pages(size: int) -> int:
    """How many pages so many bytes take."""
    return -(-size // PAGE)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[bool]:
    """A file system in memory at a folder; False where this user or machine cannot mount one."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True, check=False
    )
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full_disk(folder: Path, kept: int, room: int) -> Iterator[Callable[[], object]]:
    """A folder with room for so many bytes beside what is kept; gives what the process must do first."""
    with mounted(folder, f"size={(pages(kept) + pages(room)) * PAGE}") as is_mounted:
        # Without a mount no file of the process grows past the room, which fails as a full disk does; what it
        # says goes to a file as well, and must fit.
        limit = max(room, PAGE)
        yield bool if is_mounted else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def become_nobody() -> None:
    """Go on as a user without rights; who is not root has few enough."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
