"""The diary of visits: what was, what is coming, and one visit with all that belongs to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store import history
from liaison.ui import theme
from liaison.ui.desk import Desk, Person
from liaison.ui.jobs import Jobs
from liaison.ui.pages.visits import VisitsPage, facts
from liaison.ui.pages.visits.card import NoteBlock
from liaison.ui.pages.visits.diary import Heading, said
from liaison.ui.parts.reason import ReasonDialog
from tests import homes as made
from tests.ui.pages.visits.conftest import There, write
from tests.ui.parts.conftest import NOW, Heard, Ids


def shown(page: VisitsPage) -> list[str]:
    return [said(row) for row in page.diary.rows]


def card_of(qtbot: QtBot, page: VisitsPage, visit: int) -> None:
    """Wait until a visit's card is shown."""
    qtbot.waitUntil(lambda: page.card.found is not None and page.card.found.record.id == visit)


def block_of(qtbot: QtBot, page: VisitsPage) -> NoteBlock:
    """Return the one note of the visit that is shown."""

    def there() -> list[NoteBlock]:
        return [block for block in page.card.findChildren(NoteBlock) if block.isVisible()]

    qtbot.waitUntil(lambda: len(there()) == 1)
    return there()[0]


def press(page: VisitsPage, words: str) -> None:
    found = page.card.foot.findChildren(QPushButton)
    next(b for b in found if b.accessibleName() == words and b.isVisible()).click()


def test_a_week_is_shown_day_by_day_with_times_who_and_residents(page: VisitsPage) -> None:
    rows = shown(page)
    assert rows[0] == "Mon 16 Nov 2026, no visits"
    at = rows.index("Today, Wed 18 Nov 2026, 2 visits")
    assert rows[at + 1].startswith("09:41, Grace Adeyemi, Phone, Not recorded, Dorothy Hale (")
    assert rows[at + 2].startswith("10:41, Grace Adeyemi, Meadow Lane Surgery, Visit, Dorothy")
    assert rows[at + 3] == "Thu 19 Nov 2026, 1 visit"
    assert "Coming" in rows[at + 4]
    assert [button.count for button in page.days.buttons] == [0, 0, 2, 1, 0, 0, 0]
    assert page.span.text() == "16 to 22 November 2026"
    assert page.header._subtitle.text() == ("1 visit, 1 coming, 1 not recorded yet in this week.")


def test_the_page_begins_at_today(page: VisitsPage, there: There) -> None:
    assert page.diary.current == there.missed.visit


def test_arrows_move_between_visits_and_weeks(
    page: VisitsPage, qtbot: QtBot, there: There, ids: Ids
) -> None:
    page.diary.setFocus()
    QTest.keyClick(page.diary, Qt.Key.Key_Down)
    assert page.diary.current == ids.visit
    QTest.keyClick(page.diary, Qt.Key.Key_Down)
    assert page.diary.current == there.coming.visit
    QTest.keyClick(page.diary, Qt.Key.Key_Home)
    assert page.diary.current == there.missed.visit
    QTest.keyClick(page.diary, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: page.span.text() == "9 to 15 November 2026")
    qtbot.waitUntil(lambda: page.diary.current == there.before.visit)
    QTest.keyClick(page.diary, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.span.text() == "16 to 22 November 2026")
    page.turn(-3)
    QTest.keyClick(page.diary, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.span.text() == "16 to 22 November 2026")


def test_a_visit_shows_its_notes_and_what_follows(
    page: VisitsPage, qtbot: QtBot, there: There, ids: Ids
) -> None:
    page.show_record("visit_entry", there.before.entries[0])
    card_of(qtbot, page, there.before.visit)
    found = page.card.found
    assert found is not None
    assert found.when == "Tue 10 Nov 2026, 09:41 to 10:41"
    (note,) = found.notes
    assert (note.resident.id, note.resident.words) == (ids.dorothy, "Dorothy Hale")
    assert [(row.field.name, row.text) for row in note.rows] == [
        ("raised", "Left shin"), ("found", "Smaller"),
    ]  # fmt: skip
    assert [(a.what, a.who, a.state) for a in note.actions] == [
        ("Order dressings", "by Thu 12 Nov 2026", ("late", "Late 6 d"))
    ]
    qtbot.waitUntil(lambda: page.diary.current == there.before.visit)


