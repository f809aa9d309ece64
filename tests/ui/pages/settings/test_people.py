"""Who may sign in, in the window: adding, passwords, roles, letting go, and a new recovery sheet."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.records.administration import Person
from liaison.records.home import Staff
from liaison.security import RecoveryKey
from liaison.security.roles import Action, describe
from liaison.services import editing, homes, people
from liaison.services.people import State
from liaison.ui.desk import Desk
from liaison.ui.pages.settings.page import SettingsPage
from liaison.ui.pages.settings.people import PeopleSection, facts
from liaison.ui.pages.settings.people.form import PersonForm
from liaison.ui.pages.settings.people.lines import PersonCard
from liaison.ui.pages.settings.people.sheet import NewSheetCard
from liaison.ui.pages.settings.people.slip import PasswordCard
from liaison.ui.threshold import printing
from liaison.ui.widgets import Button
from tests import homes as made
from tests.ui import walk
from tests.ui.names import nameless
from tests.ui.parts.conftest import Heard

WAIT = 15_000
PRIYA = "Priya Nair"
W = TypeVar("W", bound=QWidget)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let passwords that Liaison thinks up cost next to nothing here."""
    for name in ("add", "give_password"):
        given = functools.partial(getattr(people, name), cost=made.CHEAP)
        monkeypatch.setattr(people, name, given)


@pytest.fixture
def section(qtbot: QtBot, desk: Desk, heard: Heard) -> Iterator[PeopleSection]:
    desk.changing.connect(desk.take_settings)
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    page.resize(1150, 700)
    page.show()
    page.activateWindow()
    opened = page.open_section("people")
    assert isinstance(opened, PeopleSection)
    qtbot.waitUntil(lambda: bool(opened.people), timeout=WAIT)
    yield opened
    assert heard.faults == []


Shows = Callable[[type[W]], W]


@pytest.fixture
def shows(qtbot: QtBot, section: PeopleSection) -> Callable[..., QWidget]:
    def wait(kind: type[W]) -> W:
        qtbot.waitUntil(lambda: isinstance(section.shown, kind), timeout=WAIT)
        assert isinstance(section.shown, kind)
        return section.shown

    return wait


def add(qtbot: QtBot, section: PeopleSection, name: str = PRIYA, until: str = "") -> str:
    """Add somebody as a manager does; return the password that was shown."""
    form = section.add()
    form.name.setText(name)
    form.until.set_text(until)
    form.save_button.click()
    qtbot.waitUntil(lambda: isinstance(section.shown, PasswordCard), timeout=WAIT)
    card = section.shown
    assert isinstance(card, PasswordCard)
    password = card.password.text()
    card.done.click()
    qtbot.waitUntil(lambda: isinstance(section.shown, PersonCard), timeout=WAIT)
    return password


def person(section: PeopleSection, name: str = PRIYA) -> people.SignIn:
    return next(one for one in section.people if one.name == name)


def states(qtbot: QtBot, section: PeopleSection, name: str, state: State) -> None:
    """Wait until it stands so with somebody."""

    def so() -> bool:
        found = [one for one in section.people if one.name == name]
        return [one.state for one in found] == [state]

    qtbot.waitUntil(so, timeout=WAIT)


def agree(section: PeopleSection, why: str = "") -> None:
    """Say yes to what is asked, with a reason."""
    dialog = section.dialog
    assert dialog is not None
    if why:
        dialog._line.setText(why)
    dialog.do.click()


def words_on(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel))


def test_somebody_is_added_with_a_password_that_is_shown_once(
    qtbot: QtBot, section: PeopleSection, folder: Path
) -> None:
    assert [line.person.name for line in section.lines] == [made.MANAGER]
    password = add(qtbot, section)
    assert len(password.split()) == 5
    shown = section.shown
    assert isinstance(shown, PersonCard)
    assert person(section).state is State.TEMPORARY
    assert "has not signed in with the temporary password yet" in words_on(shown)
    told = [top.text() for top in QApplication.allWidgets() if isinstance(top, QLabel)]
    assert not any(password in words for words in told)
    unlocked = homes.read_keys(folder).unlock(PRIYA, password)
    assert unlocked.must_change
    assert unlocked.role == "carer"


