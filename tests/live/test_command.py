"""`hmsbook live` as the ribbon starts it: without a terminal, with an answer in a file whatever happens."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlwings

from hmsbook.actions import live as actions
from hmsbook.actions.reading import language_of, open_book
from hmsbook.cli.main import main
from hmsbook.errors import UsageError
from hmsbook.hosts.open_book import area_of
from tests.hosts.books import TODAY, book
from tests.live.seen import opened, spot
from tests.support.xlwings_uno import com
from tests.support.xlwings_uno.com import REJECTED, ComError
from tests.support.xlwings_uno.engine import UnoEngine

pytestmark = pytest.mark.usefixtures("engine")

Told = tuple[int, str, str]
Ask = Callable[..., Told]


@pytest.fixture(scope="module")
def front(engine: UnoEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[xlwings.Book]:
    """The workbook in front, in a folder with spaces and Norwegian letters."""
    assert len(engine.application.Workbooks) == 0
    folder = tmp_path_factory.mktemp("hjem") / "Våre bøker & ark"
    folder.mkdir()
    with opened(book(folder / "Året på prøve.xlsx")) as found:
        yield found


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Start a command as pythonw does, and return its exit code and what stands in the answer."""
    home = tmp_path / "Kari Ås"
    (home / "Documents").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    answer = tmp_path / "svar på «alt».txt"

    def asked(*arguments: str | Path) -> Told:
        answer.unlink(missing_ok=True)
        with monkeypatch.context() as without:
            without.setattr(sys, "stdout", None)
            without.setattr(sys, "stderr", None)
            code = main(["live", *map(str, arguments), "--answer", str(answer), "--today", TODAY.isoformat()])
        kind, _, text = answer.read_bytes().decode("utf-8").partition("\n")
        assert text.endswith("\n")
        assert "Traceback" not in text
        return code, kind, text.rstrip("\n")

    return asked


def _verbs() -> list[str]:
    with pytest.raises(UsageError) as unknown:
        actions.live(actions.Asked("ukjent"))
    return str(unknown.value.params["known"]).split(", ")


def test_every_verb_answers(ask: Ask, front: xlwings.Book, tmp_path: Path) -> None:
    told = {verb: ask(verb, *choice(verb), "--book", front.fullname) for verb in _verbs()}
    assert {verb: text for verb, (code, _, text) in told.items() if code} == {}
    kinds = {verb: kind for verb, (_, kind, _) in told.items()}
    assert kinds == {
        "update": "ok",
        "check": "note",
        "go_status": "ok",
        "go_trends": "ok",
        "go_problem": "ok",
        "months": "ok",
        "export": "note",
        "merge": "ok",
        "copy": "note",
        "send": "note",
        "new": "note",
        "help": "ok",
        "about": "note",
    }
    documents = tmp_path / "Kari Ås" / "Documents"
    exported = documents / "Året på prøve – eksport"
    assert str(exported) in told["export"][2]
    assert "Sykefravær" in (exported / "indicators.csv").read_text(encoding="utf-8-sig")
    copied = open_book(documents / "Året på prøve – utgave 2.xlsx").book.manifest
    assert (copied.values["copy"], copied.edition) == ("leader", 2)
    assert "kopi laget til overordnet leder" in str(front.sheets["Logg"].used_range.value)
    draft = documents / "Året på prøve – utgave 1.eml"
    assert told["send"][2].splitlines()[1] == str(draft)
    assert b"X-Unsent: 1" in draft.read_bytes()
    assert told["update"][2] == "Alt er oppdatert fra før"
    assert told["months"][2] == "Diagrammene viser 24 måneder"
    assert spot(front, "hms_months_shown").Value2 == 24
    assert (documents / "HMS-arbeidsbok.xlsx").is_file()
    for verb in ("go_status", "go_trends"):
        assert ask(verb, "--book", front.fullname) == (0, "ok", "")
        assert front.app.api.ActiveWorkbook.FullName == front.fullname
        assert front.app.api.ActiveSheet.Name == {"go_status": "Status", "go_trends": "Trender"}[verb]
    assert ask("help", "--book", front.name)[1:] == ("ok", "")
    assert front.app.api.ActiveSheet.Name == "Veiledning"
    xlwings.books["HMS-arbeidsbok.xlsx"].close()


def choice(verb: str) -> tuple[str, ...]:
    return {"months": ("24",), "new": ("skoen",), "copy": ("leader",)}.get(verb, ())


def test_the_first_problem_is_gone_to_and_told(ask: Ask, front: xlwings.Book) -> None:
    front.sheets["Logg"].activate()
    _, kind, text = ask("go_problem", "--book", front.fullname)
    (first, *_) = [
        part for part in ask("check", "--book", front.fullname)[2].split("\n\n") if "!" in part[:40]
    ]
    sheet, cell = first.split(": ")[0].split("!")
    assert kind == "ok"
    assert first == f"{sheet}!{cell}: {text}"
    assert front.app.api.ActiveSheet.Name == sheet
    assert front.app.api.Selection.GetAddress().replace("$", "") == cell


def test_new_workbooks_never_replace_one(ask: Ask, tmp_path: Path) -> None:
    documents = tmp_path / "Kari Ås" / "Documents"
    (documents / "HMS-arbeidsbok.xlsx").write_bytes(b"min egen")
    made = [ask("new", "apu", "--lang", language) for language in ("nb", "nn", "en")]
    assert [kind for _, kind, _ in made] == ["note"] * 3
    assert (documents / "HMS-arbeidsbok.xlsx").read_bytes() == b"min egen"
    files = [Path(text.splitlines()[1]) for _, _, text in made]
    assert files[0].name == "HMS-arbeidsbok 2.xlsx"
    assert [language_of(file) for file in files] == ["nb", "nn", "en"]
    assert {file.parent for file in files} == {documents}
    for file in files:
        xlwings.books[file.name].close()
    again = ask("new", "ukjent")
    assert again[:2] == (2, "error")
    assert "ukjent" in again[2]


