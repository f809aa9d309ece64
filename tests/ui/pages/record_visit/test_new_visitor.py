"""Somebody new, half typed: given back to whoever asks for them again, and to nobody else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from liaison.errors import UserError
from liaison.records.directory import Contact
from liaison.services import drafts
from liaison.services.drafts import Draft
from liaison.services.homes import OpenHome
from liaison.ui.pages.record_visit.new_visitor import NewVisitor
from liaison.ui.parts.begun import on_the_way
from tests.ui.pages.record_visit.conftest import Writer
from tests.ui.parts.conftest import Ids

NADIA = "Nadia Rahman"
ABOUT = on_the_way("contact", "record-visit")


def draft(home: OpenHome) -> Draft | None:
    return drafts.find(home, ABOUT)


def asked(writer: Writer, name: str) -> NewVisitor:
    """Ask for somebody who is not there, and wait until it is known what was typed before."""
    line = writer.form.strip.finder.line
    line.clear()
    line.setFocus()
    writer.choose(name, f"Add “{name}”")
    (popover,) = writer.page.window().findChildren(NewVisitor)
    writer.read(draft)
    return popover


def closed(writer: Writer, popover: NewVisitor) -> None:
    """Close it as a press elsewhere does."""
    popover.done()
    writer.qtbot.waitUntil(lambda: not isValid(popover))


def begun(writer: Writer) -> None:
    """Type half of Nadia, with an organisation that is known, and turn to something else."""
    popover = asked(writer, NADIA)
    popover.role.set_value("podiatrist")
    popover.place.setFocus()
    writer.type("Meadow")
    writer.qtbot.waitUntil(lambda: bool(popover._list.offers))
    writer.press(Qt.Key.Key_Return)
    assert popover.place.text() == "Meadow Lane Surgery"
    assert writer.focus() is popover.phone
    writer.type("01632 96")
    closed(writer, popover)


def test_somebody_half_typed_is_given_back_and_gone_from_the_drafts_once_added(
    writer: Writer, qtbot: QtBot, ids: Ids
) -> None:
    writer.go()
    begun(writer)
    popover = asked(writer, NADIA)
    assert popover.banner.isVisible()
    assert popover.banner.accessibleName().endswith("It is as you left it.")
    assert (popover.name.text(), popover.role.value) == (NADIA, "podiatrist")
    assert popover.phone.text() == "01632 96"
    qtbot.waitUntil(lambda: popover.place.text() == "Meadow Lane Surgery")
    popover.phone.setText("01632 960777")
    popover.save_button.click()
    qtbot.waitUntil(lambda: writer.form.strip.visitor is not None)
    assert writer.form.strip.apart.text() == "Podiatrist, Meadow Lane Surgery"
    assert writer.read(draft) is None
    visitor = writer.form.strip.visitor
    assert visitor is not None
    assert visitor.contact is not None
    assert visitor.organisation == ids.surgery
    contact = visitor.contact
    nadia = writer.read(lambda home: home.store.get("contact", contact))
    assert isinstance(nadia, Contact)
    assert (nadia.name, nadia.phone) == (NADIA, "01632 960777")


def test_somebody_of_another_name_never_gets_what_was_typed_of_the_first(writer: Writer) -> None:
    writer.go()
    begun(writer)
    popover = asked(writer, "Tom Reed")
    assert popover.banner.accessibleName().startswith(f"You began to add “{NADIA}”")
    assert (popover.name.text(), popover.role.value, popover.phone.text()) == ("Tom Reed", None, "")
    # offered and not taken, it is still there for the next time
    popover.cancel.click()
    kept = writer.read(draft)
    assert kept is not None
    assert kept.typed["asked"] == NADIA
    writer.qtbot.waitUntil(lambda: not isValid(popover))
    popover = asked(writer, "Tom Reed")
    popover.banner.button.click()
    assert (popover.name.text(), popover.phone.text()) == (NADIA, "01632 96")
    closed(writer, popover)


def test_not_now_forgets_what_was_typed_and_a_refused_save_does_not(
    writer: Writer, qtbot: QtBot
) -> None:
    writer.go()
    begun(writer)
    popover = asked(writer, NADIA)
    qtbot.waitUntil(lambda: popover.place.text() == "Meadow Lane Surgery")
    popover.name.clear()
    popover.save_button.click()
    qtbot.waitUntil(lambda: bool(popover.fields["contact.name"].error))
    assert writer.read(draft) is not None
    popover.cancel.click()
    assert writer.read(draft) is None
    qtbot.waitUntil(lambda: not isValid(popover))
    popover = asked(writer, NADIA)
    assert not popover.banner.isVisible()
    assert popover.role.value is None
    closed(writer, popover)


def test_what_the_disk_does_not_keep_is_said_in_the_small_form(writer: Writer) -> None:
    writer.go()
    popover = asked(writer, NADIA)
    popover.begun.keeper.failed.emit(UserError("The disk is full.", code="disk-full"))
    assert "no draft of it can be kept. The disk is full." in popover.banner.accessibleName()
    writer.type("x")
    popover.begun.note()
    popover.banner.button.click()
    writer.qtbot.waitUntil(lambda: writer.read(draft) is not None)
    assert not popover.banner.isVisible()
    closed(writer, popover)
