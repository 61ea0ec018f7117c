"""What doctor finds on drawn machines and of drawn workbooks, and that it tells no names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hmsbook.addin.book import LONGEST_PATH
from hmsbook.addin.doctor import SLOW_SECONDS, doctor
from hmsbook.addin.findings import ERROR, OK, WARNING, Finding
from hmsbook.addin.install import install
from hmsbook.addin.system import Answer, System
from hmsbook.cli.main import error_text
from hmsbook.cli.show_addin import finding_json, lines
from hmsbook.errors import LOG_PREFIX
from hmsbook.standard.book import VERSION
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words
from tests.addin_install.machines import USER, cases, linux, mac, made, state, windows, write
from tests.hosts.books import book

TOPICS = ["program", "python", "platform", "place", "libraries", "ribbon", "start", "language", "temp", "log"]


def about(system: System, topic: str, path: Path | None = None) -> list[tuple[str, str]]:
    found = [it for it in doctor(system, path) if it.topic == topic]
    return [(it.severity, case) for it, case in zip(found, cases(found), strict=True)]


def one(system: System, case: str, path: Path | None = None) -> Finding:
    found = doctor(system, path)
    return found[cases(found).index(case)]


# The machine


def test_a_machine_without_trouble(tmp_path: Path) -> None:
    system = windows(tmp_path)
    install(system)
    before = state(system)
    found = doctor(system)
    assert [it.topic for it in found] == [*TOPICS, "excel", "addin", "starts", "policies"]
    assert {it.severity for it in found} == {OK}
    assert state(system) == before


def test_linux_lacks_excel_and_needs_nothing_for_it(tmp_path: Path) -> None:
    found = doctor(linux(tmp_path).but(libraries={"openpyxl": "3.1.5", "xlwings": None}))
    assert [it.topic for it in found] == [*(topic for topic in TOPICS if topic != "ribbon"), "excel"]
    assert cases(it for it in found if it.severity != OK) == ["excel_not_for_platform"]


@pytest.mark.parametrize("platform", ["windows", "mac"])
def test_the_library_for_the_buttons_is_missed_with_the_line_that_installs_it(
    tmp_path: Path, platform: str
) -> None:
    system = {"windows": windows, "mac": mac}[platform](tmp_path).but(libraries={"xlwings": None})
    found = one(system, "ribbon_library_missing")
    assert found.severity == ERROR
    assert (
        found.values["command"]
        == {
            "windows": r'"%USERPROFILE%\hms\.venv\Scripts\python.exe" -m pip install xlwings',
            "mac": "~/hms/.venv/bin/python -m pip install xlwings",
        }[platform]
    )


def test_a_library_that_is_gone_is_named(tmp_path: Path) -> None:
    system = linux(tmp_path).but(libraries={"openpyxl": "3.1.5", "pandas": None})
    assert one(system, "libraries").values["found"] == ["openpyxl 3.1.5"]
    assert one(system, "library_missing").values["name"] == "pandas"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer("hmsbook 0.1.0", 0.2), (OK, "start_fast")),
        (Answer("hmsbook 0.1.0", SLOW_SECONDS + 0.1), (WARNING, "start_slow")),
        (Answer("", 0.2), (ERROR, "start_failed")),
    ],
)
def test_a_slow_or_broken_start_is_told(tmp_path: Path, answer: Answer, expected: tuple[str, str]) -> None:
    assert about(linux(tmp_path).but(ask=lambda _: answer), "start") == [expected]


def test_a_folder_for_temporary_files_that_is_gone_is_told(tmp_path: Path) -> None:
    system = linux(tmp_path).but(temp=tmp_path / "gone")
    assert about(system, "temp") == [(ERROR, "temp_closed")]
    assert about(system, "log") == [(OK, "no_log")]


def test_the_last_log_is_named(tmp_path: Path) -> None:
    system = linux(tmp_path)
    for name, seconds in (("b", 2_000_000_000), ("a", 1_000_000_000)):
        log = write(system.temp / f"{LOG_PREFIX}{name}.log", b"")
        os.utime(log, (seconds, seconds))
    write(system.temp / "other.log", b"")
    found = one(system, "last_log")
    assert str(found.values["path"]).endswith(f"{LOG_PREFIX}b.log")
    assert str(found.values["day"]).startswith("2033-05-18")


def test_python_from_the_store_is_told_as_the_cause(tmp_path: Path) -> None:
    system = windows(tmp_path, base=r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12")
    assert about(system, "python") == [(OK, "python"), (ERROR, "store_python")]


# A workbook


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book(tmp_path_factory.mktemp("doctor") / "avdeling.xlsx")


def at(place: Path, drawn: Path) -> Path:
    return write(place, drawn.read_bytes())


def test_a_workbook_is_read(tmp_path: Path, drawn: Path) -> None:
    assert about(linux(tmp_path), "book", drawn) == [(OK, "book_read")]
    assert one(linux(tmp_path), "book_read", drawn).values["found"] == VERSION


def test_a_workbook_that_is_none_is_explained(tmp_path: Path) -> None:
    system = linux(tmp_path)
    path = write(system.home / "notat.xlsx", b"none")
    found = one(system, "book_unreadable", path)
    assert found.severity == ERROR
    text = finding_json(found, words("nb"), error_text)["fix"]
    assert text.startswith("~/notat.xlsx ")
    assert "kari" not in text


def test_a_workbook_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert about(linux(tmp_path), "book", tmp_path / "borte.xlsx") == [(ERROR, "book_unreadable")]


@pytest.mark.parametrize(
    ("note", "expected"),
    [(b"\x04Anne".ljust(165, b" "), "book_open"), (b"", "book_open_unknown")],
)
def test_who_has_it_open(tmp_path: Path, drawn: Path, note: bytes, expected: str) -> None:
    path = at(tmp_path / "felles" / "bok.xlsx", drawn)
    write(path.with_name("~$bok.xlsx"), note[:5] if note else note)
    found = one(linux(tmp_path), expected, path)
    assert found.severity == WARNING
    assert found.values["who"] == ("Anne" if note else "")


@pytest.mark.parametrize("address", ["https://firma.sharepoint.com/bok.xlsx", "HTTP://server/bok.xlsx"])
def test_a_web_address_is_no_file(tmp_path: Path, address: str) -> None:
    assert about(windows(tmp_path), "book", Path(address)) == [(ERROR, "book_on_web")]


@pytest.mark.parametrize("variable", ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"])
def test_a_synchronised_folder_is_told(tmp_path: Path, drawn: Path, variable: str) -> None:
    folder = made(tmp_path / "OneDrive - Firma")
    system = windows(tmp_path, environment={variable: str(folder)})
    path = at(folder / "HMS" / "bok.xlsx", drawn)
    assert about(system, "book", path) == [(OK, "book_read"), (OK, "book_synchronised")]
    assert about(system, "book", drawn) == [(OK, "book_read")]


def test_a_synchronised_folder_is_told_on_mac(tmp_path: Path, drawn: Path) -> None:
    system = mac(tmp_path)
    path = at(system.home / "Library" / "CloudStorage" / "OneDrive-Firma" / "bok.xlsx", drawn)
    assert about(system, "book", path) == [(OK, "book_read"), (OK, "book_synchronised")]


def test_a_file_on_a_server_is_told(tmp_path: Path) -> None:
    assert about(windows(tmp_path), "book", Path("//server/hms/bok.xlsx"))[-1] == (OK, "book_on_server")


def test_a_long_path_is_told(tmp_path: Path, drawn: Path) -> None:
    room = LONGEST_PATH - len(str(tmp_path)) - len("/") - len(".xlsx")
    system = linux(tmp_path)
    assert about(system, "book", at(tmp_path / f"{'b' * room}.xlsx", drawn)) == [(OK, "book_read")]
    longer = at(tmp_path / f"{'b' * (room + 1)}.xlsx", drawn)
    assert about(system, "book", longer) == [(OK, "book_read"), (WARNING, "book_long_path")]


# What is told may be sent on


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_name_of_the_user_is_told_nowhere(tmp_path: Path, drawn: Path, lang: str) -> None:
    system = windows(tmp_path).but(libraries={"pandas": None})
    path = at(system.home / "OneDrive" / "bok.xlsx", drawn)
    write(system.temp / f"{LOG_PREFIX}a.log", b"")
    for found in (install(system), doctor(system, path)):
        told = "\n".join(lines(found, words(lang), error_text))
        assert USER not in told
        assert all(USER not in str(finding_json(it, words(lang), error_text)) for it in found)
        assert "~\\" in told
