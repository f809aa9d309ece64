"""Keeps what is being typed as a draft: soon after each pause, and before anything can close."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.services import drafts

if TYPE_CHECKING:
    from liaison.services.drafts import About, Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job

T = TypeVar("T")

PAUSE_MS: Final = 1_000
LONGEST_MS: Final = 5_000
"""Somebody who types without a pause loses no more than that to a power cut."""


class Keeper(QObject):
    """Keeps one form's draft, and lets it go in the very transaction in which the form is saved.

    Nothing is kept before :meth:`find` has said what lies there already: what could not be read
    is never overwritten.

    Args:
        desk: The desk.
        about: The form.
        typed: Returns what was typed into it so far, and the versions it had shown.
        parent: The form.
    """

    kept = Signal(object)
    """A draft is safely on this PC (the :class:`Draft`)."""
    failed = Signal(object)
    """It could not be kept (a UserError); what was typed is still in the form."""

    def __init__(
        self,
        desk: Desk,
        about: About,
        typed: Callable[[], tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._about = about
        self._typed = typed
        self._known = False
        self._typings = 0
        self._safe = 0
        """How many of the typings are kept, saved, or to be forgotten."""
        self._on_its_way: tuple[Job, int] | None = None
        self._holding: Job | None = None
        self._refused: Callable[[UserError], object] = desk.trouble
        self._pause = self._timer(PAUSE_MS)
        self._longest = self._timer(LONGEST_MS)
        desk.keeping.connect(self.keep)
        desk.jobs.fault.connect(self._look_whose_fault)

    def _timer(self, milliseconds: int) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(milliseconds)
        made.timeout.connect(self.keep)
        return made

    @property
    def about(self) -> About:
        """Which form it keeps."""
        return self._about

    @property
    def waiting(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._typings != self._safe

    @property
    def letting_go(self) -> bool:
        """Whether the draft is being taken out just now: until that has ended, none is kept."""
        return self._holding is not None

    # ---- keeping

    def note(self) -> None:
        """Somebody typed: keep it after the next pause."""
        self._typings += 1
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def keep(self) -> None:
        """Keep now what is not kept yet."""
        self._quiet()
        if not self.waiting or not self._known or self._holding is not None:
            return
        if self._desk.jobs.home is None or self._is_on_its_way:
            return
        (typed, versions), about, at = self._typed(), self._about, self._typings
        job = self._desk.jobs.write(
            lambda home: drafts.save(home, about, typed, versions),
            lambda draft: self._tell_kept(at, draft),
            self._fail,
            owner=self,
        )
        self._on_its_way = job, at

    @property
    def _is_on_its_way(self) -> bool:
        if self._on_its_way is None:
            return False
        job, at = self._on_its_way
        return not job.ended and at == self._typings

    def keep_then(self, done: Callable[[], object]) -> None:
        """Keep now what is not kept yet, and go on once it is: the form may then go.

        If it cannot be kept nothing goes on, and :attr:`failed` has said so. Nor does anything
        while the form is being saved: how that ends decides.
        """
        if self._holding is not None:
            return
        self.keep()
        if self._desk.jobs.home is None or not (self.waiting and self._known):
            done()
            return
        self._desk.jobs.write(
            lambda _: None, lambda _: None if self.waiting else done(), owner=self
        )

    def _tell_kept(self, at: int, draft: Draft) -> None:
        self._safe = max(self._safe, at)
        self.kept.emit(draft)

    def _fail(self, error: UserError) -> None:
        self._on_its_way = None
        self.failed.emit(error)
        # a window that is being closed then stays open; it shows other forms too
        label = all_specs()[self._about.type].label.lower()
        self._desk.unkept.emit(
            UserError(
                f"What you typed on the form for a {label} could not be kept. {error.what}",
                kept="It is still here.",
                do=error.do,
                code=error.code,
            )
        )

    def _quiet(self) -> None:
        self._pause.stop()
        self._longest.stop()

    def stop(self) -> None:
        """Keep nothing more: what was typed is saved, or is to be forgotten."""
        self._safe = self._typings
        self._quiet()

    # ---- saving

    def save(
        self,
        work: Callable[[OpenHome], T],
        done: Callable[[T, Draft | None], object],
        failed: Callable[[UserError], object],
    ) -> None:
        """Save what the form holds; its draft goes in the same transaction.

        What is typed meanwhile is not kept before it is known of which record it is a draft.

        Args:
            work: Saves it.
            done: Gets what ``work`` returns, and the draft that was taken out. What was typed
                meanwhile is kept with :meth:`go_on`.
            failed: Gets why it was not saved, if by a mistake of ours too; the draft stays.
        """
        # first, so that what is typed outlives whatever happens to the save
        self.keep()
        about, at = self._about, self._typings

        def saved(answer: tuple[T, Draft | None]) -> None:
            self._holding = None
            self._safe = max(self._safe, at)
            done(*answer)

        self._hold(lambda home: drafts.finish(home, about, lambda: work(home)), saved, failed)

    def go_on(self, about: About | None = None) -> None:
        """Keep at once what was typed while the form was being saved.

        Args:
            about: The form it is a draft of from now on; the same one unless given.
        """
        self._about = about or self._about
        self._typings += 1
        self.keep()

    def _hold(
        self,
        work: Callable[[OpenHome], T],
        done: Callable[[T], object],
        failed: Callable[[UserError], object],
    ) -> None:
        """Do something that the draft goes with; until it has ended, none is kept."""
        self._quiet()

        def refused(error: UserError) -> None:
            self._holding = None
            if self.waiting:
                self._pause.start()
            failed(error)

        self._refused = refused
        self._holding = self._desk.jobs.write(work, done, refused, owner=self)

    def _look_whose_fault(self, _: BaseException) -> None:
        """Notice a mistake of ours in a job of this form: nothing else would say that it ended."""
        if self._holding is not None and self._holding.ended:
            self._refused(_our_fault())
        elif self._on_its_way is not None:
            job, at = self._on_its_way
            if job.ended and at > self._safe:
                self._fail(_our_fault())

    # ---- what lies there

    def find(
        self, done: Callable[[Draft | None], object], failed: Callable[[UserError], object]
    ) -> None:
        """Look for a draft of this form, of whoever sits here.

        Args:
            done: Gets it; None if there is none.
            failed: Gets why it could not be read; nothing is kept until it can.
        """
        about = self._about

        def found(draft: Draft | None) -> None:
            self._known = True
            done(draft)

        self._desk.jobs.write(
            lambda home: drafts.find(home, about), found, failed, owner=self.parent()
        )

    def forget(self, done: Callable[[Draft | None], object] | None = None) -> None:
        """Throw the draft away.

        Args:
            done: Gets what was thrown away, to put it back.
        """
        about, at = self._about, self._typings

        def forgotten(draft: Draft | None) -> None:
            self._holding = None
            self._safe = max(self._safe, at)
            if self.waiting:
                # typed meanwhile
                self._pause.start()
            if done is not None:
                done(draft)

        self._hold(lambda home: drafts.take(home, about), forgotten, self._desk.trouble)


def _our_fault() -> UserError:
    return UserError(
        "A mistake in Liaison itself came in between.",
        kept="What you have typed is still here.",
        do="Try again.",
        code="fault",
    )