def test_an_answer_takes_the_keyboard_from_nobody_who_went_elsewhere_meanwhile(
    section: PeopleSection, shows: Shows[PasswordCard]
) -> None:
    form = section.add()
    form.name.setText(PRIYA)
    form.save_button.click()
    page = section.window()
    assert isinstance(page, SettingsPage)
    page.open_section("about")
    elsewhere = next(one for one in page.findChildren(Button) if one.isVisible())
    elsewhere.setFocus()
    shows(PasswordCard).done.click()
    section.back()
    assert page.focusWidget() is elsewhere


def test_the_password_on_the_clipboard_goes_when_it_was_handed_over(
    qtbot: QtBot, section: PeopleSection, shows: Shows[PasswordCard]
) -> None:
    form = section.add()
    form.name.setText(PRIYA)
    form.save_button.click()
    card = shows(PasswordCard)
    card.copy.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == card.password.text()
    card.done.click()
    assert clipboard.text() == ""


def test_the_slip_is_printed_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtCore import QMarginsF, QRectF
    from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

    from liaison.ui.pages.settings.people.facts import Given

    file = tmp_path / "slip.pdf"

    def to_pdf(_: str, paint: Callable[[QPainter, QRectF], None], __: QWidget) -> str:
        writer = QPdfWriter(str(file))
        writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Portrait,
                QMarginsF(15, 15, 15, 15),
            )
        )
        painter = QPainter(writer)
        paint(painter, QRectF(0, 0, writer.width(), writer.height()))
        painter.end()
        return "Office"

    card = PasswordCard(Given(1, PRIYA, "otter lamp seven kettle moss"), "Willow House", to_pdf)
    qtbot.addWidget(card)
    card.print.click()
    assert card.note.words == "Printed on “Office”."
    import pypdfium2

    document = pypdfium2.PdfDocument(str(file))
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "otter lamp seven kettle moss" in text
    assert "For Priya Nair" in text


def test_without_a_printer_the_password_stays_on_the_screen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtPrintSupport import QPrinterInfo

    from liaison.ui.pages.settings.people.facts import Given

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    card = PasswordCard(Given(1, PRIYA, "otter lamp"), "Willow House", printing.print_page)
    qtbot.addWidget(card)
    card.print.click()
    assert "No printer" in card.note.words
    assert card.password.text() == "otter lamp"


def test_a_form_without_a_name_says_so_and_a_namesake_is_refused(
    qtbot: QtBot, section: PeopleSection
) -> None:
    form = section.add()
    form.save_button.click()
    assert form.fields["name"].error == "Type their name."
    form.name.setText(made.MANAGER)
    assert form.fields["name"].error == ""
    form.save_button.click()
    qtbot.waitUntil(form.banner.isVisible, timeout=WAIT)
    assert "signs in here already" in form.banner.accessibleName()
    assert form.save_button.isEnabled()
    assert form.name.text() == made.MANAGER


def test_of_two_staff_of_one_name_the_form_asks_which_and_keeps_what_was_typed(
    qtbot: QtBot, section: PeopleSection, desk: Desk
) -> None:
    made_now: list[int] = []
    staff = Staff(name=PRIYA, job_role="nurse")
    desk.jobs.write(
        lambda home: [editing.add(home, staff)[0] for _ in range(2)],
        made_now.extend,
        owner=section,
    )
    qtbot.waitUntil(lambda: bool(made_now), timeout=WAIT)
    form = section.add()
    form.name.setText(PRIYA)
    qtbot.waitUntil(lambda: form.staff.count() > 3, timeout=WAIT)
    form.save_button.click()
    qtbot.waitUntil(lambda: bool(form.fields["staff"].error), timeout=WAIT)
    assert form.name.text() == PRIYA
    form.staff.set_value(made_now[1])
    form.save_button.click()
    qtbot.waitUntil(lambda: isinstance(section.shown, PasswordCard), timeout=WAIT)
    shown = section.shown
    assert isinstance(shown, PasswordCard)
    shown.done.click()
    qtbot.waitUntil(lambda: isinstance(section.shown, PersonCard), timeout=WAIT)
    assert person(section).staff == made_now[1]
    assert "the name Priya Nair (job role Nurse" in facts.whose_name(person(section))
    # and taken away again
    again = section.change(person(section))
    qtbot.waitUntil(lambda: again.staff.value == made_now[1], timeout=WAIT)
    again.staff.set_value(facts.NOBODY)
    again.save_button.click()
    qtbot.waitUntil(lambda: person(section).staff is None, timeout=WAIT)


