"""A list that may be very long: its ids are known, its rows are read when they come into sight."""

from __future__ import annotations

import dataclasses
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from liaison.ui.widgets import explaining

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.store.store import Store
    from liaison.ui.jobs import Jobs

Index = QModelIndex | QPersistentModelIndex

BLOCK: Final = 64
"""Rows read at a time."""
_FIRST: Final = 6 * BLOCK
_STRETCH: Final = 312 * BLOCK
# whole blocks: a block that is read before its last ids are known would stay half empty
_KEPT_BLOCKS: Final = 48

STATE: Final = int(Qt.ItemDataRole.UserRole)
"""The role of a cell's state (ok, due, late, none, info); empty if it is plain text."""
IDENTITY: Final = STATE + 1
"""The role of a row's record id."""
RIGHT: Final = STATE + 3
"""The role that says whether a cell stands at the right of its column."""
MARK: Final = STATE + 2
"""The role of what became of a row's record ("Archived", "Struck through"); empty if nothing did."""


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its words, and the state they stand for."""

    text: str
    state: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ListRow:
    """One row: its cells, what a screen reader says of it, and what became of its record."""

    cells: tuple[Cell, ...]
    words: str
    mark: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """One column's heading.

    Args:
        field: The field's name.
        label: The heading.
        sortable: Whether the list can be sorted by it.
        right: Whether its cells stand at the right: numbers.
        share: How much of the room to spare it gets, from 1 (a number) to 6 (a sentence).
        least: How wide it is at least, in pixels at 100 per cent.
    """

    field: str
    label: str
    sortable: bool = False
    right: bool = False
    share: int = 3
    least: int = 96


class Reading(Protocol):
    """How a list is read; its methods run on the reader's thread."""

    @property
    def heads(self) -> tuple[Head, ...]:
        """The columns."""
        ...

    def ids(self, store: Store, after: Any, limit: int) -> tuple[array[int], Any]:
        """Return the ids of a stretch, and where the next one begins (None: there is none)."""
        ...

    def rows(self, store: Store, wanted: Sequence[int]) -> Mapping[int, ListRow]:
        """Return the rows of some ids."""
        ...


