"""Recording that one or several members of staff completed a course, with their certificates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from PySide6.QtWidgets import QWidget

from liaison.records import Problem
from liaison.records.training import TrainingRecord
from liaison.services import attachments, certificates
from liaison.services.drafts import About
from liaison.ui.pages.training.papers import Papers
from liaison.ui.pages.training.several import FormWords, SeveralForm, Written
from liaison.ui.parts.editors.picker import referred
from liaison.ui.parts.fields import filled

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Matrix
    from liaison.services.attachments import Incoming
    from liaison.services.drafts import Draft
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk

_PAPERS: Final = "certificates"


class RecordTraining(SeveralForm):
    """The form.

    Args:
        desk: The desk.
        matrix: How everybody stands.
        course: The course it begins with.
        staff: Who is ticked at first.
        files: Certificates somebody brought.
    """

    record_class = TrainingRecord
    about: ClassVar[About] = About("training_record", None, "several")
    words: ClassVar[FormWords] = FormWords(
        "Record training",
        "One course, one day, for one or several members of staff.",
        "Save training",
        ("What they completed", "graduation-cap"),
        "Who completed it",
        "Tick who completed it.",
        "Training recorded",
    )

    def __init__(
        self,
        desk: Desk,
        matrix: Matrix,
        *,
        course: int | None = None,
        staff: Iterable[int] = (),
        files: Sequence[Path] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            desk, matrix, staff=staff, anew=course is not None or bool(files), parent=parent
        )
        self._given, self._brought = course, bool(files)
        self.papers = Papers(desk, self.who)
        self.papers.changed.connect(self.keeper.note)
        # what somebody brought stands before what they say of it
        self._at_left.insertWidget(0 if files else -1, self.papers)
        if files:
            self.papers.take(files)
        self._open()

    def _begin_with(self) -> TrainingRecord:
        if self._brought:
            # the certificate says when; e-learning is what comes with nothing but one
            return TrainingRecord(course=self._given, delivery="e-learning")
        return TrainingRecord(course=self._given, completed=self.desk.today())

    def _first_field(self) -> str:
        return "completed" if self._given is not None else "course"

    def _follow(self, name: str) -> None:
        if name in {"", "course"} and self.fields is not None:
            chosen = referred(self.fields.editor("course").typed())
            self.who.show_course(chosen[0] if chosen else None)

    def _more_typed(self) -> Mapping[str, Any]:
        return {_PAPERS: self.papers.typed}

    def _restore_more(self, draft: Draft) -> None:
        self.papers.put(draft.typed.get(_PAPERS))

    def save(self) -> None:
        """Save it for everybody who is ticked, if it is right; otherwise say what is not."""
        if self.fields is None or self._saving or not self.save_button.isEnabled():
            return
        unknown = [Problem("", f"Choose whose {name} is.") for name in self.papers.unknown[:1]]
        values = self._read_all(unknown)
        if values is None:
            return
        training = filled(TrainingRecord(), values)
        assert isinstance(training, TrainingRecord)  # noqa: S101  # it was made as one
        people, files, owners = (
            self.who.chosen,
            self.papers.files,
            self.papers.owners(self.who.chosen),
        )

        def keep(incoming: list[Incoming]) -> None:
            pairs = [
                (staff, file) for file, whom in zip(incoming, owners, strict=True) for staff in whom
            ]

            def write(home: OpenHome) -> Written:
                done = certificates.bring(home, training, pairs, people)
                return Written(tuple(people), done.changes, _more(done))

            self._save_with(write, self._saved)

        if not files:
            keep([])
            return
        self.save_button.setEnabled(False)
        self.desk.jobs.run(
            lambda _: [attachments.read_file(file) for file in files],
            keep,
            self._not_saved,
            owner=self,
        )


def _more(done: certificates.Brought) -> str:
    parts = []
    if done.attached:
        parts.append(
            "1 certificate kept." if done.attached == 1 else f"{done.attached} certificates kept."
        )
    if done.known:
        parts.append(f"{', '.join(done.known)} was there already.")
    return " ".join(parts)
