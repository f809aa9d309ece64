"""Formulas made harmless, several values in one cell: and back again without loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.exchange.formulas import guard, unguard
from liaison.exchange.lists_in_cells import join_values, split_at_commas, split_values


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("x")',
        "+44 1632 960123",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\n=x",
        "  =1+1",
        "\u00a0@x",
        "\uff1d1",
        "\uff0b1",
    ],
)
def test_what_a_spreadsheet_would_run_is_made_text(cell: str) -> None:
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Mary", "a=b", "o'neil", "'tis", "", "01632 960123", "1-2"])
def test_ordinary_cells_stay_as_they_are(cell: str) -> None:
    assert guard(cell) == cell
    assert unguard(cell) == cell


SIGNS = st.text(st.sampled_from("'=+-@\t\r\nab \uff1d"), max_size=8)


@given(SIGNS | st.text(max_size=20))
def test_a_guarded_cell_says_the_same(cell: str) -> None:
    guarded = guard(cell)
    assert unguard(guarded) == cell
    assert guarded[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    # as in a rejects file: what somebody typed may have its apostrophe already
    assert unguard(guard(unguard(cell))) == unguard(cell)


def test_values_are_separated_by_semicolons_or_lines() -> None:
    assert split_values("Catheter care; Wound care;; ") == ["Catheter care", "Wound care"]
    assert split_values("Catheter care, adults\nWound care") == [
        "Catheter care, adults",
        "Wound care",
    ]
    assert split_at_commas("days, nights") == ["days", "nights"]


LINE = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]) | st.sampled_from('";, '),
    min_size=1,
    max_size=12,
).map(str.strip)


@given(st.lists(LINE.filter(bool), max_size=5))
def test_values_joined_are_split_again(values: list[str]) -> None:
    assert split_values(join_values(values)) == values
