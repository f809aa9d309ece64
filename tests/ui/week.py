"""A small home whose week is lived through: its people, its clock, and what hands do at its screen."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from liaison.records import Record, spec_of
from liaison.records.administration import Person
from liaison.records.casework import Referral, Round, Series, Transfer
from liaison.records.directory import Contact, Organisation, Post
from liaison.records.home import Resident, Staff
from liaison.services import editing, people
from liaison.services.homes import OpenHome
from liaison.store.store import Store
from liaison.ui.pages.rounds import RoundsPage
from liaison.ui.pages.rounds.opened import OpenLine
from liaison.ui.parts.closing import ClosingPopover
from liaison.ui.parts.editors.picker import RefPicker
from liaison.ui.parts.fields import Fields
from liaison.ui.parts.say_popover import SayPopover
from tests import homes as made
from tests.ui.whole import Whole, settle

P = TypeVar("P", bound=QWidget)
R = TypeVar("R", bound=Record)

LONDON: Final = ZoneInfo("Europe/London")
CARER: Final = "Priya Nair"
SENIOR: Final = "Daniel Okafor"
PASSWORDS: Final = {
    made.MANAGER: made.PASSWORD,
    SENIOR: "nine geese over the flooded field",
    CARER: "marmalade on a wet Thursday",
}
ROLES: Final = {made.MANAGER: "manager", SENIOR: "senior", CARER: "carer"}


class Wall:
    """The clock on the wall, which is also the PC's."""

    def __init__(self) -> None:
        self.moment = dt.datetime(2026, 11, 2, 9, 0, tzinfo=LONDON)

    def __call__(self) -> dt.datetime:
        """Return the moment that it shows."""
        return self.moment

    def turn(self, day: int, hour: int, minute: int = 0) -> None:
        """Turn it on to a moment of that November."""
        self.moment = dt.datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


@dataclasses.dataclass(frozen=True)
class Ids:
    """The records that are there before the week begins."""

    dorothy: int
    george: int
    priya: int
    hospital: int
    referral: int
    round: int


def furnish(folder: Path, wall: Wall) -> Ids:
    """Make the home as it is on the Monday morning."""
    with made.make(folder, clock=wall)[0] as home:
        return _furnish(home)


def _furnish(home: OpenHome) -> Ids:
    def add(record: Record) -> int:
        return editing.add(home, record)[0]

    surgery = add(Organisation(name="Meadow Lane Surgery", kind="GP practice"))
    chairs = add(Organisation(name="Wheelchair Service", kind="equipment", typical_wait_days=126))
    hospital = add(Organisation(name="Northgate Hospital", kind="hospital"))
    doctor = add(Contact(name="Dr Anwar"))
    add(Post(contact=doctor, role="GP", organisation=surgery))
    dorothy = add(Resident(name="Dorothy Hale", room="12", practice=surgery))
    george = add(Resident(name="George Bennett", room="4", practice=surgery))
    priya = add(Staff(name=CARER, job_role="care assistant"))
    daniel = add(Staff(name=SENIOR, job_role="senior carer"))
    for name, staff in ((CARER, priya), (SENIOR, daniel)):
        person = Person(name=name, role=ROLES[name], staff=staff)
        people.add(home, person, PASSWORDS[name], cost=made.CHEAP)
    series = add(Series(name="Weekly round", professional=doctor, organisation=surgery,
                        every="week", weekday=2, start_time="10:30"))  # fmt: skip
    sitting = add(Round(series=series, at=dt.datetime(2026, 11, 4, 10, 30, tzinfo=LONDON)))
    referral = add(Referral(resident=dorothy, organisation=chairs, sent=dt.date(2026, 5, 18),
                            reason="A chair of her own"))  # fmt: skip
    gone = dt.datetime(2026, 11, 1, 14, 20, tzinfo=LONDON)
    add(Transfer(resident=george, direction="admission", at=gone, place=hospital, cause="Chest"))
    return Ids(dorothy, george, priya, hospital, referral, sitting)


def sits(folder: Path, name: str, wall: Wall) -> Whole:
    """Sign somebody in; their window begins with its first page."""
    whole = Whole(folder, PASSWORDS[name], ROLES[name], person=name, now=wall)
    whole.shell.start()
    whole.settle()
    return whole


# ---- what hands do


def page_of(whole: Whole, kind: type[P]) -> P:
    """Return the page in front, which is of a kind."""
    found = whole.shell.page
    assert isinstance(found, kind)
    return found


def wait(whole: Whole, ready: Callable[[], bool]) -> None:
    """Wait until something is so; the limit is that of the window's rest."""
    settle(lambda: whole.jobs.is_idle and ready())


def pick(whole: Whole, fields: Fields, field: str, typed: str) -> None:
    """Type the beginning of a name and take what is offered for it; none is offered elsewhere."""
    editor = fields.editor(field)
    assert isinstance(editor, RefPicker)
    editor.control.setFocus()
    QTest.keyClicks(editor.control, typed)
    editor.finder.search()
    wait(whole, lambda: any(offer.words.startswith(typed) for offer in editor.finder.offers))
    offer = next(one for one in editor.finder.offers if one.words.startswith(typed))
    editor.finder.picked.emit(offer.value)


def put(fields: Fields, **values: object) -> None:
    """Type into fields."""
    for name, value in values.items():
        editor = fields.editor(name)
        editor.put(value)
        editor.changed.emit()


def new_popover(whole: Whole, kind: type[P]) -> P:
    """Return the popover that is open, once it can be typed into."""
    whole.settle()
    (found,) = [one for one in whole.frame.findChildren(kind) if one.isVisible()]
    return found


def asked(whole: Whole) -> tuple[SayPopover, Fields]:
    """Return the popover that asks in a few fields, and these."""
    found = new_popover(whole, SayPopover)
    assert found.fields is not None
    return found, found.fields


def closing(whole: Whole) -> ClosingPopover:
    """Return the popover of an open loop."""
    return new_popover(whole, ClosingPopover)


def opened(whole: Whole) -> tuple[OpenLine, Fields]:
    """Return the line of the round that is open, and its fields."""
    page = page_of(whole, RoundsPage)
    wait(whole, lambda: page.board.opened is not None and page.board.opened.record.isEnabled())
    line = page.board.opened
    assert line is not None
    assert line.fields is not None
    return line, line.fields


def enter(part: QWidget, words: str) -> None:
    """Type a line and press Enter."""
    QTest.keyClicks(part, words)
    QTest.keyClick(part, Qt.Key.Key_Return)


def waiting(whole: Whole, page: str) -> int:
    """Return how many wait on a page, as its item in the sidebar says."""
    item = whole.shell.sidebar.item(page)
    assert item is not None
    _, _, said = item.accessibleName().partition(", ")
    return int(said.split(" ")[0]) if said else 0


def record(store: Store, kind: type[R], identity: int) -> R:
    """Return a record that is there."""
    found = store.get(spec_of(kind).name, identity)
    assert isinstance(found, kind)
    return found
