"""What each command prints: plain words for people, JSON for programs."""

from __future__ import annotations

import textwrap
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hmsbook.flow.check import sentences
from hmsbook.model.problems import Problem
from hmsbook.standard.book import VERSION as STANDARD
from hmsbook.texts.words import Words, printable, words

if TYPE_CHECKING:
    from hmsbook.actions.catalogue import Entry
    from hmsbook.actions.create import Created
    from hmsbook.actions.demo import Sample
    from hmsbook.actions.export import Exported
    from hmsbook.actions.reading import Checked
    from hmsbook.actions.update import Updated
    from hmsbook.actions.upgrade import Upgraded
    from hmsbook.hosts.pair import Left

WIDTH = 100


def _words(options: Namespace, language: str) -> Words:
    return words(options.lang or language)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))


def text(found: str, name: str, options: Namespace) -> None:
    """Print a text."""
    print_json({name: found}) if options.json else print(found, end="")


def created(made: Created, options: Namespace) -> None:
    """Say what was made, and after another workbook what stayed in that one."""
    language = _words(options, made.language)
    if options.json:
        print_json(_created_json(made, language))
        return
    print(language.text("cli.created", path=made.path))
    if made.left_out:
        print(language.text("cli.finished"))
    for table, count in made.left_out.items():
        print("  " + language.text("cli.finished_rows", n=count, table=language.text(f"tables.{table}")))
    for line in _left_lines(made.left, language):
        print(line)


def _created_json(made: Created, language: Words) -> dict[str, Any]:
    return {
        "path": str(made.path),
        "language": made.language,
        "left_out": dict(made.left_out),
        "left": [left_json(left, language) for left in made.left],
    }


def upgraded(done: Upgraded, options: Namespace) -> None:
    """Say what an upgrade moved and what it leaves behind."""
    language = _words(options, done.language)
    if options.json:
        print_json(_upgraded_json(done, language))
        return
    for line in _upgraded_lines(done, language, dry_run=options.dry_run):
        print(line)


def _upgraded_json(done: Upgraded, language: Words) -> dict[str, Any]:
    return {
        "path": str(done.path),
        "written": done.written,
        "refused": done.refused,
        "changes": {key: {"from": old, "to": new} for key, (old, new) in done.changes.items()},
        "rows": done.rows,
        "left": [left_json(left, language) for left in done.left],
        "old": str(done.old) if done.old else None,
        "beside": str(done.beside) if done.beside else None,
    }


def left_json(left: Left, language: Words) -> dict[str, Any]:
    """What cannot be carried, for programs."""
    return {**left._asdict(), "text": _left_line(left, language)}


def _upgraded_lines(done: Upgraded, language: Words, *, dry_run: bool) -> Iterator[str]:
    yield language.text(
        f"cli.{_upgrade_key(done, dry_run=dry_run)}", path=done.path, rows=done.rows, known=STANDARD
    )
    for key, (old, new) in done.changes.items():
        shown = (_change(key, value, language) for value in (old, new))
        yield "  " + language.text(f"cli.changes.{key}", **dict(zip(("old", "new"), shown, strict=True)))
    yield from _left_lines(done.left, language)
    if done.old:
        yield language.text("cli.old_kept", old=done.old)
    if done.beside:
        yield language.text("cli.saved_beside", path=done.path, beside=done.beside)


def _upgrade_key(done: Upgraded, *, dry_run: bool) -> str:
    if not done.changes:
        return "upgrade_unneeded"
    if done.written:
        return "upgraded"
    return "would_upgrade" if dry_run else "upgrade_refused"


def _change(key: str, value: str, language: Words) -> str:
    """A language or method by its name; a standard or number as it is."""
    choices = {"language": "languages", "method": "methods"}.get(key)
    return language.choice(choices, value) if choices else value


def _left_lines(left: Sequence[Left], language: Words) -> Iterator[str]:
    if left:
        yield language.text("cli.stays")
    for found in left:
        yield "  " + _left_line(found, language)


def _left_line(left: Left, language: Words) -> str:
    what = language.text(f"cli.left.{left.case}", n=left.count)
    name = f" ({left.name})" if left.name else ""
    why = f". {_reason(left, language)}" if left.reason else ""
    return printable(f"{left.sheet}: {what}{name}{why}" if left.sheet else f"{what}{name}{why}")


def _reason(left: Left, language: Words) -> str:
    """Why something that may go along does not."""
    key = f"cli.because.{left.reason}"
    reason = language.text(key if language.has(key) else f"cli.left.{left.reason}", n=1)
    return language.text("cli.because.at" if left.at else "cli.because.so", reason=reason, at=left.at)


def updated(done: Updated, options: Namespace) -> None:
    """Say what an update changed."""
    language = _words(options, done.language)
    if options.json:
        print_json(updated_json(done, language))
        return
    for line in _updated_lines(done, language, dry_run=options.dry_run):
        print(line)


