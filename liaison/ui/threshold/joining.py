"""A new PC joins a home that others hold: the invitation, six digits, who is here, the first fetching.

Until a manager has let it in there is nothing on this PC but its own keys, sealed under the
invitation. Liaison may be closed at any step: the next start goes on from there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.services.pcs import coming
from liaison.services.pcs.coming import PLACE, InPart, Way
from liaison.ui import theme
from liaison.ui.parts.exchanging import size_in_words
from liaison.ui.threshold.joining_form import JoinForm
from liaison.ui.threshold.panel import StepsPanel
from liaison.ui.threshold.parts import Middle, Note, PasswordEdit
from liaison.ui.widgets import (
    Button,
    Card,
    ComboBox,
    Divider,
    Field,
    OneOf,
    ProgressLine,
    Text,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.coming import Filled, Meeting
    from liaison.services.pcs.joining import Waiting
    from liaison.ui.jobs import Job, Jobs, Progress

    Join = Callable[[Waiting, Meeting, Path, str, str], OpenHome]

STEPS: Final = ("The invitation", "Six digits", "Who you are", "Fetch the record")
FORM, DIGITS, WHO, FETCH = range(4)
LOOK_MS: Final = 4_000
"""How often it is looked whether a manager has let this PC in."""
_KEEP_MS: Final = 1_000
_UNLOCK: Final = "Unlock and fetch"
_KILOBYTE: Final = 1_000
_FOOT: Final = (
    "A manager invites this PC from one that has the home. Nothing is made here yet.",
    "You can close Liaison while you wait: it goes on from here.",
    "Your password is the one you have on the other PCs.",
    "What has come stays, whatever happens; the rest follows.",
)
_HEADS: Final = (
    (
        "Join a home that exists",
        "This PC is to hold the record that other PCs of your home hold already, encrypted.",
    ),
    (
        "Compare the six digits",
        "A manager sees six digits too: on a PC of the home, in Settings, Other PCs.",
    ),
    ("Who are you?", "This PC has been let in. Unlock the home as on the other PCs."),
    ("Fetching the record", "Everything the other PCs have sent comes to this PC now."),
)


class _Enough(Exception):
    """Somebody does not want to wait for the rest."""


class JoinScreen(QWidget):
    """The steps of joining, at the left, and the one being done.

    Args:
        folder: Where the home will lie.
        jobs: Work off the UI thread.
        join: Makes the home on this PC.
    """

    opened = Signal(object)
    """This PC has joined, and the home is open: an ``OpenHome``."""
    left = Signal()
    """Back to setting up."""

    def __init__(self, folder: Path, jobs: Jobs, join: Join) -> None:
        super().__init__()
        self.setAccessibleName("Joining a home")
        self._folder, self._jobs, self._join = folder, jobs, join
        self.step = FORM
        self.meeting: Meeting | None = None
        self.waiting: Waiting | None = None
        self._home: OpenHome | None = None
        self._job: Job | None = None
        self._peek: Job | None = None
        self._copying: Job | None = None
        self._unlocks = False
        self._enough = False
        self._restoring = False
        self.panel = StepsPanel(STEPS, "Joining a home")
        self.form = JoinForm()
        self.note = Note()
        self.progress = ProgressLine("Joining")
        self.coming = Wrap("", "muted", widest=900)
        self.back = Button("Back", "arrow-left")
        self.go_on = Button("Ask to join", "arrow-right", Button.PRIMARY)
        self._title = Wrap("", "figure", widest=900)
        self._line = Wrap("", "muted", widest=900)
        self._lay_out()
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self.look)
        self._keeping = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._keeping.timeout.connect(self._keep)
        self.form.changed.connect(self._typed)
        self.form.file_given.connect(self._look_into)
        self.form.finished.connect(self._enter)
        self.back.clicked.connect(self._back)
        self.go_on.clicked.connect(self._continue)
        self._show(FORM)
        self._jobs.run(lambda _: coming.kept(folder), self._restore, owner=self)

    # ---- what is on it

    def _lay_out(self) -> None:
        self._pages = OneOf()
        for page in (_narrow(self.form), self._digits_page(), self._who_page(), QWidget()):
            self._pages.addWidget(page)
        inside = QWidget()
        rows = spaced(QVBoxLayout(inside), 4, (24, 12, 24, 0))
        rows.addWidget(self._title)
        rows.addWidget(self._line)
        rows.addSpacing(16)
        rows.addWidget(self._pages)
        rows.addSpacing(12)
        rows.addWidget(self.progress)
        rows.addWidget(self.coming)
        rows.addWidget(self.note)
        rows.addStretch(1)
        foot = QWidget()
        under = spaced(QVBoxLayout(foot), 16, (56, 0, 56, 32))
        under.addWidget(Divider())
        buttons = spaced(QHBoxLayout(), 12)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.go_on)
        under.addLayout(buttons)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(Middle(inside, 1010, top=True), 1)
        right.addWidget(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.panel)
        whole.addLayout(right, 1)
        self.progress.hide()

    def _digits_page(self) -> QWidget:
        self.digits = Text("", "number")
        self._asks = Wrap("", widest=640)
        card = Card("The six digits of this PC", "monitor", kind=Card.EMPHASISED)
        card.add(self.digits)
        card.add(self._asks)
        card.add(
            Wrap(
                "If the digits are the same there, the manager lets this PC in, and it goes on here "
                "by itself. If they differ, do not go on: somebody is in between.",
                "muted",
                widest=640,
            )
        )
        return _narrow(card)

    def _who_page(self) -> QWidget:
        page = QWidget()
        self.person = ComboBox([])
        self.password = PasswordEdit()
        self.password.returnPressed.connect(self._enter)
        self.password_field = Field("Your password", self.password, required=True)
        self.password.textChanged.connect(lambda _: self.password_field.set_error(None))
        rows = spaced(QVBoxLayout(page), 12)
        rows.addWidget(Field("You are", self.person, required=True))
        rows.addWidget(self.password_field)
        rows.addStretch(1)
        return _narrow(page)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "go_on"):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the window's width."""
        super().resizeEvent(event)
        self._fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed: the window closes, or something else is shown."""
        super().hideEvent(event)
        if self._keeping.isActive():
            self._keeping.stop()
            self._keep()

    def _fit(self) -> None:
        self.panel.setVisible(self.width() - self.panel.width() >= theme.px(600))

    def _show(self, step: int) -> None:
        self.step = step
        title, line = _HEADS[step]
        self._title.setText(title)
        self._line.setText(line)
        self._pages.setCurrentIndex(step)
        self.panel.show_step(step, _FOOT[step])
        self.note.clear()
        self._rest()
        words = {FORM: "Ask to join", WHO: _UNLOCK, FETCH: "Fetch the rest later"}
        self.go_on.set_words(words.get(step, ""))
        self.go_on.setVisible(step != DIGITS)
        self.back.setVisible(step != FETCH)
        self.back.set_words("Another invitation" if step in {DIGITS, WHO} else "Back")
        announce(self, title)

    def _rest(self, job: Job | None = None) -> None:
        """Show whether something is under way."""
        self._job = job
        busy = job is not None
        copying = self.step == WHO and self._copying is not None
        self.progress.setVisible(busy or copying or self.step in {DIGITS, FETCH})
        self.coming.setVisible(copying)
        self._pages.setEnabled(not busy or self.step == FETCH)
        self.go_on.setEnabled(not busy or self.step == FETCH)

    def _enter(self) -> None:
        if self.go_on.isEnabled() and self.go_on.isVisible():
            self._continue()

    def _continue(self) -> None:
        if self.step == FORM:
            self.ask()
        elif self.step == WHO:
            if self._unlocks:
                self._leave_copy()
            self.unlock()
        elif self.step == FETCH:
            self._enough = True
            if self._job is None:
                self._go_in()

    def _back(self) -> None:
        self._looking.stop()
        self._leave_copy()
        if self._job is not None:
            self._job.cancel()
        self._keeping.stop()
        way = self.form.filled.way
        folder = self._folder
        # this PC's keys stay: the same invitation goes on with them
        self._jobs.run(
            lambda _: coming.keep(folder, way), lambda _: None, self._not_kept, owner=self
        )
        if self.step == FORM:
            self.left.emit()
        else:
            self._show(FORM)
            self.form.begin()

    # ---- the form

    def _restore(self, way: Way | None) -> None:
        if way is None:
            self.form.begin()
            return
        self._restoring = True
        self.form.restore(way)
        self._restoring = False
        self.form.begin()
        if way.asked and not way.by_words:
            self.ask()
        elif way.asked:
            self.note.hint(
                "This PC has asked to join. To go on, type the eight words again: they are not kept "
                "here."
            )

    def _typed(self) -> None:
        if self.step == FORM and not self._restoring:
            self.note.clear()
            self._keeping.start()

    def _keep(self) -> None:
        way, folder = self.form.filled.way, self._folder
        self._jobs.run(
            lambda _: coming.keep(folder, way), lambda _: None, self._not_kept, owner=self
        )

    def _not_kept(self, error: UserError) -> None:
        self.note.wrong(str(error))

    def _look_into(self, file: Path) -> None:
        """See whether an invitation's file says where the PCs meet."""

        def seen(says: bool) -> None:  # noqa: FBT001  # what the job returns
            if self.form.file.path == str(file):
                self.form.know_file(says_place=says)

        if self._peek is not None:
            # somebody types a path: only what stands there now counts
            self._peek.cancel()
        # what is wrong with it is said when it is used
        self._peek = self._jobs.errand(
            lambda _: coming.carries_storage(file), seen, lambda _: None, owner=self
        )

    def ask(self) -> None:
        """Ask to join with what was filled in."""
        filled, folder = self.form.filled, self._folder
        self._keeping.stop()
        self.form.clear_errors()
        self.note.clear()

        def work(_: Progress) -> tuple[Meeting, Waiting]:
            coming.keep(folder, filled.way)
            meeting = coming.meeting(filled.way, filled.words, folder, filled.store.access)
            waiting = coming.ask(meeting, folder)
            coming.keep(folder, dataclasses.replace(filled.way, asked=True))
            return meeting, waiting

        self._rest(self._jobs.errand(work, self._asked, self._refused, owner=self))
        self.back.setEnabled(True)

    def _asked(self, found: tuple[Meeting, Waiting]) -> None:
        self.meeting, self.waiting = found
        if self.waiting.is_let_in:
            self._let_in()
            return
        waiting = self.waiting
        self.digits.setText(f"{waiting.digits[:3]} {waiting.digits[3:]}")
        self.digits.setAccessibleName(f"Six digits: {' '.join(waiting.digits)}")
        self._asks.setText(
            f"“{waiting.request.name}” asks to join {waiting.offer.home}, invited by "
            f"{waiting.offer.pc}."
        )
        self.panel.say_title(f"Joining {waiting.offer.home}")
        self._show(DIGITS)
        self._looking.start()

    def _refused(self, error: UserError) -> None:
        self._rest()
        if not self.form.refuse(error):
            self.note.wrong(str(error))

    # ---- waiting

    def look(self) -> None:
        """Look whether a manager has let this PC in."""
        meeting, known, folder = self.meeting, self.waiting, self._folder
        under_way = self._job is not None and not self._job.ended
        if self.step != DIGITS or meeting is None or under_way or not self.isVisible():
            return
        self._job = self._jobs.errand(
            lambda _: coming.ask(meeting, folder, known=known), self._seen, self._unseen, owner=self
        )

    def _seen(self, waiting: Waiting) -> None:
        self._job = None
        self.note.clear()
        self.waiting = waiting
        if waiting.is_let_in:
            self._let_in()

    def _unseen(self, error: UserError) -> None:
        self._job = None
        if isinstance(error, InPart) and error.part == PLACE:
            self.note.hint(f"{error.what} Liaison goes on trying.", "hourglass")
            return
        # the invitation has ended, or somebody else came with it: waiting leads nowhere
        self._looking.stop()
        self._show(FORM)
        self._refused(error)

    def _let_in(self) -> None:
        self._looking.stop()
        assert self.waiting is not None  # noqa: S101  # it was just seen
        waiting = self.waiting
        people = waiting.people
        self.person.set_choices([(name, name) for name in people])
        if len(people) == 1:
            self.person.set_value(people[0])
        self.panel.say_title(f"Joining {waiting.offer.home}")
        self._show(WHO)
        first = self.password if len(people) == 1 else self.person
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fetch_copy()

    # ---- the record comes while somebody types

    def _fetch_copy(self) -> None:
        """Fetch the copy of the home that lies there; what came of it before stays."""
        waiting, meeting, folder = self.waiting, self.meeting, self._folder
        if waiting is None or meeting is None:
            return
        # a lane of its own: a storage that hangs keeps nobody from going in
        job = self._jobs.errand(
            lambda progress: coming.fetch(waiting, meeting, folder, progress),
            self._copied,
            self._not_copied,
            owner=self,
            lane="copy",
        )
        job.progress.connect(self._tell_copy)
        self._copying = job
        self.coming.setText("The record is being fetched.")
        self._rest(self._job)

    def _tell_copy(self, done: int, total: int, _: str) -> None:
        if self._copying is not None and total:
            self.progress.show_progress(done // _KILOBYTE, total // _KILOBYTE)
            self.coming.setText(
                f"The record is coming: {size_in_words(done)} of {size_in_words(total)} are here."
            )

    def _copied(self, waiting: Waiting) -> None:
        self._copying = None
        self.waiting = waiting
        self._end_copy()

    def _not_copied(self, error: UserError) -> None:
        self._copying = None
        self.note.hint(f"{error.what} The record follows once that goes again.", "hourglass")
        self._end_copy()

    def _end_copy(self) -> None:
        unlocks = self._unlocks
        self._leave_copy()
        if unlocks:
            self.unlock()

    def _leave_copy(self) -> None:
        """Wait no longer for the copy."""
        job, self._copying, self._unlocks = self._copying, None, False
        if job is not None:
            job.cancel()
        if self.step == WHO:
            self.go_on.set_words(_UNLOCK)
            self._rest(self._job)

    def _await_copy(self) -> None:
        """Unlock as soon as the record is here."""
        self._unlocks = True
        self._pages.setEnabled(False)
        self.go_on.set_words("Do not wait for it")
        self.note.hint(
            "The home is unlocked as soon as the record is here. If you do not wait, it comes piece "
            "by piece afterwards, which takes longer.",
            "hourglass",
        )

    # ---- who is here

    def unlock(self) -> None:
        """Make the home on this PC for whoever is here."""
        waiting, meeting = self.waiting, self.meeting
        person, password = self.person.value, self.password.text()
        if waiting is None or meeting is None:
            return
        if not isinstance(person, str):
            self.note.wrong("Choose who you are.")
            self.person.setFocus()
            return
        if not password:
            self.password_field.set_error("Type your password first.")
            self.password.setFocus()
            return
        self.note.clear()
        if self._copying is not None:
            self._await_copy()
            return
        folder = self._folder
        self._rest(
            self._jobs.open(
                lambda _: self._join(waiting, meeting, folder, person, password),
                self._joined,
                self._not_unlocked,
                owner=self,
            )
        )
        self.back.setEnabled(False)

    def _not_unlocked(self, error: UserError) -> None:
        self._rest()
        self.back.setEnabled(True)
        if error.code in {"wrong-password", "too-soon"}:
            self.password_field.set_error(f"{error.what} {error.do or ''}".strip())
            self.password.selectAll()
            self.password.setFocus()
        else:
            self.note.wrong(str(error))
            # what had come of the record may have been used up
            self._fetch_copy()

    # ---- the first fetching

    def _joined(self, home: OpenHome) -> None:
        self._home = home
        self.password.clear()
        self.form.forget()
        self._show(FETCH)
        self.fetch()

    def fetch(self) -> None:
        """Fetch what the other PCs have sent."""
        home = self._home
        if home is None:
            return

        def work(progress: Progress) -> Filled | None:
            def told(done: int, total: int) -> None:
                progress(done, total)
                if self._enough:
                    raise _Enough

            try:
                return coming.fill(home, told)
            except _Enough:
                return None

        job = self._jobs.errand(work, self._fetched, self._not_fetched, owner=self)
        job.progress.connect(self._tell)
        self._rest(job)

    def _tell(self, done: int, total: int, _: str) -> None:
        if self.waiting is not None and self.waiting.copy is not None:
            # of what is fetched now most is in the copy already: no count of it says how long
            self.note.hint("The record is here. What was written since comes now.", "hourglass")
            return
        self.progress.show_progress(done, total)
        if total:
            self.note.hint(f"{done:,} of {total:,} packets are here.", "hourglass")

    def _fetched(self, filled: Filled | None) -> None:
        if filled is None:
            self._go_in()
            return
        trouble = filled.round.trouble
        self._jobs.write(
            lambda home: coming.take_over(home, filled),
            lambda _: self._go_in() if trouble is None else self._not_fetched(trouble),
            self._not_fetched,
            owner=self,
        )

    def _not_fetched(self, error: UserError) -> None:
        self._rest()
        self.note.wrong(f"Not everything has come yet. {error.what} It follows by itself.")
        self.go_on.set_words("Go in")
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_in(self) -> None:
        home, self._home = self._home, None
        if home is not None:
            self.opened.emit(home)


def _narrow(part: QWidget) -> QWidget:
    """Keep a part from growing as wide as the page."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(part, 3)
    row.addStretch(2)
    return holder
