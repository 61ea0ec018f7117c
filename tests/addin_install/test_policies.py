"""What stops the add-in, each drawn: policies by three ways, what the user chose, Defender, Excel itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from hmsbook.addin.findings import ERROR, OK, WARNING, Finding
from hmsbook.addin.places import start_folder
from hmsbook.addin.policies import CHILD_PROCESSES, POLICIES, POLICY_ROOTS, blocking
from tests.addin_install.machines import cases, mac, windows

OWN = r"HKCU\Software\Microsoft\Office\16.0"
ASR = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
ASR_BY_HAND = r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
INTUNE = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager | ASRRules | "
OTHER_RULE = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"
DISABLED = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems | 1A2B3C | "
SHELL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders | AppData | "
TRUSTED = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security\Trusted Locations"
NO_TRUSTED = rf"{TRUSTED} | AllLocationsDisabled | 1"
MACROS_OFF = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security | VBAWarnings | 4"


def found(folder: Path, registry: str) -> tuple[Finding, ...]:
    system = windows(folder, registry)
    place = start_folder(system)
    assert place is not None
    return blocking(system, place)


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    found = list(findings)
    return [(finding.severity, case) for finding, case in zip(found, cases(found), strict=True)]


NOTHING = [(OK, "no_policy")]
DRAWN = [
    ("", NOTHING),
    (rf"{ASR} | {CHILD_PROCESSES} | 1", [(ERROR, "children_blocked")]),
    (rf"{ASR} | {CHILD_PROCESSES.upper()} | 1", [(ERROR, "children_blocked")]),
    (rf"{ASR} | {CHILD_PROCESSES} | 6", [(WARNING, "children_warned")]),
    (rf"{ASR} | {CHILD_PROCESSES} | 2", NOTHING),
    (rf"{ASR} | {CHILD_PROCESSES} | 0", NOTHING),
    (rf"{ASR} | {OTHER_RULE} | 1", NOTHING),
    (rf"{ASR_BY_HAND} | {CHILD_PROCESSES} | 1", [(ERROR, "children_blocked")]),
    (rf"{INTUNE}{OTHER_RULE}=2|".rstrip("|"), NOTHING),
    (f"{ASR} | {CHILD_PROCESSES} | 0\n{ASR_BY_HAND} | {CHILD_PROCESSES} | 1", NOTHING),
    (DISABLED + r"utf-16:C:\Users\Kari\AppData\Roaming\Microsoft\Excel\XLSTART\HMSBOOK.xlam",
     [(ERROR, "disabled_by_excel")]),
    (DISABLED + r"utf-16:C:\Users\Kari\AppData\Roaming\Microsoft\AddIns\solver.xlam", NOTHING),
    (SHELL + r"\\server\home\kari", [(WARNING, "folder_on_server")]),
    (SHELL + "\\\\server\\home\\kari\n" + rf"{TRUSTED} | AllowNetworkLocations | 1", NOTHING),
    # Rules for macros count only where the start-up folder is not trusted.
    (MACROS_OFF, [(OK, "macros_off")]),
    (MACROS_OFF + "\n" + NO_TRUSTED, [(WARNING, "no_trusted"), (ERROR, "macros_off")]),
    # A policy decides over what the user chose, also when it allows.
    (
        r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security | DisableAllAddins | 0"
        "\n" + rf"{OWN}\Excel\Security | DisableAllAddins | 1",
        NOTHING,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("registry", "expected"), DRAWN)
def test_what_is_drawn_is_told(tmp_path: Path, registry: str, expected: list[tuple[str, str]]) -> None:
    assert told(found(tmp_path, registry)) == expected


def test_rules_from_intune_stand_in_one_value(tmp_path: Path) -> None:
    system = windows(tmp_path, "")
    system.registry.write(
        INTUNE.partition(" |")[0], {"ASRRules": f"{OTHER_RULE}=1|{CHILD_PROCESSES.upper()}=1"}
    )
    assert told(blocking(system, tmp_path)) == [(ERROR, "children_blocked")]


@pytest.mark.parametrize("root", [*POLICY_ROOTS, OWN])
@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.case)
def test_each_policy_is_found_wherever_it_is_set(tmp_path: Path, root: str, policy: object) -> None:
    assert policy in POLICIES
    case = next(it for it in POLICIES if it == policy)
    key = rf"{root}\{case.key}"
    (finding,) = found(tmp_path, rf"{key} | {case.name} | {case.stops}")
    assert (finding.case, finding.severity) == (case.case, case.severity)
    assert finding.values == {"key": key, "name": case.name, "value": case.stops}
    assert finding.topic == ("own_settings" if root == OWN else "policies")


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.case)
def test_another_value_stops_nothing(tmp_path: Path, policy: object) -> None:
    case = next(it for it in POLICIES if it == policy)
    other = 1 if case.stops == 0 else 0
    assert told(found(tmp_path, rf"{POLICY_ROOTS[1]}\{case.key} | {case.name} | {other}")) == NOTHING


def test_a_mac_has_no_such_policies(tmp_path: Path) -> None:
    assert blocking(mac(tmp_path), tmp_path) == ()
