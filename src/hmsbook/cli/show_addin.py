"""Runs and prints `addin` and `doctor`: plain words for people, JSON for programs."""

from __future__ import annotations

import re
import textwrap
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hmsbook.addin.doctor import doctor
from hmsbook.addin.findings import OK, WARNING, Finding, has_errors
from hmsbook.addin.install import install, uninstall
from hmsbook.addin.status import status
from hmsbook.addin.system import System, this_system
from hmsbook.cli.show import WIDTH, print_json
from hmsbook.commands import EXIT_CODES
from hmsbook.errors import HmsbookError
from hmsbook.texts.words import Words, printable, words

Explain = Callable[[HmsbookError, Words], str]

_ACTIONS: dict[str, Callable[[System], tuple[Finding, ...]]] = {
    "install": install,
    "status": status,
    "uninstall": uninstall,
}
_SEVERITIES = {WARNING: "W"}
_MARGIN = 9
_IS_PATH = re.compile(r"[\\/]")
_GLUE = "\N{NO-BREAK SPACE}"


def run_addin(options: Namespace) -> int:
    """Install, look after or take away the add-in; the exit code."""
    return told(_ACTIONS[options.action](this_system()), options)


def run_doctor(options: Namespace, explain: Explain) -> int:
    """Print what support asks for; the exit code."""
    return told(doctor(this_system(), options.book), options, explain)


def told(findings: Sequence[Finding], options: Namespace, explain: Explain | None = None) -> int:
    """Print the findings; the exit code says whether one is an error."""
    language = words(options.lang or "nb")
    if options.json:
        print_json({"findings": [finding_json(finding, language, explain) for finding in findings]})
    else:
        for line in lines(findings, language, explain):
            print(line)
    return EXIT_CODES["problems" if has_errors(findings) else "fine"]


def finding_json(finding: Finding, language: Words, explain: Explain | None = None) -> dict[str, Any]:
    """A finding for programs."""
    return {
        "topic": finding.topic,
        "severity": finding.severity,
        "case": finding.case,
        "values": {name: _plain(value) for name, value in finding.values.items()},
        "text": _text(finding, language),
        "fix": _fix(finding, language, explain),
    }


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | list) else str(value)


def lines(findings: Sequence[Finding], language: Words, explain: Explain | None = None) -> Iterator[str]:
    """The findings as people read them: severity, what it is, and what to do."""
    for finding in map(_glued, findings):
        label = language.text("addin.ok")
        if finding.severity != OK:
            label = language.choice("severities", _SEVERITIES.get(finding.severity, "E"))
        yield from _wrapped(_text(finding, language), f"{label:<{_MARGIN}}")
        if fix := _fix(finding, language, explain):
            yield from _wrapped(fix, " " * _MARGIN + "→ ")


def _glued(finding: Finding) -> Finding:
    """The finding with paths and commands that no line break parts, so that they can be copied."""
    values = {
        name: value.replace(" ", _GLUE) if isinstance(value, str) and _IS_PATH.search(value) else value
        for name, value in finding.values.items()
    }
    return finding.but(values=values)


def _wrapped(text: str, first: str) -> list[str]:
    indent = " " * (_MARGIN if first.strip() != "→" else _MARGIN + 2)
    found = textwrap.wrap(
        printable(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_GLUE, " ") for line in found]


def _text(finding: Finding, language: Words) -> str:
    text = language.text(f"addin.cases.{finding.case}.text", **finding.values)
    title = f"addin.topics.{finding.topic}"
    return f"{language.text(title)}: {text}" if language.has(title) else text


def _fix(finding: Finding, language: Words, explain: Explain | None) -> str:
    """What to do; for a policy whom to ask, and where it is set."""
    if finding.problem is not None and explain is not None:
        return explain(finding.problem, language)
    key = f"addin.cases.{finding.case}.fix"
    fix = language.text(key, **finding.values) if language.has(key) else ""
    if "key" in finding.values and finding.severity != OK:
        who = "change_self" if finding.topic == "own_settings" else "ask_it"
        fix = f"{fix} {language.text(f'addin.{who}', **finding.values)}".strip()
    return fix
