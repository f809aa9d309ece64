"""What the page says to somebody who asks who to ring: read in one go, off the window's thread."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import spec_of
from liaison.records.directory import Contact, ContactAttempt, Organisation
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.records.rules.ringing import Choice, Why
from liaison.records.rules.same_name import name_key
from liaison.services import attempts, ringing
from liaison.services.directory import staleness
from liaison.services.references import Names
from liaison.services.ringing import Asked, Book, in_sentence, role_words, why_words
from liaison.services.today.items import joined
from liaison.store import history, query
from liaison.ui.parts import facts

if TYPE_CHECKING:
    from liaison.store.store import Store
    from liaison.ui.parts.facts import Row

BESIDE: Final = 2
"""How many are shown with a card of their own behind the first."""
MOST_OTHERS: Final = 8
_SHIFT: Final = dt.timedelta(hours=12)
_MOST_OFTEN: Final = 14
_MOST_UNMET: Final = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Ring:
    """Somebody or some place to ring, as it is shown.

    Args:
        type: contact or organisation.
        id: The record.
        contact: The person; None for a place as such.
        organisation: The place; None if none is known.
        name: What they are called.
        detail: Why they, and what they are.
        phone: The number; empty if none is recorded.
        now: Whether they can be reached at this hour.
        state: The same in words.
        rows: What helps to reach them.
    """

    type: str
    id: int
    contact: int | None
    organisation: int | None
    name: str
    detail: str
    phone: str
    now: bool
    state: str
    rows: tuple[Row, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a question.

    Args:
        text: The question.
        meant: What it was taken to mean; empty if nothing fits.
        hours: What hour it is, in words.
        out: Whether it is out of hours.
        main: Whom to ring; None for nobody.
        title: That, in a line.
        why: Why they, in sentences.
        ask_for: Whom to ask for on that number, and the best time; empty if there is no more to say.
        tried: What became of the last attempts, in sentences.
        beside: Those behind the first.
        others: Who else there is.
        place: Where to refer to; empty if nothing is recorded about that.
        refer: How to refer there.
        checked: When the number was checked, and by whom.
        stale: Whether that was too long ago.
        fallback: What to do when nobody is found, in sentences.
    """

    text: str
    meant: tuple[str, ...]
    hours: str
    out: bool
    main: Ring | None = None
    title: str = ""
    why: str = ""
    ask_for: str = ""
    tried: str = ""
    beside: tuple[Ring, ...] = ()
    others: tuple[Ring, ...] = ()
    place: str = ""
    refer: tuple[Row, ...] = ()
    checked: str = ""
    stale: bool = False
    fallback: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody who was tried and has not been reached since, in words."""

    type: str
    id: int
    name: str
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Beginning:
    """What the page shows before anything is asked.

    Args:
        book: The directory.
        residents: Who lives here: id and name, told apart.
        often: Needs that somebody in the directory is asked about.
        unreached: Who was tried and has not been reached since.
        more: How many more of these there are.
    """

    book: Book
    residents: tuple[tuple[int, str], ...]
    often: tuple[str, ...]
    unreached: tuple[Unreached, ...]
    more: int


def beginning(store: Store) -> Beginning:
    """Read the directory, and what is shown before anything is asked."""
    book = ringing.read(store)
    names = Names(store)
    unmet = attempts.unmet(store)
    return Beginning(
        book,
        tuple(_residents(store)),
        tuple(_often(book)),
        tuple(_unreached(names, unmet[:_MOST_UNMET])),
        max(len(unmet) - _MOST_UNMET, 0),
    )


def _residents(store: Store) -> Iterator[tuple[int, str]]:
    names = Names(store)
    where = query.equal({"left_on": None})
    found = [
        one
        for one in query.every(store, query.Query("resident", where))
        if isinstance(one, Resident) and not one.struck_reason
    ]
    for one in sorted(found, key=lambda one: (name_key(one.name or ""), one.id or 0)):
        born = times.show_plain_date(one.date_of_birth) if one.date_of_birth else ""
        told = joined(f"room {one.room}" if one.room else "", f"born {born}" if born else "")
        yield one.id or 0, joined(names.title(one), told)


def _often(book: Book) -> Iterator[str]:
    """Yield the needs of the home's named links, then of everybody else."""
    people = sorted(book.everybody.people.values(), key=lambda one: (not one.is_link, one.name))
    needs = dict.fromkeys(
        need for one in people for need in sorted(one.asks, key=lambda n: book.label("need", n))
    )
    yield from [book.label("need", need) for need in needs][:_MOST_OFTEN]


