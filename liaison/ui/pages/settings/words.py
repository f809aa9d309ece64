"""Lists of words: what people choose from in forms; words are added, renamed, no longer offered."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from liaison.services import words
from liaison.store import history as log
from liaison.ui import theme
from liaison.ui.pages.settings.section import CardsSection, Unrolling
from liaison.ui.parts.answers import BegunAnswer, asked_about, finishing
from liaison.ui.parts.quick import FormPopover
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import (
    Button,
    Columns,
    ComboBox,
    Divider,
    Elided,
    Field,
    FlowRow,
    LineEdit,
    StateChip,
    Tag,
    Text,
    Wrap,
    at_end,
    spaced,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from liaison.errors import UserError
    from liaison.services.drafts import About
    from liaison.services.homes import OpenHome
    from liaison.services.words import Word, WordList
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_LONGEST: Final = 120
_TYPE: Final = "vocabulary_item"


class WordsSection(CardsSection):
    """The lists of words."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._lists: tuple[WordList, ...] = ()
        self.list = ComboBox()
        self.list.changed.connect(lambda _: self._show())
        self.list_field = Field("List", self.list)
        self.line = LineEdit(placeholder="Such as Podiatrist", limit=_LONGEST)
        self.line_field = Field("New word", self.line)
        self.begun: BegunAnswer | None = None
        """What is typed as a new word for the list that is shown."""
        self.add = Button("Add the word", "plus", beside_field=True)
        self.add.clicked.connect(self._add)
        self.cancel = Button("Cancel", beside_field=True)
        self.cancel.setAccessibleName("Cancel the new word")
        self.cancel.setEnabled(False)
        self.cancel.clicked.connect(self._give_up)
        self.line.returnPressed.connect(self._add)
        self.line.textEdited.connect(lambda _: self.line_field.set_error(None))
        self.line.textChanged.connect(lambda text: self.cancel.setEnabled(bool(text)))
        card = self.card(
            "Lists of words",
            "What people choose from in forms. A word that is no longer offered stays with the "
            "records that have it.",
        )
        adding = QWidget()
        row = spaced(QHBoxLayout(adding), 12)
        row.addWidget(self.line_field, 1)
        # beside the line, below its label
        row.addWidget(_under_a_label(self.cancel, self.add), 0, Qt.AlignmentFlag.AlignTop)
        card.add(Columns([(self.list_field, 1), (adding, 2)], top=True))
        self.rows = Unrolling(0)
        self.rows.setAccessibleName("Words")
        self._words_card = self.card("")
        self._words_card.add(self.rows, 1)
        self.sheet.body.setStretchFactor(self._words_card, 1)
        self._scale = theme.scale()
        theme.current().changed.connect(self._resize)
        self._fit()

    def _resize(self) -> None:
        # never while Qt hands out StyleChange: it walks over widgets that would be made anew
        if self._scale != theme.scale():
            self._scale = theme.scale()
            self._fit()
            self._show()

    def _fit(self) -> None:
        self._words_card.setMinimumHeight(theme.px(240))

    def showEvent(self, event: QShowEvent) -> None:
        """Say when the word was typed that still waits here."""
        super().showEvent(event)
        if self.begun is not None:
            self.begun.remind()

    # ---- what is shown

    def refresh(self) -> None:
        """Read the lists anew."""
        self.desk.jobs.read(
            words.word_lists, self._read, self.desk.trouble, latest=(id(self), "words"), owner=self
        )

    def _read(self, lists: tuple[WordList, ...]) -> None:
        self._lists = lists
        before = self.list.value
        self.list.set_choices([(one.vocabulary, one.title) for one in lists])
        self.list.set_value(before or lists[0].vocabulary)
        self._show()

    def show_list(self, vocabulary: str) -> None:
        """Show a list."""
        self.list.set_value(vocabulary)
        self._show()

    def show_record(self, type_name: str, identity: int) -> None:
        """Show the list that a word is on."""

        def read(store: Store) -> str:
            found = store.get(type_name, identity)
            return str(getattr(found, "vocabulary", None) or "")

        def show(vocabulary: str) -> None:
            if any(one.vocabulary == vocabulary for one in self._lists):
                self.show_list(vocabulary)

        self.desk.jobs.read(read, show, self.desk.trouble, owner=self)

    @property
    def _list(self) -> WordList | None:
        return next((one for one in self._lists if one.vocabulary == self.list.value), None)

    def _show(self) -> None:
        shown = self._list
        if shown is None:
            return
        self._take_up(shown.vocabulary)
        bar = self.rows.area.verticalScrollBar()
        place = bar.value()
        self.rows.empty()
        for number, word in enumerate(shown.words):
            if number:
                self.rows.put(Divider())
            self.rows.put(_Row(word, self._rename, self._turn))
        self.rows.body.addStretch(1)
        bar.setValue(place)
        offered = sum(not word.retired for word in shown.words)
        self._words_card.set_title(shown.title)
        self._words_card.set_note(f"{offered} offered")
        self.list_field.set_hint(f"Used for: {', '.join(shown.used).lower()}")

    def _take_up(self, vocabulary: str) -> None:
        """Keep a new word for the list that is shown; what is being typed goes along to it."""
        before, typed = self.begun, self.line.text()
        about = asked_about(_TYPE, None, f"add/{vocabulary}")
        if before is not None:
            if before.about == about:
                return
            if before.touched:
                before.forget()
            else:
                typed = ""
            before.put_away()
        self.line.clear()
        self.begun = BegunAnswer(self.desk, about, {"word": self.line}, self, whole=True)
        if typed:
            self.line.setText(typed)
            self.begun.note("word")
        self.begun.look()

    # ---- what is done

    def _add(self) -> None:
        shown, begun, typed = self._list, self.begun, self.line.text()
        label = " ".join(typed.split())
        if not label:
            self.line_field.set_error("Type the word first.")
            self.line.setFocus()
            return
        if shown is None or begun is None or self.line_field.error:
            return
        name = shown.vocabulary

        def done(changes: tuple[int, ...]) -> None:
            # else the next is being typed already
            if self.line.text() == typed and (now := self.begun) is not None:
                self.line.clear()
                self.line.setFocus()
                # what went along to another list meanwhile is a draft there
                (now.used if now is begun else now.forget)()
            offer_undo(self.desk, f"{label} added.", changes)

        begun.let_go()
        work = finishing(begun.about, lambda home: words.add(home, name, label))
        self._do(work, done, self._refuse)

    def _give_up(self) -> None:
        """Forget the word that is being typed."""
        self.line.setFocus()
        self.line.clear()
        self.line_field.set_error(None)
        if self.begun is not None:
            self.begun.forget()
            self.begun.used()

    def _refuse(self, error: UserError) -> None:
        if self.begun is not None:
            self.begun.refused()
        self.line_field.set_error(f"{error.what} {error.do}".strip())
        self.line.setFocus()

    def _rename(self, word: Word, anchor: QWidget) -> None:
        shown = self._list
        if shown is not None:
            name = shown.vocabulary
            about = asked_about(_TYPE, None, f"rename/{name}/{word.value}")
            popover = RenamePopover(self.desk, about, word, anchor)

            def wanted(label: str) -> None:
                def done(changes: tuple[int, ...]) -> None:
                    # closed meanwhile, where the write had to wait
                    if isValid(popover):
                        popover.done()
                    words_now = f"{word.label} is now called {label}."
                    offer_undo(self.desk, words_now, changes)

                def refused(error: UserError) -> None:
                    (popover.refuse if isValid(popover) else self.desk.trouble)(error)

                self._do(
                    finishing(about, lambda home: words.rename(home, name, word.value, label)),
                    done,
                    refused,
                )

            popover.wanted = wanted
            popover.open()

    def _turn(self, word: Word) -> None:
        shown = self._list
        if shown is None:
            return
        name = shown.vocabulary
        work = words.offer if word.retired else words.retire
        said = f"{word.label} is {'offered again' if word.retired else 'no longer offered'}."
        self._do(
            lambda home: work(home, name, word.value),
            functools.partial(offer_undo, self.desk, said),
            self.desk.trouble,
        )

    def _do(
        self,
        work: Callable[[OpenHome], int],
        done: Callable[[tuple[int, ...]], object],
        failed: Callable[[UserError], object],
    ) -> None:
        """Change a word, and tell which changes that were."""

        def write(home: OpenHome) -> tuple[int, ...]:
            entries = log.history(home.store, _TYPE, work(home))
            # the record may have been there already, with changes of its own
            newest = max(entry.unit for entry in entries)
            return tuple(entry.id for entry in entries if entry.unit == newest)

        self.desk.jobs.write(write, done, failed, owner=self)


