"""Recording a visit with the keyboard: quick, in one go, and no word is ever lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Post
from liaison.services import drafts, editing, visits
from liaison.services.homes import OpenHome
from liaison.store import history, query
from liaison.ui.desk import Desk
from liaison.ui.jobs import Jobs
from liaison.ui.pages.record_visit import RecordVisitPage, saving
from liaison.ui.pages.record_visit.kinds import KindChoice
from liaison.ui.pages.record_visit.new_visitor import NewVisitor
from liaison.ui.parts import keeper
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.parts.unfinished import about_of, unfinished_visits
from liaison.ui.widgets import Text
from tests import homes as made
from tests.ui.pages.record_visit.conftest import Writer
from tests.ui.parts.conftest import NOW, Heard, Ids


def newest(home: OpenHome) -> visits.WholeVisit:
    (visit,) = query.page(home.store, query.Query("visit"), limit=1).records
    whole = visits.visit_with_entries(home.store, visit.id or 0)
    assert whole is not None
    return whole


def count(home: OpenHome) -> int:
    return len(list(query.every(home.store, query.Query("visit"))))


# ---- quick


def test_a_short_note_takes_two_dozen_keys_beside_its_own_words(writer: Writer) -> None:
    writer.go()
    words = "Dressing changed, wound is clean."
    writer.who_and_when("1005", "1038")
    writer.choose("doro", "12")
    writer.press(Qt.Key.Key_Tab)
    writer.type(words)
    writer.save()
    assert writer.keys - len(words) <= 24
    whole = writer.read(newest)
    visit, (entry,) = whole.visit.record, (x.record for x in whole.entries)
    assert isinstance(visit, Visit)
    assert (visit.status, visit.kind, visit.urgency) == ("happened", "visit", "planned")
    assert visit.at == dt.datetime(2026, 11, 18, 10, 5, tzinfo=dt.UTC)
    assert visit.left_at == dt.datetime(2026, 11, 18, 10, 38, tzinfo=dt.UTC)
    assert entry.found == words


def test_several_residents_and_what_follows_are_saved_in_one_unit(writer: Writer, ids: Ids) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("raised", "Dressing on left shin.")
    writer.write("found", "Smaller.")
    writer.field("plan_changed").setFocus()
    writer.press(Qt.Key.Key_Space)
    writer.control(Qt.Key.Key_F)
    writer.type("Order dressings")
    follow_up = writer.form.note.follow_ups.rows[0]
    writer.press(Qt.Key.Key_Tab)
    writer.type("moira")
    finder: Any = follow_up.editor("owner_staff")
    writer.qtbot.waitUntil(lambda: bool(finder.finder.offers))
    writer.press(Qt.Key.Key_Return)
    writer.press(Qt.Key.Key_Tab)
    writer.type("fri")
    writer.press(Qt.Key.Key_Tab)
    writer.add("doro", "7")
    writer.write("found", "Asked how she is. Well.")
    writer.save()
    whole = writer.read(newest)
    dorothy, other = (x.record for x in whole.entries)
    assert (dorothy.resident, other.resident) == (ids.dorothy, ids.other_dorothy)
    assert (dorothy.raised, dorothy.plan_changed) == ("Dressing on left shin.", "no")
    (action,) = (x.record for x in whole.actions)
    assert (action.what, action.owner_staff) == ("Order dressings", ids.moira)
    assert action.due == dt.date(2026, 11, 20)
    assert action.resident == ids.dorothy

    def units(home: OpenHome) -> set[int]:
        parts = [("visit", whole.visit.id), *(("visit_entry", x.id) for x in whole.entries)]
        parts += [("action", x.id) for x in whole.actions]
        return {e.unit for part in parts for e in history.history(home.store, *part)}

    assert len(writer.read(units)) == 1


def test_the_keys_move_between_residents(writer: Writer) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.add("doro", "7")
    assert writer.form.sheet.open == 1
    writer.control(Qt.Key.Key_Down)
    assert writer.form.sheet.open == 0
    writer.control(Qt.Key.Key_Up)
    assert writer.form.sheet.open == 1
    # the cursor is in the note, and each key works from there
    assert writer.form.note.isAncestorOf(writer.focus())


def test_the_list_says_how_far_each_note_is(writer: Writer) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.add("doro", "7")
    writer.write("raised", "Ears")
    states = [line.state for line in writer.form.people.list.lines]
    assert states == ["written", "writing"]
    writer.control(Qt.Key.Key_Down)
    states = [line.state for line in writer.form.people.list.lines]
    assert states == ["writing", "not finished"]
    assert writer.form.note.next_button.words == "Next: Dorothy Hale"


def test_two_people_of_one_name_are_told_apart_by_room_and_birth(
    writer: Writer, qtbot: QtBot
) -> None:
    writer.go()
    writer.who_and_when()
    writer.type("dorothy")
    finder = writer.form.people.finder
    qtbot.waitUntil(lambda: len(finder.offers) == 2)
    assert {offer.said for offer in finder.offers} == {
        "Dorothy Hale, Room 12 · Date of birth 3 Mar 1938",
        "Dorothy Hale, Room 7 · Date of birth 9 May 1941",
    }


def test_adding_somebody_twice_only_opens_their_note(writer: Writer) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.control(Qt.Key.Key_R)
    writer.choose("doro", "12")
    assert len(writer.form.sheet.notes) == 1
    assert writer.field("found").text() == "Healing."


# ---- drafts


def test_a_pause_keeps_what_was_typed_within_two_seconds(writer: Writer, qtbot: QtBot) -> None:
    assert keeper.PAUSE_MS <= 1_500
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.kept()
    told: list[str] = []
    writer.form.told.connect(lambda words, *_: told.append(words))
    writer.write("found", "Healing.")
    qtbot.waitUntil(lambda: bool(told), timeout=2_000)
    assert told[-1].startswith("Draft kept on this PC at ")
    (draft,) = writer.read(drafts.mine)
    assert draft.typed["notes"][0]["typed"]["found"] == "Healing."
    told.clear()
    writer.control(Qt.Key.Key_F)
    writer.type("Order")
    qtbot.waitUntil(lambda: bool(told), timeout=2_000)
    (draft,) = writer.read(drafts.mine)
    assert draft.typed["notes"][0]["actions"][0]["typed"]["what"] == "Order"


def test_a_draft_comes_back_to_its_author_and_to_nobody_else(
    writer: Writer, qtbot: QtBot, desk: Desk, ids: Ids
) -> None:
    writer.go()
    writer.who_and_when("yesterday 14:20", "14:55")
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.control(Qt.Key.Key_F)
    writer.type("Order")
    writer.page.finish_later()
    (unfinished,) = writer.read(unfinished_visits)
    assert (unfinished.title, unfinished.residents.partition(" (")[0]) == (
        "Grace Adeyemi",
        "Dorothy Hale",
    )
    again = Writer(qtbot, RecordVisitPage(desk))
    qtbot.addWidget(again.page)
    again.page.show()
    again.go(unfinished.argument)
    assert again.form.strip.name.text() == "Grace Adeyemi"
    assert again.form.strip.arrived.text == "Tue 17 Nov 2026, 14:20"
    assert again.form.strip.left.text == "14:55"
    assert again.field("found").text() == "Healing."
    assert again.form.sheet.notes[0].actions[0].text("what") == "Order"
    with qtbot.waitSignal(again.form.saved):
        again.page.save_button.click()
    (entry,) = (x.record for x in again.read(newest).entries)
    assert entry.resident == ids.dorothy
    assert again.read(unfinished_visits) == []

    def of_another(home: OpenHome) -> list[Any]:
        from liaison.store import drafts as kept

        return kept.of_person(home.store, home.person + 1)

    assert again.read(of_another) == []


def test_what_was_typed_survives_the_death_of_the_program(folder: Path, ids: Ids) -> None:
    code = """
