"""The argument parser, made from the list of commands and the words of a language."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from hmsbook.actions.version import VERSION
from hmsbook.commands import COMMANDS, COMMON, Command, Option
from hmsbook.errors import UsageError
from hmsbook.standard.kinds import FIRST_DATE, LAST_DATE
from hmsbook.texts.files import LANGUAGES
from hmsbook.texts.words import Words, words

# What argparse says, in its own English, and the sentence that says it here.
_MISTAKES = {
    r"the following arguments are required: (?P<found>.*)": "argument_missing",
    r"unrecognized arguments: (?P<found>.*)": "argument_unknown",
    r"argument (?P<found>\S+): expected one argument": "value_missing",
    r"argument \S*: ?invalid choice: '(?P<found>.*)' \(choose from .*": "unknown_command",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in the person's language."""

    language: Words

    def error(self, message: str) -> NoReturn:
        known = ", ".join(command.key for command in COMMANDS)
        for pattern, key in _MISTAKES.items():
            if match := re.fullmatch(pattern, message):
                raise UsageError(key, found=match["found"], command=self.prog, known=known)
        raise UsageError("usage", command=self.prog)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", f"{self.language.text('commands.usage')}:")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of the command line; UsageError when they make no sense."""
    return _parser(words(asked_language(arguments) or "nb"), arguments).parse_args(arguments)


def asked_language(arguments: Sequence[str]) -> str | None:
    """The language asked for with --lang, so that help and errors are in it too."""
    found = _value_of("--lang", arguments)
    return found if found in LANGUAGES else None


def asked_answer(arguments: Sequence[str]) -> Path | None:
    """The file that whoever started `live` reads the answer in, even where the arguments make no sense."""
    found = _value_of("--answer", arguments) if "live" in arguments[:1] else None
    return Path(found) if found else None


def _value_of(option: str, arguments: Sequence[str]) -> str | None:
    """What was given for an option, whatever else the arguments say."""
    for index, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == option:
            return value or next(iter(arguments[index + 1 :]), None)
    return None


def _parser(language: Words, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of all commands, with the options of the one that is asked for."""
    parser = _new_parser(language, "hmsbook", language.text("commands.description"))
    parser.epilog = language.text("commands.exit")
    parser.add_argument(
        "--version", action="version", version=f"hmsbook {VERSION}", help=language.text("commands.version")
    )
    listed = parser.add_subparsers(
        dest="command",
        title=language.text("commands.commands"),
        metavar="",
        required=True,
        parser_class=_Parser,
    )
    for command in COMMANDS:
        _add(listed, command, language, asked=command.key in arguments)
    return parser


def _new_parser(language: Words, name: str, description: str) -> _Parser:
    parser = _Parser(prog=name, description=description, add_help=False, allow_abbrev=False)
    _prepare(parser, language)
    return parser


def _prepare(parser: _Parser, language: Words) -> None:
    parser.language = language
    parser._positionals.title = language.text("commands.places")
    parser._optionals.title = language.text("commands.options")
    parser.add_argument("-h", "--help", action="help", help=language.text("commands.help"))


def _add(listed: Any, command: Command, language: Words, *, asked: bool) -> None:
    help_text = language.text(f"commands.{command.key}.help")
    parser: _Parser = listed.add_parser(
        command.key, help=help_text, description=help_text, add_help=False, allow_abbrev=False
    )
    if asked:
        _prepare(parser, language)
        _add_options(parser, command, language)


def _add_options(parser: _Parser, command: Command, language: Words) -> None:
    for option in command.options:
        _add_option(parser, option, language.text(f"commands.{command.key}.{option.key}"))
    for option in COMMON:
        _add_option(parser, option, language.text(f"commands.common.{option.key}"))


def _add_option(parser: argparse.ArgumentParser, option: Option, words_of_help: str) -> None:
    help_text = words_of_help.replace("%", "%%")  # argparse takes a percent sign for a blank to fill
    if option.takes == "flag":
        parser.add_argument(option.name, action="store_true", help=help_text)
        return
    extra: dict[str, Any] = {"help": help_text, "type": _TYPES[option.takes], "default": option.default}
    if option.name.startswith("--"):
        extra["dest"] = option.key
        extra["metavar"] = "|".join(option.choices) or option.key.upper()
        if option.takes == "list":
            extra["action"] = "extend"  # given twice, both count
    else:
        extra |= _place(option, help_text)
    parser.add_argument(*option.names, **extra)


def _place(option: Option, help_text: str) -> dict[str, Any]:
    """What else is said of a place: what may stand there, unless its help tells that already."""
    known = option.choices and option.choices[0] not in help_text
    listed = {"help": f"{help_text}: {', '.join(option.choices)}"} if known else {}
    count = "*" if option.many else "?"
    return listed | ({"nargs": count} if option.optional else {})


def day(text: str) -> date:
    """A day as 2026-10-31."""
    try:
        return _possible(date.fromisoformat(_fitting(_DAY, text)))
    except ValueError:
        raise UsageError("bad_date", found=text) from None


def month(text: str) -> date:
    """A month as 2026-10."""
    try:
        return _possible(date.fromisoformat(f"{_fitting(_MONTH, text)}-01"))
    except ValueError:
        raise UsageError("bad_month", found=text) from None


def _possible(found: date) -> date:
    """The day, if a workbook can hold it and the years of months after it."""
    if not FIRST_DATE <= found <= LAST_DATE:
        raise ValueError(found)
    return found


def _fitting(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(text)
    return text


def _start(text: str) -> date | Path:
    """Where a workbook begins: a month, or the workbook of the year before."""
    path = Path(text)
    if path.suffix.lower().startswith(".xls") or path.is_file():
        return path
    try:
        return month(text)
    except UsageError:
        raise UsageError("bad_start", found=text) from None


def _number(text: str) -> int:
    if not text.strip().isdecimal():
        raise UsageError("bad_number", found=text)
    return int(text)


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_TYPES: dict[str, Any] = {
    "text": str,
    "path": Path,
    "day": day,
    "month": month,
    "start": _start,
    "number": _number,
    "list": _list,
}


def today_of(found: date | None) -> date | None:
    """The day asked for, else the one in HMSBOOK_TODAY, else none."""
    text = os.environ.get("HMSBOOK_TODAY")
    return found or (day(text) if text else None)
