"""A form for any record, made from its declaration.

Nothing typed into it is ever lost: it keeps itself as a draft, an error leaves everything in its
place, and what somebody else changed meanwhile is settled afterwards, not overwritten.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from liaison.records import Kind, Problem, Record, all_specs, check
from liaison.records.check import known_before
from liaison.records.rules import times
from liaison.services import permissions
from liaison.services.drafts import About, Draft
from liaison.services.references import others_called_so
from liaison.ui.parts import facts, plan, saving
from liaison.ui.parts.editors import Around
from liaison.ui.parts.editors.picker import referred
from liaison.ui.parts.facts import FormFacts
from liaison.ui.parts.fields import Fields, FormField, filled
from liaison.ui.parts.form_frame import FormFrame
from liaison.ui.parts.form_sheet import Folds, needed
from liaison.ui.parts.undoing import offer_undo, put_draft_back
from liaison.ui.widgets import Button

if TYPE_CHECKING:
    from liaison.records import FieldSpec, RecordSpec
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.saving import Saved


class RecordForm(FormFrame):
    """A form for a new record or one that is there.

    Args:
        desk: The desk.
        type_name: The record type.
        record: The record that is to be changed; None for a new one.
        given: What a new record starts with, by field: the referral a chase is about.
        page: Which form of the record this is, where there are several (their drafts differ).
        actions: Buttons that stand before its own.
    """

    saved = Signal(object)
    """It was saved (a :class:`liaison.ui.parts.saving.Saved`)."""

    def __init__(
        self,
        desk: Desk,
        type_name: str,
        record: int | None = None,
        given: Mapping[str, Any] | None = None,
        *,
        page: str = "",
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        self.spec: RecordSpec = all_specs()[type_name]
        self._record = record
        self._given = dict(given or {})
        self._loaded: Loaded | None = None
        self._start: Record = self._blank()
        self._apart = needed(self.spec)
        self.fields: Fields | None = None
        self.folds: Folds | None = None
        self._tried = False
        self._done = False
        label = self.spec.label.lower()
        title = f"New {label}" if record is None else self.spec.label
        about = About(type_name, record, page)
        self.afresh = Button("Start afresh", "rotate-ccw", Button.QUIET)
        super().__init__(
            desk, about, title, self._apart, f"Save {label}", f"Form: {label}",
            (*actions, self.afresh), parent,
        )  # fmt: skip
        self.afresh.hide()
        self.afresh.clicked.connect(self._start_afresh)
        self._open()

    @property
    def given(self) -> Mapping[str, Any]:
        """What a new record started with, by field."""
        return self._given

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

        who = self.desk.person

        def read(store: Store) -> FormFacts:
            if record is not None:
                permissions.refuse_opening(store, who.role, who.id, name, record)
            return facts.form(store, name, record, wanted)

        done = functools.partial(self._build, draft)
        self.desk.jobs.read(read, done, self._cannot_open, owner=self)

    def _build(self, draft: Draft | None, found: FormFacts) -> None:
        self.banner.put_away()
        self._loaded = found.loaded
        if found.loaded is not None:
            self._start = found.loaded.record
            self._apart = found.apart
            self.header.set_title(f"Change {found.title}")
            self.header.set_subtitle(found.apart)
        names = dict(found.names)
        around = Around(self.desk, found.vocabularies, names, self._add_in_place)
        hidden = permissions.hidden_from(self.desk.person.role)
        unseen = {name for type_name, name in hidden if type_name == self.spec.name}
        # a blank over what is hidden would be taken for nothing, and written over
        self.fields = Fields(self._asked(unseen), around, self)
        self._lay_out(self.fields)
        self.fields.show(self._start)
        if draft is not None:
            self._restore(draft)
        assert self.folds is not None  # noqa: S101  # it was laid out
        self.folds.show_filled()
        self.fields.changed.connect(self._typed)
        self.fields.settled.connect(self._look)
        self.save_button.setEnabled(True)
        self.focus_first()
        self.ready.emit()

    def _asked(self, unseen: Collection[str]) -> Sequence[FieldSpec]:
        """Return the fields that are asked for here.

        Args:
            unseen: Those that are hidden from whoever fills it in.
        """
        return plan.asked(self.spec, unseen)

    def _lay_out(self, fields: Fields) -> None:
        self.folds = Folds(self.spec, fields, self.sheet)

    def focus_first(self) -> None:
        """Put the cursor into the first field that is still empty."""
        if self.folds is not None:
            self.folds.focus_first()

    # ---- drafts

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        self.keeper.note()

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        assert self.fields is not None  # noqa: S101  # somebody typed into them
        versions = {} if self._loaded is None else self._loaded.versions
        shown = {name: versions[name] for name in self._touched if name in versions}
        return self.fields.typed(self._touched), shown

    def _all_typed(self) -> Mapping[str, Any]:
        assert self.fields is not None  # noqa: S101  # it is being saved
        return self.fields.typed(self.fields.boxes)

    def _typed_since(self, before: Mapping[str, Any]) -> tuple[str, ...]:
        assert self.fields is not None  # noqa: S101  # it was saved
        return self.fields.differing(before)

    def _tell_kept(self, draft: Draft) -> None:
        super()._tell_kept(draft)
        self.afresh.show()

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
        self._tell_begun(draft)
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
        self.banner.put_away()
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

    # ---- looking whether it is right

    @property
    def _busy(self) -> bool:
        return self._saving or self._done

    def _look(self) -> None:
        """Look what is wrong or unusual, and say it at the fields that were filled in."""
        if self.fields is None or self._busy or self.desk.jobs.home is None:
            return
        values, unread = self.fields.read()
        record = filled(self._start, values)
        self._check(record, functools.partial(self._looked, unread))

    def _check(
        self, record: Record, done: Callable[[list[Problem]], object], key: str = "check"
    ) -> None:
        record = self._completed(record)
        before = None if self._loaded is None else self._loaded.record

        def problems(store: Store) -> list[Problem]:
            now = store.clock()
            today = times.in_london(now).date()
            words = store.vocabularies
            found = check(record, find=store.get, vocabularies=words, today=today, now=now)
            if before is None:
                return [*found, *others_called_so(store, record)]
            known = check(before, find=store.get, vocabularies=words, today=today, now=now)
            return known_before(found, record, before, known)

        self.desk.jobs.read(problems, done, latest=(id(self), key), owner=self)

    def _completed(self, record: Record) -> Record:
        """Return a record with what a save fills in by itself, to be looked at before."""
        return record

    def _looked(self, unread: list[Problem], found: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # they were read
        if self._busy:
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

    def _boxes(self) -> list[FormField]:
        """Return every field in its order; a form with more than one part adds theirs."""
        return [] if self.fields is None else list(self.fields.boxes.values())

    def _wrong(self) -> list[FormField]:
        return [box for box in self._boxes() if box.error]

    def _sum_up(self, elsewhere: Iterable[Problem] = ()) -> None:
        assert self.fields is not None  # noqa: S101  # something was said at them
        wrong = [box.editor.field.label for box in self._wrong()]
        said = [problem.message for problem in elsewhere]
        if wrong:
            count = "1 thing" if len(wrong) == 1 else f"{len(wrong)} things"
            said.insert(0, f"Not saved yet: {count} to put right. {', '.join(wrong)}.")
        if said:
            self.banner.tell(" ".join(said))
        else:
            self.banner.put_away()

    # ---- saving

    def save(self) -> None:
        """Save it, if it is right; otherwise say at each field what is not."""
        if self.fields is None or self._saving or self._done:
            return
        self._tried = True
        values, unread = self.fields.read()
        record = filled(self._start, values)
        if unread:
            self._check(record, lambda found: self._refuse(_together(unread, found)))
            return
        loaded = self._loaded

        self._save_with(lambda home: self._write(home, loaded, record), self._saved)

    def _write(self, home: OpenHome, loaded: Loaded | None, record: Record) -> Saved:
        """Write what the form holds; in a write job.

        Args:
            home: The home.
            loaded: The record as it was shown; None for a new one.
            record: The record as the form has it.
        """
        if loaded is None:
            return saving.add(home, record)
        return saving.save(home, loaded, record)

    def _saved(self, saved: Saved, since: tuple[str, ...]) -> None:
        told = {box.warning for box in self._boxes()}
        offer_undo(self.desk, _saved_words(saved, told), saved.changes)
        if since:
            self._go_on_from(saved, since)
            return
        self._done = True
        self._touched.clear()
        self.saved.emit(saved)

    def _go_on_from(self, saved: Saved, since: tuple[str, ...]) -> None:
        """Leave in the form what was typed while it was being saved, as a change to what is saved."""
        self._tried = False
        if self.spec.events:
            self._go_on(
                "Saved as it stood when you pressed Save, and it is not changed afterwards. What "
                "you typed since is still here, and would be saved as one more.",
                [] if self.fields is None else self.fields.boxes,
            )
            return
        self._record, self._loaded = saved.id, saved.loaded
        assert saved.loaded is not None  # noqa: S101  # it was read after it was written
        self._start = saved.loaded.record
        self._apart = ""
        self.header.set_title(f"Change {saved.title}")
        about = self.keeper.about
        self._go_on(
            "Saved as it stood when you pressed Save. What you typed since is still here: save "
            "once more.",
            since,
            About(about.type, saved.id, about.page),
        )

    def _refuse(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # they were read
        assert self.folds is not None  # noqa: S101  # they were laid out
        elsewhere = self.fields.tell(problems, errors_at=self.fields.boxes)
        self.folds.show_wrong()
        self._sum_up(elsewhere)
        if wrong := self._wrong():
            wrong[0].editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self.sheet.ensureWidgetVisible(wrong[0])


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


def _saved_words(saved: Saved, told: Collection[str]) -> str:
    """Return what became of a save, with what is unusual and was not said at a field before."""
    words = f"{saved.title} saved."
    unusual = [one.message for one in saved.warnings if one.message not in told]
    if unusual:
        words += f" {unusual[0]}"
    if len(unusual) > 1:
        words += f" And {len(unusual) - 1} more to look at."
    if saved.both:
        words += (
            f" Somebody else had changed {', '.join(saved.both)} meanwhile: both are kept, to be"
            " settled."
        )
    if saved.theirs:
        words += f" Also changed meanwhile: {', '.join(saved.theirs)}."
    return words