def test_what_is_typed_into_the_form_is_kept_and_found_again(
    qtbot: QtBot, section: PeopleSection, desk: Desk
) -> None:
    form = section.add()
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    form.name.setText("Priya N")
    form.until.set_text("4 Dec 2026")
    with qtbot.waitSignal(form.keeper.kept, timeout=WAIT):
        desk.keeping.emit()
    section.back()
    again = section.add()
    qtbot.waitUntil(lambda: again.name.text() == "Priya N", timeout=WAIT)
    assert again.until.text == "Fri 4 Dec 2026"
    again.name.setText(PRIYA)
    with qtbot.waitSignal(again.left, timeout=WAIT):
        again.cancel.click()
    third = section.add()
    qtbot.waitUntil(lambda: third.name.text() == PRIYA, timeout=WAIT)
    third.save_button.click()
    qtbot.waitUntil(lambda: isinstance(section.shown, PasswordCard), timeout=WAIT)
    fourth = section.add()
    qtbot.waitUntil(lambda: desk.jobs.is_idle, timeout=WAIT)
    assert fourth.name.text() == "", "what was done is no draft any more"


def test_agency_staff_get_a_last_day_and_it_can_be_taken_away(
    qtbot: QtBot, section: PeopleSection, shows: Shows[PersonForm]
) -> None:
    day = dt.date(2027, 3, 4)
    add(qtbot, section, until="4 Mar 2027")
    assert person(section).until == day
    shown = section.shown
    assert isinstance(shown, PersonCard)
    assert "Ends on Thu 4 Mar 2027" in words_on(shown)
    shown.buttons["change"].click()
    form = shows(PersonForm)
    form.until.set_text("")
    form.role.set_value("reader")
    form.save_button.click()
    qtbot.waitUntil(lambda: person(section).role == "reader", timeout=WAIT)
    qtbot.waitUntil(lambda: person(section).until is None, timeout=WAIT)


def test_a_new_role_and_name_stand_in_the_key_file_too(
    qtbot: QtBot, section: PeopleSection, folder: Path
) -> None:
    add(qtbot, section)
    form = section.change(person(section))
    form.name.setText("Priya Patel")
    form.role.set_value("senior")
    form.save_button.click()
    states(qtbot, section, "Priya Patel", State.TEMPORARY)
    known = {one.name: one.role for one in homes.read_keys(folder).people}
    assert known == {made.MANAGER: "manager", "Priya Patel": "senior"}


def test_suspending_asks_why_and_letting_in_again_takes_it_back(
    qtbot: QtBot, section: PeopleSection, folder: Path
) -> None:
    password = add(qtbot, section)
    section.suspend(person(section))
    agree(section)
    dialog = section.dialog
    assert dialog is not None
    assert dialog.isVisible(), "a reason is asked for"
    agree(section, "On long leave")
    states(qtbot, section, PRIYA, State.SUSPENDED)
    with pytest.raises(UserError):
        homes.read_keys(folder).unlock(PRIYA, password)
    shown = section.shown
    assert isinstance(shown, PersonCard)
    assert "suspend" not in shown.buttons
    shown.buttons["resume"].click()
    agree(section, "Back from leave")
    states(qtbot, section, PRIYA, State.TEMPORARY)
    homes.read_keys(folder).unlock(PRIYA, password)


