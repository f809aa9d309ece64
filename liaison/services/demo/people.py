"""The home, its residents and its staff are written down, and change as time goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from liaison.records.directory import VocabularyItem
from liaison.records.home import Resident, Staff
from liaison.records.training import JobHeld
from liaison.services.demo.cast import Cast, Person, staff_ref
from liaison.services.demo.days import Days, at, on_working_day
from liaison.services.demo.script import Pen, Script
from liaison.services.demo.texts import Block, StaffText

NAME: Final = "Larkfield House"
MANAGER: Final = "Helen Marsh"
SIGNED_IN: Final = "person"
"""What the script calls the person record of whoever made the home."""
_REVIEWS_EVERY: Final = 91
_DBS_DAYS: Final = 1060


def write_home(script: Script, days: Days, beds: int) -> None:
    """Let the manager fill in what the home is."""

    def fill(pen: Pen) -> None:
        pen.change(
            "home",
            address="Larkfield Lane\nWestbrook",
            postcode="TR99 1LH",
            phone="01632 960 100",
            email="office@larkfield.example",
            cqc_location="1-999000111",
            workforce_reference="LARK1",
            beds=beds,
            practice=pen.book.id("organisation:Meadow Lane Surgery"),
        )

    script.write(days.start + dt.timedelta(hours=3), fill, "First set up")
    script.write(days.start + dt.timedelta(hours=3, minutes=5), _add_word)


def _add_word(pen: Pen) -> None:
    """Let the manager add a word of her own to a list."""
    pen.add(VocabularyItem(vocabulary="team", value="bank", label="Bank staff", position=9))


def write_staff(script: Script, cast: Cast) -> None:
    """Let everybody who works here be written down, with the jobs they have had."""
    days = cast.days
    for number, person in enumerate(cast.staff):
        written = days.start + dt.timedelta(hours=4, minutes=2 * number)
        moment = max(at(days.ago(person.came), "09:20"), written)
        script.write(moment, _add_staff(days, person, moment.date(), number))
        for role, since in person.held[1:]:
            if days.ago(since) > moment.date():
                script.write(at(days.ago(since), "10:00"), _promote(days, person, role, since))
        if person.left is not None:
            script.write(at(days.ago(person.left), "17:00"), _resign(days, person))


def _add_staff(days: Days, person: StaffText, today: dt.date, number: int) -> Callable[[Pen], None]:
    held = person.held or ((person.role, person.came),)
    known = [(role, since) for role, since in held if days.ago(since) <= today] or list(held[:1])
    ended = None if person.left is None or days.ago(person.left) > today else days.ago(person.left)

    def add(pen: Pen) -> None:
        ref = staff_ref(person.name)
        identity = pen.add(
            Staff(
                name=person.name,
                job_role=known[-1][0],
                team=person.team,
                started=days.ago(person.came),
                left_on=ended,
                lead_roles=person.leads,
                manager=pen.book.maybe(staff_ref(MANAGER)),
                worker_reference=f"LH{number + 101}",
                phone=person.phone,
                nmc_pin=person.nmc or None,
                nmc_expires=days.ago(-person.nmc_in) if person.nmc else None,
                # done before they came, and again every three years
                dbs_checked=days.ago((person.came - 6) % _DBS_DAYS),
            ),
            ref,
        )
        for role, since in known:
            pen.add(JobHeld(staff=identity, job_role=role, since=days.ago(since)))
        if person.name == MANAGER:
            # so that what she raises is hers, and what is answered comes back to her
            pen.change(SIGNED_IN, staff=identity)

    return add


def _promote(days: Days, person: StaffText, role: str, since: int) -> Callable[[Pen], None]:
    def promote(pen: Pen) -> None:
        ref = staff_ref(person.name)
        pen.change(ref, job_role=role)
        pen.add(JobHeld(staff=pen.book.id(ref), job_role=role, since=days.ago(since)))

    return promote


def _resign(days: Days, person: StaffText) -> Callable[[Pen], None]:
    def resign(pen: Pen) -> None:
        pen.change(staff_ref(person.name), left_on=days.ago(person.left or 0))

    return resign


def write_residents(script: Script, cast: Cast, blocks: Sequence[Block]) -> None:
    """Let everybody be written down as they were known on the day, and as it changed.

    Args:
        script: What is written when.
        cast: Who takes part.
        blocks: The stories, which tell what was not known from the beginning.
    """
    days = cast.days
    before = _known_before(blocks)
    for number, person in enumerate(cast.residents):
        written = days.start + dt.timedelta(hours=5, minutes=3 * number)
        moment = max(at(days.ago(person.text.came), "11:30"), written)
        left = person.text.left
        if left is not None and days.ago(left) <= moment.date():
            # gone before the home kept this record
            continue
        earlier = {
            field: was
            for (key, field), (day, was) in before.items()
            if key == person.text.key and days.told(day) > moment.date()
        }
        script.write(moment, _add_resident(cast, person, moment.date(), earlier))
        if left is not None:
            script.write(at(days.ago(left), "16:20"), _leave(days, person))
        _greet_key_worker(script, cast, person, moment.date())
    _write_reviews(script, cast)


def _known_before(blocks: Sequence[Block]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what stood in a resident's record before a story corrected it: until when, and what."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for block in blocks:
        for text in block.all("&"):
            field, _, was = text.partition(" | ")
            found[block.resident, field] = block.day, was
    return found


def _add_resident(
    cast: Cast, person: Person, today: dt.date, earlier: Mapping[str, str]
) -> Callable[[Pen], None]:
    days, text = cast.days, person.text

    def add(pen: Pen) -> None:
        book = pen.book
        pen.add(
            Resident(
                name=text.name,
                known_as=text.known_as or None,
                room=text.room,
                date_of_birth=dt.date.fromisoformat(text.born),
                nhs_number=person.nhs_number,
                practice=book.id(f"organisation:{text.practice}"),
                gp=book.id(f"contact:{text.gp}"),
                gp_choice=text.choice,
                named_nurse=book.id("contact:Grace Adeyemi"),
                key_worker=book.maybe(staff_ref(text.key_worker)),
                stay=text.stay,
                moved_in=days.ago(text.came),
                next_of_kin=text.kin,
                next_of_kin_phone=text.kin_phone,
                attorney=text.attorney or None,
                sharing_consent=text.consent,
                allergies=earlier.get("allergies", text.allergies) or None,
                dnacpr=earlier.get("dnacpr", text.dnacpr),
                care_plan_place="Blue folder in the office, copy in the wardrobe",
                dols_expires=None if text.dols is None else days.ago(-text.dols),
                what_matters=text.matters or None,
                alerts=text.alerts or None,
                review_every_days=text.review_every,
                last_reviewed=None if today == days.ago(text.came) else days.ago(days.length + 30),
            ),
            person.ref,
        )

    return add


def _greet_key_worker(script: Script, cast: Cast, person: Person, today: dt.date) -> None:
    """Let a key worker who started later be noted on the day they take over."""
    ref = staff_ref(person.text.key_worker)
    worker = next((s for s in cast.staff if s.name == person.text.key_worker), None)
    if worker is None or cast.days.ago(worker.came) <= today:
        return

    def take_over(pen: Pen) -> None:
        pen.change(person.ref, key_worker=pen.book.id(ref))

    script.write(at(cast.days.ago(worker.came - 14), "14:10"), take_over)


def _leave(days: Days, person: Person) -> Callable[[Pen], None]:
    def leave(pen: Pen) -> None:
        pen.change(
            person.ref,
            left_on=days.ago(person.text.left or 0),
            left_reason=person.text.left_reason,
        )

    return leave


def _write_reviews(script: Script, cast: Cast) -> None:
    """Let reviews be noted: one a quarter for everybody, and the last one of each."""
    days = cast.days
    for back in range(days.length - 40, 60, -_REVIEWS_EVERY):
        day = on_working_day(days.ago(back))
        seen = [person for person in cast.here(day) if person.text.came > back + 20]
        script.write(at(day, "15:40"), _review(seen, day), "Quarterly review of everybody")
    by_day: dict[dt.date, list[Person]] = {}
    for person in cast.residents:
        if person.text.reviewed is not None and person.text.left is None:
            by_day.setdefault(days.ago(person.text.reviewed), []).append(person)
    for day, seen in sorted(by_day.items()):
        script.write(at(day, "15:20"), _review(seen, day))


def _review(seen: Sequence[Person], day: dt.date) -> Callable[[Pen], None]:
    def review(pen: Pen) -> None:
        for person in seen:
            pen.change(person.ref, last_reviewed=day)

    return review
