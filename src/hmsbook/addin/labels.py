"""The words of the ribbon as a VBA module, from the text files."""

from __future__ import annotations

from collections.abc import Iterator

from hmsbook.actions.version import VERSION
from hmsbook.addin.ribbon import TAB, control_id, group_id
from hmsbook.commands import Button, ribbon_groups
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import Words, words

# What VBA knows: one code page, and lines that end as Windows ends them.
CODE_PAGE, LINE_END = "cp1252", "\r\n"

_TIPS = ("screentip", "supertip", "keytip")
_ALONE = ("title", "working", "greyed")

Lines = Iterator[str]


def labels() -> str:
    """The module HmsLabels: the version, which buttons need a workbook, and every word in every language."""
    return LINE_END.join([*_head(), *_needs(), *_choose(), *_tables()]) + LINE_END


def said(language: str) -> dict[str, str]:
    """What the ribbon says in a language, by the key that VBA asks for."""
    w = words(language)
    entries: dict[str, str] = {key: w.text(f"ribbon.{key}") for key in _ALONE} | w.get("ribbon.messages")
    entries |= {f"{TAB}.label": w.text("ribbon.tab"), f"{TAB}.keytip": w.text("ribbon.tab_keytip")}
    entries |= {f"{group_id(group)}.label": w.text(f"ribbon.groups.{group}") for group in ribbon_groups()}
    for button in _shown():
        entries |= _button(w, button)
    return entries


def _button(w: Words, button: Button) -> dict[str, str]:
    name, found = control_id(button), w.get(f"ribbon.buttons.{button.key}")
    label = w.text(f"commands.{button.command}.title") if button.command else found["label"]
    entries = {f"{name}.label": label} | {f"{name}.{part}": found[part] for part in _TIPS}
    named = w.choices(button.choice_words) if button.choice_words else found.get("choices", {})
    for number, choice in enumerate(button.choices, 1):
        chosen = control_id(button, choice)
        entries |= {f"{chosen}.label": named[choice], f"{chosen}.keytip": str(number)}
    return entries


def _shown() -> Iterator[Button]:
    for buttons in ribbon_groups().values():
        yield from buttons


def _head() -> Lines:
    yield 'Attribute VB_Name = "HmsLabels"'
    yield from ("Option Explicit", "")
    yield '\' Made by "python -m hmsbook.generate" from the list of commands and the text files.'
    yield ""
    yield f"Public Const HMS_VERSION As String = {_quoted(VERSION)}"


def _needs() -> Lines:
    free = [
        _quoted(control_id(button, choice))
        for button in _shown()
        for choice in ("", *button.choices)
        if not button.needs_book
    ]
    yield from ("", "' Whether a button works on a workbook of ours only.")
    yield "Public Function HmsNeedsBook(ByVal id As String) As Boolean"
    yield from ("    Select Case id", f"        Case {', '.join(free)}")
    yield from ("            HmsNeedsBook = False", "        Case Else")
    yield from ("            HmsNeedsBook = True", "    End Select", "End Function")


def _choose() -> Lines:
    yield from ("", "' What is said in a language under a key; nothing where there is nothing to say.")
    yield "Public Function HmsWord(ByVal language As String, ByVal key As String) As String"
    yield "    Select Case language"
    for language in LANGUAGES:
        yield f"        Case {_quoted(language)}: HmsWord = {_function(language)}(key)"
    yield from ("    End Select", "End Function")


def _tables() -> Lines:
    for language in LANGUAGES:
        name = _function(language)
        yield from ("", f"Private Function {name}(ByVal key As String) As String", "    Select Case key")
        for key, text in said(language).items():
            yield f"        Case {_quoted(key)}: {name} = {_quoted(text)}"
        yield from ("    End Select", "End Function")


def _function(language: str) -> str:
    return f"HmsWord{language.capitalize()}"


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
