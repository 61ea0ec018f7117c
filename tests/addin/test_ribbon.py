"""The ribbon follows from the list of buttons, and its words are there in every language."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from hmsbook.addin.labels import labels, said
from hmsbook.addin.ribbon import control_id, ribbon
from hmsbook.commands import BUTTONS, COMMANDS, GROUPS, Button, Command, ribbon_groups
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import words
from tests.content.texts import A_INFINITIVE, NOT_BRITISH, blanks, in_all_languages, strings

WORDS = in_all_languages("ribbon")
# Pictures that Office 2010 and every newer one has, by Microsoft's lists of control identifiers.
ICONS = {
    "ChartTypeLineInsertGallery",
    "Consolidate",
    "Copy",
    "ErrorChecking",
    "ExportTextFile",
    "FileNew",
    "FileSendAsAttachment",
    "FunctionsDateTimeInsertGallery",
    "Help",
    "Info",
    "RefreshAll",
    "TraceError",
    "ViewPageLayoutView",
}
# What fits beside a small picture, and what Office shows of a tip.
LABEL, MENU_LABEL, SCREENTIP, SUPERTIP = 20, 30, 45, 500

every_language = pytest.mark.parametrize("language", LANGUAGES)


def controls(xml: str) -> list[str]:
    return [element.get("id", "") for element in ElementTree.fromstring(xml).iter() if element.get("id")]


# The buttons


def test_every_button_stands_in_its_group_in_order() -> None:
    shown = [control_id(button) for buttons in ribbon_groups().values() for button in buttons]
    assert [name for name in controls(ribbon()) if name in shown] == shown
    assert {button.group for button in BUTTONS} == set(GROUPS)
    assert [button.key for button in BUTTONS if button.large] == ["update"]


def test_a_button_appears_with_its_command() -> None:
    plain = [command for command in COMMANDS if command.key not in ("copy", "send", "merge")]
    assert "share" not in ribbon_groups(commands=plain)
    groups = ribbon_groups(commands=[*plain, Command("send", ()), Command("merge", ())])
    assert list(groups) == list(GROUPS)
    assert [button.key for button in groups["share"]] == ["send", "merge"]
    assert {"hms_group_share", "hms_send", "hms_merge"} <= set(controls(ribbon(groups)))
    assert "hms_copy" not in controls(ribbon(groups))


def test_a_menu_is_made_of_its_choices() -> None:
    button = Button("months", "refresh", "Help", choices=("12", "24"))
    tree = ElementTree.fromstring(ribbon({"refresh": (button,)}))
    menu = next(element for element in tree.iter() if element.get("id") == "hms_months")
    assert [(child.get("id"), child.get("tag")) for child in menu] == [
        ("hms_months_12", "months 12"),
        ("hms_months_24", "months 24"),
    ]
    assert menu.get("onAction") is None


def test_pictures_exist_in_every_office() -> None:
    assert {button.icon for button in BUTTONS} == ICONS


# The words


def test_all_languages_have_the_same_keys_and_blanks() -> None:
    original = dict(strings(WORDS["nb"]))
    for language in LANGUAGES:
        found = dict(strings(WORDS[language]))
        assert list(found) == list(original)
        assert {key: blanks(text) for key, text in found.items()} == {
            key: blanks(text) for key, text in original.items()
        }


@every_language
def test_every_button_has_its_words_and_no_other_has(language: str) -> None:
    found = WORDS[language]["ribbon"]
    assert list(found["groups"]) == list(GROUPS)
    assert list(found["buttons"]) == [button.key for button in BUTTONS]
    for button in BUTTONS:
        wanted = {"screentip", "supertip", "keytip"}
        wanted |= set() if button.command else {"label"}
        wanted |= {"choices"} if button.choices and not button.choice_words else set()
        assert set(found["buttons"][button.key]) == wanted, button.key
        named = {} if button.choice_words else dict.fromkeys(button.choices)
        assert tuple(found["buttons"][button.key].get("choices", ())) == tuple(named)


@every_language
def test_a_button_is_called_what_its_command_is_called(language: str) -> None:
    assert said(language)["hms_update.label"] == words(language).text("commands.update.title")


@every_language
def test_vba_can_hold_every_word(language: str) -> None:
    wrong = [(key, text) for key, text in strings(WORDS[language]) if _lost(text)]
    assert wrong == []
    assert labels().encode("cp1252")


def _lost(text: str) -> bool:
    return text.encode("cp1252", errors="replace").decode("cp1252") != text or not text.isprintable()


def test_a_word_that_vba_cannot_hold_would_be_found() -> None:
    assert _lost("≥ 5")
    assert _lost("σ")
    assert _lost("to\nlinjer")
    assert not _lost("Åpne «æøå» – …")


@every_language
def test_words_fit(language: str) -> None:
    limits = {"label": LABEL, "screentip": SCREENTIP, "supertip": SUPERTIP}
    # A menu is as wide as what it offers.
    offered = {
        f"{control_id(button, choice)}.label": MENU_LABEL for button in BUTTONS for choice in button.choices
    }
    wrong = [
        (key, len(text))
        for key, text in said(language).items()
        if len(text) > offered.get(key, limits.get(key.rpartition(".")[2], 10_000))
    ]
    assert wrong == []


@every_language
def test_tips_end_as_they_should(language: str) -> None:
    for key, text in said(language).items():
        if key.endswith(".screentip"):
            assert text[-1] not in ".:", key
        if key.endswith(".supertip") or key in WORDS[language]["ribbon"]["messages"]:
            assert text[-1] == ".", key


@every_language
def test_keytips_tell_buttons_apart(language: str) -> None:
    """None begins another: Office would wait for more, or choose for itself."""
    found = WORDS[language]["ribbon"]["buttons"]
    keys = [found[button.key]["keytip"] for button in BUTTONS]
    assert [(a, b) for a, b in combinations(keys, 2) if a.startswith(b) or b.startswith(a)] == []
    assert all(re.fullmatch(r"[A-Z]{1,3}", key) for key in keys)
    for button in (button for button in BUTTONS if button.choices):
        menu = [said(language)[f"{control_id(button, choice)}.keytip"] for choice in button.choices]
        assert menu == [str(number) for number in range(1, len(menu) + 1)]


@every_language
def test_commands_named_in_messages_exist(language: str) -> None:
    """`live` and `doctor` are of the same add-in, and the rest of its actions come with them."""
    known = {command.key for command in COMMANDS} | {"live", "doctor"}
    texts = " ".join(WORDS[language]["ribbon"]["messages"].values())
    assert set(re.findall(r"[«“]hmsbook (\w+)", texts)) <= known


def test_each_language_is_its_own() -> None:
    for language, pattern in (("nn", A_INFINITIVE), ("en", NOT_BRITISH)):
        assert [text for _, text in strings(WORDS[language]) if pattern.search(text)] == []
    bokmal, nynorsk = (dict(strings(WORDS[language])) for language in ("nb", "nn"))
    alike = [key for key, text in bokmal.items() if len(text) > 40 and nynorsk[key] == text]
    assert alike == []
