"""Initials in place of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.records.rules.initials import initials


@pytest.mark.parametrize(
    ("name", "reduced"),
    [
        ("Anna Popescu", "A.P."), ("Mrs Joan Frost", "J.F."), ("Dr. Priya Nair", "P.N."),
        ("mary-ann o'neil", "M.A.O."), ("Łukasz Nowak", "Ł.N."), ("Siân Ŵyn", "S.Ŵ."),
        ("  Bill   Stone ", "B.S."), ("(Bo) Lee", "B.L."), ("محمد علي", "م.ع."),
        ("", "\N{EN DASH}"), ("Mrs", "\N{EN DASH}"), ("123", "\N{EN DASH}"),
    ],
)  # fmt: skip
def test_a_name_becomes_its_initials(name: str, reduced: str) -> None:
    assert initials(name) == reduced


@given(st.text(max_size=60))
def test_no_two_letters_of_a_name_stand_side_by_side(name: str) -> None:
    reduced = initials(name).split(".")
    assert all(len(part) <= 3 for part in reduced), "ß becomes two letters, never a word"
