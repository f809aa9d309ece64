"""The shape of a UK postcode."""

from __future__ import annotations

import pytest

from liaison.records.rules.postcodes import problem, tidy


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ta11aa", "TA1 1AA"),
        (" Ta1  1aA ", "TA1 1AA"),
        ("TA1\N{NO-BREAK SPACE}1AA", "TA1 1AA"),
        ("\ufeffTA1 1AA", "TA1 1AA"),
        ("m11ae", "M1 1AE"),
        ("b338th", "B33 8TH"),
        ("cr26xh", "CR2 6XH"),
        ("dn551pt", "DN55 1PT"),
        ("w1a0ax", "W1A 0AX"),
        ("ec1a1bb", "EC1A 1BB"),
        ("gir0aa", "GIR 0AA"),
        ("zz993wz", "ZZ99 3WZ"),
        ("bf1 1aa", "BF1 1AA"),
    ],
)
def test_written_the_usual_way(typed: str, written: str) -> None:
    assert tidy(typed) == written
    assert problem(typed) is None
    assert tidy(written) == written


@pytest.mark.parametrize(
    "typed",
    ["TA1", "1AA", "TA1 1A", "TA1 1AAA", "TA1 OAA", "TA1 1CI", "TAA1 1AA", "Taunton", "12345"],
)
def test_other_shapes_are_said_and_kept(typed: str) -> None:
    assert "TA1 1AA" in (problem(typed) or "")
    assert tidy(f" {typed} ") == typed


def test_no_postcode_is_no_problem() -> None:
    assert problem("") is None
    assert problem("  ") is None
    assert tidy("  ") == ""
