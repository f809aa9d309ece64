"""Forms made from the declarations: filled in by hand, saved, never losing a word."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.records import FieldSpec, Kind, all_specs
from liaison.records import ids as record_ids
from liaison.records.casework import Concern, Visit
from liaison.records.directory import Contact
from liaison.services import drafts, editing
from liaison.services.drafts import About
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.jobs import Jobs
from liaison.ui.parts import plan
from liaison.ui.parts.editors.picker import RefPicker
from liaison.ui.parts.editors.sets import RefSet
from liaison.ui.parts.form import RecordForm
from liaison.ui.parts.quick import QuickAdd
from liaison.ui.parts.suggestions import Suggestions
from liaison.ui.widgets import LineEdit, Segmented, Text, TextArea
from tests.ui.parts.conftest import NOW, Heard, Ids

ADDED = [name for name, spec in all_specs().items() if plan.may_add(spec)]


def opened(
    qtbot: QtBot, desk: Desk, type_name: str, record: int | None = None, **given: Any
) -> RecordForm:
    """Open a form and wait until it can be typed into."""
    form = RecordForm(desk, type_name, record, given)
    qtbot.addWidget(form)
    with qtbot.waitSignal(form.ready):
        form.resize(900, 700)
        form.show()
    form.activateWindow()
    return form


def control(form: RecordForm, name: str) -> Any:
    assert form.fields is not None
    return form.fields.editor(name).control


def error(form: RecordForm, name: str) -> str:
    assert form.fields is not None
    return form.fields.boxes[name].error


def type_into(qtbot: QtBot, form: RecordForm, name: str, text: str) -> None:
    """Type as a person does, key by key."""
    where = control(form, name)
    where = getattr(where, "line", where)
    where.setFocus()
    if isinstance(where, QLineEdit):
        where.selectAll()
        qtbot.keyClicks(where, text)
    else:
        where.insertPlainText(text)


def read(qtbot: QtBot, jobs: Jobs, work: Any) -> Any:
    """Read from the home as the window does."""
    answers: list[Any] = []
    jobs.read(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def write(qtbot: QtBot, jobs: Jobs, work: Any) -> Any:
    answers: list[Any] = []
    jobs.write(work, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


# ---- every record type


def an_example(field: FieldSpec, ids: Ids) -> Any:
    """Return a value that a field may have."""
    targets = {
        "organisation": ids.surgery, "service": ids.catheters, "contact": ids.grace,
        "resident": ids.dorothy, "staff": ids.moira, "visit": ids.visit, "visit_entry": ids.entry,
    }  # fmt: skip
    match field.kind:
        case Kind.DATE:
            return dt.date(2026, 11, 2)
        case Kind.TIME:
            return dt.datetime(2026, 11, 2, 9, 30, tzinfo=dt.timezone(dt.timedelta()))
        case Kind.INT | Kind.MINUTES:
            return 3
        case Kind.MONEY:
            from decimal import Decimal

            return Decimal("12.50")
        case Kind.BOOL:
            return True
        case Kind.CHOICE:
            from liaison.records.vocabularies import shipped

            return shipped().items(field)[-1].value
        case Kind.REF:
            return targets.get(field.target)
        case Kind.PHONE:
            return "01632 960123"
        case Kind.EMAIL:
            return "grace@example.org"
        case Kind.POSTCODE:
            return "TQ1 1AA"
        case Kind.NHS_NUMBER:
            return "9990142270"
        case _:
            return "12:00" if field.name in {"hours_from", "start_time"} else "Words & more"


def only_one_of_two(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what rules forbid together."""
    if name == "agenda_outcome":
        values |= {"carried": None, "carried_to": None}
    if name == "competency":
        # nobody signs off their own skill
        values |= {"assessor_staff": None}
    return values