def test_a_note_that_was_struck_through_stays_with_the_reason(
    page: VisitsPage, qtbot: QtBot, jobs: Jobs, ids: Ids
) -> None:
    page.show_record("visit", ids.visit)
    card_of(qtbot, page, ids.visit)

    def strike(home: OpenHome) -> None:
        note = home.store.get("visit_entry", ids.entry)
        assert note is not None
        editing.strike(home, note, "Written twice")

    write(qtbot, jobs, strike)

    def struck() -> bool:
        found = page.card.found
        return found is not None and found.notes[0].record.struck_reason == "Written twice"

    qtbot.waitUntil(struck)
    block = block_of(qtbot, page)
    assert [action.text() for action in block.menu().actions()] == ["History"]


def test_a_note_that_was_moved_says_where_it_went_who_did_it_and_when(
    page: VisitsPage, qtbot: QtBot, jobs: Jobs, ids: Ids
) -> None:
    page.show_record("visit", ids.visit)
    card_of(qtbot, page, ids.visit)

    def move(home: OpenHome) -> None:
        note = home.store.get("visit_entry", ids.entry)
        assert isinstance(note, VisitEntry)
        editing.move(home, note, ids.other_dorothy, "It was the other Dorothy")

    write(qtbot, jobs, move)
    qtbot.waitUntil(lambda: page.card.found is not None and len(page.card.found.notes) == 2)
    assert page.card.found is not None
    was, now = page.card.found.notes
    assert was.fate is not None
    assert now.fate is not None
    assert was.fate.moved
    assert was.fate.words.startswith(f"Moved by {made.MANAGER}, ")
    assert was.fate.words.endswith(", to")
    assert was.fate.resident is not None
    assert was.fate.resident.id == ids.other_dorothy
    assert now.fate.words.startswith(f"Moved here by {made.MANAGER}, ")
    assert now.fate.resident is not None
    assert now.fate.resident.id == ids.dorothy


def test_a_note_can_be_corrected_moved_struck_and_its_history_read(
    page: VisitsPage, qtbot: QtBot, ids: Ids
) -> None:
    page.show_record("visit", ids.visit)
    card_of(qtbot, page, ids.visit)
    block = block_of(qtbot, page)
    menu = block.menu()
    assert [action.text() for action in menu.actions()] == [
        "Correct", "Attach a file ...", "Wrong resident: move ...", "Strike through ...",
        "I'm worried about them ...", "History",
    ]  # fmt: skip
    before = QApplication.focusWidget()
    assert before is not None
    with qtbot.waitSignal(page.card.history.shown):
        menu.actions()[-1].trigger()
    assert [line.line.verb for line in page.card.history.lines] == ["Added"]
    assert page.card.back.isVisible()
    qtbot.keyClick(page.card.back, Qt.Key.Key_Escape)
    assert not page.card.back.isVisible()
    assert QApplication.focusWidget() is before
    page.card.back.click()
    assert page.card.sheet.isVisible()


def test_going_to_the_form_says_which_visit(
    page: VisitsPage, qtbot: QtBot, desk: Desk, there: There, ids: Ids
) -> None:
    went: list[Any] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    page.show_record("visit", ids.visit)
    card_of(qtbot, page, ids.visit)
    press(page, "Correct")
    page.show_record("visit", there.missed.visit)
    card_of(qtbot, page, there.missed.visit)
    press(page, "Record it")
    page.record.click()
    page.plan.click()
    assert went == [
        ("record-visit", {"visit": ids.visit}),
        ("record-visit", {"visit": there.missed.visit, "happened": True}),
        ("record-visit", {}),
        ("record-visit", {"planned": True}),
    ]


