"""Setting up: the home, a password, the recovery sheet, the lists. Every step is kept.

The home comes to be at one moment, between the password and the recovery sheet. Closed before that,
there is nothing; closed after it, there is a whole home, and whoever unlocks it next is asked to
prove a (new) recovery sheet first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui.threshold.choosing import ChoosePassword
from liaison.ui.threshold.printing import print_sheet
from liaison.ui.threshold.sheet_step import Printing, SheetStep
from liaison.ui.threshold.steps_screen import StepsScreen
from liaison.ui.widgets import Button, Card, ConfirmDialog, Field, LineEdit, Narrow, Wrap, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.security import RecoveryKey
    from liaison.services.homes import OpenHome
    from liaison.ui.jobs import Jobs, Progress

STEPS: Final = ("Your home", "Your password", "Recovery sheet", "Bring in your lists")
HOME, PASSWORD, SHEET, LISTS = range(4)
_LONGEST_NAME: Final = 200
_ASKED_BEFORE: Final = "asked-before"
"""The code of a refusal: another home is to lie here."""
_FOOT: Final = (
    "About 5 minutes. Nothing is made until you have chosen a password.",
    "About 4 minutes left. Nothing is made until you have chosen a password.",
    "About 2 minutes left. You can stop and come back; the home is kept.",
    "Nearly there. You can bring in lists at any time later.",
)
_HEADS: Final = (
    (
        "Welcome to Liaison",
        (
            "Who your home works with in health and social care, and what came of it. "
            "Everything stays on this PC, encrypted."
        ),
    ),
    (
        "Choose your password",
        (
            "It opens the record, so nobody can set it back for you: not even we. A few words "
            "that do not belong together are strong and easy to type."
        ),
    ),
    (
        "Print your recovery sheet",
        (
            "If nobody can remember a password, this sheet is the only way back in. We do not "
            "hold a copy and cannot open your record for you."
        ),
    ),
    ("Bring in your lists", "Or begin with an empty record, and add as you go."),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """The home somebody wants.

    Args:
        name: The home's name.
        person: The name of its first manager.
        password: Their password.
    """

    name: str
    person: str
    password: str


@dataclasses.dataclass(frozen=True, slots=True)
class Makers:
    """What setting up can have made, each on another thread.

    Args:
        make: Makes the home and tells its recovery key; first it writes down what ``flag`` noted.
        new_sheet: Makes a new recovery key for the open home.
        add_lists: Adds the starting lists to the open home.
        flag: Notes that the recovery sheet is still to be proven, on the window's thread, and
            returns what writes that down.
        waits: Returns whether this PC has asked to join a home that is to lie here.
        give_up: Gives that up for good.
        demonstration: Makes or opens the demonstration home; None if it does not ship.
        can_import: Whether there is a page that brings in lists.
        printing: Asks for a printer and prints the sheet.
    """

    make: Callable[[Wanted, Callable[[RecoveryKey], None], Callable[[], None]], OpenHome]
    new_sheet: Callable[[OpenHome], RecoveryKey]
    add_lists: Callable[[OpenHome], object]
    flag: Callable[[], Callable[[], None]]
    waits: Callable[[], bool]
    give_up: Callable[[], None]
    demonstration: Callable[[Progress], OpenHome] | None = None
    can_import: bool = False
    printing: Printing = print_sheet


class FirstRun(StepsScreen):
    """The steps of setting up, at the left, and the one being done.

    Args:
        folder: Where the home will lie.
        jobs: Work off the UI thread.
        makers: What can be made.
    """

    made = Signal(object, str)
    """The home is there, and open: an ``OpenHome`` and its name. The recovery sheet is still to be
    proven."""
    unmade = Signal()
    """The home could not be made: there is no sheet to prove."""
    proven = Signal()
    """Somebody has shown that they can read the recovery sheet."""
    finished = Signal(str)
    """Setting up is over; the name of the page to show."""
    bringing_back = Signal()
    """Somebody has a backup to bring back."""
    joining = Signal()
    """This PC is to hold a home that other PCs hold already."""
    demonstrated = Signal(object)
    """The demonstration home is open."""

    def __init__(self, folder: Path, jobs: Jobs, makers: Makers) -> None:
        super().__init__("Setting up", STEPS, "Setting up your home", "Making your home")
        self._folder, self._jobs, self._makers = folder, jobs, makers
        self._step = HOME
        self._again = False
        self._waits = False
        """Whether this PC has asked to join a home that is to lie here."""
        self.sure: ConfirmDialog | None = None
        self._home_name = ""
        self.home_name = LineEdit(limit=_LONGEST_NAME)
        self.person_name = LineEdit(limit=_LONGEST_NAME)
        self.choose = ChoosePassword()
        self.sheet = SheetStep(folder, jobs, makers.printing)
        self.backup_button = Button("I have a backup", "archive-restore")
        self.backup_button.clicked.connect(self.bringing_back)
        self.join_button = Button("Join a home that exists", "monitor")
        self.join_button.clicked.connect(self.joining)
        self.demo_button = Button("Open the demonstration home", "play")
        for page in (self._home_page(), self._password_page(), self.sheet, self._lists_page()):
            self.pages.addWidget(page)
        self._connect()
        self._show(HOME)
        # making the home asks again: what is not known by then is refused there
        jobs.run(lambda _: makers.waits(), self._know_waiting, lambda _: None, owner=self)

    # ---- what is on it

    def _home_page(self) -> QWidget:
        page = QWidget()
        rows = spaced(QVBoxLayout(page), 16)
        hint = "As it stands on your letters."
        rows.addWidget(Narrow(Field("Name of the home", self.home_name, hint, required=True)))
        hint = (
            "You will be its manager, and can add the others later. If you forget your password, "
            "the recovery sheet is the way back."
        )
        rows.addWidget(Narrow(Field("Your name", self.person_name, hint, required=True)))
        held = spaced(QHBoxLayout(), 12)
        held.addWidget(Wrap("Was there a home before, on this PC or another?", "secondary"), 1)
        held.addWidget(self.backup_button)
        joined = spaced(QHBoxLayout(), 12)
        joined.addWidget(Wrap("Do other PCs of your home have Liaison already?", "secondary"), 1)
        joined.addWidget(self.join_button)
        there = QWidget()
        both = spaced(QVBoxLayout(there), 12)
        both.addLayout(joined)
        both.addLayout(held)
        rows.addWidget(Narrow(there))
        if self._makers.demonstration is not None:
            card = Card("Just looking?", "info", kind=Card.SUNK)
            card.add(
                Wrap(
                    "The demonstration home has invented people and two years of invented visits. "
                    "It lies in a folder of its own and is never mixed with yours.",
                    "secondary",
                )
            )
            row = QHBoxLayout()
            row.addWidget(self.demo_button)
            row.addStretch(1)
            card.add(row)
            rows.addSpacing(16)
            rows.addWidget(Narrow(card))
        else:
            self.demo_button.setParent(page)
            self.demo_button.hide()
        rows.addStretch(1)
        return page

    def _password_page(self) -> QWidget:
        page = QWidget()
        rows = spaced(QVBoxLayout(page), 0)
        rows.addWidget(Narrow(self.choose))
        rows.addStretch(1)
        return page

    def _lists_page(self) -> QWidget:
        page = QWidget()
        rows = spaced(QVBoxLayout(page), 16)
        card = Card("Your lists", "file-spreadsheet")
        later = (
            "Residents, staff, contacts and training come in from spreadsheets: see Settings when "
            "you are ready."
        )
        now = (
            "Residents, staff, contacts and training come in from spreadsheets, as they are. You "
            "see what will happen before anything is kept."
        )
        card.add(Wrap(now if self._makers.can_import else later, "muted"))
        self.import_button = Button("Bring in a list now", "upload")
        self.import_button.setVisible(self._makers.can_import)
        row = QHBoxLayout()
        row.addWidget(self.import_button)
        row.addStretch(1)
        card.add(row)
        rows.addWidget(Narrow(card))
        ready = Card("Ready already", "list-checks")
        ready.add(
            Wrap(
                "A glossary, the usual courses with their intervals, and the services a home deals "
                "with are there. Change them whenever you like.",
                "muted",
            )
        )
        rows.addWidget(Narrow(ready))
        rows.addStretch(1)
        return page

    def _connect(self) -> None:
        for edit in (self.home_name, self.person_name):
            edit.textChanged.connect(self._judge)
        self.home_name.returnPressed.connect(self.person_name.setFocus)
        self.person_name.returnPressed.connect(self._enter)
        self.choose.changed.connect(self._judge)
        self.choose.finished.connect(self._enter)
        self.sheet.changed.connect(self._judge)
        self.back.clicked.connect(lambda: self._show(self._step - 1))
        self.go_on.clicked.connect(self._continue)
        self.import_button.clicked.connect(lambda: self.finished.emit("import"))
        self.demo_button.clicked.connect(self._demonstrate)

    # ---- the steps

    @property
    def step(self) -> int:
        """The step being done: HOME, PASSWORD, SHEET or LISTS."""
        return self._step

    def prove_again(self, name: str, home: OpenHome) -> None:
        """Ask for the recovery sheet of a home where nobody has proven one yet.

        Args:
            name: The home's name.
            home: The home, unlocked by a manager.
        """
        self._again = True
        self._home_name = name
        self._show(SHEET)
        self._wait("Making a new recovery sheet.")
        self._jobs.write(
            lambda _: self._makers.new_sheet(home), self._sheet_made, self._refused, owner=self
        )

    def _show(self, step: int) -> None:
        self._step = step
        title, line = _HEADS[step]
        if step == SHEET and self._again:
            line += " Any sheet printed earlier has stopped working."
        self.show_page(step, title, line, _FOOT[step])
        self.back.setVisible(step == PASSWORD)
        self.go_on.set_words("Open Today" if step == LISTS else "Continue")
        self._judge()
        first = {HOME: self.home_name, PASSWORD: self.choose.first, SHEET: self.sheet.print_button}
        first.get(step, self.go_on).setFocus(Qt.FocusReason.OtherFocusReason)

    def _judge(self) -> None:
        name, person = self.home_name.text().strip(), self.person_name.text().strip()
        self.panel.name_home(name or self._home_name)
        missing = ""
        if self._step == HOME:
            if not name:
                missing = "Name your home to go on"
            elif not person:
                missing = "Type your name to go on"
            elif max(len(name), len(person)) > _LONGEST_NAME:
                missing = "A name is too long"
        elif self._step == PASSWORD:
            missing = self.choose.missing
        elif self._step == SHEET:
            missing = self.sheet.missing
        waiting = not self.progress.isHidden()
        self.missing.setText("" if waiting else missing)
        self.go_on.setEnabled(not missing and not waiting)
        self.back.setEnabled(not waiting)

    def _enter(self) -> None:
        if self.go_on.isEnabled():
            self._continue()

    def _continue(self) -> None:
        if self._step == HOME and self._waits:
            self._ask_to_give_up()
        elif self._step == HOME:
            self.choose.set_about([self.home_name.text(), self.person_name.text()])
            self._show(PASSWORD)
        elif self._step == PASSWORD:
            self._make()
        elif self._step == SHEET:
            self.proven.emit()
            if self._again:
                self.finished.emit("today")
            else:
                self._show(LISTS)
        else:
            self.finished.emit("today")

    # ---- instead of a home that this PC has asked to join

    def _know_waiting(self, waits: bool) -> None:  # noqa: FBT001  # the answer of a job
        self._waits = waits

    def _ask_to_give_up(self) -> None:
        self.sure = ConfirmDialog(
            self.window(),
            "Give up joining a home?",
            "This PC has asked to join a home that other PCs hold, which is to lie here. If you make "
            "a new home instead, a manager who has let this PC in did so in vain: joining begins "
            "anew, with another invitation. To go on joining, press “Join a home that exists”.",
            do="Give it up, make a new home",
            keep="Do not give it up",
            danger=True,
        )
        self.sure.accepted.connect(self._give_up)
        self.sure.open()

    def _give_up(self) -> None:
        def given_up(_: None) -> None:
            self._waits = False
            self._ready()
            self._continue()

        self._wait("Giving up joining.")
        self._jobs.run(lambda _: self._makers.give_up(), given_up, self._refused, owner=self)

    # ---- making

    def _make(self) -> None:
        wanted = Wanted(
            self.home_name.text().strip(), self.person_name.text().strip(), self.choose.password
        )
        self._home_name = wanted.name
        told: list[RecoveryKey] = []
        keep_flag = self._makers.flag()
        self._wait(f"Making {wanted.name}. The keys are the work: they take a moment.")

        def made(home: OpenHome) -> None:
            # what was typed is not left lying about
            self.choose.clear()
            self.made.emit(home, wanted.name)
            self._sheet_made(told[0])
            self._jobs.write(self._makers.add_lists, None, self._without_lists, owner=self)

        def not_made(error: UserError) -> None:
            self.unmade.emit()
            self._waits = self._waits or error.code == _ASKED_BEFORE
            self._refused(error)

        self._jobs.open(
            lambda _: self._makers.make(wanted, told.append, keep_flag),
            made,
            not_made,
            owner=self,
        )

    def _sheet_made(self, key: RecoveryKey) -> None:
        self._ready()
        self.sheet.show_key(self._home_name, key.blocks)
        self._show(SHEET)

    def _without_lists(self, error: UserError) -> None:
        self.note.wrong(f"The home is made, but without its starting lists. {error}")

    def _demonstrate(self) -> None:
        make = self._makers.demonstration
        if make is not None:
            self._wait("Making the demonstration home: two years of invented visits.")
            self.demo_button.setEnabled(False)
            job = self._jobs.open(make, self.demonstrated.emit, self._refused, owner=self)
            job.progress.connect(lambda done, total, _: self.progress.show_progress(done, total))

    def _refused(self, error: UserError) -> None:
        self._ready()
        self.note.wrong(str(error))
        self.reveal_note()

    def _wait(self, words: str) -> None:
        self.progress.show()
        self.pages.setEnabled(False)
        self.note.hint(words, "hourglass")
        self._judge()

    def _ready(self) -> None:
        self.progress.hide()
        self.pages.setEnabled(True)
        self.demo_button.setEnabled(True)
        self.note.clear()
        self._judge()
