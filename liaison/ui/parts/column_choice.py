"""Choosing which columns a list shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.services import lists
from liaison.ui.parts.filters import fitting
from liaison.ui.parts.quick import FormPopover
from liaison.ui.widgets import Button, CheckBox, ScrollPage, Text

if TYPE_CHECKING:
    from liaison.ui.parts.record_list import RecordList


class ColumnPopover(FormPopover):
    """Which columns a list shows.

    Args:
        shown_in: The list.
    """

    def __init__(self, shown_in: RecordList) -> None:
        super().__init__(shown_in.columns, "Columns", 320)
        self._list = shown_in
        self.boxes: dict[str, CheckBox] = {}
        every = lists.columns(shown_in.spec)
        sheet = ScrollPage(spacing=2, margins=(0, 0, 0, 0))
        for column in every:
            tick = CheckBox(column.label, on=column.name in shown_in.shown_columns)
            tick.clicked.connect(self._take)
            self.boxes[column.name] = tick
            sheet.body.addWidget(tick)
        sheet.body.addStretch(1)
        sheet.setFixedHeight(fitting(shown_in, len(every)))
        again = Button("As they were", "rotate-ccw", Button.QUIET, small=True)
        again.clicked.connect(self._again)
        self.body.addWidget(Text("Columns", "card"))
        self.body.addWidget(sheet)
        self.body.addWidget(again)

    def _take(self) -> None:
        before = [name for name in self._list.shown_columns if self.boxes[name].isChecked()]
        new = [n for n, tick in self.boxes.items() if tick.isChecked() and n not in before]
        if not (before or new):
            # a list without columns would look broken
            self.boxes[self._list.shown_columns[0]].setChecked(True)
            return
        self._list.show_columns([*before, *new])

    def _again(self) -> None:
        usual = [column.name for column in lists.default_columns(self._list.spec)]
        for name, tick in self.boxes.items():
            tick.setChecked(name in usual)
        self._list.show_columns(usual)
