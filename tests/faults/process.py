"""`hmsbook` in a process of its own, forked from an interpreter that has everything loaded.

The fork spares a start-up of half a second. What the child runs is the program itself; what a test does to
its surroundings (another user, a slow disk, a disk that fails) goes into `prepare`.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from hmsbook.cli.main import main
from tests.cli.run import Ran
from tests.hosts.books import TODAY


@dataclass
class Child:
    """A process that runs a command, and where it writes what it says."""

    pid: int
    out: IO[bytes]
    err: IO[bytes]

    def wait(self) -> Ran:
        """What it gave; a negative exit is the signal that ended it."""
        _, status = os.waitpid(self.pid, 0)
        return Ran(os.waitstatus_to_exitcode(status), _text(self.out), _text(self.err))

    def kill(self) -> Ran:
        """End it without warning."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait()


def _text(stream: IO[bytes]) -> str:
    with stream:
        stream.seek(0)
        return stream.read().decode()


def start(*arguments: str | Path, prepare: Callable[[], object] = bool) -> Child:
    """Begin a command on the tests' day, after `prepare` has run in its process."""
    child = Child(0, TemporaryFile(), TemporaryFile())  # noqa: SIM115 - closed when it is waited for
    child.pid = os.fork()
    if child.pid == 0:
        _become(child, [*map(str, arguments), "--today", TODAY.isoformat()], prepare)
    return child


def _become(child: Child, arguments: list[str], prepare: Callable[[], object]) -> None:
    code = 70
    try:
        os.dup2(child.out.fileno(), 1)
        os.dup2(child.err.fileno(), 2)
        sys.stdout, sys.stderr = (os.fdopen(os.dup(number), "w", encoding="utf-8") for number in (1, 2))
        sys.argv = ["hmsbook", *arguments]
        prepare()
        code = main()
    except BaseException:  # noqa: BLE001 - the child must end here, whatever happened
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(*arguments: str | Path, prepare: Callable[[], object] = bool) -> Ran:
    """Run a command to its end."""
    return start(*arguments, prepare=prepare).wait()


def beside(path: Path) -> list[str]:
    """What else stands in the folder of a file."""
    return sorted(entry.name for entry in path.parent.iterdir() if entry.name != path.name)
