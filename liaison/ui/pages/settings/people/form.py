"""The form of a person who may sign in: name, role, who of the staff they are, and a last day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from liaison.records import all_specs
from liaison.records.rules import times
from liaison.services.colleagues import colleagues
from liaison.services.drafts import About
from liaison.services.editing import Unfit
from liaison.ui.pages.settings.people import facts
from liaison.ui.pages.settings.people.facts import Wanted
from liaison.ui.parts.keeper import Keeper
from liaison.ui.widgets import (
    Banner,
    Button,
    Card,
    ComboBox,
    DateField,
    Field,
    LineEdit,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from liaison.errors import UserError
    from liaison.services.colleagues import Colleague
    from liaison.services.drafts import Draft
    from liaison.services.people import SignIn
    from liaison.ui.desk import Desk

_PAGE: Final = "sign-in"
_USUAL: Final = "carer"


class PersonForm(Card):
    """A new person, or another name, role or last day for one.

    Args:
        desk: The desk.
        person: Who; None for somebody new.
    """

    wanted = Signal(object)
    """It is filled in and asked for (a :class:`Wanted`)."""
    left = Signal()
    """Not now."""

    def __init__(self, desk: Desk, person: SignIn | None) -> None:
        super().__init__("Somebody new" if person is None else f"Change {person.name}")
        self._desk = desk
        self.person = person
        spec = all_specs()["person"]
        self.name = LineEdit("" if person is None else person.name)
        self.role = ComboBox(facts.role_choices())
        self.role.set_value(_USUAL if person is None else person.role)
        self.staff = ComboBox(facts.staff_choices((), person))
        self.staff.set_value(facts.OF_THE_NAME if person is None else person.staff or facts.NOBODY)
        self.until = DateField(
            lambda text: times.parse_date(text, today=desk.today(), ahead=True),
            times.show_date,
            "Such as 30 Nov 2026",
            today=desk.today,
        )
        if person is not None:
            self.until.set_value(person.until)
        label = {name: spec.by_name[name].label for name in ("name", "role", "staff", "until")}
        self.fields: dict[str, Field] = {
            "name": Field(label["name"], self.name, "As colleagues know them.", required=True),
            "role": Field(label["role"], self.role, required=True),
            "staff": Field(
                label["staff"],
                self.staff,
                "What they raise carries this name, and answers reach their Today.",
            ),
            "until": Field(label["until"], self.until, "For agency staff; else leave it empty."),
        }
        self._meant = Wrap("", "secondary", widest=520)
        self.banner = Banner("late", "")
        self.banner.hide()
        words = "Add and think up a password" if person is None else "Save"
        self.save_button = Button(words, "check", Button.PRIMARY)
        self.cancel = Button("Not now")
        self.add(self.banner)
        self.add(self.fields["name"])
        self.add(self.fields["role"])
        self.body.addSpacing(-8)
        self.add(self._meant)
        self.add(self.fields["staff"])
        self.add(self.fields["until"])
        buttons = spaced(QHBoxLayout(), 8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save_button)
        self.add(buttons)
        self.keeper = Keeper(
            desk, About("person", None if person is None else person.id, _PAGE), self._typed, self
        )
        self._connect()

    def _connect(self) -> None:
        self.name.textChanged.connect(self._changed)
        self.name.returnPressed.connect(self.save)
        self.role.changed.connect(self._changed)
        self.staff.changed.connect(self._changed)
        self.until.changed.connect(self._changed)
        self.save_button.clicked.connect(self.save)
        self.cancel.clicked.connect(self._leave)
        self._tell_role()
        but = None if self.person is None else self.person.id
        self._desk.jobs.read(
            lambda store: colleagues(store, but=but), self._offer, self._desk.trouble, owner=self
        )

    def _offer(self, found: tuple[Colleague, ...]) -> None:
        self.staff.set_choices(facts.staff_choices(found, self.person))
        self.keeper.find(self._restore, self._desk.trouble)

    def begin(self) -> None:
        """Put the cursor into the name."""
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- drafts

    def _changed(self) -> None:
        self._tell_role()
        self.keeper.note()

    def _typed(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        texts = {
            "name": self.name.text(), "role": self.role.value, "until": self.until.text,
            "staff": self.staff.value,
        }  # fmt: skip
        return texts, {}

    def _restore(self, draft: Draft | None) -> None:
        if draft is None:
            return
        parts = (self.name, self.role, self.until, self.staff)
        for part in parts:
            part.blockSignals(True)
        self.name.setText(str(draft.typed.get("name", "")))
        self.role.set_value(draft.typed.get("role"))
        self.until.set_text(str(draft.typed.get("until", "")))
        self.staff.set_value(draft.typed.get("staff", self.staff.value))
        for part in parts:
            part.blockSignals(False)
        self._tell_role()
        self.set_note("As you left it")

    def _leave(self) -> None:
        # what was typed is there again the next time
        self.keeper.keep_then(self.left.emit)

    # ---- saving

    def _tell_role(self) -> None:
        self._meant.setText(facts.MEANT_FOR.get(str(self.role.value), ""))
        for field in self.fields.values():
            field.set_error(None)

    def save(self) -> None:
        """Ask for it, if it is filled in."""
        wrong: list[QWidget] = []
        if not self.name.text().strip():
            self.fields["name"].set_error("Type their name.")
            wrong.append(self.name)
        if self.role.value is None:
            self.fields["role"].set_error("Choose a role.")
            wrong.append(self.role)
        if not self.until.settle():
            wrong.append(self.until)
        if wrong:
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        until: Any = self.until.value
        self.banner.hide()
        self._rest(busy=True)
        staff = self.staff.value if isinstance(self.staff.value, int) else facts.NOBODY
        self.wanted.emit(Wanted(self.name.text().strip(), str(self.role.value), until, staff))

    def refuse(self, error: UserError) -> None:
        """Say why it was not done; everything stays as it was typed."""
        self._rest(busy=False)
        if isinstance(error, Unfit):
            for problem in error.problems:
                if (field := self.fields.get(problem.field)) is not None:
                    field.set_error(problem.message)
                else:
                    self.banner.say("late", problem.message)
        else:
            self.banner.say("late", str(error))

    def done(self) -> None:
        """It was done: the draft may go."""
        self.keeper.forget()

    def _rest(self, *, busy: bool) -> None:
        for part in (
            self.save_button, self.cancel, self.name, self.role, self.staff, self.until,
        ):  # fmt: skip
            part.setEnabled(not busy)
