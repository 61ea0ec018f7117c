"""Three filled samples, updated and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import tomli

from hmsbook.actions.create import new
from hmsbook.actions.update import Updated, update
from hmsbook.errors import SaveError

ORDER = ("byggeplass", "sengepost", "institutt")


@dataclass(frozen=True)
class Sample:
    """A sample made: its story and what the update found."""

    title: str
    story: str
    result: Updated


def samples_folder() -> Path:
    """The folder of samples, as shipped in the package or as it lies in the checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "samples"
    return shipped if shipped.is_dir() else package.parents[1] / "samples"


def demo(folder: Path | str = "hmsbook-demo", *, force: bool = False) -> Iterator[Sample]:
    """Make the samples in a folder, one at a time; their day is fixed, so they read the same next year."""
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise SaveError("no_permission", path=str(target)) from None
    for name in ORDER:
        yield _sample(samples_folder() / name, target, force=force)


def _sample(source: Path, target: Path, *, force: bool) -> Sample:
    with (source / "case.toml").open("rb") as file:
        case = tomli.load(file)
    book = target / case["file"]
    new(book, data=source / "data.json", today=case["today"], pin_today=True, force=force)
    as_of = date.fromisoformat(f"{case['as_of']}-01")
    return Sample(case["title"], case["story"], update(book, today=case["today"], as_of=as_of))
