"""Who a copy is mailed to, and whom no mail reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hmsbook.errors import UsageError
from hmsbook.model.frozen import Frozen
from hmsbook.model.records import Member, Place
from hmsbook.rules.group import is_address
from hmsbook.rules.people import same_person
from hmsbook.texts.words import plain


class Recipient(Frozen):
    """Somebody who is mailed; one outside the group has no name."""

    name: str
    address: str

    @property
    def known_as(self) -> str:
        """What people call them: the name, else the address."""
        return self.name or self.address


class Unreached(Frozen):
    """A member who would be mailed, but has no address (`missing`) or one that cannot be (`impossible`)."""

    name: str
    reason: str
    place: Place
    found: str = ""


class Recipients(Frozen):
    """Who is mailed, each address once, and who cannot be."""

    reached: tuple[Recipient, ...]
    unreached: tuple[Unreached, ...] = ()


def recipients(group: Sequence[Member], audience: str, asked: Sequence[str] = ()) -> Recipients:
    """Who gets a copy for an audience: those asked for by name or address, else those the group table says.

    Raises UsageError where a name means nobody or several, or an address cannot be one.
    """
    found = list(_asked(group, asked) if asked else _usual(group, audience))
    members = [it for it in found if isinstance(it, Member)]
    reached = (_recipient(it) if isinstance(it, Member) else it for it in found)
    once: dict[str, Recipient] = {}
    for person in reached:
        if person is not None:
            once.setdefault(plain(person.address), person)
    unreached = (it for member in members if (it := _unreached(member)))
    return Recipients(tuple(once.values()), tuple(dict.fromkeys(unreached)))


def _usual(group: Iterable[Member], audience: str) -> Iterator[Member]:
    """Those who receive mail; of the leaders above the one who asks, and of everyone nobody by name."""
    for member in group:
        if audience == "leader":
            if member.role == "superior_leader":
                yield member
        elif audience != "everyone" and member.receives_mail:
            yield member


def _asked(group: Sequence[Member], asked: Iterable[str]) -> Iterator[Member | Recipient]:
    for text in asked:
        yield _by_address(group, text) if "@" in text else _by_name(group, text)


def _by_address(group: Iterable[Member], text: str) -> Member | Recipient:
    if not is_mailable(text):
        raise UsageError("bad_recipient", found=text)
    known = (member for member in group if member.email and plain(member.email) == plain(text))
    return next(known, Recipient("", text))


def _by_name(group: Sequence[Member], text: str) -> Member:
    exact = [member for member in group if plain(member.name or "") == plain(text)]
    found = exact or [member for member in group if same_person(text, member.name or "")]
    if len(found) != 1:
        key = "recipient_unclear" if found else "recipient_unknown"
        known = ", ".join(member.name for member in (found or group) if member.name)
        raise UsageError(key, found=text, known=known)
    return found[0]


def _recipient(member: Member) -> Recipient | None:
    if _unreached(member):
        return None
    return Recipient(" ".join((member.name or "").split()), (member.email or "").strip())


def _unreached(member: Member) -> Unreached | None:
    name, found = member.name or "", (member.email or "").strip()
    if found and is_mailable(found):
        return None
    return Unreached(name, "impossible" if found else "missing", member.place("email"), found)


def is_mailable(address: str) -> bool:
    """Whether every mail server can take an address: letters of its own only after the @."""
    local, _, domain = address.partition("@")
    return is_address(address) and local.isascii() and _is_host(domain)


def _is_host(name: str) -> bool:
    """Whether a name can be that of a server: none of its parts is too long or empty."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True
