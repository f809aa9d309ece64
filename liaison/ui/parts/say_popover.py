"""A few fields that float beside a button: what came of something, said without leaving the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from liaison.records import all_specs
from liaison.services.drafts import About
from liaison.services.editing import Unfit
from liaison.ui.parts.editors import Around
from liaison.ui.parts.fields import FieldGrid, Fields
from liaison.ui.parts.keeper import Keeper
from liaison.ui.parts.quick import FormPopover
from liaison.ui.parts.tall import Tall
from liaison.ui.parts.undoing import offer_undo
from liaison.ui.widgets import Banner, Button, Text, Wrap, spaced

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from liaison.errors import UserError
    from liaison.records import FieldSpec, Problem
    from liaison.records.vocabularies import Vocabularies
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

Said = tuple[tuple[int, ...], str]
"""The stamps of what was written, and the sentence that says so."""


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What a popover asks for.

    Args:
        title: Its heading.
        about: What it is about, in a line below.
        type: The record's type; ``id`` the record; ``page`` tells its drafts from other forms'.
        id: See ``type``.
        page: See ``type``.
        fields: The declared fields it asks for, each as type and name.
        work: Writes what was typed.
        given: What it starts with, by field.
        needed: Fields that must be filled in here, though the declaration does not ask for them.
        verb: The word on its button.
    """

    title: str
    about: str
    type: str
    id: int
    page: str
    fields: tuple[tuple[str, str], ...]
    work: Callable[[OpenHome, Mapping[str, Any]], Said]
    given: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    needed: tuple[str, ...] = ()
    verb: str = "Save"


class SayPopover(FormPopover):
    """Such a popover; what is typed into it is kept as a draft.

    Args:
        desk: The desk.
        question: What it asks for.
        button: What was pressed.
    """

    def __init__(self, desk: Desk, question: Question, button: QWidget) -> None:
        # a stand-in: what was pressed goes whenever its card is made anew
        self._stand_in = QWidget(button.window())
        self._stand_in.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        corner = button.mapTo(button.window(), QPoint(0, 0))
        self._stand_in.setGeometry(corner.x(), corner.y(), button.width(), button.height())
        super().__init__(self._stand_in, question.title, 420)
        self._desk = desk
        self.question = question
        self.fields: Fields | None = None
        self._begun: Mapping[str, Any] = {}
        self.banner = Banner("late", "")
        self.banner.hide()
        self.save_button = Button(question.verb, "check", Button.PRIMARY)
        self.save_button.clicked.connect(self.save)
        self.cancel = Button("Not now")
        self.cancel.clicked.connect(self.done)
        about = About(question.type, question.id, question.page)
        self.keeper = Keeper(desk, about, self._to_keep, self)
        self.keeper.failed.connect(self._trouble)
        self.closed.connect(self._stand_in.deleteLater)

    def begin(self) -> None:
        """Show it, with what was typed here before and not saved."""
        self._desk.jobs.read(
            lambda store: store.vocabularies, self._build, self._desk.trouble, owner=self
        )

    def _build(self, vocabularies: Vocabularies) -> None:
        question = self.question
        self.fields = Fields(
            [self._field(*named) for named in question.fields],
            Around(self._desk, vocabularies, {}),
            self,
        )
        for name, value in question.given.items():
            self.fields.editor(name).set_value(value)
        self._begun = self.fields.typed(self.fields.boxes)
        self.fields.changed.connect(self._typed)
        grid = FieldGrid()
        for box in self.fields.boxes.values():
            grid.add(box)
        grid.arrange(anew=True)
        self.body.addWidget(Text(question.title, "card"))
        self.body.addWidget(Wrap(question.about, "muted", widest=360))
        self.body.addWidget(self.banner)
        scrolls = Tall()
        scrolls.body.addWidget(grid)
        self.body.addWidget(scrolls, 1)
        row = spaced(QHBoxLayout(), 8)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save_button)
        self.body.addLayout(row)
        self._stand_in.show()
        self.open()
        self.keeper.find(self._found, self._trouble)

    def _typed(self, name: str) -> None:
        assert self.fields is not None  # noqa: S101  # somebody typed into them
        # what was said of it holds no longer
        self.fields.boxes[name].set_error("")
        self.keeper.note()

    def _field(self, type_name: str, name: str) -> FieldSpec:
        field = all_specs()[type_name].by_name[name]
        return dataclasses.replace(field, required=field.required or name in self.question.needed)

    def _found(self, draft: Draft | None) -> None:
        if draft is not None and self.fields is not None:
            self.fields.put(draft.typed)

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        assert self.fields is not None  # noqa: S101  # nothing is kept before it was built
        return self.fields.typed(self.fields.differing(self._begun)), {}

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed when it closes."""
        super().hideEvent(event)
        self.keeper.keep()

    def save(self) -> None:
        """Write it, if it is right."""
        fields, question = self.fields, self.question
        if fields is None or not self.save_button.isEnabled():
            return
        values, unread = fields.read()
        if unread:
            self._tell(unread)
            return
        self.banner.hide()
        self.save_button.setEnabled(False)
        self.keeper.save(lambda home: question.work(home, values), self._saved, self._refuse)

    def _saved(self, said: Said, _: Draft | None) -> None:
        changes, words = said
        offer_undo(self._desk, words, changes)
        self.keeper.stop()
        self.done()

    def _refuse(self, error: UserError) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, Unfit):
            # a service says which record a field is of: "referral.outcome"
            self._tell(
                [
                    dataclasses.replace(problem, field=problem.field.rpartition(".")[2])
                    for problem in error.problems
                ]
            )
        else:
            self._trouble(error)

    def _tell(self, problems: list[Problem]) -> None:
        assert self.fields is not None  # noqa: S101  # it was saved from them
        elsewhere = self.fields.tell(problems, errors_at=self.fields.boxes)
        if elsewhere:
            self.banner.say("late", " ".join(problem.message for problem in elsewhere))
        for box in self.fields.wrong[:1]:
            box.editor.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _trouble(self, error: UserError) -> None:
        self.banner.say("late", " ".join(part for part in (error.what, error.do) if part))
