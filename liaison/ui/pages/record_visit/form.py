"""One visit as it is written: the strip, the residents, the note that is open, its draft."""

from __future__ import annotations

import collections
import dataclasses
import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from liaison.records.parsing import Reader
from liaison.services import drafts
from liaison.services.editing import Unfit
from liaison.ui import clock, theme
from liaison.ui.pages.record_visit import facts, saving, versions
from liaison.ui.pages.record_visit.beginning import Beginning
from liaison.ui.pages.record_visit.note import NoteForm
from liaison.ui.pages.record_visit.seen import Line, ResidentsCard, line_of, room_label
from liaison.ui.pages.record_visit.strip import Strip
from liaison.ui.pages.record_visit.typed import HAPPENED, PLANNED, Note, new_part, reference
from liaison.ui.parts import reason
from liaison.ui.parts.editors import Around
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Banner, Columns, ScrollPage, announce, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.drafts import About, Draft
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.facts import Expected, Opening, Seen, Visitor
    from liaison.ui.pages.record_visit.saving import Kept, Ready, Wrong
    from liaison.ui.pages.record_visit.typed import Sheet
    from liaison.ui.parts.facts import Candidate


class VisitForm(QWidget):
    """A new visit, or one that is gone on with or corrected.

    Args:
        desk: The desk.
        about: Where its draft is kept.
        sheet: What a new one starts from; None for one that is saved.
        happened: Whether a planned visit is recorded now as one that has happened.
    """

    ready = Signal()
    """It is filled in and can be typed into."""
    told = Signal(str, str, str)
    """How safe what was typed is: words, icon, and the icon's colour."""
    saved = Signal(object)
    """It was saved (a :class:`Kept`)."""
    status_changed = Signal()
    """It lies ahead now, or does not any more."""
    planned_asked = Signal(object)
    """Somebody wants to record this planned visit instead (its id)."""
    working = Signal(bool)
    """Whether it is being saved."""

    def __init__(
        self,
        desk: Desk,
        about: About,
        sheet: Sheet | None = None,
        *,
        happened: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.about = about
        self._sheet = sheet
        self._happened = happened
        self._opening: Opening | None = None
        self._residents: dict[int, Seen] = {}
        self._names: dict[tuple[str, int], Candidate] = {}
        self._saving = False
        self._done = False
        self._again: Any = None
        self._reread = False
        self.begun = False
        """Whether anything was typed, now or before: there is a draft of it."""
        self.keeper = Keeper(desk, about, self._to_keep, self)
        self.keeper.kept.connect(self._tell_kept)
        self.keeper.failed.connect(self._tell_not_kept)
        self.banner = Banner("late", "")
        self.banner.hide()
        self.banner.pressed.connect(self._press_banner)
        self.strip = Strip(desk)
        self.people = ResidentsCard(desk)
        self.note = NoteForm(self._around)
        self.beginning = Beginning(desk)
        self._lay_out()
        self._connect()
        # shown once it is filled in: half a form would flicker
        self.area.hide()
        self.keeper.find(self._found_draft)

    def _lay_out(self) -> None:
        self._right = QWidget()
        self._pages = QStackedLayout(self._right)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.beginning)
        self._pages.addWidget(self.note)
        self.area = ScrollPage(spacing=16, margins=(24, 0, 24, 14))
        self.area.body.addWidget(self.strip)
        self.area.body.addWidget(Columns([(self.people, 0), (self._right, 1)]), 1)
        over = spaced(QVBoxLayout(), 0, (24, 0, 24, 12))
        over.addWidget(self.banner)
        self._over = QWidget()
        self._over.setLayout(over)
        self._over.hide()
        column = spaced(QVBoxLayout(self), 0)
        column.addWidget(self._over)
        column.addWidget(self.area, 1)

    def _connect(self) -> None:
        self.strip.changed.connect(self._typed)
        self.strip.who_chosen.connect(self._offer_planned)
        self.beginning.record_asked.connect(self.planned_asked)
        self.strip.on_to_residents.connect(self._on_to_residents)
        self.strip.planned_changed.connect(self._status_changed)
        self.people.list.opened.connect(self.open_note)
        self.people.list.take_out.connect(self.take_out)
        self.people.added.connect(self.add_resident)
        self.people.chosen_instead.connect(self._now_about)
        self.people.finder.aside = self._aside
        self.note.changed.connect(self._typed)
        self.note.follow_ups.named.connect(self._learn_name)
        self.note.next_asked.connect(self.next_resident)
        self.note.about_visit_asked.connect(self._about_visit)
        self.note.take_out_asked.connect(lambda: self.take_out(self.sheet.open))
        self.note.other_asked.connect(self._other_resident)
        self.note.strike_asked.connect(self._strike)
        self.beginning.add_asked.connect(self.people.ask)
        self.desk.jobs.changed.connect(self._written)
        for keys, act in (
            ("Ctrl+Down", self.next_in_list),
            ("Ctrl+Up", functools.partial(self.next_in_list, -1)),
            ("Ctrl+F", self._follow_up),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the fields follow the window's height."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        # never by the height of the card itself: it follows its fields
        above = self.strip.sizeHint().height() + theme.px(16 + 14)
        self.note.share(self.area.viewport().height() - above)

    # ---- opening

    @property
    def sheet(self) -> Sheet:
        """The visit as it is being typed."""
        assert self._sheet is not None  # noqa: S101  # the form is filled in
        return self._sheet

    @property
    def whole(self) -> Any:
        """The saved visit with its versions; None for a new one."""
        return self._opening.whole if self._opening is not None else None

    @property
    def is_filled(self) -> bool:
        """Whether it can be typed into."""
        return self._opening is not None

    @property
    def is_saving(self) -> bool:
        """Whether it is being saved, and must stay until that has ended."""
        return self._saving and not self._done

    @property
    def is_saved(self) -> bool:
        """Whether it was saved."""
        return self._done

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed that would be lost."""
        return self._sheet is None or self._sheet.is_blank

    def _found_draft(self, draft: Draft | None) -> None:
        visit, sheet, happened = self.about.record, self._sheet, self._happened

        def read(store: Store) -> Opening:
            opening = facts.opening(store, visit, sheet)
            if happened:
                facts.as_happened(opening.sheet)
            if draft is not None:
                opening.sheet.take_draft(draft.typed)
                whole = versions.as_shown(opening.whole, opening.sheet, draft)
                return facts.around(store, opening.sheet, whole)
            return opening

        self.desk.jobs.read(
            read, functools.partial(self._fill, draft), self._cannot_open, owner=self
        )

    def _cannot_open(self, error: UserError) -> None:
        self._trouble(error, "Try again", functools.partial(self.keeper.find, self._found_draft))

    def _fill(self, draft: Draft | None, opening: Opening) -> None:
        self._put_away()
        self._opening = opening
        self._sheet = opening.sheet
        self._residents = dict(opening.residents)
        self._names = dict(opening.names)
        if not self.note.is_filled:
            self.note.fill()
        self.strip.show_opening(opening)
        if self.sheet.open < 0 and self.sheet.notes:
            self.sheet.open = 0
        self._show_open()
        self.area.show()
        if draft is not None:
            self.begun = True
            at = clock.ago(draft.at, self.desk.today())
            self.told.emit(f"You typed this {at}. It is as you left it.", "history", "muted")
        elif self.is_blank:
            self.told.emit("What you type is kept on this PC by itself.", "", "muted")
        self.note.set_about_visit_shown(shown=self.strip.unfolded)
        self._name_parts()
        self._share_height()
        self.refresh_beginning()
        self.focus_first()
        self.ready.emit()

    def refresh_beginning(self) -> None:
        """Read anew what a visit can begin with."""
        blank = self.is_blank and self.about.record is None and not self._planned
        self.beginning.set_blank(blank=blank)
        if blank and not self.sheet.notes:
            today = self.desk.today()

            def shown(found: tuple[Expected, ...]) -> None:
                self.beginning.show_expected(found, today)

            self.desk.jobs.read(
                lambda store: facts.expected(store, today), shown, self.desk.trouble, owner=self
            )
            self.beginning.unfinished.refresh()

    def focus_first(self) -> None:
        """Put the cursor where typing goes on."""
        if self.strip.visitor is None or not self.sheet.notes or self.strip.arrived.value is None:
            self.strip.focus_who()
        else:
            self.note.focus_first()

    def _around(self) -> Around:
        assert self._opening is not None  # noqa: S101  # the form is filled in
        return Around(self.desk, self._opening.vocabularies, self._names)

    # ---- drafts

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        return self.sheet.to_draft(), versions.shown(self.whole, self.sheet)

    def _typed(self) -> None:
        if self._done:
            return
        self.begun = True
        self.keeper.note()
        self.beginning.set_blank(blank=False)
        self._show_lines()

    def _tell_kept(self, draft: Draft) -> None:
        at = clock.hour(clock.in_london(draft.at))
        words = f"Draft kept on this PC at {at}."
        if theme.roomy():
            words += " Nothing is lost if the power goes."
        self.told.emit(words, "circle-check", "ok")
        if self._again == self.keeper.keep:
            self._put_away()

    def _tell_not_kept(self, error: UserError) -> None:
        if not self.isVisible():
            # nobody looks at this form any more
            self.desk.trouble(error)
        self.told.emit("Not kept as a draft yet.", "circle-x", "late")
        words = "What you have typed is still here, but no draft of it can be kept."
        self._say(f"{words} {error.message}", "Try again", self.keeper.keep)

    def keep(self) -> None:
        """Keep now what is not kept yet."""
        if self._opening is not None:
            self.keeper.keep()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when the form leaves the screen."""
        super().hideEvent(event)
        self.keep()

    # ---- residents

    def _seen(self, note: Note) -> Seen:
        return self._residents.get(note.resident) or facts.Seen(note.resident, "")

    @property
    def _planned(self) -> bool:
        return self.sheet.status != HAPPENED

    def _show_lines(self) -> None:
        lines: list[Line] = [
            line_of(note, self._seen(note), is_open=n == self.sheet.open, planned=self._planned)
            for n, note in enumerate(self.sheet.notes)
        ]
        called = collections.Counter(line.seen.name for line in lines)
        lines = [dataclasses.replace(line, twin=called[line.seen.name] > 1) for line in lines]
        self.people.show_lines(lines, self.sheet.open)
        self.note.show_next(self._following())

    def _show_open(self) -> None:
        place = self.sheet.open
        if 0 <= place < len(self.sheet.notes):
            note = self.sheet.notes[place]
            self.note.show_note(
                note, self._seen(note), self._following(), required=self.sheet.status == HAPPENED
            )
            self._pages.setCurrentWidget(self.note)
        else:
            self.sheet.open = -1
            self._pages.setCurrentWidget(self.beginning)
        self._show_lines()

    def _following(self) -> str:
        place = self._next_place()
        return "" if place is None else self._seen(self.sheet.notes[place]).name

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
            self._show_open()
        if focus:
            self.note.focus_first()

    def next_resident(self) -> None:
        """Go on with the next resident about whom nothing is written yet."""
        place = self._next_place()
        if place is not None:
            self.open_note(place, focus=True)

    def next_in_list(self, by: int = 1) -> None:
        """Open the next resident in the list, after the last the first."""
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

    def _say_already(self, place: int) -> None:
        """Open the note of somebody who is on the visit already, and say so."""
        self.open_note(place)
        self.note.fields.editor("found").control.setFocus(Qt.FocusReason.OtherFocusReason)
        seen = self._seen(self.sheet.notes[place])
        room = f", {room_label().lower()} {seen.room}," if seen.room else ""
        self.desk.say(f"{seen.name}{room} is on this visit already.")

    def add_resident(self, candidate: Candidate) -> None:
        """Add a resident and open their note; one who is there already is only opened."""
        for place, note in enumerate(self.sheet.notes):
            if note.resident == candidate.id:
                self._say_already(place)
                return
        announce(self.people.list, f"{candidate.words} added")
        self._put_away()
        self.sheet.notes.append(Note(new_part("visit_entry", resident=reference(candidate.id))))
        self._residents[candidate.id] = facts.Seen(candidate.id, candidate.words)
        self.sheet.open = len(self.sheet.notes) - 1
        self._typed()
        self._show_open()
        self.note.focus_first()
        self._learn_resident(candidate.id)

    def _learn_resident(self, identity: int) -> None:
        def learned(seen: Seen) -> None:
            self._residents[identity] = seen
            self._show_lines()
            place = self.sheet.open
            if 0 <= place < len(self.sheet.notes) and self.sheet.notes[place].resident == identity:
                self.note.show_resident(seen)

        self.desk.jobs.read(lambda store: facts.seen(store, identity), learned, owner=self)

    def take_out(self, place: int) -> None:
        """Take a resident out who was not saved yet; what was typed comes back with Undo."""
        note = self.sheet.notes[place]
        if note.entry.id is not None:
            self._strike()
            return
        name = self._seen(note).name
        self.sheet.notes.pop(place)
        self.sheet.open = min(self.sheet.open, len(self.sheet.notes) - 1)
        self._typed()
        self._show_open()

        desk, sheet = self.desk, self.sheet

        def undo() -> None:
            if self._done:
                desk.say(f"The visit was saved without {name}.")
                return
            sheet.notes.insert(min(place, len(sheet.notes)), note)
            sheet.open = sheet.notes.index(note)
            if isValid(self):
                self._typed()
                self._show_open()
            else:
                self._keep_unseen(name)

        desk.say(f"{name} taken out.", undo)

    def _keep_unseen(self, name: str) -> None:
        """Keep what is on the sheet as a draft, after the form was left."""
        desk, about, (typed, shown) = self.desk, self.about, self._to_keep()
        desk.jobs.write(
            lambda home: drafts.save(home, about, typed, shown),
            lambda _: desk.say(f"{name} is back in the draft."),
            desk.trouble,
            owner=desk,
        )

    def _other_resident(self) -> None:
        note = self.sheet.notes[self.sheet.open]
        record = self._record(note)
        if record is not None:
            self._reread = True
            reason.MovePopover(self.note.menu_button, self.desk, record).open()
            return
        self.people.ask(note)

    def _now_about(self, note: Note, candidate: Candidate) -> None:
        for place, other in enumerate(self.sheet.notes):
            if other is not note and other.resident == candidate.id:
                self._say_already(place)
                return
        note.entry.typed["resident"] = reference(candidate.id)
        self._residents[candidate.id] = facts.Seen(candidate.id, candidate.words)
        self._typed()
        self._show_open()
        self._learn_resident(candidate.id)

    def _record(self, note: Note) -> Any:
        entries = self.whole.entries if self.whole is not None else ()
        return next((x.record for x in entries if x.id == note.entry.id), None)

    def _strike(self) -> None:
        note = self.sheet.notes[self.sheet.open]
        record = self._record(note)
        if record is not None:
            self._reread = True
            reason.strike(self, self.desk, record, f"the note about {self._seen(note).name}")

    def _written(self, touched: frozenset[str]) -> None:
        if self._reread and "visit_entry" in touched and not self._saving:
            # a note was moved or struck through here: show the visit as it is now
            self._reread = False
            self.keep()
            self.keeper.find(self._found_draft)

    def _learn_name(self, candidate: Candidate) -> None:
        self._names["staff", candidate.id] = candidate

    # ---- keys

    def _on_to_residents(self) -> None:
        if self.sheet.notes:
            self.note.focus_first()
        else:
            self.people.ask()

    def _follow_up(self) -> None:
        if self.sheet.open >= 0:
            self.note.follow_ups.focus()

    def _offer_planned(self, visitor: Visitor) -> None:
        """Offer the visit that was planned for whoever came, so that it is not there twice."""
        same = [
            one
            for one in self.beginning.expected
            if (one.who.contact, one.who.organisation) == (visitor.contact, visitor.organisation)
        ]
        if not same or self.sheet.notes or self._planned or self.about.record is not None:
            return
        one = same[0]
        when = clock.ago(one.at, self.desk.today())
        self._again = functools.partial(self.planned_asked.emit, one.visit)
        self._over.show()
        words = f"{one.who.name} was expected {when}, and nobody has recorded that visit yet."
        self.banner.say("info", words, "Record that one")

    def _about_visit(self) -> None:
        self.strip.unfold()
        self._share_height()
        self.note.set_about_visit_shown(shown=True)
        self.area.ensureWidgetVisible(self.strip)

    def _name_parts(self) -> None:
        """Ask about what is to come in other words than about what was."""
        planned = self.sheet.status == PLANNED
        self.people.set_title("Residents to see" if planned else "Residents seen")
        self.beginning.set_planned(planned=planned)

    def _status_changed(self) -> None:
        self._name_parts()
        self._show_open()
        self.status_changed.emit()
        if self.sheet.status == PLANNED:
            announce(self, "It lies ahead, so it is kept as a planned visit.")

    # ---- saving

    def save(self) -> None:
        """Save the visit, if it is right; otherwise say at each place what is not."""
        if self._opening is None or self._saving or self._done:
            return
        unread = self.strip.settle()
        reader = Reader(self.desk.now(), self._opening.vocabularies)
        made, wrong = saving.ready(self.sheet, self.whole, reader)
        wrong.visit.update(unread)
        if wrong.count:
            self._refuse(wrong)
        elif made.corrects:
            self._ask_why(made)
        else:
            self._write(made, "")

    def _ask_why(self, made: Ready) -> None:
        dialog = reason.ReasonDialog(
            self,
            "Correct this visit?",
            "What stood there before stays in the history, with your name and the reason.",
            do="Correct the visit",
            keep="Go on writing",
        )
        dialog.accepted.connect(lambda: self._write(made, dialog.reason))
        dialog.open()

    def _write(self, made: Ready, why: str) -> None:
        # first, so that what is typed outlives whatever happens to the save
        self.keep()
        self._rest(resting=True)
        whole, about = self.whole, self.about

        def write(home: OpenHome) -> Kept:
            return saving.keep_and_forget(home, about, whole, made, why)

        failed = functools.partial(self._not_saved, made)
        self.desk.jobs.write(write, self._saved, failed, owner=self)

    def _rest(self, *, resting: bool) -> None:
        """Take no keys and no presses while it is being saved; nothing on it changes its look."""
        self._saving = resting
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, resting)
        if resting:
            self._typing_in = QApplication.focusWidget()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._typing_in is not None and self.isAncestorOf(self._typing_in):
            self._typing_in.setFocus(Qt.FocusReason.OtherFocusReason)
        self.working.emit(resting)

    _typing_in: QWidget | None = None

    def _saved(self, kept: Kept) -> None:
        self._done = True
        desk, about, changes = self.desk, self.about, kept.changes

        def take_back(draft: Draft | None) -> None:
            def undo(home: OpenHome) -> None:
                saving.take_back(home, changes)
                if draft is not None:
                    drafts.put_back(home, draft)

            def undone(_: None) -> None:
                desk.say("Taken back. What you had typed is here again.")
                desk.go("record-visit", {"draft": about})

            desk.jobs.write(undo, undone, desk.trouble, owner=desk)

        self.keeper.stop()
        words = self._saved_words(kept)
        if about.record is None:
            desk.say(words, functools.partial(take_back, kept.draft))
        else:
            offer_undo(desk, words, changes)
        self.working.emit(False)
        self.saved.emit(kept)

    def _saved_words(self, kept: Kept) -> str:
        words = "Visit planned." if self.sheet.status == PLANNED else "Visit saved."
        if kept.new_actions:
            many = "1 follow-up" if kept.new_actions == 1 else f"{kept.new_actions} follow-ups"
            words += f" {many} added."
        return " ".join([words, *kept.warnings])

    def _not_saved(self, made: Ready, error: UserError) -> None:
        self._rest(resting=False)
        if isinstance(error, Unfit):
            names = [self._seen(note).name for note in self.sheet.notes]
            self._refuse(saving.wrong_of(error, made, names))
        else:
            self._trouble(error, "Try again", self.save)

    def _refuse(self, wrong: Wrong) -> None:
        saving.take_over(self.sheet, wrong)
        self.strip.tell(wrong.visit)
        places = [n for n, note in enumerate(self.sheet.notes) if note.is_wrong]
        if places and self.sheet.open not in places and not wrong.visit:
            self.sheet.open = places[0]
        self._show_open()
        count = "1 thing" if wrong.count == 1 else f"{wrong.count} things"
        at = [self._seen(self.sheet.notes[n]).name for n in places]
        where = ["Who and when"] if wrong.visit else []
        said = f"Not saved yet: {count} to put right. {', '.join([*where, *at])}."
        self._say(" ".join([said, *wrong.elsewhere]), "", None)
        if not self.strip.focus_wrong():
            self.note.focus_wrong()

    # ---- what went wrong

    def _trouble(self, error: UserError, button: str, again: Any) -> None:
        words = " ".join(part for part in (error.what, error.do) if part)
        self._say(f"{words} What you have typed is still here.", button, again)

    def _say(self, words: str, button: str, again: Any) -> None:
        self._again = again
        self._over.show()
        self.banner.say("late", words, button)

    def _press_banner(self) -> None:
        again = self._again
        self._put_away()
        if again is not None:
            again()

    def _put_away(self) -> None:
        self._again = None
        self.banner.hide()
        self._over.hide()