class LazyModel(QAbstractTableModel):
    """The model of a long list.

    It holds the ids of all rows, which come in stretches, and the words of those rows that were in
    sight last.

    Args:
        jobs: Reads off the window's thread.
        parent: Whose it is.
    """

    arrived = Signal()
    """The first rows are there, or it is known that there are none."""
    failed = Signal(object)
    """The list cannot be read (a UserError)."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._reading: Reading | None = None
        self._heads: tuple[Head, ...] = ()
        self._ids: array[int] = array("q")
        self._blocks: OrderedDict[int, Mapping[int, ListRow]] = OrderedDict()
        self._asked: set[int] = set()
        self._wanted: dict[int, None] = {}
        self._complete = True
        self._age = 0
        # rows are asked for while painting; they are read once the painting is done
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._read_wanted)

    # ---- what is shown

    @property
    def complete(self) -> bool:
        """Whether the ids of all rows are known."""
        return self._complete

    @property
    def heads(self) -> tuple[Head, ...]:
        """The columns."""
        return self._heads

    def show(self, reading: Reading) -> None:
        """Show another list, or the same one anew; the old rows stay until the new ones are there."""
        self._age += 1
        age = self._age

        def first(store: Store) -> tuple[array[int], Any, Mapping[int, ListRow]]:
            ids, after = reading.ids(store, None, _FIRST)
            return ids, after, reading.rows(store, ids[:BLOCK])

        def done(found: tuple[array[int], Any, Mapping[int, ListRow]]) -> None:
            ids, after, rows = found
            if age == self._age:
                self._begin(reading, ids, after, rows)

        self._jobs.read(first, done, self._fail, latest=(id(self), "first"), owner=self)

    def _begin(
        self, reading: Reading, ids: array[int], after: Any, rows: Mapping[int, ListRow]
    ) -> None:
        self.beginResetModel()
        self._reading = reading
        self._heads = reading.heads
        self._ids = ids
        self._blocks = OrderedDict({0: rows})
        self._asked.clear()
        self._wanted.clear()
        self._complete = after is None
        self.endResetModel()
        self.arrived.emit()
        if after is not None:
            self._read_on(after)

    def _read_on(self, after: Any) -> None:
        """Read the next stretch of ids; one job each, so that rows in sight are read in between."""
        reading, age = self._reading, self._age
        assert reading is not None  # noqa: S101  # a list is shown

        def done(found: tuple[array[int], Any]) -> None:
            ids, beyond = found
            if age != self._age:
                return
            self._complete = beyond is None
            if ids:
                last = len(self._ids) + len(ids) - 1
                self.beginInsertRows(QModelIndex(), len(self._ids), last)
                self._ids.extend(ids)
                self.endInsertRows()
            if beyond is not None:
                self._read_on(beyond)

        self._jobs.read(lambda store: reading.ids(store, after, _STRETCH), done, self._fail,
                        owner=self)  # fmt: skip

    def _fail(self, error: UserError) -> None:
        self.failed.emit(error)

    # ---- rows

    def row(self, number: int) -> ListRow | None:
        """Return a row; None if it is still being read."""
        block = self._blocks.get(number // BLOCK)
        if block is None:
            self._wanted[number // BLOCK] = None
            if not self._soon.isActive():
                self._soon.start()
            return None
        return block.get(self._ids[number])

    def identity(self, number: int) -> int:
        """Return the id of a row's record."""
        return self._ids[number]

    def find(self, identity: int) -> int:
        """Return the row of a record; -1 if it is not among the rows known."""
        try:
            return self._ids.index(identity)
        except ValueError:
            return -1

    def _read_wanted(self) -> None:
        # what was passed long ago on the way is not read at all
        wanted = [block for block in self._wanted if block not in self._asked][-4:]
        self._wanted.clear()
        for block in wanted:
            self._read_block(block)

    def _read_block(self, block: int) -> None:
        reading, age = self._reading, self._age
        assert reading is not None  # noqa: S101  # a list is shown
        ids = self._ids[block * BLOCK : (block + 1) * BLOCK]
        self._asked.add(block)

        def done(rows: Mapping[int, ListRow]) -> None:
            if age != self._age:
                return
            self._asked.discard(block)
            self._blocks[block] = rows
            while len(self._blocks) > _KEPT_BLOCKS:
                self._blocks.popitem(last=False)
            last = min((block + 1) * BLOCK, len(self._ids)) - 1
            self.dataChanged.emit(
                self.index(block * BLOCK, 0), self.index(last, self.columnCount() - 1)
            )

        self._jobs.read(lambda store: reading.rows(store, ids), done, self._fail, owner=self)

    # ---- Qt's questions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        """Return how many rows are known; Qt asks."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        """Return how many columns there are; Qt asks."""
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, says or stands for; Qt asks."""
        if not index.isValid():
            return None
        if role == IDENTITY:
            return self._ids[index.row()]
        if role == RIGHT:
            return self.heads[index.column()].right
        if role not in _ANSWERED:
            return None
        row = self.row(index.row())
        if row is None:
            return ""
        if role == MARK:
            return row.mark
        cell = row.cells[index.column()]
        if role == STATE:
            return cell.state
        if role == Qt.ItemDataRole.AccessibleTextRole:
            # the first cell says the whole row, the others themselves
            return (
                row.words if index.column() == 0 else f"{self._label(index.column())}: {cell.text}"
            )
        if role == Qt.ItemDataRole.ToolTipRole and (tip := explaining.tip_of(cell.text)):
            return f"<span>{escape(cell.text)}</span><br>{tip}"
        return cell.text

    def headerData(  # Qt's
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return a column's heading; Qt asks."""
        if orientation != Qt.Orientation.Horizontal or self._reading is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._label(section)
        return None

    def _label(self, column: int) -> str:
        return self.heads[column].label if column < len(self.heads) else ""


_ANSWERED: Final = frozenset(
    map(
        int,
        (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
            STATE,
            MARK,
        ),
    )
)
