"""Where one record is read, changed and followed up, away from the list it came from.

A page keeps its own view and one of these behind it. Whatever is opened here lies on a pile: Back
shows what was there before, and the last one gives the page back to itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from liaison.records import all_specs
from liaison.ui.parts import facts
from liaison.ui.parts.card import RecordCard
from liaison.ui.parts.form import RecordForm
from liaison.ui.parts.form_frame import FormFrame
from liaison.ui.parts.history import HistoryPanel
from liaison.ui.parts.record_list import RecordList
from liaison.ui.widgets import Button, Card, Elided, ScrollPage, spaced
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from liaison.services.drafts import About
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Child
    from liaison.ui.parts.saving import Saved


@dataclasses.dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that was open when the home was locked; what was typed into it is its draft.

    Args:
        about: Where its draft is kept.
        given: What a new record started with, by field.
    """

    about: About
    given: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record that was being read when the home was locked.

    Args:
        type: Its type.
        record: Its id.
        history: Whether what became of it was shown, not what it holds.
    """

    type: str
    record: int
    history: bool = False


class _Sheet(QWidget):
    """One thing on the pile, under a line that says what it is and leads back."""

    left = Signal()

    def __init__(
        self,
        title: str,
        content: QWidget,
        shows: OpenRecord | None = None,
        *,
        on_card: bool = False,
    ) -> None:
        super().__init__()
        self.shows = shows
        back = Button("Back", "arrow-left", small=True)
        back.setToolTip("Esc")
        back.clicked.connect(self.left)
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(back)
        head.addWidget(Elided(title, "title"), 1)
        column = spaced(QVBoxLayout(self), 16)
        column.addLayout(head)
        if on_card:
            card = Card()
            card.add(content, 1)
            column.addWidget(card, 1)
        else:
            column.addWidget(content, 1)
        leave = QShortcut(QKeySequence("Esc"), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.left)
        self.content = content
        self.setFocusProxy(back)


class RecordRoom(QStackedWidget):
    """A pile of cards, forms, histories and lists of records.

    Args:
        desk: The desk.
    """

    left = Signal()
    """There is nothing more on the pile."""
    saved = Signal(object)
    """A form was saved (a :class:`liaison.ui.parts.saving.Saved`) and has left the pile."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._before: dict[QWidget, Place] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies here."""
        return self.count() == 0

    def read(self, type_name: str, identity: int) -> RecordCard:
        """Show a record with everything that is recorded of it."""
        card = RecordCard(self.desk)
        card.edit_asked.connect(self.change)
        card.history_asked.connect(self.history)
        card.list_asked.connect(lambda child, owner: self.belongings(child, owner, type_name))
        self._put(_Sheet(all_specs()[type_name].label, card, OpenRecord(type_name, identity)))
        card.show_record(type_name, identity)
        return card

    def change(self, type_name: str, identity: int) -> RecordForm:
        """Show the form of a record that is there."""
        return self.form(RecordForm(self.desk, type_name, identity))

    def add(self, type_name: str, given: Mapping[str, Any] | None = None) -> RecordForm:
        """Show the form of a new record.

        Args:
            type_name: Its type.
            given: What it starts with, by field.
        """
        return self.form(RecordForm(self.desk, type_name, given=given))

    def form(self, form: RecordForm) -> RecordForm:
        """Show a form; once it is saved or left it is taken off the pile."""
        form.saved.connect(lambda saved: self._end(form, saved))
        form.left.connect(self.back)
        self._put(form)
        return form

    def frame(self, frame: FormFrame) -> None:
        """Show another form that keeps itself; left for later, it is taken off the pile."""
        frame.left.connect(lambda: self._take(frame))
        self._put(frame)

    def open_form(self) -> OpenForm | OpenRecord | None:
        """Return the form that is being filled in here, or the record that is read; None for none."""
        shown = self.currentWidget() if self.isVisible() else None
        if isinstance(shown, RecordForm):
            return OpenForm(shown.keeper.about, shown.given)
        return shown.shows if isinstance(shown, _Sheet) else None

    def reopen(self, left: OpenForm | OpenRecord) -> None:
        """Show again what was open when the home was locked."""
        if isinstance(left, OpenForm):
            about = left.about
            self.form(RecordForm(self.desk, about.type, about.record, left.given, page=about.page))
        elif not (isinstance(top := self.currentWidget(), _Sheet) and top.shows == left):
            # its page may show it already
            (self.history if left.history else self.read)(left.type, left.record)

    def history(self, type_name: str, identity: int) -> HistoryPanel:
        """Show what became of a record."""
        panel = HistoryPanel(self.desk)
        shows = OpenRecord(type_name, identity, history=True)
        sheet = _Sheet(all_specs()[type_name].label, panel, shows, on_card=True)
        self._put(sheet)
        panel.show_record(type_name, identity)
        return panel

    def belongings(self, child: Child, owner: int, owner_type: str) -> RecordList:
        """Show everything that belongs to a record in one way."""
        spec = all_specs()[owner_type]
        shown = RecordList(
            self.desk, child.type, facts.conditions(child, spec, owner), name=f"of-{owner_type}"
        )
        shown.opened.connect(self.desk.open)
        page = ScrollPage(margins=(0, 0, 0, 0))
        page.body.addWidget(shown, 1)
        self._put(_Sheet(facts.label_of(child, spec), page))
        return shown

    def put(self, title: str, content: QWidget) -> None:
        """Show something else on the pile, such as a list, under a line that leads back.

        Args:
            title: What it is.
            content: What is shown.
        """
        self._put(_Sheet(title, content))

    def back(self) -> None:
        """Take the uppermost thing off the pile."""
        self._take(self.currentWidget())

    def empty(self) -> None:
        """Take everything off the pile, without saying so; what was typed stays as drafts."""
        self._before.clear()
        while (sheet := self.currentWidget()) is not None:
            self.removeWidget(sheet)
            _end(sheet)

    def _end(self, form: RecordForm, saved: Saved) -> None:
        if self.indexOf(form) < 0:
            # the pile was emptied while it was being saved
            return
        self._take(form)
        self.saved.emit(saved)

    def _put(self, sheet: QWidget) -> None:
        if isinstance(sheet, _Sheet):
            sheet.left.connect(lambda: self._take(sheet))
        self._before[sheet] = Place(self)
        self.addWidget(sheet)
        self.setCurrentWidget(sheet)
        sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, sheet: QWidget | None) -> None:
        if sheet is None:
            return
        before = self._before.pop(sheet, None)
        self.removeWidget(sheet)
        _end(sheet)
        if self.is_empty:
            self.left.emit()
        else:
            self.setCurrentIndex(self.count() - 1)
            if before is not None:
                before.give_back()


def _end(sheet: QWidget) -> None:
    if isinstance(sheet, FormFrame):
        sheet.end()
    else:
        sheet.deleteLater()