@pytest.mark.parametrize("name", ADDED)
def test_every_record_can_be_filled_in_saved_and_shown_again_as_it_was(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids, name: str
) -> None:
    spec = all_specs()[name]
    given: dict[str, Any] = {}
    for field in spec.fields:
        if field.required and not field.asked:
            words = {"_type": "visit", "_id": record_ids.to_text(ids.visit)}
            given[field.name] = words[field.name[field.name.rindex("_") :]]
    for field in plan.asked(spec):
        if field.kind is Kind.REF and field.required and an_example(field, ids) is None:
            # a round, a course, a session ...: something of its type first
            given[field.name] = write(
                qtbot, desk.jobs, lambda home, t=field.target: _any_of(home, t, ids)
            )
    form = opened(qtbot, desk, name, **given)
    assert form.fields is not None
    wanted = {
        field.name: (an_example(field, ids),) if field.many else an_example(field, ids)
        for field in plan.asked(spec)
        if field.name not in given and an_example(field, ids) is not None
    }
    wanted = only_one_of_two(name, wanted)
    for field_name, value in wanted.items():
        form.fields.editor(field_name).set_value(value)
    with qtbot.waitSignal(form.saved) as saved:
        qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    (result,) = saved.args
    record = read(qtbot, desk.jobs, lambda store: store.get(name, result.id))
    assert {n: getattr(record, n) for n in wanted} == wanted
    assert " saved." in heard.said[-1]
    again = opened(qtbot, desk, name, result.id)
    assert again.fields is not None
    values, unread = again.fields.read()
    assert unread == []
    assert {n: values[n] for n in wanted} == wanted


def _any_of(home: Any, type_name: str, ids: Ids) -> int:
    from liaison.records.casework import AgendaLine, Referral, Round
    from liaison.records.training import Course, Session

    def add(record: Any) -> int:
        return editing.add(home, record)[0]

    match type_name:
        case "round":
            return add(Round(at=NOW))
        case "agenda_line":
            return add(AgendaLine(round=add(Round(at=NOW))))
        case "referral":
            return add(
                Referral(
                    resident=ids.dorothy, organisation=ids.surgery, sent=NOW.date(), reason="Legs"
                )
            )
        case "course":
            return add(Course(name="Fire safety"))
        case "session":
            return add(Session(course=add(Course(name="First aid")), at=NOW))
        case _:
            raise AssertionError(type_name)


def test_a_form_does_not_ask_for_what_whoever_fills_it_in_is_not_shown(
    qtbot: QtBot, desk: Desk, ids: Ids
) -> None:
    seen = opened(qtbot, desk, "contact", ids.grace)
    assert seen.fields is not None
    assert "private_notes" in seen.fields.boxes
    desk.person = dataclasses.replace(desk.person, role="senior")
    assert "nmc_pin" in _asked(qtbot, desk, "staff")
    desk.person = dataclasses.replace(desk.person, role="carer")
    asked = _asked(qtbot, desk, "contact")
    assert "name" in asked
    assert "private_notes" not in asked


def _asked(qtbot: QtBot, desk: Desk, type_name: str) -> set[str]:
    form = opened(qtbot, desk, type_name)
    assert form.fields is not None
    return set(form.fields.boxes)


