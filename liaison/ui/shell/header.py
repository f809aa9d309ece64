"""The header: search, what is saved, date and time, and who is here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from liaison.ui import clock, theme
from liaison.ui.parts.exchanging import TOKENS, headline
from liaison.ui.parts.reminders import ReminderChip
from liaison.ui.shell.roles import ROLES
from liaison.ui.shell.syncing_button import SavedButton
from liaison.ui.widgets import Avatar, IconButton, KeyCaps, Text, spaced
from liaison.ui.widgets.painting import box, painter_for

if TYPE_CHECKING:
    from liaison.ui.desk import Desk, Person
    from liaison.ui.shell.search_box import SearchBox


_NOTED: Final = frozenset({"access_event"})
"""What Liaison writes down by itself."""
_HEIGHT: Final = 40


class Header(QWidget):
    """The strip above every page.

    Args:
        desk: The desk.
        search: The search box.
    """

    asked = Signal()
    """Somebody pressed their name."""
    more = Signal()
    """Somebody pressed what is said of saving and of the other PCs."""

    def __init__(self, desk: Desk, search: SearchBox) -> None:
        super().__init__()
        self._desk = desk
        self.search = search
        self._keys = KeyCaps("Ctrl+K")
        self.saved = SavedButton("Everything is saved", "cloud-check", "ok")
        self._date = Text("", "muted")
        self._hour = Text("", "label")
        self.person = PersonButton(desk.person)
        self._row = spaced(QHBoxLayout(self), 10, (24, 8, 14, 8))
        self._row.addWidget(search, 3)
        self._row.addWidget(self._keys)
        self._row.addStretch(1)
        self.worried = IconButton("message-circle-warning", "I'm worried about...")
        self.worried.setToolTip("I'm worried about... (Ctrl+Shift+W)")
        self._row.addWidget(self.worried)
        self.reminder = ReminderChip(desk)
        self._row.addWidget(self.reminder)
        self._row.addWidget(self.saved)
        self._row.addSpacing(8)
        self._row.addWidget(self._date)
        self._row.addWidget(self._hour)
        self._row.addSpacing(6)
        self._row.addWidget(self.person)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._busy = False
        desk.jobs.busy.connect(self._saving)
        desk.jobs.changed.connect(self._changed)
        desk.exchange_told.connect(self._say_how_it_stands)
        self.saved.clicked.connect(self.more)
        self.person.clicked.connect(self.asked)
        self._tick()
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_timer"):
            self._fit()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        """Show only what there is room for: search, an icon, the time and the name."""
        for part in (self._keys, self._date):
            part.setVisible(not narrow)
        self.saved.set_narrow(narrow)
        self.person.set_narrow(narrow)
        self.reminder.set_narrow(narrow)
        self.search.setMinimumWidth(theme.px(200 if not narrow else 120))

    def _fit(self) -> None:
        self.setFixedHeight(theme.px(56))
        self.search.setMaximumWidth(theme.px(380))

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the ground and the rule below."""
        painter = painter_for(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        rule = self.rect().adjusted(0, self.height() - 1, 0, 0)
        painter.fillRect(rule, theme.colour("border"))

    def _tick(self) -> None:
        moment = self._desk.now()
        self._date.setText(clock.short_day(moment.date()))
        self._hour.setText(clock.hour(moment))
        self._timer.start(60_000 - moment.second * 1000 - moment.microsecond // 1000 + 20)

    def _saving(self, busy: bool) -> None:  # noqa: FBT001  # Jobs' signal
        self._busy = busy
        if busy:
            self.saved.say("Saving...", "hourglass", "muted")
        elif self.saved.text() == "Saving..." and not self._say_how_it_stands():
            # nothing was different, or it was not saved, which the banner says
            self.saved.say("Everything is saved", "cloud-check", "ok")

    def _changed(self, touched: frozenset[str]) -> None:
        if touched == _NOTED:
            # that somebody signed in or looked is nothing they saved
            return
        if not self._say_how_it_stands():
            words = f"Saved on this PC at {clock.hour(self._desk.now())}"
            self.saved.say(words, "cloud-check", "ok")

    def _say_how_it_stands(self, *_: object) -> bool:
        """Say how it stands with the other PCs; return whether there are any."""
        seen = self._desk.exchange
        said = None if seen is None else headline(seen, self._desk.now())
        if said is None:
            return False
        if not self._busy:
            self.saved.say(said.words, said.icon, TOKENS[said.state], said.more)
        return True


class PersonButton(QPushButton):
    """Who is here; pressing it shows lock, switch, password, and how the window looks.

    Args:
        person: Who.
    """

    def __init__(self, person: Person) -> None:
        super().__init__()
        self._name, self._role = person.name, ROLES.get(person.role, person.role)
        self._narrow = False
        self._avatar = Avatar(person.name, 34, self)
        self._avatar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(f"{self._name}, {self._role}")
        self.setAccessibleDescription("Lock, switch person, change password, text size")
        self.setToolTip(f"{self._name}: lock, switch person, password, text size")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._place()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        """Show the name alone, or the role below it."""
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the initials and the words."""
        self.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        words = self.fontMetrics().horizontalAdvance(self._name)
        if not self._narrow:
            role = QFontMetrics(theme.font(theme.SECONDARY))
            words = max(words, role.horizontalAdvance(self._role))
        return QSize(theme.px(34 + 8 + 14) + min(words, theme.px(190)), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Allow the initials alone."""
        return QSize(theme.px(_HEIGHT), theme.px(_HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_avatar"):
            self._place()
            self.updateGeometry()

    def _place(self) -> None:
        side = theme.px(34)
        self._avatar.setGeometry(theme.px(4), (theme.px(_HEIGHT) - side) // 2, side, side)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground, name and role."""
        painter = painter_for(self)
        rect, radius = QRectF(self.rect()), theme.px(8)
        if self.underMouse() or self.isDown():
            box(painter, rect, radius, theme.colour("raised"))
        if self.hasFocus() and self.window().isActiveWindow():
            box(painter, rect, radius, None, theme.colour("focus"), 2)
        left = theme.px(4 + 34 + 9)
        width = self.width() - left - theme.px(6)
        height = self.height() / 2
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(theme.BODY, theme.SEMIBOLD))
        elide = Qt.TextElideMode.ElideRight
        name = painter.fontMetrics().elidedText(self._name, elide, width)
        if self._narrow:
            painter.drawText(QRectF(left, 0, width, self.height()), align, name)
            return
        painter.drawText(QRectF(left, theme.px(3), width, height), align, name)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(theme.SECONDARY))
        role = QRectF(left, height - theme.px(3), width, height)
        painter.drawText(role, align, painter.fontMetrics().elidedText(self._role, elide, width))
