"""The palette can be read, and texts fit where they stand."""

from __future__ import annotations

import pytest

from hmsbook.draw import styles

PAIRS = [
    (styles.INK, styles.WHITE),
    (styles.INK, styles.OWNED),
    (styles.INK, styles.DUE),
    (styles.MUTED, styles.WHITE),
    (styles.MUTED, styles.OWNED),
    (styles.PETROL, styles.WHITE),
    (styles.PETROL, styles.OWNED),
    (styles.WHITE, styles.PETROL),
    (styles.WHITE, styles.OWNED_HEAD),
    (styles.IMPROVEMENT, styles.IMPROVEMENT_TINT),
    (styles.IMPROVEMENT, styles.OWNED),
    (styles.CONCERN, styles.CONCERN_TINT),
    (styles.CONCERN, styles.WHITE),
    (styles.CONCERN, styles.OWNED),
    (styles.NEUTRAL, styles.NEUTRAL_TINT),
    (styles.NEUTRAL, styles.WHITE),
    (styles.NEUTRAL, styles.OWNED),
    (styles.COMMON, styles.WHITE),
    (styles.TARGET, styles.WHITE),
]
SIGNALS = [styles.IMPROVEMENT, styles.CONCERN, styles.COMMON, styles.NEUTRAL]


def luminance(color: str) -> float:
    """The relative luminance of a colour, by WCAG 2."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, by WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


def test_colours_of_meaning_differ_also_for_a_colour_blind_reader() -> None:
    """Blue and orange differ in the blue channel, which the common kinds of colour blindness keep."""
    blue = int(styles.IMPROVEMENT[5:7], 16)
    orange = int(styles.CONCERN[5:7], 16)
    assert blue - orange > 100
    assert len(set(SIGNALS)) == len(SIGNALS)
