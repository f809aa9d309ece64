"""From a wish to a pack: facts read beside everybody's saves, pages set in the other process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from liaison.reports.spec import Document, Printed
from liaison.services import reporting
from liaison.services.reporting import pack

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.reports.pack_facts import Facts
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job, Progress

_KEPT = "Nothing was made."


class Making(QObject):
    """Makes one pack at a time.

    Args:
        desk: The desk.
        parent: Whose it is.
    """

    step = Signal(object, object, str)
    """How many steps are done, of how many (0: not known), and what is being done."""
    made = Signal(object, object)
    """The document, and the wish it was made of."""
    failed = Signal(object)
    """Why it could not be made (a UserError)."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._job: Job | None = None
        self._wanted: pack.Wish | None = None

    @property
    def busy(self) -> bool:
        """Whether a pack is being made."""
        return self._job is not None

    def make(self, **wanted: Any) -> None:
        """Make a pack.

        Args:
            wanted: What :func:`liaison.services.reporting.pack.wish` takes.
        """
        self.cancel()

        def gather(home: OpenHome, progress: Progress) -> tuple[pack.Wish, Facts]:
            home.require(reporting.action_of(pack.SPEC.name), kept=_KEPT)
            wish = pack.wish(home.store, **wanted)
            return wish, pack.gather_wish(home.store, wish, progress)

        self.step.emit(0, 0, "Reading what is recorded")
        self._job = self._desk.jobs.look(gather, self._set, self._fail, owner=self)
        self._job.progress.connect(self.step)

    def _set(self, gathered: tuple[pack.Wish, Facts]) -> None:
        self._wanted, facts = gathered
        self.step.emit(0, 0, "Setting the pages")
        printed = Printed(self._desk.now(), self._desk.person.name)
        self._job = self._desk.jobs.render(
            pack.SPEC.render, facts, printed, done=self._done, failed=self._fail, owner=self
        )

    def _done(self, document: Document) -> None:
        self._job = None
        self.made.emit(document, self._wanted)

    def _fail(self, error: UserError) -> None:
        self._job = None
        self.failed.emit(error)

    def cancel(self) -> None:
        """Stop making what is being made; nothing of it is kept."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
