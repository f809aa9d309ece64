"""The facts of the page that says how the home stands at a glance, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.reports.at_a_glance import SPEC, Area, Facts, Row
from liaison.services import glance
from liaison.services.reporting.open_loops import home_name

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.services.glance import Answer
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The period.

    Raises:
        UserError: The period has no beginning or end.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the questions are asked about.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    found = glance.read(store, asked.start, asked.end)
    areas = tuple(Area(name, tuple(map(_row, answers))) for name, answers in found.areas)
    return Facts(home_name(store), asked.start, asked.end, areas)


def _row(one: Answer) -> Row:
    return Row(
        one.asks, one.figure, one.unit, one.words, one.state, one.stands,
        one.bars, one.waits, one.per_cent, one.drawn,
    )  # fmt: skip
