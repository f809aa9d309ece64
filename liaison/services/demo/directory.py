"""The directory is written down, checked, corrected: people move, practices merge, numbers age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from liaison.records import ids
from liaison.records.directory import Contact, Organisation, Post
from liaison.services import editing
from liaison.services.demo import texts
from liaison.services.demo.days import Days, at, on_working_day
from liaison.services.demo.script import Book, Pen, Script
from liaison.services.demo.texts import ContactText, OrganisationText

_FIRST_YEAR_BACK: Final = 40
_DUPLICATE: Final = "contact:G Adeyemi"


def service_ids(names: tuple[str, ...]) -> tuple[int, ...]:
    """Return the ids of needs of the starting lists, which are built from their names."""
    return tuple(ids.derived_id("service", name) for name in names)


def write_directory(script: Script, days: Days) -> None:
    """Let the home's directory be typed in, and looked after since.

    Args:
        script: What is written when.
        days: The days it plays in.
    """
    moment = days.start + dt.timedelta(hours=1)
    for organisation in texts.organisations():
        moment += dt.timedelta(minutes=2)
        script.write(moment, _add_organisation(days, organisation))
        _check(script, days, f"organisation:{organisation.name}", organisation.checked)
    for contact in texts.contacts():
        moment += dt.timedelta(minutes=1)
        script.write(moment, _add_contact(days, contact))
        _check(script, days, f"contact:{contact.name}", contact.checked)
    script.write(moment + dt.timedelta(minutes=3), _name_deputies, "Who stands in for whom")
    _write_moves(script, days)
    _write_duplicate(script, days)


def _first_checked(days: Days, checked: int) -> dt.date:
    return days.ago(max(checked, days.length + _FIRST_YEAR_BACK))


def _add_organisation(days: Days, told: OrganisationText) -> Callable[[Pen], None]:
    merged_later = told.status != "active" and days.has(days.ago(told.checked))

    def add(pen: Pen) -> None:
        pen.add(
            Organisation(
                name=told.name,
                kind=told.kind,
                ods_code=told.ods or None,
                parent=pen.book.id(f"organisation:{told.parent}") if told.parent else None,
                address=told.address or None,
                postcode=told.postcode or None,
                phone=told.phone or None,
                phone_out_of_hours=told.ooh or None,
                email=told.email or None,
                opening_hours=told.hours or None,
                offers=service_ids(told.offers),
                criteria=told.criteria or None,
                how_to_refer=told.refer or None,
                typical_wait_days=told.wait,
                status="active" if merged_later else told.status,
                former_names=told.former,
                last_checked=_first_checked(days, told.checked),
                private_notes=told.private or None,
            ),
            f"organisation:{told.name}",
        )

    return add


def _add_contact(days: Days, told: ContactText) -> Callable[[Pen], None]:
    def add(pen: Pen) -> None:
        identity = pen.add(
            Contact(
                name=told.name,
                phone=told.phone or None,
                mobile=told.mobile or None,
                email=told.email or None,
                ask_about=service_ids(told.ask),
                best_time=told.best or None,
                cover=told.cover,
                named_link=told.link or None,
                last_checked=_first_checked(days, told.checked),
                private_notes=told.private or None,
            ),
            f"contact:{told.name}",
        )
        for number, (role, organisation, since, until) in enumerate(told.posts):
            if days.has(days.ago(since)):
                # taken up since; see _write_moves
                continue
            ended = None if until is None or days.has(days.ago(until)) else days.ago(until)
            pen.add(
                Post(
                    contact=identity,
                    role=role,
                    organisation=pen.book.id(f"organisation:{organisation}"),
                    since=days.ago(since),
                    until=ended,
                ),
                f"post:{told.name}:{number}",
            )

    return add


def _name_deputies(pen: Pen) -> None:
    for told in texts.contacts():
        if told.deputy:
            pen.change(f"contact:{told.name}", deputy=pen.book.id(f"contact:{told.deputy}"))


def _check(script: Script, days: Days, key: str, checked: int) -> None:
    """Let an entry's numbers be rung and found right; some were last rung long ago."""
    day = on_working_day(days.ago(checked))

    def right(pen: Pen) -> None:
        pen.change(key, last_checked=day)

    if days.has(day):
        minute = sum(map(ord, key)) % 60
        script.write(at(day, f"10:{minute:02}"), right, "Rang and checked")


def _write_moves(script: Script, days: Days) -> None:
    """Let people change their posts, and practices merge, on the day they did."""
    for told in texts.contacts():
        for number, (role, organisation, since, until) in enumerate(told.posts):
            key = f"post:{told.name}:{number}"
            if days.has(days.ago(since)):
                moment = at(days.ago(since), "12:00")
                script.write(moment, _take_post(days, told.name, role, organisation, since, key))
            if until is not None and days.has(days.ago(until)):
                script.write(at(days.ago(until), "16:00"), _leave_post(days, key, until))
        if told.archived and days.has(days.ago(told.posts[-1][3] or 0)):
            moment = at(days.ago((told.posts[-1][3] or 0) - 1), "09:10")
            script.do(moment, _archive(f"contact:{told.name}", "Has left, no new number"))
    for place in texts.organisations():
        if place.status != "active" and days.has(days.ago(place.checked)):
            moment = at(days.ago(place.checked), "11:00")
            script.write(moment, _close(place), "Merged with Harbour View, letter of today")


def _take_post(  # noqa: PLR0917  # what a post is
    days: Days, name: str, role: str, organisation: str, since: int, key: str
) -> Callable[[Pen], None]:
    def take(pen: Pen) -> None:
        pen.add(
            Post(
                contact=pen.book.id(f"contact:{name}"),
                role=role,
                organisation=pen.book.id(f"organisation:{organisation}"),
                since=days.ago(since),
            ),
            key,
        )

    return take


def _leave_post(days: Days, key: str, until: int) -> Callable[[Pen], None]:
    def leave(pen: Pen) -> None:
        pen.change(key, until=days.ago(until))

    return leave


def _close(told: OrganisationText) -> Callable[[Pen], None]:
    def close(pen: Pen) -> None:
        pen.change(f"organisation:{told.name}", status=told.status)

    return close


def _archive(key: str, reason: str) -> Callable[[Book], None]:
    def archive(book: Book) -> None:
        editing.archive(book.home, book.record(key), reason)

    return archive


def _write_duplicate(script: Script, days: Days) -> None:
    """Let somebody be typed in twice, and the two be made one when it is noticed."""

    def twice(pen: Pen) -> None:
        pen.add(Contact(name="G Adeyemi", mobile="07700 900 366", best_time="mornings"), _DUPLICATE)

    def one(book: Book) -> None:
        grace = book.record("contact:Grace Adeyemi")
        editing.merge(book.home, book.record(_DUPLICATE), grace, "The same Grace, typed in twice")

    script.write(at(days.ago(214), "22:10"), twice)
    script.do(at(days.ago(205), "09:40"), one)
