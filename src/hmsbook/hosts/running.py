"""The workbook that is meant, among those that are open in Excel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from hmsbook.errors import ExcelError
from hmsbook.hosts import com

# What separates folders in a path or an address.
_SEPARATORS = re.compile(r"[\\/]")


def find_app(hwnd: int | None = None) -> com.App:
    """The running Excel with this window, else the one in front; ExcelError where none runs."""
    found = _apps(hwnd)
    if not found:
        raise ExcelError("excel_not_running")
    return found[0]


def find_book(name: str | None = None, hwnd: int | None = None) -> com.Book:
    """The open workbook of this full name or name, else the one in front; ExcelError where there is none.

    A workbook on OneDrive or SharePoint has an address on the web for its full name; it is never opened.
    """
    apps = _apps(hwnd)
    if not apps:
        raise ExcelError("excel_not_running")
    found = _named(name, [book for app in apps for book in app.books]) if name else _in_front(apps[0])
    if found is None:
        raise _missing(name, apps)
    return found


def _in_front(app: com.App) -> com.Book | None:
    """The workbook in front; none where that stands in Protected View."""
    active = app.books.active if len(app.books) else None
    return active if active is not None and active.api is not None else None


def _missing(name: str | None, apps: Iterable[com.App]) -> ExcelError:
    """Why there is no workbook to work with."""
    if any(map(com.has_protected_view, apps)):
        return ExcelError("excel_protected_view")
    return ExcelError("excel_book_missing", book=last_name(name)) if name else ExcelError("excel_no_book")


def _apps(hwnd: int | None) -> list[com.App]:
    """The running Excels: the one with this window, else all with the one in front first."""
    xlwings = com.xlwings()
    apps = list(xlwings.apps)
    mine = [app for app in apps if hwnd is not None and app.hwnd == hwnd]
    active = xlwings.apps.active
    return mine or sorted(apps, key=lambda app: app != active)


def _named(name: str, books: Iterable[com.Book]) -> com.Book | None:
    """The workbook whose full name this is, else the one that is called so; ExcelError where several are."""
    listed = [(book, com.full_name(book)) for book in books]
    exact = [book for book, full in listed if full.casefold() == name.casefold()]
    found = exact or [book for book, full in listed if _may_be(full, name)]
    if len(found) > 1:
        raise ExcelError("excel_two_books", book=last_name(name))
    return found[0] if found else None


def _may_be(full: str, name: str) -> bool:
    """Whether a workbook is called so: in another folder it is another one, an address may be the same."""
    in_folders = [_SEPARATORS.search(it) and "://" not in it for it in (full, name)]
    return _called(full) == _called(name) and not all(in_folders)


def last_name(full: str) -> str:
    """What a workbook is called, at the end of its path or of its address on the web."""
    return _SEPARATORS.split(full)[-1]


def _called(full: str) -> str:
    return unquote(last_name(full)).casefold()
