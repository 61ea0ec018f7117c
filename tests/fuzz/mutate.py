"""What can happen to a workbook file, at random: to its parts before they are packed, or to the zip."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from tests.fuzz.small import Parts, zipped
from tests.support.package import CONTENT_TYPES, WORKBOOK

# Parts that are read or written, the small ones as often as the large ones.
_MATTER = re.compile(
    r"xl/workbook\.xml|.*\.rels|\[Content_Types\]\.xml|xl/tables/.*|xl/worksheets/sheet\d+\.xml"
    r"|xl/sharedStrings\.xml|xl/charts/chart[12]\.xml|xl/drawings/drawing\d\.xml|xl/comments9\.xml"
)
_NUMBERS = (
    "0",
    "-1",
    "1",
    "4294967296",
    "99999999999999999999999999999999",
    "1" * 5000,
    "1e999",
    "-1e-400",
    "NaN",
    "INF",
    "٣",
    "²",
    "1_000",
    " 7 ",
    "0x10",
    "",
    "true",
    "1048577",
    "16385",
)
_REFERENCES = (
    "A1:XFD1048576",
    "A0",
    "XFE1",
    "A1048577",
    "ZZZZ1",
    "$A:$A",
    "1:1",
    "#REF!",
    "B2:A1",
    "A1",
    "A1:B",
    "Å1",
    "A²",
    "B٣",
    "",
    "A1:C3:E5",
    "A-1",
)
_STUFF = (
    b"\0",
    b"\x0b",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"&#0;",
    b"&#x110000;",
    b"&#xD800;",
    b"&bogus;",
    b"&amp;",
    b"&#x1F642;",
    b"&#13;",
    b"_x000D_",
    b"_xD83D_",
    b"]]>",
    b"<!-- - -->",
    b"<!-- - -- -->",
    b"<![CDATA[<c>]]>",
    b"<?hms ?>",
    b"<a>",
    b"</a>",
    b"<a/>",
    b"<extLst><ext/></extLst>",
    b"<f>1</f>",
    b"<v>1</v>",
    b"<is/>",
    b"<c/>",
    b"<row/>",
    b'<f t="array" ref="A1:XFD1048576"/>',
    b"<sheetData/>",
    b"<rPh/>",
    b'"',
    b"<",
    b">",
    b"&",
    b"'",
)
_DOCTYPES = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
)
_TARGETS = (
    b"",
    b"/",
    b"#",
    b"..",
    b"workbook.xml",
    b"/xl/workbook.xml",
    b"%00",
    b"%FF%",
    b"\\..",
    b"a" * 999,
)
_TYPES = ("s", "b", "n", "e", "d", "str", "inlineStr", "x", "")
_ATTRIBUTE = re.compile(rb' [A-Za-z0-9:]+="[^"<>]*"')
_ELEMENT = re.compile(rb"<([A-Za-z0-9:]+)(?: [^<>]*)?(?:/>|>[^<>]*</\1>)")
_NUMBER = re.compile(rb"(?<=[\">])-?[0-9][0-9.E+-]*(?=[\"<])")
_REFERENCE = re.compile(rb"\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?(?=[\"<])")

PartChange = Callable[[Random, bytes], bytes]


def mutant(seed: int, number: int, parts: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The package with this number, and what was done to it; the same for the same seed."""
    random = Random(f"{seed} {number}")
    name, change = random.choice(PACKAGE_CHANGES)
    return name, change(random, dict(parts))


# A part