class _Row(QWidget):
    """One word with what it is and what can be done with it."""

    def __init__(
        self,
        word: Word,
        rename: Callable[[Word, QWidget], object],
        turn: Callable[[Word], object],
    ) -> None:
        super().__init__()
        row = spaced(QHBoxLayout(self), 8, (0, 5, 0, 5))
        label = Elided(word.label, "muted" if word.retired else "label")
        marks: list[QWidget] = []
        if word.was:
            marks.append(Text(f"comes as “{word.was}”", "secondary"))
        if word.retired:
            marks.append(StateChip("none", "No longer offered"))
        marks.append(
            Tag("badge-check", "Comes with Liaison") if word.ships else Tag("pencil", "Your own")
        )
        if theme.roomy():
            row.addWidget(label, 1)
            for mark in marks:
                row.addWidget(mark)
        else:
            # large text: what the word is stands below it
            said = spaced(QVBoxLayout(), 8)
            said.addWidget(label)
            said.addWidget(FlowRow(marks))
            row.addLayout(said, 1)
        self.rename = Button("Rename", role=Button.QUIET, small=True)
        self.rename.setAccessibleName(f"Rename {word.label}")
        self.rename.clicked.connect(lambda: rename(word, self.rename))
        self.turn = Button("Offer again" if word.retired else "Retire", small=True)
        self.turn.setAccessibleName(f"{self.turn.words}: {word.label}")
        self.turn.clicked.connect(lambda: turn(word))
        row.addWidget(self.rename)
        row.addWidget(self.turn)
        self.word = word


