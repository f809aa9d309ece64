"""The residents of a visit and the note that is open: added, taken out, moved, gone through."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget
from shiboken6 import isValid

from liaison.records.rules.same_name import name_key, with_room_and_birth
from liaison.ui.pages.record_visit import facts
from liaison.ui.pages.record_visit.beginning import Beginning
from liaison.ui.pages.record_visit.grid import Grid
from liaison.ui.pages.record_visit.note import NoteForm
from liaison.ui.pages.record_visit.seen import Line, ResidentsCard, line_of, room_label
from liaison.ui.pages.record_visit.typed import (
    HAPPENED,
    Note,
    is_nothing,
    new_part,
    reference,
)
from liaison.ui.parts import reason
from liaison.ui.parts.editors import Around
from liaison.ui.widgets import announce

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.visit_templates import Template
    from liaison.services.visits import WholeVisit
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.facts import Opening, Seen
    from liaison.ui.pages.record_visit.typed import Sheet
    from liaison.ui.parts.facts import Candidate


class Notes(QObject):
    """The list of residents, the note beside it, and what stands there before there is one.

    Args:
        desk: The desk.
        around: What editors are given, once the form is filled in.
        keep_unseen: Keeps what is on the sheet as a draft after the form was left; told whose note
            came back.
    """

    changed = Signal()
    """Somebody typed or chose something."""
    correcting = Signal()
    """A saved note is about to be moved or struck through here: the visit must be read anew."""

    def __init__(
        self,
        desk: Desk,
        around: Callable[[], Around],
        keep_unseen: Callable[[str], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self.keep_unseen = keep_unseen
        self._sheet: Sheet | None = None
        self._whole: WholeVisit | None = None
        self._residents: dict[int, Seen] = {}
        self.is_over = False
        """Whether the visit is saved, so that nothing comes back to it any more."""
        self.people = ResidentsCard(desk)
        self.note = NoteForm(around)
        self.beginning = Beginning(desk)
        self.right = QWidget()
        self._pages = QStackedLayout(self.right)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.beginning)
        self._pages.addWidget(self.note)
        self.grid = Grid()
        self._pages.addWidget(self.grid)
        self._template: Template | None = None
        self._day: dt.date | None = None
        self._connect()

    def _connect(self) -> None:
        self.people.list.opened.connect(self.open_note)
        self.people.list.take_out.connect(self.take_out)
        self.people.added.connect(self.add_resident)
        self.people.chosen_instead.connect(self._now_about)
        self.people.finder.aside = self._aside
        self.note.changed.connect(self.changed)
        self.note.next_asked.connect(self.next_resident)
        self.note.take_out_asked.connect(lambda: self.take_out(self.sheet.open))
        self.note.other_asked.connect(self._other_resident)
        self.note.strike_asked.connect(self._strike)
        self.beginning.add_asked.connect(self.people.ask)
        self.grid.answered.connect(self._answer)
        self.grid.one_by_one.connect(self._write_one_by_one)

    @property
    def sheet(self) -> Sheet:
        """The visit as it is being typed."""
        assert self._sheet is not None  # noqa: S101  # the form is filled in
        return self._sheet

    def make(self, words: Vocabularies) -> None:
        """Make the fields of a note, once the home's lists of choices are known."""
        if not self.note.is_filled:
            # none of its fields names another record
            self.note.fill(Around(self._desk, words, {}))

    def show_opening(self, opening: Opening) -> None:
        """Show a visit's notes, whose fields were made before."""
        self._sheet = opening.sheet
        self._whole = opening.whole
        self._residents = dict(opening.residents)
        if self.sheet.open < 0 and self.sheet.notes:
            self.sheet.open = 0
        self.show_open()

    def now_saved(self, whole: WholeVisit) -> None:
        """Go on with a visit that is saved now."""
        self._whole = whole
        self.show_lines()

    # ---- what is shown

    def seen(self, note: Note) -> Seen:
        """Return whom a note is about."""
        return self._residents.get(note.resident) or facts.Seen(note.resident, "")

    def names(self) -> list[str]:
        """Return the name of each note's resident."""
        return [self.seen(note).name for note in self.sheet.notes]

    def show_lines(self) -> None:
        """Show in the list how far each note is."""
        planned = self.sheet.status != HAPPENED
        lines: list[Line] = [
            line_of(note, self.seen(note), is_open=n == self.sheet.open, planned=planned)
            for n, note in enumerate(self.sheet.notes)
        ]
        called = collections.Counter(line.seen.name for line in lines)
        lines = [dataclasses.replace(line, twin=called[line.seen.name] > 1) for line in lines]
        self.people.show_lines(lines, self.sheet.open)
        self.note.show_next(self._following())

    # ---- many at once

    @property
    def is_grid(self) -> bool:
        """Whether residents are written about in a line each."""
        answers = self._template is not None and self._template.answers
        return bool(self.sheet.many and answers and self.sheet.status == HAPPENED)

    def use_template(self, template: Template | None, day: dt.date) -> None:
        """Fill in what is usual, and remember it for residents who are added later.

        Args:
            template: The template; None for none.
            day: The day of the visit.
        """
        self._template, self._day = template, day
        for note in self.sheet.notes:
            self._fill_in(note)

    def know_template(self, template: Template | None, day: dt.date) -> None:
        """Know of the usual kind of visit that is chosen, without filling anything in."""
        self._template, self._day = template, day

    def _fill_in(self, note: Note) -> None:
        template = self._template
        if template is None or note.entry.id is not None:
            return
        if is_nothing(note.entry.get("raised")) and template.raised:
            note.entry.typed["raised"] = template.raised

    def _show_grid(self) -> None:
        template, day = self._template, self._day
        assert template is not None  # noqa: S101  # it has the answers
        assert day is not None  # noqa: S101  # it came with the template
        self.people.hide()
        self._pages.setCurrentWidget(self.grid)

        def show(living: Sequence[Seen]) -> None:
            if not self.is_grid:
                return
            known = {one.id: one for one in living}
            for note in self.sheet.notes:
                known.setdefault(note.resident, self.seen(note))
            self._residents.update(known)
            first = not self.grid.rows
            self.grid.show_residents(list(known.values()), template.answers, template.ask)
            self.grid.show_notes(self.sheet.notes)
            if first:
                self.grid.focus_first()

        if self.grid.rows:
            self.grid.show_notes(self.sheet.notes)
        self._desk.jobs.read(
            lambda store: facts.living_here(store, day),
            show,
            self._desk.trouble,
            latest=(id(self), "living"),
            owner=self,
        )

    def _answer(self, resident: int, found: str) -> None:
        """Keep what was found of a resident; one without it is not on the visit."""
        note = next((note for note in self.sheet.notes if note.resident == resident), None)
        if note is None:
            note = Note(new_part("visit_entry", resident=reference(resident)))
            self._fill_in(note)
            self.sheet.notes.append(note)
        note.entry.typed["found"] = found
        note.wrong.pop("found", None)
        if not found and note.entry.id is None and not any(a.begun for a in note.actions):
            self.sheet.notes.remove(note)
        self.sheet.open = min(max(self.sheet.open, 0), len(self.sheet.notes) - 1)
        self.changed.emit()

    def _write_one_by_one(self) -> None:
        self.sheet.many = False
        self.changed.emit()
        self.show_open()

    def show_open(self) -> None:
        """Show the note that is open; what a visit begins with if none is."""
        if self.is_grid:
            self._show_grid()
            return
        if self.people.isHidden() and self._pages.currentWidget() is self.grid:
            self.people.show()
        place = self.sheet.open
        if 0 <= place < len(self.sheet.notes):
            note = self.sheet.notes[place]
            self.note.show_note(
                note, self.seen(note), self._following(), required=self.sheet.status == HAPPENED
            )
            self._pages.setCurrentWidget(self.note)
        else:
            self.sheet.open = -1
            self._pages.setCurrentWidget(self.beginning)
        self.show_lines()

    def _following(self) -> str:
        place = self._next_place()
        if place is None:
            return ""
        seen = self.seen(self.sheet.notes[place])
        same = [note for note in self.sheet.notes if _same_name(self.seen(note), seen)]
        # what is known of them is read a moment after they were chosen
        alone = len(same) == 1 or not (seen.room or seen.born)
        return seen.name if alone else with_room_and_birth(seen.name, seen.room, seen.born)

    def _next_place(self) -> int | None:
        """Return the next resident about whom nothing is written yet, from the open one on."""
        count, at = len(self.sheet.notes), self.sheet.open
        for step in range(1, count):
            place = (at + step) % count
            if not self.sheet.notes[place].written:
                return place
        return None

    def open_note(self, place: int, *, focus: bool = False) -> None:
        """Open the note about a resident.

        Args:
            place: Their place in the list.
            focus: Whether to put the cursor into it.
        """
        if place != self.sheet.open and 0 <= place < len(self.sheet.notes):
            self.sheet.open = place
            self.show_open()
        if focus:
            self.note.focus_first()

    def next_resident(self) -> None:
        """Go on with the next resident about whom nothing is written yet."""
        place = self._next_place()
        if place is not None:
            self.open_note(place, focus=True)

    def next_in_list(self, by: int = 1) -> None:
        """Open the next resident in the list, after the last the first."""
        if self.is_grid:
            return
        if count := len(self.sheet.notes):
            self.open_note((self.sheet.open + by) % count, focus=True)
            announce(self.people.list, self.note.name.text())

    def _aside(self) -> Mapping[int, str]:
        """Return the residents who are no choice for another note; whom it is about is left out."""
        about = self.people.instead
        return {
            note.resident: "" if note is about else "already on this visit"
            for note in self.sheet.notes
        }

    def focus_follow_ups(self) -> None:
        """Put the cursor where what follows is written."""
        if self.sheet.open >= 0 and not self.is_grid:
            self.note.follow_ups.focus()

    def _say_already(self, place: int) -> None:
        """Open the note of somebody who is on the visit already, and say so."""
        self.open_note(place)
        self.note.fields.editor("found").control.setFocus(Qt.FocusReason.OtherFocusReason)
        seen = self.seen(self.sheet.notes[place])
        room = f", {room_label().lower()} {seen.room}," if seen.room else ""
        self._desk.say(f"{seen.name}{room} is on this visit already.")

    def add_resident(self, candidate: Candidate) -> None:
        """Add a resident and open their note; one who is there already is only opened."""
        for place, note in enumerate(self.sheet.notes):
            if note.resident == candidate.id:
                self._say_already(place)
                return
        announce(self.people.list, f"{candidate.words} added")
        entry = new_part("visit_entry", resident=reference(candidate.id))
        self.sheet.notes.append(Note(entry))
        self._fill_in(self.sheet.notes[-1])
        self._residents[candidate.id] = facts.Seen(candidate.id, candidate.words)
        self.sheet.open = len(self.sheet.notes) - 1
        self.changed.emit()
        self.show_open()
        self.note.focus_first()
        self._learn_resident(candidate.id)

    def _learn_resident(self, identity: int) -> None:
        def learned(seen: Seen) -> None:
            self._residents[identity] = seen
            self.show_lines()
            place = self.sheet.open
            if 0 <= place < len(self.sheet.notes) and self.sheet.notes[place].resident == identity:
                self.note.show_resident(seen)

        self._desk.jobs.read(lambda store: facts.seen(store, identity), learned, owner=self)

    def take_out(self, place: int) -> None:
        """Take a resident out who was not saved yet; what was typed comes back with Undo."""
        note = self.sheet.notes[place]
        if note.entry.id is not None:
            self._strike()
            return
        name = self.seen(note).name
        self.sheet.notes.pop(place)
        self.sheet.open = min(self.sheet.open, len(self.sheet.notes) - 1)
        self.changed.emit()
        self.show_open()

        desk, sheet, keep_unseen = self._desk, self.sheet, self.keep_unseen

        def undo() -> None:
            if self.is_over:
                desk.say(f"The visit was saved without {name}.")
                return
            sheet.notes.insert(min(place, len(sheet.notes)), note)
            sheet.open = sheet.notes.index(note)
            if isValid(self):
                self.changed.emit()
                self.show_open()
            else:
                keep_unseen(name)

        desk.say(f"{name} taken out.", undo)

    def _other_resident(self) -> None:
        note = self.sheet.notes[self.sheet.open]
        record = self._record(note)
        if record is not None:
            self.correcting.emit()
            reason.MovePopover(self.note.menu_button, self._desk, record).open()
            return
        self.people.ask(note)

    def _now_about(self, note: Note, candidate: Candidate) -> None:
        for place, other in enumerate(self.sheet.notes):
            if other is not note and other.resident == candidate.id:
                self._say_already(place)
                return
        note.entry.typed["resident"] = reference(candidate.id)
        self._residents[candidate.id] = facts.Seen(candidate.id, candidate.words)
        self.changed.emit()
        self.show_open()
        self._learn_resident(candidate.id)

    def _record(self, note: Note) -> Any:
        entries = self._whole.entries if self._whole is not None else ()
        return next((x.record for x in entries if x.id == note.entry.id), None)

    def _strike(self) -> None:
        note = self.sheet.notes[self.sheet.open]
        record = self._record(note)
        if record is not None:
            self.correcting.emit()
            reason.strike(self.note, self._desk, record, f"the note about {self.seen(note).name}")


def _same_name(one: Seen, other: Seen) -> bool:
    return name_key(one.name) == name_key(other.name)
