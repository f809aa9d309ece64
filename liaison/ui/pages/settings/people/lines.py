"""Who may sign in, one line each; and one person with what can be done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.services.people import State
from liaison.ui.pages.settings.people import facts
from liaison.ui.widgets import (
    Avatar,
    Button,
    Card,
    Elided,
    FlowRow,
    StateChip,
    Text,
    Wrap,
    spaced,
)

if TYPE_CHECKING:
    import datetime as dt

    from liaison.services.people import SignIn


class PersonLine(QWidget):
    """One person: who, what they are here, and how it stands.

    Args:
        person: Who.
        today: The present day.
        me: Whether it is whoever is signed in.
    """

    opened = Signal(object)
    """Show this person (a :class:`SignIn`)."""

    def __init__(self, person: SignIn, today: dt.date, *, me: bool) -> None:
        super().__init__()
        self.person = person
        row = spaced(QHBoxLayout(self), 12)
        row.addWidget(Avatar(person.name, 36))
        words = spaced(QVBoxLayout(), 1)
        words.addStretch(1)
        words.addWidget(Elided(f"{person.name} (you)" if me else person.name, "label"))
        words.addWidget(Text(facts.below(person), "secondary"))
        words.addStretch(1)
        row.addLayout(words, 1)
        row.addWidget(FlowRow(chips(person, today)), 1)
        self.button = Button("Open", small=True)
        self.button.setAccessibleName(f"Open {person.name}")
        self.button.clicked.connect(lambda: self.opened.emit(person))
        row.addWidget(self.button)


def chips(person: SignIn, today: dt.date) -> list[QWidget]:
    """Return how it stands with somebody, as chips."""
    state, icon = facts.CHIPS[person.state]
    made: list[QWidget] = [StateChip(state, person.state.value, icon)]
    if words := facts.ends(person, today):
        made.append(StateChip("info", words, "calendar-clock"))
    return made


class PersonCard(Card):
    """One person, and what can be done about them.

    Args:
        person: Who.
        today: The present day.
        me: Whether it is whoever is signed in.
    """

    changing = Signal(object)
    """Give them another name, role or last day."""
    giving = Signal(object)
    """Give them a temporary password."""
    suspending = Signal(object)
    """Keep them out for a while."""
    resuming = Signal(object)
    """Let them in again."""
    removing = Signal(object)
    """Let them go."""
    history = Signal(object)
    """Show what became of them here."""

    def __init__(self, person: SignIn, today: dt.date, *, me: bool) -> None:
        super().__init__()
        self.person = person
        head = spaced(QHBoxLayout(), 16)
        head.addWidget(Avatar(person.name, 48))
        words = spaced(QVBoxLayout(), 2)
        words.addWidget(Elided(person.name, "title"))
        role = f"{facts.below(person)}. {facts.MEANT_FOR.get(person.role, '')}"
        words.addWidget(Wrap(role, "muted", widest=640))
        head.addLayout(words, 1)
        self.add(head)
        self.add(FlowRow(chips(person, today)))
        self.add(Wrap(facts.whose_name(person), "secondary", widest=640))
        if said := _advice(person):
            self.add(Wrap(said, widest=640))
        if me:
            self.add(
                Wrap(
                    "This is you. Your own password is changed under your name, at the top right; "
                    "another manager can suspend or remove you.",
                    "secondary",
                    widest=640,
                )
            )
        self.buttons: dict[str, Button] = {}
        self._lay_out(me=me)

    def _lay_out(self, *, me: bool) -> None:
        person = self.person
        self._button("change", "Name, role, staff or last day", "pencil", self.changing)
        if not me:
            self._button("give", "New temporary password", "key-round", self.giving)
            if person.state is State.SUSPENDED:
                self._button("resume", "Let in again", "log-in", self.resuming)
            else:
                self._button("suspend", "Suspend", "lock", self.suspending)
        self._button("history", "History", "history", self.history)
        if not me:
            self._button("remove", "Remove", "log-out", self.removing)
        row = FlowRow(list(self.buttons.values()))
        self.body.addWidget(row, 0, Qt.AlignmentFlag.AlignTop)

    def _button(self, name: str, words: str, icon: str, signal: SignalInstance) -> None:
        button = Button(words, icon)
        button.clicked.connect(lambda: signal.emit(self.person))
        self.buttons[name] = button


def _advice(person: SignIn) -> str:
    first = person.name.split(" ")[0]
    if person.state is State.TEMPORARY:
        return (
            f"{first} has not signed in with the temporary password yet. At the first time they "
            "choose their own. Until then whoever gave it knows it."
        )
    if person.state is State.NEEDS_PASSWORD:
        return f"{first} cannot sign in on this PC until they have a temporary password."
    if person.state is State.OVER:
        return f"{first}'s last day is over. Another last day lets them in again."
    return ""
