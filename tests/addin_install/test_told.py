"""What the commands print, in every language, and what the pages show of it."""

from __future__ import annotations

import ast
import json
import textwrap
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from hmsbook.addin.findings import ERROR, OK, WARNING, Finding
from hmsbook.cli.show_addin import finding_json, lines, told
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words
from tests.cli.run import run

ROOT = Path(__file__).resolve().parents[2]
ADDIN = ROOT / "src" / "hmsbook" / "addin"


FINDINGS = {
    OK: Finding("excel", OK, "excel_version", {"version": "16.0"}),
    WARNING: Finding("excel", WARNING, "excel_not_found"),
    ERROR: Finding("addin", ERROR, "marked"),
}


@pytest.mark.parametrize(
    ("severities", "code"), [([], 0), ([OK], 0), ([OK, WARNING], 0), ([ERROR], 1), ([WARNING, ERROR, OK], 1)]
)
@pytest.mark.parametrize("as_json", [True, False])
def test_only_an_error_ends_with_one(
    severities: list[str], code: int, as_json: object, capsys: pytest.CaptureFixture[str]
) -> None:
    options = Namespace(lang=None, json=as_json)
    assert told([FINDINGS[severity] for severity in severities], options) == code
    out = capsys.readouterr().out
    if as_json:
        assert [it["severity"] for it in json.loads(out)["findings"]] == severities
    else:
        assert sum(line[0] != " " for line in out.splitlines()) == len(severities)


def test_a_warning_says_what_to_do() -> None:
    assert list(lines([FINDINGS[WARNING]], words("nb"))) == [
        "Advarsel Excel: fant ikke Excel på denne maskinen.",
        "         → Installer Excel 2016 eller nyere. Er det installert, står versjonen i Excel under Fil,",
        "           Konto.",
    ]


def test_a_policy_says_where_it_is_set_and_whom_to_ask() -> None:
    values = {"key": r"HKCU\Software\Policies", "name": "VBAOff", "value": 1}
    policy = finding_json(Finding("policies", ERROR, "vba_off", values), words("nb"))
    assert policy["fix"] == r"Be IT om et unntak. VBAOff er 1 i HKCU\Software\Policies."
    own = finding_json(Finding("own_settings", ERROR, "vba_off", values), words("nb"))
    assert "Klareringssenter. VBAOff er 1" in own["fix"]
    harmless = finding_json(Finding("policies", OK, "macros_off", values), words("nb"))
    assert harmless["fix"] == ""


@pytest.mark.parametrize(
    "path",
    ["~/" + "mappe med navn/" * 3 + "x" * 150, r"HKCU\Software\VB and VBA Program Settings\y" + "y" * 40],
)
def test_a_path_is_copied_whole(path: str) -> None:
    printed = list(lines([Finding("place", OK, "place", {"path": path})], words("nb")))
    assert f"         {path}." in printed


# Every case has its words, and no other has


def constants() -> Iterator[str]:
    """Yield each text in the code of the add-in."""
    for module in ADDIN.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_are_left_over(lang: str) -> None:
    said = {*words(lang).get("addin.cases"), *words(lang).get("addin.topics")}
    assert said - set(constants()) == set()


# The command line itself, on the machine of the tests


def test_linux_has_no_excel_and_says_so() -> None:
    for action, code in (("status", 0), ("uninstall", 0)):
        ran = run("addin", action)
        assert (ran.exit, ran.err) == (code, "")
        assert ran.out.startswith("Advarsel Excel: finnes ikke for Linux.")
    ran = run("addin", "install")
    assert (ran.exit, ran.out) == (2, "")
    assert ran.err.startswith("Feil: Excel finnes ikke for Linux.")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_doctor_answers_here_in_every_language(lang: str) -> None:
    ran = run("doctor", "--lang", lang)
    assert (ran.exit, ran.err) == (0, "")
    assert textwrap.shorten(words(lang).text("addin.topics.libraries"), 20) in ran.out
    assert f"{words(lang).text('addin.topics.start')}: " in ran.out


def test_doctor_looks_at_a_workbook(tmp_path: Path) -> None:
    ran = run("doctor", tmp_path / "borte.xlsx")
    assert ran.exit == 1
    assert "borte.xlsx lar seg ikke lese." in " ".join(ran.out.split())
    assert "Sjekk navnet og mappen." in " ".join(ran.out.split())
