"""Every part of the window in all its states, in one window: to look at, and to walk through in tests.

python -m tests.ui.gallery FILE.png [--dark] [--scale 2.0] [--size 1480x893]
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records.rules.times import parse_date, show_date
from liaison.ui import theme
from liaison.ui.widgets import (
    AgeBar,
    Avatar,
    Banner,
    Button,
    Card,
    CheckBox,
    Columns,
    ComboBox,
    CountBadge,
    DateField,
    Divider,
    EmptyState,
    Field,
    FigureTile,
    FilterChip,
    FlowRow,
    IconButton,
    KeyCaps,
    LineEdit,
    PageHeader,
    Popover,
    ProgressLine,
    RadioButton,
    ScrollPage,
    Segmented,
    StateChip,
    Tag,
    Text,
    TextArea,
    Toast,
    Wrap,
    spaced,
)

TODAY = dt.date(2026, 11, 18)


def date_field() -> DateField:
    """Return a date field as the forms make it."""
    return DateField(
        lambda text: parse_date(text, today=TODAY), show_date, "such as 25/11", today=lambda: TODAY
    )


def _stack(*parts: QWidget, spacing: float = 12) -> QWidget:
    made = QWidget()
    column = spaced(QVBoxLayout(made), spacing)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return made


def _beside(*parts: QWidget, spacing: float = 8) -> QWidget:
    made = QWidget()
    row = spaced(QHBoxLayout(made), spacing)
    for part in parts:
        row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
    row.addStretch(1)
    return made


class Gallery(ScrollPage):
    """Every part, laid out as on the picture of the components."""

    def __init__(self) -> None:
        super().__init__(14)
        self.body.addWidget(
            PageHeader(
                "Components",
                "Every state of every part. If a screen needs something that is not here, add it "
                "here first.",
                [Button("Print", "printer"), Button("Save visit", "check", Button.PRIMARY)],
            )
        )
        left = _stack(self._buttons(), self._chips(), self._ages(), spacing=14)
        right = _stack(self._fields(), self._banners(), spacing=14)
        self.body.addWidget(Columns([(left, 1), (right, 1)], 14))
        self.body.addWidget(Columns([(tile, 1) for tile in self._tiles()], 14))
        self.body.addWidget(
            Columns([(self._empty(), 1), (self._dialog(), 1), (self._typing(), 1)], 14)
        )

    def _buttons(self) -> Card:
        card = Card("Buttons", caption=True)
        self.focused = Button("Focus")
        pressed = Button("Pressed")
        pressed.setDown(True)
        off, primary_off = Button("Disabled"), Button("Primary off", role=Button.PRIMARY)
        for button in (off, primary_off):
            button.setEnabled(False)
        card.add(
            FlowRow(
                [
                    Button("Primary", "check", Button.PRIMARY),
                    Button("Secondary", "printer"),
                    Button("Quiet", role=Button.QUIET),
                    Button("Small", small=True),
                    IconButton("x", "Close"),
                ]
            )
        )
        card.add(
            FlowRow([self.focused, pressed, off, primary_off, Button("Wipe", role=Button.DANGER)])
        )
        kind = Segmented([("p", "Planned"), ("a", "Ad hoc"), ("u", "Urgent")], "Why now")
        kind.set_value("p")
        card.add(
            FlowRow(
                [
                    kind,
                    FilterChip("Visits", 17, on=True),
                    FilterChip("Calls", 12),
                    KeyCaps("Ctrl+K"),
                    CountBadge(14, "open loops"),
                ]
            )
        )
        return card

    def _fields(self) -> Card:
        card = Card("Fields", caption=True)
        wrong = Field("Completed on", LineEdit("31/02/2026"), required=True)
        wrong.set_error("February has no 31st. Check the certificate.")
        read_only = LineEdit("Meadow Lane")
        read_only.setReadOnly(True)
        card.add(
            Columns(
                [
                    (Field("Phone", LineEdit("01632 960 412"), "As written on the letter"), 1),
                    (wrong, 1),
                    (Field("Practice", read_only, "Read only"), 1),
                ]
            )
        )
        ticked = CheckBox("Sent by post", on=True)
        card.add(
            FlowRow([CheckBox("Named link for our home"), ticked, RadioButton("Keep both")], 16)
        )
        return card

    def _chips(self) -> Card:
        card = Card("Chips are states, tags are kinds", caption=True)
        card.add(
            FlowRow(
                [
                    StateChip("ok", "In date"),
                    StateChip("due", "Due soon"),
                    StateChip("late", "Overdue"),
                    StateChip("none", "Not needed"),
                    StateChip("info", "Waiting, 1 day", "hourglass"),
                ]
            )
        )
        card.add(
            FlowRow(
                [
                    Tag("message-circle-warning", "Concern"),
                    Tag("send", "Referral"),
                    Tag("list-checks", "Action"),
                    Tag("repeat", "Review"),
                ]
            )
        )
        return card

    def _ages(self) -> Card:
        card = Card("Age bars", caption=True)
        for days, expected, state in ((31, 56, "ok"), (44, 42, "due"), (184, 126, "late")):
            card.add(AgeBar(days, expected, state, f"{days} days, expected within {expected}"))
        progress = ProgressLine("Making the report")
        progress.show_progress(40, 100)
        card.add(progress)
        card.add(Divider())
        card.add(
            _beside(
                *(
                    Avatar(name)
                    for name in (
                        "Helen Marsh",
                        "Moira Kelly",
                        "Agnieszka Wójcik",
                        "Tom Pascoe",
                        "Ruby Tregenza",
                        "DO",
                        "Priya Nair",
                    )
                )
            )
        )
        return card

    def _banners(self) -> Card:
        card = Card("Banners and toast", caption=True)
        card.add(Banner("info", "A newer list of GP practices is ready to compare.", "Compare"))
        card.add(Banner("due", "This number was last checked 14 months ago.", "Check"))
        card.add(
            Banner(
                "late",
                "The backup stick was not found this morning. Everything is kept on this PC; put "
                "the stick in and make a backup now.",
                "What to do",
                closable=True,
            )
        )
        return card

    def _tiles(self) -> list[FigureTile]:
        return [
            FigureTile(
                "repeat",
                "Open loops",
                "14",
                "without an outcome",
                state="late",
                words="2 older than 90 days",
            ),
            FigureTile(
                "hourglass",
                "Longest wait",
                "184 days",
                "wheelchair",
                state="late",
                words="Usual wait is 126",
            ),
            FigureTile(
                "graduation-cap",
                "All required training",
                "12 of 22",
                "staff in date",
                state="due",
                words="Data security 90.9%, target 95",
            ),
            FigureTile(
                "shield-check", "Backup", "06:00", "today", state="ok", words="Kept on the stick"
            ),
        ]

    def _empty(self) -> Card:
        card = Card("Empty state", caption=True)
        card.add(
            EmptyState(
                "message-circle-reply",
                "No answers waiting",
                "Answers to your concerns appear here first.",
                "I’m worried about…",  # noqa: RUF001  # as people write it
                action_icon="message-circle-warning",
            )
        )
        return card

    def _dialog(self) -> Card:
        card = Card("Dialog", caption=True, kind=Card.EMPHASISED)
        card.add(Wrap("Move this note to Joan Tully?", "question"))
        card.add(
            Wrap(
                "It stays in the history of Dorothy Hale, struck through, with your name and the reason."
            )
        )
        card.add(Field("Reason", LineEdit("Written on the wrong resident"), required=True))
        card.add(_beside(Button("Keep it here"), Button("Move the note", role=Button.PRIMARY)))
        return card

    def _typing(self) -> Card:
        card = Card(
            "Follow-up action", "corner-down-right", "Open until someone records an outcome"
        )
        nested = Card("Nested", kind=Card.SUNK)
        self.day = day = date_field()
        day.set_value(dt.date(2026, 11, 25))
        who = ComboBox([(1, "Moira Kelly"), (2, "Helen Marsh")])
        who.set_value(1)
        nested.add(Columns([(Field("Who", who), 1), (Field("By", day), 1)], 12))
        card.add(
            Field(
                "What was raised",
                TextArea(
                    "Dressing on left shin. Also asked about coughing after tea, raised by Priya on Monday."
                ),
            )
        )
        card.add(nested)
        card.add(Text("Secondary words", "secondary"))
        return card


def window() -> tuple[QWidget, Gallery]:
    """Return a window with the gallery in it, as a page lies in the shell."""
    made = QWidget()
    made.setWindowTitle("Components")
    gallery = Gallery()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(gallery)
    return made, gallery


def main(arguments: list[str]) -> None:
    """Photograph the gallery."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--size", default="1400x1160")
    parser.add_argument("--popover", action="store_true", help="with a popover open")
    asked = parser.parse_args(arguments)
    app = QApplication(sys.argv[:1])
    theme.install(app, "dark" if asked.dark else "light", asked.scale)
    frame, gallery = window()
    width, height = asked.size.split("x")
    frame.resize(int(width), int(height))
    frame.show()
    frame.activateWindow()

    def settle() -> None:
        gallery.focused.setFocus(Qt.FocusReason.TabFocusReason)
        if asked.popover:
            popover = Popover(gallery.focused, "Your work is safe")
            popover.body.addWidget(Text("Your work is safe", "card"))
            popover.body.addWidget(
                Wrap("Everything on this PC was backed up at 06:00.", "secondary")
            )
            popover.body.addWidget(Button("Back up now", "hard-drive"))
            popover.open()
            Toast(frame, "Visit saved. 1 follow-up added to Open loops.", "Undo").start()
            gallery.day.open_calendar()

    def shoot() -> None:
        frame.grab().save(asked.file)
        popup = app.activePopupWidget()
        if popup is not None:
            popup.grab().save(asked.file.replace(".png", "-calendar.png"))
            popup.close()
        app.quit()

    QTimer.singleShot(200, settle)
    QTimer.singleShot(700, shoot)
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1:])
