"""The facts of a session's attendance sheet, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import spec_of
from liaison.reports.attendance_sheet import SPEC, Expected, Facts
from liaison.services import sessions

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_CAME: Final = {sessions.ATTENDED: True, sessions.ABSENT: False}


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the sheet shows.

    Args:
        store: The home.
        asked: The session.

    Raises:
        UserError: No session is named, or it is not here.
    """
    found = None if asked.subject is None else sessions.one(store, asked.subject[1])
    if found is None:
        raise UserError(
            "Say which session the sheet is for.",
            kept="Nothing was printed.",
            do="Open the session and choose Attendance sheet, or give its id.",
            code="no-subject",
        )
    loaded = store.the("home")
    home = None if loaded is None else getattr(loaded.record, "name", None)
    record = found.session
    by_name = spec_of(record).by_name
    teacher = " and ".join(part for part in (found.teacher, found.organisation) if part)
    rows = (
        ("Taught by", teacher),
        (by_name["place"].label, record.place or ""),
        (by_name["length"].label, f"{record.length} minutes" if record.length else ""),
    )
    return Facts(
        home=home or _UNNAMED,
        course=found.course,
        at=record.at,
        rows=tuple((label, words) for label, words in rows if words),
        expected=tuple(
            Expected(seat.name, seat.role, _CAME.get(seat.status)) for seat in found.seats
        ),
    )
