"""What a list would come to, before it is brought in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from liaison.services.importing.posts import count_words
from liaison.ui.pages.bringing_in.facts import What
from liaison.ui.pages.bringing_in.outcome import OutcomeCard
from liaison.ui.widgets import Button, FlowRow, Wrap

if TYPE_CHECKING:
    from liaison.services.importing import Plan
    from liaison.ui.pages.bringing_in.answers import Answers
    from liaison.ui.pages.bringing_in.facts import Line

_KEPT: Final = "with problems are kept in a file beside the list, to correct and bring in."


class PlanCard(OutcomeCard):
    """What would happen with the rows of a list, and with those that may be the same as others."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._is_part = False
        self.left_out = Wrap("", "secondary", widest=760)
        self.all_same = Button("Merge all that may be the same, filling gaps only", "git-merge")
        super().__init__(
            "3. What will happen", above=[self.left_out], below=[FlowRow([self.all_same])],
            parent=parent,
        )  # fmt: skip

    def show_plan(
        self, plan: Plan, rows: Sequence[Sequence[str]], *, is_part: bool = False
    ) -> None:
        """Show what a plan comes to.

        Args:
            plan: The plan.
            rows: The first rows of the file: a column with nothing in them is not missed.
            is_part: Whether it is that of the list's first rows alone.
        """
        self._is_part = is_part
        self.show_figures(_figures(plan), *_besides(plan))
        _say(self.remarks, " ".join(plan.remarks))
        left_out = _left_out(plan, rows)
        _say(self.left_out, f"Not brought in: {left_out}" if left_out else "")
        coming = plan.added + plan.updated
        self.go.setEnabled(plan.writes and not is_part)
        if is_part:
            seen = coming + plan.unchanged + len(plan.rejected)
            self.go.set_words("Bring in the list")
            self.why.setText(
                f"These are its first {seen:,} {plan.entry}s. It can be brought in when all were "
                "looked through."
            )
            return
        self.go.set_words(f"Bring in {coming:,} {plan.entry}{'' if coming == 1 else 's'}")
        nothing = "There is nothing in it that is new." if not plan.writes else ""
        kept = f"{plan.entry.capitalize()}s {_KEPT}"
        self.why.setText(kept if plan.rejected and plan.writes else nothing)

    def show_answered(self, lines: Mapping[What, Sequence[Line]], answers: Answers) -> None:
        """Show what becomes of the rows, with what somebody answered about them."""
        same = lines[What.SAME]
        self.show_lines({**lines, What.SAME: answers.told(same)})
        self.all_same.setVisible(not self._is_part and any(map(answers.is_open, same)))


def _left_out(plan: Plan, rows: Sequence[Sequence[str]]) -> str:
    """Return the names of the columns nothing is read from, without those that are empty."""
    return ", ".join(
        column.name
        for column in plan.columns.unused
        if any(row[column.place].strip() for row in rows if column.place < len(row))
    )


def _figures(plan: Plan) -> list[tuple[str, int, str]]:
    return [
        ("ok", plan.added, "new"),
        ("info", plan.updated, "changed"),
        ("none", plan.unchanged, "known already"),
        ("late", len(plan.rejected), "not taken in"),
    ]


def _besides(plan: Plan) -> list[str]:
    return [f"{words} besides" for words in count_words(plan.posts)]


def _say(label: Wrap, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))
