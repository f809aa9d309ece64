"""A form for any record, made from its declaration.

Nothing typed into it is ever lost: it keeps itself as a draft, an error leaves everything in its
place, and what somebody else changed meanwhile is settled afterwards, not overwritten.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from liaison.records import Kind, Problem, Record, all_specs, check
from liaison.records.rules import times
from liaison.services.drafts import About, Draft
from liaison.services.editing import Unfit
from liaison.ui import clock
from liaison.ui.parts import facts, plan, saving
from liaison.ui.parts.editors import Around
from liaison.ui.parts.editors.picker import referred
from liaison.ui.parts.facts import FormFacts
from liaison.ui.parts.fields import FieldGrid, Fields, FormField, filled
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.quick import QuickAdd
from liaison.ui.parts.undoing import offer_undo, put_draft_back
from liaison.ui.widgets import Banner, Button, Card, PageHeader, ScrollPage, spaced

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.records import FieldSpec, RecordSpec
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate
    from liaison.ui.parts.plan import Section
    from liaison.ui.parts.saving import Saved


class RecordForm(QWidget):
    """A form for a new record or one that is there.

    Args:
        desk: The desk.
        type_name: The record type.
        record: The record that is to be changed; None for a new one.
        given: What a new record starts with, by field: the referral a chase is about.
        page: Which form of the record this is, where there are several (their drafts differ).
    """

    saved = Signal(object)
    """It was saved (a :class:`liaison.ui.parts.saving.Saved`)."""
    left = Signal()
    """Somebody wants to go on with it later; what was typed is kept."""
    ready = Signal()
    """The form is filled in as far as it can be, and can be typed into."""

    def __init__(
        self,
        desk: Desk,
        type_name: str,
        record: int | None = None,
        given: Mapping[str, Any] | None = None,
        *,
        page: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.spec: RecordSpec = all_specs()[type_name]
        self._record = record
        self._given = dict(given or {})
        self._loaded: Loaded | None = None
        self._start: Record = self._blank()
        self._apart = _needed(self.spec)
        self.fields: Fields | None = None
        self._touched: set[str] = set()
        self._tried = False
        self._saving = False
        about = About(type_name, record, page)
        self.keeper = Keeper(desk, about, self._to_keep, self)
        self.keeper.kept.connect(self._tell_kept)
        self.keeper.failed.connect(self._tell_not_kept)

        label = self.spec.label.lower()
        self.save_button = Button(f"Save {label}", "check", Button.PRIMARY, shortcut="Ctrl+S")
        self.save_button.clicked.connect(self.save)
        self.later = Button("Finish later")
        self.later.setToolTip("What you have typed is kept on this PC")
        self.later.clicked.connect(self._leave)
        self.afresh = Button("Start afresh", "rotate-ccw", Button.QUIET)
        self.afresh.hide()
        self.afresh.clicked.connect(self._start_afresh)
        self.header = PageHeader(
            f"New {label}" if record is None else self.spec.label,
            self._apart,
            (self.afresh, self.later, self.save_button),
        )
        self.banner = Banner("late", "")
        self.banner.hide()
        self.banner.pressed.connect(self._press_banner)
        self._again: Callable[[], object] | None = None
        self.sheet = ScrollPage(margins=(0, 0, 0, 0))
        column = spaced(QVBoxLayout(self), 12)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.sheet, 1)
        self.setAccessibleName(f"Form: {label}")
        self.save_button.setEnabled(False)
        self.keeper.find(self._found_draft)

    # ---- opening

    def _blank(self) -> Record:
        assert self.spec.cls is not None  # noqa: S101  # link types have no forms
        return self.spec.cls(**self._given)

    def _found_draft(self, draft: Draft | None) -> None:
        wanted = [
            (self.spec.by_name[name].target, value)
            for name, value in self._given.items()
            if self.spec.by_name[name].kind is Kind.REF
        ]
        if draft is not None:
            wanted += _referred(self.spec, draft.typed)
        name, record = self.spec.name, self._record

        def read(store: Store) -> FormFacts:
            return facts.form(store, name, record, wanted)

        done = functools.partial(self._build, draft)
        self.desk.jobs.read(read, done, self._cannot_open, owner=self)

    def _cannot_open(self, error: UserError) -> None:
        self._trouble(error, "Try again", self.keeper.find, self._found_draft)

    def _build(self, draft: Draft | None, found: FormFacts) -> None:
        self._put_away()
        self._loaded = found.loaded
        if found.loaded is not None:
            self._start = found.loaded.record
            self._apart = found.apart
            self.header.set_title(f"Change {found.title}")
            self.header.set_subtitle(found.apart)
        names = dict(found.names)
        around = Around(self.desk, found.vocabularies, names, self._add_in_place)
        self.fields = Fields(plan.asked(self.spec), around, self)
        self._lay_out(self.fields)
        self.fields.show(self._start)
        if draft is not None:
            self._restore(draft)
        self._show_rare()
        self.fields.changed.connect(self._typed)
        self.fields.settled.connect(self._look)
        self.save_button.setEnabled(True)
        self.focus_first()
        self.ready.emit()

    def _lay_out(self, fields: Fields) -> None:
        self._rare: list[tuple[Button, FieldGrid, Section]] = []
        sections = plan.sections(self.spec)
        for section in sections:
            card = Card(section.title if len(sections) > 1 else "")
            grid = FieldGrid()
            for field in (*section.fields, *section.rare):
                box = fields.boxes[field.name]
                grid.add(box)
                if field in section.rare:
                    box.hide()
            card.add(grid)
            if section.rare:
                card.add(self._more(section, grid))
            self.sheet.body.addWidget(card)
            grid.arrange(anew=True)
            # else Qt shows it later, and nothing on it could take the focus yet
            card.show()
        self.sheet.body.addStretch(1)

    def _more(self, section: Section, grid: FieldGrid) -> Button:
        button = Button(_more_words(section.rare), "plus", Button.QUIET, small=True)
        button.clicked.connect(lambda: self._unfold(button, grid, section, focus=True))
        self._rare.append((button, grid, section))
        return button

    def _unfold(self, button: Button, grid: FieldGrid, section: Section, *, focus: bool) -> None:
        assert self.fields is not None  # noqa: S101  # it was laid out
        for field in section.rare:
            self.fields.boxes[field.name].show()
        button.hide()
        grid.arrange(anew=True)
        if focus:
            self.fields.editor(section.rare[0].name).control.setFocus(
                Qt.FocusReason.OtherFocusReason
            )

    def _show_rare(self) -> None:
        """Unfold what holds something: nothing recorded is ever out of sight."""
        assert self.fields is not None  # noqa: S101  # it was laid out
        for button, grid, section in self._rare:
            holds = any(not self.fields.editor(f.name).is_empty() for f in section.rare)
            if holds:
                self._unfold(button, grid, section, focus=False)

    def focus_first(self) -> None:
        """Put the cursor into the first field that is still empty."""
        if self.fields is None:
            return
        for box in self.fields.boxes.values():
            if not box.isHidden() and box.editor.is_empty():
                box.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    # ---- drafts

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        self.keeper.note()

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        assert self.fields is not None  # noqa: S101  # somebody typed into them
        versions = {} if self._loaded is None else self._loaded.versions
        shown = {name: versions[name] for name in self._touched if name in versions}
        return self.fields.typed(self._touched), shown

    def _tell_kept(self, draft: Draft) -> None:
        at = clock.hour(clock.in_london(draft.at))
        self.header.set_subtitle(
            f"Draft kept on this PC at {at}. Nothing is lost if the power goes.",
            "circle-check",
            "ok",
        )
        self.afresh.show()
        self._put_away()

    def _tell_not_kept(self, error: UserError) -> None:
        if not self.isVisible():
            # nobody looks at this form any more
            self.desk.trouble(error)
        words = "What you have typed is still here, but no draft of it can be kept."
        self.banner.say("late", f"{words} {error.what}", "Try again")
        self._again = self.keeper.keep

    def _restore(self, draft: Draft) -> None:
        assert self.fields is not None  # noqa: S101  # it was laid out
        self.fields.put(draft.typed)
        self._touched = set(draft.typed) & set(self.fields.boxes)
        if self._loaded is not None:
            # what others changed since the draft was begun is settled, not overwritten
            versions = {**self._loaded.versions}
            for name in self._touched:
                versions[name] = draft.versions.get(name, ())
            self._loaded = dataclasses.replace(self._loaded, versions=versions)
        at = clock.ago(draft.at, self.desk.today())
        self.header.set_subtitle(f"You began this {at}. It is as you left it.", "history", "muted")
        self.afresh.show()

    def _start_afresh(self) -> None:
        # as it stands now: the draft on the disk may be a pause behind
        typed, shown = self._to_keep()
        begun = Draft(self.keeper.about, typed, self.desk.now(), shown)
        self.keeper.forget(lambda _: self._forgotten(begun))

    def _forgotten(self, draft: Draft) -> None:
        assert self.fields is not None  # noqa: S101  # it was laid out
        self._touched.clear()
        self._tried = False
        self.fields.show(self._start)
        self.fields.tell((), errors_at=())
        self.header.set_subtitle(self._apart)
        self.afresh.hide()
        self._put_away()
        self.focus_first()

        desk = self.desk

        def undo() -> None:
            if not isValid(self):
                # the form was left meanwhile: the draft waits for the next time it is opened
                put_draft_back(desk, draft)
            else:
                self._restore(draft)
                self.keeper.note()
                self.keeper.keep()

        desk.say("Started afresh.", undo)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when the form leaves the screen."""
        super().hideEvent(event)
        self.keeper.keep()

    def _leave(self) -> None:
        self.keeper.keep_then(self.left.emit)

    # ---- looking whether it is right

    def _look(self) -> None:
        """Look what is wrong or unusual, and say it at the fields that were filled in."""
        if self.fields is None or self._saving or self.desk.jobs.home is None:
            return
        values, unread = self.fields.read()
        record = filled(self._start, values)
        self._check(record, functools.partial(self._looked, unread))

    def _check(self, record: Record, done: Callable[[list[Problem]], object]) -> None:
        def problems(store: Store) -> list[Problem]:
            today = times.in_london(store.clock()).date()
            return check(record, find=store.get, vocabularies=store.vocabularies, today=today)

        self.desk.jobs.read(problems, done, latest=(id(self), "check"), owner=self)

    def _looked(self, unread: list[Problem], found: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # they were read
        if self._saving:
            return
        if self._tried:
            at = set(self.fields.boxes)
        else:
            # nobody is told what is missing before they had a chance to fill it in
            values, _ = self.fields.read()
            at = {name for name in self._touched if values.get(name) not in {None, ()}}
            at |= {problem.field for problem in unread if problem.field in self._touched}
        self.fields.tell(_together(unread, found), errors_at=at)
        if self._tried:
            self._sum_up()

    def _wrong(self) -> list[FormField]:
        """Return the fields at which something is wrong; a form with more than one part adds its."""
        return [] if self.fields is None else self.fields.wrong

    def _sum_up(self, elsewhere: Iterable[Problem] = ()) -> None:
        assert self.fields is not None  # noqa: S101  # something was said at them
        wrong = [box.editor.field.label for box in self._wrong()]
        said = [problem.message for problem in elsewhere]
        if wrong:
            count = "1 thing" if len(wrong) == 1 else f"{len(wrong)} things"
            said.insert(0, f"Not saved yet: {count} to put right. {', '.join(wrong)}.")
        if said:
            self._again = None
            self.banner.say("late", " ".join(said))
        else:
            self._put_away()

    # ---- saving

    def save(self) -> None:
        """Save it, if it is right; otherwise say at each field what is not."""
        if self.fields is None or self._saving:
            return
        self._tried = True
        values, unread = self.fields.read()
        record = filled(self._start, values)
        if unread:
            self._check(record, lambda found: self._refuse(_together(unread, found)))
            return
        self._saving = True
        self.save_button.setEnabled(False)
        loaded = self._loaded

        def write(home: OpenHome) -> Saved:
            if loaded is None:
                return saving.add(home, record)
            return saving.save(home, loaded, record)

        self.desk.jobs.write(write, self._saved, self._not_saved, owner=self)

    def _saved(self, saved: Saved) -> None:
        # Saving stays set: the form has done its work
        self._touched.clear()
        self.keeper.forget()
        offer_undo(self.desk, _saved_words(saved), saved.changes)
        self.saved.emit(saved)

    def _not_saved(self, error: UserError) -> None:
        self._saving = False
        self.save_button.setEnabled(True)
        if isinstance(error, Unfit):
            self._refuse(list(error.problems))
        else:
            self._trouble(error, "Try again", self.save)

    def _refuse(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # they were read
        elsewhere = self.fields.tell(problems, errors_at=self.fields.boxes)
        for button, grid, section in self._rare:
            if any(self.fields.boxes[f.name].error for f in section.rare):
                self._unfold(button, grid, section, focus=False)
        self._sum_up(elsewhere)
        if wrong := self._wrong():
            wrong[0].editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self.sheet.ensureWidgetVisible(wrong[0])

    def _trouble(
        self, error: UserError, button: str, again: Callable[..., object], *args: object
    ) -> None:
        """Say what the disk or another program did; everything typed stays where it is."""
        words = " ".join(part for part in (error.what, error.do) if part)
        self.banner.say("late", f"{words} What you have typed is still here.", button)
        self._again = functools.partial(again, *args)

    def _press_banner(self) -> None:
        again, self._again = self._again, None
        self._put_away()
        if again is not None:
            again()

    def _put_away(self) -> None:
        self.banner.hide()

    # ---- adding on the way

    def _add_in_place(
        self, type_name: str, typed: str, anchor: QWidget, done: Callable[[Candidate], object]
    ) -> None:
        QuickAdd(self.desk, type_name, typed, anchor, done).begin()


def _needed(spec: RecordSpec) -> str:
    """Return which fields must be filled in, in a sentence."""
    labels = [field.label for field in plan.asked(spec) if field.required]
    return f"Needed: {', '.join(map(_inside, labels))}." if labels else "Nothing is required."


def _inside(label: str) -> str:
    """Return a label as it stands inside a sentence; an abbreviation stays as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _referred(spec: RecordSpec, typed: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return what a draft refers to, by type and id."""
    found: list[tuple[str, int]] = []
    for name, entry in typed.items():
        field = spec.by_name.get(name)
        if field is not None and field.kind is Kind.REF:
            entries = entry if isinstance(entry, list) else [entry]
            found += [(field.target, one) for part in entries for one in referred(part)]
    return found


def _together(unread: Iterable[Problem], found: Iterable[Problem]) -> list[Problem]:
    """Return all problems; what could not be read is not also missing."""
    unread = list(unread)
    at = {problem.field for problem in unread}
    return [*unread, *(problem for problem in found if problem.field not in at)]


def _more_words(rare: Iterable[FieldSpec]) -> str:
    first, *others = [field.label for field in rare]
    return ", ".join([first, *map(_inside, others)])


def _saved_words(saved: Saved) -> str:
    words = f"{saved.title} saved."
    if saved.both:
        words += (
            f" Somebody else had changed {', '.join(saved.both)} meanwhile: both are kept, to be"
            " settled."
        )
    if saved.theirs:
        words += f" Also changed meanwhile: {', '.join(saved.theirs)}."
    return words
