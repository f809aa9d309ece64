"""The card beside a list: read anew, laid out anew, and told apart from one that says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.parts import sheets
from liaison.ui.widgets import Banner, EmptyState

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.errors import UserError
    from liaison.records import Record
    from liaison.store.store import Store
    from liaison.ui.desk import Desk


class OfRecord(Protocol):
    """What a card shows: frozen facts about a record."""

    @property
    def record(self) -> Record:
        """The record it is about."""
        ...


F = TypeVar("F", bound=OfRecord)


class SideCard(QWidget, Generic[F]):
    """A card of one record; a page says what is read for it and how it is laid out.

    Args:
        desk: The desk.
        spacing: Between its parts, in pixels at 100 per cent.
    """

    #: Its icon while nothing is shown.
    icon: ClassVar[str] = ""

    edit_asked = Signal(str, object)
    """Somebody wants to change this record: type and id."""
    history_asked = Signal(str, object)
    """Somebody wants to know what became of it."""
    shown = Signal()
    """What was asked for is on the screen."""

    def __init__(self, desk: Desk, spacing: float = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._roomy = theme.roomy()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._lay_out_anew)
        self._what: tuple[str, int] | None = None
        self._facts: F | None = None
        self.sheet = sheets.GutterPage(spacing=spacing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sheet)

    # ---- what each card does in its own way

    def _reading(self, type_name: str, identity: int) -> Callable[[Store], F | None]:
        """Return what reads the facts of a record; for a read job."""
        raise NotImplementedError

    def _lay_out(self, found: F) -> None:
        """Put what was read on the empty sheet."""
        raise NotImplementedError

    # ---- what is shown

    def clear(
        self, title: str = "Nobody chosen", words: str = "Choose a name in the list."
    ) -> None:
        """Show nobody."""
        self._what = self._facts = None
        sheets.empty(self.sheet)
        sheets.put(self.sheet, EmptyState(self.icon, title, words), 1)
        self.setAccessibleName(title)

    @property
    def record(self) -> tuple[str, int] | None:
        """The record that is asked for: type and id."""
        return self._what

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a record; nothing changes until it is read."""
        self._what = type_name, identity
        self.desk.jobs.read(
            self._reading(type_name, identity),
            self._show,
            self._fail,
            latest=(id(self), "card"),
            owner=self,
        )

    def refresh(self) -> None:
        """Read the record anew."""
        if self._what is not None and self.desk.jobs.home is not None:
            self.show_record(*self._what)

    def _fail(self, error: UserError) -> None:
        self._facts = None
        sheets.empty(self.sheet)
        words = " ".join(part for part in (error.what, error.do) if part)
        banner = Banner("late", words, "Try again")
        banner.pressed.connect(self.refresh)
        sheets.put(self.sheet, banner)
        self.sheet.body.addStretch(1)

    def _show(self, found: F | None) -> None:
        if found is None:
            self.clear(
                "Not on this PC yet", "Another PC wrote it; it comes with the next exchange."
            )
            return
        if found != self._facts:
            same = self._facts is not None and self._facts.record.id == found.record.id
            place = self.sheet.verticalScrollBar().value() if same else 0
            self._facts = found
            sheets.empty(self.sheet)
            self._lay_out(found)
            self.sheet.verticalScrollBar().setValue(place)
        self.shown.emit()

    # ---- text size

    def changeEvent(self, event: QEvent) -> None:
        """Lay the card out anew at another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._roomy != theme.roomy():
            self._roomy = theme.roomy()
            # not amid the change: Qt walks over all widgets that there were before it
            self._soon.start()

    def _lay_out_anew(self) -> None:
        if (found := self._facts) is not None:
            self._facts = None
            self._show(found)