def test_a_new_workbook_is_not_called_what_an_open_one_is(ask: Ask, tmp_path: Path) -> None:
    other = tmp_path / "annen mappe"
    other.mkdir()
    with opened(book(other / "HMS-arbeidsbok.xlsx")):
        assert ask("new")[2].splitlines()[1].endswith("HMS-arbeidsbok 2.xlsx")
    xlwings.books["HMS-arbeidsbok 2.xlsx"].close()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fly",), "Kjenner ikke fly."),
        ((), "live"),
        (("months", "13"), "13"),
        (("months",), "måneder"),
        (("update", "--hwnd", "vinduet"), "vinduet"),
        (("update", "--bok", "x"), "--bok"),
        (("update", "--book"), "--book"),
        (("update", "--lang", "dansk"), "dansk"),
        (("update", "--today", "i går"), "i går"),
        (("update", "--book", "C:\\Mine filer\\borte.xlsx"), "Fant ikke borte.xlsx blant"),
        (
            ("update", "--book", "https://firma.sharepoint.com/sites/x/borte%20bok.xlsx"),
            "Fant ikke borte%20bok.xlsx",
        ),
        (("update", "--lang", "en", "--book", "gone.xlsx"), "Did not find gone.xlsx"),
        (("update", "--lang", "nn", "--book", "borte.xlsx"), "Fann ikkje borte.xlsx"),
    ],
)
def test_what_makes_no_sense_is_answered_too(ask: Ask, arguments: tuple[str, ...], said: str) -> None:
    code, kind, text = ask(*arguments)
    assert (code, kind) == (2, "error")
    assert said in text


def test_a_book_on_the_web_is_found_by_its_name_and_never_opened(
    ask: Ask, front: xlwings.Book, engine: UnoEngine
) -> None:
    engine.calls.reset()
    address = "https://firma.sharepoint.com/sites/HMS%20gruppa/%C3%85ret%20p%C3%A5%20pr%C3%B8ve.xlsx"
    assert ask("go_trends", "--book", address) == (0, "ok", "")
    assert engine.calls.operations["open_book"] == 0
    assert front.app.api.ActiveSheet.Name == "Trender"


def test_whole_columns_and_rows_are_areas_too() -> None:
    found = [area_of(address) for address in ("$B$4:$Y$64", "$C$3", "$B:$D", "$4:$9")]
    assert found == [(4, 2, 64, 25), (3, 3, 3, 3), (1, 2, 1048576, 4), (4, 1, 9, 16384)]


def test_a_sheet_in_use_to_its_end_is_named(ask: Ask, front: xlwings.Book) -> None:
    last = front.sheets["Tiltak"].range("B1048576")
    last.value = "langt nede"
    try:
        code, kind, text = ask("update", "--book", front.fullname)
    finally:
        last.clear_contents()
    assert (code, kind) == (2, "error")
    assert text.startswith("Tiltak er i bruk så langt ned")


def _fail_at(monkeypatch: pytest.MonkeyPatch, wanted: str, error: Exception) -> None:
    """Let the program fail whenever it is asked for this."""
    ask = com.Bridge.ask

    def failing(bridge: com.Bridge, operation: str, **arguments: object) -> object:
        if operation == wanted:
            raise error
        return ask(bridge, operation, **arguments)

    monkeypatch.setattr(com.Bridge, "ask", failing)


def test_what_nobody_foresaw_is_told_with_a_log(
    ask: Ask, front: xlwings.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    _fail_at(monkeypatch, "used", ZeroDivisionError("dette skulle ikke skje"))
    code, kind, text = ask("check", "--book", front.fullname)
    (log,) = tmp_path.glob("hmsbook-feil-*.log")
    assert (code, kind) == (2, "error")
    assert log.name in text
    assert "Arbeidsboka er som før" in text
    assert "dette skulle ikke skje" in log.read_text(encoding="utf-8")
    assert front.app.api.StatusBar is False


def test_what_excel_refuses_is_told_in_the_language_asked_for(
    ask: Ask, front: xlwings.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail_at(monkeypatch, "used", ComError(REJECTED, "Call was rejected by callee."))
    texts = {lang: ask("check", "--book", front.name, "--lang", lang) for lang in ("nb", "nn", "en")}
    starts = {"nb": "Excel er opptatt", "nn": "Excel er oppteken", "en": "Excel is busy"}
    for lang, (code, kind, text) in texts.items():
        assert (code, kind) == (2, "error")
        assert text.startswith(starts[lang])
        assert "Året på prøve.xlsx" in text


def test_an_answer_that_cannot_be_written_is_no_traceback(
    front: xlwings.Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["live", "go_status", "--book", front.name, "--answer", str(tmp_path / "borte" / "svar.txt")])
    assert code == 2
    said = capsys.readouterr().err
    # A slow machine makes any command say that it works, first.
    assert "Feil: " in said
    assert "Traceback" not in said


LIGHT = """
import sys
from hmsbook.actions.live import Asked, live
from hmsbook.errors import ExcelError
from hmsbook.hosts import com
print(live(Asked("about")).kind)
try:
    com.xlwings()
except ExcelError as error:
    assert error.key == "no_excel_here", error
assert "xlwings" in sys.modules
print(sorted({"pandas", "numpy", "matplotlib", "PIL", "openpyxl", "xlsxwriter"} & set(sys.modules)))
"""


def test_a_button_pays_for_no_library_it_does_not_need() -> None:
    ran = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False)
    assert (ran.stdout.splitlines(), ran.stderr) == (["note", "[]"], "")