def test_a_new_temporary_password_ends_the_old_one(
    qtbot: QtBot, section: PeopleSection, folder: Path, shows: Shows[PasswordCard]
) -> None:
    old = add(qtbot, section)
    section.give_password(person(section))
    agree(section)
    new = shows(PasswordCard).password.text()
    assert new != old
    with pytest.raises(UserError):
        homes.read_keys(folder).unlock(PRIYA, old)
    homes.read_keys(folder).unlock(PRIYA, new)


def test_removing_says_what_it_cannot_take_back_and_makes_every_key_new(
    qtbot: QtBot, section: PeopleSection, desk: Desk, folder: Path, tmp_path: Path
) -> None:
    password = add(qtbot, section)
    home = desk.jobs.home
    assert home is not None
    before = home.store.key
    copied = made.copy(folder, tmp_path / "copy")
    section.remove(person(section))
    dialog = section.dialog
    assert dialog is not None
    assert "still open with their old password" in words_on(dialog).replace("\n", " ")
    agree(section, "Works elsewhere now")
    assert "encrypted again" in words_on(section.over)
    qtbot.waitUntil(section.banner.isVisible, timeout=WAIT)
    assert "is removed, and every key is new" in section.banner.accessibleName()
    qtbot.waitUntil(lambda: [one.name for one in section.people] == [made.MANAGER], timeout=WAIT)
    # the reader goes on with the new key, and so does the writer
    assert home.store.key != before
    found: list[object] = []
    desk.jobs.read(lambda store: store.the("home"), found.append)
    desk.jobs.write(lambda open_home: open_home.store.the("home"), found.append)
    qtbot.waitUntil(lambda: len(found) == 2, timeout=WAIT)
    assert None not in found
    with pytest.raises(UserError):
        homes.read_keys(folder).unlock(PRIYA, password)
    # what it cannot take back
    homes.open_home(copied, PRIYA, password).close()


def test_removing_while_another_window_has_the_home_open_says_when_the_rest_is_done(
    qtbot: QtBot, section: PeopleSection, folder: Path
) -> None:
    add(qtbot, section)
    with made.unlock(folder, person=made.MANAGER):
        section.remove(person(section))
        agree(section, "Works elsewhere now")
        qtbot.waitUntil(section.banner.isVisible, timeout=WAIT)
    assert "gets its new key when it is opened next" in section.banner.accessibleName()


