"""The directory's page, as people use it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.directory import Contact
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.directory import DirectoryPage
from liaison.ui.pages.directory.contact_form import ContactForm
from liaison.ui.parts.card import CopyButton
from liaison.ui.parts.form import RecordForm
from liaison.ui.widgets import Banner, Button, Text
from tests.ui.names import nameless
from tests.ui.parts.conftest import Heard, Ids


def read(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    answers: list[Any] = []
    desk.jobs.read(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def write(qtbot: QtBot, desk: Desk, work: Any) -> None:
    done: list[bool] = []
    desk.jobs.write(work, lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))


def said(part: QWidget) -> list[str]:
    return [text.text() for text in part.findChildren(Text) if text.isVisible()]


def rows(page: DirectoryPage) -> list[str]:
    model = page.list.entries
    return [str(model.index(n).data()) for n in range(model.rowCount())]


def test_the_first_card_is_shown_at_once_with_its_number_large(
    page: DirectoryPage, ids: Ids
) -> None:
    assert rows(page) == ["GP practice", "Meadow Lane Surgery", "Grace Adeyemi"]
    assert page.card.record == ("organisation", ids.surgery)
    number = next(t for t in page.card.findChildren(Text) if t.text() == "01632 960201")
    assert number.property("kind") == "figure"


def test_the_number_is_copied_with_one_press(qtbot: QtBot, page: DirectoryPage) -> None:
    button = page.card.findChildren(CopyButton)[0]
    assert button.accessibleName() == "Copy phone"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "01632 960201"


def test_arrows_pass_over_headings_and_show_the_card(
    qtbot: QtBot, page: DirectoryPage, ids: Ids
) -> None:
    page.list.setFocus()
    with qtbot.waitSignal(page.card.shown):
        qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert page.card.record == ("contact", ids.grace)
    qtbot.keyClick(page.list, Qt.Key.Key_Up)
    qtbot.keyClick(page.list, Qt.Key.Key_Up)
    assert page.list.current is not None
    assert page.list.current.name == "Meadow Lane Surgery"


def test_a_need_in_people_s_own_words_finds_whom_to_ask(qtbot: QtBot, page: DirectoryPage) -> None:
    page.search.setFocus()
    qtbot.keyClicks(page.search, "not draining")
    page.way.set_value("need")
    page.way.changed.emit("need")
    assert rows(page) == ["Catheters", "Grace Adeyemi", "Meadow Lane Surgery"]


def test_letters_typed_on_the_list_are_searched_for(
    qtbot: QtBot, page: DirectoryPage, ids: Ids
) -> None:
    page.list.setFocus()
    with qtbot.waitSignal(page.card.shown):
        qtbot.keyClick(page.list, "a")
        assert page.search.hasFocus()
        qtbot.keyClicks(page.search, "dey")
        qtbot.waitUntil(lambda: rows(page) == ["GP practice", "Grace Adeyemi"])
    assert page.card.record == ("contact", ids.grace)
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    assert page.list.hasFocus()


def test_what_fits_nobody_is_said_and_taken_back(qtbot: QtBot, page: DirectoryPage) -> None:
    page.search.setText("zzz")
    page._narrow()
    assert page.none_fits.isVisible()
    qtbot.mouseClick(page.none_fits.button, Qt.MouseButton.LeftButton)
    assert page.list.isVisible()
    assert page.search.text() == ""


def test_chips_leave_places_or_people_and_are_taken_back_by_another_press(
    qtbot: QtBot, page: DirectoryPage
) -> None:
    people = page.chips["contact"]
    assert people.accessibleName() == "People, 1"
    qtbot.mouseClick(people, Qt.MouseButton.LeftButton)
    assert rows(page) == ["GP practice", "Grace Adeyemi"]
    qtbot.mouseClick(people, Qt.MouseButton.LeftButton)
    assert len(rows(page)) == 3
    assert not people.isChecked()


def test_checked_today_is_one_press_and_can_be_taken_back(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, heard: Heard, ids: Ids
) -> None:
    banner = next(b for b in page.card.findChildren(Banner) if b.isVisible())
    assert banner.accessibleName().startswith("These details were never checked.")
    with qtbot.waitSignal(page.card.shown):
        qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    assert "Checked today by Kate Morgan." in said(page.card)
    assert "Meadow Lane Surgery: checked today." in heard.said
    surgery = read(qtbot, desk, lambda s: s.get("organisation", ids.surgery))
    assert surgery.last_checked == desk.today()
    assert callable(heard.undo)
    with qtbot.waitSignal(page.card.shown):
        heard.undo()
    surgery = read(qtbot, desk, lambda s: s.get("organisation", ids.surgery))
    assert surgery.last_checked is None


def test_a_record_opened_from_elsewhere_is_shown_with_its_row(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    with qtbot.waitSignal(page.card.shown):
        desk.open("contact", ids.grace)
    assert page.list.current is not None
    assert page.list.current.id == ids.grace
    with qtbot.waitSignal(page.card.shown):
        desk.open("service", ids.catheters)
    assert "Whom to ask" in said(page.card)
    assert page.list.current is None


def test_a_post_is_shown_in_full_and_left_again(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    post = read(qtbot, desk, lambda s: next(iter(_all(s, "post"))))
    desk.open("post", post.id)
    assert page.stack.currentWidget() is page._room
    qtbot.waitUntil(lambda: "Role" in said(page.room))
    page.room.back()
    assert page.stack.currentWidget() is page._scroll


def _all(store: Any, type_name: str) -> Any:
    from liaison.store import query

    return query.every(store, query.Query(type_name))


def test_another_pc_s_record_is_no_fault(qtbot: QtBot, page: DirectoryPage) -> None:
    page.show_record("contact", 12345)
    qtbot.waitUntil(lambda: "Not on this PC yet" in said(page.card))


def test_a_card_that_cannot_be_read_says_so(
    qtbot: QtBot, page: DirectoryPage, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise UserError("The disk could not be read.")

    monkeypatch.setattr("liaison.ui.pages.directory.facts.card", broken)
    page.show_record("contact", ids.grace)
    qtbot.waitUntil(
        lambda: any(b.accessibleName().startswith("The disk") for b in page.findChildren(Banner))
    )


def test_an_empty_directory_says_how_it_fills(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    def empty(home: OpenHome) -> None:
        for name, who in (("contact", ids.grace), ("organisation", ids.surgery)):
            record = home.store.get(name, who)
            assert record is not None
            editing.archive(home, record, "entered by mistake")

    write(qtbot, desk, empty)
    qtbot.waitUntil(page.nothing.isVisible)
    qtbot.mouseClick(page.nothing.button, Qt.MouseButton.LeftButton)
    assert isinstance(page.room.currentWidget(), ContactForm)


def test_an_organisation_is_changed_on_its_form(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    change = next(b for b in page.card.findChildren(Button) if b.words == "Change")
    qtbot.mouseClick(change, Qt.MouseButton.LeftButton)
    form = page.room.currentWidget()
    assert isinstance(form, RecordForm)
    qtbot.waitUntil(lambda: form.fields is not None)
    assert form.fields is not None
    form.fields.editor("opening_hours").put("Always")
    with qtbot.waitSignal(page.card.shown):
        form.save()
    qtbot.waitUntil(lambda: "Always" in said(page.card))


def test_a_reader_cannot_write(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> None:
    import dataclasses

    desk.person = dataclasses.replace(desk.person, role="reader")
    made = DirectoryPage(desk)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignals([made.filled, made.card.shown]):
        made.refresh()
    assert made.add.isHidden()
    verbs = {b.words for b in made.card.findChildren(Button) if b.isVisible()}
    assert not verbs & {"Change", "Checked today", "Add a post"}


def test_every_control_has_a_name_and_every_row_says_all(qtbot: QtBot, page: DirectoryPage) -> None:
    assert nameless(page) == []
    index = page.list.entries.index(2)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Grace Adeyemi. Contact. District nurse · 01632 960412. To check"
    )


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0])
def test_large_text_puts_the_card_below_the_list(
    qtbot: QtBot, page: DirectoryPage, look: str, scale: float
) -> None:
    theme.current().choose(look)
    theme.current().resize(scale)
    card, left = page.card, page.list
    below = card.mapTo(page, card.rect().topLeft()).y() > left.mapTo(
        page, left.rect().topLeft()
    ).y()  # fmt: skip
    assert below == (scale >= 1.4)
    assert page.minimumSizeHint().height() < 700
    assert not page.grab().isNull()


def test_a_name_of_200_letters_widens_nothing(
    qtbot: QtBot, desk: Desk, page: DirectoryPage
) -> None:
    added: list[int] = []
    long = Contact(name="Wolfeschlegelsteinhausen " * 8, last_checked=dt.date(2026, 11, 1))
    write(qtbot, desk, lambda home: added.append(editing.add(home, long)[0]))
    with qtbot.waitSignal(page.card.shown):
        desk.open("contact", added[0])
    sheet = page.card.sheet.widget()
    assert sheet is not None
    assert sheet.width() <= page.card.width()
