"""Adding somebody on the way, without leaving the form that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.records import all_specs, check
from liaison.services.editing import Unfit
from liaison.services.references import name_field, others_called_so
from liaison.ui.parts import facts, plan, saving
from liaison.ui.parts.begun import Begun, on_the_way
from liaison.ui.parts.editors import Around
from liaison.ui.parts.fields import FieldGrid, Fields, filled
from liaison.ui.parts.notice import Notice
from liaison.ui.parts.suggestions import Suggestions
from liaison.ui.parts.tall import Tall
from liaison.ui.widgets import Button, Popover, Text, spaced

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.records import Problem
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store
    from liaison.ui.desk import Desk
    from liaison.ui.parts.facts import Candidate, FormFacts


class FormPopover(Popover):
    """A popover in which lists may float: pressing in one of them does not close it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay open while something is chosen from a list that floats beside it."""
        if event.type() == QEvent.Type.MouseButtonPress and _floats(watched):
            return False
        return super().eventFilter(watched, event)


class QuickAdd(FormPopover):
    """A small form with what a new record must have; what is typed into it is kept as a draft.

    Args:
        desk: The desk.
        type_name: The record type.
        typed: What was typed where it was looked for: its name.
        anchor: The field that asks for it.
        done: Gets the new record.
        form: Which form that is in; its draft is kept apart from those of others.
    """

    def __init__(  # noqa: PLR0917  # what it is told, in its order
        self,
        desk: Desk,
        type_name: str,
        typed: str,
        anchor: QWidget,
        done: Callable[[Candidate], object],
        form: str,
    ) -> None:
        self._spec = all_specs()[type_name]
        label = self._spec.label.lower()
        super().__init__(anchor, f"New {label}")
        self._desk = desk
        self._typed = typed
        self._done = done
        self.fields: Fields | None = None
        self.banner = Notice()
        self._scrolls = Tall()
        self.save_button = Button(f"Add {label}", "plus", Button.PRIMARY)
        self.save_button.clicked.connect(self.save)
        self.cancel = Button("Not now")
        self.begun = Begun(
            desk,
            on_the_way(type_name, form),
            typed,
            name_field(self._spec),
            self,
            self.banner,
            self._all_typed,
            self._put,
        )
        self.cancel.clicked.connect(self.begun.cancel)

    def begin(self) -> None:
        """Read what the form needs, then open it."""
        name = self._spec.name
        self._desk.jobs.read(
            lambda store: facts.form(store, name, None), self._build, self._desk.trouble, owner=self
        )

    def _build(self, found: FormFacts) -> None:
        around = Around(self._desk, found.vocabularies, found.names)
        self.fields = Fields(plan.short(self._spec), around, self)
        assert self._spec.cls is not None  # noqa: S101  # link types are not added by hand
        self.fields.show(self._spec.cls())
        self.fields.editor(name_field(self._spec)).put(self._typed)
        self.fields.changed.connect(self.begun.note)
        self.fields.settled.connect(self._look)
        grid = FieldGrid()
        for box in self.fields.boxes.values():
            grid.add(box)
        grid.arrange(anew=True)
        buttons = spaced(QHBoxLayout(), 8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save_button)
        self.body.addWidget(Text(f"New {self._spec.label.lower()}", "card"))
        self.body.addWidget(self.banner)
        self._scrolls.body.addWidget(grid)
        self.body.addWidget(self._scrolls, 1)
        self.body.addLayout(buttons)
        self.open()
        empty = [box for box in self.fields.boxes.values() if box.editor.is_empty()]
        for box in empty[:1]:
            box.editor.control.setFocus(Qt.FocusReason.PopupFocusReason)
        self.begun.look()

    # ---- what was typed

    def _all_typed(self) -> Mapping[str, Any]:
        assert self.fields is not None  # noqa: S101  # somebody typed into them
        return self.fields.typed(self.fields.boxes)

    def _put(self, typed: Mapping[str, Any]) -> None:
        assert self.fields is not None  # noqa: S101  # the popover is open
        self.fields.put(typed)

    # ---- saving

    def _look(self) -> None:
        """Say at the fields what is unusual; what is missing is said when it is to be added."""
        fields = self.fields
        if fields is None or self._desk.jobs.home is None or not self.save_button.isEnabled():
            return
        assert self._spec.cls is not None  # noqa: S101  # as above
        record = filled(self._spec.cls(), fields.read()[0])
        told = [box.editor.field.name for box in fields.wrong]

        def look(store: Store) -> list[Problem]:
            found = check(record, vocabularies=store.vocabularies)
            return [*found, *others_called_so(store, record)]

        self._desk.jobs.read(
            look,
            lambda found: fields.tell(found, errors_at=told),
            latest=(id(self), "check"),
            owner=self,
        )

    def save(self) -> None:
        """Add it, if it is right."""
        assert self.fields is not None  # noqa: S101  # the popover is open
        values, unread = self.fields.read()
        if unread:
            self.fields.tell(unread, errors_at=self.fields.boxes)
            return
        assert self._spec.cls is not None  # noqa: S101  # as above
        record = filled(self._spec.cls(), values)

        def write(home: OpenHome) -> Candidate:
            saved = saving.add(home, record)
            added = home.store.get(saved.type, saved.id)
            assert added is not None  # noqa: S101  # it was just added
            return facts.candidate(home.store, added)

        self.save_button.setEnabled(False)
        self.begun.keeper.save(write, self._added, self._refuse)

    def _added(self, candidate: Candidate, _: Draft | None) -> None:
        self.begun.keeper.stop()
        self.done()
        self._done(candidate)
        self._desk.say(f"{candidate.words} added.")

    def _refuse(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, Unfit) and self.fields is not None:
            self.fields.tell(error.problems, errors_at=self.fields.boxes)
            for box in self.fields.wrong[:1]:
                self._scrolls.turn_to(box.editor.control)
        else:
            self.banner.tell(" ".join(part for part in (error.what, error.do) if part))
            self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)


def _floats(watched: QObject) -> bool:
    place: QObject | None = watched
    while place is not None:
        if isinstance(place, Suggestions):
            return True
        place = place.parent()
    return False
