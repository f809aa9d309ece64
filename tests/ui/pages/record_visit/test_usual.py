"""Usual visits: templates, many residents at once, awaited results, files, the hour that comes twice."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from liaison.records.casework import Action, Visit
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.services import attachments, editing, visits
from liaison.services.homes import OpenHome
from liaison.services.visits import WholeVisit
from liaison.ui.desk import Desk
from liaison.ui.jobs import Jobs
from liaison.ui.pages.record_visit import RecordVisitPage
from liaison.ui.pages.record_visit.facts import Seen
from liaison.ui.pages.record_visit.grid import Row, in_order
from tests.ui.pages.record_visit.conftest import Writer
from tests.ui.pages.visits.conftest import write
from tests.ui.parts.conftest import Heard, Ids

PDF = b"%PDF-1.4 a letter"


def begin(writer: Writer, template: str) -> None:
    """Begin with a template, as by its chip."""
    writer.go()
    opening = writer.form.opening
    assert opening is not None
    found = opening.template(template)
    assert found is not None
    writer.form.beginning.template_asked.emit(found)


def row_of(writer: Writer, resident: int) -> Row:
    """Return the line of a resident in the grid."""
    writer.qtbot.waitUntil(lambda: resident in writer.form.notes.grid.rows)
    return writer.form.notes.grid.rows[resident]


def press(row: Row, words: str) -> None:
    """Choose an answer as with the mouse."""
    found = next(b for b in row.answer.findChildren(QRadioButton) if b.text() == words)
    found.click()


def saved(writer: Writer, jobs: Jobs) -> WholeVisit:
    """Save, and return the newest visit that is there then."""
    with writer.qtbot.waitSignal(writer.form.saved) as kept:
        writer.form.save()
    visit = kept.args[0].visit
    answers: list[Any] = []
    jobs.read(lambda store: visits.visit_with_entries(store, visit), answers.append)
    writer.qtbot.waitUntil(lambda: bool(answers))
    assert isinstance(answers[0], WholeVisit)
    return answers[0]


def test_a_template_fills_in_what_is_usual_and_offers_what_follows(
    writer: Writer, jobs: Jobs, ids: Ids
) -> None:
    begin(writer, "blood test")
    writer.form.strip.focus_who()
    writer.who_and_when()
    writer.add("doro", "12")
    note = writer.form.note
    assert note.fields.editor("raised").typed() == "Blood test asked for."
    assert "Which test" in note.fields.boxes["found"].box._below.text()
    assert note.usual_button.accessibleName().startswith("Result of the blood test, by Mon 23 Nov")
    writer.write("found", "Two bottles taken.")
    note.usual_button.click()
    assert not note.usual_button.isVisible()
    whole = saved(writer, jobs)
    (action,) = [x.record for x in whole.actions]
    assert isinstance(action, Action)
    assert (action.kind, action.resident) == ("result awaited", ids.dorothy)
    assert action.due == dt.date(2026, 11, 23)


def test_nothing_follows_unless_somebody_says_so(writer: Writer, jobs: Jobs) -> None:
    begin(writer, "dressing")
    writer.form.strip.focus_who()
    writer.who_and_when()
    writer.add("doro", "12")
    writer.form.note.follow_ups.result.click()
    writer.write("found", "Smaller.")
    # a line that was opened and left empty is no action and no error
    assert saved(writer, jobs).actions == ()


def test_many_residents_get_an_answer_each_and_the_others_are_not_on_the_visit(
    writer: Writer, jobs: Jobs, ids: Ids
) -> None:
    begin(writer, "flu clinic")
    one, other = row_of(writer, ids.dorothy), row_of(writer, ids.other_dorothy)
    # two of one name are told apart in every line
    assert "Room 12" in one.accessibleName()
    assert "born 9 May 1941" in other.accessibleName()
    writer.form.strip.focus_who()
    writer.who_and_when()
    press(one, "Given")
    press(other, "Declined")
    other.note.setFocus()
    writer.type("Had it at the surgery")
    assert writer.form.notes.grid.count.text().startswith("2 of ")
    other.none.click()
    other.note.clear()
    other.note.textEdited.emit("")
    assert len(writer.form.sheet.notes) == 1
    press(other, "Not well")
    whole = saved(writer, jobs)
    found = {
        getattr(x.record, "resident", 0): getattr(x.record, "found", "") for x in whole.entries
    }
    assert found == {ids.dorothy: "Given.", ids.other_dorothy: "Not well."}
    assert isinstance(whole.visit.record, Visit)
    assert whole.visit.record.kind == "clinic"


def test_after_a_power_cut_every_line_of_the_grid_is_there(
    writer: Writer, desk: Desk, ids: Ids, qtbot: QtBot
) -> None:
    begin(writer, "flu clinic")
    press(row_of(writer, ids.dorothy), "Declined")
    about, keeper = writer.form.about, writer.form.keeper
    with qtbot.waitSignal(keeper.kept):
        writer.form.keep()
    page = RecordVisitPage(desk)
    qtbot.addWidget(page)
    again = Writer(qtbot, page)
    page.resize(1158, 700)
    page.show()
    again.go({"draft": about})
    qtbot.waitUntil(lambda: again.form.notes.is_grid)
    assert row_of(again, ids.dorothy).found == "Declined."


def test_what_is_wrong_with_one_of_many_is_said_in_their_line(
    writer: Writer, jobs: Jobs, qtbot: QtBot, ids: Ids
) -> None:
    begin(writer, "flu clinic")
    row = row_of(writer, ids.dorothy)
    writer.form.strip.focus_who()
    writer.who_and_when()
    press(row, "Given")

    def leave(home: OpenHome) -> None:
        loaded = home.store.load("resident", ids.dorothy)
        assert loaded is not None
        assert isinstance(loaded.record, Resident)
        gone = dataclasses.replace(loaded.record, left_on=dt.date(2026, 11, 2))
        editing.save(home, loaded, gone)

    write(qtbot, jobs, leave)
    writer.form.save()
    qtbot.waitUntil(lambda: row.is_wrong)
    assert "left on Mon 2 Nov 2026, before this visit" in row._wrong.text()
    assert row.found == "Given."
    assert not writer.form.is_saved


def test_the_hour_that_comes_twice_is_asked_about_in_place(writer: Writer) -> None:
    writer.go()
    strip = writer.form.strip
    writer.choose("grace")
    writer.type("25/10/2026 01:30")
    writer.press(Qt.Key.Key_Tab)
    assert "came twice that night" in strip._told_words.text()
    buttons = [b for b in strip.readings.findChildren(QPushButton) if b.isVisible()]
    assert [b.accessibleName() or b.text() for b in buttons] == [
        "01:30 BST, before the clocks went back", "01:30 GMT, after they went back",
    ]  # fmt: skip
    buttons[1].click()
    assert strip.arrived.value == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    assert strip.arrived.text == "Sun 25 Oct 2026, 01:30 GMT"
    assert not strip._told.isVisible()
    assert not strip.readings.isVisible()


def test_a_closed_place_is_said_beside_who_came(
    writer: Writer, jobs: Jobs, qtbot: QtBot, ids: Ids
) -> None:
    def close(home: OpenHome) -> None:
        loaded = home.store.load("organisation", ids.surgery)
        assert loaded is not None
        assert isinstance(loaded.record, Organisation)
        editing.save(home, loaded, dataclasses.replace(loaded.record, status="closed"))

    write(qtbot, jobs, close)
    writer.go()
    writer.choose("grace")
    assert writer.form.strip.unusual.words == (
        "Meadow Lane Surgery is closed, as the directory has it. Check who really came."
    )


def test_changed_medicines_ask_about_the_pharmacy(writer: Writer, jobs: Jobs) -> None:
    begin(writer, "medication review")
    writer.form.strip.focus_who()
    writer.who_and_when()
    writer.add("doro", "12")
    note = writer.form.note
    # asked about at once with this template
    assert note.grid.isVisible()
    assert not note.pharmacy_button.isVisible()
    note.fields.editor("medicines_changed").put(True)
    note.fields.changed.emit("medicines_changed")
    assert note.pharmacy_button.isVisible()
    assert "pharmacy was told" in note.pharmacy.words
    note.pharmacy_button.click()
    writer.write("found", "Amlodipine stopped.")
    (action,) = [x.record for x in saved(writer, jobs).actions]
    assert getattr(action, "what", "") == "Tell the pharmacy"


def test_a_file_goes_along_with_the_visit_or_neither_is_kept(
    writer: Writer, jobs: Jobs, heard: Heard, qtbot: QtBot, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(PDF)
    writer.go()
    writer.who_and_when()
    writer.add("doro", "12")
    writer.write("found", "Letter left.")
    staged = writer.form.files
    with qtbot.waitSignal(staged.changed):
        staged.take((letter,))
    assert staged.isVisible()
    assert writer.form.sheet.to_draft()["files"] == [str(letter)]
    # the stick is pulled out before the visit is saved
    away = letter.rename(tmp_path / "away.pdf")
    writer.form.save()
    qtbot.waitUntil(writer.form.banner.isVisible)
    assert not writer.form.is_saved
    away.rename(letter)
    whole = saved(writer, jobs)
    found: list[Any] = []
    jobs.read(lambda store: attachments.attached_to(store, "visit", whole.visit.id), found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert [one.name for one in found[0]] == ["letter.pdf"]
    assert heard.undo is not None


def test_a_folder_or_nothing_is_refused_where_files_are_told(
    writer: Writer, qtbot: QtBot, tmp_path: Path
) -> None:
    writer.go()
    writer.form.files.take((tmp_path,))
    qtbot.waitUntil(lambda: "is a folder" in writer.form.files._told.text())
    assert writer.form.sheet.files == []


def test_when_somebody_was_asked_to_come_it_is_asked_when(writer: Writer) -> None:
    writer.go()
    strip = writer.form.strip
    assert not strip.grid.isVisible()
    strip.why.changed.emit("urgent")
    assert strip.more is not None
    assert strip.more.boxes["requested_at"].isVisible()
    assert not strip.more.boxes["reason"].isVisible()


def test_residents_stand_in_the_order_of_their_doors() -> None:
    rooms = ["10", "9", "", "2b", "2a"]
    found = in_order([Seen(number, f"N{number}", room=room) for number, room in enumerate(rooms)])
    assert [one.room for one in found] == ["2a", "2b", "9", "10", ""]