import sys, datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from liaison.settings import Settings
from liaison.ui import theme
from liaison.ui.desk import Desk, Person
from liaison.ui.jobs import Jobs
from liaison.ui.pages.record_visit import RecordVisitPage
from liaison.ui.parts.facts import Candidate
from tests import homes as made
app = QApplication([])
theme.install(app)
jobs = Jobs()
home = made.unlock(Path(sys.argv[1]))
jobs.attach(home)
now = dt.datetime(2026, 11, 18, 10, 41, tzinfo=ZoneInfo("Europe/London"))
desk = Desk(jobs, Person(home.person, made.MANAGER, "manager"), Settings(), now=lambda: now)
page = RecordVisitPage(desk)
def typed():
    page.form.notes.add_resident(Candidate(int(sys.argv[2]), "Dorothy Hale", ""))
    page.form.note.fields.editor("found").control.insertPlainText("The last words")
    page.form.keeper.kept.connect(lambda _: print("kept", flush=True))
page.filled.connect(typed)
page.show()
page.refresh()
QTimer.singleShot(20_000, app.quit)
app.exec()
"""
    with made.child(code, folder, ids.dorothy, QT_QPA_PLATFORM="offscreen") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == b"kept":
                break
        os.kill(process.pid, signal.SIGKILL)
        assert process.stderr is not None
        said = process.stderr.read().decode()
    with made.unlock(folder) as home:
        kept = drafts.mine(home)
    assert len(kept) == 1, said
    assert kept[0].typed["notes"][0]["typed"]["found"] == "The last words"


def test_what_is_not_finished_is_listed_and_can_be_gone_on_with(
    writer: Writer, qtbot: QtBot, desk: Desk
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.kept()
    writer.go({})
    unfinished = writer.form.beginning.unfinished
    qtbot.waitUntil(lambda: unfinished.count == 1)
    assert unfinished.isVisible()
    went: list[Any] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    (on,) = [b for b in unfinished.findChildren(type(writer.page.later)) if b.words == "Go on"]
    on.click()
    assert went == [("record-visit", unfinished.found[0].argument)]


def test_a_draft_thrown_away_can_be_brought_back(
    writer: Writer, qtbot: QtBot, heard: Heard
) -> None:
    writer.go()
    writer.who_and_when()
    writer.kept()
    writer.go({})
    unfinished = writer.form.beginning.unfinished
    qtbot.waitUntil(lambda: unfinished.count == 1)
    (away,) = [
        b
        for b in unfinished.findChildren(type(writer.page.later))
        if b.accessibleName().startswith("Throw away")
    ]
    away.click()
    qtbot.waitUntil(lambda: heard.said[-1:] == ["Draft thrown away."])
    assert writer.read(drafts.mine) == []
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: heard.said[-1:] == ["The draft is back."])
    assert len(writer.read(drafts.mine)) == 1


def test_going_to_another_visit_keeps_the_one_that_was_open(writer: Writer, ids: Ids) -> None:
    writer.go()
    writer.who_and_when()
    writer.go({"resident": ids.dorothy})
    assert writer.form.sheet.notes[0].resident == ids.dorothy
    assert not writer.form.begun
    (draft,) = writer.read(drafts.mine)
    assert draft.typed["visit"]["at"]["text"] == "10:05"
    # said before the first letter: it would push the form down
    assert writer.page.header._subtitle.text() == "What you type is kept on this PC by itself."


# ---- when


def test_times_are_typed_as_people_say_them(writer: Writer) -> None:
    writer.go()
    writer.who_and_when("yesterday 23:50", "00:10")
    writer.choose("doro", "12")
    writer.write("found", "Settled.")
    writer.save()
    visit = writer.read(newest).visit.record
    assert visit.at == dt.datetime(2026, 11, 17, 23, 50, tzinfo=dt.UTC)
    assert visit.left_at == dt.datetime(2026, 11, 18, 0, 10, tzinfo=dt.UTC)


def test_a_time_nobody_can_read_is_said_and_nothing_is_saved(writer: Writer) -> None:
    writer.go()
    before = writer.read(count)
    writer.choose("grace")
    writer.type("teatime")
    writer.be_refused()
    assert "teatime" in writer.form.strip._told_words.text()
    assert writer.form.banner.isVisible()
    assert writer.form.strip.arrived.text == "teatime"
    assert writer.read(count) == before


def test_a_visit_that_lies_ahead_is_kept_as_planned(writer: Writer) -> None:
    writer.go()
    writer.choose("grace")
    writer.type("tomorrow 11:15")
    writer.press(Qt.Key.Key_Return)
    assert writer.page.save_button.words == "Save plan"
    assert not writer.form.strip.left_box.isVisible()
    writer.add("doro", "12")
    writer.save()
    whole = writer.read(newest)
    assert whole.visit.record.status == "planned"
    assert whole.entries[0].record.found is None


def planned(home: OpenHome, ids: Ids) -> int:
    visit = Visit(status="planned", at=NOW, kind="visit", professional=ids.grace)
    return visits.record_visit(home, visit, [VisitEntry(resident=ids.dorothy, raised="Shin")]).visit


def test_a_planned_visit_is_recorded_without_saying_why(writer: Writer, ids: Ids) -> None:
    visit = writer.read(lambda home: planned(home, ids))
    writer.go({"visit": visit, "happened": True})
    assert writer.page.save_button.words == "Save visit"
    writer.write("found", "Healing.")
    writer.save()
    whole = writer.read(newest)
    assert whole.visit.id == visit
    assert whole.visit.record.status == "happened"
    assert whole.entries[0].record.found == "Healing."


def test_what_is_expected_is_offered_to_begin_with(writer: Writer, qtbot: QtBot, ids: Ids) -> None:
    visit = writer.read(lambda home: planned(home, ids))
    writer.go()
    beginning = writer.form.beginning
    qtbot.waitUntil(lambda: bool(beginning.expected))
    assert [(one.visit, one.who.name, one.residents) for one in beginning.expected] == [
        (visit, "Grace Adeyemi", ("Dorothy Hale",))
    ]
    before = writer.form
    buttons = beginning.findChildren(type(writer.page.later))
    next(b for b in buttons if b.words == "Record it").click()
    with qtbot.waitSignal(writer.form.ready):
        assert writer.form is not before
    assert writer.form.about.record == visit
    assert writer.form.sheet.status == "happened"


def test_the_visit_that_was_planned_is_offered_so_that_it_is_not_there_twice(
    writer: Writer, qtbot: QtBot, ids: Ids
) -> None:
    def plan(home: OpenHome) -> int:
        visit = Visit(
            status="planned", at=NOW, kind="visit", professional=ids.grace,
            organisation=ids.surgery,
        )  # fmt: skip
        return visits.record_visit(home, visit, [VisitEntry(resident=ids.dorothy)]).visit

    visit = writer.read(plan)
    writer.go()
    qtbot.waitUntil(lambda: bool(writer.form.beginning.expected))
    writer.choose("grace")
    writer.kept()
    assert writer.form.banner.accessibleName() == (
        "Grace Adeyemi was expected today at 10:41, and nobody has recorded that visit yet."
    )
    writer.form.banner.button.click()
    qtbot.waitUntil(lambda: writer.form.about.record == visit and writer.form.is_filled)
    assert writer.read(drafts.mine) == []
    writer.write("found", "Healing.")
    writer.save()
    assert writer.read(planned_left) == 0


def planned_left(home: OpenHome) -> int:
    asked = query.Query("visit", query.equal({"status": "planned"}))
    return len(list(query.every(home.store, asked)))


def test_a_tall_window_gives_more_lines_and_errors_do_not(writer: Writer) -> None:
    writer.page.resize(1158, 1000)
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    tall = writer.field("found").height()
    assert tall > 150
    writer.control(Qt.Key.Key_S)
    writer.qtbot.waitUntil(writer.form.banner.isVisible)
    assert writer.field("found").height() <= tall
    writer.page.resize(1158, 700)
    writer.qtbot.waitUntil(lambda: writer.field("found").height() < 110)


# ---- what is wrong


def test_what_must_be_filled_in_is_marked_as_everywhere(writer: Writer) -> None:
    writer.go()
    times = writer.form.strip.times
    marked = [
        "required" in [text.text() for text in box.findChildren(Text)]
        for box in (times.arrived_box, times.left_box)
    ]
    assert marked == [True, False]
    assert times.arrived.accessibleName() == "Arrived, required"
    times.arrived_box.set_label("When")
    assert times.arrived.accessibleName() == "When, required"


def test_all_that_is_wrong_is_said_at_once_and_the_cursor_is_in_the_first(writer: Writer) -> None:
    writer.go()
    writer.type("Jones podiatrist")
    writer.add("doro", "12")
    writer.field("found").setFocus()
    writer.control(Qt.Key.Key_R)
    writer.type("Zebedee")
    writer.form.strip.left.line.setFocus()
    writer.type("teatime")
    before = writer.read(count)
    writer.be_refused()
    form = writer.form
    # what is typed and cannot be read, and what is missing besides
    said = form.strip._told_words.text()
    for words in ("“Jones podiatrist” is not chosen yet", "teatime", "Arrived is missing"):
        assert words in said
    assert form.note.fields.boxes["found"].error.startswith("What was found or advised is missing")
    assert "“Zebedee” is not chosen yet" in form.people.told.text()
    assert "5 things to put right" in form.banner.accessibleName()
    assert writer.focus() is form.strip.finder.line
    assert writer.read(count) == before
    assert all(said.count(one) == 1 for one in ("Arrived", "teatime"))


def test_what_is_missing_is_said_at_its_resident_and_nothing_is_saved(writer: Writer) -> None:
    writer.go()
    before = writer.read(count)
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.add("doro", "7")
    writer.write("found", "Well.")
    writer.control(Qt.Key.Key_S)
    writer.qtbot.waitUntil(writer.form.banner.isVisible)
    assert writer.form.sheet.open == 0
    assert next(line.state for line in writer.form.people.list.lines) == "to put right"
    box = writer.form.note.fields.boxes["found"]
    assert box.error.startswith("What was found or advised is missing")
    assert writer.focus() is box.editor.control
    assert writer.read(count) == before
    writer.type("Healing.")
    assert not box.error
    writer.save()
    assert writer.read(count) == before + 1


def test_a_full_disk_is_said_plainly_and_every_word_stays(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = UserError("The disk is full.", kept="Nothing was saved.", do="Free some space.")

    def refuse(*_: object) -> None:
        raise full

    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    with monkeypatch.context() as broken:
        broken.setattr(saving, "keep", refuse)
        writer.control(Qt.Key.Key_S)
        writer.qtbot.waitUntil(writer.form.banner.isVisible)
    assert "The disk is full. Free some space. What you have typed is still here." in (
        writer.form.banner.accessibleName()
    )
    assert writer.field("found").text() == "Healing."
    assert len(writer.read(drafts.mine)) == 1
    with writer.qtbot.waitSignal(writer.form.saved):
        writer.form.banner.button.click()
    assert writer.read(newest).entries[0].record.found == "Healing."


def test_a_draft_that_cannot_be_kept_is_said_and_the_words_stay(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    def refuse(*_: object) -> None:
        raise UserError("The disk is full.")

    unkept: list[UserError] = []
    desk.unkept.connect(unkept.append)
    writer.go()
    writer.who_and_when()
    writer.kept()
    with monkeypatch.context() as broken:
        broken.setattr(drafts, "save", refuse)
        writer.choose("doro", "12")
        writer.write("found", "Healing.")
        desk.keeping.emit()
        writer.qtbot.waitUntil(writer.form.banner.isVisible)
    assert "no draft of it can be kept. The disk is full." in writer.form.banner.accessibleName()
    assert writer.field("found").text() == "Healing."
    assert unkept
    writer.form.banner.button.click()
    writer.qtbot.waitUntil(lambda: not writer.form.banner.isVisible())
    assert len(writer.read(drafts.mine)) == 1


@pytest.mark.parametrize("way", ["later", "another"])
def test_a_visit_that_cannot_be_kept_as_a_draft_does_not_leave_the_screen(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, heard: Heard, ids: Ids, way: str
) -> None:
    def refuse(*_: object) -> None:
        raise UserError("The disk is full.")

    writer.go()
    writer.who_and_when()
    form = writer.form
    with monkeypatch.context() as broken:
        broken.setattr(drafts, "save", refuse)
        writer.choose("doro", "12")
        writer.write("found", "Healing.")
        if way == "later":
            writer.page.later.click()
        else:
            writer.page.show_argument({"resident": ids.other_dorothy})
        writer.qtbot.waitUntil(writer.form.banner.isVisible)
        writer.qtbot.waitUntil(lambda: form.desk.jobs.is_idle)
    assert writer.page.form is form
    assert writer.field("found").text() == "Healing."
    assert "Kept as a draft. You find it here and on Today." not in heard.said
    writer.page.later.click()
    writer.qtbot.waitUntil(lambda: writer.page.form is not form)
    assert len(writer.read(drafts.mine)) == 1


def test_a_window_closed_during_a_save_loses_nothing(
    writer: Writer, jobs: Jobs, folder: Path
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.control(Qt.Key.Key_S)
    jobs.close()
    with made.unlock(folder) as home:
        (entry,) = newest(home).entries
        assert isinstance(entry.record, VisitEntry)
        assert entry.record.found == "Healing."


# ---- afterwards


def test_a_save_taken_back_brings_the_words_back(
    writer: Writer, qtbot: QtBot, heard: Heard, desk: Desk
) -> None:
    writer.go()
    before = writer.read(count)
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    went: list[Any] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    writer.save()
    assert heard.said[-1] == "Visit saved."
    assert writer.read(count) == before + 1
    assert writer.read(drafts.mine) == []
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: bool(went))
    assert writer.read(count) == before
    writer.go(went[-1][1])
    assert writer.field("found").text() == "Healing."


def test_a_correction_asks_why_and_the_history_says_it(
    writer: Writer, qtbot: QtBot, ids: Ids, heard: Heard
) -> None:
    writer.go({"visit": ids.visit})
    assert writer.field("found").text() == "Healing"
    writer.field("found").selectAll()
    writer.write("found", "Healed")
    writer.control(Qt.Key.Key_S)
    (dialog,) = [w for w in writer.page.window().findChildren(ReasonDialog) if w.isVisible()]
    dialog._line.setText("Wrong leg")
    with qtbot.waitSignal(writer.form.saved):
        dialog.do.click()

    def told(home: OpenHome) -> tuple[Any, str]:
        last = history.history(home.store, "visit_entry", ids.entry)[-1]
        return home.store.get("visit_entry", ids.entry), last.reason

    entry, why = writer.read(told)
    assert (entry.found, why) == ("Healed", "Wrong leg")
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: heard.said[-1:] == ["Taken back."])
    assert writer.read(told)[0].found == "Healing"


def test_why_a_visit_is_corrected_is_kept_until_it_is(
    writer: Writer, qtbot: QtBot, ids: Ids
) -> None:
    def asked() -> ReasonDialog:
        writer.page.save_button.click()
        shown = writer.page.window().findChildren(ReasonDialog)
        (dialog,) = [one for one in shown if one.isVisible()]
        writer.read(drafts.mine)
        return dialog

    writer.go({"visit": ids.visit})
    writer.field("found").selectAll()
    writer.write("found", "Healed")
    dialog = asked()
    qtbot.keyClicks(dialog._line, "Wrong leg")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    dialog = asked()
    assert dialog.reason == "Wrong leg"
    with qtbot.waitSignal(writer.form.saved):
        dialog.do.click()
    assert writer.read(drafts.mine) == []


def test_a_visit_that_is_read_anew_after_a_note_was_struck_keeps_its_controls(
    writer: Writer, qtbot: QtBot, ids: Ids
) -> None:
    writer.go({"visit": ids.visit})
    form = writer.form
    kinds = form.strip.kinds
    with qtbot.waitSignal(form.ready):
        form.notes._strike()
        writer.answer_why("Written twice")
    assert form.sheet.notes == []
    assert form.strip.findChildren(KindChoice) == [kinds]


def test_going_on_with_a_visit_adds_a_resident_without_asking_why(writer: Writer, ids: Ids) -> None:
    writer.go({"visit": ids.visit})
    writer.add("doro", "7")
    writer.write("found", "Also well.")
    writer.save()
    whole = writer.read(newest)
    assert [x.record.resident for x in whole.entries] == [ids.dorothy, ids.other_dorothy]


def test_what_another_changed_since_the_draft_is_not_overwritten(
    writer: Writer, ids: Ids, qtbot: QtBot, desk: Desk
) -> None:
    writer.go({"visit": ids.visit})
    writer.field("found").selectAll()
    writer.write("found", "Healed")
    writer.kept()

    def meanwhile(home: OpenHome) -> None:
        loaded = home.store.load("visit_entry", ids.entry)
        assert loaded is not None
        assert isinstance(loaded.record, VisitEntry)
        changed = dataclasses.replace(loaded.record, found="Worse", raised="Both shins")
        editing.save(home, loaded, changed)

    writer.read(meanwhile)
    again = Writer(qtbot, RecordVisitPage(desk))
    qtbot.addWidget(again.page)
    again.page.show()
    again.go({"visit": ids.visit})
    assert again.field("raised").text() == "Both shins"
    assert again.field("found").text() == "Healed"
    again.page.save_button.click()
    (dialog,) = [w for w in again.page.window().findChildren(ReasonDialog) if w.isVisible()]
    dialog._line.setText("Seen again")
    with qtbot.waitSignal(again.form.saved):
        dialog.do.click()
    conflicts = again.read(lambda home: history.conflicts(home.store))
    assert [(one.type, one.field) for one in conflicts] == [("visit_entry", "found")]


def test_a_resident_taken_out_comes_back_with_undo(writer: Writer, heard: Heard) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.form.people.list.setFocus()
    writer.press(Qt.Key.Key_Delete)
    assert writer.form.sheet.notes == []
    assert callable(heard.undo)
    heard.undo()
    assert writer.field("found").text() == "Healing."


def test_a_resident_taken_out_comes_back_into_the_draft_once_the_form_is_gone(
    writer: Writer, heard: Heard
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.form.people.list.setFocus()
    writer.press(Qt.Key.Key_Delete)
    undo, form = heard.undo, writer.form
    assert callable(undo)
    writer.page.later.click()
    writer.qtbot.waitUntil(lambda: not isValid(form))
    undo()
    writer.qtbot.waitUntil(lambda: any("is back in the draft" in words for words in heard.said))
    (draft,) = writer.read(drafts.mine)
    assert [note["typed"]["found"] for note in draft.typed["notes"]] == ["Healing."]


# ---- somebody new


def test_somebody_new_is_added_with_role_and_organisation_without_leaving(
    writer: Writer, qtbot: QtBot
) -> None:
    writer.go()
    line = writer.form.strip.finder.line
    line.setFocus()
    writer.choose("Nadia Rahman", "Add “Nadia Rahman”")
    (popover,) = writer.page.window().findChildren(NewVisitor)
    assert popover.name.text() == "Nadia Rahman"
    popover.role.set_value("podiatrist")
    popover.place.setFocus()
    writer.type("Happy Feet")
    qtbot.waitUntil(lambda: bool(popover._list.offers))
    writer.press(Qt.Key.Key_Return)
    popover.kind.set_value("therapy")
    popover.phone.setText("01632 960777")
    popover.save_button.click()
    qtbot.waitUntil(lambda: writer.form.strip.visitor is not None)
    assert writer.form.strip.apart.text() == "Podiatrist, Happy Feet"

    def added(home: OpenHome) -> list[Any]:
        types = ("contact", "organisation", "post")
        return [query.page(home.store, query.Query(name), limit=1).records[0] for name in types]

    contact, organisation, post = writer.read(added)
    assert isinstance(contact, Contact)
    assert isinstance(organisation, Organisation)
    assert isinstance(post, Post)
    assert (contact.name, contact.phone) == ("Nadia Rahman", "01632 960777")
    assert (organisation.name, organisation.kind) == ("Happy Feet", "therapy")
    assert (post.contact, post.organisation) == (contact.id, organisation.id)


def test_what_is_missing_of_somebody_new_is_said_in_place(writer: Writer, qtbot: QtBot) -> None:
    writer.go()
    writer.form.strip.finder.line.setFocus()
    writer.choose("Nadia", "Add “Nadia”")
    (popover,) = writer.page.window().findChildren(NewVisitor)
    popover.place.setFocus()
    writer.type("Happy Feet")
    popover.save_button.click()
    qtbot.waitUntil(lambda: bool(popover.fields["organisation.kind"].error))
    assert popover.fields["post.role"].error
    assert popover.fields["organisation.kind"].isVisible()
    popover.done()


# ---- looks


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_control_is_named_and_nothing_is_wider_than_the_window(
    writer: Writer, scale: float, qapp: QApplication
) -> None:
    from liaison.ui import theme

    theme.install(qapp, "light", scale)
    writer.page.resize(1072 if scale == 1.0 else 1282, 664)
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.form.note.unfold()
    writer.form.strip.unfold()
    start = writer.focus()
    at = start.nextInFocusChain()
    seen = 0
    while at is not None and at is not start:
        before, at = at, at.nextInFocusChain()
        if before.isVisible() and before.focusPolicy() & Qt.FocusPolicy.TabFocus:
            seen += 1
            assert before.accessibleName(), before
    assert seen > 15
    area = writer.form.area
    assert area.horizontalScrollBar().maximum() == 0


def test_right_to_left_and_very_long_names_are_kept_and_shown(writer: Writer) -> None:
    writer.go()
    long = "ابتسام " + "a" * 193

    def rename(home: OpenHome) -> int:
        from liaison.records.home import Resident

        return editing.add(home, Resident(name=long, room="3"))[0]

    resident = writer.read(rename)
    writer.who_and_when()
    writer.press(Qt.Key.Key_Escape)
    writer.go({"resident": resident})
    assert writer.form.note.name.text() == long
    assert writer.page.width() == 1158
    assert isinstance(writer.focus(), QLineEdit)


# ---- the right resident, the right day, once


def test_somebody_on_the_visit_is_offered_last_marked_and_never_taken_by_enter(
    writer: Writer, qtbot: QtBot, heard: Heard, ids: Ids
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.control(Qt.Key.Key_R)
    finder = writer.form.people.finder
    writer.type("dorothy")
    qtbot.waitUntil(lambda: len(finder.offers) == 2)
    assert [offer.said for offer in finder.offers] == [
        "Dorothy Hale, Room 7 · Date of birth 9 May 1941",
        "Dorothy Hale, Room 12 · Date of birth 3 Mar 1938 · already on this visit",
    ]
    writer.press(Qt.Key.Key_Return)
    assert [note.resident for note in writer.form.sheet.notes] == [ids.dorothy, ids.other_dorothy]
    writer.control(Qt.Key.Key_R)
    writer.type("dorothy")
    qtbot.waitUntil(lambda: len(finder.offers) == 2)
    writer.press(Qt.Key.Key_Return)
    assert writer.focus() is finder.line
    assert writer.form.sheet.open == 1
    first = finder.offers[0].apart
    writer.press(Qt.Key.Key_Down)
    writer.press(Qt.Key.Key_Return)
    room = "12" if "Room 12" in first else "7"
    assert heard.said[-1] == f"Dorothy Hale, room {room}, is on this visit already."
    assert writer.form.sheet.open == (0 if room == "12" else 1)
    assert writer.focus() is writer.field("found")


def test_two_of_one_name_on_a_visit_are_told_apart_in_the_list(
    writer: Writer, qtbot: QtBot
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.add("doro", "7")
    people = writer.form.people.list
    qtbot.waitUntil(lambda: all(line.seen.born for line in people.lines))
    assert [line.said for line in people.lines] == [
        "Dorothy Hale, Room 12 · 3 Mar 1938, nothing yet",
        "Dorothy Hale, Room 7 · 9 May 1941, writing",
    ]


def test_a_note_given_to_another_is_not_offered_whom_it_is_about(
    writer: Writer, qtbot: QtBot, ids: Ids
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.form.note.other_asked.emit()
    finder = writer.form.people.finder
    writer.type("dorothy")
    qtbot.waitUntil(lambda: bool(finder.offers))
    assert [offer.apart.partition(" · ")[0] for offer in finder.offers] == ["Room 7"]
    writer.press(Qt.Key.Key_Escape)
    writer.press(Qt.Key.Key_Escape)
    # given up: who is added next is added, and the note stays with whom it is about
    writer.add("doro", "7")
    assert [note.resident for note in writer.form.sheet.notes] == [ids.dorothy, ids.other_dorothy]
    assert writer.form.sheet.notes[0].entry.get("found") == "Healing."


def test_the_day_of_the_visit_is_shown_as_it_is_understood(writer: Writer) -> None:
    writer.go()
    strip = writer.form.strip
    assert strip.day.isVisible()
    assert strip.day.text() == "Today, Wed 18 Nov 2026"
    assert "“yesterday 14:00”" in strip.arrived.line.accessibleDescription()
    writer.choose("grace")
    assert strip.day.text() == "Today, or “yesterday 14:00”"
    writer.type("yesterday 14:00")
    assert strip.day.text() == "Tue 17 Nov 2026, 14:00 (late entry)"
    assert "both kept" in strip.arrived.line.accessibleDescription()
    writer.press(Qt.Key.Key_Return)
    assert strip.day.text() == "Tue 17 Nov 2026, 14:00 (late entry)"
    strip.arrived.line.setFocus()
    strip.arrived.line.selectAll()
    writer.type("9:15")
    assert strip.day.text() == "Today, Wed 18 Nov 2026 (late entry)"


def test_a_time_nobody_can_read_is_said_on_leaving_the_field(writer: Writer) -> None:
    writer.go()
    strip = writer.form.strip
    writer.choose("grace")
    writer.type("half nine")
    assert not strip._told.isVisible()
    writer.press(Qt.Key.Key_Tab)
    assert strip._told_words.text() == (
        "“half nine”: This is not a time. Write 09:30 for today, or “yesterday 14:00”."
    )
    strip.arrived.line.setFocus()
    strip.arrived.line.selectAll()
    writer.type("9:30")
    writer.press(Qt.Key.Key_Tab)
    assert not strip._told.isVisible()


def test_another_visit_asked_for_during_a_save_waits_until_it_is_saved(
    writer: Writer, qtbot: QtBot, heard: Heard, ids: Ids
) -> None:
    writer.go()
    before = writer.read(count)
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    saved = writer.form
    writer.control(Qt.Key.Key_S)
    writer.page.show_argument({"resident": ids.other_dorothy})
    assert writer.form is saved
    qtbot.waitUntil(lambda: writer.page.form is not None and writer.form is not saved)
    qtbot.waitUntil(lambda: writer.form.is_filled)
    assert writer.form.sheet.notes[0].resident == ids.other_dorothy
    assert "Visit saved." in heard.said
    assert writer.read(drafts.mine) == []
    assert writer.read(count) == before + 1


def test_a_save_leaves_no_draft_even_if_its_form_is_gone(
    writer: Writer, jobs: Jobs, folder: Path
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    writer.control(Qt.Key.Key_S)
    jobs.close()
    with made.unlock(folder) as home:
        assert newest(home).entries
        assert drafts.mine(home) == []


def test_a_visit_whose_draft_cannot_be_taken_out_is_not_half_saved(
    writer: Writer, qtbot: QtBot, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise UserError("The disk is full.")

    writer.go()
    before = writer.read(count)
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    with monkeypatch.context() as broken:
        broken.setattr(drafts, "take", refuse)
        writer.page.save_button.click()
        qtbot.waitUntil(lambda: "The disk is full." in writer.form.banner.accessibleName())
    assert writer.read(count) == before
    writer.save()
    assert writer.read(count) == before + 1
    assert writer.read(drafts.mine) == []


def test_what_is_typed_while_a_visit_is_saved_stays_as_a_correction_to_it(
    writer: Writer, qtbot: QtBot, heard: Heard, ids: Ids
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    with writer.slow():
        writer.page.save_button.click()
        writer.write("found", " Still sore.")
        writer.add("doro", "7")
        writer.write("found", "Fell last night.")
    form = writer.form
    qtbot.waitUntil(lambda: form.about.record is not None)
    assert form.banner.accessibleName().startswith("Saved as it stood when you pressed Save.")
    assert writer.page.save_button.isEnabled()
    visit = form.about.record

    def entries(home: OpenHome) -> dict[int, str | None]:
        whole = visits.visit_with_entries(home.store, visit or 0)
        assert whole is not None
        notes = [entry.record for entry in whole.entries]
        return {getattr(n, "resident", 0): getattr(n, "found", "") for n in notes}

    assert writer.read(entries) == {ids.dorothy: "Healing."}
    # a crash now would lose none of it
    qtbot.waitUntil(lambda: not form.keeper.waiting)
    (draft,) = writer.read(drafts.mine)
    assert visit is not None
    assert draft.about == about_of(visit)
    assert "Fell last night." in str(draft.typed)
    writer.page.save_button.click()
    writer.answer_why("More was found")
    qtbot.waitUntil(lambda: writer.page.form is None or writer.page.form is not form)
    assert writer.read(entries) == {
        ids.dorothy: "Healing. Still sore.",
        ids.other_dorothy: "Fell last night.",
    }
    assert writer.read(drafts.mine) == []


def test_what_was_taken_out_while_a_visit_was_saved_stands_there_again(
    writer: Writer, qtbot: QtBot, ids: Ids
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    with writer.slow():
        writer.page.save_button.click()
        writer.form.notes.take_out(0)
    qtbot.waitUntil(lambda: writer.form.about.record is not None)
    assert [note.resident for note in writer.form.sheet.notes] == [ids.dorothy]


def test_a_draft_that_cannot_be_read_keeps_the_form_shut_and_is_never_overwritten(
    writer: Writer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Healing.")
    about = writer.form.about
    with qtbot.waitSignal(writer.form.keeper.kept):
        writer.form.keeper.keep()
    writer.page._put_away()

    def refuse(*_: object) -> None:
        raise UserError("The disk does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(drafts, "find", refuse)
        writer.page.show_argument({"draft": about})
        form = writer.form
        qtbot.waitUntil(lambda: "does not answer" in form.banner.accessibleName())
    assert not form.is_filled
    form.keeper.note()
    form.keeper.keep()
    (draft,) = writer.read(drafts.mine)
    assert "Healing." in str(draft.typed)
    form.banner.button.click()
    qtbot.waitUntil(lambda: form.is_filled)
    assert form.sheet.notes[0].entry.get("found") == "Healing."


# ---- words that name nobody


def test_words_that_name_nobody_are_told_beside_the_field_and_stay(writer: Writer) -> None:
    writer.go()
    writer.type("Jones podiatrist")
    writer.press(Qt.Key.Key_Tab)
    writer.form.strip.arrived.line.setFocus()
    writer.type("10:05")
    writer.add("doro", "12")
    writer.write("found", "Nails cut.")
    before = writer.read(count)
    writer.be_refused()
    strip = writer.form.strip
    assert "“Jones podiatrist” is not chosen yet" in strip._told_words.text()
    assert strip._told.isVisible()
    assert writer.focus() is strip.finder.line
    assert strip.finder.line.text() == "Jones podiatrist"
    assert writer.read(count) == before
    strip.finder.line.selectAll()
    writer.press(Qt.Key.Key_Delete)
    assert not strip._told.isVisible()
    writer.save()
    assert writer.read(count) == before + 1


def test_words_typed_instead_of_who_came_are_not_passed_over(writer: Writer) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Nails cut.")
    writer.form.strip.ask_who()
    writer.type("Jones podiatrist")
    writer.field("found").setFocus()
    before = writer.read(count)
    writer.be_refused()
    assert writer.focus() is writer.form.strip.finder.line
    assert writer.read(count) == before
    # whoever was chosen before stays after all
    writer.press(Qt.Key.Key_Escape)
    assert writer.form.sheet.who == ""
    writer.save()
    assert writer.read(count) == before + 1


def test_words_that_name_no_resident_are_told_beside_the_line_and_stay(writer: Writer) -> None:
    writer.go()
    writer.who_and_when()
    writer.choose("doro", "12")
    writer.write("found", "Nails cut.")
    writer.control(Qt.Key.Key_R)
    writer.type("Zebedee")
    writer.field("found").setFocus()
    before = writer.read(count)
    writer.be_refused()
    people = writer.form.people
    assert writer.focus() is people.finder.line
    assert people.finder.line.text() == "Zebedee"
    assert people.told.isVisible()
    assert "“Zebedee” is not chosen yet" in people.told.text()
    assert writer.read(count) == before
    writer.press(Qt.Key.Key_Escape)
    assert not people.told.isVisible()
    writer.save()
    assert writer.read(count) == before + 1
