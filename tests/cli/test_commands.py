"""The commands: what they print for people and programs, what they write, and how they end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from hmsbook.actions.reading import open_book
from hmsbook.cli.main import main
from hmsbook.commands import COMMANDS
from hmsbook.texts.words import words
from tests.cli.run import run
from tests.hosts.books import SLOTS, TODAY, book, package, region_spot, type_in, value

HEAVY = ("pandas", "openpyxl", "xlsxwriter", "xlwings", "zipfile", "numpy", "lxml", "unittest", "email")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book(tmp_path_factory.mktemp("cli") / "bok.xlsx")


def _arguments(command: str, path: Path, folder: Path) -> list[str | Path]:
    return {
        "demo": [folder / "demo"],
        "new": [folder / "ny.xlsx", "--slots", "6"],
        "catalogue": [],
        "reference": [],
        "addin": ["status"],
        "live": ["about"],
    }.get(command, [path])


@pytest.mark.parametrize("command", [command.key for command in COMMANDS])
def test_every_command_answers_in_json(command: str, path: Path, tmp_path: Path) -> None:
    ran = run(command, *_arguments(command, path, tmp_path), "--json")
    assert ran.exit in (0, 1)
    assert ran.json
    assert ran.err == ""


@pytest.mark.parametrize("command", [command.key for command in COMMANDS])
@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_every_command_explains_itself_in_every_language(
    command: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help", "--lang", lang])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    options = next(found.options for found in COMMANDS if found.key == command)
    assert all(option.name in said for option in options)
    assert said.startswith(words(lang).text("commands.usage"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Du må oppgi"),
        (["sjekk", "bok.xlsx"], "Kommandoen «sjekk» finnes ikke"),
        (["check"], "Du må oppgi book"),
        (["check", "bok.xlsx", "--hurtig"], "Kjenner ikke --hurtig"),
        (["update", "bok.xlsx", "--dry"], "Kjenner ikke --dry"),
        (["new", "ny.xlsx", "--slots", "mange"], "«mange» er ikke et helt tall"),
        (["new", "ny.xlsx", "--slots", "500"], "mellom 1 og"),
        (["new", "ny.xlsx", "--method"], "--method mangler en verdi"),
        (["new", "ny.xlsx", "--method", "lean"], "Metoden «lean» finnes ikke"),
        (["new", "ny.xlsx", "--indicators", "F99"], "«F99» står ikke i katalogen"),
        (["new", "ny.xlsx", "--from", "januar"], "«januar» er verken en måned"),
        (["update", "bok.xlsx", "--as-of", "2026-13"], "«2026-13» er ikke en måned"),
        (["update", "bok.xlsx", "--as-of", "2026-10-tull"], "er ikke en måned"),
        (["check", "bok.xlsx", "--lang", "de"], "Språket «de» finnes ikke"),
        (["export", "{book}", "--format", "xml"], "Formatet «xml» finnes ikke"),
        (["export", "{book}", "--table", "tiltak"], "Tabellen «tiltak» finnes ikke"),
        (["addin"], "Du må oppgi action"),
        (["addin", "fjern"], "hmsbook addin kan ikke «fjern». Velg en av disse: build, install, status"),
        (["catalogue", "--factor", "vær"], "Faktoren «vær» finnes ikke"),
    ],
)
def test_a_wrong_request_gets_one_sentence(arguments: list[str], says: str, path: Path) -> None:
    ran = run(*(str(path) if part == "{book}" else part for part in arguments), today=None)
    assert (ran.exit, ran.out) == (2, "")
    assert ran.err.startswith("Feil: ")
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_a_wrong_day_is_told_wherever_it_comes_from(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "«i dag» er ikke en dato" in run("check", path, today="i dag").err
    assert "«20261116» er ikke en dato" in run("check", path, today="20261116").err
    monkeypatch.setenv("HMSBOOK_TODAY", "31.12.2026")
    assert "«31.12.2026» er ikke en dato" in run("check", path, today=None).err


def test_what_is_wrong_is_said_in_the_language_asked_for() -> None:
    assert run("sjekk", "--lang", "en").err.startswith("Error: There is no command")
    assert run("sjekk", "--lang=nn").err.startswith("Feil: ")


def test_exit_codes_follow_what_was_found(path: Path, tmp_path: Path) -> None:
    assert run("check", path).exit == 1
    assert run("check", tmp_path / "borte.xlsx").exit == 2
    assert run("catalogue").exit == 0


def test_the_day_comes_from_the_option_then_the_environment_then_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "bok.xlsx", updated=False)
    monkeypatch.setenv("HMSBOOK_TODAY", "2026-10-20")
    assert run("update", path, today=None).exit == 0
    assert value(path, *region_spot(path, "manifest", 8, 1)) == "2026-10-20"
    assert run("update", path, today="2026-11-01").exit == 0
    assert value(path, *region_spot(path, "manifest", 8, 1)) == "2026-11-01"
    monkeypatch.delenv("HMSBOOK_TODAY")
    assert run("update", path, today=None).exit == 0
    assert value(path, *region_spot(path, "manifest", 8, 1)) == TODAY.isoformat()


def test_as_of_leaves_later_values_out(tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx", updated=False)
    assert run("update", path, "--as-of", "2026-03").exit == 0
    row = [value(path, *region_spot(path, "status_indicators", 0, at)) for at in range(4)]
    assert row[2] == 6.0
    assert "mars" in str(row[3]) or row[3] == 46082
    assert len(open_book(path).book.values["I01"]) == 21


def test_the_book_speaks_its_language_and_lang_speaks_another(tmp_path: Path) -> None:
    path = book(tmp_path / "book.xlsx", "en")
    assert "to look at in" in run("check", path).out
    assert "ting å se på i" in run("check", path, "--lang", "nb").out
    assert package(path).sheets[0].name == "Status"


def test_a_command_that_takes_long_says_so_on_stderr(tmp_path: Path) -> None:
    """Reading from a pipe nobody fills for a while takes long enough."""
    pipe = tmp_path / "data.json"
    os.mkfifo(pipe)
    command = [
        sys.executable,
        "-m",
        "hmsbook",
        "new",
        str(tmp_path / "ny.xlsx"),
        "--slots",
        "6",
        "--data",
        str(pipe),
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as child:
        with pipe.open("w") as stream:
            time.sleep(1.5)
            stream.write("{}")
        out, err = child.communicate()
    assert child.returncode == 0
    assert err == "Arbeider …\n"
    assert out.startswith("Laget ")


def _modules(code: str, *arguments: str | Path) -> set[str]:
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "code",
    [
        "import hmsbook",
        "import sys, hmsbook; hmsbook.open(sys.argv[1]).rows",
        "import sys; from hmsbook.cli.main import main; main(['update', sys.argv[1]])",
        "import sys; from hmsbook.cli.main import main; main(['check', sys.argv[1]])",
        "import sys; from hmsbook.cli.main import main; main(['export', sys.argv[1]])",
    ],
)
def test_nothing_heavy_is_loaded(code: str, tmp_path: Path) -> None:
    path = book(tmp_path / "bok.xlsx")
    type_in(path, ("values", "I01", 21, 5.5))
    assert not set(HEAVY) & _modules(code, path)


def test_the_public_functions_do_what_the_commands_do(tmp_path: Path) -> None:
    import hmsbook

    made = hmsbook.new(tmp_path / "ny.xlsx", method="apu", lang="nn", slots=SLOTS, today=TODAY)
    assert (made.path, made.language) == (tmp_path / "ny.xlsx", "nn")
    path = book(tmp_path / "bok.xlsx", updated=False)
    opened = hmsbook.open(path)
    assert opened.rows["measures"][0].get("deadline") == date(2026, 12, 1)
    frame = opened.frame("measures")
    assert list(frame["id"]) == ["T01", "T02"]
    assert "days_left" not in frame.columns
    assert opened.frame("mapping").empty
    with pytest.raises(KeyError):
        opened.frame("tiltak")
    assert {problem.code for problem in opened.check(today=TODAY)} >= {"IND-1", "MEA-2"}
    assert opened.update(today=TODAY).written
    assert not opened.update(today=TODAY).written
    with pytest.raises(AttributeError):
        hmsbook.close  # noqa: B018 - what is not there