def _flip(random: Random, xml: bytes) -> bytes:
    changed = bytearray(xml)
    for _ in range(random.choice((1, 1, 2, 8))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut_part(random: Random, xml: bytes) -> bytes:
    return xml[: random.randrange(len(xml))]


def _insert(random: Random, xml: bytes) -> bytes:
    places = [found.start() for found in re.finditer(rb"[<\"]|(?<=>)", xml)]
    at = random.choice(places)
    return xml[:at] + random.choice(_STUFF) + xml[at:]


def _doctype(random: Random, xml: bytes) -> bytes:
    at = max(xml.find(b"?>") + 2, 0) if xml.startswith(b"<?xml") else 0
    return xml[:at] + random.choice(_DOCTYPES) + xml[at:]


def _replaced(random: Random, xml: bytes, pattern: re.Pattern[bytes], new: bytes) -> bytes:
    found = list(pattern.finditer(xml))
    if not found:
        return xml
    place = random.choice(found)
    return xml[: place.start()] + new + xml[place.end() :]


def _number(random: Random, xml: bytes) -> bytes:
    return _replaced(random, xml, _NUMBER, random.choice(_NUMBERS).encode())


def _reference(random: Random, xml: bytes) -> bytes:
    return _replaced(random, xml, _REFERENCE, random.choice(_REFERENCES).encode())


def _type(random: Random, xml: bytes) -> bytes:
    return _replaced(random, xml, re.compile(rb'(?<= t=")[^"]*'), random.choice(_TYPES).encode())


def _drop_attribute(random: Random, xml: bytes) -> bytes:
    return _replaced(random, xml, _ATTRIBUTE, b"")


def _swap_attributes(random: Random, xml: bytes) -> bytes:
    found = list(re.finditer(rb'(?<==")[^"<>]*(?=")', xml))
    if len(found) < 2:
        return xml
    one, other = sorted(random.sample(found, 2), key=lambda place: place.start())
    return b"".join(
        (xml[: one.start()], other[0], xml[one.end() : other.start()], one[0], xml[other.end() :])
    )


def _drop_element(random: Random, xml: bytes) -> bytes:
    return _replaced(random, xml, _ELEMENT, b"")


def _repeat_element(random: Random, xml: bytes) -> bytes:
    found = list(_ELEMENT.finditer(xml))
    if not found:
        return xml
    place = random.choice(found)
    times = random.choice((1, 1, 1, 3000))
    return xml[: place.end()] + place[0] * times + xml[place.end() :]


def _move_element(random: Random, xml: bytes) -> bytes:
    found = list(_ELEMENT.finditer(xml))
    if not found:
        return xml
    place, target = random.choice(found), random.choice(found).start()
    if target <= place.start():
        return xml[:target] + place[0] + xml[target : place.start()] + xml[place.end() :]
    return xml[: place.start()] + xml[place.end() : target] + place[0] + xml[target:]


def _encoding(random: Random, xml: bytes) -> bytes:
    text = xml.decode()
    body = re.sub(r"^<\?xml[^>]*>", "", text)
    return random.choice(
        (
            b"\xef\xbb\xbf" + xml,
            text.encode("utf-16"),
            ('<?xml version="1.0" encoding="UTF-16"?>' + body).encode("utf-16"),
            ('<?xml version="1.0" encoding="iso-8859-1"?>' + body).encode("latin-1", "replace"),
            ('<?xml version="1.0" encoding="bogus"?>' + body).encode(),
            body.encode("utf-16-le"),
        )
    )


def _nest(random: Random, xml: bytes) -> bytes:
    depth = random.choice((200, 20_000))
    at = random.choice([found.end() for found in _ELEMENT.finditer(xml)] or [0])
    return xml[:at] + b"<a>" * depth + b"</a>" * depth + xml[at:]


def _rename_something(random: Random, xml: bytes) -> bytes:
    name = re.compile(rb'(?<=[nN]ame=")[^"]*')
    return _replaced(random, xml, name, random.choice((b"", b"x" * 40_000, b"hms_log", b"&#10;", b"Tiltak")))


def _link(random: Random, xml: bytes) -> bytes:
    targets = re.findall(rb'Target="([^"]*)"', xml) or [b""]
    odd = (
        b"",
        b"/",
        b"#",
        b"..",
        b"workbook.xml",
        b"/xl/workbook.xml",
        b"%00",
        b"%FF%",
        b"\\..\\",
        b"a" * 9999,
    )
    new = random.choice((*odd, *targets))
    return _replaced(random, xml, re.compile(rb'(?<=Target=")[^"]*'), new)


PART_CHANGES: tuple[PartChange, ...] = (
    _flip,
    _cut_part,
    _insert,
    _insert,
    _insert,
    _doctype,
    _number,
    _number,
    _number,
    _reference,
    _reference,
    _type,
    _drop_attribute,
    _swap_attributes,
    _drop_element,
    _repeat_element,
    _move_element,
    _encoding,
    _nest,
    _rename_something,
    _link,
)


# Parts


def _in_parts(random: Random, parts: Parts) -> bytes:
    """One change inside a part, sometimes a few."""
    for _ in range(random.choice((1, 1, 1, 3))):
        name = _any_part(random, parts)
        change = _link if name.endswith(".rels") and random.random() < 0.5 else random.choice(PART_CHANGES)
        if parts[name]:
            parts[name] = _tried(change, random, parts[name])
    return zipped(parts)


def _tried(change: PartChange, random: Random, xml: bytes) -> bytes:
    try:
        return change(random, xml)
    except UnicodeDecodeError:
        return _flip(random, xml)


def _any_part(random: Random, parts: Mapping[str, bytes]) -> str:
    kinds: dict[str, list[str]] = {}
    for name in parts:
        if _MATTER.fullmatch(name):
            kinds.setdefault(re.sub(r"\d+", "", name), []).append(name)
    return random.choice(random.choice([kinds[kind] for kind in sorted(kinds)]))


def _drop(random: Random, parts: Parts) -> bytes:
    del parts[_any_part(random, parts)]
    return zipped(parts)


def _twice(random: Random, parts: Parts) -> bytes:
    name = _any_part(random, parts)
    again = random.choice((name, name.upper(), "/" + name, name.replace("/", "\\")))
    return zipped([*parts.items(), (again, parts[name])])


def _swap(random: Random, parts: Parts) -> bytes:
    one, other = _any_part(random, parts), _any_part(random, parts)
    parts[one], parts[other] = parts[other], parts[one]
    return zipped(parts)


def _rename(random: Random, parts: Parts) -> bytes:
    name = _any_part(random, parts)
    new = random.choice(
        (name.upper(), "æ" + name, name + "/", "/" + name, name.replace("/", "\\"), "", "../x")
    )
    return zipped([(new if it == name else it, content) for it, content in parts.items()])


def _empty(random: Random, parts: Parts) -> bytes:
    parts[_any_part(random, parts)] = random.choice((b"", b" ", b"<a/>", b"\0" * 4000))
    return zipped(parts)


def _shuffle(random: Random, parts: Parts) -> bytes:
    entries = list(parts.items())
    random.shuffle(entries)
    return zipped(entries)


def _all_links_to_one(random: Random, parts: Parts) -> bytes:
    """Relationships that go round: every part of a kind related to the same one, or to itself."""
    name = random.choice([name for name in sorted(parts) if name.endswith(".rels")])
    target = random.choice(("/" + WORKBOOK, "/" + CONTENT_TYPES, "/" + name, "/" + _any_part(random, parts)))
    parts[name] = re.sub(rb'(?<=Target=")[^"]*', target.encode(), parts[name])
    return zipped(parts)


# The zip


def _zip_bytes(random: Random, parts: Parts) -> bytes:
    return _flip(random, zipped(parts))


def _zip_directory(random: Random, parts: Parts) -> bytes:
    """A byte or a number of the directory or the end record."""
    data = bytearray(zipped(parts))
    at = random.randrange(data.index(b"PK\1\2"), len(data) - 4)
    data[at : at + random.choice((1, 2, 4))] = random.randbytes(4)[: random.choice((1, 2, 4))]
    return bytes(data)


def _zip_cut(random: Random, parts: Parts) -> bytes:
    data = zipped(parts)
    return data[: random.randrange(len(data))]


def _zip_hole(random: Random, parts: Parts) -> bytes:
    data = zipped(parts)
    start = random.randrange(len(data))
    stop = start + random.choice((1, 20, 4096))
    return data[:start] + random.choice((b"", bytes(stop - start), data[:30])) + data[stop:]


def _zip_more(random: Random, parts: Parts) -> bytes:
    data = zipped(parts)
    return random.choice((data + b"x" * 9, data + data, b"x" + data, data + bytes(70_000)))


PACKAGE_CHANGES: tuple[tuple[str, Callable[[Random, Parts], bytes]], ...] = (
    *(9 * (("parts", _in_parts),)),
    ("drop", _drop),
    ("twice", _twice),
    ("swap", _swap),
    ("rename", _rename),
    ("empty", _empty),
    ("shuffle", _shuffle),
    ("links", _all_links_to_one),
    *(3 * (("zip bytes", _zip_bytes),)),
    *(3 * (("zip directory", _zip_directory),)),
    ("zip cut", _zip_cut),
    ("zip hole", _zip_hole),
    ("zip more", _zip_more),
)
