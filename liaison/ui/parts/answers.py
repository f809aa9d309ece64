"""What is typed in answer to a small question is a draft until it is used."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import QObject

from liaison.errors import UserError
from liaison.services import drafts
from liaison.services.drafts import About
from liaison.ui import clock
from liaison.ui.parts.keeper import Keeper
from liaison.ui.widgets import Field

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit

    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

T = TypeVar("T")

_ASKED: Final = "asked/"


def asked_about(type_name: str, record: int | None, what: str) -> About:
    """Return where what is answered to a small question about something is kept.

    Args:
        type_name: The type of what it is about.
        record: Its id; None for what has no record.
        what: What is to be done: "archive". A person has one such draft for each.
    """
    return About(type_name, record, f"{_ASKED}{what}")


def is_asked(about: About) -> bool:
    """Return whether a draft is an answer to a small question; no list shows those."""
    return about.page.startswith(_ASKED)


def finishing(about: About, work: Callable[[OpenHome], T]) -> Callable[[OpenHome], T]:
    """Return work that takes a draft out with what it does, in one transaction.

    Args:
        about: Where the draft is kept.
        work: What was answered for; if it is refused, the draft stays.
    """
    return lambda home: drafts.finish(home, about, lambda: work(home))[0]


def forgetting(about: About, work: Callable[[OpenHome], T]) -> Callable[[OpenHome], T]:
    """Return work that takes a draft out once it is done.

    For what is more than one transaction of the record, such as keys that are made anew.

    Args:
        about: Where the draft is kept.
        work: What was answered for; if it is refused, the draft stays.
    """

    def both(home: OpenHome) -> T:
        done = work(home)
        # it is done, whatever becomes of the draft: nobody is to do it again
        with contextlib.suppress(UserError):
            drafts.take(home, about)
        return done

    return both


class BegunAnswer(QObject):
    """Keeps what is typed in answer to a small question, and gives it back when the same is asked.

    It goes with what it was typed for (:func:`finishing`), or when somebody says on purpose that it
    is not to be done; Esc, a press elsewhere, a lock and the end of the program keep it.

    Args:
        desk: The desk.
        about: Where the draft is kept (:func:`asked_about`).
        lines: What is typed into, by names that stay; each in its ``Field``, which says when it was
            typed if it is given back.
        asks: The dialog, popover or card.
        whole: Whether a line is one name: what is typed now then stands instead of what lies there,
            where a reason goes on after it.
    """

    def __init__(
        self,
        desk: Desk,
        about: About,
        lines: Mapping[str, QLineEdit],
        asks: QObject,
        *,
        whole: bool = False,
    ) -> None:
        super().__init__(asks)
        self._desk = desk
        self._lines = dict(lines)
        self._whole = whole
        self._first = self._typed()
        self._touched = set[str]()
        self._known = self._given_back = False
        self._left = False
        """Whether what was typed is on its way already, and nothing was typed since."""
        self._held = False
        self.keeper = Keeper(desk, about, self._to_keep, self)
        # there is no banner in it; the window's own shows beside it
        self.keeper.failed.connect(desk.trouble)
        desk.keeping.connect(self._keep_blindly)
        self._notes = {name: functools.partial(self.note, name) for name in lines}
        for name, line in lines.items():
            line.textEdited.connect(self._notes[name])

    @property
    def about(self) -> About:
        """Where the draft is kept."""
        return self.keeper.about

    @property
    def touched(self) -> bool:
        """Whether something was typed that is more than what stood there first."""
        return bool(self._touched) and self._typed() != self._first

    @property
    def held(self) -> bool:
        """Whether what was asked for is being done."""
        return self._held

    def look(self) -> None:
        """Look for what was begun, and give it back; the question is on the screen already."""
        self.keeper.find(self._found, self._desk.trouble)

    def remind(self) -> None:
        """Say when it was typed: the question, which stays as it is, is in sight again."""
        if self.touched or self._given_back:
            self.keeper.keep()
            self.keeper.find(self._tell_when, self._desk.trouble)

    def note(self, name: str, *_: object) -> None:
        """Somebody typed or chose something.

        Args:
            name: The line that holds it.
        """
        self._left = False
        self._touched.add(name)
        # from now on it is no longer what was typed then
        self._say("")
        if self._known and self._typed() == self._first:
            # what was typed was taken out again: nothing is left to come back to
            self.keeper.forget()
        else:
            self.keeper.note()

    def let_go(self) -> None:
        """Keep what was typed so far and nothing more: the question goes, or it is being done.

        What is said twice, before a deed and when its question closes, is kept once: what the deed
        took out is not to come back.
        """
        if self._left:
            return
        self._keep_blindly()
        if not self._left:
            self._left = True
            self.keeper.keep()

    def _keep_blindly(self) -> None:
        """Keep what was typed where that cannot be put in place of what lies there."""
        letting_go = self.keeper.letting_go and self.keeper.waiting
        if self._left or self._desk.jobs.home is None or not self._touched:
            return
        if self._known and not letting_go:
            return
        about, typed, first, touched = self.about, self._typed(), self._first, set(self._touched)
        whole, known = self._whole, self._known

        def keep(home: OpenHome) -> None:
            if known:
                _put(home, about, typed, first)
            elif typed != first:
                # gone before it was known what lies there, which is not to be overwritten
                draft = drafts.find(home, about)
                _put(home, about, _joined(draft, typed, first, touched, whole=whole), first)

        self._left = True
        self._desk.jobs.write(keep, lambda _: None, self._desk.trouble, owner=self._desk)
        self.keeper.stop()

    def forget(self) -> None:
        """Forget what was typed: it is not to be done."""
        if self._touched or self._given_back:
            self.keeper.forget()
        self._left = True

    def put_away(self) -> None:
        """Its lines go on to another question; what was kept or forgotten of it stays so."""
        self.used()
        for name, line in self._lines.items():
            line.textEdited.disconnect(self._notes[name])
        # what is on its way to it is not for what is asked now
        self._lines.clear()
        self.deleteLater()

    # ---- while it is being done

    def hold(self) -> None:
        """Let nobody type on while what was asked for is being done."""
        self.let_go()
        self._hold(True)

    def refused(self) -> None:
        """It was not done: what was typed may be changed, and is kept as before."""
        self._hold(False)
        # else it is on its way to what lies there, and is not to be joined to it twice
        self._left = not self._known

    def used(self) -> None:
        """It was done, and the question stays for the next: its lines are empty again."""
        self.keeper.stop()
        self._touched.clear()
        self._given_back = False
        self._say("")

    def _hold(self, on: bool) -> None:  # noqa: FBT001  # a state, as Qt's setters
        self._held = on
        for line in self._lines.values():
            line.setReadOnly(on)

    # ---- what lies there

    def _found(self, draft: Draft | None) -> None:
        self._known = True
        if draft is not None:
            words = _joined(draft, self._typed(), self._first, self._touched, whole=self._whole)
            for name, line in self._lines.items():
                if words[name] != line.text():
                    self._give_back(line, words[name])
            if self._given_back:
                self._tell_when(draft)
        if self._typed() == self._first:
            self.keeper.stop()
        else:
            # what was typed before it was known
            self.keeper.keep()

    def _tell_when(self, draft: Draft | None) -> None:
        if draft is not None:
            self._say(f"You typed this {clock.ago(draft.at, self._desk.today())}.")

    def _give_back(self, line: QLineEdit, words: str) -> None:
        self._given_back = True
        # what was to be typed over is still to be
        marked = bool(line.text()) and line.selectedText() == line.text()
        line.setText(words)
        if marked:
            line.selectAll()

    def _say(self, words: str) -> None:
        for line in self._lines.values():
            if isinstance(field := line.parentWidget(), Field):
                field.set_note(words)

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        return self._typed(), {}

    def _typed(self) -> dict[str, str]:
        return {name: line.text() for name, line in self._lines.items()}


def _put(home: OpenHome, about: About, words: Mapping[str, str], first: Mapping[str, str]) -> None:
    """Keep what was typed; what stood there before anybody typed is no draft."""
    if words == first:
        drafts.take(home, about)
    else:
        drafts.save(home, about, words)


def _joined(
    draft: Draft | None,
    typed: Mapping[str, str],
    first: Mapping[str, str],
    touched: Collection[str],
    *,
    whole: bool,
) -> dict[str, str]:
    """Return what the lines are to hold, of what lies there and what is in them now."""
    words = dict(typed)
    for name, now in typed.items():
        was = str(draft.typed.get(name) or "") if draft is not None else ""
        if not was:
            continue
        if name not in touched or now == first[name]:
            words[name] = was
        elif not whole and not now.startswith(was):
            # somebody who types at once is not to lose either
            words[name] = f"{was} {now}"
    return words
