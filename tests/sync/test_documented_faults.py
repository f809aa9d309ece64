"""Every invariant and every fault in ``docs/sync.md`` names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[2]
_NAMED: Final = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")
_FAULTS: Final = 31
_INVARIANTS: Final = 12
_STORES: Final = "real_store|link|cluster"
"""The fixtures that are a store, or a line to one."""


def rows_under(heading: str) -> list[str]:
    """Return the rows of the table below a heading."""
    text = (_ROOT / "docs" / "sync.md").read_text("utf-8")
    part = re.split(r"\n##+ ", text.split(f"### {heading}\n")[1])[0]
    return [line for line in part.splitlines() if line.startswith("| ")][1:]


def require_tests(cell: str) -> None:
    """Hold that a cell names tests, and that there are such."""
    named = _NAMED.findall(cell)
    assert named, cell
    for file, test in named:
        assert f"def {test}(" in (_ROOT / "tests" / file).read_text("utf-8"), test


def test_each_fault_names_a_test_that_there_is() -> None:
    rows = rows_under("The faults, and the tests that play them")
    assert len(rows) == _FAULTS
    for row in rows:
        require_tests(row)


def test_each_fault_is_played_over_a_real_object_store_in_every_run() -> None:
    for row in rows_under("The faults, and the tests that play them"):
        assert any(in_a_store(file, test) for file, test in _NAMED.findall(row)), row


def in_a_store(file: str, test: str) -> bool:
    """Return whether a test is played over a store without being asked: it is marked so, or asks for one."""
    text = (_ROOT / "tests" / file).read_text("utf-8")
    marked = rf"@pytest\.mark\.both_places\n(@.*\n|    .*\n|\).*\n)*def {test}\("
    asks = rf"def {test}\([^)]*\b({_STORES})\b"
    return bool(re.search(marked, text) or re.search(asks, text))


def test_each_invariant_names_tests_that_hold_it_and_tests_that_take_it_out() -> None:
    rows = [row.strip("| ").split(" | ") for row in rows_under("The invariants, and their tests")]
    assert [number for number, _, _ in rows] == [str(n + 1) for n in range(_INVARIANTS)]
    for _, held_by, taken_out_in in rows:
        require_tests(held_by)
        require_tests(taken_out_in)
