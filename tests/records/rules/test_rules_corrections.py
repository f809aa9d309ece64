"""Domain rule 7: what stands, and what a person's export leaves out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from liaison.records.rules.corrections import (
    for_export,
    is_struck,
    left_out_of_export,
    standing,
    stands,
)


@dataclass(frozen=True)
class Note:
    text: str
    struck_reason: str | None = None
    archived: bool = False


PLAIN = Note("plain")
STRUCK = Note("struck", "wrong day")
MOVED = Note("moved", "wrong resident")
ARCHIVED = Note("archived", archived=True)
NOTES = [MOVED, PLAIN, ARCHIVED, STRUCK]


@pytest.mark.parametrize(
    ("struck_reason", "archived", "expected"),
    [
        (None, False, True),
        ("", False, True),
        ("  ", False, True),
        ("wrong resident", False, False),
        (None, True, False),
        ("wrong resident", True, False),
    ],
)
def test_stands(struck_reason: str | None, archived: bool, expected: bool) -> None:  # noqa: FBT001
    assert stands(struck_reason, archived) is expected


def test_only_what_stands_is_counted() -> None:
    assert standing(NOTES) == [PLAIN]


@pytest.mark.parametrize(
    ("struck_reason", "moved_away", "expected"),
    [
        pytest.param("wrong resident", True, True, id="moved to the right resident"),
        pytest.param("wrong day", False, False, id="struck, still about this person"),
        pytest.param(None, True, False, id="the move was undone"),
        pytest.param(None, False, False, id="an ordinary note"),
    ],
)
def test_left_out(struck_reason: str | None, moved_away: bool, expected: bool) -> None:  # noqa: FBT001
    assert left_out_of_export(struck_reason, moved_away=moved_away) is expected


def test_an_export_leaves_out_only_what_was_moved_away() -> None:
    assert for_export(NOTES, lambda note: note is MOVED) == [PLAIN, ARCHIVED, STRUCK]


def test_blank_reason_is_no_strike() -> None:
    assert not is_struck(" ")
    assert is_struck("wrong resident")
