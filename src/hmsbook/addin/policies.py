"""Settings of Windows and Office, most of them locked by an IT department, that stop an add-in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from hmsbook.addin.files import NAME
from hmsbook.addin.findings import ERROR, OK, WARNING, Finding
from hmsbook.addin.places import is_on_server
from hmsbook.addin.system import System
from hmsbook.model.frozen import Frozen

# Where Office looks for a policy: from the cloud, of the user, of the machine. What the user chose is last.
POLICY_ROOTS = (
    r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0",
    r"HKCU\Software\Policies\Microsoft\Office\16.0",
    r"HKLM\Software\Policies\Microsoft\Office\16.0",
)
OWN_ROOT = r"HKCU\Software\Microsoft\Office\16.0"
SECURITY = r"Excel\Security"
TRUSTED = r"Excel\Security\Trusted Locations"
ALL_TRUSTED = r"Common\Security\Trusted Locations"
# Excel notes here what it blames for a crash, and does not open it again.
DISABLED_ITEMS = r"HKCU\Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"
# «Block all Office applications from creating child processes», by group policy, by Intune, and set by hand.
CHILD_PROCESSES = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
ASR_RULES = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
ASR_INTUNE = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Policy Manager"
ASR_LOCAL = r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
_ASR = {"1": (ERROR, "children_blocked"), "6": (WARNING, "children_warned")}


class Policy(Frozen):
    """A value that stops the add-in when it is one of these."""

    case: str
    key: str
    name: str
    stops: int
    severity: str


POLICIES = (
    Policy("vba_off", "Common", "VBAOff", 1, ERROR),
    Policy("addins_off", SECURITY, "DisableAllAddins", 1, ERROR),
    Policy("addins_signed", SECURITY, "RequireAddinSig", 1, ERROR),
    # Excel's start-up folder is a trusted location unless these say otherwise,
    Policy("no_trusted", TRUSTED, "AllLocationsDisabled", 1, WARNING),
    Policy("only_own_trusted", ALL_TRUSTED, "Allow User Locations", 0, WARNING),
    # and what lies in one runs in spite of these.
    Policy("macros_signed", SECURITY, "VBAWarnings", 3, OK),
    Policy("macros_off", SECURITY, "VBAWarnings", 4, OK),
    # A file without a mark of the web does not come from the internet.
    Policy("macros_from_web", SECURITY, "BlockContentExecutionFromInternet", 1, OK),
)
_UNTRUSTED = {"no_trusted", "only_own_trusted"}
_MACROS = {"macros_signed", "macros_off"}


def blocking(system: System, folder: Path) -> tuple[Finding, ...]:
    """What is set on this machine that stops an add-in in this folder, or may."""
    if not system.is_windows:
        return ()
    found = (*_office(system), *_on_server(system, folder), *_child_processes(system), *_disabled(system))
    return found or (Finding("policies", OK, "no_policy"),)


def _office(system: System) -> Iterable[Finding]:
    found = [finding for policy in POLICIES for finding in _set(system, policy)]
    cases = {finding.case for finding in found}
    if cases & _UNTRUSTED:
        # Nothing trusts the folder any more, so that the rules for macros count for the add-in too.
        return [finding.but(severity=ERROR) if finding.case in _MACROS else finding for finding in found]
    return found


def _set(system: System, policy: Policy) -> Iterator[Finding]:
    """The policy, if the first place that says anything of it says what stops the add-in."""
    for root in (*POLICY_ROOTS, OWN_ROOT):
        key = rf"{root}\{policy.key}"
        value = system.registry.read(key, policy.name)
        if value is not None:
            if str(value) == str(policy.stops):
                where = {"key": key, "name": policy.name, "value": policy.stops}
                topic = "own_settings" if root == OWN_ROOT else "policies"
                yield Finding(topic, policy.severity, policy.case, where)
            return


def _on_server(system: System, folder: Path) -> Iterator[Finding]:
    """A warning when the start-up folder was moved to a server, where Excel trusts nothing unless told to."""
    roots = (*POLICY_ROOTS, OWN_ROOT)
    allowed = (system.registry.read(rf"{root}\{TRUSTED}", "AllowNetworkLocations") for root in roots)
    if is_on_server(folder) and 1 not in allowed:
        yield Finding("policies", WARNING, "folder_on_server", {"folder": system.shown(folder)})


def _child_processes(system: System) -> Iterator[Finding]:
    key, state = _asr_state(system)
    if state in _ASR:
        severity, case = _ASR[state]
        yield Finding("policies", severity, case, {"key": key, "name": CHILD_PROCESSES, "value": state})


def _asr_state(system: System) -> tuple[str, str]:
    """Where the rule about child processes is set first, and to what; both empty when nowhere."""
    intune = str(system.registry.read(ASR_INTUNE, "ASRRules") or "").casefold().split("|")
    states = (
        (ASR_RULES, system.registry.read(ASR_RULES, CHILD_PROCESSES)),
        (
            ASR_INTUNE,
            next((rule.partition("=")[2] for rule in intune if rule.startswith(CHILD_PROCESSES)), None),
        ),
        (ASR_LOCAL, system.registry.read(ASR_LOCAL, CHILD_PROCESSES)),
    )
    return next(((key, str(state).strip()) for key, state in states if state is not None), ("", ""))


def _disabled(system: System) -> Iterator[Finding]:
    """An error when Excel has put the add-in among its disabled items."""
    for value in system.registry.values(DISABLED_ITEMS).values():
        if isinstance(value, bytes) and NAME in value.decode("utf-16-le", "ignore").casefold():
            yield Finding("own_settings", ERROR, "disabled_by_excel")
            return
