"""Saving the visit that is on the screen: what it asks first, and what is said afterwards."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from liaison.records.parsing import Reader
from liaison.services import attachments, drafts
from liaison.services.editing import Unfit
from liaison.ui.pages.record_visit import saving
from liaison.ui.pages.record_visit.meanwhile import AsSaved
from liaison.ui.pages.record_visit.typed import PLANNED
from liaison.ui.parts import reason
from liaison.ui.parts.answers import asked_about, forgetting
from liaison.ui.parts.undoing import offer_undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from liaison.errors import UserError
    from liaison.records import Problem
    from liaison.services.attachments import Incoming
    from liaison.services.drafts import About, Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk
    from liaison.ui.pages.record_visit.form import VisitForm
    from liaison.ui.pages.record_visit.saving import Kept, Ready, Wrong
    from liaison.ui.parts.keeper import Keeper


class Saver(QObject):
    """Saves a visit; the form goes on taking keys meanwhile.

    Args:
        form: The form.
        keeper: What keeps its draft.
    """

    working = Signal(bool)
    """Whether it is being saved."""
    saved = Signal(object)
    """It was saved (a :class:`Kept`), and the form has done its work."""
    went_on = Signal(object)
    """It was saved (a :class:`Kept`), but something was typed since."""
    wrong = Signal(object)
    """It was not saved: what is to be put right (a :class:`Wrong`)."""
    failed = Signal(object)
    """It was not saved (a UserError)."""

    def __init__(self, form: VisitForm, keeper: Keeper) -> None:
        super().__init__(form)
        self._form = form
        self._desk: Desk = form.desk
        self._keeper = keeper
        self.is_saving = False
        """Whether a save is under way."""
        self.is_done = False
        """Whether the visit is saved and nothing is left to be."""

    def save(self) -> None:
        """Save the visit, if it is right; a correction asks for its reason first."""
        form = self._form
        opening = form.opening
        if opening is None or self.is_saving or self.is_done:
            return
        unread = form.strip.settle()
        reader = Reader(self._desk.now(), opening.vocabularies)
        made, wrong = saving.ready(form.sheet, form.whole, reader)
        wrong.visit.update(unread)
        wrong.elsewhere.extend(form.people.settle())
        if wrong.count:
            self._look_at_the_rest(made, wrong)
        elif made.corrects:
            self._ask_why(made)
        else:
            self._write(made, "", None)

    def _look_at_the_rest(self, made: Ready, wrong: Wrong) -> None:
        """Tell with what cannot be read all that is wrong besides: nobody is to save twice for that."""
        as_saved, whole = AsSaved(self._form.sheet, made), self._form.whole

        def looked(problems: tuple[Problem, ...]) -> None:
            if not as_saved.has_the_same_notes:
                self.save()
                return
            found = saving.wrong_of(problems, made, self._form.notes.names())
            self._refuse(saving.joined(wrong, found))

        self._desk.jobs.look(
            lambda home, _: saving.refused(home, whole, made),
            looked,
            lambda _: self._refuse(wrong),
            owner=self,
        )

    def _refuse(self, wrong: Wrong) -> None:
        saving.take_over(self._form.sheet, wrong)
        self.wrong.emit(wrong)

    def _ask_why(self, made: Ready) -> None:
        about = asked_about("visit", self._keeper.about.record, "correct")
        dialog = reason.ReasonDialog(
            self._desk,
            about,
            self._form,
            "Correct this visit?",
            "What stood there before stays in the history, with your name and the reason.",
            do="Correct the visit",
            keep="Go on writing",
        )
        dialog.accepted.connect(lambda: self._write(made, dialog.reason, about))
        dialog.open()

    def _write(self, made: Ready, why: str, asked: About | None) -> None:
        self.is_saving = True
        self.working.emit(True)
        as_saved = AsSaved(self._form.sheet, made)
        files = tuple(Path(file) for file in self._form.sheet.files)
        if not files:
            self._keep(as_saved, made, why, asked, ())
            return
        # a slow stick is read beside the saves of others
        self._desk.jobs.run(
            lambda _: tuple(attachments.read_file(file) for file in files),
            functools.partial(self._keep, as_saved, made, why, asked),
            functools.partial(self._not_saved, as_saved, made),
            owner=self,
        )

    def _keep(
        self,
        as_saved: AsSaved,
        made: Ready,
        why: str,
        asked: About | None,
        files: tuple[Incoming, ...],
    ) -> None:
        whole = self._form.whole

        def write(home: OpenHome) -> Kept:
            return saving.keep(home, whole, made, why, files)

        self._keeper.save(
            write if asked is None else forgetting(asked, write),
            functools.partial(self._saved, as_saved),
            functools.partial(self._not_saved, as_saved, made),
        )

    def _saved(self, as_saved: AsSaved, kept: Kept, draft: Draft | None) -> None:
        self.is_saving = False
        form = self._form
        words, about = _words(kept, planned=form.sheet.status == PLANNED), self._keeper.about
        if about.record is None:
            self._desk.say(words, _back_to_typing(self._desk, about, kept, draft))
        else:
            offer_undo(self._desk, words, kept.changes)
        if as_saved.is_as_it_was:
            self.is_done = True
            self._keeper.stop()
            self.working.emit(False)
            self.saved.emit(kept)
        else:
            as_saved.go_on(kept)
            self.went_on.emit(kept)
            self.working.emit(False)

    def _not_saved(self, as_saved: AsSaved, made: Ready, error: UserError) -> None:
        self.is_saving = False
        self.working.emit(False)
        if not isinstance(error, Unfit):
            self.failed.emit(error)
        elif not as_saved.has_the_same_notes:
            # the places in the answer are not those on the screen any more
            self.save()
        else:
            self._refuse(saving.wrong_of(error.problems, made, self._form.notes.names()))


def _words(kept: Kept, *, planned: bool) -> str:
    words = "Visit planned." if planned else "Visit saved."
    if kept.new_actions:
        many = "1 follow-up" if kept.new_actions == 1 else f"{kept.new_actions} follow-ups"
        words += f" {many} added."
    return " ".join([words, *kept.warnings])


def _back_to_typing(
    desk: Desk, about: About, kept: Kept, draft: Draft | None
) -> Callable[[], object]:
    """Return what takes a new visit back and shows the form as it was before it was saved."""

    def undo(home: OpenHome) -> None:
        saving.take_back(home, kept.changes)
        if draft is not None:
            drafts.put_back(home, draft)

    def undone(_: None) -> None:
        desk.say("Taken back. What you had typed is here again.")
        desk.go("record-visit", {"draft": about})

    return lambda: desk.jobs.write(undo, undone, desk.trouble, owner=desk)