def _unreached(names: Names, unmet: Iterable[attempts.Unmet]) -> Iterator[Unreached]:
    for one in unmet:
        is_person = one.contact is not None
        type_name = "contact" if is_person else "organisation"
        identity = (one.contact if is_person else one.organisation) or 0
        tries = "Tried once" if one.tries == 1 else f"Tried {one.tries} times"
        waited = f", {one.waited} minutes in all" if one.waited else ""
        last = f"last {times.show_time(one.last)}"
        yield Unreached(
            type_name, identity, names.by_id(type_name, identity), f"{tries}{waited}; {last}"
        )


def answer(
    store: Store, book: Book, text: str, now: dt.datetime, resident: int | None = None
) -> Answer:
    """Return what is answered to a question.

    Args:
        store: The home.
        book: The directory, as it was read.
        text: The question; the last word may be unfinished.
        now: The present moment.
        resident: Whom it is about.
    """
    own = None if resident is None else ringing.own_of(store, resident)
    asked = book.ask(text, now, own)
    return _Telling(store, book, asked, now).answer()


class _Telling:
    def __init__(self, store: Store, book: Book, asked: Asked, now: dt.datetime) -> None:
        self._store = store
        self._book = book
        self._asked = asked
        self._now = now
        self._names = Names(store)
        self._until = until_words(asked.until, now)

    def answer(self) -> Answer:
        """Put the answer into words."""
        asked = self._asked
        plain = Answer(asked.text, asked.meant, self._hours(), asked.out)
        # somebody who has no number is no answer; they are named below the one who has
        best = next((one for one in asked.choices if one.phone), None)
        rest = [one for one in asked.choices if one is not best]
        if best is None:
            shown = tuple(map(self._ring, rest[:MOST_OTHERS]))
            return dataclasses.replace(plain, others=shown, fallback=self._fallback())
        main = self._ring(best)
        place = self._record("organisation", best.place)
        checked, stale = self._checked(best)
        refer = ("opening_hours", "criteria", "how_to_refer", "typical_wait_days")
        rows = tuple(facts_of(self._store, self._names, place, refer))
        return dataclasses.replace(
            plain,
            main=main,
            title=self._title(best, main),
            why=" ".join(self._why(best, rest)),
            ask_for=self._ask_for(best, main),
            tried=self._tried(best),
            beside=tuple(map(self._ring, rest[:BESIDE])),
            others=tuple(map(self._ring, rest[BESIDE : BESIDE + MOST_OTHERS])),
            place=self._place_name(best) if rows else "",
            refer=rows,
            checked=checked,
            stale=stale,
        )

    def _hours(self) -> str:
        local = times.in_london(self._now)
        kind = "out of hours" if self._asked.out else "in hours"
        return f"It is {local:%H:%M}, {kind} until {self._until}"

    def _title(self, choice: Choice, main: Ring) -> str:
        if not choice.now:
            return f"Not before {self._until}: {main.name}"
        out = ", out of hours" if self._asked.out and choice.person is None else ""
        return f"Ring now: {main.name}{out}"

    def _why(self, best: Choice, rest: Sequence[Choice]) -> Iterator[str]:
        if best.why is Why.PRACTICE:
            what = in_sentence(self._asked.meant[0]) if self._asked.meant else "this"
            yield f"Nobody for {what} can be reached before {self._until}."
            yield "This is the practice of the home's settings."
            return
        yield f"{self._ring(best).detail}."
        people = self._book.everybody.people
        off = next(
            (one for one in rest if not one.now and one.person is not None and one.why in _STRONG),
            None,
        )
        person = people.get(off.person or 0) if off is not None else None
        if off is None or best.why in _STRONGEST:
            return
        if person is not None and (best.person is None or off.why in _STRONGEST):
            why = in_sentence(why_words(self._book, self._asked, off))
            yield f"{person.name}, {why}, is off until {self._until}."
            deputy = people.get(person.deputy or 0)
            if deputy is not None and any(o.person == deputy.id and not o.now for o in rest):
                yield f"So is {deputy.name}."

    def _ask_for(self, best: Choice, main: Ring) -> str:
        person = self._book.everybody.people.get(best.person or 0)
        if person is None:
            return ""
        rows = (row for row in main.rows if row.field.name == "best_time")
        told = " ".join(f"{row.field.label}: {row.text}." for row in rows)
        if best.phone in person.phones:
            return told
        at = f"This is the number of {self._place_name(best)}. Ask for {main.name}."
        return f"{at} {told}".strip()

    def _ring(self, choice: Choice) -> Ring:
        person = self._book.everybody.people.get(choice.person or 0)
        why = why_words(self._book, self._asked, choice)
        place = self._place_name(choice)
        if person is None:
            record = self._record("organisation", choice.place)
            rows = tuple(facts_of(self._store, self._names, record, ("opening_hours",)))
            return Ring(
                "organisation", choice.place or 0, None, choice.place, place, why, choice.phone,
                choice.now, self._state(choice), rows,
            )  # fmt: skip
        role = role_words(self._book, person, choice.place)
        told = "" if choice.why in {Why.ROLE, Why.OWN} else role
        record = self._record("contact", person.id)
        rows = tuple(facts_of(self._store, self._names, record, ("ask_about", "best_time")))
        at = place if choice.why is not Why.ROLE else ""
        return Ring(
            "contact", person.id, person.id, choice.place, person.name, _detail(why, told, at),
            choice.phone, choice.now, self._state(choice), rows,
        )  # fmt: skip

    def _state(self, choice: Choice) -> str:
        if choice.now:
            return f"Can be reached until {self._until}"
        if not choice.phone:
            return "No number is recorded"
        if choice.person is None:
            return f"No number for these hours, until {self._until}"
        return f"Off until {self._until}"

    def _place_name(self, choice: Choice) -> str:
        place = self._book.everybody.places.get(choice.place or 0)
        return place.name if place is not None else ""

    def _record(self, type_name: str, identity: int | None) -> Contact | Organisation | None:
        found = None if identity is None else self._names.record(type_name, identity)
        return found if isinstance(found, Contact | Organisation) else None

    def _tried(self, choice: Choice) -> str:
        since = self._now - _SHIFT
        contacts = [] if choice.person is None else [choice.person]
        places = [] if choice.place is None or contacts else [choice.place]
        found = attempts.of(self._store, contacts=contacts, organisations=places, since=since)
        return _attempt_words(self._store, self._names, found[0]) if found else ""

    def _checked(self, choice: Choice) -> tuple[str, bool]:
        person = choice.person is not None
        record = self._record(
            "contact" if person else "organisation", choice.person if person else choice.place
        )
        on = getattr(record, "last_checked", None)
        if record is None or on is None:
            return "This number was never checked", True
        by = ""
        for entry in history.history(self._store, spec_of(record).name, record.id or 0):
            step = entry.fields.get("last_checked")
            if step is not None and step.after == on:
                by = f" by {self._names.by_id('person', entry.person)}"
        stale = staleness(self._store, times.in_london(self._now).date())(on)
        return f"Number checked {times.show_plain_date(on)}{by}", stale

    def _fallback(self) -> str:
        """Say what to do when nobody is recorded: what the settings say, and nothing clinical."""
        everybody = self._book.everybody
        practice = everybody.places.get(everybody.practice or 0)
        if practice is None:
            return (
                "The settings name no practice of the home. A manager can add it there, and "
                "somebody for this to the directory. NHS 111 answers day and night."
            )
        number = practice.out_of_hours if self._asked.out else practice.phone
        number = number or practice.phone or "no number recorded"
        return f"The home's own practice is {practice.name}: {number}."


