"""Bringing a list in: what was looked at is done, or nothing is."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.services import importing
from liaison.services.importing import Outdated, Plan, Wishes
from liaison.services.importing.posts import count_words
from liaison.services.importing.telling import drain
from liaison.store.history import batch_changes
from liaison.ui.job import Cancelled
from liaison.ui.pages.bringing_in.facts import Looked, Sample, look_through

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.services.importing import Outcome
    from liaison.ui.job import Progress


def let_go(looked: list[Looked]) -> None:
    """Let go of what was looked at, bit by bit: all at once would hold every thread up.

    Args:
        looked: What was looked at, which nobody else may hold; it is taken out.
    """
    one = looked.pop()
    plan, lines = one.plan, [list(part) for part in one.lines.values()]
    kept: list[list[Any]] = [
        list(plan.births), list(plan.corrections), list(plan.rejected), list(plan.notes),
        list(plan.suggestions), list(plan.posts.births), *lines,
    ]  # fmt: skip
    for part in one.lines.values():
        if isinstance(part, list):
            part.clear()
    del one, plan, lines
    drain(*kept)


class Stopped(UserError):
    """Somebody stopped an import; nothing was written."""

    code = "stopped"


@dataclasses.dataclass(frozen=True, slots=True)
class Brought:
    """What became of bringing a list in.

    Args:
        outcome: What was done; None if it is to be looked at again first.
        changes: What undo takes back.
    """

    outcome: Outcome | None
    changes: tuple[int, ...] = ()


def bring_in(home: OpenHome, plan: Plan, sample: Sample, wishes: Wishes, tell: Progress) -> Brought:
    """Do what a plan says.

    If something was written meanwhile it is worked out anew, and done if that comes to the same.

    Raises:
        Stopped: Somebody stopped it; nothing was written.
        UserError: The disk or another program prevented it; nothing was written.
    """
    try:
        outcome = _carry_out(home, plan, sample, wishes, tell)
    except Cancelled:
        raise Stopped("It was stopped.", kept="Nothing of the list was brought in.") from None
    if outcome is None:
        return Brought(None)
    batch = outcome.batch
    return Brought(outcome, () if batch is None else tuple(batch_changes(home.store, batch)))


def told(outcome: Outcome) -> tuple[str, str]:
    """Return in words what was brought in, and what could not be; the latter may be empty."""
    plan = outcome.plan
    said = f"{all_specs()[plan.type].plural}: {plan.added:,} added, {plan.updated:,} changed."
    if beside := count_words(plan.posts):
        said += f" Also added: {' and '.join(beside)}."
    if outcome.rejects is None:
        return said, ""
    rows = f"{len(plan.rejected):,} {plan.entry}{'' if len(plan.rejected) == 1 else 's'}"
    return (
        said,
        f"{rows} with problems: {outcome.rejects}. Correct them there and bring that file in.",
    )


def _carry_out(
    home: OpenHome, plan: Plan, sample: Sample, wishes: Wishes, tell: Progress
) -> Outcome | None:
    file = sample.file.absolute()
    reason = f"Brought in: {file.name}"[:200]
    try:
        return importing.carry_out(home, plan, file, reason, tell=tell)
    except Outdated:
        again = look_through(home, plan.type, sample, wishes, tell).plan
        if _figures(again) != _figures(plan):
            return None
        return importing.carry_out(home, again, file, reason, tell=tell)


def _figures(plan: Plan) -> tuple[object, ...]:
    return (
        plan.added, plan.updated, plan.unchanged, plan.rejected, plan.notes,
        len(plan.posts.births), len(plan.posts.places),
    )  # fmt: skip
