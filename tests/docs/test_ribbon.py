"""The picture of the ribbon is the one of today, and shows every button."""

from __future__ import annotations

from xml.etree import ElementTree

from hmsbook.addin.labels import said
from hmsbook.commands import ribbon_groups
from tests.docs.ribbon import ICONS, PICTURE, drawing


def test_the_kept_picture_is_the_one_of_today() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawing(), "run python -m tests.docs.ribbon"


def test_it_shows_every_button_with_its_label_and_icon() -> None:
    tree = ElementTree.fromstring(drawing())
    texts = " ".join(element.text or "" for element in tree.iter())
    paths = {element.get("d") for element in tree.iter()}
    for buttons in ribbon_groups().values():
        for button in buttons:
            assert said("nb")[f"hms_{button.key}.label"] in texts
            assert ICONS[button.icon] in paths
