"""Abbreviations are found as they are written, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from liaison.records.rules.glossary import Found, find

_KNOWN = frozenset({"DN", "A&E", "U&E", "GP", "ON", "FP10", "ASC-WDS", "DoLS", "SLT", "HbA1c", "A"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Nothing here", []),
        ("DN", ["DN"]),
        ("Seen by the DN.", ["DN"]),
        ("(DN)", ["DN"]),
        ("DNs and GPs came", ["DN", "GP"]),
        ("the GP's letter", ["GP"]),
        ("the GP\N{RIGHT SINGLE QUOTATION MARK}s letter", ["GP"]),
        ("taken to A&E, U&E done", ["A&E", "U&E"]),
        ("GP/DN/SLT", ["GP", "DN", "SLT"]),
        ("a GP-led clinic", ["GP"]),
        ("ASC-WDS return", ["ASC-WDS"]),
        ("on the ward, eye drops ON", ["ON"]),
        ("DoLS, dols, DOLS", ["DoLS"]),
        ("HbA1c 48, FP10s", ["HbA1c", "FP10"]),
        ("DNACPR and ADNX", []),
        ("DN1", []),
        ("As agreed", []),
        ("Vitamin A", ["A"]),
        ("SLT+DN", ["SLT", "DN"]),
    ],
)
def test_abbreviations_are_found_as_they_are_written(text: str, found: list[str]) -> None:
    assert [one.abbreviation for one in find(text, _KNOWN)] == found


def test_each_is_told_with_its_place() -> None:
    assert find("The DNs came", _KNOWN) == [Found(4, 6, "DN")]
    text = "GP/DN, A&E"
    assert [text[one.start : one.end] for one in find(text, _KNOWN)] == ["GP", "DN", "A&E"]


def test_with_no_glossary_nothing_is_found() -> None:
    assert find("DN", frozenset()) == []
