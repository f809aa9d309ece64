"""The page of transfers: reviews with words, the checklist in one press, and who will not be back."""

from __future__ import annotations

import datetime as dt

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.casework import Appointment, EquipmentLoan, Transfer
from liaison.records.home import Resident
from liaison.ui.desk import Desk
from liaison.ui.pages.transfers import TransfersPage
from liaison.ui.pages.transfers.leaving import LeavingSheet
from liaison.ui.parts.form import RecordForm
from liaison.ui.widgets import Segmented
from tests.ui.names import nameless
from tests.ui.pages.casework import add, button, follow, popover, read, said, shown
from tests.ui.parts.conftest import NOW, Heard, Ids


def at(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


@pytest.fixture
def back(qtbot: QtBot, desk: Desk, ids: Ids) -> int:
    gone = Transfer(resident=ids.dorothy, direction="admission", at=at(3), cause="Chest")
    add(qtbot, desk, gone)
    return add(qtbot, desk, Transfer(resident=ids.dorothy, direction="discharge", at=at(6, 18)))


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, back: int) -> TransfersPage:
    made = TransfersPage(desk)
    follow(desk, made)
    shown(qtbot, made)
    qtbot.waitUntil(lambda: "What went along" in said(made.card))
    return made


def stored(qtbot: QtBot, desk: Desk, identity: int) -> Transfer:
    found = read(qtbot, desk, lambda store: store.get("transfer", identity))
    assert isinstance(found, Transfer)
    return found


def test_a_friday_evening_discharge_is_out_of_hours_and_its_review_has_its_working_day(
    page: TransfersPage,
) -> None:
    words = said(page.card)
    assert "Out of hours" in words
    # a little later than the desk's own day: the store's clock is this PC's
    line = page.list.current
    assert line is not None
    assert line.words.startswith("Review ")
    assert line.words.endswith(" late")
    assert "Tue 17 Nov 2026" in words
    assert "Tue 3 Nov 2026, 12:00" in words


def test_a_line_of_the_checklist_is_one_press_with_a_way_back(
    qtbot: QtBot, desk: Desk, page: TransfersPage, heard: Heard, back: int
) -> None:
    summary = next(
        part
        for part in page.card.findChildren(Segmented)
        if part.accessibleName().startswith("Sum")
    )
    summary.changed.emit("partly")
    qtbot.waitUntil(lambda: heard.said == ["Summary went along: partly."])
    assert stored(qtbot, desk, back).summary == "partly"
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    assert stored(qtbot, desk, back).summary is None


def test_the_review_needs_words(
    qtbot: QtBot, desk: Desk, page: TransfersPage, heard: Heard, back: int
) -> None:
    asked = popover(qtbot, page.card, "Record the review ...")
    assert asked.fields is not None
    asked.fields.editor("review").put("   ")
    asked.save()
    box = asked.fields.boxes["review"]
    qtbot.waitUntil(lambda: bool(box.error))
    assert stored(qtbot, desk, back).reviewed_on is None
    asked.fields.editor("review").put("Two tablets stopped")
    asked.save()
    qtbot.waitUntil(lambda: not page.list.cases.rows)
    assert stored(qtbot, desk, back).review == "Two tablets stopped"


def test_who_left_closes_what_is_ticked_and_leaves_the_rest_open(  # noqa: PLR0917  # fixtures
    qtbot: QtBot, desk: Desk, page: TransfersPage, heard: Heard, back: int, ids: Ids
) -> None:
    eyes = add(qtbot, desk, Appointment(resident=ids.dorothy, at=at(30), purpose="Eyes"))
    feet = add(qtbot, desk, Appointment(resident=ids.dorothy, at=at(29), purpose="Feet"))
    frame = EquipmentLoan(what="Frame", resident=ids.dorothy, requested_on=dt.date(2026, 9, 1))
    add(qtbot, desk, frame)
    page.show_argument({"leaving": ids.dorothy})
    (sheet,) = page.room.findChildren(LeavingSheet)
    qtbot.waitUntil(lambda: len(sheet.boxes) == 3)
    qtbot.waitUntil(lambda: "Equipment on loan: Frame" in said(sheet))
    assert nameless(sheet) == []
    sheet.boxes["appointment", feet].setChecked(False)
    sheet.save()
    assert sheet.fields is not None
    assert sheet.fields.boxes["left_reason"].error == "Why they left is missing."
    sheet.fields.editor("left_on").put("17 Nov 2026")
    sheet.fields.editor("left_reason").put("died")
    sheet.save()
    qtbot.waitUntil(lambda: bool(heard.said))
    assert heard.said[0].endswith("left: 2 closed, 1 still open.")
    found = read(
        qtbot,
        desk,
        lambda store: [store.get("appointment", one) for one in (eyes, feet)],
    )
    assert [getattr(one, "status", "") for one in found] == ["cancelled", "booked"]
    who = read(qtbot, desk, lambda store: store.get("resident", ids.dorothy))
    assert isinstance(who, Resident)
    assert (who.left_on, who.left_reason) == (dt.date(2026, 11, 17), "died")
    assert stored(qtbot, desk, back).review == "Died, Tue 17 Nov 2026"
    assert page.stack.currentWidget() is page._scroll