def _detail(why: str, role: str, place: str) -> str:
    what = joined(role, place)
    return f"{why}. {what}" if what else why


_STRONGEST: Final = frozenset({Why.OWN, Why.NAMED, Why.LINK})
_STRONG: Final = frozenset({Why.OWN, Why.NAMED, Why.LINK, Why.ASKED})


def facts_of(
    store: Store,
    names: Names,
    record: Contact | Organisation | None,
    wanted: Iterable[str],
) -> Iterator[Row]:
    """Yield some fields of a record that hold something."""
    if record is not None:
        for name in wanted:
            row = facts.row_of(store, names, record, spec_of(record).by_name[name])
            if row.text:
                yield row


def _attempt_words(store: Store, names: Names, attempt: ContactAttempt) -> str:
    author = history.author(store, attempt.id or 0)
    who = names.by_id("person", author) if author else "Somebody"
    at = times.in_london(attempt.at or store.clock())
    held = f" and held for {attempt.waited} minutes" if attempt.waited else ""
    end = "Got through" if attempt.reached else "No answer"
    note = f" {attempt.note}" if attempt.note else ""
    return f"{who} rang at {at:%H:%M}{held}. {end}.{note}"


def until_words(change: dt.datetime, now: dt.datetime) -> str:
    """Say when something changes, as one says it now: "18:00", "tomorrow 08:00"."""
    local, here = times.in_london(change), times.in_london(now)
    clock = f"{local.hour:02}:{local.minute:02}"
    days = (local.date() - here.date()).days
    if days == 0:
        return clock
    return f"tomorrow {clock}" if days == 1 else f"{times.show_date(local.date())}, {clock}"
