"""Whom the visit was about: each resident with how far their note is, and a line that adds one."""

from __future__ import annotations

import dataclasses
import functools
import zlib
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.records.vocabularies import shipped
from liaison.ui import theme
from liaison.ui.pages.record_visit import saving
from liaison.ui.pages.record_visit.facts import Seen
from liaison.ui.parts.editors import Around
from liaison.ui.parts.editors.picker import Finder
from liaison.ui.widgets import Button, Card, Divider, KeyCaps, Text, Wrap, set_wrong, spaced
from liaison.ui.widgets.avatar import initials
from liaison.ui.widgets.painting import box, draw_pixmap, draw_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.typed import Note
    from liaison.ui.parts.facts import Candidate

Index = QModelIndex | QPersistentModelIndex

KEYS: Final = (
    ("Next resident", "Ctrl+\N{DOWNWARDS ARROW}"),
    ("Add a resident", "Ctrl+R"),
    ("Follow-up", "Ctrl+F"),
    ("Save visit", "Ctrl+S"),
)
_ROW: Final = 64
_FEWEST: Final = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One resident in the list: whom, and how far their note is.

    Args:
        seen: The resident.
        state: Words for it.
        icon: Its icon.
        token: The icon's colour.
        twin: Whether another in the list has the same name, so that the date of birth is told.
    """

    seen: Seen
    state: str
    icon: str
    token: str
    twin: bool = False

    @property
    def below(self) -> str:
        """The second line; two of one name are told apart, and the icon says how far they are."""
        room = f"{room_label()} {self.seen.room}" if self.seen.room else ""
        born = times.show_plain_date(self.seen.born) if self.twin and self.seen.born else ""
        parts = (room, born or self.state)
        return " \N{MIDDLE DOT} ".join(part for part in parts if part)

    @property
    def said(self) -> str:
        """What a screen reader says, and what is shown under the pointer."""
        state = "" if self.below.endswith(self.state) else f", {self.state}"
        return f"{self.seen.name}, {self.below}{state}"


@functools.cache
def room_label() -> str:
    """Return what a resident's room is called."""
    return all_specs()["resident"].by_name["room"].label


def line_of(note: Note, seen: Seen, *, is_open: bool, planned: bool) -> Line:
    """Return how far a note is, in words, with the icon that goes with them."""
    if note.is_wrong:
        return Line(seen, "to put right", "circle-x", "late")
    if is_open:
        return Line(seen, "writing", "pencil", "accent")
    if note.written:
        return Line(seen, "written", "circle-check", "ok")
    if note.begun:
        return Line(seen, "not finished", "circle-dot", "due")
    return Line(seen, "to be seen" if planned else "nothing yet", "circle-dashed", "muted")


class _Lines(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, lines: Sequence[Line]) -> None:
        if len(lines) == len(self.lines):
            self.lines = list(lines)
            if lines:
                self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return line.said
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.said
        return None


class _Painter(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, colour = theme.px, theme.colour
        rect = QRectF(option.rect).adjusted(0, px(2), 0, -px(2))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen:
            box(painter, rect, px(10), colour("soft"), colour("accent"), 1.5)
        elif hovered:
            box(painter, rect, px(10), colour("raised"))
        view = option.widget
        if chosen and view.hasFocus():
            box(painter, rect, px(10), None, colour("focus"), 2)
        self._avatar(painter, rect, line.seen.name)
        left = rect.left() + px(12 + 36 + 10)
        side = px(20)
        right = rect.right() - px(10) - side
        picture = theme.pixmap(line.icon, line.token, 20, view)
        draw_pixmap(painter, right, rect.center().y(), picture)
        room = round(right - left - px(6))
        top = rect.top() + px(11)
        self._words(painter, (left, top, room), line.seen.name, theme.BODY, "text", bold=True)
        below = top + px(20)
        self._words(painter, (left, below, room), line.below, theme.SECONDARY, "muted")
        painter.restore()

    @staticmethod
    def _avatar(painter: QPainter, rect: QRectF, name: str) -> None:
        tints = theme.tokens().avatars
        ground, letters = tints[zlib.crc32(name.encode()) % len(tints)]
        side = theme.px(36)
        disc = QRectF(rect.left() + theme.px(12), rect.center().y() - side / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(disc)
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        painter.setPen(letters)
        painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), initials(name))

    @staticmethod
    def _words(  # what a line of words needs
        painter: QPainter,
        place: tuple[float, float, int],
        words: str,
        size: float,
        token: str,
        *,
        bold: bool = False,
    ) -> None:
        left, top, room = place
        painter.setFont(theme.font(size, theme.SEMIBOLD if bold else theme.REGULAR))
        painter.setPen(theme.colour(token))
        draw_words(painter, QRectF(left, top, room, painter.fontMetrics().height()), words)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(160), theme.px(_ROW))


