"""The workbook that is meant, among those that are open in Excel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
    if name:
        found = _named(name, [book for app in apps for book in app.books])
    else:
        found = apps[0].books.active if len(apps[0].books) else None
    if found is None:
        key = "excel_protected_view" if any(map(com.has_protected_view, apps)) else "excel_book_missing"
        raise ExcelError(key, book=name or "")
    return found


def _apps(hwnd: int | None) -> list[com.App]:
    """The running Excels: the one with this window, else all with the one in front first."""
    xlwings = com.xlwings()
    apps = list(xlwings.apps)
    mine = [app for app in apps if hwnd is not None and app.hwnd == hwnd]
    active = xlwings.apps.active
    return mine or sorted(apps, key=lambda app: app != active)


def _named(name: str, books: Iterable[com.Book]) -> com.Book | None:
    """The workbook whose full name this is, else the one that is called so."""
    listed = [(book, com.full_name(book)) for book in books]
    exact = (book for book, full in listed if full.casefold() == name.casefold())
    called = (book for book, full in listed if _last(full) == _last(name))
    return next(exact, None) or _only(called)


def _only(books: Iterator[com.Book]) -> com.Book | None:
    """The workbook of a name; two of one name cannot be told apart."""
    found = list(books)
    return found[0] if len(found) == 1 else None


def _last(full: str) -> str:
    return _SEPARATORS.split(full)[-1].casefold()
