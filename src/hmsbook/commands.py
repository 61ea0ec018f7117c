"""What a person can ask for: names and options of every command, for terminal, docs and ribbon."""

from __future__ import annotations

from collections.abc import Iterable

from hmsbook.model.frozen import Frozen
from hmsbook.standard.calc import MONTH_CHOICES
from hmsbook.texts.files import LANGUAGES

METHODS = ("proind", "skoen", "apu", "survey")
BETTER = ("higher", "lower", "neutral")
ADDIN_ACTIONS = ("build", "install", "status", "uninstall")
AUDIENCES = ("group", "everyone", "leader", "score")
FREQUENCIES = ("month", "quarter", "half_year", "year", "occasion")


class Option(Frozen):
    """An argument of a command; its help stands in the text files.

    A name without dashes is a place; `many` may stand in the last one. `takes` says how the text is
    understood: text, path, day, month, start (a month or a workbook), number, list, or flag for no value at
    all.
    """

    name: str
    takes: str = "text"
    choices: tuple[str, ...] = ()
    default: object = None
    optional: bool = False
    many: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The ways to type the option: `-o`, as everywhere, for where the result goes."""
        return ("-o", self.name) if self.name == "--out" else (self.name,)

    @property
    def key(self) -> str:
        """The option's key in the text files and in code."""
        return self.name.lstrip("-").replace("-", "_")


class Command(Frozen):
    """One command: its key and its options."""

    key: str
    options: tuple[Option, ...]


class Button(Frozen):
    """A button of the ribbon: its key is the verb of `hmsbook live`, its words stand in the text files.

    `icon` is one of Office's own pictures (imageMso). A button with choices is a menu of them; `choice_words`
    are the allowed values whose labels they have. One that names a command is called what the command is
    called, and is there when the command is.
    """

    key: str
    group: str
    icon: str
    large: bool = False
    needs_book: bool = True
    choices: tuple[str, ...] = ()
    choice_words: str = ""
    command: str = ""


COMMON = (
    Option("--lang", choices=LANGUAGES),
    Option("--json", "flag"),
    Option("--today", "day"),
)
_BOOK = Option("book", "path")
_AS_OF = Option("--as-of", "month")

# What is done with workbooks and numbers; buttons are of these.
_WORK: tuple[Command, ...] = (
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
    Command(
        "send",
        (
            Option("book", "path", optional=True),
            Option("--for", choices=AUDIENCES, default=AUDIENCES[0]),
            Option("--to", "list"),
            Option("--by", "day"),
            Option("--draft", "path"),
            Option("--outlook", "flag"),
            Option("--smtp", "flag"),
            Option("--dry-run", "flag"),
            Option("--with-sheet", "list"),
            Option("--with-column", "list"),
            Option("--skip-missing", "flag"),
            Option("--again", "flag"),
            Option("--forget", "flag"),
            Option("--password", "flag"),
        ),
    ),
    Command(
        "invite",
        (_BOOK, Option("--out", "path"), Option("--meetings", "flag"), Option("--deadlines", "flag")),
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
    Command(
        "copy",
        (
            _BOOK,
            Option("--for", choices=AUDIENCES),
            Option("--member"),
            Option("--with-sheet", "list"),
            Option("--with-column", "list"),
            Option("--out", "path"),
            Option("--dry-run", "flag"),
            Option("--force", "flag"),
        ),
    ),
    Command(
        "merge",
        (
            _BOOK,
            Option("returned", "path", optional=True, many=True),
            Option("--take", choices=("mine", "theirs", "ask")),
            Option("--save-out", "path"),
            Option("--dry-run", "flag"),
            Option("--backup", "flag"),
        ),
    ),
    Command("catalogue", (Option("--factor"),)),
    Command("reference", ()),
)
EXIT_CODES = {"fine": 0, "problems": 1, "failed": 2}


# The groups of the ribbon, from left to right.
GROUPS = ("book", "refresh", "share", "help")
BUTTONS: tuple[Button, ...] = (
    Button(
        "new",
        "book",
        "FileNew",
        needs_book=False,
        choices=METHODS,
        choice_words="methods",
        command="new",
    ),
    Button("go_status", "book", "ViewPageLayoutView"),
    Button("go_trends", "book", "ChartTypeLineInsertGallery"),
    Button("export", "book", "ExportTextFile", command="export"),
    Button("update", "refresh", "RefreshAll", large=True, command="update"),
    Button("check", "refresh", "ErrorChecking", command="check"),
    Button("go_problem", "refresh", "TraceError"),
    Button("months", "refresh", "FunctionsDateTimeInsertGallery", choices=tuple(map(str, MONTH_CHOICES))),
    Button("copy", "share", "Copy", choices=AUDIENCES, command="copy"),
    Button("send", "share", "FileSendAsAttachment", command="send"),
    Button("merge", "share", "Consolidate", command="merge"),
    Button("help", "help", "Help", needs_book=False),
    Button("about", "help", "Info", needs_book=False),
)


def ribbon_groups(
    buttons: Iterable[Button] = BUTTONS, commands: Iterable[Command] = _WORK
) -> dict[str, tuple[Button, ...]]:
    """The buttons of each group that shows: those whose command exists, and no group without any."""
    known = {command.key for command in commands} | {""}
    shown = [button for button in buttons if button.command in known]
    groups = {group: tuple(button for button in shown if button.group == group) for group in GROUPS}
    return {group: found for group, found in groups.items() if found}


COMMANDS: tuple[Command, ...] = (
    *_WORK,
    Command(
        "live",
        (
            Option(
                "verb", choices=tuple(button.key for group in ribbon_groups().values() for button in group)
            ),
            Option("choice", optional=True),
            Option("--book"),
            Option("--hwnd", "number"),
            Option("--answer", "path"),
        ),
    ),
    Command("addin", (Option("action", choices=ADDIN_ACTIONS), Option("--out", "path"))),
    Command("doctor", (Option("book", "path", optional=True),)),
)
