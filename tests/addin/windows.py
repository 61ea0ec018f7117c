"""What Windows does with a command line, as far as the add-in relies on it."""

from __future__ import annotations

import re
from collections.abc import Mapping


def expanded(text: str, variables: Mapping[str, str]) -> str:
    """A text with its environment variables filled in once, as WScript.Shell's Run does; others stay."""
    return re.sub(r"%([^%]+)%", lambda found: variables.get(found[1].upper(), found[0]), text)


def argv(command_line: str) -> list[str]:
    """The arguments that CommandLineToArgvW makes of a command line.

    The program's name ends at the next quote, or at a blank where it began with none, and backslashes in it
    are plain. After it 2n backslashes before a quote are n and the quote begins or ends a part, 2n + 1 are n
    and the quote is plain, and of three quotes in a row within a part the third is plain.
    """
    program, rest = _program(command_line)
    return [program, *_arguments(rest)]


def _program(text: str) -> tuple[str, str]:
    if text.startswith('"'):
        name, _, rest = text[1:].partition('"')
        return name, rest
    name = re.split(r"[ \t]", text, maxsplit=1)[0]
    return name, text[len(name) :]


def _arguments(text: str) -> list[str]:
    found: list[str] = []
    place, length = 0, len(text)
    while (place := _past_blanks(text, place)) < length:
        argument, quotes = "", 0
        while place < length and (quotes or text[place] not in " \t"):
            run = re.compile(r"(\\*)(\"*)").match(text, place)
            assert run is not None
            slashes, marks = len(run[1]), len(run[2])
            place = run.end()
            if marks:
                argument += "\\" * (slashes // 2)
                if slashes % 2:
                    argument, marks = argument + '"', marks - 1
                more, quotes = _quotes(quotes, marks)
                argument += more
            elif slashes:
                argument += "\\" * slashes
            else:
                argument, place = argument + text[place], place + 1
        found.append(argument)
    return found


def _past_blanks(text: str, place: int) -> int:
    return place + len(text[place:]) - len(text[place:].lstrip(" \t"))


def _quotes(open_: int, marks: int) -> tuple[str, int]:
    """What a row of quotes adds, and whether a part is open after it."""
    plain, count = "", open_
    for _ in range(marks):
        count += 1
        if count == 3:
            plain, count = plain + '"', 0
    return plain, 0 if count == 2 else count