def updated_json(done: Updated, language: Words) -> dict[str, Any]:
    """What an update did, for programs."""
    return {
        "path": str(done.path),
        "written": done.written,
        "beside": str(done.beside) if done.beside else None,
        "backup": str(done.backup) if done.backup else None,
        "changed": done.changed,
        "numbered": [
            {"table": table, "row": row, "id": new_id} for (table, row), new_id in done.numbered.items()
        ],
        "restored": [found._asdict() for found in done.restored],
        "stale_note": str(done.stale_note) if done.stale_note else None,
        "problems": [problem_json(problem, language) for problem in done.problems],
    }


def _updated_lines(done: Updated, language: Words, *, dry_run: bool) -> Iterator[str]:
    facts = {"indicators": done.indicators, "changed": done.cells, "problems": len(done.problems)}
    key = "would_update" if dry_run and done.changed else "updated" if done.written else "unchanged"
    yield language.text(f"cli.{key}", path=done.path, **facts)
    for sheet, count in done.changed.items():
        if not sheet.startswith("_"):
            yield "  " + language.text("cli.changed_cells", sheet=sheet, count=count)
    for (table, _), new_id in done.numbered.items():
        yield "  " + language.text("cli.numbered", id=new_id, table=language.text(f"tables.{table}"))
    for found in done.restored:
        cell = f"{found.sheet}!{found.cell}"
        value = "" if found.value is None else found.value
        yield "  " + language.text("cli.restored", cell=cell, found=found.found, value=value)
    if done.stale_note:
        yield language.text("cli.stale_note", note=done.stale_note.name)
    if done.backup:
        yield language.text("cli.backup", backup=done.backup)
    if done.beside:
        yield language.text("cli.saved_beside", path=done.path, beside=done.beside)


def problem_json(problem: Problem, language: Words) -> dict[str, str]:
    """A problem for programs."""
    what, fix = sentences(problem, language)
    return {
        "severity": problem.severity,
        "code": problem.code,
        "case": problem.case,
        "sheet": problem.place.sheet,
        "cell": problem.place.cell,
        "text": what,
        "fix": fix,
    }


def checked(found: Checked, options: Namespace) -> None:
    """List the problems, worst first."""
    language = _words(options, found.language)
    if options.json:
        print_json(
            {"path": str(found.path), "problems": [problem_json(entry, language) for entry in found.problems]}
        )
        return
    if not found.problems:
        print(language.text("cli.no_problems"))
        return
    print(language.text("cli.problems", n=len(found.problems), path=found.path))
    for problem in found.problems:
        print("\n".join(_problem_lines(problem, language)))


def _problem_lines(problem: Problem, language: Words) -> Iterator[str]:
    what, fix = sentences(problem, language)
    place = "!".join(part for part in (problem.place.sheet, problem.place.cell) if part)
    yield ""
    yield f"{language.choice('severities', problem.severity):<9} {problem.code:<6} {printable(place)}"
    for line in (what, f"→ {fix}"):
        yield textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ")


def exported(found: Exported, options: Namespace) -> None:
    """Print the data, or say where they were written."""
    language = _words(options, found.language)
    if found.written:
        if options.json:
            print_json({"written": [str(path) for path in found.written]})
        for path in () if options.json else found.written:
            print(language.text("cli.exported", path=path))
        return
    if options.json and options.format == "csv":
        print_json({"files": dict(found.files)})
        return
    for name, content in found.files.items():
        if len(found.files) > 1:
            print(f"# {name}")
        print(content, end="")


def built(path: Path, options: Namespace) -> None:
    """Say where the add-in was written."""
    if options.json:
        print_json({"written": str(path)})
    else:
        print(_words(options, "nb").text("cli.exported", path=path))


def catalogue(entries: Sequence[Entry], options: Namespace) -> None:
    """List the catalogue."""
    if options.json:
        print_json([entry.__dict__ for entry in entries])
        return
    for entry in entries:
        print(f"{entry.id:<5} {entry.name} ({entry.unit})")
        for line in (entry.definition, entry.note):
            if line:
                print(textwrap.fill(line, WIDTH, initial_indent="      ", subsequent_indent="      "))


def sample(made: Sample, language: Words) -> None:
    """Tell a sample's story and what the update found."""
    print(f"\n{made.title}")
    print(textwrap.fill(made.story.strip(), WIDTH, initial_indent="  ", subsequent_indent="  "))
    for line in _updated_lines(made.result, language, dry_run=False):
        if not line.startswith("  "):
            print(f"  → {line}")


def demo_end(samples: Sequence[Sample], folder: Path, options: Namespace) -> None:
    """Say which sample to open first."""
    language = _words(options, "nb")
    if options.json:
        print_json([updated_json(made.result, language) for made in samples])
        return
    print()
    print(language.text("cli.demo_intro", folder=folder))
    print(language.text("cli.demo_first", path=samples[0].result.path))
