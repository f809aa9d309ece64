"""The facts of the report on unmet contacts, gathered for paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import all_specs
from liaison.records.directory import Organisation, Post
from liaison.records.home import Home
from liaison.records.rules.reaching import Run
from liaison.records.rules.times import start_of_day
from liaison.reports.unmet_contacts import SPEC, Facts, Tally, Unanswered
from liaison.services import attempts
from liaison.services.attempts import Tried, Whom
from liaison.services.directory import held_on
from liaison.services.references import Names
from liaison.services.reporting.naming import Residents
from liaison.services.ringing import hours_of
from liaison.store import query

if TYPE_CHECKING:
    from liaison.reports.spec import Asked, Naming
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"
_MOST_ANSWERED: Final = 400


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    A run of tries belongs to the period in which it began, whenever somebody answered.

    Args:
        store: The home.
        asked: The period, and how residents are named.

    Raises:
        UserError: The period has no beginning or end.
    """
    if asked.start is None or asked.end is None:
        raise UserError(
            "Say which period the tries are from.",
            kept="Nothing was printed.",
            do="Give the first and the last day.",
            code="period",
        )
    loaded = store.the("home")
    home = loaded.record if loaded is not None and isinstance(loaded.record, Home) else Home()
    end = start_of_day(asked.end + dt.timedelta(days=1))
    since = attempts.tried(store, start_of_day(asked.start))
    tried = [one for one in since if one.attempt.at is not None and one.attempt.at < end]
    runs = [run for run in attempts.runs(since) if run.first < end]
    telling = _Telling(store, {one.whom for one in tried}, as_=asked.names)
    waiting = [run for run in runs if run.reached is None]
    answered = [run for run in runs if run.reached is not None]
    hours = hours_of(home)
    return Facts(
        home=home.name or _UNNAMED,
        start=asked.start,
        end=asked.end,
        hours=f"Monday to Friday, {hours.start} to {hours.end}",
        waiting=telling.runs(sorted(waiting, key=lambda run: run.last, reverse=True)),
        answered=telling.runs(answered[::-1][:_MOST_ANSWERED]),
        tallies=telling.tallies(tried),
        left_out=max(len(answered) - _MOST_ANSWERED, 0),
        names=asked.names,
    )


class _Telling:
    """Puts tries into words."""

    def __init__(self, store: Store, whom: Iterable[Whom], *, as_: Naming) -> None:
        self._store = store
        self._names = Names(store)
        self._residents = Residents(store, as_, self._names)
        people = {identity for type_name, identity in whom if type_name == "contact"}
        self._places: dict[int, str] = {}
        if people:
            today = store.today()
            for post in query.every(store, query.Query("post")):
                if (
                    isinstance(post, Post)
                    and not post.struck_reason
                    and post.contact in people
                    and post.organisation is not None
                    and held_on(post, today)
                ):
                    name = self._names.by_id("organisation", post.organisation)
                    self._places.setdefault(post.contact, name)

    def runs(self, runs: Iterable[Run[Whom]]) -> tuple[Unanswered, ...]:
        """Return runs of tries as they are printed."""
        return tuple(
            Unanswered(
                self._names.by_id(*run.who), self._place(run.who), run.tries, run.waited, run.out,
                run.first, run.last, tuple(map(self._residents.name, run.about)), run.reached,
            )
            for run in runs
        )  # fmt: skip

    def tallies(self, tried: Sequence[Tried]) -> tuple[Tally, ...]:
        """Return how often everybody was tried, those that answered least often first."""
        by_whom: dict[Whom, list[Tried]] = {}
        for one in tried:
            by_whom.setdefault(one.whom, []).append(one)
        found = [
            Tally(
                self._names.by_id(*whom),
                self._place(whom),
                len(several),
                sum(not one.attempt.reached for one in several),
                sum(one.out for one in several),
                sum(one.attempt.waited or 0 for one in several),
            )
            for whom, several in by_whom.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.missed, -one.tries, one.name)))

    def _place(self, whom: Whom) -> str:
        type_name, identity = whom
        if type_name == "contact":
            return self._places.get(identity, "")
        place = self._names.record("organisation", identity)
        if not isinstance(place, Organisation) or not place.kind:
            return ""
        words = self._store.vocabularies.label(
            all_specs()["organisation"].by_name["kind"], place.kind
        )
        return words[:1].upper() + words[1:]
