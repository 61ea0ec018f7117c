"""The ribbon as XML, from the list of buttons. Its words come from callbacks: Office's language decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from hmsbook.commands import Button, ribbon_groups

SCHEMA = "http://schemas.microsoft.com/office/2009/07/customui"
# A button's id in the ribbon, which is what its words are found by.
PREFIX = "hms_"
TAB = f"{PREFIX}tab"

_BUTTON = ("getLabel", "getScreentip", "getSupertip", "getKeytip", "getEnabled")
_Groups = Mapping[str, tuple[Button, ...]]


def ribbon(groups: _Groups | None = None) -> str:
    """The ribbon of these groups of buttons, else of all that show."""
    return "\n".join(_lines(ribbon_groups() if groups is None else groups)) + "\n"


def control_id(button: Button, choice: str = "") -> str:
    """The id of a button, or of one choice of a menu."""
    return f"{PREFIX}{button.key}_{choice}" if choice else f"{PREFIX}{button.key}"


def group_id(group: str) -> str:
    """The id of a group of buttons."""
    return f"{PREFIX}group_{group}"


def _lines(groups: _Groups) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8" standalone="yes"?>'
    yield _opened("customUI", xmlns=SCHEMA, onLoad="HmsOnLoad")
    yield "  <ribbon>"
    yield "    <tabs>"
    yield "      " + _opened("tab", id=TAB, **_callbacks("getLabel", "getKeytip"))
    for group, buttons in groups.items():
        yield "        " + _opened("group", id=group_id(group), **_callbacks("getLabel"))
        for button in buttons:
            yield from ("          " + line for line in _control(button))
        yield "        </group>"
    yield from ("      </tab>", "    </tabs>", "  </ribbon>", "</customUI>")


def _control(button: Button) -> Iterator[str]:
    size = "large" if button.large else "normal"
    look = {"imageMso": button.icon, "size": size, **_callbacks(*_BUTTON)}
    if not button.choices:
        yield _empty("button", id=control_id(button), tag=button.key, **look, onAction="HmsOnAction")
        return
    yield _opened("menu", id=control_id(button), **look)
    yield from ("  " + _choice(button, choice) for choice in button.choices)
    yield "</menu>"


def _choice(button: Button, choice: str) -> str:
    name, verb = control_id(button, choice), f"{button.key} {choice}"
    return _empty("button", id=name, tag=verb, **_callbacks("getLabel", "getKeytip"), onAction="HmsOnAction")


def _callbacks(*names: str) -> dict[str, str]:
    """Which Sub answers each question: `getLabel` is answered by `HmsGetLabel`."""
    return {name: f"Hms{name[0].upper()}{name[1:]}" for name in names}


def _opened(name: str, /, **attributes: str) -> str:
    return f"<{name}{_written(attributes)}>"


def _empty(name: str, /, **attributes: str) -> str:
    return f"<{name}{_written(attributes)}/>"


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
