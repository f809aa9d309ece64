"""The directory: a person with a post and a place in one step, and what their cards say."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Home
from liaison.services import editing
from liaison.services.directory import (
    add_contact_with_post,
    contact_card,
    organisation_card,
    people_of,
    posts_of,
)
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from tests.services.conftest import add, got, written

DAY = dt.date(2026, 11, 22)
TAMAR = Organisation(name="Tamar nursing", kind="community nursing")


def test_a_person_a_post_and_a_new_place_are_one_unit(home: OpenHome) -> None:
    before = written(home)
    added = add_contact_with_post(
        home, Contact(name="Grace Adeyemi"), Post(role="district nurse"), TAMAR
    )
    assert written(home) == (before[0] + 1, before[1] + 3)
    assert added.post is not None
    assert added.organisation is not None
    post = got(home, Post, added.post)
    assert (post.contact, post.organisation) == (added.contact, added.organisation)
    assert got(home, Organisation, added.organisation).name == "Tamar nursing"


def test_a_place_in_the_directory_is_not_made_again(home: OpenHome) -> None:
    place = add(home, TAMAR)
    added = add_contact_with_post(
        home, Contact(name="Grace Adeyemi", phone="12"), Post(role="CPN"), place
    )
    assert added.organisation == place
    assert [warning.field for warning in added.warnings] == ["contact.phone"]
    (holder,) = people_of(home.store, place, DAY)
    assert (holder.contact.id, holder.post.id) == (added.contact, added.post)


def test_somebody_who_belongs_nowhere_needs_no_post(home: OpenHome) -> None:
    added = add_contact_with_post(home, Contact(name="The vicar"))
    assert (added.post, added.organisation) == (None, None)
    assert posts_of(home.store, added.contact) == []


def test_all_problems_are_told_and_nothing_is_added(home: OpenHome) -> None:
    before = written(home)
    with pytest.raises(Unfit) as error:
        add_contact_with_post(home, Contact(), None, Organisation(name="Tamar"))
    assert [problem.field for problem in error.value.problems] == [
        "organisation.kind", "contact.name", "post.role",
    ]  # fmt: skip
    with pytest.raises(Unfit, match="Organisation: there is no such record"):
        add_contact_with_post(home, Contact(name="Grace"), Post(role="CPN"), 77)
    assert written(home) == before


def test_posts_and_people_are_those_of_the_day(home: OpenHome) -> None:
    place = add(home, TAMAR)
    zoe, ann = add(home, Contact(name="Zoë Vale")), add(home, Contact(name="ann Cole"))
    add(home, Post(contact=zoe, role="CPN", organisation=place, until=DAY))
    add(home, Post(contact=ann, role="CPN", organisation=place, since=DAY))
    ended = add(home, Post(contact=ann, role="GP", until=dt.date(2026, 11, 21)))
    struck = add(home, Post(contact=ann, role="dentist", organisation=place))
    editing.strike(home, got(home, Post, struck), "Somebody else")
    assert [h.contact.name for h in people_of(home.store, place, DAY)] == ["ann Cole", "Zoë Vale"]
    after, before = DAY + dt.timedelta(days=1), DAY - dt.timedelta(days=1)
    assert [h.contact.name for h in people_of(home.store, place, after)] == ["ann Cole"]
    assert [h.contact.name for h in people_of(home.store, place, before)] == ["Zoë Vale"]
    assert [h.post.role for h in posts_of(home.store, ann, DAY)] == ["CPN"]
    assert [h.post.id for h in posts_of(home.store, ann, before)] == [ended]
    editing.archive(home, got(home, Contact, zoe), "Retired")
    assert people_of(home.store, place, before) == []


def test_people_merged_into_one_hold_the_posts_of_both(home: OpenHome) -> None:
    place = add(home, TAMAR)
    one, two = add(home, Contact(name="Grace A")), add(home, Contact(name="Grace Adeyemi"))
    add(home, Post(contact=one, role="CPN", organisation=place))
    editing.merge(home, got(home, Contact, one), got(home, Contact, two))
    (holder,) = people_of(home.store, place)
    assert holder.contact.id == two
    assert [h.post.role for h in posts_of(home.store, two)] == ["CPN"]


def test_a_card_of_a_place_and_of_a_person(home: OpenHome) -> None:
    trust = add(home, Organisation(name="NHS Trust", kind="hospital"))
    wounds, bowels = add(home, Service(name="Wounds")), add(home, Service(name="Bowels"))
    place = add(
        home,
        dataclasses.replace(TAMAR, parent=trust, offers=(wounds, bowels), last_checked=DAY),
    )
    deputy = add(home, Contact(name="Ann Cole"))
    grace = add(home, Contact(name="Grace Adeyemi", deputy=deputy, ask_about=(wounds,)))
    add(home, Post(contact=grace, role="district nurse", organisation=place))
    card = organisation_card(home.store, place, DAY)
    assert card is not None
    assert card.parent is not None
    assert card.parent.id == trust
    assert [service.name for service in card.offers] == ["Bowels", "Wounds"]
    assert [holder.contact.id for holder in card.people] == [grace]
    assert not card.to_check
    above = organisation_card(home.store, trust, DAY)
    assert above is not None
    assert [part.id for part in above.parts] == [place]
    assert above.to_check
    person = contact_card(home.store, grace, DAY)
    assert person is not None
    assert person.deputy is not None
    assert person.deputy.id == deputy
    assert [service.id for service in person.ask_about] == [wounds]
    assert [holder.organisation and holder.organisation.id for holder in person.posts] == [place]
    assert organisation_card(home.store, 77) is None
    assert contact_card(home.store, 77) is None


@pytest.mark.parametrize(
    ("on", "months", "to_check"),
    [
        (dt.date(2027, 5, 21), 6, False),
        (dt.date(2027, 5, 22), 6, True),
        (dt.date(2027, 5, 22), None, True),
        (dt.date(2027, 5, 22), 7, False),
        (dt.date(2027, 5, 22), 10**9, False),
    ],
)
def test_details_are_checked_as_often_as_the_home_says(
    home: OpenHome,
    on: dt.date,
    months: int | None,
    to_check: bool,  # noqa: FBT001  # a column
) -> None:
    loaded = home.store.the("home")
    assert loaded is not None
    assert isinstance(loaded.record, Home)
    editing.save(home, loaded, dataclasses.replace(loaded.record, stale_months=months))
    place = add(home, dataclasses.replace(TAMAR, last_checked=DAY))
    card = organisation_card(home.store, place, on)
    assert card is not None
    assert card.to_check is to_check
