"""Where an update spends its time: milliseconds of processor by stage, as JSON, for one run of the command.

python benchmarks/stages.py BOOK     the workbook is updated
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

spent: dict[str, float] = {"interpreter": time.process_time()}


def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> Any:
        start = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            spent[stage] = spent.get(stage, 0) + time.process_time() - start

    return run


def main(book: str) -> None:
    from hmsbook.actions import update as action
    from hmsbook.cli import main as cli
    from hmsbook.hosts import rewriting
    from hmsbook.hosts.file import FileHost
    from hmsbook.hosts.rewriting import Rewriting

    spent["imports"] = time.process_time() - spent["interpreter"]
    stages = (
        (action, "open_book", "reading"),
        (action, "summarise", "analysis"),
        (action, "problems_left", "rules"),
        (action, "Composition", "putting together"),
        (FileHost, "differs", "comparing"),
        (FileHost, "rewriting", "planning"),
        (Rewriting, "_replaced", "splicing and packing"),
        (rewriting, "receipt", "receipt: raw records"),
        (Rewriting, "inspect", "receipt: inside the parts"),
        (FileHost, "save", "saving, with sync"),
    )
    for owner, name, stage in stages:
        setattr(owner, name, timed(stage, getattr(owner, name)))
    sys.argv = ["hmsbook", "update", book, "--json"]
    cli.main()
    spent["the rest"] = time.process_time() - sum(spent.values())
    print(json.dumps({stage: seconds * 1000 for stage, seconds in spent.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
