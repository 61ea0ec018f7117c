"""The standard as Markdown, from the declaration and the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from hmsbook.commands import COMMANDS, COMMON, EXIT_CODES, Command, Option
from hmsbook.rules.registry import RULES
from hmsbook.standard.book import CALC_SHEET, SEPARATE, SHEETS, TABLES, VERSION, regions, slot_ids
from hmsbook.standard.kinds import Choice, Kind, Number, Reference
from hmsbook.standard.schema import Column, Sheet, Table
from hmsbook.texts.files import load
from hmsbook.texts.words import Words, words

LISTS_SHEET = "_hms_lists"
# What a copy is looked through for before anybody gets it, and what reading finds itself.
OTHER_RULES = (("PRV-1", "E"), ("PRV-2", "E"), ("WBK-1", "W"), ("WBK-2", "E"))

Lines = Iterator[str]


def reference(lang: str = "nb") -> str:
    """The standard as Markdown in one language; UsageError when the language is not shipped."""
    w = words(lang)
    sections = {
        "sheets": _sheets(w),
        "kinds": _kinds(w),
        "lists": _lists(w),
        "methods": _methods(w),
        "rules": _rules(w),
        "commands": _commands(w),
        "exit": _exit_codes(w),
    }
    body = chain.from_iterable(_section(w, key, found) for key, found in sections.items())
    return "\n".join([*_head(w, sections), *body]) + "\n"


def _head(w: Words, sections: Iterable[str]) -> Lines:
    yield f"# {_said(w, 'title')}"
    yield ""
    yield _said(w, "intro", version=VERSION) + " " + _said(w, "generated")
    yield ""
    yield f"**{_said(w, 'contents')}**"
    yield ""
    yield from (f"- [{_said(w, key)}](#{anchor(_said(w, key))})" for key in sections)


def _section(w: Words, key: str, found: Lines) -> Lines:
    yield from ("", f"## {_said(w, key)}", "")
    yield from found


def _said(w: Words, key: str, /, **values: object) -> str:
    return w.text(f"reference.{key}", **values)


def anchor(heading: str) -> str:
    """What a link to a heading says on pages that draw Markdown."""
    return re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-")


def _grid(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Lines:
    yield _row(headers)
    yield _row(["---"] * len(headers))
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _code(text: object) -> str:
    return f"`{text}`"


# Sheets, tables and columns.


def _sheets(w: Words) -> Lines:
    yield _said(w, "sheets_intro")
    for sheet in SHEETS:
        yield from _sheet(w, sheet)
    yield from ("", f"### {_said(w, 'hidden')}", "")
    for name in (CALC_SHEET, *SEPARATE.values(), LISTS_SHEET):
        yield f"- {_code(name)}: {_said(w, f'hidden_sheets.{name}')}"


def _sheet(w: Words, sheet: Sheet) -> Lines:
    yield from ("", f"### {w.text(f'sheets.{sheet.key}.title')}", "")
    yield w.text(f"sheets.{sheet.key}.lead")
    yield ""
    yield _said(w, "sheet", key=_code(sheet.key), when=_said(w, f"when.{sheet.shown}"))
    for table in sheet.tables:
        yield from _table(w, table)
    if sheet.regions:
        yield from ("", _said(w, "owned"), "")
        yield from (_region(w, region.key) for region in sheet.regions)


def _region(w: Words, key: str) -> str:
    region = regions()[key]
    return f"- {_code(region.name)}: {_said(w, f'regions.{key}', rows=region.rows)}"


def _table(w: Words, table: Table) -> Lines:
    yield from ("", f"#### {w.text(f'tables.{table.key}')} ({_code(table.key)})", "")
    yield _said(w, "form" if table.form else "table", name=_code(table.name), rows=table.rows)
    yield ""
    yield from _grid(w.get("reference.columns"), _columns(w, table))


def _columns(w: Words, table: Table) -> Iterator[list[str]]:
    for column in table.columns:
        text = w.get(f"columns.{table.key}.{column.key}")
        yield [_code(column.key), text["label"], _content(w, column.kind), text["help"], _filler(w, column)]
    if table.slots is not None:
        first, second = slot_ids(2)
        text, kind = w.get(f"columns.{table.key}.slot"), table.slots(first).kind
        name = _said(w, "slot", first=_code(first), second=_code(second))
        yield [name, _said(w, "slot_label"), _content(w, kind), text["help"], _said(w, "people")]


def _filler(w: Words, column: Column) -> str:
    who = _said(w, "formula" if column.owned else "people")
    return _said(w, "aside", who=who) if column.aside else who


def _content(w: Words, kind: Kind) -> str:
    """What a column holds, in words, with its bounds, its list or the table it points to."""
    name = _said(w, f"kind.{kind.name}.name")
    if isinstance(kind, Choice) and kind.name != "yes_no":
        return f"{name}: [{kind.choices}](#{anchor(_said(w, 'lists'))})"
    if isinstance(kind, Reference):
        return f"{name} {w.text(f'tables.{kind.table}')}"
    return f"{name} {_bounds(w, kind)}".strip() if isinstance(kind, Number) else name


def _bounds(w: Words, kind: Number) -> str:
    low, high = ("" if bound is None else w.number(bound) for bound in (kind.minimum, kind.maximum))
    if low and high:
        return f"{low}–{high}"
    return f"≥ {low}" if low else f"≤ {high}" if high else ""


# Kinds and allowed values.


def _kinds(w: Words) -> Lines:
    yield _said(w, "kinds_intro")
    yield ""
    entries = (w.get(f"reference.kind.{name}") for name in _kind_names())
    rows = ([entry["name"], entry["cell"], entry["json"]] for entry in entries)
    yield from _grid(w.get("reference.kind_columns"), rows)


def _declared() -> Iterator[Kind]:
    for table in TABLES.values():
        yield from (column.kind for column in table.columns)


def _kind_names() -> list[str]:
    """The kinds that columns are of, in the order they first appear."""
    return list(dict.fromkeys(kind.name for kind in _declared()))


def _lists(w: Words) -> Lines:
    yield _said(w, "lists_intro")
    yield ""
    names = sorted({kind.choices for kind in _declared() if isinstance(kind, Choice)})
    yield from _grid(w.get("reference.list_columns"), ([_code(name), _choices(w, name)] for name in names))


def _choices(w: Words, name: str) -> str:
    return ", ".join(f"{_code(key)} {label}" for key, label in w.choices(name).items())


# Methods.


def _methods(w: Words) -> Lines:
    yield _said(w, "methods_intro")
    for method, facts in load("methods.toml").items():
        yield from ("", f"### {w.choice('methods', method)} ({_code(method)})", "")
        yield w.text(f"methods.{method}.summary")
        yield ""
        yield from _steps(w, method, facts["steps"])
        yield ""
        meetings = [w.choice("meeting_types", key) for key in facts["meetings"]]
        yield f"- {_said(w, 'method_meetings', meetings=meetings)}"
        sheets = [w.text(f"sheets.{key}.title") for key in facts["sheets"]]
        yield f"- {_said(w, 'method_sheets', sheets=sheets)}"


def _steps(w: Words, method: str, steps: Iterable[str]) -> Lines:
    for number, step in enumerate(steps, 1):
        text = w.get(f"steps.{method}.{step}")
        yield f"{number}. **{text['title']}** ({_code(step)}). {text['what']}"


# Rules.


def _rules(w: Words) -> Lines:
    yield _said(w, "rules_intro", command=_code("hmsbook check"))
    yield ""
    rows = [(rule.code, rule.severity, w.text(f"rules.{rule.code}.title"), rule.source) for rule in RULES]
    rows += [(code, severity, *_other_rule(w, code)) for code, severity in OTHER_RULES]
    shown = ([_code(code), w.choice("severities", severity), *rest] for code, severity, *rest in rows)
    yield from _grid(w.get("reference.rule_columns"), shown)


def _other_rule(w: Words, code: str) -> tuple[str, str]:
    found = w.get(f"reference.other_rules.{code}")
    return found["title"], found["source"]


# Commands.


def _commands(w: Words) -> Lines:
    yield _said(w, "commands_intro")
    for command in COMMANDS:
        yield from _command(w, command)
    yield from ("", f"### {_said(w, 'common')}", "")
    yield from _options(w, "common", COMMON)


def _command(w: Words, command: Command) -> Lines:
    yield from ("", f"### {_code(f'hmsbook {command.key}')}", "")
    yield w.text(f"commands.{command.key}.help")
    yield from ("", "```text", usage(command), "```")
    if command.options:
        yield ""
        yield from _options(w, command.key, command.options)


def usage(command: Command) -> str:
    """A command with its places and options, as it is typed."""
    return " ".join(["hmsbook", command.key, *map(_typed, command.options)])


def _typed(option: Option) -> str:
    if not option.name.startswith("--"):
        return f"[{option.name.upper()}]" if option.optional else option.name.upper()
    value = "" if option.takes == "flag" else " " + ("|".join(option.choices) or option.key.upper())
    return f"[{option.name}{value}]"


def _options(w: Words, section: str, options: Sequence[Option]) -> Lines:
    rows = (
        [
            ", ".join(map(_code, option.names))
            if option.name.startswith("--")
            else _code(option.name.upper()),
            ", ".join(map(_code, option.choices)) or _said(w, f"takes.{option.takes}"),
            w.text(f"commands.{section}.{option.key}"),
            "" if option.default is None else _code(option.default),
        ]
        for option in options
    )
    yield from _grid(w.get("reference.option_columns"), rows)


def _exit_codes(w: Words) -> Lines:
    rows = ([str(code), _said(w, f"exit_codes.{key}")] for key, code in EXIT_CODES.items())
    yield from _grid(w.get("reference.exit_columns"), rows)
