"""A person outside the home with the post they hold and where, on one form and saved as one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt

from liaison.records import FieldSpec, Problem, Record, all_specs
from liaison.records.directory import Contact, Organisation, Post
from liaison.services import directory, drafts
from liaison.services.drafts import About
from liaison.services.references import Names
from liaison.store import history
from liaison.ui.parts import facts, plan, saving
from liaison.ui.parts.editors.picker import referred
from liaison.ui.parts.facts import Candidate
from liaison.ui.parts.fields import FieldGrid, Fields, FormField, filled
from liaison.ui.parts.form import RecordForm
from liaison.ui.widgets import Card, Wrap

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.store.rows import Loaded
    from liaison.store.store import Store
    from liaison.ui.desk import Desk

_NEW_PLACE: Final = 1
"""Stands for the organisation that is being typed: no real id is so small."""
_ORGANISATION: Final = "organisation"
_POST: Final = "post"
_NOT_ASKED: Final = frozenset({"contact"})


@dataclasses.dataclass(frozen=True, slots=True)
class _Saved(saving.Saved):
    """What became of a save of all parts: beside the contact the post, and a place if it is new."""

    post: Loaded | None = None
    place: Candidate | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _PostFacts:
    loaded: Loaded | None
    several: int
    names: Mapping[tuple[str, int], Candidate]


class ContactForm(RecordForm):
    """A form for a contact, the post they hold, and an organisation that is not there yet.

    Args:
        desk: The desk.
        contact: The contact to be changed; None for a new one.
        given: What a new one starts with, by field.
    """

    def __init__(
        self,
        desk: Desk,
        contact: int | None = None,
        given: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.post: Fields | None = None
        self.place: Fields | None = None
        self._place_card: Card | None = None
        self._names: dict[tuple[str, int], Candidate] = {}
        self._post_facts = _PostFacts(None, 0, {})
        super().__init__(desk, "contact", contact, given, page="with-post", parent=parent)

    # ---- opening

    def _found_draft(self, draft: Draft | None) -> None:
        contact = self._record
        wanted: tuple[int, ...] = ()
        if draft is not None:
            wanted = referred(draft.typed.get(f"{_POST}.organisation"))

        def read(store: Store) -> _PostFacts:
            return _post_facts(store, contact, wanted)

        def done(found: _PostFacts) -> None:
            self._post_facts = found
            self._names.update(found.names)
            super(ContactForm, self)._found_draft(draft)

        self.desk.jobs.read(read, done, self._cannot_open, owner=self)

    def _lay_out(self, fields: Fields) -> None:
        super()._lay_out(fields)
        around = fields.editor("name").around
        beside = dataclasses.replace(around, names=self._names, add=self._add_place)
        self.post = Fields(self._post_fields(), beside, self)
        self.post.show(self._post_start())
        self.post.changed.connect(self._post_typed)
        self.post.settled.connect(self._look)
        self.place = Fields(_place_fields(), dataclasses.replace(around, add=None), self)
        self.place.show(Organisation())
        self.place.settled.connect(self._look_at_place)
        self.place.changed.connect(lambda name: self._typed(f"{_ORGANISATION}.{name}"))
        work = Card("Where they work")
        grid = _grid_of(self.post)
        work.add(grid)
        if self._post_facts.several > 1:
            others = self._post_facts.several - 1
            words = "1 other post" if others == 1 else f"{others} other posts"
            work.add(Wrap(f"They hold {words} too; it stays as it is.", "secondary"))
        self._place_card = Card("New organisation", kind=Card.EMPHASISED)
        place_grid = _grid_of(self.place)
        self._place_card.add(place_grid)
        self.sheet.body.insertWidget(1, work)
        self.sheet.body.insertWidget(2, self._place_card)
        work.show()
        self._place_card.hide()
        grid.arrange(anew=True)

    def _post_fields(self) -> tuple[FieldSpec, ...]:
        new = self._post_facts.loaded is None
        # whoever belongs nowhere needs no post, so nothing of it is required from the start
        return tuple(
            dataclasses.replace(field, required=False)
            for field in plan.asked(all_specs()[_POST])
            if field.name not in _NOT_ASKED and not (new and field.name == "until")
        )

    def _post_start(self) -> Record:
        loaded = self._post_facts.loaded
        return Post() if loaded is None else loaded.record

    def _look_at_place(self) -> None:
        """Say what is unusual about a new organisation, at its fields."""
        place = self.place
        if place is None or self._busy or self.desk.jobs.home is None:
            return
        values, unread = place.read()

        def looked(found: list[Problem]) -> None:
            if not self._busy:
                shown = place.boxes if self._tried else {one.field for one in unread}
                place.tell([*unread, *found], errors_at=shown)

        self._check(filled(Organisation(), values), looked, "place")

    # ---- the organisation that is not there yet

    @property
    def place_is_new(self) -> bool:
        """Whether a new organisation is being typed."""
        return self._place_card is not None and not self._place_card.isHidden()

    def _add_place(
        self, type_name: str, typed: str, anchor: QWidget, done: Callable[[Candidate], object]
    ) -> None:
        if type_name != _ORGANISATION:
            self._add_in_place(type_name, typed, anchor, done)
            return
        assert self.place is not None  # noqa: S101  # it was laid out
        new = Candidate(_NEW_PLACE, typed, "")
        self._names[_ORGANISATION, _NEW_PLACE] = new
        done(new)
        self.place.editor("name").put(typed)
        self._typed(f"{_ORGANISATION}.name")
        self._unfold_place()
        empty = [box for box in self.place.boxes.values() if box.editor.is_empty()]
        for box in empty[:1]:
            box.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self.sheet.ensureWidgetVisible(box)

    def _unfold_place(self) -> None:
        assert self._place_card is not None  # noqa: S101  # it was laid out
        self._place_card.show()
        for grid in self._place_card.findChildren(FieldGrid):
            grid.arrange(anew=True)

    def _post_typed(self, name: str) -> None:
        self._typed(f"{_POST}.{name}")
        if name == _ORGANISATION and self.place_is_new and not self._wants_new_place():
            assert self._place_card is not None  # noqa: S101  # it is shown
            self._place_card.hide()

    def _wants_new_place(self) -> bool:
        assert self.post is not None  # noqa: S101  # it was laid out
        return referred(self.post.editor(_ORGANISATION).typed()) == (_NEW_PLACE,)

    # ---- drafts

    def _parts(self) -> dict[str, Fields]:
        """Return the fields beside the contact's own, by what stands before their names."""
        found = {}
        if self.post is not None:
            found[_POST] = self.post
        if self.place is not None and self.place_is_new:
            found[_ORGANISATION] = self.place
        return found

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        typed, shown = super()._to_keep()
        kept = dict(typed)
        for part, fields in self._parts().items():
            own = {name for name in fields.boxes if f"{part}.{name}" in self._touched}
            kept |= {f"{part}.{name}": entry for name, entry in fields.typed(own).items()}
        return kept, shown

    def _all_typed(self) -> Mapping[str, Any]:
        found = dict(super()._all_typed())
        for part, fields in self._parts().items():
            typed = fields.typed(fields.boxes)
            found |= {f"{part}.{name}": entry for name, entry in typed.items()}
        return found

    def _typed_since(self, before: Mapping[str, Any]) -> tuple[str, ...]:
        found = list(super()._typed_since(before))
        for part, fields in self._parts().items():
            since = fields.differing(_own(before, part))
            found += [f"{part}.{name}" for name in since]
        return tuple(found)

    def _restore(self, draft: Draft) -> None:
        super()._restore(draft)
        assert self.place is not None  # noqa: S101  # it was laid out
        self.place.put(_own(draft.typed, _ORGANISATION))
        if referred(draft.typed.get(f"{_POST}.organisation")) == (_NEW_PLACE,):
            name = str(self.place.editor("name").typed() or "")
            self._names[_ORGANISATION, _NEW_PLACE] = Candidate(_NEW_PLACE, name, "")
            self._unfold_place()
        assert self.post is not None  # noqa: S101  # it was laid out
        self.post.put(_own(draft.typed, _POST))
        self._touched |= {name for name in draft.typed if "." in name}

    def _forgotten(self, draft: Draft) -> None:
        assert self.post is not None  # noqa: S101  # it was laid out
        assert self.place is not None  # noqa: S101  # it was laid out
        self.post.show(self._post_start())
        self.place.show(Organisation())
        if self._place_card is not None:
            self._place_card.hide()
        for fields in (self.post, self.place):
            fields.tell((), errors_at=())
        super()._forgotten(draft)

    # ---- saving

    def _boxes(self) -> list[FormField]:
        others = (box for part in self._parts().values() for box in part.boxes.values())
        return [*super()._boxes(), *others]

    def save(self) -> None:
        """Save person, post and organisation as one, if all of it is right."""
        if self.fields is None or self.post is None or self.place is None or self._busy:
            return
        self._tried = True
        values, unread = self.fields.read()
        problems = [dataclasses.replace(one, field=f"contact.{one.field}") for one in unread]
        read: dict[str, dict[str, Any]] = {}
        for part, fields in self._parts().items():
            read[part], wrong = fields.read()
            problems += [dataclasses.replace(one, field=f"{part}.{one.field}") for one in wrong]
        contact = filled(self._start, values)
        assert isinstance(contact, Contact)  # noqa: S101  # it is a contact's form
        if problems:
            self._refuse(problems)
            return
        self._save_with(self._writer(contact, read), self._saved)

    def _writer(
        self, contact: Contact, read: Mapping[str, Mapping[str, Any]]
    ) -> Callable[[OpenHome], _Saved]:
        values = dict(read[_POST])
        place: Organisation | int | None = values.pop(_ORGANISATION, None)
        if place == _NEW_PLACE:
            place = Organisation(**read[_ORGANISATION])
        was = self._post_facts.loaded
        post = filled(self._post_start(), values)
        assert isinstance(post, Post)  # noqa: S101  # it is a post's part
        given = was is not None or place is not None or any(values.values())
        loaded = self._loaded

        def write(home: OpenHome) -> _Saved:
            known = _changes(home, loaded, was)
            if loaded is None:
                added = directory.add_contact_with_post(
                    home, contact, post if given else None, place
                )
            else:
                added = directory.change_contact_with_post(
                    home, (loaded, contact), (was, post) if given else None, place
                )
            new = [("contact", added.contact), (_POST, added.post)]
            if isinstance(place, Organisation):
                new.append((_ORGANISATION, added.organisation))
            stamps = {
                entry.id
                for type_name, identity in new
                if identity is not None
                for entry in history.history(home.store, type_name, identity)
            }
            title = Names(home.store).by_id("contact", added.contact)
            return _Saved(
                "contact", added.contact, title, tuple(sorted(stamps - known)), added.warnings,
                loaded=home.store.load("contact", added.contact),
                post=home.store.load(_POST, added.post) if added.post is not None else None,
                place=_candidate(home, added.organisation),
            )  # fmt: skip

        return write

    def _go_on_from(self, saved: saving.Saved, since: tuple[str, ...]) -> None:
        if isinstance(saved, _Saved):
            self._go_on_beside(saved, since)
        super()._go_on_from(saved, since)

    def _go_on_beside(self, saved: _Saved, since: tuple[str, ...]) -> None:
        """Let post and place be those that are saved now; what was typed since stays."""
        assert self.post is not None  # noqa: S101  # it was saved
        assert self.place is not None  # noqa: S101  # as above
        was_new = self.place_is_new
        self._post_facts = dataclasses.replace(self._post_facts, loaded=saved.post)
        if saved.place is None or not was_new or f"{_POST}.{_ORGANISATION}" in since:
            return
        self._names[_ORGANISATION, saved.place.id] = saved.place
        self.post.editor(_ORGANISATION).set_value(saved.place.id)
        lead = f"{_ORGANISATION}."
        left = [name.removeprefix(lead) for name in since if name.startswith(lead)]
        if left:
            self._keep_for_place(saved.place, self.place.typed(left))
        assert self._place_card is not None  # noqa: S101  # it was laid out
        self._place_card.hide()

    def _keep_for_place(self, place: Candidate, typed: Mapping[str, Any]) -> None:
        """Keep what was typed about the new place while it was being saved, for its own form."""
        desk, about = self.desk, About(_ORGANISATION, place.id)
        desk.jobs.write(
            lambda home: drafts.save(home, about, typed),
            lambda _: desk.say(
                f"What you typed about {place.words} since is kept: open it and choose Change."
            ),
            desk.trouble,
            owner=desk,
        )

    def _refuse(self, problems: list[Problem]) -> None:
        own: dict[str, list[Problem]] = {part: [] for part in ("contact", *self._parts())}
        for problem in problems:
            part, _, name = problem.field.partition(".")
            if part in own and name:
                own[part].append(dataclasses.replace(problem, field=name))
            else:
                own["contact"].append(problem)
        for part, fields in self._parts().items():
            fields.tell(own[part], errors_at=fields.boxes)
        super()._refuse(own["contact"])


