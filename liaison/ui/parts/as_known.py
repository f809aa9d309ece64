"""A record as it was known on a day, in a popover: what had been written by its end."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from liaison.records.rules import times
from liaison.services import audit
from liaison.ui import theme
from liaison.ui.parts import sheets
from liaison.ui.widgets import (
    DateField,
    Field,
    Popover,
    ScrollPage,
    Text,
    Wrap,
    announce,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records import FieldSpec
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

Said = tuple[tuple["FieldSpec", str], ...]

_WIDTH: Final = 440
_TALL: Final = 320


class AsKnown(Popover):
    """Shows a record as it was known at the end of a day.

    Args:
        desk: The desk.
        what: Type and id of the record.
        title: The words that name it.
        anchor: The button it belongs to.
    """

    def __init__(self, desk: Desk, what: tuple[str, int], title: str, anchor: QWidget) -> None:
        super().__init__(anchor, f"As known on a day: {title}", _WIDTH)
        self._desk = desk
        self._what = what
        self.day = DateField(
            lambda text: times.parse_date(text, today=desk.today()),
            times.show_date,
            "Such as 1 Nov 2026",
            today=desk.today,
        )
        self.day.set_value(desk.today())
        self.field = Field("As known at the end of", self.day)
        self.sheet = ScrollPage(spacing=4, margins=(0, 4, 0, 0))
        self.sheet.setMinimumHeight(theme.px(_TALL))
        self.body.addWidget(Wrap(title, "label", widest=_WIDTH - 40))
        self.body.addWidget(self.field)
        self.body.addWidget(self.sheet, 1)
        self.day.changed.connect(self._read)
        self._read(desk.today())

    def _read(self, day: object) -> None:
        if not isinstance(day, dt.date):
            return
        end = times.start_of_day(day + dt.timedelta(days=1)) - dt.timedelta(seconds=1)
        type_name, identity = self._what

        def read(store: Store) -> Said | None:
            return audit.as_known(store, type_name, identity, end)

        self._desk.jobs.read(
            read, self._show, self._fail, latest=(id(self), "as known"), owner=self
        )

    def _show(self, said: Said | None) -> None:
        sheets.empty(self.sheet)
        if said is None:
            sheets.put(self.sheet, Wrap("It had not been written yet on that day.", "muted"))
            announce(self, "It had not been written yet on that day.")
        for field, words in said or ():
            sheets.put(self.sheet, Text(field.label, "secondary"))
            sheets.put(self.sheet, Wrap(words, widest=_WIDTH - 60))
        if said is not None:
            announce(self, f"{len(said)} fields")
        self.sheet.body.addStretch(1)

    def _fail(self, error: UserError) -> None:
        sheets.empty(self.sheet)
        sheets.put(self.sheet, Wrap(str(error)))
