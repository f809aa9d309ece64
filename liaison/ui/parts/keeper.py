"""Keeps what is being typed as a draft: soon after each pause, and before anything can close."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from liaison.services import drafts

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.drafts import About, Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

PAUSE_MS: Final = 1_000
LONGEST_MS: Final = 5_000
"""Somebody who types without a pause loses no more than that to a power cut."""


class Keeper(QObject):
    """Keeps one form's draft.

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
        self._changed = False
        self._under_way = 0
        self._pause = self._timer(PAUSE_MS)
        self._longest = self._timer(LONGEST_MS)
        desk.keeping.connect(self.keep)

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
        return self._changed

    def note(self) -> None:
        """Somebody typed: keep it after the next pause."""
        self._changed = True
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def keep(self) -> None:
        """Keep now what is not kept yet."""
        self._pause.stop()
        self._longest.stop()
        if not self._changed or self._desk.jobs.home is None:
            return
        self._changed = False
        typed, versions = self._typed()
        about = self._about
        self._under_way += 1
        self._desk.jobs.write(
            lambda home: drafts.save(home, about, typed, versions),
            self._tell_kept,
            self._fail,
            owner=self,
        )

    def keep_then(self, done: Callable[[], object]) -> None:
        """Keep now what is not kept yet, and go on once it is: the form may then go.

        If it cannot be kept nothing goes on, and :attr:`failed` has said so.
        """
        self.keep()
        if self._desk.jobs.home is None or not (self._changed or self._under_way):
            done()
            return
        self._desk.jobs.write(
            lambda _: None, lambda _: None if self._changed else done(), owner=self
        )

    def _tell_kept(self, draft: Draft) -> None:
        self._under_way -= 1
        self.kept.emit(draft)

    def _fail(self, error: UserError) -> None:
        self._under_way -= 1
        self._changed = True
        self.failed.emit(error)
        # a window that is being closed then stays open
        self._desk.unkept.emit(error)

    def stop(self) -> None:
        """Keep nothing more: what was typed is saved, or is to be forgotten."""
        self._changed = False
        self._pause.stop()
        self._longest.stop()

    def find(self, done: Callable[[Draft | None], object]) -> None:
        """Look for a draft of this form, of whoever sits here.

        Args:
            done: Gets it; None if there is none, or it cannot be read.
        """
        about = self._about

        def failed(error: UserError) -> None:
            # without its draft a form can be filled in all the same
            self.failed.emit(error)
            done(None)

        self._desk.jobs.write(
            lambda home: drafts.find(home, about), done, failed, owner=self.parent()
        )

    def forget(self, done: Callable[[Draft | None], object] | None = None) -> None:
        """Throw the draft away.

        Args:
            done: Gets what was thrown away, to put it back.
        """
        self.stop()
        about = self._about

        def take(home: OpenHome) -> Draft | None:
            return drafts.take(home, about)

        self._desk.jobs.write(take, done, self._desk.trouble, owner=self.parent())

    def put_back(self, draft: Draft, done: Callable[[None], object]) -> None:
        """Keep a draft again that was thrown away."""
        self._desk.jobs.write(
            lambda home: drafts.put_back(home, draft), done, self._desk.trouble,
            owner=self.parent(),
        )  # fmt: skip
