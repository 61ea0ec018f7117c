"""What the pages for people without Python and for IT departments name is what the code does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest

from hmsbook.addin import places, policies
from hmsbook.addin.files import NAME
from hmsbook.addin.policies import POLICIES
from hmsbook.addin.status import start
from hmsbook.addin.system import this_system
from hmsbook.analysis.profile import MDC
from hmsbook.commands import ADDIN_ACTIONS, COMMANDS
from hmsbook.errors import LOG_PREFIX
from hmsbook.exchange import home

ROOT = Path(__file__).resolve().parents[2]
LETTER = (ROOT / "docs" / "til-it.md").read_text("utf-8")
WITHOUT = (ROOT / "docs" / "uten-python.md").read_text("utf-8")

START = str(PureWindowsPath("%APPDATA%", *places.WINDOWS_START))
MAC = "/".join(("~", *places.MAC_START, NAME))
KNOWN = {
    START,
    rf"{START}\{NAME}",
    places.SETTINGS,
    MAC,
    "/".join(("~", *places.MAC_SETTINGS)),
    *policies.POLICY_ROOTS,
    policies.ASR_RULES,
    policies.ASR_INTUNE,
    policies.ASR_LOCAL,
    # Mail: whose server it goes through, and what is on its way.
    rf"%{home.WINDOWS_SETTINGS}%\{home.FOLDER}\{home.SETTINGS}",
    rf"%{home.WINDOWS_STATE}%\{home.FOLDER}",
    "/".join(("~", *home.MAC, home.FOLDER)),
    # What the letter's own commands make, and what hmsbook leaves alone.
    r"%USERPROFILE%\hms",
    "HKLM",
}
NETWORK = {
    "socket",
    "ssl",
    "http",
    "urllib",
    "ftplib",
    "smtplib",
    "telnetlib",
    "requests",
    "httpx",
    "aiohttp",
}


def ticked(text: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`\n]+)`", text)


def test_every_place_and_key_in_the_letter_is_one_of_the_code() -> None:
    named = {found for found in ticked(LETTER) if found.startswith(("HK", "%", "~"))}
    assert named - KNOWN == set()
    assert KNOWN - named == set()


def test_commands_in_the_letter_name_the_file_where_it_is() -> None:
    assert rf'certutil -hashfile "{START}\{NAME}" SHA256' in LETTER


def rows() -> Iterator[list[str]]:
    table = LETTER.split("| Sperre |", 1)[1].split("\n\n", 1)[0]
    for line in table.splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split(" | ")]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.case)
def test_the_letter_lists_every_policy(policy: policies.Policy) -> None:
    found = [row[2] for row in rows() if row[1] == f"`{policy.key}`"]
    assert f"`{policy.name}` = {policy.stops}" in found


def test_the_letter_lists_nothing_else() -> None:
    own = {(f"`{policy.key}`", f"`{policy.name}` = {policy.stops}") for policy in POLICIES}
    others = [row for row in rows() if (row[1], row[2]) not in own]
    assert [row[1] for row in others] == [f"`{policies.TRUSTED}`", f"`{policies.ASR_RULES}`"]
    assert others[0][2].startswith("`AllowNetworkLocations`")
    assert others[1][2].startswith(f"`{policies.CHILD_PROCESSES}` = 1 (sperret) eller 6")


def test_the_letter_names_every_library() -> None:
    listed = next(line for line in LETTER.splitlines() if "bibliotekene" in line)
    assert [name for name in this_system().libraries if name not in listed] == []


def test_the_letter_names_what_is_started_and_what_is_left() -> None:
    assert f"`pythonw.exe {' '.join(start('')[1:-1])} live …`" in LETTER
    assert f"`{LOG_PREFIX}*.log`" in LETTER


@pytest.mark.parametrize("page", [LETTER, WITHOUT], ids=["til-it", "uten-python"])
def test_every_command_on_the_pages_exists(page: str) -> None:
    known = {command.key for command in COMMANDS}
    commands = [found.split() for found in ticked(page) if found.startswith("hmsbook ")]
    commands += [
        line.split() for line in re.findall(r"(hmsbook)\.exe\" (.*)", page) for line in [" ".join(line)]
    ]
    assert commands
    assert [command for command in commands if command[1] not in known] == []
    assert {command[2] for command in commands if command[1] == "addin"} <= set(ADDIN_ACTIONS)


def test_who_reads_the_charts_alone_is_told_the_rule_of_hmsbook() -> None:
    assert f"{MDC.run_length} eller flere måneder på rad" in " ".join(WITHOUT.split())


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_one_module_uses_the_network_when_it_is_asked_to() -> None:
    """The letter promises it."""
    modules = list((ROOT / "src" / "hmsbook").rglob("*.py"))
    assert len(modules) > 100
    found = {
        (path.relative_to(ROOT / "src" / "hmsbook").as_posix(), name)
        for path in modules
        for name in imported(path)
        # What takes addresses apart sends nothing.
        if name.split(".")[0] in NETWORK and name != "urllib.parse"
    }
    assert found == {("exchange/smtp.py", "smtplib"), ("exchange/smtp.py", "ssl")}
    # Only a run of `send --smtp` comes by it.
    users = {path.stem for path in modules if "hmsbook.exchange.smtp" in imported(path)}
    assert users == {"post"}
    assert {path.stem for path in modules if "hmsbook.actions.post" in imported(path)} == {
        "mailing",
        "show_mail",
    }
