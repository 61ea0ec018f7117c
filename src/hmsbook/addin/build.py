"""Builds the add-in from its text: the same bytes at every build, on every machine."""

from __future__ import annotations

import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from hmsbook.addin.files import LABELS, NAME, macros
from hmsbook.addin.labels import CODE_PAGE, labels
from hmsbook.addin.ribbon import ribbon
from hmsbook.errors import UsageError
from hmsbook.opc.save import save

if TYPE_CHECKING:
    from pyopenvba import ExcelFile

# The one whose files were proven; the same in pyproject.toml.
_PYOPENVBA = "6.5.0"
# The module of the workbook itself, which the template has already.
_WORKBOOK = "ThisWorkbook"
_RIBBON_PART = "customUI/customUI14.xml"
# Office 2010 and newer read the ribbon by this link; the one of 2006 belongs to the older schema.
_RIBBON_LINK = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
# No part of the file tells a day: the oldest that a zip file can hold.
_DAY = (1980, 1, 1, 0, 0, 0)
# What says who made a file and when, without either.
_CORE = (
    '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>HMS</dc:title>'
    "<dc:creator>hmsbook</dc:creator></cp:coreProperties>"
)

Parts = dict[str, bytes]


def write(out: Path | None = None) -> Path:
    """Build the add-in into a file, else into one of its own name in this folder, and return where it is.

    Raises UsageError for a name that no add-in has, SaveError where the file cannot be written.
    """
    target = out or Path(NAME)
    if target.suffix.lower() != ".xlam":
        raise UsageError("not_xlam", path=str(target))
    saved = save(target, build())
    return saved.path if saved.beside else target


def build() -> bytes:
    """The bytes of the add-in; UsageError where pyOpenVBA, which makes the VBA project, is not installed."""
    parts = _with_ribbon(_template(modules()))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in parts.items():
            # Stored, not packed: what packing gives depends on the machine's zlib.
            archive.writestr(zipfile.ZipInfo(name, _DAY), data)
    return packed.getvalue()


def modules() -> dict[str, str]:
    """The VBA text of each module by its file name, as the editor exports it."""
    paths = [path for path in sorted(macros().iterdir()) if path.suffix in (".bas", ".cls")]
    written = {path.name: path.read_bytes().decode(CODE_PAGE) for path in paths}
    return written | {LABELS: labels()}


def _template(sources: dict[str, str]) -> Parts:
    """The parts of an add-in with these modules, as Excel's own empty one has them."""
    try:
        from pyopenvba import ExcelFile
    except ImportError:
        raise UsageError("needs_pyopenvba", version=_PYOPENVBA) from None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        with ExcelFile.create_new(path) as book:
            _fill(book, sources)
            book.save()
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def _fill(book: ExcelFile, sources: dict[str, str]) -> None:
    from pyopenvba import VBAModuleKind

    project = book.vba_project()
    project.delete_module("Module1")
    for file_name, source in sources.items():
        name, is_class = file_name[:-4], file_name.endswith(".cls")
        if name == _WORKBOOK:
            book.set_module(name, source)
        else:
            project.add_module(name, source, kind=VBAModuleKind.other if is_class else VBAModuleKind.standard)


def _with_ribbon(parts: Parts) -> Parts:
    link = f'<Relationship Id="rIdHms" Type="{_RIBBON_LINK}" Target="{_RIBBON_PART}"/></Relationships>'
    links = parts["_rels/.rels"].decode().replace("</Relationships>", link)
    made = {
        "_rels/.rels": links.encode(),
        "docProps/core.xml": _CORE.encode(),
        _RIBBON_PART: ribbon().encode(),
    }
    return parts | made
