"""The examples of docs/usage.md print what the page says, and its Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.usage import PAGE, rewritten


def test_commands_print_what_the_page_shows(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == rewritten(text, tmp_path), "if this is meant, run python -m tests.docs.usage and read it"


def test_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    programs = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert programs
    for program in programs:
        exec(compile(program, str(PAGE), "exec"), {})
