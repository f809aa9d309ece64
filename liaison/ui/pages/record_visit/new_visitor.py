"""Somebody who is not in the directory yet, added without leaving the visit."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.errors import UserError
from liaison.records import all_specs, ids
from liaison.records.directory import Contact, Organisation, Post
from liaison.records.rules import phones
from liaison.services.directory import add_contact_with_post
from liaison.services.editing import Unfit
from liaison.ui.pages.record_visit import facts
from liaison.ui.parts import facts as parts_facts
from liaison.ui.parts.begun import Begun, on_the_way
from liaison.ui.parts.editors.picker import referred
from liaison.ui.parts.fields import WarningLine
from liaison.ui.parts.notice import Notice
from liaison.ui.parts.quick import FormPopover
from liaison.ui.parts.suggestions import Offer, PickLine, Suggestions
from liaison.ui.parts.tall import Tall
from liaison.ui.widgets import Button, ComboBox, Field, LineEdit, Text, spaced

if TYPE_CHECKING:
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.facts import Visitor
    from liaison.ui.parts.facts import Candidate, FormFacts

_PAUSE_MS: Final = 120


class _NewPlace:
    def __init__(self, name: str) -> None:
        self.name = name


class NewVisitor(FormPopover):
    """Name, role, where from, phone: a contact, their post and, if it is new, the organisation.

    What is typed into it is kept as a draft.

    Args:
        desk: The desk.
        vocabularies: The home's lists of choices.
        typed: What was typed where they were looked for: their name.
        anchor: The line that asks for them.
        done: Gets the new :class:`Visitor`.
    """

    def __init__(
        self,
        desk: Desk,
        vocabularies: Vocabularies,
        typed: str,
        anchor: QWidget,
        done: Callable[[Visitor], object],
    ) -> None:
        super().__init__(anchor, "Somebody new", 420)
        self._desk = desk
        self._done = done
        self._chosen: Candidate | None = None
        specs = all_specs()
        contact, post, place = specs["contact"], specs["post"], specs["organisation"]
        self.name = LineEdit(typed)
        self.role = ComboBox(_choices(vocabularies, post.by_name["role"]))
        self.role.set_value(None)
        self.place = PickLine("search", "Search organisations, or type a new one")
        self.kind = ComboBox(_choices(vocabularies, place.by_name["kind"]))
        self.kind.set_value(None)
        self.phone = LineEdit()
        self.fields: dict[str, Field] = {
            "contact.name": Field(contact.by_name["name"].label, self.name, required=True),
            "post.role": Field(post.by_name["role"].label, self.role),
            "post.organisation": Field(post.by_name["organisation"].label, self.place),
            "organisation.kind": Field("What kind of organisation", self.kind, required=True),
            "contact.phone": Field(contact.by_name["phone"].label, self.phone),
        }
        self.unusual = WarningLine(self.phone)
        self.phone.editingFinished.connect(self._look_at_phone)
        self.banner = Notice()
        self._scrolls = Tall(12)
        self.save_button = Button("Add and choose", "plus", Button.PRIMARY)
        self.cancel = Button("Not now")
        self.save_button.clicked.connect(self.save)
        self.begun = Begun(
            desk,
            on_the_way("contact", "record-visit"),
            typed,
            "name",
            self,
            self.banner,
            self._all_typed,
            self._put,
        )
        self.cancel.clicked.connect(self.begun.cancel)
        self._lay_out()
        self._list = Suggestions(self.place, place.plural)
        self._list.taken.connect(self._take)
        self._list.asked.connect(self._look)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.place.textEdited.connect(self._typed)
        for line in (self.name, self.place, self.phone):
            line.textEdited.connect(self.begun.note)
        for box in (self.role, self.kind):
            box.changed.connect(self.begun.note)

    def _lay_out(self) -> None:
        self.body.addWidget(Text("Somebody new", "card"))
        self.body.addWidget(self.banner)
        for box in self.fields.values():
            self._scrolls.body.addWidget(box)
        self._scrolls.body.addWidget(self.unusual)
        self.body.addWidget(self._scrolls, 1)
        self.fields["organisation.kind"].hide()
        buttons = spaced(QHBoxLayout(), 8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save_button)
        self.body.addLayout(buttons)

    def begin(self) -> None:
        """Open it; the name is typed already, so the role is next."""
        self.open()
        self.role.setFocus(Qt.FocusReason.PopupFocusReason)
        self.begun.look()

    # ---- what was typed

    def _all_typed(self) -> Mapping[str, Any]:
        chosen, asks_kind = self._chosen, not self.fields["organisation.kind"].isHidden()
        return {
            "name": self.name.text(),
            "role": self.role.value,
            "place": self.place.text() if chosen is None else {"id": ids.to_text(chosen.id)},
            "kind": self.kind.value if asks_kind else None,
            "phone": self.phone.text(),
        }

    def _put(self, typed: Mapping[str, Any]) -> None:
        self.name.setText(str(typed.get("name") or ""))
        self.role.set_value(typed.get("role"))
        self.kind.set_value(typed.get("kind"))
        self.phone.setText(str(typed.get("phone") or ""))
        self._look_at_phone()
        place = typed.get("place")
        self.place.setText(place if isinstance(place, str) else "")
        self._chosen = None
        self._show_kind(shown=self.kind.value is not None)
        for identity in referred(place):
            # until it is read it is known by its id alone
            self._chosen = parts_facts.Candidate(identity, "", "")
            self._name_place(self._chosen)

    def _name_place(self, chosen: Candidate) -> None:
        wanted = ("organisation", chosen.id)

        def name(found: FormFacts) -> None:
            if self._chosen is chosen:
                self._chosen = found.names.get(wanted)
                self.place.setText("" if self._chosen is None else self._chosen.words)

        self._desk.jobs.read(
            lambda store: parts_facts.form(store, "contact", None, [wanted]),
            name,
            self._refuse,
            owner=self,
        )

    # ---- the place

    def _typed(self, text: str) -> None:
        self._chosen = None
        self._show_kind(shown=False)
        if text.strip():
            self._pause.start()

    def _look(self) -> None:
        self._pause.stop()
        typed = self.place.text().strip()
        if self._desk.jobs.home is None:
            return

        def look(store: Store) -> list[Candidate]:
            return parts_facts.candidates(store, "organisation", typed)

        self._desk.jobs.read(
            look, functools.partial(self._offer, typed), latest=(id(self), "look"), owner=self
        )

    def _offer(self, typed: str, found: list[Candidate]) -> None:
        if typed != self.place.text().strip():
            return
        offers = [Offer(one, one.words, one.apart) for one in found]
        if typed:
            offers.append(Offer(_NewPlace(typed), f"Add “{typed}” as a new one", icon="plus"))
        self._list.offer(offers)

    def _take(self, value: object) -> None:
        self.begun.note()
        if isinstance(value, _NewPlace):
            self._chosen = None
            self._show_kind(shown=True)
            self._scrolls.turn_to(self.kind)
        else:
            assert isinstance(value, parts_facts.Candidate)  # noqa: S101  # that is offered
            self._chosen = value
            self.place.setText(value.words)
            self._show_kind(shown=False)
            self._scrolls.turn_to(self.phone)

    def _show_kind(self, *, shown: bool) -> None:
        box = self.fields["organisation.kind"]
        if box.isHidden() == shown:
            box.setVisible(shown)
            # it grows with its fields
            self._place()

    def _look_at_phone(self) -> None:
        typed = self.phone.text()
        if self._desk.jobs.home is None:
            return

        def show(words: str | None) -> None:
            if (words or "") != self.unusual.words:
                self.unusual.say(words or "")
                self._place()

        # the library that knows numbers takes its time the first time
        self._desk.jobs.read(
            lambda _: phones.warning(typed), show, latest=(id(self), "phone"), owner=self
        )

    # ---- saving

    def save(self) -> None:
        """Add them, if all is right."""
        self.banner.put_away()
        typed_place = self.place.text().strip()
        if typed_place and self._chosen is None and self.fields["organisation.kind"].isHidden():
            # typed and not chosen: it is a new one, of a kind that is to be said
            self._show_kind(shown=True)
        contact = Contact(name=self.name.text().strip() or None, phone=_text(self.phone))
        role = self.role.value
        organisation: Organisation | int | None = None
        if self._chosen is not None:
            organisation = self._chosen.id
        elif typed_place:
            kind = self.kind.value
            organisation = Organisation(name=typed_place, kind=kind or None)  # type: ignore[arg-type]  # one of its choices
        post = Post(role=role) if role else None  # type: ignore[arg-type]  # one of its choices

        def write(home: OpenHome) -> Visitor:
            added = add_contact_with_post(home, contact, post, organisation)
            return facts.visitor(home.store, added.contact, added.organisation)

        self.save_button.setEnabled(False)
        self.begun.keeper.save(write, self._added, self._refuse)

    def _added(self, visitor: Visitor, _: Draft | None) -> None:
        self.begun.keeper.stop()
        self.done()
        self._done(visitor)
        self._desk.say(f"{visitor.name} is in the directory now.")

    def _refuse(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        for box in self.fields.values():
            box.set_error(None)
        others = []
        wrong: list[Field] = []
        for problem in error.problems if isinstance(error, Unfit) else ():
            at = self.fields.get(problem.field)
            if at is None:
                others.append(problem.message)
            elif not at.error:
                at.set_error(problem.message)
                wrong.append(at)
        if not isinstance(error, Unfit):
            others.append(error.message)
        if others:
            self.banner.tell(" ".join(others))
        for box in wrong[:1]:
            self._scrolls.turn_to(box.editor)
        self._place()


def _text(line: LineEdit) -> str | None:
    return line.text().strip() or None


def _choices(vocabularies: Vocabularies, field: Any) -> list[tuple[object, str]]:
    return [(item.value, item.label) for item in vocabularies.items(field) if not item.retired]
