"""The search for secrets finds what is there, however it is written."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

from tests.copies.leaks import places

SECRET = "Røyk & «uro» på brakka"
WAYS = {
    "as it is": SECRET.encode(),
    "in UTF-16": SECRET.encode("utf-16"),
    "escaped": SECRET.replace("&", "&amp;").encode(),
    "by number": SECRET.replace("&", "&amp;").encode("ascii", "xmlcharrefreplace"),
    "in base64": base64.b64encode(b"x" + SECRET.encode() + b"yz"),
    "in JSON": b'{"a": "R\\u00f8yk & \\u00aburo\\u00bb p\\u00e5 brakka"}',
}


@pytest.mark.parametrize("way", WAYS)
def test_a_text_is_found_however_it_is_written(way: str) -> None:
    assert places(_file({"xl/some.xml": b"<a>" + WAYS[way] + b"</a>"}), SECRET) == ["xl/some.xml"]


def test_a_text_is_found_in_a_file_inside_the_file() -> None:
    inner = _file({"word/document.xml": SECRET.encode()})
    assert places(_file({"xl/embeddings/a.docx": inner}), SECRET) == [
        "xl/embeddings/a.docx/word/document.xml"
    ]


@pytest.mark.parametrize("written", ["<v>8.53125</v>", "<a>8,53125</a>", '{"v":8.53125}'])
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert places(_file({"xl/charts/chart1.xml": written.encode()}), 8.53125) == ["xl/charts/chart1.xml"]


def test_names_and_remarks_are_looked_into() -> None:
    assert places(_file({"xl/hemmelig.xml": b""}), "hemmelig")[:2] == ["(file)", "(names)"]


def test_what_is_not_there_is_not_found() -> None:
    assert places(_file({"a.xml": b"<a>Noe annet</a>"}), SECRET) == []


def _file(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()
