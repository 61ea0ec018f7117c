"""Where a secret stands in a file: in any part, in any way that a file can write a text or a number."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape


def places(data: bytes, secret: str | float) -> list[str]:
    """The parts of a file in which a text or a number stands, written in whatever way."""
    spellings = {spelling for text in _texts(secret) for spelling in _spelled(text)}
    return [name for name, content in _contents(data) if any(it in content for it in spellings)]


def _contents(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The file itself, each part unpacked, and the names and remarks of the archive."""
    yield "(file)", data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield "(names)", "\n".join(archive.namelist()).encode()
        yield (
            "(remarks)",
            archive.comment + b"".join(info.comment + info.extra for info in archive.infolist()),
        )
        for info in archive.infolist():
            content = archive.read(info)
            yield info.filename, content
            if content[:2] == b"PK":
                yield from ((f"{info.filename}/{name}", inner) for name, inner in _contents(content))


def _texts(secret: str | float) -> set[str]:
    """A number as Excel, Python, JSON and people write it."""
    if isinstance(secret, str):
        return {secret}
    return {repr(secret), f"{secret:.10g}", str(secret).replace(".", ",")}


def _spelled(text: str) -> Iterator[bytes]:
    """A text in the encodings and escapes of parts; of base64 the three ways it can begin."""
    escaped = (
        escape(text),
        escape(text, {'"': "&quot;", "'": "&apos;"}),
        _numbered(escape(text)),
        _json(text),
    )
    for form in {text, *escaped}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1252"):
            try:
                yield form.encode(encoding)
            except UnicodeEncodeError:
                continue
    for skipped in range(3):
        coded = base64.b64encode(bytes(skipped) + text.encode())
        # The first signs mix with what stands before, the last ones with what comes after.
        if len(coded) > 16:
            yield coded[4:-4]


def _numbered(text: str) -> str:
    return "".join(sign if ord(sign) < 128 else f"&#{ord(sign)};" for sign in text)


def _json(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")
