"""Taking the directory out: which of it, for whom, as what; and first what leaves and what stays."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from liaison.services import exporting, sharing
from liaison.services.exporting import DIRECTORY
from liaison.services.sharing import Share
from liaison.ui import theme, walking
from liaison.ui.parts.asking_files import ask_where_to_save
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    ComboBox,
    Field,
    ScrollPage,
    Segmented,
    Wrap,
    spaced,
)
from liaison.ui.widgets.returning import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison.errors import UserError
    from liaison.services.exporting import Exported
    from liaison.services.homes import OpenHome
    from liaison.services.sharing import Preview
    from liaison.ui.desk import Desk

_KINDS: Final = {
    ".xlsx": ("Spreadsheet", "Spreadsheet (*.xlsx)"),
    ".csv": ("Plain list (CSV)", "Plain list (*.csv)"),
    ".vcf": ("Address cards", "Address cards (*.vcf)"),
}
_NEIGHBOUR: Final = "neighbour"
_OWN: Final = "own"
_WIDTH: Final = 760
_HEIGHT: Final = 600


@dataclasses.dataclass(frozen=True, slots=True)
class Offered:
    """Something that can be taken out.

    Args:
        words: What it is called in the dialog.
        type: The record type, or ``exporting.DIRECTORY``.
        only: The ids of a part of it; None for all of it.
    """

    words: str
    type: str = DIRECTORY
    only: frozenset[int] | None = None


class ShareDialog(QDialog):
    """Asks which of the directory leaves, shows what is in it, and writes the file.

    Args:
        desk: The desk.
        parent: The window it belongs to.
        offered: What can be taken out, the likeliest first.
    """

    def __init__(self, desk: Desk, parent: QWidget, offered: Sequence[Offered]) -> None:
        super().__init__(parent)
        self._desk = desk
        self._offered = tuple(offered)
        self.file_dialog: QFileDialog | None = None
        self.preview: Preview | None = None
        self.setWindowTitle("Share the directory")
        self.setAccessibleName(self.windowTitle())
        self.setModal(True)
        self._before = Place(parent)
        self.finished.connect(self._leave)
        self.which = ComboBox([(number, one.words) for number, one in enumerate(offered)])
        self.which.set_value(0)
        self.whom = Segmented(
            [(_NEIGHBOUR, "A neighbouring home"), (_OWN, "Ourselves")], "For whom"
        )
        self.whom.set_value(_NEIGHBOUR)
        self.kind = ComboBox([])
        self.banner = Banner("late", "")
        self.banner.hide()
        self.save_button = Button("Save the file", "download", Button.PRIMARY)
        self.save_button.setEnabled(False)
        self.save_button.clicked.connect(lambda *_: self._ask())
        self.keep = Button("Cancel")
        self.keep.clicked.connect(self.reject)
        self._leaves = Card("Leaves with the file", "upload")
        self._stays = Card("Stays here", "shield-check")
        self._lay_out()
        self._set_kinds()
        self.which.changed.connect(lambda _: self._set_kinds())
        self.whom.changed.connect(lambda _: self._look())
        self.kind.changed.connect(lambda _: self._look())
        self._look()

    def _lay_out(self) -> None:
        column = spaced(QVBoxLayout(self), 12, (24, 20, 24, 20))
        column.addWidget(Wrap("What shall leave, and for whom?", "question", widest=640))
        sheet = ScrollPage(spacing=12, margins=(0, 0, 0, 0))
        asked = Columns([(Field("Which", self.which), 3), (Field("As", self.kind), 2)])
        sheet.body.addWidget(asked)
        sheet.body.addWidget(Field("For", self.whom))
        sheet.body.addWidget(Columns([(self._leaves, 1), (self._stays, 1)]))
        sheet.body.addWidget(
            Wrap(
                "The file is not encrypted: whoever has it can read it. That it was made is noted "
                "in the audit.",
                "secondary",
                widest=700,
            )
        )
        sheet.body.addStretch(1)
        column.addWidget(sheet, 1)
        column.addWidget(self.banner)
        row = spaced(QHBoxLayout(), 8)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.save_button)
        column.addLayout(row)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        window = self.parentWidget()
        room = window.window().size() if window is not None else self.sizeHint()
        self.resize(
            min(theme.px(_WIDTH), room.width() - 40), min(theme.px(_HEIGHT), room.height() - 40)
        )

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001  # Qt's own signature
        """Go on by Tab as one reads."""
        return walking.walk(self, forward=forward)

    @property
    def share(self) -> Share:
        """What is asked for now."""
        number = self.which.value
        one = self._offered[number if isinstance(number, int) else 0]
        ending = self.kind.value
        return Share(
            one.type,
            one.only,
            for_sharing=self.whom.value == _NEIGHBOUR,
            ending=ending if isinstance(ending, str) else ".xlsx",
        )

    def _set_kinds(self) -> None:
        """Offer the kinds of file that hold what is asked for."""
        chosen = self.kind.value
        several = self.share.type == DIRECTORY
        kinds: list[tuple[object, str]] = [
            (ending, words)
            for ending, (words, _) in _KINDS.items()
            if not (several and ending == ".csv")
        ]
        self.kind.blockSignals(True)
        self.kind.set_choices(kinds)
        self.kind.set_value(chosen if chosen in dict(kinds) else ".xlsx")
        self.kind.blockSignals(False)
        self._look()

    # ---- what leaves, what stays

    def _look(self) -> None:
        share = self.share
        self._desk.jobs.read(
            lambda store: sharing.preview(store, share),
            self._show,
            self._failed,
            latest=(id(self), "preview"),
            owner=self,
        )

    def _show(self, found: Preview) -> None:
        self.preview = found
        self.save_button.setEnabled(found.count > 0)
        _empty(self._leaves)
        _empty(self._stays)
        for part in found.parts:
            _say(self._leaves, part.words, "label")
            _say(self._leaves, ", ".join(part.fields), "secondary")
        if not found.count:
            _say(self._leaves, "Nobody: choose something else.", "muted")
        _say(self._stays, "Residents, staff, visits and everything else of the home", "label")
        kept = dict.fromkeys(words for part in found.parts for words in part.kept_here)
        if kept:
            _say(self._stays, ", ".join(kept), "label")
        else:
            _say(
                self._stays,
                "Private notes are in the file: it is for ourselves."
                if not self.share.for_sharing
                else "Nothing else is left out.",
                "muted",
            )
        if found.struck:
            _say(self._stays, f"{found.struck:,} struck through", "label")
        _say(self._stays, "What was archived", "label")
        free = dict.fromkeys(words for part in found.parts for words in part.free)
        if free and self.share.for_sharing:
            _say(
                self._stays,
                f"Look through what was typed freely, which leaves as it is: {', '.join(free)}.",
                "secondary",
            )
        for card in (self._leaves, self._stays):
            card.body.addStretch(1)

    # ---- the file

    def _ask(self) -> None:
        day = self._desk.today()
        name = self._offered[_number(self.which.value)].words if self.share.only else "Directory"
        if self.share.only is None and self.share.type != DIRECTORY:
            name = self._offered[_number(self.which.value)].words
        plain = "".join(c for c in name if c.isalnum() or c in " -").strip()[:60] or "Directory"
        file = f"{plain} {day.day:02}.{day.month:02}.{day.year}{self.share.ending}"
        self.file_dialog = ask_where_to_save(
            self, "Save the file", file, _KINDS[self.share.ending][1], self.save_to, sure=False
        )

    def save_to(self, file: Path) -> None:
        """Write what is asked for to a file; an audit entry says so."""
        share = self.share
        self.save_button.setEnabled(False)
        self.banner.hide()

        def write(home: OpenHome) -> Exported:
            return exporting.export(
                home,
                share.type,
                file,
                for_sharing=share.for_sharing,
                only=sharing.wanted(home.store, share),
            )

        self._desk.jobs.write(write, self._done, self._failed, owner=self)

    def _done(self, exported: Exported) -> None:
        many = "entry" if exported.rows == 1 else "entries"
        self._desk.say(f"{exported.rows:,} {many} saved in {exported.file.name}.")
        self.accept()

    def _failed(self, error: UserError) -> None:
        self.save_button.setEnabled(self.preview is not None and self.preview.count > 0)
        self.banner.say("late", error.message)

    def _leave(self) -> None:
        self._before.give_back()
        # its window would keep it, and every one after it, until the program ends
        self.deleteLater()


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _empty(card: Card) -> None:
    while (item := card.body.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def _say(card: Card, words: str, kind: str) -> None:
    part = Wrap(words, kind, widest=330)
    card.add(part)
    # Qt would show it only when it lays the card out
    part.show()
