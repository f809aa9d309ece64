"""A new PC joins a home that others hold: the invitation, six digits, who is here, the first fetching.

Until a manager has let it in there is nothing on this PC but its own keys, sealed under the
invitation. Liaison may be closed at any step: the next start goes on from there. What is on each
step is in ``joining_form``, ``joining_pages`` and ``joining_filling``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent

from liaison.services.pcs import coming
from liaison.services.pcs.coming import PLACE, InPart, Way
from liaison.services.pcs.joining import AskedBefore
from liaison.ui.threshold.joining_copy import CopyLine
from liaison.ui.threshold.joining_filling import FillPage
from liaison.ui.threshold.joining_form import JoinForm
from liaison.ui.threshold.joining_pages import DigitsPage, WhoPage
from liaison.ui.threshold.steps_screen import StepsScreen
from liaison.ui.widgets import Narrow, announce

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.homes import OpenHome
    from liaison.services.pcs.coming import Meeting
    from liaison.services.pcs.joining import Waiting
    from liaison.ui.jobs import Job, Jobs, Progress

    Join = Callable[[Waiting, Meeting, Path, str, str], OpenHome]

STEPS: Final = ("The invitation", "Six digits", "Who you are", "Fetch the record")
FORM, DIGITS, WHO, FETCH = range(4)
LOOK_MS: Final = 4_000
"""How often it is looked whether a manager has let this PC in."""
_KEEP_MS: Final = 1_000
_UNLOCK: Final = "Unlock and fetch"
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


class JoinScreen(StepsScreen):
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
        super().__init__("Joining a home", STEPS, "Joining a home", "Joining")
        self._folder, self._jobs, self._join = folder, jobs, join
        self.step = FORM
        self.meeting: Meeting | None = None
        self.waiting: Waiting | None = None
        self._home: OpenHome | None = None
        self._job: Job | None = None
        self._peek: Job | None = None
        self._unlocks = False
        """Whether the home is unlocked as soon as the copy of the record is here."""
        self._again = False
        """Whether it was said that what was asked before with another invitation is given up."""
        self._restoring = False
        self.form = JoinForm()
        self.digits = DigitsPage()
        self.who = WhoPage(CopyLine(folder, jobs))
        self.filling = FillPage(jobs)
        for page in (self.form, self.digits, self.who, self.filling):
            self.pages.addWidget(Narrow(page))
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self.look)
        self._keeping = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._keeping.timeout.connect(self._keep)
        self._connect()
        self._show(FORM)
        self._jobs.run(lambda _: coming.kept(folder), self._restore, owner=self)

    def _connect(self) -> None:
        self.form.changed.connect(self._typed)
        self.form.file_given.connect(self._look_into)
        self.form.finished.connect(self._enter)
        self.who.entered.connect(self._enter)
        self.who.copy.came.connect(self._copied)
        self.who.copy.failed.connect(self._not_copied)
        self.filling.over.connect(self._go_in)
        self.filling.stopped.connect(self._not_fetched)
        self.back.clicked.connect(self._back)
        self.go_on.clicked.connect(self._continue)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed: the window closes, or something else is shown."""
        super().hideEvent(event)
        if self._keeping.isActive():
            self._keeping.stop()
            self._keep()

    # ---- the steps

    def _show(self, step: int) -> None:
        self.step = step
        title, line = _HEADS[step]
        self.show_page(step, title, line, _FOOT[step])
        self._rest()
        words = {FORM: "Ask to join", WHO: _UNLOCK, FETCH: "Fetch the rest later"}
        self.go_on.set_words(words.get(step, ""))
        self.go_on.setVisible(step != DIGITS)
        self.back.setVisible(step != FETCH)
        self.back.set_words("Another invitation" if step in {DIGITS, WHO} else "Back")
        announce(self, f"{title}. {self.digits.said}" if step == DIGITS else title)

    def _rest(self, job: Job | None = None) -> None:
        """Show whether something is under way."""
        self._job = job
        self.progress.setVisible(job is not None)
        self.pages.setEnabled(job is None)
        self.go_on.setEnabled(job is None)

    def _enter(self) -> None:
        if self.go_on.isEnabled() and self.go_on.isVisible():
            self._continue()

    def _continue(self) -> None:
        if self.step == FORM:
            self.ask()
        elif self.step == WHO:
            if self._unlocks:
                self.who.copy.leave()
                self._await_copy(waits=False)
            self.unlock()
        elif self.step == FETCH:
            self.filling.leave()

    def _back(self) -> None:
        self._looking.stop()
        self.who.copy.leave()
        self._await_copy(waits=False)
        if self._job is not None:
            self._job.cancel()
        self._keeping.stop()
        # this PC's keys stay: the same invitation goes on with them
        self._keep()
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
            self._again = False
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
        filled, folder, again = self.form.filled, self._folder, self._again
        self._keeping.stop()
        self.form.clear_errors()
        self.note.clear()

        def work(_: Progress) -> tuple[Meeting, Waiting]:
            coming.keep(folder, filled.way)
            meeting = coming.meeting(filled.way, filled.words, folder, filled.store.access)
            waiting = coming.ask(meeting, folder, again=again)
            coming.keep(folder, dataclasses.replace(filled.way, asked=True))
            return meeting, waiting

        self._rest(self._jobs.errand(work, self._asked, self._refused, owner=self))
        self.back.setEnabled(True)

    def _asked(self, found: tuple[Meeting, Waiting]) -> None:
        self.meeting, self.waiting = found
        if self.waiting.is_let_in:
            self._let_in()
            return
        self.digits.show_waiting(self.waiting)
        self.panel.say_title(f"Joining {self.waiting.offer.home}")
        self._show(DIGITS)
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self._looking.start()

    def _refused(self, error: UserError) -> None:
        self._rest()
        self._again = error.code == AskedBefore.code
        if not self.form.refuse(error):
            self.note.wrong(str(error))
            self.reveal_note()

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
        self.who.show_people(self.waiting.people)
        self.panel.say_title(f"Joining {self.waiting.offer.home}")
        self._show(WHO)
        self.who.begin()
        self._fetch_copy()

    # ---- the record comes while somebody types

    def _fetch_copy(self) -> None:
        if self.waiting is not None and self.meeting is not None:
            self.who.copy.fetch(self.waiting, self.meeting)

    def _copied(self, waiting: Waiting) -> None:
        self.waiting = waiting
        self._end_copy()

    def _not_copied(self, error: UserError) -> None:
        self.note.hint(f"{error.what} The record follows once that goes again.", "hourglass")
        self._end_copy()

    def _end_copy(self) -> None:
        unlocks = self._unlocks
        self._await_copy(waits=False)
        if unlocks:
            self.unlock()

    def _await_copy(self, *, waits: bool) -> None:
        """Unlock as soon as the record is here, or wait for it no longer."""
        self._unlocks = waits
        self.who.allow(not waits)
        if waits:
            self.go_on.set_words("Do not wait for it")
            self.note.hint(
                "The home is unlocked as soon as the record is here. If you do not wait, it comes "
                "piece by piece afterwards, which takes longer.",
                "hourglass",
            )
            self.reveal_note()
        elif self.step == WHO:
            self.go_on.set_words(_UNLOCK)

    # ---- who is here

    def unlock(self) -> None:
        """Make the home on this PC for whoever is here."""
        waiting, meeting = self.waiting, self.meeting
        if waiting is None or meeting is None or not self.who.is_filled():
            return
        self.note.clear()
        if self.who.copy.is_coming:
            self._await_copy(waits=True)
            return
        folder, person, password = self._folder, self.who.name or "", self.who.password.text()
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
            self.who.refuse_password(f"{error.what} {error.do or ''}".strip())
        else:
            self.note.wrong(str(error))
            self.reveal_note()
            # what had come of the record may have been used up
            self._fetch_copy()

    # ---- the first fetching

    def _joined(self, home: OpenHome) -> None:
        self._home = home
        self.who.password.clear()
        self.form.forget()
        self._show(FETCH)
        copied = self.waiting is not None and self.waiting.copy is not None
        self.filling.fetch(home, copied=copied)

    def _not_fetched(self, error: UserError) -> None:
        self.say_head("This PC has joined", "What has not come yet follows by itself.")
        self.note.wrong(f"Not everything has come yet. {error.what}")
        self.go_on.set_words("Go in")
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_in(self) -> None:
        home, self._home = self._home, None
        if home is not None:
            self.opened.emit(home)
