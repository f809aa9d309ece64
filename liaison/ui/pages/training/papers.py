"""The certificates that go along with training that is being recorded, and whose each one is."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.records import ids
from liaison.records.rules.certificates import whose
from liaison.services import attachments
from liaison.services.references import as_id
from liaison.ui.parts.attached import FileDrop, ask_for_files, files_of
from liaison.ui.widgets import (
    Button,
    Card,
    ComboBox,
    FlowRow,
    IconButton,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.ui.desk import Desk
    from liaison.ui.pages.training.who import Who

_UNKNOWN: Final = -1
_EVERYBODY: Final = 0
# these are lists of many, which are brought in elsewhere
_LISTS: Final = frozenset({".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".vcf", ".zip"})


class PaperDrop(QObject):
    """Takes certificates that are dropped on a widget, and leaves lists to who brings them in.

    Args:
        over: The widget.
    """

    dropped = Signal(object, object)
    """Files (a tuple of paths), and where on the widget (a point)."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        over.setAcceptDrops(True)
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take certificates; Qt asks for every event of the widget."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent):
            files = files_of(event.mimeData())
            if files and not any(file.suffix.casefold() in _LISTS for file in files):
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    place: QPoint = event.position().toPoint()
                    self.dropped.emit(files, place)
                return True
        return False


class Papers(Card):
    """The certificates, a line for each.

    Args:
        desk: The desk.
        who: The ticks beside them: whose a certificate is, has completed the course.
    """

    changed = Signal()
    """A certificate came or went, or is somebody else's."""

    def __init__(self, desk: Desk, who: Who, parent: QWidget | None = None) -> None:
        super().__init__("Certificates", "paperclip", parent=parent)
        self._desk, self._who = desk, who
        self._people = {
            person.row.staff.id: person.row.name
            for person in who.people
            if person.row.staff.id is not None
        }
        self._lines: list[tuple[Path, ComboBox, QWidget]] = []
        self.dialog: QFileDialog | None = None
        self.add(
            Wrap(
                "Drop them here, one or many: whose each one is, is read from its name where it "
                "says so. The provider goes into “Taught by”, the certificate’s number into "  # noqa: RUF001
                "“Notes”.",
                "secondary",
            )
        )
        holder = QWidget()
        self._rows = spaced(QVBoxLayout(holder), 6)
        self.add(holder)
        self._told = Wrap("", "error")
        self._told.hide()
        self.add(self._told)
        choose = Button("Choose certificates", "plus", small=True)
        choose.clicked.connect(self.ask)
        self.add(FlowRow((choose,)))
        drop = FileDrop(self)
        drop.dropped.connect(self.take)
        self.setAccessibleName("Certificates")

    # ---- what lies here

    @property
    def files(self) -> list[Path]:
        """The files."""
        return [file for file, _, _ in self._lines]

    @property
    def unknown(self) -> list[str]:
        """The names of those of which nobody has said whose they are."""
        return [file.name for file, choice, _ in self._lines if choice.value == _UNKNOWN]

    def owners(self, ticked: Sequence[int]) -> list[list[int]]:
        """Return whose each file is: one, or everybody who is ticked."""
        found = []
        for _, choice, _ in self._lines:
            one = choice.value
            found.append([*ticked] if one == _EVERYBODY or not isinstance(one, int) else [one])
        return found

    @property
    def typed(self) -> list[list[str]]:
        """The files with whose they are, for a draft."""
        return [[str(file), _text(choice.value)] for file, choice, _ in self._lines]

    def put(self, kept: Any) -> None:
        """Show again what :attr:`typed` returned."""
        for one in kept if isinstance(kept, list) else ():
            file, whom = str(one[0]), str(one[1])
            self._add(Path(file), _EVERYBODY if whom == "all" else as_id(whom) or _UNKNOWN)

    # ---- bringing some

    def ask(self, *_: object) -> None:
        """Ask which files they are."""
        self.dialog = ask_for_files(self.window(), self.take)

    def take(self, files: Sequence[Path]) -> None:
        """Take files, after a look whether they can be kept at all."""

        def look() -> list[Path]:
            for file in files:
                attachments.look_at(file)
            return list(files)

        self._desk.jobs.run(lambda _: look(), self._taken, self._fail, owner=self)

    def _taken(self, files: Iterable[Path]) -> None:
        self._tell("")
        ticked = self._who.chosen
        for file in files:
            if file not in self.files:
                named = whose(file.name, self._people)
                if named is None and len(ticked) == 1:
                    named = ticked[0]
                self._add(file, _UNKNOWN if named is None else named)
        self.changed.emit()

    def _fail(self, error: UserError) -> None:
        self._tell(" ".join(part for part in (error.what, error.do) if part))

    def _tell(self, words: str) -> None:
        self._told.setText(words)
        self._told.setVisible(bool(words))
        if words:
            announce(self, words, urgent=True)

    def _add(self, file: Path, whom: int) -> None:
        part = QWidget()
        row = spaced(QHBoxLayout(part), 8)
        row.addWidget(Wrap(file.name, "label"), 1)
        choice = ComboBox(
            [
                (_UNKNOWN, "Choose whose it is"), (_EVERYBODY, "Everybody who is ticked"),
                *self._people.items(),
            ]
        )  # fmt: skip
        choice.setAccessibleName(f"Whose certificate {file.name} is")
        choice.set_value(whom if whom in {_EVERYBODY, *self._people} else _UNKNOWN)
        choice.changed.connect(self._choose)
        row.addWidget(choice)
        out = IconButton("x", f"Leave {file.name} out", small=True)
        out.clicked.connect(functools.partial(self._take_out, part))
        row.addWidget(out)
        self._lines.append((file, choice, part))
        self._rows.addWidget(part)
        part.show()
        self._tick(choice.value)

    def _choose(self, whom: object) -> None:
        self._tick(whom)
        self.changed.emit()

    def _tick(self, whom: object) -> None:
        """Whose certificate lies here has completed the course."""
        if whom in self._people and whom not in self._who.chosen:
            self._who.tick({*self._who.chosen, whom})

    def _take_out(self, part: QWidget, *_: object) -> None:
        self._lines = [line for line in self._lines if line[2] is not part]
        part.hide()
        part.deleteLater()
        self.changed.emit()


def _text(whom: object) -> str:
    if whom == _EVERYBODY:
        return "all"
    return ids.to_text(whom) if isinstance(whom, int) and whom > 0 else ""
