"""A person or place to reach: initials, name, who they are, and a number to dial or copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.ui import theme
from liaison.ui.parts.card import CopyButton, LinkButton
from liaison.ui.parts.facts import Link
from liaison.ui.widgets import Avatar, Icon, Text, Wrap, spaced
from liaison.ui.widgets.painting import box, draw_pixmap, painter_for

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from liaison.ui.desk import Desk


class ReachLine(QWidget):
    """A person or place to reach, in a line of a card.

    Args:
        desk: The desk.
        name: Their name.
        detail: Who they are: "Community nurse, wound care".
        phones: Their numbers, each with what it is: ("01632 960 412", "Phone").
        link: Their own record, which the name opens; None if there is none.
        note: What else to know, with an icon before it.
        icon: A picture in place of initials: a place has none.
    """

    def __init__(
        self,
        desk: Desk,
        name: str,
        detail: str = "",
        phones: tuple[tuple[str, str], ...] = (),
        *,
        link: Link | None = None,
        note: str = "",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = spaced(QHBoxLayout(self), 10)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(Disc(icon) if icon else Avatar(name.partition(",")[0], 36), 0, top)
        words = spaced(QVBoxLayout(), 2)
        if link is None:
            words.addWidget(Wrap(name, "label", widest=260))
        else:
            words.addWidget(LinkButton(desk, link))
        if detail:
            words.addWidget(Wrap(detail, "secondary", widest=260))
        for number, label in phones:
            shown = Text(number, "label")
            shown.setFont(theme.with_features(theme.font(theme.BODY, theme.SEMIBOLD), "tnum"))
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setAccessibleName(f"{label} of {name}: {number}")
            words.addWidget(shown)
        if note:
            noted = spaced(QHBoxLayout(), 6)
            noted.addWidget(Icon("circle-check", "ok", 15), 0, top)
            noted.addWidget(Wrap(note, "secondary", widest=240), 1)
            words.addLayout(noted)
        row.addLayout(words, 1)
        for number, label in phones[:1]:
            row.addWidget(CopyButton(number, f"{label} of {name}"), 0, top)


class Disc(Icon):
    """A picture in a soft disc, where a person would have initials.

    Args:
        name: A Lucide name.
        size: The disc, in pixels at 100 per cent.
    """

    def __init__(self, name: str, size: int = 36, parent: QWidget | None = None) -> None:
        super().__init__(name, "accent", size, parent=parent)
        self._inner = round(size * 0.5)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc and picture."""
        painter = painter_for(self)
        rect = QRectF(self.rect())
        box(painter, rect, rect.height() / 2, theme.colour("soft"))
        picture = theme.pixmap(self.icon_name, "accent", self._inner, self)
        width = picture.deviceIndependentSize().width()
        draw_pixmap(painter, (rect.width() - width) / 2, rect.height() / 2, picture)
