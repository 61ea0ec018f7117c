"""Relationships: which part belongs to which, by type, never by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from hmsbook.opc.markup import OFFICE_RELATIONSHIPS, PACKAGE_RELATIONSHIPS, Attributes, dispatch, walk


class Parts(Protocol):
    """What is needed of a package to follow relationships."""

    def find(self, name: str) -> str | None:
        """The stored name of a part."""

    def read(self, name: str) -> bytes:
        """The contents of a part."""


class Relationship(NamedTuple):
    """A link from a part; the target is the stored name of a part unless it is external."""

    id: str
    type: str
    target: str
    external: bool


def rels_name(part: str) -> str:
    """The name of the part that holds the relationships of `part`; of the package for an empty name."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def relationships(package: Parts, part: str) -> list[Relationship]:
    """All relationships of a part, or of the package for an empty name, in order."""
    name = package.find(rels_name(part))
    if name is None:
        return []
    found: list[Relationship] = []

    def note(attributes: Attributes) -> None:
        found.append(_relationship(package, part, attributes))

    walk(package.read(name), dispatch(PACKAGE_RELATIONSHIPS, {"Relationship": note}), name)
    return found


def _relationship(package: Parts, part: str, attributes: Attributes) -> Relationship:
    external = attributes.get("TargetMode") == "External"
    target = attributes.get("Target", "")
    if not external:
        target = _stored(package, absolute(part, target))
    return Relationship(attributes.get("Id", ""), attributes.get("Type", ""), target, external)


def _stored(package: Parts, name: str) -> str:
    return package.find(name) or package.find(_unquote(name)) or name


def _unquote(name: str) -> str:
    head, *rest = name.split("%")
    raw = head.encode()
    for piece in rest:
        try:
            raw += bytes([int(piece[:2], 16)]) + piece[2:].encode()
        except ValueError:
            raw += b"%" + piece.encode()
    return raw.decode(errors="replace")


def absolute(part: str, target: str) -> str:
    """The part name that a target written in `part` means."""
    target = target.replace("\\", "/").partition("#")[0]
    base = [] if target.startswith("/") else part.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            base = base[:-1]
        elif step not in ("", "."):
            base.append(step)
    return "/".join(base)


def of_type(links: Iterable[Relationship], kind: str) -> list[Relationship]:
    """The internal relationships of an Office type such as `worksheet`, in either namespace."""
    types = {f"{namespace}/{kind}" for namespace in OFFICE_RELATIONSHIPS}
    return [link for link in links if link.type in types and not link.external]


def targets(package: Parts, part: str, kind: str) -> list[str]:
    """The parts that `part` is related to by an Office type and that exist."""
    return [link.target for link in of_type(relationships(package, part), kind) if package.find(link.target)]