class RenamePopover(FormPopover):
    """Asks what a word is to be called; what is typed is a draft until it is.

    Args:
        desk: The desk.
        about: Where the draft is kept.
        word: The word.
        anchor: What was pressed.
    """

    def __init__(self, desk: Desk, about: About, word: Word, anchor: QWidget) -> None:
        super().__init__(anchor, f"Rename {word.label}", 360)
        self.wanted: Callable[[str], object] = lambda _: None
        self.line = LineEdit(word.label, limit=_LONGEST)
        self.field = Field("Shown as", self.line)
        self.save_button = Button("Rename", "check", Button.PRIMARY)
        self.save_button.clicked.connect(self._save)
        self.line.returnPressed.connect(self._save)
        self.keep = Button("Keep it")
        self.begun = BegunAnswer(desk, about, {"label": self.line}, self, whole=True)
        self.closed.connect(self.begun.let_go)
        self.keep.clicked.connect(self.begun.forget)
        self.keep.clicked.connect(self.done)
        self.body.addWidget(Wrap(f"Rename “{word.label}”", "card"))
        self.body.addWidget(self.field)
        self.body.addLayout(at_end(self.keep, self.save_button))
        self.line.selectAll()

    def open(self) -> None:
        """Show it, with what was typed here before."""
        super().open()
        self.begun.look()

    def _save(self) -> None:
        label = " ".join(self.line.text().split())
        if self.begun.held:
            return
        if not label:
            self.field.set_error("Type what it is to be called.")
        elif not self.field.error:
            # until it is done or refused, nothing more is kept than what is asked for now
            self.begun.hold()
            self.wanted(label)

    def refuse(self, error: UserError) -> None:
        """Say why not."""
        self.begun.refused()
        self.field.set_error(f"{error.what} {error.do}".strip())
        self.line.setFocus()


def _under_a_label(*parts: QWidget) -> QWidget:
    """Return a row of controls as high up as those that have a label above them."""
    made = QWidget()
    column = spaced(QVBoxLayout(made), 4)
    column.addWidget(Text(" ", "label"))
    row = spaced(QHBoxLayout(), 8)
    for part in parts:
        row.addWidget(part)
    column.addLayout(row)
    return made
