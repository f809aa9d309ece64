"""Signing one skill off for one or several members of staff at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from liaison.records.training import Competency
from liaison.services import competency
from liaison.services.drafts import About
from liaison.ui.pages.training.several import FormWords, SeveralForm, Written
from liaison.ui.parts.fields import filled

if TYPE_CHECKING:
    from liaison.records.rules.matrix import Matrix
    from liaison.services.homes import OpenHome
    from liaison.ui.desk import Desk


class SignOff(SeveralForm):
    """The form.

    Args:
        desk: The desk.
        matrix: How everybody stands: who may be ticked.
        staff: Who is ticked at first.
    """

    record_class = Competency
    about: ClassVar[About] = About("competency", None, "several")
    words: ClassVar[FormWords] = FormWords(
        "Sign off a skill",
        "One skill, seen on one day, for one or several members of staff.",
        "Sign off",
        ("What they were seen to do", "badge-check"),
        "Who was seen to do it",
        "Tick who was seen to do it.",
        "Skill signed off",
    )

    def __init__(
        self,
        desk: Desk,
        matrix: Matrix,
        *,
        staff: Iterable[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        chosen = tuple(staff)
        super().__init__(desk, matrix, staff=chosen, anew=bool(chosen), parent=parent)
        # what a course lacks is no question of a skill
        self.who.lacking.hide()
        self._open()

    def _begin_with(self) -> Competency:
        return Competency(assessed_on=self.desk.today())

    def _first_field(self) -> str:
        return "skill"

    def save(self) -> None:
        """Sign it off for everybody who is ticked, if it is right; otherwise say what is not."""
        if self.fields is None or self._saving or not self.save_button.isEnabled():
            return
        values = self._read_all()
        if values is None:
            return
        skill = filled(Competency(), values)
        assert isinstance(skill, Competency)  # noqa: S101  # it was made as one
        people = self.who.chosen

        def write(home: OpenHome) -> Written:
            done = competency.sign_off(home, skill, people)
            unusual = dict.fromkeys(problem.message for problem in done.warnings)
            return Written(tuple(people), done.changes, " ".join(unusual))

        self._save_with(write, self._saved)
