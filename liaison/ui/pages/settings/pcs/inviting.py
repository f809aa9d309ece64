"""Adding another PC: the invitation, who asks to join, and letting it in."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.errors import UserError
from liaison.records.rules import times
from liaison.security.pairing import care_for
from liaison.services.pcs.inviting import LET_IN_MEANWHILE
from liaison.ui.pages.settings.pcs import facts
from liaison.ui.pages.settings.pcs.lines import AskLine, Lines
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.parts.exchanging import size_in_words
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    FlowRow,
    LineEdit,
    ProgressLine,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from liaison.services.homes import OpenHome
    from liaison.services.pcs.letting_in import Asking
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job
    from liaison.ui.pages.settings.pcs.facts import Open, Prepared, Standing

T = TypeVar("T")

_DELETE: Final = (
    "If you saved the invitation as a file, delete the file: it still holds the key to the store."
)
LOOK_MS: Final = 5_000
"""How often it is looked who asks, while this is on the screen."""
FILE_NAME: Final = "Invitation to Liaison.json"
KIND: Final = "Invitation (*.json)"


class InvitationLine(QWidget):
    """An invitation that is open: as a file, or as words.

    Args:
        invitation: Which.
        with_key: Whether its file holds the key of an object store.
    """

    saving = Signal(object)
    """Write its file (an :class:`Open`)."""
    withdrawing = Signal(object)
    """Let it end now (an :class:`Open`)."""

    def __init__(self, invitation: Open, *, with_key: bool) -> None:
        super().__init__()
        self.invitation = invitation
        self.save = Button("Save it as a file", "save", small=True)
        self.show_words = Button("Show its eight words", "eye", small=True)
        self.withdraw = Button("Withdraw it", "x", small=True)
        self.words = LineEdit(invitation.words)
        self.words.setReadOnly(True)
        self.words.setAccessibleName("The eight words of the invitation")
        self.words.setCursorPosition(0)
        ends = times.show_time(invitation.ends)
        hint = (
            f"With the file nothing is typed on the new PC. {care_for(with_store=True)} With the "
            "words alone, the store's address and key are typed there as well."
            if with_key
            else "Whoever has the file or the words can ask to join: hand them over yourself."
        )
        rows = spaced(QVBoxLayout(self), 8)
        rows.addWidget(Wrap(f"An invitation is open. It works once, and ends on {ends}.", "label"))
        rows.addWidget(FlowRow([self.save, self.show_words, self.withdraw]))
        rows.addWidget(self.words)
        rows.addWidget(Wrap(hint, "secondary", widest=760))
        self.words.hide()
        self.save.clicked.connect(lambda: self.saving.emit(invitation))
        self.withdraw.clicked.connect(lambda: self.withdrawing.emit(invitation))
        self.show_words.clicked.connect(self._show)

    def _show(self) -> None:
        shown = self.words.isHidden()
        self.words.setVisible(shown)
        self.show_words.set_words("Hide the words" if shown else "Show its eight words")
        self.show_words.set_icon("eye-off" if shown else "eye")


class InvitingCard(Card):
    """Adding another PC.

    Args:
        desk: The desk.
    """

    changed = Signal()
    """The list of PCs or of invitations has changed."""
    sent = Signal()
    """Something should reach the other PCs soon."""
    began = Signal()
    """Somebody does something here: what is said of earlier deeds is over."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Add another PC")
        self._desk = desk
        self._standing: Standing | None = None
        self._found: tuple[Asking, ...] = ()
        self._prepared: Prepared | None = None
        self._made = ""
        """The invitation just made, until its line is shown."""
        self._looking: Job | None = None
        self._busy: Job | None = None
        self.dialog: QFileDialog | None = None
        self.banner = Banner("ok", "", closable=True)
        self.banner.hide()
        self.banner.pressed.connect(self._lay)
        self.invite = Button("Make an invitation", "plus")
        self.invite.clicked.connect(self._invite)
        self.missing = Wrap("", "secondary", widest=760)
        self.invitations = Lines()
        self.asking = Lines(12)
        self.line = ProgressLine("Waiting for the place where the PCs meet")
        self.line.hide()
        self.waiting = Wrap("", "muted", widest=760)
        self.add(self.banner)
        self.add(
            Wrap(
                "The new PC gets an invitation, and asks to join with it: on its first screen, “Join "
                "a home that exists”. Both PCs then show six digits; if they are the same, you let "
                "it in here.",
                "muted",
                widest=760,
            )
        )
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.invite)
        row.addWidget(self.missing, 100)
        row.addStretch(1)
        # whoever asks is what the person came for
        for part in (self.asking, self.line, row, self.invitations, self.waiting):
            self.add(part)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @property
    def found(self) -> tuple[Asking, ...]:
        """The PCs that ask to join, as far as is known."""
        return self._found

    def show_standing(self, standing: Standing) -> None:
        """Show how it stands with invitations."""
        before = self._standing
        self._standing = standing
        missing = "" if standing.setup else "First choose below where the PCs meet."
        if standing.removed:
            missing = "This PC was removed from the home. Others are added on another PC."
        self.missing.setText(missing)
        self.missing.setVisible(bool(missing))
        self._judge()
        if before is None or before.invitations != standing.invitations:
            lines = [
                InvitationLine(one, with_key=standing.knows_key) for one in standing.invitations
            ]
            for line in lines:
                line.saving.connect(self._save)
                line.withdrawing.connect(self._withdraw)
            self.invitations.show_lines(lines)
            self.invitations.setVisible(bool(lines))
            for line in lines:
                if line.invitation.id == self._made:
                    self._made = ""
                    self._go_on([line.save], waiting=(self, self.invite))
        still = {one.id for one in standing.invitations}
        self._show_asking(tuple(one for one in self._found if one.invitation in still))
        self.look()

    def _judge(self) -> None:
        standing = self._standing
        free = self._busy is None or self._busy.ended
        able = standing is not None and standing.setup is not None and not standing.removed
        focus: QWidget | None = self.window().focusWidget()
        if not free and focus is not None and self.isAncestorOf(focus):
            # a button that rests would hand the keyboard on to whatever comes after this card
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.invite.setEnabled(able and free)
        self.line.setVisible(not free)
        for line in self._asking_now():
            line.same.setEnabled(free and not line.one.contested)
            line.differ.setEnabled(free)
        if free and not self._made:
            asks = [each for line in self._asking_now() for each in (line.same, line.differ)]
            self._go_on([*asks, self.invite], waiting=(self,))

    def _asking_now(self) -> list[AskLine]:
        """Return the PCs that are shown as asking; a line that has gone is there a while longer."""
        return [one for one in self.asking.findChildren(AskLine) if not one.isHidden()]

    def _go_on(self, to: Sequence[QWidget], *, waiting: tuple[QWidget, ...]) -> None:
        """Give the keyboard, if it waits on one of some parts, to the first that takes it."""
        focus: QWidget | None = self.window().focusWidget()
        able = next((one for one in to if one.isEnabled()), None)
        if focus in waiting and able is not None:
            able.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- inviting

    def _begin(self) -> None:
        self.banner.hide()
        self.began.emit()

    def _invite(self) -> None:
        self._begin()
        self._desk.jobs.write(facts.invite, self._invited, self._fail, owner=self)

    def _invited(self, prepared: Prepared) -> None:
        self._prepared, self._made = prepared, prepared.id
        self.sent.emit()
        self._lay()
        self.changed.emit()

    def _lay(self) -> None:
        prepared = self._prepared
        if prepared is None:
            self.banner.hide()
            return
        self.banner.hide()

        def laid(_: None) -> None:
            self._busy = self._prepared = None
            self._judge()

        def failed(error: UserError) -> None:
            self._busy = None
            self._judge()
            self.banner.say(
                "late",
                f"The invitation is not where the PCs meet yet, so it leads nowhere. {error}",
                "Try again",
            )

        self._busy = self._desk.jobs.errand(lambda _: facts.lay(prepared), laid, failed, owner=self)
        self._judge()

    def _withdraw(self, invitation: Open) -> None:
        self._end(
            invitation.id, "ok", "The invitation is withdrawn: nobody gets in with it any more."
        )

    def _end(self, invitation: str, kind: str, words: str) -> None:
        """Withdraw an invitation, and say so."""
        self._begin()
        key = self._standing is not None and self._standing.knows_key

        def taken_away(nobody_came: bool) -> None:  # noqa: FBT001  # an answer
            if not nobody_came:
                self.banner.say("due", LET_IN_MEANWHILE)

        def withdrawn(_: None) -> None:
            self._busy = None
            if self._prepared is not None and self._prepared.id == invitation:
                self._prepared = None
            self._show_asking(tuple(one for one in self._found if one.invitation != invitation))
            self._judge()
            self.banner.say(kind, f"{words} {_DELETE}" if key else words)
            # what is left where the PCs meet leads nowhere
            self._ask(lambda home: facts.take_away(home, invitation), taken_away, lambda _: None)
            self.sent.emit()
            self.changed.emit()

        self._busy = self._desk.jobs.write(
            lambda home: facts.withdraw(home, invitation), withdrawn, self._refuse, owner=self
        )
        self._judge()

    def _save(self, invitation: Open) -> None:
        self.dialog = ask_where_to_save(
            self, "Save the invitation", FILE_NAME, KIND, partial(self.save_to, invitation),
            sure=False,
        )  # fmt: skip

    def save_to(self, invitation: Open, file: Path) -> None:
        """Write an invitation into a new file."""
        self._begin()

        def write(found: tuple[Path, bytes]) -> None:
            self._desk.jobs.run(
                lambda _: facts.save(*found, file), lambda _: self._saved(file), self._fail,
                owner=self,
            )  # fmt: skip

        self._desk.jobs.look(
            lambda home, _: (home.folder, facts.file_of(home, invitation)), write, self._fail,
            owner=self,
        )  # fmt: skip

    def _saved(self, file: Path) -> None:
        with_key = self._standing is not None and self._standing.knows_key
        self.banner.say(
            "ok",
            f"The invitation is in {file}. {care_for(with_store=with_key)}",
        )

    # ---- who asks

    def look(self) -> None:
        """Look who asks to join; nothing while nobody could, or while a look is under way."""
        standing = self._standing
        if (
            standing is None
            or not standing.invitations
            or standing.setup is None
            or self._desk.jobs.home is None
            or not self.isVisible()
            or (self._looking is not None and not self._looking.ended)
            or (self._busy is not None and not self._busy.ended)
        ):
            return
        known = self._found
        self._looking = self._ask(
            lambda home: facts.asking(home, known), self._show_asking, self._unseen
        )

    def _ask(
        self,
        work: Callable[[OpenHome], T],
        done: Callable[[T], object],
        failed: Callable[[UserError], object],
    ) -> Job | None:
        """Ask the place where the PCs meet, which may hang; nothing if the home was just locked."""
        home = self._desk.jobs.home
        if home is None:
            return None
        return self._desk.jobs.errand(lambda _: facts.beside(home, work), done, failed, owner=self)

    def _show_asking(self, found: tuple[Asking, ...]) -> None:
        self._tell_waiting("")
        if found == self._found and found:
            return
        self._found = found
        lines = [AskLine(one) for one in found]
        for line in lines:
            line.agreed.connect(self.let_in)
            line.refused.connect(self._differ)
        self.asking.show_lines(lines, divided=False)
        for line in lines:
            digits = " ".join(line.one.digits)
            announce(line, f"{line.one.request.name} asks to join. Its six digits: {digits}")
        self.asking.setVisible(bool(lines))
        self._tell_waiting("")

    def _tell_waiting(self, trouble: str) -> None:
        opened = self._standing is not None and bool(self._standing.invitations)
        words = trouble or (
            "" if self._found else "Waiting for the new PC: this page looks every few seconds."
        )
        self.waiting.setText(words)
        self.waiting.setVisible(opened and bool(words))

    def _unseen(self, error: UserError) -> None:
        self._tell_waiting(f"It cannot be seen who asks to join: {error}")

    def _differ(self, one: Asking) -> None:
        self._end(
            one.invitation,
            "late",
            f"“{one.request.name}” was not let in, and the invitation is withdrawn: somebody else may "
            "have it. To add your new PC, make another one and hand it over yourself.",
        )

    def let_in(self, one: Asking) -> None:
        """Let a PC in whose six digits a manager has compared."""
        self._begin()
        known = self._found

        def seen(now: Asking | None) -> None:
            if now is None:
                self._busy = None
                self._judge()
                self.banner.say("due", f"“{one.request.name}” does not ask to join any more.")
                self.look()
                return
            self._busy = self._desk.jobs.write(
                lambda home: facts.let_in(home, now), lambda _: self._is_in(now), self._refuse,
                owner=self,
            )  # fmt: skip

        def unseen(error: UserError) -> None:
            # what the storage says of what waits is not true of this
            name = one.request.name
            self._refuse(
                UserError(
                    f"“{name}” was not let in: {error.what}",
                    kept="Nothing was changed.",
                    do="Press again once the place where the PCs meet answers.",
                    code=error.code,
                )
            )

        self._busy = self._ask(lambda home: facts.still_asks(home, one, known), seen, unseen)
        self._judge()

    def _is_in(self, one: Asking) -> None:
        name = one.request.name
        key = self._standing is not None and self._standing.knows_key

        def told(_: int) -> None:
            self._busy = None
            self._judge()
            words = f"“{name}” belongs to this home now. Go on there: it fetches the record."
            self.banner.say("ok", f"{words} {_DELETE}" if key else words)
            self.sent.emit()

        def untold(error: UserError) -> None:
            self._busy = None
            self._judge()
            self.banner.say(
                "due",
                f"“{name}” belongs to this home, but could not be told so yet: {error.what} The "
                "next exchange tells it.",
            )
            self.sent.emit()

        self._busy = self._deliver(name, told, untold)
        self._judge()
        # the round that follows tells it as well: not at the same time
        self.changed.emit()

    def _deliver(
        self, name: str, done: Callable[[int], object], failed: Callable[[UserError], object]
    ) -> Job | None:
        """Lay a copy of the record there for a PC that was let in, and tell it that it may come."""
        home = self._desk.jobs.home
        if home is None:
            return None
        job = self._desk.jobs.errand(
            lambda progress: facts.beside(home, lambda mine: facts.deliver(mine, progress)),
            done, failed, owner=self,
        )  # fmt: skip
        job.progress.connect(
            lambda laid, size, _: self.banner.say(
                "info",
                f"The record is laid there for “{name}”: {size_in_words(laid)} of "
                f"{size_in_words(size)}.",
            )
        )
        return job

    def _refuse(self, error: UserError) -> None:
        self._busy = None
        self._judge()
        self._fail(error)
        self.look()

    def _fail(self, error: UserError) -> None:
        self.banner.say("late", str(error))
