"""What a person can ask for: names and options of every command, for terminal, docs and ribbon."""

from __future__ import annotations

from hmsbook.model.frozen import Frozen
from hmsbook.texts.files import LANGUAGES

METHODS = ("proind", "skoen", "apu", "survey")
BETTER = ("higher", "lower", "neutral")
ADDIN_ACTIONS = ("install", "status", "uninstall")
FREQUENCIES = ("month", "quarter", "half_year", "year", "occasion")


class Option(Frozen):
    """An argument of a command; its help stands in the text files.

    A name without dashes is a place. `takes` says how the text is understood: text, path, day, month,
    start (a month or a workbook), number, list, or flag for no value at all.
    """

    name: str
    takes: str = "text"
    choices: tuple[str, ...] = ()
    default: object = None
    optional: bool = False

    @property
    def key(self) -> str:
        """The option's key in the text files and in code."""
        return self.name.lstrip("-").replace("-", "_")


class Command(Frozen):
    """One command: its key and its options."""

    key: str
    options: tuple[Option, ...]


COMMON = (
    Option("--lang", choices=LANGUAGES),
    Option("--json", "flag"),
    Option("--today", "day"),
)
_BOOK = Option("book", "path")
_AS_OF = Option("--as-of", "month")

COMMANDS: tuple[Command, ...] = (
    Command(
        "demo", (Option("folder", "path", default="hmsbook-demo", optional=True), Option("--force", "flag"))
    ),
    Command(
        "new",
        (
            _BOOK,
            Option("--method", choices=METHODS),
            Option("--org"),
            Option("--unit"),
            Option("--from", "start"),
            Option("--slots", "number"),
            Option("--indicators", "list"),
            Option("--data", "path"),
            Option("--force", "flag"),
        ),
    ),
    Command("update", (_BOOK, _AS_OF, Option("--dry-run", "flag"), Option("--backup", "flag"))),
    Command(
        "upgrade",
        (
            _BOOK,
            Option("--slots", "number"),
            Option("--method", choices=METHODS),
            Option("--out", "path"),
            Option("--leave-behind", "flag"),
            Option("--dry-run", "flag"),
        ),
    ),
    Command("check", (_BOOK, _AS_OF, Option("--strict", "flag"))),
    Command(
        "export",
        (
            _BOOK,
            Option("--table"),
            Option("--format", choices=("json", "csv"), default="json"),
            Option("--out", "path"),
            Option("--force", "flag"),
        ),
    ),
    Command(
        "analyse",
        (
            Option("series", "path"),
            Option("--better", choices=BETTER),
            Option("--target"),
            Option("--column"),
            Option("--phase-start", "list"),
            Option("--baseline", "number"),
            Option("--frequency", choices=FREQUENCIES),
            Option("--profile", choices=("mdc", "nhs_r")),
            Option("--unit"),
            Option("--rolling", "flag"),
        ),
    ),
    Command("catalogue", (Option("--factor"),)),
    Command("reference", ()),
    Command("addin", (Option("action", choices=ADDIN_ACTIONS),)),
    Command("doctor", (Option("book", "path", optional=True),)),
)
EXIT_CODES = {"fine": 0, "problems": 1, "failed": 2}