def test_a_box_that_was_unticked_stays_so_when_the_day_changes(
    qtbot: QtBot, desk: Desk, page: TransfersPage, ids: Ids
) -> None:
    feet = add(qtbot, desk, Appointment(resident=ids.dorothy, at=at(29), purpose="Feet"))
    page.show_argument({"leaving": ids.dorothy})
    (sheet,) = page.room.findChildren(LeavingSheet)
    qtbot.waitUntil(lambda: len(sheet.boxes) == 2)
    key = "appointment", feet
    before = sheet.boxes[key]
    before.setChecked(False)
    assert sheet.fields is not None
    sheet.fields.editor("left_on").put("16 Nov 2026")
    sheet.fields.changed.emit("left_on")
    qtbot.waitUntil(lambda: sheet.boxes.get(key) not in {None, before})
    assert not sheet.boxes[key].isChecked()


def test_what_was_typed_of_somebody_who_left_is_found_again(
    qtbot: QtBot, desk: Desk, page: TransfersPage, ids: Ids
) -> None:
    feet = add(qtbot, desk, Appointment(resident=ids.dorothy, at=at(29), purpose="Feet"))
    page.show_argument({"leaving": ids.dorothy})
    (sheet,) = page.room.findChildren(LeavingSheet)
    qtbot.waitUntil(lambda: len(sheet.boxes) == 2)
    assert sheet.fields is not None
    sheet.fields.editor("left_on").put("the day before yest")
    sheet.fields.editor("left_reason").put("died")
    for name in ("left_on", "left_reason"):
        sheet.fields.changed.emit(name)
    sheet.boxes["appointment", feet].setChecked(False)
    assert page.open_form() == {"leaving": ids.dorothy}
    sheet.later.click()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page._scroll)
    page.reopen({"leaving": ids.dorothy})
    found = page.room.currentWidget()
    assert isinstance(found, LeavingSheet)
    qtbot.waitUntil(lambda: ("appointment", feet) in found.boxes)
    assert found.fields is not None
    assert found.fields.editor("left_on").typed() == "the day before yest"
    assert found.fields.editor("left_reason").value() == "died"
    assert not found.boxes["appointment", feet].isChecked()


def test_going_away_offers_the_handover_sheet_and_coming_back(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    gone = add(qtbot, desk, Transfer(resident=ids.other_dorothy, direction="A&E", at=at(12, 2)))
    made = TransfersPage(desk)
    shown(qtbot, made)
    made.show_record("transfer", gone)
    qtbot.waitUntil(lambda: "Handover sheet" in said(made.card))
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    button(made.card, "Came back ...").click()
    button(made.card, "Handover sheet").click()
    (_, coming), (report, asked) = went
    assert isinstance(coming, dict)
    assert coming["direction"] == "return from A&E"
    assert report == "reports"
    assert isinstance(asked, dict)
    assert (asked["report"], asked["candidate"].id) == ("handover-sheet", ids.other_dorothy)


def test_every_control_has_a_name(page: TransfersPage) -> None:
    assert nameless(page) == []


def test_moving_out_asks_at_once_what_closes_with_it(
    qtbot: QtBot, desk: Desk, page: TransfersPage, heard: Heard, ids: Ids
) -> None:
    desk.opened.connect(page.show_record)
    page.show_argument({"add": True, "resident": ids.dorothy})
    form = page.room.currentWidget()
    assert isinstance(form, RecordForm)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    # it is mostly written down when it happens
    assert form.fields.editor("at").value() == NOW.replace(second=0, microsecond=0)
    form.fields.editor("direction").put("move out")
    form.save()
    qtbot.waitUntil(lambda: bool(page.room.findChildren(LeavingSheet)))
    (sheet,) = page.room.findChildren(LeavingSheet)
    qtbot.waitUntil(lambda: bool(sheet.boxes))
    assert page.stack.currentWidget() is page._room
