"""The add-in in front of a workbook that is none of ours, in both interpreters."""

from __future__ import annotations

import pytest

from hmsbook.addin.labels import said
from hmsbook.addin.ribbon import control_id
from hmsbook.commands import METHODS, Button, ribbon_groups
from hmsbook.texts.files import LANGUAGES
from tests.addin.stage import LANGUAGES as OFFICE
from tests.addin.stage import Stage, tags

SHOWN = [button for buttons in ribbon_groups().values() for button in buttons]
FREE = (*(f"hms_new_{method}" for method in METHODS), "hms_help", "hms_about")

each_button = pytest.mark.parametrize("button", SHOWN, ids=lambda button: button.key)


@each_button
def test_only_what_needs_no_workbook_works(stage: Stage, button: Button) -> None:
    assert stage.enabled(control_id(button)) is not button.needs_book


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tip_says_why_a_button_is_greyed(stage: Stage, language: str) -> None:
    stage.set(language=OFFICE[language])
    words = said(language)
    assert stage.says("supertip", "hms_check") == f"{words['greyed']}\n\n{words['hms_check.supertip']}"
    assert stage.says("supertip", "hms_new") == words["hms_new.supertip"]
    stage.set(language=OFFICE["nb"])


@pytest.mark.parametrize("control", [name for name in tags() if name not in FREE])
def test_a_press_that_came_too_late_starts_nothing(stage: Stage, control: str) -> None:
    """The ribbon may show a button a moment longer than its workbook is in front."""
    assert stage.press(control) == [("say", "64", *_note(stage, said("nb")["greyed"]))]


def _note(stage: Stage, text: str) -> tuple[str, str]:
    return stage.title(), text


@pytest.mark.parametrize("control", FREE)
def test_what_needs_no_workbook_runs(stage: Stage, control: str) -> None:
    kind, line = stage.press(control)[0]
    assert kind == "run"
    assert f" -m hmsbook live {tags()[control]} " in line


@pytest.mark.parametrize(
    ("number", "language"),
    [("1044", "nb"), ("2068", "nn"), ("1033", "en"), ("2057", "en"), ("1030", "en"), ("0", "en")],
)
def test_the_language_is_offices_own(stage: Stage, number: str, language: str) -> None:
    stage.set(language=number)
    assert stage.says("label", "hms_update") == said(language)["hms_update.label"]
    stage.set(language=OFFICE["nb"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_comes_out_as_it_was_written(stage: Stage, language: str) -> None:
    stage.set(language=OFFICE[language])
    wrong = {}
    for key, text in said(language).items():
        control, _, question = key.partition(".")
        if question and question != "supertip" and stage.says(question, control) != text:
            wrong[key] = stage.says(question, control)
    stage.set(language=OFFICE["nb"])
    assert wrong == {}


def test_what_has_no_words_says_nothing(stage: Stage) -> None:
    assert stage.says("label", "hms_unknown") == ""


def test_another_workbook_in_front_lets_the_ribbon_ask_again(stage: Stage) -> None:
    assert stage.ask("StageLoad") == "invalidate\t\r"
    assert stage.press("hms_about")[-1] == ("invalidate", "")
    assert stage.ask("StageUnload") == ""
