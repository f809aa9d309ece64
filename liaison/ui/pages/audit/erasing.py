"""Erasing content by law: which fields, why, and then once more whether it is really meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.services import erasing
from liaison.ui import theme
from liaison.ui.parts.answers import BegunAnswer, asked_about
from liaison.ui.widgets import (
    Banner,
    Button,
    CheckBox,
    ConfirmDialog,
    Field,
    LineEdit,
    ScrollPage,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.errors import UserError
    from liaison.services.erasing import Erased
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.pages.audit.facts import Content

_SHORT: Final = 70
_WIDE: Final = 460


class EraseDialog(QDialog):
    """Asks which fields of a record to erase and why.

    Args:
        desk: The desk.
        what: Type and id of the record.
        title: The words that name it.
        contents: The fields that hold something.
        parent: The window it belongs to.
    """

    erased = Signal()
    """It is done."""

    def __init__(
        self,
        desk: Desk,
        what: tuple[str, int],
        title: str,
        contents: Sequence[Content],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._desk, self._what, self._title = desk, what, title
        name = f"Erase content of {title}"
        self.setWindowTitle(name)
        self.setAccessibleName(name)
        self.setModal(True)
        self.boxes = {one.name: CheckBox(f"{one.label}: {_short(one.words)}") for one in contents}
        self.reason = LineEdit(limit=400)
        # erasing clears it with every other draft about the record
        self._begun = BegunAnswer(desk, asked_about(*what, "erase"), {"reason": self.reason}, self)
        self.field = Field(
            "Reason, such as whose request", self.reason, "Do not repeat what is erased.",
            required=True,
        )  # fmt: skip
        self.banner = Banner("late", "")
        self.do = Button("Erase for good...", role=Button.DANGER)
        self.keep = Button("Keep everything")
        self.sure: ConfirmDialog | None = None
        self._lay_out()
        self.do.clicked.connect(self._ask)
        self.keep.clicked.connect(self._begun.forget)
        self.keep.clicked.connect(self.reject)
        self.finished.connect(self._begun.let_go)
        self.finished.connect(lambda _: self.deleteLater())

    def open(self) -> None:
        """Ask, with the reason that was typed here before and not used."""
        super().open()
        self._begun.look()

    def _lay_out(self) -> None:
        column = spaced(QVBoxLayout(self), 12, (24, 20, 24, 20))
        column.addWidget(Wrap(f"Erase content of {self._title}?", "question", widest=_WIDE))
        column.addWidget(
            Wrap(
                "What is erased goes from the record, its history, search and drafts. That "
                "something was erased, by whom and why stays. Nobody can bring it back. "
                f"{erasing.what_stays(self._what[0])} {erasing.NOT_REACHED}",
                widest=_WIDE,
            )
        )
        sheet = ScrollPage(spacing=6, margins=(0, 0, 0, 0))
        for box in self.boxes.values():
            sheet.body.addWidget(box)
        if not self.boxes:
            sheet.body.addWidget(Wrap("There is nothing in it that can be erased.", "muted"))
        sheet.body.addStretch(1)
        sheet.setMinimumHeight(theme.px(180))
        column.addWidget(sheet, 1)
        column.addWidget(self.field)
        column.addWidget(self.banner)
        self.banner.hide()
        row = spaced(QHBoxLayout(), 8)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.do)
        column.addLayout(row)
        self.setMinimumWidth(theme.px(_WIDE + 48))
        self.keep.setFocus()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The wire names of the fields that are ticked."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    def _ask(self) -> None:
        if not self.chosen:
            self.banner.say("due", "Tick what is to be erased.")
            return
        if not self.reason.text().strip():
            self.field.set_error("Say why: it is kept for good.")
            self.reason.setFocus()
            return
        self.field.set_error(None)
        self.banner.hide()
        many = len(self.chosen)
        self.sure = ConfirmDialog(
            self,
            "Erase it for good?",
            f"The content of {many} {'field' if many == 1 else 'fields'} of {self._title} is gone "
            "for everybody, in every version. This is the last question.",
            do="Erase for good",
            keep="Keep everything",
            danger=True,
        )
        self.sure.accepted.connect(self._erase)
        self.sure.open()

    def _erase(self) -> None:
        (type_name, identity), names, reason = self._what, self.chosen, self.reason.text()
        self.do.setEnabled(False)
        # a word more would outlive what it is typed about
        self._begun.hold()

        def work(home: OpenHome) -> Erased:
            return erasing.erase(home, type_name, identity, names, reason)

        self._desk.jobs.write(work, self._done, self._failed, owner=self)

    def _done(self, done: Erased) -> None:
        self._desk.say(f"Erased: {', '.join(done.fields)}.")
        self.erased.emit()
        self.accept()

    def _failed(self, error: UserError) -> None:
        self.do.setEnabled(True)
        self._begun.refused()
        self.banner.say("late", str(error))


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT].rstrip()} ..."
