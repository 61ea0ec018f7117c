"""The reference names everything the standard, the rules and the command line have, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from hmsbook.actions.reference import OTHER_RULES, anchor, reference
from hmsbook.commands import COMMANDS, COMMON, EXIT_CODES
from hmsbook.generate import reference_name
from hmsbook.rules.registry import RULES
from hmsbook.standard.book import SHEETS, TABLES, regions
from hmsbook.standard.kinds import Choice
from hmsbook.texts.files import LANGUAGES, load
from hmsbook.texts.words import words

ROOT = Path(__file__).resolve().parents[2]

CODE = re.compile(r'"([A-Z]{3}-\d)"')

in_every_language = pytest.mark.parametrize("lang", LANGUAGES)
page = cache(reference)


@cache
def section(lang: str, key: str) -> str:
    """The part of the page under one of its main headings."""
    heading = words(lang).text(f"reference.{key}")
    return page(lang).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def table_text(lang: str, table: str) -> str:
    """The part about one table."""
    title = words(lang).text(f"tables.{table}")
    return section(lang, "sheets").split(f"\n#### {title} (`{table}`)\n", 1)[1].split("\n###", 1)[0]


@in_every_language
def test_kept_page_is_the_one_of_today(lang: str) -> None:
    kept = (ROOT / reference_name(lang)).read_text(encoding="utf-8")
    assert kept == page(lang), "run python -m hmsbook.generate"


@in_every_language
def test_every_sheet_and_region_is_there(lang: str) -> None:
    found = section(lang, "sheets")
    for sheet in SHEETS:
        assert f"\n### {words(lang).text(f'sheets.{sheet.key}.title')}\n" in found
        assert all(f"- `{region.name}`: " in found for region in sheet.regions)
    assert {region.key for sheet in SHEETS for region in sheet.regions} <= set(regions())


@in_every_language
@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_there(lang: str, table: str) -> None:
    found = table_text(lang, table)
    assert f"`hms_{table}`" in found
    for column in TABLES[table].columns:
        text = words(lang).get(f"columns.{table}.{column.key}")
        row = next(line for line in found.splitlines() if line.startswith(f"| `{column.key}` |"))
        assert text["label"] in row
        assert text["help"] in row


@in_every_language
def test_every_allowed_value_is_there(lang: str) -> None:
    found = section(lang, "lists")
    kinds = [column.kind for table in TABLES.values() for column in table.columns]
    for name in {kind.choices for kind in kinds if isinstance(kind, Choice)}:
        row = next(line for line in found.splitlines() if line.startswith(f"| `{name}` |"))
        for key, label in words(lang).choices(name).items():
            assert f"`{key}` {label}" in row


@in_every_language
def test_every_step_is_there(lang: str) -> None:
    found = section(lang, "methods")
    for method, facts in load("methods.toml").items():
        for step in facts["steps"]:
            text = words(lang).get(f"steps.{method}.{step}")
            assert f"**{text['title']}** (`{step}`). {text['what']}" in found


@in_every_language
def test_every_rule_is_there(lang: str) -> None:
    found = section(lang, "rules")
    for rule in RULES:
        assert f"| `{rule.code}` | {words(lang).choice('severities', rule.severity)} |" in found
        assert rule.source in found
    for code, severity in OTHER_RULES:
        assert f"| `{code}` | {words(lang).choice('severities', severity)} |" in found


def test_every_code_that_can_be_reported_is_there() -> None:
    """No module reports a code that is neither a rule's nor one of reading or of copies."""
    sources = (ROOT / "src" / "hmsbook").rglob("*.py")
    used = {code for path in sources for code in CODE.findall(path.read_text("utf-8"))}
    assert used == {rule.code for rule in RULES} | {code for code, _ in OTHER_RULES}


@in_every_language
def test_every_command_and_option_is_there(lang: str) -> None:
    found = section(lang, "commands")
    for command in COMMANDS:
        part = found.split(f"\n### `hmsbook {command.key}`\n", 1)[1].split("\n### ", 1)[0]
        for option in command.options:
            names = option.names if option.name.startswith("--") else (option.name.upper(),)
            assert f"| {', '.join(f'`{name}`' for name in names)} |" in part
    assert all(f"| `{option.name}` |" in found for option in COMMON)
    assert all(f"| {code} |" in section(lang, "exit") for code in EXIT_CODES.values())


@in_every_language
def test_links_lead_to_headings(lang: str) -> None:
    headings = {anchor(line.lstrip("# ")) for line in page(lang).splitlines() if line.startswith("#")}
    links = re.findall(r"\]\(#([^)]+)\)", page(lang))
    assert links
    assert set(links) <= headings


@in_every_language
def test_words_are_the_same_keys_and_blanks_in_every_language(lang: str) -> None:
    assert dict(_sentences(load("texts", lang, "reference.toml"))) == dict(
        _sentences(load("texts", "nb", "reference.toml"))
    )


def _sentences(found: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    """Each text's path with its blanks, each list's with its length."""
    for key, value in found.items():
        if isinstance(value, Mapping):
            yield from _sentences(value, f"{path}.{key}")
        elif isinstance(value, list):
            yield f"{path}.{key}", len(value)
        else:
            yield f"{path}.{key}", {name for _, name, _, _ in Formatter().parse(value) if name}
