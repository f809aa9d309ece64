"""An attached file on the screen: a letter page by page, a picture, a text.

It is shown from memory, never through a temporary file or another program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from liaison.errors import UserError
from liaison.services import attachments
from liaison.services.attachments import Kind
from liaison.ui import theme, walking
from liaison.ui.parts.paper import Paper
from liaison.ui.widgets import Button, EmptyState, Text, Wrap, announce, spaced
from liaison.ui.widgets.painting import painter_for
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from liaison.services.attachments import Attached, Content
    from liaison.ui.desk import Desk

_WIDEST: Final = 1_600
"""Pixels across of a drawn page; enough to read small print, little enough for an old PC."""
_LARGEST_SIDE: Final = 12_000
_ROOM: Final = (900, 680)
_MOST_TEXT: Final = 2_000_000


def drawn(data: bytes) -> QImage:
    """Return a picture from a file's bytes.

    Raises:
        UserError: It is damaged, or larger than any camera makes.
    """
    picture = QImage.fromData(QByteArray(data))
    if picture.isNull():
        raise _unreadable("This picture")
    if max(picture.width(), picture.height()) > _LARGEST_SIDE:
        raise _unreadable("This picture")
    if picture.width() > _WIDEST:
        how = Qt.TransformationMode.SmoothTransformation
        picture = picture.scaledToWidth(_WIDEST, how)
    return picture


def opened(data: bytes) -> Paper:
    """Return a letter from a file's bytes.

    Raises:
        UserError: It is damaged, or asks for a password.
    """
    # only who opens a letter needs it
    from pypdfium2 import PdfiumError

    try:
        paper = Paper.open(data)
    except PdfiumError:
        raise _unreadable("This PDF") from None
    if not paper.pages or any(min(size) < 1 for size in paper.sizes):
        paper.close()
        raise _unreadable("This PDF")
    return paper


def _unreadable(what: str) -> UserError:
    return UserError(
        f"{what} cannot be shown: it is damaged, or asks for a password.",
        kept="The file is kept as it came.",
        do="Save a copy and open it with the program it was made with.",
        code="not-shown",
    )


class _Picture(QWidget):
    """A picture as wide as there is room, never wider than it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QImage()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_picture(self, picture: QImage) -> None:
        self.picture = picture
        self._fit()
        self.update()

    def _fit(self) -> None:
        self.setFixedHeight(max(self._size().height(), 1))

    def _size(self) -> QSize:
        wide = min(self.width(), max(self.picture.width(), 1))
        if self.picture.isNull():
            return QSize(wide, 1)
        return QSize(wide, round(wide * self.picture.height() / self.picture.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture.isNull():
            return
        painter = painter_for(self)
        size = self._size()
        ratio = self.devicePixelRatioF()
        how = Qt.TransformationMode.SmoothTransformation
        scaled = self.picture.scaled(size * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, how)
        scaled.setDevicePixelRatio(ratio)
        painter.drawImage((self.width() - size.width()) // 2, 0, scaled)


class Viewer(QDialog):
    """One attached file.

    Args:
        parent: The window.
        desk: The desk.
        attached: The file.
    """

    filled = Signal()
    """The file, or why it cannot be shown, is on the screen."""
    copy_asked = Signal()
    """Somebody wants a copy of it."""

    def __init__(self, parent: QWidget, desk: Desk, attached: Attached) -> None:
        super().__init__(parent)
        self._desk = desk
        self._before = Place(parent)
        self._paper: Paper | None = None
        self.page = 0
        self.setWindowTitle(attached.name)
        self.setAccessibleName(f"File: {attached.name}")
        self.setModal(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(f"What {attached.name} says")
        self.picture = _Picture()
        self.picture.setAccessibleName(attached.name)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(self.picture)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName(attached.name)
        self.nothing = EmptyState("file", "Opening the file", "It is being read.")
        self.before = Button("Page before", "chevron-left", small=True)
        self.after = Button("Next page", "chevron-right", small=True)
        self.where = Text("", "secondary")
        self.copy = Button("Save a copy ...", "download")
        self.leave = Button("Close", role=Button.PRIMARY)
        self._lay_out(attached)
        self.before.clicked.connect(lambda *_: self.turn(-1))
        self.after.clicked.connect(lambda *_: self.turn(1))
        self.copy.clicked.connect(lambda *_: self.copy_asked.emit())
        self.leave.clicked.connect(self.accept)
        self.finished.connect(self._leave)
        self.leave.setFocus()
        self._read(attached.id)

    def _lay_out(self, attached: Attached) -> None:
        column = spaced(QVBoxLayout(self), 12, (24, 20, 24, 20))
        column.addWidget(Wrap(attached.name, "question", widest=600))
        self._paging = QWidget()
        paging = spaced(QHBoxLayout(self._paging), 8)
        for part in (self.before, self.after, self.where):
            paging.addWidget(part)
        paging.addStretch(1)
        self._paging.hide()
        column.addWidget(self._paging)
        middle = QWidget()
        self._parts = QStackedLayout(middle)
        shown: tuple[QWidget, ...] = (self.nothing, self.area, self.text)
        for one in shown:
            self._parts.addWidget(one)
        column.addWidget(middle, 1)
        row = spaced(QHBoxLayout(), 8)
        row.addStretch(1)
        row.addWidget(self.copy)
        row.addWidget(self.leave)
        column.addLayout(row)
        window = self.parentWidget()
        room = window.size() if window is not None else QSize(*_ROOM)
        wide, high = (theme.px(side) for side in _ROOM)
        self.resize(min(wide, room.width() - 40), min(high, room.height() - 40))

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001  # Qt's own signature
        """Go on by Tab as one reads."""
        return walking.walk(self, forward=forward)

    # ---- reading

    def _read(self, identity: int) -> None:
        self._desk.jobs.read(
            lambda store: attachments.content(store, identity),
            self._show,
            self._fail,
            owner=self,
        )

    def _show(self, found: Content) -> None:
        data = found.data
        if found.kind is Kind.TEXT:
            self.text.setPlainText(attachments.words_of(data)[:_MOST_TEXT])
            self._parts.setCurrentWidget(self.text)
            self.filled.emit()
        elif found.kind is Kind.PICTURE:
            self._desk.jobs.run(lambda _: drawn(data), self._show_picture, self._fail, owner=self)
        elif found.kind is Kind.PDF:
            self._desk.jobs.run(lambda _: opened(data), self._show_paper, self._fail, owner=self)
        else:
            self.nothing.say(
                "This kind of file is not shown here",
                "Save a copy and open it with the program it was made with.",
            )
            self.filled.emit()

    def _show_picture(self, picture: QImage) -> None:
        self.picture.show_picture(picture)
        self._parts.setCurrentWidget(self.area)
        self.filled.emit()

    def _show_paper(self, paper: Paper) -> None:
        self._paper = paper
        self._paging.setVisible(paper.pages > 1)
        self._draw()

    def turn(self, by: int) -> None:
        """Show a page further on, or before."""
        if self._paper is not None and 0 <= self.page + by < self._paper.pages:
            self.page += by
            self._draw()

    def _draw(self) -> None:
        paper, page = self._paper, self.page
        if paper is None:
            return
        self.before.setEnabled(page > 0)
        self.after.setEnabled(page + 1 < paper.pages)
        self.where.setText(f"Page {page + 1} of {paper.pages}")
        across = round(min(max(self.area.width(), 600) * self.devicePixelRatioF(), _WIDEST))

        def show(picture: QImage) -> None:
            if page == self.page:
                self._show_picture(picture)
                self.area.verticalScrollBar().setValue(0)
                announce(self.area, self.where.text())

        self._desk.jobs.run(lambda _: paper.picture(page, across), show, self._fail, owner=self)

    def _fail(self, error: UserError) -> None:
        self._paging.hide()
        self.nothing.say(error.what, error.do)
        self._parts.setCurrentWidget(self.nothing)
        self.filled.emit()

    def _leave(self) -> None:
        paper, self._paper = self._paper, None
        if paper is not None:
            # a page that is being drawn is finished first: not on the window's thread
            self._desk.jobs.run(lambda _: paper.close(), lambda _: None, owner=self._desk)
        self._before.give_back()
        self.deleteLater()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "picture"):
            self.picture.update()
