"""Taking back what was saved together with other records: all of it, or one record alone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from liaison.records import all_specs
from liaison.services.references import Names
from liaison.store import history as log
from liaison.ui.widgets import Button, ConfirmDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from liaison.store.store import Store

_MOST_NAMED: Final = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Whole:
    """What one save wrote.

    Args:
        changes: The stamps of all its changes.
        others: The other records it wrote, the first few in words.
        count: How many other records there are.
    """

    changes: tuple[int, ...]
    others: tuple[str, ...]
    count: int


def whole(store: Store, type_name: str, identity: int, changes: Sequence[int]) -> Whole:
    """Return what else the save wrote that some changes of a record are part of.

    Args:
        store: The home.
        type_name: The record's type.
        identity: The record.
        changes: The stamps of its changes in that save.
    """
    if set(log.with_whole_moves(store, changes)) != set(changes):
        # a move is taken back whole in any case
        return Whole(tuple(changes), (), 0)
    found = log.whole_save(store, changes[0])
    others = [one for one in found.records if one != (type_name, identity)]
    names = Names(store)
    named = tuple(
        f"{all_specs()[kind].label}: {names.by_id(kind, other)}"
        for kind, other in others[:_MOST_NAMED]
    )
    return Whole(found.stamps, named, len(others))


class WholeSaveDialog(ConfirmDialog):
    """Asks whether all of a save is to be taken back, or one record of it alone.

    Args:
        parent: The widget it belongs to.
        found: What the save wrote.
    """

    all_asked = Signal()
    """All of it."""
    one_asked = Signal()
    """This record alone."""

    def __init__(self, parent: QWidget, found: Whole) -> None:
        records = "1 other record" if found.count == 1 else f"{found.count:,} other records"
        more = found.count - len(found.others)
        listed = "; ".join(found.others) + (f"; and {more:,} more" if more else "")
        super().__init__(
            parent,
            "Take back the whole save?",
            f"It was saved together with {records}: {listed}.",
            do=f"Take back all {found.count + 1:,}",
            keep="Leave it as it is",
        )
        self.one = Button("Only this one")
        self.one.clicked.connect(self._only_this)
        row = self.findChildren(QHBoxLayout)[-1]
        row.insertWidget(row.indexOf(self.do), self.one)
        self.accepted.connect(self.all_asked)

    def _only_this(self) -> None:
        self.one_asked.emit()
        self.reject()
