from __future__ import annotations

from hmsbook.merge.person import person
from tests.support.drawn import drawn

GROUP = ("Kari Ås", "Ola Øy", "Ola Nordmann Øy", "Kari", "Per Olav Li", "Li Per Olav")
CASES = """
| made for | saved by      | file                       | name        | known |
| Kari Ås  | Ola Øy        | bok.xlsx                   | Kari Ås     | yes   |
| KARI ÅS  |               | bok.xlsx                   | Kari Ås     | yes   |
| Gro Hagen |              | bok.xlsx                   | Gro Hagen   | yes   |
|          | Ås, Kari      | bok.xlsx                   | Kari Ås     | yes   |
|          | ola øy        | bok – Kari Ås.xlsx         | Ola Øy      | yes   |
|          | Ansatt        | bok – utgave 3 kari_ås.xlsx | Kari Ås    | yes   |
|          | Ansatt        | bok – utgave 3 (Kari Ås).xlsx | Kari Ås  | yes   |
|          |               | Kari sin bok.xlsx          | Kari sin bok.xlsx | no |
|          |               | bok Ola Nordmann Øy.xlsx   | Ola Nordmann Øy | yes |
|          |               | Kari Ås og Ola Øy.xlsx     | Kari Ås og Ola Øy.xlsx | no |
|          | Per Olav Li   | bok.xlsx                   | Per Olav Li | no    |
|          |               | bok.xlsx                   | bok.xlsx    | no    |
"""


def test_whose_copy_it_is() -> None:
    for case in drawn(CASES):
        found = person(case["made for"], case["saved by"], case["file"], GROUP)
        assert (found.name, found.known) == (case["name"], case["known"] == "yes"), case


def test_signs_of_two_letters_are_one() -> None:
    assert person("", "Kari A\u030as", "bok.xlsx", GROUP).name == "Kari Ås"
