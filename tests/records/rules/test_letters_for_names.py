"""Letters in place of names."""

from __future__ import annotations

from liaison.records.rules.initials import letters


def test_after_z_comes_aa() -> None:
    assert [letters(place) for place in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_no_two_places_have_the_same_letters() -> None:
    assert len({letters(place) for place in range(2_000)}) == 2_000
