"""A new workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hmsbook.actions.clock import current_day
from hmsbook.actions.data import Rows, read_data
from hmsbook.actions.version import VERSION
from hmsbook.analysis.summary import summarise
from hmsbook.errors import UsageError
from hmsbook.flow.compose import Stamp, compose
from hmsbook.flow.frame import new_book
from hmsbook.opc.save import save
from hmsbook.standard.book import DEFAULT_SLOTS, MAX_SLOTS
from hmsbook.standard.sheets.indicators import SLOT_ID
from hmsbook.texts.files import LANGUAGES, load
from hmsbook.texts.words import Words, words

if TYPE_CHECKING:
    from hmsbook.hosts.pair import Left

DEFAULT_MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Created:
    """A workbook that was made.

    After another one, `left_out` counts the rows of finished work by table, and `left` is what could not be
    carried.
    """

    path: Path
    language: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    left: tuple[Left, ...] = ()


def new(
    path: Path | str,
    *,
    method: str | None = None,
    lang: str | None = None,
    org: str | None = None,
    unit: str | None = None,
    first_month: date | None = None,
    slots: int | None = None,
    indicators: Sequence[str] = (),
    data: Path | str | None = None,
    after: Path | str | None = None,
    today: date | None = None,
    pin_today: bool = False,
    force: bool = False,
) -> Created:
    """Draw a new workbook and put it at `path`.

    `indicators` are ids of the catalogue; `data` is a file as `export` writes it, and what is stated goes
    before it; `after` is the workbook of the year before, whose open work goes on. Without any of them the
    workbook is PRoIND in bokmål. Raises UsageError when a request makes no sense, PackageError when `after`
    cannot be read and SaveError when the file cannot be written.
    """
    target = Path(path)
    _refuse_name(target, force=force)
    day = today or current_day()
    defaults = {"method": "proind", "language": "nb", "smallest_group": 5}
    stated = {
        "method": method,
        "language": lang,
        "organisation": org,
        "unit": unit,
        "first_month": first_month,
    }
    if after is not None:
        from hmsbook.actions.new_year import new_year

        if data is not None or indicators:
            raise UsageError("after_alone")
        return new_year(target, Path(after), stated, slots, day, pinned=pin_today)
    slots = DEFAULT_SLOTS if slots is None else slots
    rows = _rows(data, slots, defaults, stated, indicators)
    form = rows["unit"][0]
    check_frame(form["method"], form["language"], slots)
    first = form.get("first_month") or date(day.year, 1, 1)
    form["first_month"] = first
    save_new(target, draw_rows(rows, day, slots, pinned=pin_today))
    return Created(target, form["language"])


def _refuse_name(target: Path, *, force: bool) -> None:
    if target.suffix.lower() != ".xlsx":
        raise UsageError("not_xlsx", path=str(target))
    if target.exists() and not force:
        raise UsageError("exists", path=str(target))


def draw_rows(rows: Rows, today: date, slots: int, *, pinned: bool = False) -> bytes:
    """The bytes of a new workbook with these rows."""
    from hmsbook.draw.book import draw

    form = rows["unit"][0]
    book = new_book(
        rows,
        language=form["language"],
        method=form["method"],
        first_month=form["first_month"],
        slots=slots,
        pinned_today=today if pinned else None,
    )
    summary = summarise(book, today)
    fill = compose(book, summary, (), Stamp(VERSION), DEFAULT_MONTHS_SHOWN)
    return draw(book, fill, created=today, months_shown=DEFAULT_MONTHS_SHOWN)


def save_new(target: Path, data: bytes) -> None:
    """Put a new file where its folder is; UsageError when there is none."""
    if not target.parent.is_dir():
        raise UsageError("folder_missing", path=str(target.parent))
    save(str(target), data)


def check_frame(method: str, language: str, slots: int) -> None:
    """Raise UsageError when no workbook can be drawn so."""
    methods = load("methods.toml")
    if method not in methods:
        raise UsageError("unknown_method", method=method, known=", ".join(methods))
    if language not in LANGUAGES:
        raise UsageError("unknown_language", language=language, known=", ".join(LANGUAGES))
    if not 1 <= slots <= MAX_SLOTS:
        raise UsageError("bad_slots", minimum=1, maximum=MAX_SLOTS, found=slots)


def _rows(
    data: Path | str | None,
    slots: int,
    defaults: Mapping[str, Any],
    stated: Mapping[str, Any],
    indicators: Sequence[str],
) -> Rows:
    """The rows to start with; what is stated goes before what the data says, and that before the defaults."""
    rows = read_data(Path(data), slots) if data is not None else {}
    given = (rows.get("unit") or [{}])[0]
    form = {**defaults, **given, **{key: value for key, value in stated.items() if value}}
    rows["unit"] = [form]
    if indicators:
        chosen = _chosen(dict.fromkeys(indicators), form["language"])
        rows["indicators"] = [*rows.get("indicators", []), *chosen]
    if len(rows.get("indicators", ())) > slots:
        raise UsageError("too_many_indicators", count=len(rows["indicators"]), slots=slots)
    return rows


def _chosen(indicators: Iterable[str], language: str) -> list[dict[str, Any]]:
    """Indicators of the catalogue as rows."""
    text, catalogue = words(language), load("catalogue.toml")
    if unknown := [key for key in indicators if key not in catalogue]:
        raise UsageError("unknown_indicator", indicator=unknown[0])
    return [_row(number, key, catalogue[key], text) for number, key in enumerate(indicators, 1)]


def _row(number: int, key: str, facts: Mapping[str, Any], text: Words) -> dict[str, Any]:
    entry = text.get(f"indicators.{key}")
    row = {
        "id": SLOT_ID.number(number),
        "name": entry["name"],
        "unit": text.text(f"units.{facts['unit']}"),
        "better": facts["better"],
        "frequency": facts["frequency"],
        "data_source": entry["data"],
        "rolling": facts["rolling"],
        "about_persons": facts["about_persons"],
        "active": True,
    }
    return row | {"target": facts["target"]} if "target" in facts else row
