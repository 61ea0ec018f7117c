"""What `hmsbook merge` prints: who changed what, what stands against what, and what was not taken."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from hmsbook.actions.merge import Came, Merged, counted
from hmsbook.cli.failures import error_text
from hmsbook.cli.show import print_json
from hmsbook.merge.findings import Finding
from hmsbook.merge.received import Chosen, field, row_text, shown, value_json, where
from hmsbook.texts.words import Words, printable, words


def merged(done: Merged, options: Namespace) -> None:
    """Say what came back."""
    language = words(options.lang or done.language)
    if options.json:
        print_json(_json(done, language))
        return
    for line in _lines(done, language, dry_run=options.dry_run):
        print(printable(line))


def _lines(done: Merged, language: Words, *, dry_run: bool) -> Iterator[str]:
    key = "would_merge" if dry_run else "merged"
    yield language.text(f"merge.said.{key if done.is_news else 'nothing_new'}", path=done.path)
    for chosen in done.chosen:
        yield _chosen_line(chosen, language)
    for came in done.came:
        yield from _came_lines(came, language)
    if any(it.findings and it.returned.edition < done.edition for it in done.came):
        yield ""
        yield language.text("merge.said.older", edition=done.edition)
    for refused in done.refused:
        yield error_text(refused.error, language)
    for path in done.saved:
        yield language.text("merge.said.saved", path=path)
    if done.updated and done.updated.beside:
        yield language.text("cli.saved_beside", path=done.path, beside=done.updated.beside)
    if done.conflicts:
        yield language.text("merge.said.conflicts", n=done.conflicts)


def _chosen_line(chosen: Chosen, language: Words) -> str:
    key = "chosen" if chosen.done else "not_chosen"
    choice = language.choice("take", chosen.choice)
    about = Finding("conflict", chosen.table, chosen.row, chosen.column)
    place = _values(about, language)["place"]
    return language.text(f"merge.said.{key}", id=chosen.id, choice=choice, place=place)


def _came_lines(came: Came, language: Words) -> Iterator[str]:
    copy = came.returned
    key = "file" if came.findings else "file_nothing"
    counts = ", ".join(counted(came.findings, language))
    values = {"who": copy.person.name, "file": copy.file, "edition": copy.edition}
    yield ""
    yield language.text(f"merge.said.{key}", counts=counts, **values)
    for finding in came.findings:
        lines = conflict_lines(finding, language) if finding.what == "conflict" else _line(finding, language)
        yield from (f"  {line}" for line in lines)


def _line(finding: Finding, language: Words) -> Iterator[str]:
    """A finding that nobody has to choose of."""
    theirs = shown(finding, finding.base if finding.what == "deleted" else finding.theirs, language)
    key = "change" if finding.what in ("change", "vote") else "other_text" if theirs else "other"
    values = _values(finding, language) | {"theirs": theirs or language.text("merge.said.empty")}
    line = language.text(f"merge.said.{key}", **values)
    base = shown(finding, finding.base, language) if finding.what == "change" else ""
    yield f"{line} ({language.text('merge.said.was', base=base)})" if base else line


def _values(finding: Finding, language: Words) -> dict[str, str]:
    place = f"{where(finding, language)} {row_text(finding, language)}"
    return {
        "what": language.choice("received", finding.what),
        "place": ", ".join(filter(None, (place.strip(), field(finding, language)))),
    }


def conflict_lines(finding: Finding, language: Words) -> Iterator[str]:
    """A conflict, side by side."""
    yield language.text("merge.said.conflict", **_values(finding, language))
    for side in ("base", "mine", "theirs"):
        text = shown(finding, getattr(finding, side), language) or language.text("merge.said.empty")
        yield "  " + language.text(f"merge.said.side_{side}", text=text)
    if finding.choice:
        yield "  " + language.text("merge.said.settled", choice=language.choice("take", finding.choice))


# For programs


def _json(done: Merged, language: Words) -> dict[str, Any]:
    return {
        "path": str(done.path),
        "edition": done.edition,
        "written": bool(done.updated and done.updated.written),
        "conflicts": done.conflicts,
        "copies": [_came_json(came, language) for came in done.came],
        "chosen": [vars(chosen) for chosen in done.chosen],
        "refused": [
            {"path": str(it.path), "key": it.error.key, "text": error_text(it.error, language)}
            for it in done.refused
        ],
        "saved": [str(path) for path in done.saved],
    }


def _came_json(came: Came, language: Words) -> dict[str, Any]:
    copy = came.returned
    return {
        "path": str(came.path),
        "person": copy.person.name,
        "known": copy.person.known,
        "audience": copy.audience,
        "edition": copy.edition,
        "findings": [_finding_json(finding, language) for finding in came.findings],
    }


def _finding_json(finding: Finding, language: Words) -> dict[str, Any]:
    sides = {side: _side_json(finding, side) for side in ("base", "mine", "theirs")}
    return {
        "what": finding.what,
        "table": finding.table,
        "row": finding.row,
        "column": finding.column,
        **sides,
        "choice": finding.choice,
        "open": finding.is_open,
        "case": finding.case,
        "text": field(finding, language),
        "person": finding.person.name,
    }


def _side_json(finding: Finding, side: str) -> Any:
    return value_json(finding.table, finding.column, getattr(finding, side))
