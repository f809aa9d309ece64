"""How the window looks: light or dark, and how large the text is, with a sample beside it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from liaison.settings import LARGEST_TEXT, SMALLEST_TEXT
from liaison.ui import theme
from liaison.ui.pages.settings.section import CardsSection
from liaison.ui.widgets import (
    Avatar,
    Button,
    Columns,
    Field,
    FlowRow,
    IconButton,
    LineEdit,
    Segmented,
    StateChip,
    Tag,
    Text,
    Wrap,
    spaced,
)
from liaison.ui.widgets.painting import box, painter_for

if TYPE_CHECKING:
    from liaison.settings import Settings
    from liaison.ui.desk import Desk

THEMES: Final = (("system", "As this PC"), ("light", "Light"), ("dark", "Dark"))
_STEP: Final = 10


class AppearanceSection(CardsSection):
    """Light or dark, text size, and what they look like."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.themes = Segmented(THEMES, "Light or dark")
        self.themes.changed.connect(self._choose_theme)
        look = self.card("Light or dark", "“As this PC” follows what the PC is set to.")
        look.add(_at_left(self.themes))

        size = self.card(
            "Text size",
            "Everything grows with the text. From 140 % the sidebar shows icons alone and columns "
            "stand under each other. Ctrl and + or - do the same anywhere.",
        )
        self.smaller = IconButton("minus", "Smaller text", Button.SECONDARY, small=True)
        self.larger = IconButton("plus", "Larger text", Button.SECONDARY, small=True)
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(SMALLEST_TEXT // _STEP, LARGEST_TEXT // _STEP)
        self.slider.setPageStep(2)
        self.slider.setAccessibleName("Text size in per cent")
        # a drag lays the whole window out at every step; it is done once, at its end
        self.slider.setTracking(False)
        self.words = Text("", "label")
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.smaller)
        row.addWidget(self.slider, 1)
        row.addWidget(self.larger)
        row.addWidget(self.words)
        size.add(row)
        self.slider.sliderMoved.connect(lambda steps: self._tell(steps * _STEP))
        self.slider.valueChanged.connect(lambda steps: self._resize(steps * _STEP))
        self.smaller.clicked.connect(lambda: self.slider.setValue(self.slider.value() - 1))
        self.larger.clicked.connect(lambda: self.slider.setValue(self.slider.value() + 1))
        self._sample()
        self.sheet.body.addStretch(1)
        desk.settings_changed.connect(self._show)
        self._show(desk.settings)

    def _sample(self) -> None:
        card = self.card("What it looks like")
        person = QWidget()
        row = spaced(QHBoxLayout(person), 12)
        row.addWidget(Avatar("Grace Adeyemi", 44), 0, Qt.AlignmentFlag.AlignTop)
        words = spaced(QVBoxLayout(), 2)
        words.addWidget(Text("Grace Adeyemi", "card"))
        words.addWidget(Text("Community nurse", "secondary"))
        words.addWidget(Text("01632 960 412", "phone"))
        row.addLayout(words, 1)
        written = QWidget()
        column = spaced(QVBoxLayout(written), 8)
        column.addWidget(
            FlowRow(
                [
                    StateChip("ok", "In date"),
                    StateChip("due", "Due in 9 days"),
                    StateChip("late", "Overdue"),
                    Tag("message-circle-warning", "Concern"),
                ]
            )
        )
        column.addWidget(Wrap("Wound smaller, 2 cm by 1 cm, no odour. Dressing changed."))
        sample = LineEdit("Order dressings, 10 cm, two boxes")
        column.addWidget(Field("A field to try", sample))
        card.add(Columns([(person, 1), (written, 2)], top=True))

    def _choose_theme(self, name: object) -> None:
        self.desk.set(dataclasses.replace(self.desk.settings, theme=str(name)))

    def _resize(self, per_cent: int) -> None:
        if per_cent != self.desk.settings.text_size:
            self.desk.set(dataclasses.replace(self.desk.settings, text_size=per_cent))

    def _tell(self, per_cent: int) -> None:
        self.words.setText(f"{per_cent} %")

    def _show(self, settings: Settings) -> None:
        self.themes.set_value(settings.theme)
        steps = settings.text_size // _STEP
        if self.slider.value() != steps:
            self.slider.blockSignals(True)
            self.slider.setValue(steps)
            self.slider.blockSignals(False)
        self._tell(settings.text_size)
        self.words.setMinimumWidth(theme.px(56))
        self.smaller.setEnabled(settings.text_size > SMALLEST_TEXT)
        self.larger.setEnabled(settings.text_size < LARGEST_TEXT)


class _Slider(QSlider):
    """A slider with a ring around it while it has the focus: a style sheet cannot paint one."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the slider and its ring."""
        super().paintEvent(event)
        if self.hasFocus():
            rect = QRectF(self.rect())
            box(painter_for(self), rect, theme.px(8), None, theme.colour("focus"), 2)


def _at_left(part: QWidget) -> QHBoxLayout:
    row = spaced(QHBoxLayout(), 0)
    row.addWidget(part)
    row.addStretch(1)
    return row
