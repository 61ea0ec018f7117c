"""The registry through the functions of winreg: reading, writing, and leaving no empty keys."""

from __future__ import annotations

import pytest

from hmsbook.addin.registry import Registry
from tests.addin_install.winreg_table import WinregTable

DRAWN = r"""
HKCU\Software\Office\Security | VBAWarnings | 4
HKCU\Software\Office\Security | Folder | C:\Mappe
HKCU\Software\Office\Empty
HKLM\SOFTWARE\Office
"""


@pytest.fixture
def table() -> WinregTable:
    return WinregTable(DRAWN)


def test_reads_whatever_the_case(table: WinregTable) -> None:
    registry = Registry(table)
    assert registry.read(r"HKCU\software\OFFICE\Security", "vbawarnings") == 4
    assert registry.read(r"HKCU\Software\Office\Security", "Folder") == r"C:\Mappe"


@pytest.mark.parametrize(
    "key", [r"HKCU\Software\Office\Security", r"HKCU\Software\None", r"HKLM\SOFTWARE\Office"]
)
def test_what_is_not_there_is_none(table: WinregTable, key: str) -> None:
    assert Registry(table).read(key, "AllLocationsDisabled") is None


def test_what_may_not_be_read_is_none() -> None:
    registry = Registry(WinregTable(DRAWN, [r"HKCU\Software\Office"]))
    assert registry.read(r"HKCU\Software\Office\Security", "VBAWarnings") is None
    assert not registry.has(r"HKCU\Software\Office")


def test_what_may_not_be_written_is_an_error() -> None:
    registry = Registry(WinregTable(DRAWN, [r"HKCU\Software\Office"]))
    with pytest.raises(PermissionError):
        registry.write(r"HKCU\Software\Office\New", {"a": "b"})


def test_writes_make_the_keys_above(table: WinregTable) -> None:
    registry = Registry(table)
    registry.write(r"HKCU\Software\New\Below", {"a": "b"})
    assert registry.has(r"HKCU\Software\New")
    assert registry.values(r"HKCU\Software\New\Below") == {"a": "b"}


def test_only_empty_keys_are_removed(table: WinregTable) -> None:
    registry = Registry(table)
    keys = (
        r"HKCU\Software\Office\Empty",
        r"HKCU\Software\Office\Security",
        r"HKCU\Software\Office",
        r"HKCU\None",
    )
    assert [registry.delete_empty(key) for key in keys] == [True, False, False, False]
    assert table.table() == WinregTable(DRAWN.replace("HKCU\\Software\\Office\\Empty\n", "")).table()


def test_a_value_that_is_gone_is_deleted_in_peace(table: WinregTable) -> None:
    registry = Registry(table)
    registry.delete(r"HKCU\Software\Office\Security", "Nothing")
    registry.delete(r"HKCU\Nowhere", "Nothing")
    registry.delete(r"HKCU\Software\Office\Security", "Folder")
    assert registry.values(r"HKCU\Software\Office\Security") == {"vbawarnings": 4}


def test_without_a_registry_there_is_nothing() -> None:
    assert Registry().values(r"HKCU\Software") == {}
    assert not Registry().has(r"HKCU\Software")
