"""From what is asked to a document on the screen: facts read, pages set elsewhere, then opened."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from liaison.reports.spec import Document, Printed
from liaison.services import reporting
from liaison.ui.pages.reports.paper import Paper

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.reports.spec import Asked
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job


class Making(QObject):
    """Makes one document at a time; a newer wish takes the place of an older one.

    Args:
        desk: The desk.
        parent: Whose it is.
    """

    step = Signal(str)
    """What is being done now, for a person."""
    made = Signal(object, object)
    """The document and its :class:`Paper`."""
    failed = Signal(object)
    """Why it could not be made (a UserError)."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether a document is being made."""
        return self._job is not None

    def make(self, name: str, asked: Asked) -> None:
        """Make a report.

        Args:
            name: Its permanent name.
            asked: What it is asked for.
        """
        self.cancel()
        if self._desk.jobs.home is None:
            return
        self.step.emit("Reading what is recorded")

        def read(store: Store) -> Any:
            return gathered(store, name, asked)

        self._job = self._desk.jobs.read(
            read, functools.partial(self._set, name), self._fail, owner=self
        )

    def _set(self, name: str, facts: Any) -> None:
        self.step.emit("Setting the pages")
        printed = Printed(self._desk.now(), self._desk.person.name)
        # found by its name in the other process, so it must be the report's own function
        render = reporting.spec_of_report(name).render
        self._job = self._desk.jobs.render(
            render, facts, printed, done=self._look, failed=self._fail, owner=self
        )

    def look(self, document: Document) -> None:
        """Open a document that is made already.

        Args:
            document: The document.
        """
        self.cancel()
        self.step.emit("Opening the pages")
        self._look(document)

    def _look(self, document: Document) -> None:
        self._job = self._desk.jobs.run(
            lambda _: Paper.open(document.content),
            functools.partial(self._show, document),
            self._fail,
            owner=self,
        )

    def _show(self, document: Document, paper: Paper) -> None:
        self._job = None
        self.made.emit(document, paper)

    def _fail(self, error: UserError) -> None:
        self._job = None
        self.failed.emit(error)

    def cancel(self) -> None:
        """Stop making what is being made; what is on the screen stays."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()


def gathered(store: Store, name: str, asked: Asked) -> Any:
    """Gather what a report says, on the reader's thread.

    Args:
        store: The reader's.
        name: The report's permanent name.
        asked: What it is asked for.
    """
    return reporting.gather(store, name, asked)
