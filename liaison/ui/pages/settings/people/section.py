"""The people section: the list, one person, the forms, and what is done with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from liaison.services import people
from liaison.ui.pages.settings.people import facts
from liaison.ui.pages.settings.people.form import PersonForm
from liaison.ui.pages.settings.people.lines import PersonCard, PersonLine
from liaison.ui.pages.settings.people.locking import LockCard
from liaison.ui.pages.settings.people.roles import RoleTable
from liaison.ui.pages.settings.people.sheet import NewSheetCard
from liaison.ui.pages.settings.people.slip import PasswordCard
from liaison.ui.pages.settings.section import CardsSection, Section, Unrolling
from liaison.ui.parts.answers import asked_about
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.parts.room import RecordRoom
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ConfirmDialog,
    Divider,
    ProgressLine,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.drafts import About
    from liaison.services.homes import OpenHome
    from liaison.services.people import SignIn
    from liaison.ui.desk import Desk
    from liaison.ui.pages.settings.people.facts import Given, Wanted

_NOT_TAKEN_BACK: Final = (
    "{name} cannot sign in any more, and every key they could know is made anew. What {first} "
    "wrote stays, with their name.\n\n"
    "It cannot take back what they already have: backups and copies of the home from before still "
    "open with their old password, and what was printed, written out or remembered stays with them."
)


class PeopleSection(Section):
    """Who may sign in; for managers."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.people: tuple[SignIn, ...] = ()
        self.lines: list[PersonLine] = []
        self.dialog: ConfirmDialog | None = None
        self.shown: QWidget | None = None
        """What lies over the list: a person, a form, a password, a sheet."""
        self._wanted: int | None = None
        """Who is to be shown once the list is read."""
        self.list = _List(desk)
        self.list.add.clicked.connect(self.add)
        self.list.new_sheet.clicked.connect(self.make_sheet)
        self.over = Unrolling()
        self.room = RecordRoom(desk)
        self.room.left.connect(self._leave_room)
        self.stack = QStackedWidget()
        for part in (self.list, self.over, self.room):
            self.stack.addWidget(part)
        self.banner = Banner("ok", "", closable=True)
        self.banner.hide()
        self.pending = Banner("due", "")
        self.pending.hide()
        self.column.setSpacing(12)
        self.column.addWidget(self.pending)
        self.column.addWidget(self.banner)
        self.column.addWidget(self.stack, 1)

    @property
    def _folder(self) -> Path:
        home = self.desk.jobs.home
        return home.folder if home is not None else Path()

    @property
    def _home_name(self) -> str:
        return self.desk.settings.home(self._folder).name or "This home"

    # ---- the list

    def refresh(self) -> None:
        """Read who may sign in; what is being filled in stays."""
        if self.desk.jobs.home is None:
            return
        folder = self._folder
        self.desk.jobs.read(
            lambda store: facts.read(store, folder),
            self._show,
            self._fail,
            latest=(id(self), "people"),
            owner=self,
        )

    def _show(self, found: tuple[SignIn, ...]) -> None:
        self.people = found
        today, me = self.desk.today(), self.desk.person.id
        self.lines = [PersonLine(person, today, me=person.id == me) for person in found]
        for line in self.lines:
            line.opened.connect(self._look_at)
        self.list.show_lines(self.lines)
        wanted, self._wanted = self._wanted, None
        if wanted is None and isinstance(self.shown, PersonCard):
            wanted = self.shown.person.id
        if wanted is not None:
            person = next((one for one in found if one.id == wanted), None)
            if person is not None:
                self.open(person)
            elif isinstance(self.shown, PersonCard):
                self.back()

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a person who may sign in."""
        if type_name == "person":
            self._wanted = identity
            self.refresh()

    # ---- one thing over the list

    def _put(self, content: QWidget, title: str) -> None:
        self.over.empty()
        head = Button(title, "arrow-left", small=True)
        head.clicked.connect(self.back)
        row = QWidget()
        line = spaced(QHBoxLayout(row), 0)
        line.addWidget(head)
        line.addStretch(1)
        if isinstance(content, PersonCard):
            self.over.put(row)
        self.over.put(content)
        self.over.body.addStretch(1)
        self.shown = content
        self._set_foot(getattr(content, "foot", None))
        self.stack.setCurrentWidget(self.over)
        if self.isVisible():
            # else it was asked for a while ago: whoever went to another page types there
            begin = getattr(content, "begin", head.setFocus)
            begin()

    def _set_foot(self, foot: QWidget | None) -> None:
        self.pending.hide()
        before, self.foot = self.foot, foot
        self.footed.emit()
        if before is not None:
            before.deleteLater()

    def _look_at(self, person: SignIn) -> None:
        # what was said was of somebody else
        self.banner.hide()
        self.open(person)

    def back(self) -> None:
        """Show the list again."""
        self._set_foot(None)
        name = getattr(getattr(self.shown, "person", None), "name", "")
        self.shown = None
        self.stack.setCurrentWidget(self.list)
        self.over.empty()
        line = next((one for one in self.lines if one.person.name == name), None)
        if self.isVisible():
            goes_on = line.button if line is not None else self.list.add
            goes_on.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def open(self, person: SignIn) -> None:
        """Show one person, and what can be done about them."""
        card = PersonCard(person, self.desk.today(), me=person.id == self.desk.person.id)
        card.changing.connect(self.change)
        card.giving.connect(self.give_password)
        card.suspending.connect(self.suspend)
        card.resuming.connect(self.resume)
        card.removing.connect(self.remove)
        card.history.connect(self._history)
        self._put(card, "Everybody")

    def _history(self, person: SignIn) -> None:
        self.banner.hide()
        self.room.empty()
        self.room.history("person", person.id)
        self.stack.setCurrentWidget(self.room)

    def _leave_room(self) -> None:
        self.stack.setCurrentWidget(self.over if self.shown is not None else self.list)

    # ---- what is done

    def add(self) -> PersonForm:
        """Show the form of somebody new."""
        return self._form(None, self._add)

    def change(self, person: SignIn) -> PersonForm:
        """Show the form of a name, a role or a last day."""
        return self._form(person, lambda form, wanted: self._change(form, person, wanted))

    def _form(
        self, person: SignIn | None, act: Callable[[PersonForm, Wanted], object]
    ) -> PersonForm:
        self.banner.hide()
        form = PersonForm(self.desk, person)
        form.wanted.connect(lambda wanted: act(form, wanted))
        form.left.connect(self.back if person is None else lambda: self.open(person))
        self._put(form, "")
        return form

    def _add(self, form: PersonForm, wanted: Wanted) -> None:
        def done(given: Given) -> None:
            form.done()
            self._show_password(given)

        self.desk.jobs.write(lambda home: facts.add(home, wanted), done, form.refuse, owner=form)

    def _change(self, form: PersonForm, person: SignIn, wanted: Wanted) -> None:
        def done(_: None) -> None:
            form.done()
            self._told(f"{wanted.name} is changed.", person.id)

        self.desk.jobs.write(
            lambda home: facts.change(home, person, wanted), done, form.refuse, owner=form
        )

    def give_password(self, person: SignIn) -> None:
        """Ask, then give somebody a temporary password."""
        self._ask(
            f"Give {person.name} a new temporary password?",
            "The password they have stops working. At the first time they choose their own.",
            "Make the password",
            "Leave it as it is",
            lambda: self._do(lambda home: facts.give_password(home, person), self._show_password),
        )

    def _show_password(self, given: Given) -> None:
        card = PasswordCard(given, self._home_name)
        self._wanted = None

        def left() -> None:
            self.shown = None
            self._wanted = given.id
            self.refresh()

        card.left.connect(left)
        self._put(card, "")

    def suspend(self, person: SignIn) -> None:
        """Ask why, then keep somebody out for a while."""
        self._ask_why(
            asked_about("person", person.id, "suspend"),
            f"Suspend {person.name}?",
            "Their password opens the home no more, from their next signing in on. It is kept for "
            "when they are let in again.",
            "Suspend",
            "Let them stay",
            lambda dialog, why: self._do(
                dialog.forgetting(lambda home: people.suspend(home, person.id, why)),
                lambda _: self._told(f"{person.name} is suspended.", person.id),
            ),
        )

    def resume(self, person: SignIn) -> None:
        """Ask why, then let somebody in again."""
        self._ask_why(
            asked_about("person", person.id, "resume"),
            f"Let {person.name} in again?",
            "The password they had opens the home again.",
            "Let them in",
            "Keep them out",
            lambda dialog, why: self._do(
                dialog.forgetting(lambda home: people.resume(home, person.id, why)),
                lambda _: self._told(f"{person.name} may sign in again.", person.id),
            ),
        )

    def remove(self, person: SignIn) -> None:
        """Say what it cannot take back, ask why, then let somebody go."""
        first = person.name.split(" ")[0]
        self._ask_why(
            asked_about("person", person.id, "remove"),
            f"Remove {person.name}?",
            _NOT_TAKEN_BACK.format(name=person.name, first=first),
            "Remove",
            "Let them stay",
            lambda dialog, why: self._remove(
                person, dialog.forgetting(lambda home: facts.remove(home, person, why))
            ),
            danger=True,
        )

    def _remove(self, person: SignIn, work: Callable[[OpenHome], bool]) -> None:
        working = _Working(
            f"Removing {person.name}",
            "Every key is being made anew, and the whole record is encrypted again with the new "
            "one. That takes from a second to a minute; leave this PC on.",
        )
        self._put(working, "")

        def done(at_once: bool) -> None:  # noqa: FBT001  # what the job returns
            words = (
                f"{person.name} is removed, and every key is new. The recovery sheet still works."
            )
            if not at_once:
                words = (
                    f"{person.name} is removed. Liaison is open in another window too, so the "
                    "record gets its new key when it is opened next. The recovery sheet still "
                    "works."
                )
            self._told(words)

        def failed(error: UserError) -> None:
            self._fail(error)
            self.back()

        # the file for itself alone: the reader's connection is closed meanwhile
        self.desk.jobs.alone(work, done, failed, owner=self)

    def make_sheet(self) -> None:
        """Show a new recovery sheet, to be printed and proven."""
        self.banner.hide()
        card = NewSheetCard(self.desk, self._folder, self._home_name)

        def made() -> None:
            folder = self._folder
            # one that somebody had still to prove counts no more
            self.desk.set(self.desk.settings.with_home(folder, unproven=False))
            self._told(
                "The new recovery sheet counts from now on. The old one opens only backups and "
                "copies from before."
            )

        card.made.connect(made)
        card.left.connect(self.back)
        card.waiting.connect(
            lambda: self.pending.say("due", "The sheet you printed is not in force yet.")
        )
        self._put(card, "")

    # ---- asking and telling

    def _ask(
        self,
        question: str,
        words: str,
        do: str,
        keep: str,
        act: Callable[[], object],
    ) -> None:
        self.banner.hide()
        self.dialog = ConfirmDialog(self.window(), question, words, do=do, keep=keep)
        self.dialog.accepted.connect(act)
        self.dialog.open()

    def _ask_why(  # noqa: PLR0917  # a question, as it is read
        self,
        about: About,
        question: str,
        words: str,
        do: str,
        keep: str,
        act: Callable[[ReasonDialog, str], object],
        *,
        danger: bool = False,
    ) -> None:
        self.banner.hide()
        dialog = ReasonDialog(
            self.desk, about, self, question, words, do=do, keep=keep, danger=danger
        )
        dialog.accepted.connect(lambda: act(dialog, dialog.reason))
        self.dialog = dialog
        dialog.open()

    def _do(self, work: Callable[[OpenHome], Any], done: Callable[[Any], object]) -> None:
        self.desk.jobs.write(work, done, self._fail, owner=self)

    def _told(self, words: str, identity: int | None = None) -> None:
        """Say what was done, and show the person, or the list."""
        self.banner.say("ok", words)
        self._wanted = identity
        if identity is None:
            self.back()
        else:
            self.refresh()

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", str(error))


class _List(CardsSection):
    """Everybody, and what else belongs to signing in."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        who = self.card(
            "Who may sign in",
            "Everybody has a password of their own; what they write carries their name.",
        )
        self.add = Button("Add somebody", "user-plus", Button.PRIMARY, small=True)
        who.head.addWidget(self.add)
        self._rows = spaced(QVBoxLayout(), 10)
        who.add(self._rows)
        self.lock = LockCard(desk)
        self.sheet.body.addWidget(self.lock)
        paper = self.card(
            "Recovery sheet",
            "The way back in when nobody can remember a password. Make a new one when the old one "
            "may have been seen, copied or lost.",
        )
        self.new_sheet = Button("Make a new recovery sheet", "key-round")
        paper.add(_at_left(self.new_sheet))
        self._roles = self.card(
            "What each role may do",
            "Liaison obeys this table. It is about working together, not a lock: whoever has a "
            "password and tools of their own can read what the home holds.",
        )
        self.show_roles = Button("Show the table", "table")
        self._roles.add(_at_left(self.show_roles))
        self.table: RoleTable | None = None
        self.show_roles.clicked.connect(self._show_table)
        self.sheet.body.addStretch(1)

    def show_lines(self, lines: list[PersonLine]) -> None:
        """Show everybody."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, line in enumerate(lines):
            if number:
                self._rows.addWidget(Divider())
            self._rows.addWidget(line)

    def _show_table(self) -> None:
        if self.table is None:
            self.table = RoleTable(facts.table())
            self._roles.add(self.table)
            self.table.show()
            self.show_roles.hide()


class _Working(Card):
    """Something long is being done, which nobody can call off."""

    def __init__(self, title: str, words: str) -> None:
        super().__init__(title, "hourglass", kind=Card.EMPHASISED)
        self.add(Wrap(words, widest=640))
        self.add(ProgressLine(title))


def _at_left(part: QWidget) -> QHBoxLayout:
    row = spaced(QHBoxLayout(), 0)
    row.addWidget(part)
    row.addStretch(1)
    return row
