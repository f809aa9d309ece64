"""What somebody began to write about a visit and has not finished: found again after any end."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from liaison.services import drafts
from liaison.services.references import Names, as_id
from liaison.ui import clock
from liaison.ui.widgets import Button, Divider, Elided, Icon, IconButton, Text, spaced

if TYPE_CHECKING:
    from liaison.services.drafts import About, Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

PAGE: Final = "record-visit"
"""The page a visit is recorded on; the drafts of its forms are kept under this word."""


@dataclasses.dataclass(frozen=True, slots=True)
class Unfinished:
    """A visit somebody has not finished.

    Args:
        draft: The draft.
        title: Who came.
        below: Whom they saw, and since when it waits.
    """

    draft: Draft
    title: str
    residents: str

    @property
    def argument(self) -> Mapping[str, object]:
        """What the page that records visits is gone to with."""
        return {"draft": self.draft.about}


def is_visit(about: About) -> bool:
    """Return whether a draft is one of the page that records visits."""
    return about.type == "visit" and about.page.startswith(PAGE)


def unfinished_visits(home: OpenHome) -> list[Unfinished]:
    """Return what whoever sits here has not finished, newest first; for a write job."""
    names = Names(home.store)
    return [
        Unfinished(draft, _title(names, draft), ", ".join(_residents(names, draft)))
        for draft in drafts.mine(home)
        if is_visit(draft.about)
    ]


def _title(names: Names, draft: Draft) -> str:
    if draft.about.record is not None:
        return names.by_id("visit", draft.about.record)
    visit = draft.typed.get("visit")
    if isinstance(visit, dict):
        for field, target in (("professional", "contact"), ("organisation", "organisation")):
            if (found := _chosen(visit.get(field))) is not None:
                return names.by_id(target, found)
    who = draft.typed.get("who")
    return str(who) if who else "A visit"


def _residents(names: Names, draft: Draft) -> Iterator[str]:
    for note in draft.typed.get("notes") or ():
        typed = note.get("typed") if isinstance(note, dict) else None
        found = _chosen(typed.get("resident")) if isinstance(typed, dict) else None
        if found is not None:
            yield names.by_id("resident", found)


def _chosen(typed: Any) -> int | None:
    return as_id(str(typed.get("id", ""))) if isinstance(typed, dict) else None


class UnfinishedVisits(QWidget):
    """The visits somebody has not finished, each with a way to go on.

    Args:
        desk: The desk.
    """

    filled = Signal()
    """They are read."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.found: list[Unfinished] = []
        self._rows = spaced(QVBoxLayout(self), 8)
        self.setAccessibleName("Not finished yet")

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.found)

    def refresh(self) -> None:
        """Read them anew."""
        if self._desk.jobs.home is not None:
            self._desk.jobs.write(unfinished_visits, self._show, self._desk.trouble, owner=self)

    def _show(self, found: list[Unfinished]) -> None:
        self.found = found
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows.addWidget(Text("Not finished yet", "card"))
        today = self._desk.today()
        for one in found:
            self._rows.addWidget(Divider())
            self._rows.addWidget(self._row(one, today))
        self.filled.emit()

    def _row(self, one: Unfinished, today: dt.date) -> QWidget:
        row = QWidget()
        line = spaced(QHBoxLayout(row), 12)
        line.addWidget(Icon("pencil-line", "muted", 20))
        words = spaced(QVBoxLayout(), 1)
        words.addWidget(Elided(one.title, "label"))
        since = f"typed {clock.ago(one.draft.at, today)}"
        below = " \N{MIDDLE DOT} ".join(part for part in (one.residents, since) if part)
        words.addWidget(Elided(below, "secondary"))
        line.addLayout(words, 1)
        on = Button("Go on", small=True)
        on.setAccessibleName(f"Go on with {one.title}, {since}")
        on.clicked.connect(lambda *_: self._desk.go(PAGE, one.argument))
        away = IconButton("trash-2", f"Throw away the draft of {one.title}", small=True)
        away.clicked.connect(lambda *_: self._throw_away(one))
        line.addWidget(on)
        line.addWidget(away)
        return row

    def _throw_away(self, one: Unfinished) -> None:
        desk, draft = self._desk, one.draft

        def put_back() -> None:
            desk.jobs.write(
                lambda home: drafts.put_back(home, draft),
                lambda _: self._put_back(),
                desk.trouble,
                owner=desk,
            )

        def taken(_: Draft | None) -> None:
            desk.say("Draft thrown away.", put_back)
            self.refresh()

        desk.jobs.write(
            lambda home: drafts.take(home, draft.about), taken, desk.trouble, owner=self
        )

    def _put_back(self) -> None:
        from shiboken6 import isValid

        self._desk.say("The draft is back.")
        if isValid(self):
            self.refresh()


def new_about(token: str) -> About:
    """Return where the draft of a new visit is kept; somebody may have several.

    Args:
        token: What tells it from others; no two are the same.
    """
    return drafts.About("visit", None, f"{PAGE}/{token}")


def about_of(visit: int) -> About:
    """Return where the draft of a visit that is being corrected is kept."""
    return drafts.About("visit", visit, PAGE)
