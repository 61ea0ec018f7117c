"""The data out of a workbook, typed and with stable ids."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hmsbook.actions.data import to_json
from hmsbook.actions.reading import Opened, open_book
from hmsbook.errors import SaveError, UsageError
from hmsbook.opc.save import save
from hmsbook.standard.book import tables

# A spreadsheet takes text that begins like this for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Exported:
    """What an export holds: its text by file name, and where it was written."""

    language: str
    files: Mapping[str, str]
    written: tuple[Path, ...] = ()


def export(
    path: Path | str,
    *,
    table: str | None = None,
    format: str = "json",  # noqa: A002 - named as the option is
    out: Path | str | None = None,
    force: bool = False,
) -> Exported:
    """The rows of a workbook as one JSON text or a CSV text a table, also written to `out` if given.

    Raises UsageError where a file is there that holds something else, unless `force` lets it be replaced.
    """
    if out is not None:
        _spare(Path(path), Path(out))
    return export_opened(open_book(path), table=table, format=format, out=out, force=force)


def export_opened(
    opened: Opened,
    *,
    table: str | None = None,
    format: str = "json",  # noqa: A002 - named as the option is
    out: Path | str | None = None,
    force: bool = False,
) -> Exported:
    """The rows of a workbook that has been read, as `export` gives them."""
    if format not in ("json", "csv"):
        raise UsageError("unknown_format", format=format)
    rows = to_json(opened.book, table)
    files = _json_file(rows) if format == "json" else _csv_files(rows, opened.book.manifest.slots)
    written = _write(files, Path(out), folder=format == "csv", force=force) if out is not None else ()
    return Exported(opened.book.language, files, written)


def _spare(book: Path, out: Path) -> None:
    """Refuse to write over the workbook, or over a file that can be no export, whatever is asked."""
    if out.is_file() and (out.suffix.lower() not in (".json", ".csv") or out.samefile(book)):
        raise UsageError("exists", path=str(out))


def _json_file(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    return {"hmsbook.json": json.dumps(rows, ensure_ascii=False, indent=2) + "\n"}


def _csv_files(rows: Mapping[str, Sequence[Mapping[str, Any]]], slots: int) -> dict[str, str]:
    return {f"{key}.csv": csv_text(found, _columns(key, found, slots)) for key, found in rows.items()}


def _columns(table: str, rows: Sequence[Mapping[str, Any]], slots: int) -> list[str]:
    """The standard's columns, then people's own; slots only where they are used."""
    used = {key for row in rows for key in row}
    declared = tables(slots)[table].columns
    keys = [
        column.key
        for column in declared
        if not column.owned
        and ((not column.key.isupper() and not column.key[1:].isdigit()) or column.key in used)
    ]
    own = {header for row in rows for header in row.get("extra", {})}
    return keys + sorted(own)


def csv_text(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows as CSV with a header; text that a spreadsheet would take for a formula gets an apostrophe."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(map(_csv_value, columns))
    for row in rows:
        values = {**row.get("extra", {}), **row}
        writer.writerow([_csv_value(values.get(column)) for column in columns])
    return target.getvalue()


def _csv_value(value: Any) -> Any:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _write(files: Mapping[str, str], out: Path, *, folder: bool, force: bool) -> tuple[Path, ...]:
    if not folder:
        targets = {out: next(iter(files.values()))}
    else:
        _make(out)
        targets = {out / name: text for name, text in files.items()}
    for target, text in targets.items():
        if not target.parent.is_dir():
            raise UsageError("folder_missing", path=str(target.parent))
        if not force and _differs(target, text):
            raise UsageError("exists", path=str(target))
    for target, text in targets.items():
        save(str(target), text.encode())
    return tuple(targets)


def _differs(target: Path, text: str) -> bool:
    """Whether something else stands there, such as an export that somebody has worked in."""
    try:
        return target.read_bytes() != text.encode()
    except FileNotFoundError:
        return False
    except OSError:
        # What cannot be read is told of when it is written.
        return target.is_file()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise SaveError("no_permission", path=str(folder)) from None
