"""The text files as tests read them, and what tells one language from another."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "workbook_templates"
LANGUAGES = ("nb", "nn", "en")
# The longest sentence that fits its row.
SENTENCE = 110

A_INFINITIVE = re.compile(r"\bå (vera|gjera|skriva|bruka|spørja|fortelja|velja|følgja|seia)\b", re.IGNORECASE)
NOT_BRITISH = re.compile(r"\b(organiz\w*|prioritiz\w*|color\w*|behavior\w*|labor|center\w*)\b", re.IGNORECASE)

every_language = pytest.mark.parametrize("language", LANGUAGES)


def read(*parts: str) -> dict[str, Any]:
    """The content of one TOML file of the templates."""
    return tomllib.loads(TEMPLATES.joinpath(*parts).read_text(encoding="utf-8"))


def in_all_languages(name: str) -> dict[str, dict[str, Any]]:
    """One text file in every language."""
    return {language: read("texts", language, f"{name}.toml") for language in LANGUAGES}


def strings(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text below a node, with the path that leads to it."""
    if isinstance(node, str):
        yield path, node
    else:
        for key, child in node.items() if isinstance(node, dict) else enumerate(node):
            yield from strings(child, f"{path}.{key}" if path else str(key))


def blanks(text: str) -> set[str]:
    """The names of what is filled into a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def sentences(text: str) -> list[str]:
    """The sentences of a text: a mark, a blank and a capital divide them."""
    return re.split(r"(?<=[.?!]) (?=[A-ZÆØÅ0-9«“{])", text)


def glossary_rows() -> list[list[str]]:
    """The rows of the glossary's tables: a key, the term in each language, a note."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