@pytest.mark.parametrize(
    ("button", "status"), [("Cancelled ...", "cancelled"), ("Nobody came ...", "did not attend")]
)
def test_a_planned_visit_that_did_not_happen_says_so_with_the_reason(  # noqa: PLR0917  # fixtures
    page: VisitsPage,
    qtbot: QtBot,
    jobs: Jobs,
    there: There,
    heard: Heard,
    button: str,
    status: str,
) -> None:
    visit = there.missed.visit
    card_of(qtbot, page, visit)
    press(page, button)
    (dialog,) = [w for w in page.window().findChildren(ReasonDialog) if w.isVisible()]
    dialog._line.setText("Rang to say so")
    dialog.do.click()

    def told(home: OpenHome) -> tuple[object, str]:
        record = home.store.get("visit", visit)
        return getattr(record, "status", None), history.history(home.store, "visit", visit)[
            -1
        ].reason

    qtbot.waitUntil(lambda: heard.undo is not None)
    assert write(qtbot, jobs, told) == (status, "Rang to say so")
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: heard.said[-1:] == ["Taken back."])
    assert write(qtbot, jobs, told)[0] == "planned"


def test_the_diary_follows_what_is_written(
    page: VisitsPage, qtbot: QtBot, jobs: Jobs, ids: Ids
) -> None:
    jobs.changed.connect(lambda touched: page.refresh() if page.reads & touched else None)

    def add(home: OpenHome) -> int:
        at = NOW + dt.timedelta(days=2)
        return editing.add(home, Visit(at=at, kind="visit", status="planned"))[0]

    new = write(qtbot, jobs, add)
    qtbot.waitUntil(lambda: any(getattr(row, "id", 0) == new for row in page.diary.rows))


def test_the_list_shows_all_visits_and_the_one_that_is_looked_at(
    page: VisitsPage, qtbot: QtBot, there: There
) -> None:
    page.view.set_value("list")
    page.view.changed.emit("list")
    assert page.list is not None
    listed = page.list
    qtbot.waitUntil(lambda: listed.model.rowCount() == 4)
    assert listed.shown_columns[:2] == ("at", "professional")
    listed.show_record(there.before.visit)
    card_of(qtbot, page, there.before.visit)
    assert not page.span.isVisible()


def test_a_reader_reads_and_writes_nothing(
    qtbot: QtBot, jobs: Jobs, desk: Desk, ids: Ids, there: There
) -> None:
    reading = Desk(jobs, Person(desk.person.id, "A reader", "reader"), desk.settings, lambda: NOW)
    page = VisitsPage(reading)
    qtbot.addWidget(page)
    page.show()
    page.show_record("visit", ids.visit)
    card_of(qtbot, page, ids.visit)
    assert not page.record.isVisible()
    buttons = [b for b in page.card.foot.findChildren(QPushButton) if b.isVisible()]
    assert [b.accessibleName() for b in buttons] == ["History"]
    block = block_of(qtbot, page)
    assert [action.text() for action in block.menu().actions()] == ["History"]


def test_a_week_that_cannot_be_read_leaves_what_was_shown(
    page: VisitsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise UserError("The disk does not answer.", do="Try again.")

    before = shown(page)
    with monkeypatch.context() as broken:
        broken.setattr(facts, "week", refuse)
        page.refresh()
        qtbot.waitUntil(page.banner.isVisible)
    assert shown(page) == before
    page.banner.button.click()
    qtbot.waitUntil(lambda: not page.banner.isVisible())


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_control_is_named_and_the_page_fits(
    page: VisitsPage, qapp: QApplication, scale: float
) -> None:
    theme.install(qapp, "light", scale)
    page.resize(1072 if scale == 1.0 else 1282, 664)
    start = page.diary.nextInFocusChain()
    at = start.nextInFocusChain() if start is not None else None
    while at is not None and at is not start:
        tabbed = at.isVisible() and at.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert not tabbed or at.accessibleName(), at
        at = at.nextInFocusChain()
    assert page.minimumSizeHint().height() <= 664
    assert all(row.words for row in page.diary.rows if isinstance(row, Heading))


def test_how_a_follow_up_stands_is_a_state_and_a_word() -> None:
    today = NOW.date()

    def state(**fields: Any) -> tuple[str, str]:
        return facts.action_state(Action(**fields), today)

    assert state() == ("info", "Open")
    assert state(due=today) == ("due", "Due today")
    assert state(due=today + dt.timedelta(days=7)) == ("info", "Due in 7 d")
    assert state(due=today - dt.timedelta(days=3)) == ("late", "Late 3 d")
    assert state(due=today, done_at=NOW) == ("ok", "Done")
    assert state(struck_reason="twice") == ("none", "Struck through")
