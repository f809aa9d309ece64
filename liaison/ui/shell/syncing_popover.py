"""The header's popover: whether what was written is safe, who was heard from, and how it travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from liaison.security.roles import Action, may
from liaison.ui import theme
from liaison.ui.parts import exchanging
from liaison.ui.parts.exchange_rows import Row, chip_of
from liaison.ui.parts.exchanging import TOKENS, Seen
from liaison.ui.widgets import (
    Button,
    Divider,
    FlowRow,
    Popover,
    ScrollPage,
    StateChip,
    Text,
    Wrap,
    announce,
    show_with,
    spaced,
)
from liaison.ui.widgets.painting import draw_pixmap, painter_for

if TYPE_CHECKING:
    from liaison.ui.desk import Desk

_FULL: Final = QSizePolicy.Policy.Ignored
_WIDE, _WIDER = 408, 640
_LEAST: Final = 170
"""The least height of what scrolls, in pixels at 100 per cent."""
_MOST: Final = 6
"""More PCs than that stand on the page behind “Details”."""
PAGE: Final = "exchange"
SETTLE: Final = "differences"
REVIEW: Final = "review"


class Disc(QWidget):
    """An icon in a tinted disc.

    Args:
        icon: The icon.
        state: Its state, which gives the tint.
    """

    def __init__(self, icon: str, state: str) -> None:
        super().__init__()
        self._icon, self._state = icon, state
        self._fit()

    def show_state(self, icon: str, state: str) -> None:
        """Show another icon."""
        self._icon, self._state = icon, state
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the disc."""
        return QSize(theme.px(40), theme.px(40))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedSize(self.sizeHint())

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the disc and the icon in its middle."""
        painter = painter_for(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(f"{self._state}bg"))
        painter.drawEllipse(QRectF(self.rect()))
        picture = theme.pixmap(self._icon, TOKENS[self._state], 20, self)
        draw_pixmap(painter, theme.px(10), self.height() / 2, picture)


class _Rolling(ScrollPage):
    """What stands between the head and the buttons: as tall as it is; in a low window it scrolls."""

    def __init__(self) -> None:
        super().__init__(12, (0, 0, 0, 0))

    def _asked(self) -> QSize:
        sheet = self.widget()
        return sheet.sizeHint() if sheet is not None else super().sizeHint()

    def sizeHint(self) -> QSize:
        """Ask for all of it."""
        return self._asked()

    def minimumSizeHint(self) -> QSize:
        """Shrink until a few lines are left."""
        return QSize(0, min(self._asked().height(), theme.px(_LEAST)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for another height when what is in it has one."""
        handled = super().eventFilter(watched, event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return handled


class ExchangePopover(Popover):
    """Says how the exchange stands, and sends and fetches.

    Args:
        desk: The desk.
        anchor: What it points at.
    """

    def __init__(self, desk: Desk, anchor: QWidget) -> None:
        wide = _WIDE if theme.roomy() else _WIDER
        super().__init__(anchor, "How the other PCs stand", wide)
        self._desk = desk
        self.seen = desk.exchange or Seen()
        self._disc = Disc("cloud-check", "ok")
        self.title = Text("", "card")
        self.line = Wrap("", "secondary")
        head = spaced(QHBoxLayout(), 12)
        head.addWidget(self._disc)
        words = spaced(QVBoxLayout(), 0)
        words.addWidget(self.title)
        words.addWidget(self.line)
        head.addLayout(words, 1)
        self.body.addLayout(head)
        self._rows = QWidget()
        self._column = spaced(QVBoxLayout(self._rows), 10)
        area = _Rolling()
        self._middle = area.body
        self._middle.addWidget(self._rows)
        self.body.addWidget(area, 1)
        self.rows: list[Row] = []
        self.details = Button("Details", small=True)
        self.details.clicked.connect(lambda: self._go(PAGE))
        self.settle = Button("Settle differences", "git-merge")
        self.settle.clicked.connect(lambda: self._go(SETTLE))
        self.twice = Button("Perhaps entered twice", "users")
        self.twice.clicked.connect(lambda: self._go(SETTLE, {"twice": True}))
        self.review = Button("Look through what was set apart", "history")
        self.review.clicked.connect(lambda: self._go(REVIEW))
        self.others = Button("Other PCs", "monitor")
        self.others.clicked.connect(self._set_up)
        self.now = Button("Send and fetch now", "refresh-cw")
        self.now.clicked.connect(self._exchange)
        self._foot()
        desk.exchange_told.connect(self._told)
        self._show()

    def _first_control(self) -> QWidget:
        # what somebody came for, not what stands first
        for button in (self.settle, self.now):
            if not button.isHidden():
                return button
        return super()._first_control()

    def _foot(self) -> None:
        self._middle.addWidget(Divider())
        self._backed_up = QWidget()
        self._backup_row = spaced(QVBoxLayout(self._backed_up), 0)
        self._middle.addWidget(self._backed_up)
        self.travels = Row("cloud", "How it travels", "", self.details)
        self._middle.addWidget(self.travels)
        self.details.setAccessibleDescription("PCs of this home, what waits and what was set apart")
        buttons = (self.settle, self.twice, self.review, self.others, self.now)
        if not theme.roomy():
            self.body.addWidget(FlowRow(buttons))
            return
        for button in buttons:
            button.setSizePolicy(_FULL, button.sizePolicy().verticalPolicy())
            self.body.addWidget(button)

    def _offer(self) -> None:
        """Show the buttons that lead somewhere as it stands now, and how it travels."""
        seen, role = self.seen, self._desk.person.role
        status = seen.overview.status if seen.overview is not None else None
        manages = may(role, Action.PCS)
        wanted = {
            self.settle: (
                may(role, Action.UNDO_OTHERS) and bool(seen.overview and seen.overview.to_settle)
            ),
            self.twice: bool(seen.twice) and may(role, Action.STRIKE_OTHERS),
            self.review: manages and bool(status and status.to_review),
            self.others: manages and not seen.shares,
            self.now: seen.shares and not (status and status.removed),
        }
        leads = {**wanted, self.details: seen.shares}
        for button, shown in leads.items():
            if shown:
                show_with(button, wanted=True)
        if any(button.hasFocus() for button, shown in leads.items() if not shown):
            # first: what is hidden with the keyboard in it hands it to what lies behind this
            to: QWidget = next((button for button, shown in leads.items() if shown), self)
            to.setFocus()
        for button, shown in leads.items():
            if not shown:
                button.hide()
        show_with(self.travels, wanted=seen.shares)
        self.travels.say(exchanging.place_icon(seen), exchanging.place_in_words(seen))

    def _backup(self) -> Row:
        home = self._desk.jobs.home
        known = self._desk.settings.home(home.folder).backed_up_at if home is not None else None
        notices = [one for one in self._desk.notices if one.about == "backup"]
        line = f"Made {exchanging.when(known, self._desk.now())}" if known else "None made yet"
        chip = StateChip("due", notices[0].short) if notices else StateChip("ok", "Good")
        if not known and not notices:
            chip = StateChip("none", "Not yet")
        return Row("hard-drive", "Backup", line, chip)

    def _go(self, page: str, argument: object = None) -> None:
        self.done()
        self._desk.go(page, argument)

    def _set_up(self) -> None:
        self.done()
        self._desk.go("settings", "pcs")

    def _exchange(self) -> None:
        self._desk.exchange_wanted.emit()

    def _told(self, seen: Seen) -> None:
        was_at_work = self.seen.at_work
        self.seen = seen
        self._show()
        if was_at_work and not seen.at_work:
            announce(self, f"{self.title.text()}. {self.line.text()}")

    def _show(self) -> None:
        seen, now = self.seen, self._desk.now()
        said = exchanging.summary(seen, now)
        self._disc.show_state(said.icon, said.state)
        self.title.setText(said.words)
        self.line.setText(said.more)
        self.now.set_words("Sending and fetching..." if seen.at_work else "Send and fetch now")
        self._offer()
        _empty(self._backup_row)
        self._backup_row.addWidget(self._backup())
        self._deal()

    def _deal(self) -> None:
        """Lay out the PCs anew; nothing among them takes the focus."""
        _empty(self._column)
        self.rows = []
        found = self.seen.overview
        self._rows.setVisible(found is not None and self.seen.shares)
        if found is None or not self.seen.shares:
            return
        self._column.addWidget(Divider())
        now = self._desk.now()
        there = [one for one in found.pcs if one.removed is None]
        for pc in there[:_MOST]:
            said = exchanging.of_pc(pc, self.seen, now)
            name = f"{pc.name}, this one" if pc.here else pc.name
            row = Row("monitor", name, said.more, chip_of(said), short=True)
            self._column.addWidget(row)
            self.rows.append(row)
        more = len(there) - _MOST
        words = [f"And {exchanging.many(more, 'more PC')}."] if more > 0 else []
        told = (exchanging.advice(self.seen), exchanging.waiting_words(self.seen))
        words += [one for one in told if one]
        if words:
            self._column.addWidget(Wrap(" ".join(words), "secondary"))


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        if (part := item.widget()) is not None:
            part.hide()
            part.deleteLater()
