"""Frozen records: made by keyword or place, compared by value, never changed."""

from __future__ import annotations

import copy
import pickle

import pytest

from hmsbook.model.records import Place, Row, Vote


def test_a_record_takes_its_fields_in_order_or_by_name() -> None:
    assert Place("Tiltak", "B5") == Place(sheet="Tiltak", cell="B5")
    assert Place("Tiltak") == Place(sheet="Tiltak", cell="")


def test_a_record_cannot_be_changed() -> None:
    place = Place("Tiltak", "B5")
    with pytest.raises(AttributeError):
        place.cell = "C6"  # type: ignore[misc]
    assert place.cell == "B5"


@pytest.mark.parametrize("arguments", [{"sheet": "A", "colour": "red"}, {"colour": "red"}])
def test_an_unknown_field_is_an_error(arguments: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        Place(**arguments)


def test_a_missing_or_doubled_field_is_an_error() -> None:
    with pytest.raises(TypeError):
        Row()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Place("A", sheet="B")  # type: ignore[misc]


def test_equal_records_hash_alike_and_differ_from_other_kinds() -> None:
    assert hash(Place("A", "B1")) == hash(Place("A", "B1"))
    assert Place("A", "B1") != ("A", "B1")
    assert Place("A", "B1") != Place("A", "B2")


def test_a_record_survives_copying_and_pickling() -> None:
    place = Place("A", "B1")
    assert copy.deepcopy(place) == place
    assert pickle.loads(pickle.dumps(place)) == place


def test_a_record_of_a_row_takes_the_fields_it_knows() -> None:
    row = Row("votes", {"member": "Kari", "effect": 4, "colour": "red"})
    vote = Vote.of(row)
    assert (vote.member, vote.effect, vote.ease) == ("Kari", 4, None)
    assert vote.row is row
