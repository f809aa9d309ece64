"""The NHS's list of practices: add one while typing, and accept what a newer list says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from liaison.security.roles import Action, who_may
from liaison.ui.page import Page
from liaison.ui.pages.ods import facts
from liaison.ui.pages.ods.lines import DifferenceLine, FoundLine
from liaison.ui.parts.asking_files import ask_for_file
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    EmptyState,
    Field,
    FlowRow,
    LineEdit,
    PageHeader,
    ProgressLine,
    ScrollPage,
    StateChip,
    Text,
    Wrap,
    announce,
    spaced,
)

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.ods import Difference
    from liaison.ui.desk import Desk
    from liaison.ui.job import Job
    from liaison.ui.pages.ods.facts import Added, Compared, Found, Taken

_KINDS: Final = ("The NHS's list (*.csv *.zip)", "All files (*)")
_WHERE: Final = (
    'The NHS Organisation Data Service gives the list away as the file "epraccur.csv", under GP and '
    "GP practice related data. Download it in a browser, then choose it here or drop it on the "
    "window, with or without the ZIP file around it."
)
_TYPING_MS: Final = 80
_MOST: Final = 100
_CHIPS: Final[Mapping[str, tuple[str, str]]] = {
    "Renamed": ("renamed", "renamed"),
    "Closed": ("closed", "closed"),
    "New phone number": ("new phone number", "new phone numbers"),
    "New address": ("new address", "new addresses"),
}


class PracticesPage(Page):
    """Looks practices up in the NHS's list and compares it with the directory; for managers."""

    name: ClassVar[str] = "practices"
    title: ClassVar[str] = "NHS practices"
    icon: ClassVar[str] = "stethoscope"
    roles: ClassVar[frozenset[str]] = frozenset(who_may(Action.IMPORT))
    reads: ClassVar[frozenset[str]] = frozenset({"organisation", "resident"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.dialog: QFileDialog | None = None
        self._file: Path | None = None
        self._compared: Compared | None = None
        self._look: Job | None = None
        self.lines: list[DifferenceLine] = []
        self.found: list[FoundLine] = []
        self.choose = Button("Choose the list", "folder-open")
        self.choose.clicked.connect(self._ask)
        self.header = PageHeader(
            "NHS practices", "GP practices by the NHS's own list.", [self.choose]
        )
        sheet = ScrollPage()
        sheet.body.addWidget(self.header)
        self.line = ProgressLine("Reading the list")
        self.line.hide()
        self.banner = Banner("late", "")
        self.banner.hide()
        sheet.body.addWidget(self.line)
        sheet.body.addWidget(self.banner)
        self.empty = Card()
        self.nothing = EmptyState(
            "stethoscope", "No list yet", _WHERE, "Choose the list", action_icon="folder-open"
        )
        self.nothing.pressed.connect(self._ask)
        self.empty.add(self.nothing)
        self.empty.hide()
        sheet.body.addWidget(self.empty)
        sheet.body.addWidget(self._adding())
        sheet.body.addWidget(self._newer())
        sheet.body.addStretch(1)
        spaced(QVBoxLayout(self), 0).addWidget(sheet)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._look_up)

    def show_argument(self, argument: object) -> None:
        """Read the file that was gone to with, such as one dropped on the window.

        Args:
            argument: A mapping with the file under ``file``.
        """
        file = argument.get("file") if isinstance(argument, Mapping) else None
        if isinstance(file, str | Path):
            self.use_file(Path(file))

    def refresh(self) -> None:
        """Read whether there is a list, and compare it anew if the directory has changed."""
        self.desk.jobs.read(
            facts.lines_loaded, self._show_loaded, self.desk.trouble, latest=(id(self), "count"),
            owner=self,
        )  # fmt: skip
        file = self._file
        if file is not None and self._compared is not None:
            self._end_look()
            self._look = self.desk.jobs.look(
                lambda home, _: facts.compare(home, file),
                self._show_compared,
                self._file_gone,
                owner=self,
            )
        if self.typed.text().strip():
            self._look_up()

    def _end_look(self) -> None:
        """Let a comparison fall away that another one follows."""
        if self._look is not None:
            self._look.cancel()

    def _show_loaded(self, lines: int) -> None:
        self.empty.setVisible(not lines)
        self.adding.setVisible(bool(lines))
        words = f"GP practices by the NHS's own list: {lines:,} lines are loaded." if lines else ""
        self.header.set_subtitle(words or "GP practices by the NHS's own list.")
        self.choose.set_words("Choose a newer list" if lines else "Choose the list")
        self.choose.setVisible(bool(lines))
        self.filled.emit()

    # ---- the file

    def _ask(self) -> None:
        self.dialog = ask_for_file(self, "Choose the NHS's list", _KINDS, self.use_file)

    def use_file(self, file: Path) -> None:
        """Load a list and compare it with the directory."""
        self.banner.hide()
        self.line.show()
        self.desk.jobs.write(
            lambda home: facts.load(home, file),
            partial(self._loaded, file),
            self._cannot_read,
            owner=self,
        )

    def _loaded(self, file: Path, compared: Compared) -> None:
        self.line.hide()
        # one with the file before may be under way
        self._end_look()
        self._file = file
        if compared.loaded is not None:
            self._show_loaded(compared.loaded.lines)
            number = compared.loaded.practices
            self.banner.say("ok", f"{number:,} open GP practices are there to be looked up.")
        self._show_compared(compared)

    def _cannot_read(self, error: UserError) -> None:
        self.line.hide()
        self.banner.say("late", str(error))

    def _file_gone(self, error: UserError) -> None:
        self._file = None
        self.banner.say("due", f"The list cannot be compared anew. {error}")

    # ---- add a practice

    def _adding(self) -> Card:
        self.adding = Card("Add a practice")
        self.typed = LineEdit(limit=200)
        self.typed.textEdited.connect(lambda _: self._typing.start())
        self.adding.add(
            Field(
                "Part of its name, town or postcode",
                self.typed,
                'Such as "meadow", "BA1" or "south street bath".',
            )
        )
        self._results = QWidget()
        self._results_column = spaced(QVBoxLayout(self._results), 2)
        self._results.setAccessibleName("Practices found")
        self.adding.add(self._results)
        self.no_results = Text("", "secondary")
        self.no_results.hide()
        self.adding.add(self.no_results)
        self.adding.hide()
        return self.adding

    def _look_up(self) -> None:
        typed = self.typed.text().strip()
        if not typed:
            self._show_found("", ())
            return
        self.desk.jobs.read(
            facts.search(typed), partial(self._show_found, typed), self._cannot_read,
            latest=(id(self), "search"), owner=self,
        )  # fmt: skip

    def _show_found(self, typed: str, found: Sequence[Found]) -> None:
        _clear(self._results_column)
        self.found = []
        for one in found:
            line = FoundLine(one)
            line.added.connect(self._add)
            line.opened.connect(lambda identity: self.desk.open("organisation", identity))
            self._results_column.addWidget(line)
            line.show()
            self.found.append(line)
        self.no_results.setText(f"No practice with {typed!r} in its name, town or postcode.")
        self.no_results.setVisible(bool(typed) and not found)
        if typed:
            announce(self.typed, f"{len(found)} found" if found else self.no_results.text())

    def _add(self, code: str) -> None:
        self.desk.jobs.write(
            lambda home: facts.add(home, code), self._added, self._cannot_read, owner=self
        )

    def _added(self, added: Added) -> None:
        offer_undo(self.desk, f"{added.name} was added to the directory.", added.changes)

    # ---- a newer list

    def _newer(self) -> Card:
        self.newer = Card("What the list says otherwise than the directory")
        self.chips = FlowRow()
        self.told = Wrap("", "secondary", widest=760)
        self._differences = QWidget()
        self._column = spaced(QVBoxLayout(self._differences), 12)
        self.all = Button("Accept all", "check-check", Button.PRIMARY)
        self.all.clicked.connect(lambda: self._accept(None))
        self.nobody_moves = Wrap(
            "No resident is moved, and visits keep the name of their day. One Undo takes back what "
            "is accepted at once.",
            "muted",
            widest=760,
        )
        for part in (self.chips, self.told, self.nobody_moves, self._differences):
            self.newer.add(part)
        row = spaced(QHBoxLayout(), 12)
        row.addWidget(self.all)
        row.addStretch(1)
        self.newer.add(row)
        self.newer.hide()
        return self.newer

    def _show_compared(self, compared: Compared) -> None:
        self._compared = compared
        found = compared.differences.found
        self.chips.clear()
        kinds = [facts.words_of(one)[0] for one in found]
        for kind, (one_word, words) in _CHIPS.items():
            if number := kinds.count(kind):
                said = f"{number:,} {one_word if number == 1 else words}"
                chip = StateChip("late" if kind == "Closed" else "due", said)
                self.chips.flow.addWidget(chip)
                chip.show()
        self.chips.setVisible(bool(found))
        self.told.setText(_told(compared))
        _clear(self._column)
        self.lines = []
        for one in found[:_MOST]:
            line = DifferenceLine(one, compared.residents.get(one.code, ()))
            line.accepted.connect(self._accept)
            self._column.addWidget(line)
            line.show()
            self.lines.append(line)
        if len(found) > _MOST:
            more = f"And {len(found) - _MOST:,} more; Accept all takes them too."
            self._column.addWidget(Text(more, "secondary"))
        self._differences.setVisible(bool(found))
        self.nobody_moves.setVisible(bool(found))
        self.all.setVisible(bool(found))
        self.all.set_words(f"Accept all {len(found):,}" if len(found) > 1 else "Accept it")
        self.newer.show()

    def _accept(self, one: Difference | None) -> None:
        compared = self._compared
        if compared is None:
            return
        which = list(compared.differences.found) if one is None else [one]
        self.all.setEnabled(False)
        self.desk.jobs.write(
            lambda home: facts.accept(home, compared.differences, which),
            self._accepted,
            self._not_accepted,
            owner=self,
        )

    def _accepted(self, taken: Taken) -> None:
        self.all.setEnabled(True)
        words = f"{taken.done:,} change{'' if taken.done == 1 else 's'} taken over from the list."
        if taken.left:
            words += f" {taken.left:,} left: somebody changed the directory meanwhile."
        offer_undo(self.desk, words, taken.changes)
        if not taken.changes:
            self.refresh()

    def _not_accepted(self, error: UserError) -> None:
        self.all.setEnabled(True)
        self.banner.say("late", str(error))


def _told(compared: Compared) -> str:
    differences = compared.differences
    if not differences.compared and not compared.unlisted:
        return "The directory has no practice with an NHS code yet. Add one above."
    number = differences.compared
    said = f"{number:,} practice{'' if number == 1 else 's'} of the directory compared."
    if not differences.found and not differences.dormant:
        said += " Nothing is different."
    if differences.dormant:
        names = ", ".join(differences.dormant.values())
        said += (
            f" Dormant in this list, so on it but seeing nobody: {names}. Ring them before "
            "you rely on them; nothing is changed."
        )
    if compared.unlisted:
        said += f" Not in this list: {', '.join(compared.unlisted)}."
    return said


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
