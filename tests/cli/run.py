"""The command line as a person meets it: arguments in, exit code and text out."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from hmsbook.cli.main import main
from tests.hosts.books import TODAY


class Ran(NamedTuple):
    """What a command gave."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, parsed."""
        return json.loads(self.out)


def run(*arguments: str | Path, today: str | None = TODAY.isoformat()) -> Ran:
    """Run a command on the tests' day."""
    out, err = io.StringIO(), io.StringIO()
    day = ["--today", today] if today else []
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*map(str, arguments), *day])
    # A slow machine makes any command say that it works; tests of that line look for it themselves.
    said = "".join(line for line in err.getvalue().splitlines(keepends=True) if "…" not in line)
    return Ran(code, out.getvalue(), said)
