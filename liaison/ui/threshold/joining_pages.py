"""Joining a home, second and third step: the six digits to compare, and who is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from liaison.ui.threshold.parts import PasswordEdit
from liaison.ui.widgets import Card, ComboBox, Field, ProgressLine, Text, Wrap, spaced

if TYPE_CHECKING:
    from liaison.services.pcs.joining import Waiting
    from liaison.ui.threshold.joining_copy import CopyLine


class DigitsPage(QWidget):
    """The six digits that a manager compares, and that it waits for them."""

    def __init__(self) -> None:
        super().__init__()
        self.digits = Text("", "number")
        self.digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self._asks = Wrap("", widest=640)
        card = Card("The six digits of this PC", "monitor", kind=Card.EMPHASISED)
        card.add(self.digits)
        card.add(self._asks)
        card.add(
            Wrap(
                "If the digits are the same there, the manager lets this PC in, and it goes on here "
                "by itself. If they differ, somebody else may have this invitation: do not go on, "
                "and ask the manager for another one.",
                "muted",
                widest=640,
            )
        )
        rows = spaced(QVBoxLayout(self), 8)
        rows.addWidget(card)
        rows.addSpacing(4)
        rows.addWidget(ProgressLine("Waiting for a manager to let this PC in"))
        rows.addWidget(Wrap("Waiting for a manager to let this PC in.", "muted"))

    def show_waiting(self, waiting: Waiting) -> None:
        """Show the digits of a PC that has asked to join, and what it asks."""
        digits = waiting.digits
        self.digits.setText(f"{digits[:3]} {digits[3:]}")
        self.digits.setAccessibleName(f"Six digits: {' '.join(digits)}")
        self._asks.setText(
            f"“{waiting.request.name}” asks to join {waiting.offer.home}, invited by "
            f"{waiting.offer.pc}."
        )

    @property
    def said(self) -> str:
        """The digits one by one, as they are read aloud."""
        return self.digits.accessibleName()


class WhoPage(QWidget):
    """Who is here: one of those who can sign in, and their password.

    Args:
        copy: Shows how far the record has come meanwhile.
    """

    entered = Signal()
    """Enter was pressed after the password."""

    def __init__(self, copy: CopyLine) -> None:
        super().__init__()
        self.copy = copy
        self.person = ComboBox([])
        self.person_field = Field("You are", self.person, required=True)
        self.person.currentIndexChanged.connect(lambda _: self.person_field.set_error(None))
        self.password = PasswordEdit()
        self.password.returnPressed.connect(self.entered)
        self.password_field = Field("Your password", self.password, required=True)
        self.password.textChanged.connect(lambda _: self.password_field.set_error(None))
        rows = spaced(QVBoxLayout(self), 12)
        rows.addWidget(self.person_field)
        rows.addWidget(self.password_field)
        rows.addSpacing(4)
        rows.addWidget(copy)

    def show_people(self, people: tuple[str, ...]) -> None:
        """Let one of these be chosen."""
        self.person.set_choices([(name, name) for name in people])
        if len(people) == 1:
            self.person.set_value(people[0])

    def begin(self) -> None:
        """Put the cursor where something is to be filled in."""
        first = self.person if self.name is None else self.password
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def name(self) -> str | None:
        """Who is chosen; None if nobody is."""
        return self.person.value if isinstance(self.person.value, str) else None

    def is_filled(self) -> bool:
        """Return whether all is filled in; what is missing is said beside its field."""
        if self.name is None:
            self.person_field.set_error("Choose who you are.")
            self.person.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.password.text():
            self.password_field.set_error("Type your password first.")
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return True
        return False

    def refuse_password(self, words: str) -> None:
        """Say what is wrong with the password."""
        self.password_field.set_error(words)
        self.password.selectAll()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def allow(self, typing: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        """Let somebody type, or not for now."""
        self.person_field.setEnabled(typing)
        self.password_field.setEnabled(typing)
