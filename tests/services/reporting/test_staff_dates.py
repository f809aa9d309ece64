"""Supervisions and checks on paper stand as they do on the screen."""

from __future__ import annotations

import dataclasses
import datetime as dt

from liaison.records.home import Staff
from liaison.records.training import Supervision
from liaison.reports.spec import Document, Printed
from liaison.services import reporting
from liaison.services.homes import OpenHome
from tests.reports.paper import assert_within_margins, text_of
from tests.services.casework import NOW, TODAY, care
from tests.services.conftest import add

__all__ = ["care"]
DAY = dt.timedelta(days=1)


def printed(care: OpenHome, names: str = "full") -> Document:
    made = reporting.ask(care.store, "staff-dates", on=TODAY, names=names)  # type: ignore[arg-type]  # by name
    facts = reporting.gather(care.store, "staff-dates", made)
    return reporting.spec_of_report("staff-dates").render(facts, Printed(NOW, "Kate Morgan"))


def test_what_is_late_due_and_never_recorded_stands_in_its_group(care: OpenHome) -> None:
    assert "nothing was past its date" in text_of(printed(care))
    ana = add(
        care,
        Staff(
            name="Ana Silva", job_role="nurse", dbs_checked=dt.date(2023, 11, 10), nmc_pin="12A3456E",
            nmc_expires=TODAY + 20 * DAY,
        ),
    )  # fmt: skip
    late = Supervision(staff=ana, kind="supervision", done=TODAY - 100 * DAY)
    add(care, dataclasses.replace(late, next_due=TODAY - 9 * DAY))
    document = printed(care)
    assert_within_margins(document)
    text = text_of(document)
    assert "9 days late (was due Mon 9 Nov 2026)" in text
    assert "9 days late (was due Mon 9 Nov 2026)" in text.partition("Coming up")[0]
    # three years, less a day
    assert "DBS checked" in text
    assert "(was due Mon 9 Nov 2026)" in text
    assert "Runs out Tue 8 Dec 2026" in text
    assert "Appraisal" in text.partition("Not recorded")[2]
    short = text_of(printed(care, "initials"))
    assert "Ana Silva" not in short
    assert "A.S." in short


def test_two_of_the_same_initials_are_counted_as_two(care: OpenHome) -> None:
    for name in ("Ana Silva", "Abu Shah"):
        staff = add(care, Staff(name=name, job_role="nurse"))
        late = Supervision(staff=staff, kind="supervision", done=TODAY - 100 * DAY)
        add(care, dataclasses.replace(late, next_due=TODAY - 9 * DAY))
    assert "of 2 people" in " ".join(text_of(printed(care, "initials")).split())