class ResidentList(QListView):
    """The residents; arrows move, Delete takes one out."""

    opened = Signal(int)
    """This one is to be written about now."""
    take_out = Signal(int)
    """Somebody wants this one out of the visit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = _Lines(self)
        self.setModel(self._lines)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName("Residents seen")
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.selectionModel().currentRowChanged.connect(self._current)
        self._quiet = False

    @property
    def lines(self) -> list[Line]:
        """What is shown."""
        return self._lines.lines

    def show_lines(self, lines: Sequence[Line], current: int) -> None:
        """Show the residents.

        Args:
            lines: All of them.
            current: The place of the one that is open; -1 for none.
        """
        self._quiet = True
        before = len(self._lines.lines)
        self._lines.show(lines)
        index = self._lines.index(current) if 0 <= current < len(lines) else QModelIndex()
        if self.currentIndex() != index:
            self.setCurrentIndex(index)
        self._quiet = False
        if before != len(lines):
            self.updateGeometry()

    def _current(self, now: QModelIndex) -> None:
        if not self._quiet and now.isValid():
            self.opened.emit(now.row())

    def sizeHint(self) -> QSize:
        """Ask for all rows."""
        return QSize(theme.px(200), len(self._lines.lines) * theme.px(_ROW) + 2)

    def minimumSizeHint(self) -> QSize:
        """Allow a few rows; the others scroll."""
        rows = min(len(self._lines.lines), _FEWEST)
        return QSize(theme.px(140), rows * theme.px(_ROW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a resident out with Delete."""
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.take_out.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
            self.updateGeometry()


class ResidentsCard(Card):
    """The list with its title, the line that adds a resident, and the keys.

    Args:
        desk: The desk.
    """

    added = Signal(object)
    """Somebody chose a resident to add (a :class:`Candidate`)."""
    chosen_instead = Signal(object, object)
    """Somebody chose whom a note (a :class:`Note`) is about instead (a :class:`Candidate`)."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Residents seen", note="0", margins=(12, 14, 12, 12), parent=parent)
        self.list = ResidentList()
        self.add_button = Button("Add a resident", "plus", shortcut="Ctrl+R")
        self.add_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add_button.clicked.connect(lambda *_: self.ask())
        self.finder = Finder("resident", Around(desk, shipped(), {}), self)
        self.finder.line.setAccessibleName("Add a resident")
        self.finder.line.installEventFilter(self)
        self.finder.line.hide()
        self.finder.picked.connect(self.pick)
        self.instead: Note | None = None
        """The note for which another resident is looked for; None while one is to be added."""
        self.finder.line.textChanged.connect(self._no_more_wrong)
        self.told = Wrap("", "error", widest=400)
        self.told.hide()
        self.add(self.list)
        self.add(self.add_button)
        self.add(self.finder.line)
        self.add(self.told)
        self.body.addStretch(1)
        self.keys = QWidget()
        rows = spaced(QVBoxLayout(self.keys), 4)
        rows.addWidget(Divider())
        rows.addWidget(Text("Keys", "caption"))
        for words, keys in KEYS:
            row = spaced(QHBoxLayout(), 8)
            row.addWidget(Text(words, "secondary"), 1)
            row.addWidget(KeyCaps(keys))
            rows.addLayout(row)
        self.add(self.keys)
        self._follow_scale()

    def show_lines(self, lines: Sequence[Line], current: int) -> None:
        """Show the residents and how many they are."""
        self.list.show_lines(lines, current)
        self.list.setVisible(bool(lines))
        self.set_note(str(len(lines)))
        self.setAccessibleDescription(
            "1 resident" if len(lines) == 1 else f"{len(lines)} residents"
        )

    def ask(self, instead: Note | None = None) -> None:
        """Show the line in which a resident is looked for, with the cursor in it.

        Args:
            instead: The note that is about somebody else; None to add a resident.
        """
        self.instead = instead
        self.add_button.setEnabled(True)
        line = self.finder.line
        self.add_button.hide()
        line.clear()
        line.show()
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finder.search()

    def stop_asking(self) -> None:
        """Show the button again."""
        self.finder.line.clear()
        self.finder.line.hide()
        self.add_button.show()

    def settle(self) -> list[str]:
        """Say beside the line that the words in it name nobody yet; return what is said."""
        line = self.finder.line
        if line.isHidden() or not line.text().strip():
            return []
        words = saving.nobody_chosen(line.text())
        set_wrong(line, wrong=True)
        self.told.show()
        self.told.setText(words)
        return [words]

    def focus_wrong(self) -> bool:
        """Put the cursor where words name nobody yet; return whether there are any."""
        if self.told.isHidden():
            return False
        self.finder.line.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _no_more_wrong(self) -> None:
        if not self.told.isHidden():
            set_wrong(self.finder.line, wrong=False)
            self.told.hide()

    def pick(self, candidate: Candidate) -> None:
        """Take over the resident who was chosen in the line."""
        note, self.instead = self.instead, None
        self.stop_asking()
        if note is None:
            self.added.emit(candidate)
        else:
            self.chosen_instead.emit(note, candidate)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Put the line away with Esc, and when it is left empty."""
        if watched is self.finder.line:
            key = event.key() if isinstance(event, QKeyEvent) else None
            if event.type() == QEvent.Type.KeyPress and key == Qt.Key.Key_Escape:
                self.stop_asking()
                self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            leaves = event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent)
            if leaves and not self.finder.line.text() and self.window().isActiveWindow():
                self.stop_asking()
        return False

    def _follow_scale(self) -> None:
        # the keys are also on the sheet of F1; large text needs the room
        self.keys.setVisible(theme.roomy())
        if theme.roomy():
            self.setFixedWidth(theme.px(260))
        else:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16_777_215)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "keys"):
            self._follow_scale()