def test_only_what_differs_is_written(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> None:
    form = opened(qtbot, desk, "contact", ids.grace)
    type_into(qtbot, form, "best_time", "mornings")
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    from liaison.store import history

    entries = read(qtbot, desk.jobs, lambda s: history.history(s, "contact", ids.grace))
    assert set(entries[-1].fields) == {"best_time"}
    assert saved.args[0].changes == (entries[-1].id,)


def test_a_save_can_be_taken_back_from_the_toast(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "contact", ids.grace)
    type_into(qtbot, form, "phone", "01632 960999")
    with qtbot.waitSignal(form.saved):
        qtbot.keyClick(form, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: heard.said[-1] == "Taken back.")
    assert read(qtbot, desk.jobs, lambda s: s.get("contact", ids.grace)).phone == "01632 960412"


# ---- what is wrong


def test_what_is_missing_is_said_at_the_field_and_at_the_top_and_nothing_typed_is_lost(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = opened(qtbot, desk, "organisation")
    type_into(qtbot, form, "phone", "01632 960123")
    with qtbot.waitSignal(desk.jobs.busy, check_params_cb=lambda on: not on):
        form.save()
    assert error(form, "name") == "Name is missing."
    assert error(form, "kind") == "Kind is missing."
    assert form.banner.accessibleName() == "Not saved yet: 2 things to put right. Name, Kind."
    assert not form.banner.isHidden()
    assert control(form, "name").hasFocus()
    assert control(form, "phone").text() == "01632 960123"
    type_into(qtbot, form, "name", "Meadow Lane")
    control(form, "kind").setFocus()
    qtbot.waitUntil(lambda: not error(form, "name"))
    assert form.banner.accessibleName() == "Not saved yet: 1 thing to put right. Kind."


def test_nobody_is_told_what_is_missing_before_they_tried_to_save(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "phone", "12")
    control(form, "mobile").setFocus()
    assert form.fields is not None
    box = form.fields.boxes["phone"]
    qtbot.waitUntil(lambda: bool(box.warning))
    assert "too short" in box.warning
    assert error(form, "name") == ""


def test_what_is_unusual_keeps_nobody_from_saving(qtbot: QtBot, desk: Desk, heard: Heard) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")
    type_into(qtbot, form, "phone", "12")
    type_into(qtbot, form, "email", "not an address")
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    assert {problem.field for problem in saved.args[0].warnings} == {"phone", "email"}


def test_a_new_resident_of_a_name_that_is_there_is_told_beside_it_and_can_be_saved(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "resident")
    assert form.fields is not None
    type_into(qtbot, form, "name", "dorothy  HALE")
    form.fields.settled.emit()
    box = form.fields.boxes["name"]
    qtbot.waitUntil(lambda: bool(box.warning))
    assert box.warning.startswith("There is another Dorothy Hale (room ")
    assert "room 7, date of birth 9 May 1941" in box.warning
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    assert [problem.field for problem in saved.args[0].warnings] == ["name"]
    assert "There is another" not in heard.said[-1]


def test_what_was_wrong_before_is_only_told_and_keeps_nobody_from_saving_something_else(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    def left(home: OpenHome) -> int:
        raised = home.store.clock()
        concern = Concern(
            resident=ids.dorothy, raised_by=ids.moira, raised_at=raised, situation="Coughs"
        )
        made = editing.add(home, concern)[0]
        who = home.store.load("resident", ids.dorothy)
        assert who is not None
        gone = raised.date() - dt.timedelta(days=2)
        editing.save(home, who, dataclasses.replace(who.record, left_on=gone))  # type: ignore[call-arg]
        return made

    form = opened(qtbot, desk, "concern", write(qtbot, desk.jobs, left))
    assert form.fields is not None
    form.fields.editor("situation").set_value(None)
    form.save()
    qtbot.waitUntil(lambda: bool(error(form, "situation")))
    form.fields.editor("situation").set_value("Coughs at night")
    form.fields.settled.emit()
    qtbot.waitUntil(lambda: not error(form, "situation"))
    assert error(form, "resident") == ""
    assert " left on " in form.fields.boxes["resident"].warning
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    assert [problem.field for problem in saved.args[0].warnings] == ["resident"]


def test_a_date_that_is_none_is_said_in_plain_words_and_stays_as_typed(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "resident", ids.dorothy)
    type_into(qtbot, form, "moved_in", "31/02/2026")
    control(form, "name").setFocus()
    assert "February" in error(form, "moved_in") or "no day 31" in error(form, "moved_in")
    form.save()
    qtbot.waitUntil(lambda: not form.banner.isHidden())
    assert form.banner.accessibleName() == "Not saved yet: 1 thing to put right. Moved in."
    assert control(form, "moved_in").text == "31/02/2026"


def test_a_time_is_typed_as_people_say_it(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> None:
    form = opened(qtbot, desk, "visit", ids.visit)
    type_into(qtbot, form, "left_at", "today 11:20")
    control(form, "at").setFocus()
    assert control(form, "left_at").text == "Wed 18 Nov 2026, 11:20"
    type_into(qtbot, form, "at", "yesterday 14:20")
    with qtbot.waitSignal(form.saved):
        form.save()
    visit = read(qtbot, desk.jobs, lambda s: s.get("visit", ids.visit))
    assert isinstance(visit, Visit)
    assert visit.at is not None
    assert visit.at.isoformat() == "2026-11-17T14:20:00+00:00"


def test_a_weekday_is_the_coming_one_where_a_field_looks_ahead(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = opened(qtbot, desk, "action")
    type_into(qtbot, form, "due", "fri")
    control(form, "what").setFocus()
    assert control(form, "due").text == "Fri 20 Nov 2026"


def test_what_rules_say_across_fields_is_shown_at_a_field(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "visit", ids.visit)
    type_into(qtbot, form, "left_at", "yesterday 11:20")
    form.save()
    qtbot.waitUntil(lambda: bool(error(form, "left_at")))
    assert not form.banner.isHidden()


# ---- picking


def suggestions(form: RecordForm, name: str) -> Suggestions:
    assert form.fields is not None
    editor = form.fields.editor(name)
    assert isinstance(editor, RefPicker | RefSet)
    return editor.finder._list


def test_people_of_one_name_are_told_apart_while_picking_by_keyboard(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "concern")
    type_into(qtbot, form, "resident", "hale")
    shown = suggestions(form, "resident")
    qtbot.waitUntil(lambda: len(shown.offers) == 3)
    aparts = [offer.apart for offer in shown.offers[:2]]
    assert sorted(aparts) == [
        "Room 12 · Date of birth 3 Mar 1938",
        "Room 7 · Date of birth 9 May 1941",
    ]
    line = control(form, "resident")
    if shown.offers[0].apart.startswith("Room 12"):
        qtbot.keyClick(line, Qt.Key.Key_Down)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert form.fields is not None
    assert form.fields.editor("resident").value() == ids.other_dorothy
    assert line.text() == "Dorothy Hale"


def test_what_was_typed_and_not_picked_is_not_saved_as_somebody_else(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "visit", ids.visit)
    type_into(qtbot, form, "professional", "Gra")
    form.save()
    qtbot.waitUntil(lambda: bool(error(form, "professional")))
    assert error(form, "professional").startswith("Who came: choose one from the list")
    assert control(form, "professional").text() == "Gra"


def test_a_contact_that_is_not_there_yet_is_added_in_place(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "visit", ids.visit)
    type_into(qtbot, form, "professional", "Sam Bright")
    shown = suggestions(form, "professional")
    qtbot.waitUntil(lambda: bool(shown.offers))
    assert shown.offers[-1].words == "Add “Sam Bright” as a new contact"
    qtbot.keyClick(control(form, "professional"), Qt.Key.Key_Up)
    qtbot.keyClick(control(form, "professional"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(q.isVisible() for q in form.findChildren(QuickAdd)))
    (quick,) = form.findChildren(QuickAdd)
    assert quick.fields is not None
    assert quick.fields.editor("name").typed() == "Sam Bright"
    qtbot.keyClicks(quick.fields.editor("phone").control, "07700 900367")
    quick.save()
    qtbot.waitUntil(lambda: "Sam Bright added." in heard.said)
    assert form.fields is not None
    added = form.fields.editor("professional").value()
    sam = read(qtbot, desk.jobs, lambda s: s.get("contact", added))
    assert isinstance(sam, Contact)
    assert (sam.name, sam.phone) == ("Sam Bright", "07700 900367")


def test_an_element_of_a_set_is_a_chip_that_can_be_taken_out(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "contact", ids.grace)
    box = control(form, "ask_about")
    (chip,) = [box.chips.flow.itemAt(n).widget() for n in range(box.chips.flow.count())]
    assert chip.accessibleName() == "Take out Catheters"
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(form.saved):
        form.save()
    assert read(qtbot, desk.jobs, lambda s: s.get("contact", ids.grace)).ask_about == ()


def test_a_long_list_of_choices_is_found_by_typing(qtbot: QtBot, desk: Desk, heard: Heard) -> None:
    form = opened(qtbot, desk, "organisation")
    type_into(qtbot, form, "kind", "hosp")
    line = control(form, "kind")
    shown = line.window().findChildren(Suggestions)
    qtbot.waitUntil(lambda: any(s.offers for s in shown + line.window().findChildren(Suggestions)))
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "Hospital"
    assert form.fields is not None
    assert form.fields.editor("kind").value() == "hospital"


# ---- drafts and trouble


def test_what_was_typed_comes_back_when_the_form_is_opened_again(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "visit")
    type_into(qtbot, form, "reason", "Left shin,\nstill sore")
    type_into(qtbot, form, "at", "31/02/20")
    type_into(qtbot, form, "others_present", "her ")
    with qtbot.waitSignal(form.keeper.kept, timeout=2_000):
        pass
    told = [text.text() for text in form.header.findChildren(Text)]
    assert any(words.startswith("Draft kept on this PC at ") for words in told)
    form.close()
    again = opened(qtbot, desk, "visit")
    assert control(again, "reason").text() == "Left shin,\nstill sore"
    assert control(again, "at").text == "31/02/20"
    assert control(again, "others_present").text() == "her "


def test_a_form_that_leaves_the_screen_keeps_what_was_typed_at_once(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam")
    with qtbot.waitSignal(form.keeper.kept):
        form.hide()
    draft = write(qtbot, desk.jobs, lambda home: drafts.find(home, About("contact")))
    assert draft is not None
    assert draft.typed == {"name": "Sam"}


def test_a_saved_form_leaves_no_draft(qtbot: QtBot, desk: Desk, heard: Heard) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")
    with qtbot.waitSignal(form.keeper.kept):
        form.keeper.keep()
    with qtbot.waitSignal(form.saved):
        form.save()
    form.close()
    assert write(qtbot, desk.jobs, lambda home: drafts.find(home, About("contact"))) is None


def test_starting_afresh_can_be_taken_back(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "contact", ids.grace)
    type_into(qtbot, form, "best_time", "mornings")
    with qtbot.waitSignal(form.keeper.kept):
        form.keeper.keep()
    qtbot.mouseClick(form.afresh, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Started afresh." in heard.said)
    assert control(form, "best_time").text() == ""
    assert write(qtbot, desk.jobs, lambda h: drafts.find(h, About("contact", ids.grace))) is None
    assert callable(heard.undo)
    with qtbot.waitSignal(form.keeper.kept):
        heard.undo()
    assert control(form, "best_time").text() == "mornings"


def test_starting_afresh_is_taken_back_after_the_form_is_gone(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = RecordForm(desk, "contact", ids.grace)
    with qtbot.waitSignal(form.ready):
        form.show()
    type_into(qtbot, form, "best_time", "mornings")
    with qtbot.waitSignal(form.keeper.kept):
        form.keeper.keep()
    form._start_afresh()
    qtbot.waitUntil(lambda: "Started afresh." in heard.said)
    form.deleteLater()
    qtbot.waitUntil(lambda: not isValid(form))
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: "The draft is back." in heard.said)
    again = opened(qtbot, desk, "contact", ids.grace)
    assert control(again, "best_time").text() == "mornings"


def test_what_others_changed_since_a_draft_was_begun_is_settled_not_overwritten(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "contact", ids.grace)
    type_into(qtbot, form, "phone", "01632 960111")
    with qtbot.waitSignal(form.keeper.kept):
        form.hide()

    def meanwhile(home: Any) -> None:
        import dataclasses

        loaded = home.store.load("contact", ids.grace)
        changed = dataclasses.replace(loaded.record, phone="01632 960222", best_time="am")
        editing.save(home, loaded, changed)

    write(qtbot, desk.jobs, meanwhile)
    again = opened(qtbot, desk, "contact", ids.grace)
    assert control(again, "phone").text() == "01632 960111"
    assert control(again, "best_time").text() == "am"
    with qtbot.waitSignal(again.saved) as saved:
        again.save()
    assert saved.args[0].both == ("Phone",)
    assert "both are kept, to be settled" in heard.said[-1]


def test_a_full_disk_leaves_every_word_and_says_so(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")
    home = desk.jobs.home
    assert home is not None
    full = {"on": True}
    real = type(home.store)._transaction

    def transaction(store: Any) -> Any:
        if full["on"]:
            raise UserError("The disk is full.", do="Make room.", code="disk-full")
        return real(store)

    monkeypatch.setattr(type(home.store), "_transaction", transaction)
    with qtbot.waitSignal(form.keeper.failed):
        form.keeper.keep()
    said = form.banner.accessibleName()
    assert said.startswith("What you have typed is still here")
    assert "The disk is full." in said
    form.save()
    qtbot.waitUntil(lambda: "Make room." in form.banner.accessibleName())
    assert control(form, "name").text() == "Sam Bright"
    assert form.save_button.isEnabled()
    full["on"] = False
    with qtbot.waitSignal(form.saved):
        qtbot.mouseClick(form.banner.button, Qt.MouseButton.LeftButton)


def test_a_closed_form_whose_draft_cannot_be_kept_is_told_in_the_window(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")

    def refuse(*_: Any, **__: Any) -> Any:
        raise UserError("The disk is full.", code="disk-full")

    monkeypatch.setattr(drafts, "save", refuse)
    form.close()
    qtbot.waitUntil(lambda: [e.what for e in heard.troubles] == ["The disk is full."])
    assert control(form, "name").text() == "Sam Bright"


# ---- keyboard, screen reader, sizes


@pytest.fixture
def large() -> Iterator[None]:
    """Text at 200 per cent."""
    from liaison.ui import theme

    theme.current().resize(2.0)
    yield
    theme.current().resize(1.0)


@pytest.mark.parametrize("name", ["contact", "resident", "visit", "organisation", "session"])
def test_every_control_of_a_form_is_named_and_reached_with_tab_in_reading_order(
    qtbot: QtBot, desk: Desk, heard: Heard, name: str
) -> None:
    form = opened(qtbot, desk, name)
    assert form.fields is not None
    assert form.folds is not None
    form.folds.show_all()
    order: list[str] = []
    start = control(form, next(iter(form.fields.boxes)))
    getattr(start, "line", start).setFocus()
    for _ in range(3 * len(form.fields.boxes)):
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.accessibleName(), type(focus)
        for field_name, box in form.fields.boxes.items():
            if box.isAncestorOf(focus) and (not order or order[-1] != field_name):
                order.append(field_name)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    wanted = list(form.fields.boxes)
    assert order[: len(wanted)] == wanted


def test_large_text_puts_the_fields_in_one_column(
    qtbot: QtBot, desk: Desk, heard: Heard, large: None
) -> None:
    form = opened(qtbot, desk, "contact")
    form.resize(1100, 700)
    assert form.fields is not None
    lefts = {
        b.mapTo(form, b.rect().topLeft()).x() for b in form.fields.boxes.values() if b.isVisible()
    }
    assert len(lefts) == 1
    sheet = form.sheet.widget()
    assert sheet is not None
    assert sheet.minimumSizeHint().width() <= 1100


def test_small_text_in_a_wide_window_uses_two_columns(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = opened(qtbot, desk, "contact")
    assert form.fields is not None
    boxes = form.fields.boxes
    assert boxes["name"].y() == boxes["phone"].y()
    assert boxes["name"].x() < boxes["phone"].x()


def test_controls_are_of_the_kind_of_their_value(qtbot: QtBot, desk: Desk, heard: Heard) -> None:
    form = opened(qtbot, desk, "visit")
    assert isinstance(control(form, "urgency"), Segmented)
    assert isinstance(control(form, "reason"), TextArea)
    assert isinstance(control(form, "kind"), LineEdit)
    assert isinstance(control(form, "id_checked"), Segmented)


def test_what_is_unusual_and_was_not_seen_before_saving_is_said_afterwards(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")
    type_into(qtbot, form, "phone", "01803 5551234567")
    with qtbot.waitSignal(form.saved):
        form.save()
    assert "15 digits" in heard.said[-1]
