"""Cards, histories and settling, as people use them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.directory import Contact, Organisation
from liaison.services import editing
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.parts import reason
from liaison.ui.parts.card import Copyable, LinkButton, RecordCard
from liaison.ui.parts.history import HistoryPanel
from liaison.ui.parts.reason import MergePopover, MovePopover, ReasonDialog
from liaison.ui.parts.settle import Differences
from liaison.ui.widgets import Banner, Button, Text
from tests.ui.parts.conftest import Heard, Ids


def card_of(qtbot: QtBot, desk: Desk, type_name: str, identity: int) -> RecordCard:
    card = RecordCard(desk)
    qtbot.addWidget(card)
    card.resize(560, 700)
    card.show()
    card.activateWindow()
    with qtbot.waitSignal(card.shown):
        card.show_record(type_name, identity)
    return card


def write(qtbot: QtBot, desk: Desk, work: Any) -> None:
    done: list[bool] = []
    desk.jobs.write(work, lambda _: done.append(True))
    qtbot.waitUntil(lambda: bool(done))


def read(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    answers: list[Any] = []
    desk.jobs.read(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def words(part: QWidget) -> list[str]:
    return [text.text() for text in part.findChildren(Text) if text.isVisible()]


def banners(card: RecordCard) -> list[str]:
    return [b.accessibleName() for b in card.findChildren(Banner) if b.isVisible()]


def change(home: Any, identity: int, why: str = "", **fields: Any) -> None:
    loaded = home.store.load("contact", identity)
    editing.save(home, loaded, dataclasses.replace(loaded.record, **fields), why)


# ---- cards


def test_a_card_says_what_is_recorded_and_what_it_leads_to_opens(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    card = card_of(qtbot, desk, "contact", ids.grace)
    said = words(card)
    assert said[0] == "Grace Adeyemi"
    assert "01632 960412" in said
    assert "Best time to ring" not in said, "what is not recorded takes no room"
    links = {link.link.words: link for link in card.findChildren(LinkButton)}
    qtbot.mouseClick(links["Catheters"], Qt.MouseButton.LeftButton)
    assert heard.opened == [("service", ids.catheters)]
    assert "District nurse, Meadow Lane Surgery" in links


def test_a_phone_number_is_large_and_copied_with_one_press(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    card = card_of(qtbot, desk, "contact", ids.grace)
    (number,) = card.findChildren(Copyable)
    assert number.text.property("kind") == "phone"
    assert number.button.accessibleName() == "Copy phone"
    qtbot.mouseClick(number.button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "01632 960412"


def test_a_card_follows_what_is_written(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> None:
    card = card_of(qtbot, desk, "contact", ids.grace)
    with qtbot.waitSignal(card.shown):
        desk.jobs.write(lambda home: change(home, ids.grace, best_time="mornings"))
    assert "mornings" in words(card)


def test_struck_and_archived_records_say_so(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    def work(home: Any) -> None:
        editing.strike(home, home.store.get("visit_entry", ids.entry), "wrong Dorothy")
        editing.archive(home, home.store.get("contact", ids.grace), "left")

    write(qtbot, desk, work)
    assert banners(card_of(qtbot, desk, "visit_entry", ids.entry)) == [
        "Struck through: wrong Dorothy"
    ]
    gone = card_of(qtbot, desk, "contact", ids.grace)
    assert banners(gone) == ["Archived: in no list any more."]


def test_a_record_that_another_pc_will_send_is_no_fault(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    card = RecordCard(desk)
    qtbot.addWidget(card)
    card.show()
    card.show_record("contact", 12345)
    qtbot.waitUntil(lambda: "Not on this PC yet" in words(card))


def test_all_of_many_things_are_asked_for_as_a_list(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    def work(home: Any) -> None:
        from liaison.records.home import Resident

        for number in range(7):
            editing.add(home, Resident(name=f"R{number}", practice=ids.surgery))

    write(qtbot, desk, work)
    card = card_of(qtbot, desk, "organisation", ids.surgery)
    every = [b for b in card.findChildren(Button) if b.words == "All residents"]
    with qtbot.waitSignal(card.list_asked) as asked:
        qtbot.mouseClick(every[0], Qt.MouseButton.LeftButton)
    child, identity = asked.args
    assert (child.type, child.field, identity) == ("resident", "practice", ids.surgery)


def actions(card: RecordCard) -> dict[str, Any]:
    (menu,) = [m for m in card.findChildren(QMenu) if not m.isEmpty()]
    return {action.text(): action for action in menu.actions()}


def dialog_of(card: RecordCard) -> ReasonDialog:
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, ReasonDialog)]
    (dialog,) = [d for d in dialogs if d.isVisible()]
    return dialog


def test_archiving_asks_why_and_can_be_taken_back(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    card = card_of(qtbot, desk, "contact", ids.grace)
    actions(card)["Archive ..."].trigger()
    dialog = dialog_of(card)
    assert dialog.windowTitle() == "Archive Grace Adeyemi?"
    qtbot.mouseClick(dialog.do, Qt.MouseButton.LeftButton)
    assert dialog.isVisible(), "without a reason nothing happens"
    qtbot.keyClicks(dialog._line, "left the team")
    qtbot.mouseClick(dialog.do, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Grace Adeyemi archived." in heard.said)
    assert read(qtbot, desk, lambda s: s.get("contact", ids.grace)).archived
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: "Taken back." in heard.said)
    assert not read(qtbot, desk, lambda s: s.get("contact", ids.grace)).archived


def test_keeping_it_changes_nothing(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> None:
    card = card_of(qtbot, desk, "visit_entry", ids.entry)
    actions(card)["Strike through ..."].trigger()
    qtbot.mouseClick(dialog_of(card).keep, Qt.MouseButton.LeftButton)
    assert read(qtbot, desk, lambda s: s.get("visit_entry", ids.entry)).struck_reason is None


def test_a_note_is_moved_to_the_right_resident(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    card = card_of(qtbot, desk, "visit_entry", ids.entry)
    actions(card)["Wrong resident: move ..."].trigger()
    (popover,) = card.findChildren(MovePopover)
    qtbot.keyClicks(popover.finder.line, "hale")
    # whom it is about now is no choice
    qtbot.waitUntil(lambda: len(popover.finder.offers) == 1)
    (other,) = popover.finder.offers
    popover.finder.picked.emit(other.value)
    dialog = dialog_of(card)
    assert dialog.windowTitle() == (
        "Move this note to Dorothy Hale, room 7, date of birth 9 May 1941?"
    )
    assert dialog.do.words == "Move the note"
    qtbot.keyClicks(dialog._line, "wrong Dorothy")
    qtbot.mouseClick(dialog.do, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(said.startswith("Note moved") for said in heard.said))
    assert read(qtbot, desk, lambda s: s.get("visit_entry", ids.entry)).struck_reason


def test_a_duplicate_is_merged_into_the_one_that_stands(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    card = card_of(qtbot, desk, "resident", ids.other_dorothy)
    actions(card)["The same as another: merge ..."].trigger()
    (popover,) = card.findChildren(MergePopover)
    assert not popover.do.isEnabled()
    qtbot.keyClicks(popover.finder.line, "hale")
    qtbot.waitUntil(lambda: len(popover.finder.offers) >= 2)
    right = next(o for o in popover.finder.offers if o.apart.startswith("Room 12"))
    popover.finder._list.taken.emit(right.value)
    qtbot.mouseClick(popover.do, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(said.startswith("Merged;") for said in heard.said))
    merged = read(qtbot, desk, lambda s: s.get("resident", ids.other_dorothy))
    assert merged.merged_into == ids.dorothy


def test_what_was_refused_is_told(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = card_of(qtbot, desk, "contact", ids.grace)

    def refuse(*_: object) -> None:
        raise UserError("The disk is full.")

    monkeypatch.setattr(editing, "archive", refuse)
    record = read(qtbot, desk, lambda s: s.get("contact", ids.grace))
    dialog = reason.archive(card, desk, record, "Grace Adeyemi")
    qtbot.keyClicks(dialog._line, "left")
    qtbot.mouseClick(dialog.do, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [e.what for e in heard.troubles] == ["The disk is full."])


def test_large_text_puts_labels_above_their_values_at_once(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    card = card_of(qtbot, desk, "contact", ids.grace)
    with qtbot.waitSignal(card.shown):
        theme.current().resize(2.0)
    label = next(t for t in card.findChildren(Text) if t.text() == "Phone" and t.isVisible())
    number = next(
        t for t in card.findChildren(Text) if t.text() == "01632 960412" and t.isVisible()
    )
    assert (
        label.mapTo(card, label.rect().bottomLeft()).y()
        < number.mapTo(card, number.rect().center()).y()
    )


def test_who_may_only_read_is_offered_nothing_that_writes(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    desk.person = dataclasses.replace(desk.person, role="reader")
    card = card_of(qtbot, desk, "contact", ids.grace)
    offered = {b.words for b in card.findChildren(Button) if b.words and b.isVisible()}
    assert "History" in offered
    assert "Change" not in offered
    assert [m for m in card.findChildren(QMenu) if not m.isEmpty()] == []
    panel = HistoryPanel(desk)
    qtbot.addWidget(panel)
    panel.show()
    with qtbot.waitSignal(panel.shown):
        panel.show_record("contact", ids.grace)
    assert [line.undo.isVisible() for line in panel.lines] == [False]


# ---- history


def test_a_history_is_told_newest_first_and_a_change_is_taken_back(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    write(qtbot, desk, lambda h: change(h, ids.grace, "she rang", phone="01632 960421"))
    panel = HistoryPanel(desk)
    qtbot.addWidget(panel)
    panel.resize(560, 700)
    panel.show()
    with qtbot.waitSignal(panel.shown):
        panel.show_record("contact", ids.grace)
    assert [line.line.verb for line in panel.lines] == ["Changed", "Added"]
    first = panel.lines[0]
    said = words(first)
    for told in ("Changed", "“she rang”", "Phone", "01632 960412", "01632 960421"):
        assert told in said
    assert "Kate Morgan" in first.accessibleName()
    assert "Phone: from 01632 960412 to 01632 960421" in first.accessibleName()
    with qtbot.waitSignal(panel.shown):
        qtbot.mouseClick(first.undo, Qt.MouseButton.LeftButton)
    assert [line.line.verb for line in panel.lines] == ["Taken back", "Changed", "Added"]
    assert read(qtbot, desk, lambda s: s.get("contact", ids.grace)).phone == "01632 960412"
    panel.order.set_value(False)
    panel.order.changed.emit(False)
    assert [line.line.verb for line in panel.lines] == ["Added", "Changed", "Taken back"]


def test_what_was_changed_since_is_left_and_told(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    write(qtbot, desk, lambda h: change(h, ids.grace, phone="01632 960421"))
    write(qtbot, desk, lambda h: change(h, ids.grace, phone="01632 960422"))
    panel = HistoryPanel(desk)
    qtbot.addWidget(panel)
    panel.show()
    with qtbot.waitSignal(panel.shown):
        panel.show_record("contact", ids.grace)
    panel.lines[1].undo.click()
    qtbot.waitUntil(lambda: "Not taken back, what was changed since: Phone." in heard.said)


# ---- differences


@pytest.fixture
def differing(qtbot: QtBot, desk: Desk, ids: Ids) -> None:
    """Two values of one field, written from the same one."""

    def work(home: Any) -> None:
        shown = home.store.load("contact", ids.grace)
        for number, why in (("01632 960421", "She told me."), ("01632 960499", "From her mail.")):
            assert isinstance(shown.record, Contact)
            changed = dataclasses.replace(shown.record, phone=number)
            editing.save(home, shown, changed, why)

    write(qtbot, desk, work)


def settling(qtbot: QtBot, desk: Desk) -> Differences:
    shown = Differences(desk)
    qtbot.addWidget(shown)
    shown.resize(1100, 700)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(lambda: shown.panel is not None and shown.panel._around is not None)
    return shown


def test_one_of_two_values_is_chosen_with_a_figure_and_stands(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, differing: None
) -> None:
    shown = settling(qtbot, desk)
    panel = shown.panel
    assert panel is not None
    assert not panel.use.isEnabled()
    assert panel.cards[0].choice.words == "01632 960499"
    assert "She told me." in panel.cards[1].accessibleDescription()
    qtbot.keyClick(panel, Qt.Key.Key_2)
    assert panel.cards[1].isChecked()
    assert panel.use.words == "Use 01632 960421"
    qtbot.mouseClick(panel.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Grace Adeyemi: phone settled." in heard.said)
    qtbot.waitUntil(lambda: shown.panel is None)
    assert read(qtbot, desk, lambda s: s.get("contact", ids.grace)).phone == "01632 960421"
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: "Taken back." in heard.said)


def test_neither_is_right_and_another_is_typed(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, differing: None
) -> None:
    shown = settling(qtbot, desk)
    panel = shown.panel
    assert panel is not None
    qtbot.keyClick(panel, Qt.Key.Key_1)
    qtbot.mouseClick(panel.neither, Qt.MouseButton.LeftButton)
    assert panel.chosen is None
    assert panel.editor is not None
    assert panel.editor.control.hasFocus()
    qtbot.keyClicks(panel.editor.control, "01632 960123")
    qtbot.mouseClick(panel.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.panel is None)
    assert read(qtbot, desk, lambda s: s.get("contact", ids.grace)).phone == "01632 960123"


def test_two_notes_are_both_kept_and_of_two_numbers_one_is_chosen(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, differing: None
) -> None:
    def work(home: Any) -> None:
        shown = home.store.load("visit_entry", ids.entry)
        for found in ("Healing well", "Dressing changed"):
            editing.save(home, shown, dataclasses.replace(shown.record, found=found))

    phones = settling(qtbot, desk)
    assert phones.panel is not None
    assert not phones.panel.both.isVisible()
    write(qtbot, desk, work)
    shown = settling(qtbot, desk)
    qtbot.waitUntil(lambda: len(shown._found) == 2)
    shown.go_to(next(n for n, one in enumerate(shown._found) if one.field.name == "found"))
    panel = shown.panel
    assert panel is not None
    qtbot.keyClick(panel, Qt.Key.Key_1)
    qtbot.mouseClick(panel.both, Qt.MouseButton.LeftButton)
    assert panel.chosen is None
    assert panel.use.words == "Use both"
    qtbot.keyClick(panel, Qt.Key.Key_1)
    assert not panel.both.isChecked()
    qtbot.mouseClick(panel.both, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(shown._found) == 1)
    entry = read(qtbot, desk, lambda s: s.get("visit_entry", ids.entry))
    assert entry.found == "Healing well\n\nDressing changed"


def test_a_value_that_cannot_stand_is_refused_and_both_are_kept(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    def work(home: Any) -> None:
        shown = home.store.load("organisation", ids.surgery)
        for name in ("Meadow Lane", "Meadow Lane Practice"):
            assert isinstance(shown.record, Organisation)
            editing.save(home, shown, dataclasses.replace(shown.record, name=name))

    write(qtbot, desk, work)
    shown = settling(qtbot, desk)
    panel = shown.panel
    assert panel is not None
    qtbot.mouseClick(panel.neither, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.banner.isHidden())
    assert "Name is missing." in panel.banner.accessibleName()
    assert shown.panel is panel


def test_nothing_to_settle_is_said_so(qtbot: QtBot, desk: Desk, heard: Heard) -> None:
    shown = Differences(desk)
    qtbot.addWidget(shown)
    with qtbot.waitSignal(shown.counted, check_params_cb=lambda number: number == 0):
        shown.show()
    assert "Nothing to settle" in words(shown) or shown.panel is None


@pytest.mark.parametrize("dark", [False, True])
def test_everything_paints_in_both_themes_and_at_every_size(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, differing: None, *, dark: bool
) -> None:
    shown = settling(qtbot, desk)
    card = card_of(qtbot, desk, "contact", ids.grace)
    theme.current().choose("dark" if dark else "light")
    for scale in (1.0, 1.5, 2.0, 1.25, 1.0):
        theme.current().resize(scale)
        for part in (shown, card):
            assert not part.grab().isNull()
