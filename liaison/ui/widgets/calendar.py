"""The month that a date field opens."""

from __future__ import annotations

from PySide6.QtCore import QDate, QEvent, QLocale, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFrame,
    QHBoxLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from liaison.ui import theme
from liaison.ui.widgets.button import Button, IconButton
from liaison.ui.widgets.painting import box, spaced
from liaison.ui.widgets.text import Text


class Month(QCalendarWidget):
    """A month of days, Monday first, painted with the theme's colours.

    Args:
        today: The day that is ringed.
    """

    def __init__(self, today: QDate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.setNavigationBarVisible(False)
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        heads = self.headerTextFormat()
        heads.setForeground(theme.colour("muted"))
        heads.setFont(theme.font(theme.CAPTION, theme.SEMIBOLD))
        self.setHeaderTextFormat(heads)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(day, heads)
        view = self.findChild(QTableView)
        if view is not None:
            view.setAccessibleName("Days of the month")
            # Qt's own least width cuts the Sundays off
            view.horizontalHeader().setMinimumSectionSize(theme.px(20))
            view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def paintCell(self, painter: QPainter, rect: QRect, date: QDate) -> None:
        """Paint a day: the chosen one filled, today ringed, other months faint."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, theme.colour("surface"))
        plate = QRectF(rect).adjusted(2, 2, -2, -2)
        token = "text" if date.month() == self.monthShown() else "disabled"
        weight = theme.REGULAR
        if date == self.selectedDate():
            box(painter, plate, theme.px(6), theme.colour("accent"))
            token, weight = "onaccent", theme.SEMIBOLD
        elif date == self._today:
            box(painter, plate, theme.px(6), None, theme.colour("accent"))
            token, weight = "accent", theme.SEMIBOLD
        painter.setFont(theme.font(theme.SECONDARY, weight))
        painter.setPen(theme.colour(token))
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), str(date.day()))
        painter.restore()


class CalendarPopup(QFrame):
    """A month in a window of its own that closes by itself.

    Args:
        parent: The field it belongs to.
        today: Today on the home's clock.

    Attributes:
        chosen: The day (``QDate``) somebody chose.
    """

    chosen = Signal(QDate)

    def __init__(self, parent: QWidget, today: QDate) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._field = parent
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Calendar")
        self.setObjectName("calendar")
        t = theme.tokens()
        self.setStyleSheet(
            f"#calendar {{ background: {t.surface}; border: 1px solid {t.border}; }}"
        )
        self.month = Month(today, self)
        self._title = Text("", "card")
        before = IconButton("chevron-left", "Month before", small=True)
        after = IconButton("chevron-right", "Month after", small=True)
        head = spaced(QHBoxLayout(), 4)
        head.addWidget(before)
        head.addStretch(1)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(after)
        this_day = Button("Today", role=Button.QUIET, small=True)
        column = spaced(QVBoxLayout(self), 8, (12, 12, 12, 12))
        column.addLayout(head)
        column.addWidget(self.month)
        column.addWidget(this_day, 0, Qt.AlignmentFlag.AlignHCenter)
        before.clicked.connect(self.month.showPreviousMonth)
        after.clicked.connect(self.month.showNextMonth)
        this_day.clicked.connect(lambda: self._take(today))
        self.month.currentPageChanged.connect(self._show_title)
        self.month.clicked.connect(self._take)
        self.month.activated.connect(self._take)
        self._show_title()

    def select(self, day: QDate) -> None:
        """Show a day's month and mark the day."""
        self.month.setSelectedDate(day)

    def open_at(self, place: QPoint) -> None:
        """Show it with its upper left corner at a place of the screen, or where there is room."""
        self.setFixedSize(theme.px(316), theme.px(336))
        room = self._field.screen().availableGeometry()
        x = min(max(place.x(), room.left()), room.right() - self.width())
        y = place.y() + theme.px(4)
        if y + self.height() > room.bottom():
            y = place.y() - self._field.height() - self.height() - theme.px(4)
        self.move(x, max(y, room.top()))
        self.show()
        self.month.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Close when theme or text size change: it would show the old one."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self.close()

    def _show_title(self) -> None:
        locale = self.month.locale()
        name = locale.standaloneMonthName(self.month.monthShown())
        self._title.setText(f"{name} {self.month.yearShown()}")

    def _take(self, day: QDate) -> None:
        self.chosen.emit(day)
        self.close()
