"""The add-in in front of one of our workbooks, its buttons pressed, in both interpreters."""

from __future__ import annotations

import pytest

from hmsbook.addin.labels import said
from hmsbook.addin.ribbon import control_id
from hmsbook.commands import ribbon_groups
from tests.addin.stage import PYTHON, Stage, tags
from tests.addin.windows import argv, expanded


def test_every_button_works(ours: Stage) -> None:
    controls = [control_id(button) for buttons in ribbon_groups().values() for button in buttons]
    assert [control for control in controls if not ours.enabled(control)] == []
    assert ours.says("supertip", "hms_check") == said("nb")["hms_check.supertip"]


@pytest.mark.parametrize(("control", "verb"), tags().items())
def test_each_button_gives_its_command_line(ours: Stage, control: str, verb: str) -> None:
    (kind, line), *rest = ours.press(control)
    program, *arguments = argv(line)
    book = arguments.pop(arguments.index("--book") + 1)
    assert (kind, program, rest) == ("run", PYTHON, [])
    assert book.endswith("bok æ & 100%.xlsx")
    ends = ["--book", "--hwnd", "4711", "--lang", "nb", "--answer", r"C:\Temp\hmsbook-1.tmp"]
    assert arguments == ["-P", "-m", "hmsbook", "live", *verb.split(" "), *ends]


def test_the_line_survives_windows_filling_in_of_variables(ours: Stage) -> None:
    ours.set(python=r"C:\100%TEMP%\py%\pythonw.exe", language="2068")
    line = ours.press("hms_update")[0][1]
    variables = {"TEMP": r"C:\Temp", "HMSBOOK_PERCENT": "%"}
    assert argv(expanded(ours.ask("StageUnexpanded", line), variables)) == argv(line)
    assert argv(line)[0] == r"C:\100%TEMP%\py%\pythonw.exe"
    assert "--lang nn " in line
    ours.set(python=PYTHON, language="1044")


# Answers


def test_a_result_is_no_dialog(ours: Stage) -> None:
    ours.set(answer="ok\r\nOppdatert: 8 indikatorer,\r\n2 signaler\r\n")
    assert [entry[0] for entry in ours.press("hms_update")] == ["run", "later"]
    assert ours.press("hms_update")[1] == ("later", "8 HmsClearStatus")
    ours.set(answer="ok")


@pytest.mark.parametrize(
    ("answer", "icon", "text"),
    [
        ("note\nTo ting å se på.\n", "note", "To ting å se på."),
        ("note\r\nFørst dette.\r\n\r\nSå dette.\r\n\r\n", "note", "Først dette.\n\nSå dette."),
        ("error\nArket er låst.", "warning", "Arket er låst."),
        ("error\n" + "x" * 1001, "warning", "x" * 1000 + " ..."),
        ("", "warning", said("nb")["no_answer"].format(code=3)),
        ("Traceback\nboom", "warning", said("nb")["no_answer"].format(code=3)),
    ],
)
def test_an_answer_is_shown_as_its_first_line_asks(ours: Stage, answer: str, icon: str, text: str) -> None:
    ours.set(answer=answer)
    assert ours.message("hms_update") == (icon, ours.title(), text)
    ours.set(answer="ok")


# What is in the way


def test_where_nothing_is_installed_it_says_so(ours: Stage) -> None:
    ours.set(python="")
    assert ours.press("hms_update") == [("say", "48", ours.title(), said("nb")["not_installed"])]
    ours.set(python=PYTHON)


def test_where_python_is_gone_it_says_which(ours: Stage) -> None:
    ours.set(missing="yes")
    assert ours.press("hms_update") == [("say", "48", ours.title(), said("nb")["gone"].format(python=PYTHON))]
    ours.set(missing="no")


def test_where_excel_may_start_nothing_it_says_what_to_do(ours: Stage) -> None:
    ours.set(refusal="yes")
    icon, _, text = ours.message("hms_months_36")
    assert icon == "warning"
    assert text.startswith("Excel fikk ikke starte hmsbook (70: ")
    assert "«hmsbook live months 36»" in text
    ours.set(refusal="no")
    assert ours.press("hms_update")[0][0] == "run"


def test_on_a_mac_it_says_that_terminal_is_the_way(ours: Stage) -> None:
    ours.set(mac="yes")
    assert ours.press("hms_update") == [("say", "64", ours.title(), said("nb")["mac"].format(verb="update"))]
    ours.set(mac="no")


def test_a_button_pressed_while_another_works_waits(ours: Stage) -> None:
    entries = ours.press_twice("hms_update")
    assert [entry[0] for entry in entries] == ["run", "say"]
    assert entries[1] == ("say", "64", ours.title(), said("nb")["busy"])


def test_what_nobody_thought_of_is_told_and_over(ours: Stage) -> None:
    ours.set(broken="yes")
    icon, _, text = ours.message("hms_update")
    assert icon == "warning"
    assert text.startswith("Noe gikk galt i HMS-tillegget: 53: ")
    ours.set(broken="no")
    assert ours.press("hms_update")[0][0] == "run"
