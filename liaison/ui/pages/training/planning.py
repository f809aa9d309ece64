"""Planning the sessions that would close gaps, and holding places on them for who needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from liaison.services import sessions
from liaison.services.lineage import session_doubts
from liaison.ui.parts.undoing import offer_undo

if TYPE_CHECKING:
    from liaison.ui.desk import Desk
    from liaison.ui.pages.training.gap_view import Wanted
    from liaison.ui.parts.room import RecordRoom
    from liaison.ui.parts.saving import Saved


class Planner(QObject):
    """Shows the form of a session, and holds the places once it is saved.

    Args:
        desk: The desk.
        room: Where the form is shown.
    """

    shown = Signal()
    """The room has something to show."""

    doubted = Signal(str)
    """What speaks against whoever of our staff is to teach a session that was just saved."""

    def __init__(self, desk: Desk, room: RecordRoom) -> None:
        super().__init__(room)
        self._desk, self._room = desk, room
        room.saved.connect(self._look)

    def plan(self, wanted: Wanted) -> None:
        """Show the form of a session that is to be planned, or hold places on one."""
        if wanted.session is not None:
            self._book(wanted.session, wanted.staff)
            return
        given: dict[str, object] = {"course": wanted.course}
        if wanted.teacher is not None:
            given["teacher_contact"] = wanted.teacher
        if wanted.organisation is not None:
            given["organisation"] = wanted.organisation
        form = self._room.add("session", given)
        if people := wanted.staff:
            form.saved.connect(lambda saved: self._book(saved.id, people))
        self.shown.emit()

    def _look(self, saved: Saved) -> None:
        """Look whether the teacher's own training or sign-off has lapsed."""
        if saved.type == "session":
            self._desk.jobs.read(
                lambda store: " ".join(session_doubts(store, saved.id)), self._doubt, owner=self
            )

    def _doubt(self, words: str) -> None:
        if words:
            self.doubted.emit(words)

    def _book(self, session: int, staff: tuple[int, ...]) -> None:
        self._desk.jobs.write(
            lambda home: sessions.book(home, session, staff),
            self._booked, self._desk.trouble, owner=self,
        )  # fmt: skip

    def _booked(self, done: sessions.Written) -> None:
        # a place is one thing written
        count = len(done.changes)
        places = "1 place is" if count == 1 else f"{count:,} places are"
        told = (f"{places} held.", *(problem.message for problem in done.warnings))
        offer_undo(self._desk, " ".join(told), done.changes)
