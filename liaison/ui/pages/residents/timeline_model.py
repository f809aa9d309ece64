"""The rows of a resident's timeline: read a page at a time, newest first."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from liaison.services import timeline
from liaison.ui.widgets import explaining

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.timeline import Told, ToldPage
    from liaison.store.store import Store
    from liaison.ui.jobs import Jobs

Index = QModelIndex | QPersistentModelIndex

TOLD: Final = int(Qt.ItemDataRole.UserRole)
"""The role of a row's item."""
LAST: Final = TOLD + 1
"""The role that says whether nothing lies below a row."""

_MOST_READ_ANEW: Final = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Which part of whose timeline is shown.

    Args:
        resident: The resident.
        types: Only these types; all of them if none is given.
        since: Only what happened from this day on.
        today: The present day.
    """

    resident: int
    types: tuple[str, ...]
    since: dt.date | None
    today: dt.date

    def read(self, store: Store, after: tuple[str, int] | None = None) -> ToldPage:
        """Return a stretch of it."""
        return timeline.page(
            store, self.resident, self.today, types=self.types, since=self.since, after=after
        )

    def read_again(self, store: Store, rows: int) -> ToldPage:
        """Return at least as many rows as were shown, from the top."""
        found = self.read(store)
        items = list(found.items)
        while found.next is not None and len(items) < rows:
            found = self.read(store, found.next)
            items += found.items
        return timeline.ToldPage(tuple(items), found.next)


class TimelineModel(QAbstractTableModel):
    """The items that were read so far, and a way to read on.

    Args:
        jobs: Reads off the window's thread.
        parent: Whose it is.
    """

    arrived = Signal()
    """What was asked for is here, or it is known that there is nothing."""
    failed = Signal(object)
    """It cannot be read (a UserError)."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._asked: Asked | None = None
        self._items: list[Told] = []
        self._next: tuple[str, int] | None = None
        self._reading = False
        self._age = 0

    @property
    def items(self) -> Sequence[Told]:
        """The items that are here, newest first."""
        return self._items

    @property
    def complete(self) -> bool:
        """Whether nothing more is to be read."""
        return self._next is None

    def show(self, asked: Asked) -> None:
        """Show a timeline, or the same one anew; nothing changes until it is read."""
        same = asked == self._asked
        rows = min(len(self._items), _MOST_READ_ANEW) if same else 0
        self._age += 1
        age = self._age

        def done(found: ToldPage) -> None:
            if age == self._age:
                self._begin(asked, found)

        self._jobs.read(
            lambda store: asked.read_again(store, rows),
            done,
            self._fail,
            latest=(id(self), "timeline"),
            owner=self,
        )

    def _begin(self, asked: Asked, found: ToldPage) -> None:
        self.beginResetModel()
        self._asked = asked
        self._items = list(found.items)
        self._next = found.next
        self._reading = False
        self.endResetModel()
        self.arrived.emit()

    def read_on(self) -> None:
        """Read the next stretch, unless that is under way or there is none."""
        asked, after, age = self._asked, self._next, self._age
        if asked is None or after is None or self._reading:
            return
        self._reading = True

        def done(found: ToldPage) -> None:
            if age == self._age:
                self._go_on(found)

        self._jobs.read(lambda store: asked.read(store, after), done, self._fail, owner=self)

    def _go_on(self, found: ToldPage) -> None:
        self._reading = False
        self._next = found.next
        if found.items:
            first = len(self._items)
            self.beginInsertRows(QModelIndex(), first, first + len(found.items) - 1)
            self._items += found.items
            self.endInsertRows()

    def _fail(self, error: UserError) -> None:
        self._reading = False
        self.failed.emit(error)

    # ---- Qt's questions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        """Return how many items are here; Qt asks."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        """Return that there is one column; Qt asks."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what an item is, shows or says; Qt asks."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        if role == TOLD:
            return item
        if role == LAST:
            return index.row() == len(self._items) - 1
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return item.said
        if role == Qt.ItemDataRole.ToolTipRole:
            return explaining.tip_of(item.said) or None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return explaining.said_of(item.said) or None
        return None
