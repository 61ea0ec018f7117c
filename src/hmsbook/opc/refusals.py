"""Which files are none of ours: other formats, and workbooks that an edit would break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hmsbook.errors import PackageError
from hmsbook.opc.directory import END, LOCAL, end_of_archive
from hmsbook.opc.markup import CONTENT_TYPES, Attributes, dispatch, walk
from hmsbook.opc.rels import of_type, relationships

if TYPE_CHECKING:
    from hmsbook.opc.package import Package

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_RECORD = 128
_OPENDOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


def check_container(data: bytes) -> None:
    """Refuse what is no zip archive at all, by what it is instead."""
    if data.startswith(_OLE):
        raise PackageError(_ole_kind(data))
    if data.startswith(LOCAL) and end_of_archive(data) < 0:
        raise PackageError("truncated", part="")
    if not data.startswith((LOCAL, END)):
        raise PackageError("not_a_workbook")


def _ole_kind(data: bytes) -> str:
    if any(_has_stream(data, name) for name in ("EncryptedPackage", "EncryptionInfo")):
        return "encrypted"
    if any(_has_stream(data, name) for name in ("Workbook", "Book")):
        return "old_xls"
    return "not_a_workbook"


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a directory record, which stands at a multiple of its size, has this name."""
    wanted = (name + "\0").encode("utf-16-le")
    at = data.find(wanted)
    while at >= 0 and at % _OLE_RECORD:
        at = data.find(wanted, at + 1)
    return at >= 0


def check(package: Package) -> str:
    """The name of the workbook part; PackageError when there is none or the package must be left alone."""
    for name in package.names:
        _check_name(name.lower())
    main = _main_part(package)
    kind = content_type(package, main).lower()
    if "sheet.binary" in kind or main.lower().endswith(".bin"):
        raise PackageError("binary_xlsb")
    if not kind.endswith("main+xml") or not ("spreadsheetml" in kind or "ms-excel" in kind):
        raise PackageError("not_a_spreadsheet")
    return main


def _check_name(name: str) -> None:
    if name.startswith("_xmlsignatures/"):
        raise PackageError("signed", part=name)
    if name.startswith("xl/revisions/"):
        raise PackageError("legacy_shared", part=name)


def _main_part(package: Package) -> str:
    for relationship in of_type(relationships(package, ""), "officeDocument"):
        if relationship.target in package:
            return relationship.target
    raise PackageError("opendocument" if _is_opendocument(package) else "not_a_spreadsheet")


def _is_opendocument(package: Package) -> bool:
    return "mimetype" in package and package.read("mimetype").startswith(_OPENDOCUMENT)


def content_type(package: Package, part: str) -> str:
    """The content type of a part, by its own name first and else by its extension."""
    found: dict[str, str] = {}

    def note(attributes: Attributes) -> None:
        key = attributes.get("PartName") or "." + attributes.get("Extension", "")
        found[key.lower()] = attributes.get("ContentType", "")

    name = "[Content_Types].xml"
    if name in package:
        walk(package.read(name), dispatch(CONTENT_TYPES, {"Override": note, "Default": note}), name)
    key = "/" + part.lower()
    return found.get(key) or found.get("." + key.rpartition(".")[2], "")
