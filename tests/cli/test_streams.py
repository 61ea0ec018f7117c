"""What cannot be printed or logged is told as it is: never a traceback, never that nothing was done."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.faults.process import run as run_apart
from tests.hosts.books import TODAY, book, region_spot, type_in, value

FULL = "/dev/full"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return book(tmp_path / "bok.xlsx")


def _ran(
    *arguments: str | Path, out: str = os.devnull, err: str = "", unbuffered: bool = False
) -> tuple[int, str]:
    """The exit code of a command with these streams, and what it says on stderr."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1" if unbuffered else ""}
    with Path(out).open("w") as stdout, Path(err or os.devnull).open("w") as stderr:
        done = subprocess.run(
            [sys.executable, "-m", "hmsbook", *map(str, arguments), "--today", TODAY.isoformat()],
            stdout=stdout,
            stderr=stderr if err else subprocess.PIPE,
            env=environment,
            check=False,
        )
    said = (done.stderr or b"").decode().splitlines(keepends=True)
    return done.returncode, "".join(line for line in said if "…" not in line)


@pytest.mark.parametrize("unbuffered", [False, True])
@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_a_full_stdout_after_an_update_says_what_is_true(
    extra: list[str], unbuffered: bool, path: Path
) -> None:
    type_in(path, ("values", "I01", 21, 5.5))
    code, said = _ran("update", path, *extra, out=FULL, unbuffered=unbuffered)
    assert code == 2
    assert "Svaret kunne ikke skrives ut" in said
    assert "er gjort" in said
    assert "som før" not in said
    assert said.count("\n") == 1
    assert value(path, *region_spot(path, "status_indicators", 0, 2)) == 5.5


@pytest.mark.parametrize("command", ["check", "export", "reference", "catalogue", "demo", "new"])
def test_every_command_tells_of_a_full_stdout(command: str, path: Path, tmp_path: Path) -> None:
    places = {"demo": [tmp_path / "demo"], "new": [tmp_path / "ny.xlsx"]}
    arguments = places.get(command, [path] if command in ("check", "export") else [])
    code, said = _ran(command, *arguments, out=FULL)
    assert (code, said.count("\n")) == (2, 1)
    assert "Svaret kunne ikke skrives ut" in said
    if command == "demo":
        assert len(list((tmp_path / "demo").iterdir())) >= 3


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_that_cannot_be_printed_is_told(option: str) -> None:
    code, said = _ran("update", option, out=FULL) if option == "--help" else _ran(option, out=FULL)
    assert (code, said.count("\n")) == (2, 1)


def test_streams_that_are_both_full_still_give_the_exit_code(path: Path) -> None:
    assert _ran("check", path, out=FULL, err=FULL) == (2, "")
    assert _ran("check", path.with_name("borte.xlsx"), out=FULL, err=FULL) == (2, "")
    assert _ran("check", path.with_name("borte.xlsx"), "--json", out=FULL)[0] == 2


def test_a_reader_that_has_gone_is_no_failure(path: Path) -> None:
    command = f"{sys.executable} -m hmsbook check {path} --today {TODAY} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr.replace("Arbeider …\n", "")) in (("0\n", ""), ("1\n", ""))


def _unlucky() -> None:
    def fails() -> str:
        raise RuntimeError("nobody")

    getpass.getuser = fails


def _without_temporary_folder() -> None:
    _unlucky()
    tempfile.tempdir = "/finnes/ikke"


def test_what_should_not_happen_is_logged_and_told(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    type_in(path, ("values", "I01", 21, 5.5))
    before = path.read_bytes()
    ran = run_apart("update", path, prepare=_unlucky)
    (log,) = tmp_path.glob("hmsbook-feil-*.log")
    assert (ran.exit, ran.out) == (2, "")
    assert f"legg ved loggen {log}" in ran.err
    assert "RuntimeError: nobody" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0
    assert path.read_bytes() == before


def test_a_log_that_cannot_be_written_is_no_second_failure(path: Path) -> None:
    type_in(path, ("values", "I01", 21, 5.5))
    before = path.read_bytes()
    ran = run_apart("update", path, prepare=_without_temporary_folder)
    assert (ran.exit, ran.out) == (2, "")
    assert ran.err.startswith("Feil: Det skjedde noe som ikke skulle kunne skje: RuntimeError")
    assert "kunne ikke skrives" in ran.err
    assert "Traceback" not in ran.err
    assert path.read_bytes() == before
