"""The facts of the report of transfers, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.errors import UserError
from liaison.records import spec_of
from liaison.records.rules import times
from liaison.records.rules import transfers as rules
from liaison.reports.transfers import SPEC, Facts, ReviewState, Row, review_words
from liaison.services import transfers
from liaison.services.references import Names
from liaison.services.reporting.naming import Residents
from liaison.services.reporting.open_loops import home_name

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.services.transfers import Told
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The period, and how residents are named.

    Raises:
        UserError: No period was given.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the transfers are from.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    residents = Residents(store, asked.names, Names(store))
    found = transfers.between(store, asked.start, asked.end)
    return Facts(
        home=home_name(store),
        start=asked.start,
        end=asked.end,
        rows=tuple(_row(store, residents, one) for one in found),
        names=asked.names,
    )


def _row(store: Store, residents: Residents, one: Told) -> Row:
    record = one.transfer
    assert record.at is not None  # noqa: S101  # it was found by when it was
    by_name = spec_of(record).by_name
    lacking = tuple(
        f"{by_name[name].label}: {store.vocabularies.label(by_name[name], value).lower()}"
        for name in one.lacking
        if (value := getattr(record, name))
    )
    state: ReviewState = "none"
    if one.review_due is not None:
        state = "done" if one.days_late is None else "past" if one.days_late > 0 else "due"
    return Row(
        at=times.in_london(record.at),
        resident=residents.with_room(record.resident, one.resident),
        direction=one.direction,
        place=one.place,
        goes=record.direction in rules.WENT,
        planned=record.planned,
        flags=one.flags,
        cause=record.cause or "",
        lacking=lacking,
        problems=record.problems or "",
        review=state,
        review_words=review_words(one.review_due, record.reviewed_on),
        out_of_hours=one.out_of_hours,
        readmitted=one.readmitted_after is not None,
        end_of_life=bool(record.end_of_life),
    )
