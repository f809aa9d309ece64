"""What happens to records afterwards: moved, struck through, tagged, with a letter attached."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from liaison.records.administration import FrameworkTag
from liaison.records.casework import Visit, VisitEntry
from liaison.services import editing, starting
from liaison.services.demo.cast import Cast
from liaison.services.demo.chance import chance_of
from liaison.services.demo.days import at, on_working_day
from liaison.services.demo.script import Book, Pen, Script
from liaison.services.demo.visits import Occasion
from liaison.settings import resource
from liaison.store import blobs

_DAY: Final = dt.timedelta(days=1)
_WRONG, _RIGHT = "Margaret Evans / 14", "Margaret Evans / 21"
_MISTAKEN: Final = 133
_TAGS: Final = (
    ("wound", "effective"), ("pressure", "safe"), ("fall", "safe"), ("family", "caring"),
    ("capacity", "effective"), ("talk", "responsive"), ("plan", "well-led"), ("pain", "caring"),
    ("weight", "effective"), ("choice", "responsive"),
)  # fmt: skip
_MOST_TAGS: Final = 48
_LETTERS: Final = (
    # whose, how many days ago it came, the file, what it is called, its type
    ("Winifred Cole", 419, "letter.txt", "Bladder and bowel service, plan.txt", "text/plain"),
    ("Ivy Curnow", 476, "letter.pdf", "Physiotherapy, first letter.pdf", "application/pdf"),
)


def write_afterwards(script: Script, cast: Cast, occasions: Sequence[Occasion], seed: int) -> None:
    """Let mistakes be put right, evidence be tagged and letters be attached.

    Args:
        script: What is written when.
        cast: Who takes part.
        occasions: The visits.
        seed: What chance starts from.
    """
    _write_mistake(script, cast)
    _write_struck(script, cast)
    _write_tags(script, occasions, chance_of(f"tags {seed}"))
    _write_letters(script, cast)


def _write_mistake(script: Script, cast: Cast) -> None:
    """Let a note be written on the other resident of the same name, and be moved next day."""
    wrong, right = cast.resident(_WRONG), cast.resident(_RIGHT)
    day = on_working_day(cast.days.ago(_MISTAKEN))
    if wrong is None or right is None or not cast.days.has(day):
        return
    moment = at(day, "11:40")

    def add(pen: Pen) -> None:
        book = pen.book
        visit = pen.add(
            Visit(
                at=moment,
                kind="phone",
                urgency="ad hoc",
                professional=book.id("contact:Dr Emeka Obi"),
                organisation=book.id("organisation:Harbour View Medical Centre"),
                left_at=moment + dt.timedelta(minutes=6),
            )
        )
        pen.add(
            VisitEntry(
                visit=visit,
                resident=book.id(wrong.ref),
                raised="Rang about the result of the bone scan.",
                found="Bones a little thin for her age. Calcium to go on, walk as she does. "
                "No other tablet unless she breaks something.",
                plan_changed="no",
                family_informed="not needed",
            ),
            "entry:mistaken",
        )

    def move(book: Book) -> None:
        entry = book.record("entry:mistaken")
        assert isinstance(entry, VisitEntry)  # noqa: S101  # as it was added
        reason = "Written on the Margaret Evans of room 14; it was about the one in room 21"
        editing.move(book.home, entry, book.id(right.ref), reason)

    script.write(moment + dt.timedelta(minutes=25), add)
    script.do(at(day + _DAY, "07:20"), move)


def _write_struck(script: Script, cast: Cast) -> None:
    """Let a note be saved twice in a hurry, and the second one be struck through."""
    day = on_working_day(cast.days.ago(75))
    here = [person for person in cast.here(day) if cast.everyday(person, day)]
    if not here:
        return
    person = here[-1]
    moment = at(day, "16:10")

    def add(pen: Pen) -> None:
        book = pen.book
        visit = pen.add(
            Visit(
                at=moment,
                kind="visit",
                professional=book.id("contact:Jan Couch"),
                organisation=book.id("organisation:Westbrook Befrienders"),
            )
        )
        pen.add(
            VisitEntry(
                visit=visit,
                resident=book.id(person.ref),
                found="Jan did not get as far as this room, ran out of time. Will start here next week.",
                plan_changed="no",
            ),
            "entry:struck",
        )

    def strike(book: Book) -> None:
        editing.strike(
            book.home, book.record("entry:struck"), "No visit to this resident took place"
        )

    script.write(moment + dt.timedelta(minutes=30), add)
    script.do(moment + dt.timedelta(hours=2), strike)


def _write_tags(script: Script, occasions: Iterable[Occasion], chance: random.Random) -> None:
    """Let some notes be counted as evidence, a few at a time."""
    framework = starting.key_questions().framework
    found = [
        (seen.moment, occasion.entry_key(number), item)
        for occasion in occasions
        for number, seen in enumerate(occasion.seen)
        for word, item in _TAGS
        if seen.status == "happened" and word in seen.found.casefold()
    ]
    chance.shuffle(found)
    for moment, key, item in sorted(found[:_MOST_TAGS]):
        script.write(moment + 6 * _DAY, _tag(framework, key, item))


def _tag(framework: str, key: str, item: str) -> Callable[[Pen], None]:
    def tag(pen: Pen) -> None:
        if key in pen.book:
            pen.add(
                FrameworkTag(
                    record_type="visit_entry",
                    record_id=pen.book.text_id(key),
                    framework=framework,
                    item=item,
                )
            )

    return tag


def _write_letters(script: Script, cast: Cast) -> None:
    """Let letters that came be kept with the resident they are about."""
    for whose, back, file, name, media_type in _LETTERS:
        person = cast.resident(whose)
        day = on_working_day(cast.days.ago(back))
        if person is None or not cast.days.has(day):
            continue

        def attach(  # bound now, not when it is played
            pen: Pen, ref: str = person.ref, file: str = file, name: str = name,
            media_type: str = media_type,
        ) -> None:  # fmt: skip
            home = pen.book.home
            blobs.attach(
                home.store,
                pen.unit,
                home.unlocked.vault.blob_key,
                owner_type="resident",
                owner=pen.book.id(ref),
                name=name,
                media_type=media_type,
                data=resource("demo", file).read_bytes(),
            )

        script.write(at(day, "10:55"), attach, "Came by post")