def _candidate(home: OpenHome, organisation: int | None) -> Candidate | None:
    record = None if organisation is None else home.store.get(_ORGANISATION, organisation)
    return None if record is None else facts.candidate(home.store, record)


def _changes(home: OpenHome, *loaded: Loaded | None) -> set[int]:
    """Return the stamps of the changes of a contact and a post so far."""
    return {
        entry.id
        for one, type_name in zip(loaded, ("contact", _POST), strict=True)
        if one is not None
        for entry in history.history(home.store, type_name, one.id)
    }


def _post_facts(store: Store, contact: int | None, wanted: tuple[int, ...]) -> _PostFacts:
    """Return the post that a contact took up last, and the organisations that are named."""
    held = [] if contact is None else directory.posts_of(store, contact)
    loaded = store.load(_POST, held[0].post.id or 0) if held else None
    places = {*wanted, getattr(loaded.record, _ORGANISATION) if loaded is not None else None}
    names = {}
    for identity in places - {None, _NEW_PLACE}:
        record = store.follow(_ORGANISATION, identity or 0)
        if record is not None:
            shown = facts.candidate(store, record)
            names[_ORGANISATION, identity or 0] = dataclasses.replace(shown, id=identity or 0)
    return _PostFacts(loaded, len(held), names)


def _place_fields() -> tuple[FieldSpec, ...]:
    """Return what a new organisation is asked for here: enough to find and to ring it."""
    spec = all_specs()[_ORGANISATION]
    also = (spec.by_name["address"], spec.by_name["postcode"])
    return tuple(dict.fromkeys((*plan.short(spec), *also)))


def _own(typed: Mapping[str, Any], part: str) -> dict[str, Any]:
    lead = f"{part}."
    return {name.removeprefix(lead): entry for name, entry in typed.items() if lead in name}


def _grid_of(fields: Fields) -> FieldGrid:
    grid = FieldGrid()
    for box in fields.boxes.values():
        grid.add(box)
    grid.arrange(anew=True)
    return grid
