"""What a form keeps while it is being saved, and when something goes wrong: no word is ever lost."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.directory import ContactAttempt
from liaison.services import drafts
from liaison.services.drafts import About
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.ui.desk import Desk
from liaison.ui.parts.form import RecordForm
from liaison.ui.parts.room import RecordRoom
from tests.ui.parts.conftest import Heard, Ids, writing_held
from tests.ui.parts.test_form import control, opened, type_into, write


def records(home: OpenHome, type_name: str) -> list[Any]:
    return list(query.every(home.store, query.Query(type_name)))


def test_what_is_typed_while_a_form_is_saved_stays_in_it_as_a_change_to_what_is_saved(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")
    with writing_held(desk.jobs):
        form.save()
        type_into(qtbot, form, "phone", "01632 960123")
    qtbot.waitUntil(lambda: "Sam Bright saved." in heard.said)
    assert form.banner.accessibleName().startswith("Saved as it stood when you pressed Save.")
    assert control(form, "phone").text() == "01632 960123"
    assert form.save_button.isEnabled()
    # a crash now would lose none of it, and offer nothing that is saved
    qtbot.waitUntil(lambda: not form.keeper.waiting)
    (draft,) = write(qtbot, desk.jobs, drafts.mine)
    sam = next(
        c
        for c in write(qtbot, desk.jobs, lambda h: records(h, "contact"))
        if c.name == "Sam Bright"
    )
    assert (sam.phone, draft.about, draft.typed) == (
        None, About("contact", sam.id), {"phone": "01632 960123"}
    )  # fmt: skip
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    assert saved.args[0].id == sam.id
    assert saved.args[0].both == ()
    changed = write(qtbot, desk.jobs, lambda home: home.store.get("contact", sam.id))
    assert (changed.name, changed.phone) == ("Sam Bright", "01632 960123")
    assert write(qtbot, desk.jobs, drafts.mine) == []


def test_a_field_that_is_only_written_in_another_way_meanwhile_does_not_hold_the_form_up(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "visit", kind="visit")
    type_into(qtbot, form, "at", "yesterday 14:20")
    with qtbot.waitSignal(form.saved), writing_held(desk.jobs):
        form.save()
        # the cursor leaves it, and it is written out
        control(form, "at").settle()


def test_an_entry_of_the_moment_is_not_changed_by_what_is_typed_while_it_is_saved(
    qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids
) -> None:
    form = opened(qtbot, desk, "contact_attempt", contact=ids.grace, reached=True)
    type_into(qtbot, form, "at", "today 09:00")
    assert form.fields is not None
    note = next(n for n, box in form.fields.boxes.items() if box.editor.field.kind.name == "NOTE")
    with writing_held(desk.jobs):
        form.save()
        type_into(qtbot, form, note, "She rang back")
    qtbot.waitUntil(lambda: "and it is not changed afterwards" in form.banner.accessibleName())
    (entry,) = write(qtbot, desk.jobs, lambda home: records(home, "contact_attempt"))
    assert isinstance(entry, ContactAttempt)
    assert getattr(entry, note) is None
    assert control(form, note).text() == "She rang back"
    qtbot.waitUntil(lambda: not form.keeper.waiting)
    (draft,) = write(qtbot, desk.jobs, drafts.mine)
    assert draft.typed[note] == "She rang back"


def test_a_form_that_is_left_while_it_is_saved_keeps_what_was_typed_meanwhile(
    qtbot: QtBot, desk: Desk, heard: Heard
) -> None:
    room = RecordRoom(desk)
    qtbot.addWidget(room)
    room.resize(900, 700)
    room.show()
    form = room.add("contact")
    qtbot.waitSignal(form.ready).wait()
    type_into(qtbot, form, "name", "Sam Bright")
    with writing_held(desk.jobs):
        form.save()
        type_into(qtbot, form, "phone", "01632 960123")
        room.empty()
    qtbot.waitUntil(lambda: "Sam Bright saved." in heard.said)
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    (draft,) = write(qtbot, desk.jobs, drafts.mine)
    assert draft.typed == {"phone": "01632 960123"}


def test_a_save_and_its_draft_are_one_transaction(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")
    before = write(qtbot, desk.jobs, lambda home: len(records(home, "contact")))

    def refuse(*_: object) -> None:
        raise UserError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(drafts, "take", refuse)
        form.save()
        qtbot.waitUntil(lambda: "The disk is full." in form.banner.accessibleName())
    assert write(qtbot, desk.jobs, lambda home: len(records(home, "contact"))) == before
    assert len(write(qtbot, desk.jobs, drafts.mine)) == 1
    with qtbot.waitSignal(form.saved):
        form.save()
    assert write(qtbot, desk.jobs, drafts.mine) == []


def test_a_draft_that_cannot_be_found_is_never_overwritten(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = About("contact")
    write(qtbot, desk.jobs, lambda home: drafts.save(home, about, {"name": "Sam Bright"}))

    def refuse(*_: object) -> None:
        raise UserError("The disk does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(drafts, "find", refuse)
        form = RecordForm(desk, "contact")
        qtbot.addWidget(form)
        form.show()
        qtbot.waitUntil(lambda: "does not answer" in form.banner.accessibleName())
    assert form.fields is None
    form.keeper.note()
    form.keeper.keep()
    draft = write(qtbot, desk.jobs, lambda home: drafts.find(home, about))
    assert draft.typed == {"name": "Sam Bright"}
    with qtbot.waitSignal(form.ready):
        form.banner.button.click()
    assert control(form, "name").text() == "Sam Bright"


def test_a_draft_that_is_lost_to_a_mistake_of_ours_is_not_taken_for_kept(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")

    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    left: list[bool] = []
    unkept: list[UserError] = []
    desk.unkept.connect(unkept.append)
    with monkeypatch.context() as broken:
        broken.setattr(drafts, "save", stumble)
        with qtbot.waitSignal(form.keeper.failed):
            form.keeper.keep_then(lambda: left.append(True))
        qtbot.waitUntil(lambda: desk.jobs.is_idle)
    assert form.keeper.waiting
    assert not left
    assert [error.code for error in unkept] == ["fault"]
    with qtbot.waitSignal(form.keeper.kept):
        form.keeper.keep()
    assert not form.keeper.waiting
    assert [type(fault) for fault in heard.faults] == [ZeroDivisionError]
    heard.faults.clear()


def test_a_save_that_ends_in_a_mistake_of_ours_leaves_a_form_that_can_be_saved_again(
    qtbot: QtBot, desk: Desk, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened(qtbot, desk, "contact")
    type_into(qtbot, form, "name", "Sam Bright")

    def stumble(*_: object) -> None:
        raise sqlite3.InterfaceError

    with monkeypatch.context() as broken:
        broken.setattr(drafts, "finish", stumble)
        form.save()
        qtbot.waitUntil(form.save_button.isEnabled)
    assert "A mistake in Liaison itself" in form.banner.accessibleName()
    assert control(form, "name").text() == "Sam Bright"
    heard.faults.clear()
    with qtbot.waitSignal(form.saved):
        form.save()
