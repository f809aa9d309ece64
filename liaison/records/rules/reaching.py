"""Whether somebody was reached in the end: tries put together until one got through (N10)."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Generic, TypeVar

Who = TypeVar("Who", bound=Hashable)


@dataclasses.dataclass(frozen=True, slots=True)
class Try(Generic[Who]):
    """One try at reaching somebody.

    Args:
        who: Whom, as tries are told apart.
        at: When.
        reached: Whether it got through.
        waited: How many minutes it took.
        out: Whether it was out of hours.
        about: Whom else it was about; None for nobody.
    """

    who: Who
    at: datetime
    reached: bool
    waited: int = 0
    out: bool = False
    about: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Run(Generic[Who]):
    """Tries at one and the same that were not answered, from the first to the answer.

    Args:
        who: Whom.
        tries: How many.
        waited: How many minutes these took in all.
        out: How many of them were out of hours.
        first: When the first one was.
        last: When the last one was.
        about: Whom they were about, in the order in which they were first named.
        reached: When somebody got through after all; None if nobody has since.
    """

    who: Who
    tries: int
    waited: int
    out: int
    first: datetime
    last: datetime
    about: tuple[int, ...] = ()
    reached: datetime | None = None


def runs(tries: Iterable[Try[Who]]) -> list[Run[Who]]:
    """Put tries together: one that gets through ends the run of those before it.

    Args:
        tries: The tries, in any order. One that got through at once makes no run.

    Returns:
        The runs, in the order in which they began.
    """
    found: list[Run[Who]] = []
    waiting: dict[Who, Run[Who]] = {}
    # of two at one moment the one that got through was the later
    for one in sorted(tries, key=lambda one: (one.at, one.reached)):
        run = waiting.get(one.who)
        if one.reached:
            if run is not None:
                found.append(dataclasses.replace(waiting.pop(one.who), reached=one.at))
            continue
        if run is None:
            run = Run(one.who, 0, 0, 0, one.at, one.at)
        about = run.about if one.about is None else (*run.about, one.about)
        waiting[one.who] = dataclasses.replace(
            run,
            tries=run.tries + 1,
            waited=run.waited + one.waited,
            out=run.out + one.out,
            last=one.at,
            about=tuple(dict.fromkeys(about)),
        )
    return sorted([*found, *waiting.values()], key=lambda run: run.first)
