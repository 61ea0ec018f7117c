"""The commands of samples/README.md give what samples/*/expected says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.samples.expect import CASES, KEPT, SAMPLES, case, hmsbook, outputs

every_case = pytest.mark.parametrize("name", CASES)


@every_case
def test_commands_print_what_is_expected(name: str, tmp_path: Path) -> None:
    found = case(name)
    printed = outputs(found, tmp_path)
    for key in KEPT:
        assert printed[key] == (found.expected / f"{key}.txt").read_text(encoding="utf-8"), (
            f"if this is meant, run python -m tests.samples.expect and read samples/{name}/expected"
        )


@every_case
def test_readme_documents_the_commands(name: str) -> None:
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    found = case(name)
    for arguments in found.commands.values():
        assert f"hmsbook {' '.join(arguments)}" in text
    assert f"HMSBOOK_TODAY={found.today}" in text


def test_readme_links_lead_somewhere() -> None:
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    assert [link for link in links if not (SAMPLES / link).exists()] == []


@every_case
def test_status_has_a_picture(name: str) -> None:
    assert (case(name).expected / "status.png").read_bytes().startswith(b"\x89PNG")


@every_case
def test_second_update_changes_nothing(name: str, demo: dict[str, Path]) -> None:
    before = demo[name].read_bytes()
    done = hmsbook(["update", demo[name].name], demo[name].parent, "")
    # A slow machine makes any command say that it works.
    assert (done.returncode, done.stderr.removeprefix("Arbeider …\n")) == (0, "")
    assert done.stdout == f"{demo[name].name} var oppdatert fra før. Ingenting er endret.\n"
    assert demo[name].read_bytes() == before


@every_case
def test_samples_read_the_same_on_any_day(name: str, demo: dict[str, Path]) -> None:
    found = hmsbook(["check", demo[name].name, "--as-of", "2026-10"], demo[name].parent, "").stdout
    assert found == (case(name).expected / "check.txt").read_text(encoding="utf-8")