def test_a_removal_that_fails_says_so_and_leaves_everybody(
    qtbot: QtBot, section: PeopleSection, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(qtbot, section)

    def full(*_: object) -> None:
        raise UserError("The disk is full.", kept="Nothing was changed.")

    monkeypatch.setattr(people, "remove", full)
    section.remove(person(section))
    agree(section, "Works elsewhere now")
    qtbot.waitUntil(section.banner.isVisible, timeout=WAIT)
    assert "The disk is full." in section.banner.accessibleName()
    found: list[object] = []
    desk.jobs.read(lambda store: store.the("home"), found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT)


def test_nobody_does_to_themselves_what_would_lock_them_out(section: PeopleSection) -> None:
    section.open(person(section, made.MANAGER))
    card = section.shown
    assert isinstance(card, PersonCard)
    assert set(card.buttons) == {"change", "history"}
    assert "This is you" in words_on(card)


def test_a_new_sheet_counts_only_once_it_is_proven(
    qtbot: QtBot, section: PeopleSection, desk: Desk, folder: Path
) -> None:
    keys = homes.read_keys(folder)
    section.list.new_sheet.click()
    card = section.shown
    assert isinstance(card, NewSheetCard)
    assert not card.use.isEnabled()
    assert "stops working for this home" in words_on(card).replace("\n", " ")
    key = " ".join(card.step.key_blocks)
    for edit, at in zip(card.step.blocks, card.step.wanted, strict=True):
        edit.setText(card.step.key_blocks[at])
    assert homes.read_keys(folder).generation == keys.generation, "the old one still counts"
    card.step.safe.setChecked(True)
    card.use.click()
    qtbot.waitUntil(section.banner.isVisible, timeout=WAIT)
    homes.read_keys(folder).unlock_with_recovery(RecoveryKey.parse(key))
    assert section.shown is None


def test_the_old_sheet_may_be_kept(section: PeopleSection, folder: Path) -> None:
    before = homes.read_keys(folder).data
    section.list.new_sheet.click()
    card = section.shown
    assert isinstance(card, NewSheetCard)
    card.cancel.click()
    assert section.shown is None
    assert homes.read_keys(folder).data == before


def test_a_new_sheet_on_paper_is_not_left_without_a_word(
    qtbot: QtBot, section: PeopleSection, desk: Desk, folder: Path, tmp_path: Path
) -> None:
    before = homes.read_keys(folder).data

    def remembered() -> bool:
        return desk.settings.home(folder).unused_sheet

    section.list.new_sheet.click()
    card = section.shown
    assert isinstance(card, NewSheetCard)
    card.step.save_to(tmp_path / "sheet.pdf")
    qtbot.waitUntil(lambda: card.printed, timeout=WAIT)
    # whoever signs in next is told of it, should the PC lock now
    assert remembered()
    assert "not in force" in section.pending.accessibleName()
    card.cancel.click()
    assert card.dialog is not None
    card.dialog.reject()
    assert section.shown is card
    assert remembered()
    card.cancel.click()
    card.dialog.accept()
    assert section.shown is None
    assert not remembered()
    assert homes.read_keys(folder).data == before


def test_the_table_of_roles_says_yes_and_no_in_words(section: PeopleSection) -> None:
    section.list.show_roles.click()
    table = section.list.table
    assert table is not None
    told = {label.accessibleName(): label.text() for label in table.findChildren(QLabel)}
    for line in describe():
        for role, may in line.may.items():
            word = "yes" if may else "no"
            assert told[f"{role}: {line.words}: {word}"] == word.capitalize()
    assert len(describe()) == len(Action)


def test_the_minutes_until_it_locks_are_chosen_here(section: PeopleSection, desk: Desk) -> None:
    minutes = section.list.lock.minutes
    assert minutes.currentText() == "5 minutes"
    minutes.changed.emit(12)
    assert desk.settings.lock_after == 12
    assert minutes.currentText() == "12 minutes"
    assert minutes.count() == 15


def test_a_record_of_a_person_opens_here(qtbot: QtBot, section: PeopleSection) -> None:
    add(qtbot, section)
    section.back()
    section.show_record("person", person(section).id)
    qtbot.waitUntil(lambda: isinstance(section.shown, PersonCard), timeout=WAIT)
    card = section.shown
    assert isinstance(card, PersonCard)
    assert card.person.name == PRIYA
    card.buttons["history"].click()
    assert section.stack.currentWidget() is section.room
    section.room.back()
    assert section.stack.currentWidget() is section.over


def test_every_state_of_the_section_can_be_told_and_walked(
    qtbot: QtBot, section: PeopleSection, desk: Desk
) -> None:
    window = section.window()
    found = nameless(section)
    with_everything: list[Callable[[], object]] = [
        section.list.show_roles.click,
        lambda: section.open(person(section, made.MANAGER)),
        section.add,
        section.make_sheet,
    ]
    for show in with_everything:
        show()
        qtbot.waitUntil(lambda: desk.jobs.is_idle)
        found += nameless(section) + walk.told(section) + walk.by_tab(window)
    assert found == []


def test_a_person_whose_record_says_more_than_the_key_file_needs_a_password(
    qtbot: QtBot, section: PeopleSection, desk: Desk
) -> None:
    def half(home: homes.OpenHome) -> None:
        # what a crash between the record and the key file leaves
        with home.unit("A test.", kind="people") as unit:
            unit.add(Person(name="Half There", role="carer"))

    desk.jobs.write(half)
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    section.refresh()
    states(qtbot, section, "Half There", State.NEEDS_PASSWORD)
