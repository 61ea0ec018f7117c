"""Printing that never stops the work: a stream that is full or gone is told of when the work is done."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class Voice:
    """A stream that remembers the first thing that could not be printed, and drops what comes after it.

    That a reader has gone is no failure and is raised as ever.
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.problem: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def write(self, text: str) -> int:
        """Print a text, while that is possible."""
        self._try("write", text)
        return len(text)

    def flush(self) -> None:
        """See that what was printed arrives, while that is possible."""
        self._try("flush")

    def _try(self, action: str, *arguments: str) -> None:
        if self.stream is None or self.problem is not None:
            return
        try:
            getattr(self.stream, action)(*arguments)
        except BrokenPipeError:
            raise
        except OSError as problem:
            self.problem = problem

    def silence(self) -> None:
        """Let what could not be printed go nowhere, so that the end of the process does not try again."""
        with suppress(OSError, AttributeError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())


@contextmanager
def voices() -> Iterator[Voice]:
    """Both streams as voices, with Norwegian letters whatever the terminal's code page; gives stdout's."""
    plain = sys.stdout, sys.stderr
    for stream in plain:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    out, err = Voice(sys.stdout), Voice(sys.stderr)
    sys.stdout, sys.stderr = out, err
    try:
        yield out
    finally:
        err.flush()
        sys.stdout, sys.stderr = plain
        for voice in (out, err):
            if voice.problem is not None:
                voice.silence()
