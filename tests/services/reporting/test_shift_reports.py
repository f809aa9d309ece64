"""What the sheets of a shift, open loops and a timeline show of a home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.records.casework import (
    Action,
    Chase,
    Concern,
    Referral,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.directory import Contact, ContactAttempt, Organisation
from liaison.records.home import Resident, Staff
from liaison.reports.spec import Asked
from liaison.security.roles import CARER, may
from liaison.services import reporting
from liaison.services.homes import OpenHome
from liaison.services.visits import record_visit
from tests.homes import make
from tests.reports.paper import pages_of, text_of
from tests.services.conftest import add

NOW = dt.datetime(2026, 11, 18, 19, 0, tzinfo=dt.UTC)


def ago(hours: float) -> dt.datetime:
    return NOW - dt.timedelta(hours=hours)


class Wall:
    """The clock of the PC."""

    at = ago(100)

    def __call__(self) -> dt.datetime:
        """Return the moment that it shows."""
        return self.at


@pytest.fixture
def wall() -> Wall:
    """A clock to turn: when something was written is told from it."""
    return Wall()


@pytest.fixture
def home(tmp_path: Path, wall: Wall) -> Iterator[OpenHome]:
    """A home that was made before the shift."""
    with make(tmp_path / "home", clock=wall)[0] as opened:
        yield opened


@pytest.fixture
def joan(home: OpenHome, wall: Wall) -> int:
    """A resident with a shift behind her, and a namesake."""
    joan = add(home, Resident(name="Joan Frost", room="7", date_of_birth=dt.date(1931, 2, 3)))
    other = add(home, Resident(name="Joan Frost", room="9", date_of_birth=dt.date(1940, 5, 6)))
    priya = add(home, Staff(name="Priya Nair", job_role="nurse"))
    place = add(home, Organisation(name="Wheelchairs", kind="equipment"))
    grace = add(home, Contact(name="Grace Adeyemi"))
    for hours, found in ((14, "Not of this shift."), (2, "Skin whole.")):
        wall.at = ago(hours)
        visit = Visit(at=ago(hours), kind="visit", professional=grace)
        record_visit(home, visit, [VisitEntry(resident=joan, found=found)])
    wall.at = NOW
    planned = Visit(at=ago(-15), kind="visit", status="planned", professional=grace)
    record_visit(home, planned, [VisitEntry(resident=joan, raised="Skin")])
    add(home, Concern(resident=other, raised_by=priya, raised_at=ago(5), situation="Coughs"))
    add(
        home,
        Concern(resident=joan, raised_by=priya, raised_at=ago(40), situation="Dizzy",
                answer="Stand slowly", answered_by="Dr Anwar", answered_at=ago(3)),
    )  # fmt: skip
    add(home, Transfer(resident=joan, direction="return from A&E", at=ago(4)))
    add(home, ContactAttempt(resident=joan, at=ago(1), organisation=place, reached=False))
    add(home, Action(what="Ring", resident=joan, done_at=ago(1), outcome="They come."))
    referral = add(
        home,
        Referral(resident=joan, organisation=place, sent=ago(24 * 100).date(), reason="Chair"),
    )
    add(home, Chase(referral=referral, at=ago(6), result="Nobody there."))
    add(home, Action(what="Order pads", resident=joan, due=ago(48).date()))
    return joan


def made(home: OpenHome, name: str, **asked: object) -> str:
    wanted = reporting.ask(home.store, name, **asked)  # type: ignore[arg-type]  # by name
    return text_of(reporting.make(home, name, wanted))


def test_a_handover_tells_the_last_twelve_hours_unless_told_otherwise(
    home: OpenHome,
    joan: int,
) -> None:
    said = made(home, "shift-handover")
    for words in (
        "From Wed 18 Nov 2026, 07:00", "Skin whole.", "Coughs", "Stand slowly", "Back from A&E",
        "Wheelchairs, no answer", "They come.", "Nobody there.", "Order pads",
        "Thu 19 Nov, 10:00",
    ):  # fmt: skip
        assert words in said, words
    assert "Not of this shift." not in said
    assert "Not of this shift." in made(home, "shift-handover", since=ago(20))
    # oldest first
    assert said.index("Nobody there.") < said.index("Coughs") < said.index("Back from A&E")
    # two of one name
    assert "room 9" in said
    assert "room 7" in said


def test_what_is_written_down_late_is_told_by_the_shift_that_wrote_it(
    home: OpenHome, joan: int
) -> None:
    assert "No medicines." not in made(home, "shift-handover")
    add(home, Transfer(resident=joan, direction="discharge", at=ago(30), problems="No medicines."))
    said = made(home, "shift-handover")
    assert "Tue 17 Nov, 13:00" in said
    assert "(written down later)" in said
    assert "No medicines." in said
    # the visit of this shift was written in it
    assert "(written down later)" not in said[said.index("Back from A&E") :]


def test_a_handover_does_not_begin_in_the_future(
    home: OpenHome,
    joan: int,
) -> None:
    with pytest.raises(UserError, match="has not come yet"):
        made(home, "shift-handover", since=ago(-1))
    with pytest.raises(UserError, match="does not begin at a moment"):
        made(home, "visits", since=ago(1))


def test_open_loops_on_paper_and_by_initials(
    home: OpenHome,
    joan: int,
) -> None:
    said = made(home, "open-loops")
    for words in ("Order pads", "Wheelchairs, Chair", "Chased Wed 18 Nov 2026, nobody there"):
        assert words in said
    assert "100 days" in said
    assert "Joan Frost" in said
    hidden = made(home, "open-loops", names="initials")
    assert "Joan Frost" not in hidden
    assert "J.F., Room 7" in hidden
    assert "Dizzy" not in made(home, "open-loops", on=ago(24 * 50).date())


def test_a_timeline_on_paper_is_of_one_resident(
    home: OpenHome,
    joan: int,
) -> None:
    asked = reporting.ask(home.store, "timeline", start=ago(48).date(), end=NOW.date())
    with pytest.raises(UserError, match="whose timeline"):
        reporting.make(home, "timeline", asked)
    asked = Asked(asked.start, asked.end, subject=("resident", joan))
    said = text_of(reporting.make(home, "timeline", asked))
    assert "Room 7, born 3 Feb 1931" in said
    assert "Not of this shift." in said
    assert "Coughs" not in said
    asked = Asked(asked.start, asked.end, subject=("resident", joan), names="initials")
    hidden = text_of(reporting.make(home, "timeline", asked))
    assert "Joan Frost" not in hidden
    assert "1931" not in hidden


def test_each_blank_form_is_one_page_and_has_the_home_s_own_words(
    home: OpenHome,
) -> None:
    document = reporting.make(home, "blank-forms", reporting.ask(home.store, "blank-forms"))
    pages = pages_of(document)
    assert len(pages) == 3
    for page, title in zip(pages, ("Visit", "Concern", "Transfer"), strict=True):
        assert f"{title}\n" in page
        assert "Date of birth" in page
    assert "What is happening" in pages[1]
    assert "Return from A&E" in pages[2]


@pytest.mark.parametrize("name", ["shift-handover", "blank-forms"])
def test_a_carer_prints_the_sheets_of_a_shift(name: str) -> None:
    assert may(CARER, reporting.action_of(name))
    assert not may(CARER, reporting.action_of("open-loops"))
