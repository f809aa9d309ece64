"""A person outside the home corrected together with a post, in one unit of work."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.records.directory import Contact, Organisation, Post
from liaison.services.directory import (
    add_contact_with_post,
    change_contact_with_post,
    posts_of,
)
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from liaison.store import history
from liaison.store.rows import Loaded
from tests.services.conftest import add


def loaded(home: OpenHome, type_name: str, identity: int | None) -> Loaded:
    found = home.store.load(type_name, identity or 0)
    assert found is not None
    return found


def contact(shown: Loaded, **fields: object) -> tuple[Loaded, Contact]:
    assert isinstance(shown.record, Contact)
    return shown, dataclasses.replace(shown.record, **fields)  # type: ignore[arg-type]  # by name


def test_person_post_and_a_new_place_are_written_in_one_unit(home: OpenHome) -> None:
    surgery = add(home, Organisation(name="Surgery", kind="GP practice"))
    added = add_contact_with_post(home, Contact(name="Grace"), Post(role="GP"), surgery)
    shown = loaded(home, "contact", added.contact)
    post = loaded(home, "post", added.post)
    assert isinstance(post.record, Post)
    changed = change_contact_with_post(
        home,
        contact(shown, phone="01632 960001"),
        (post, dataclasses.replace(post.record, role="district nurse")),
        Organisation(name="Clinic", kind="hospital"),
    )
    (holder,) = posts_of(home.store, added.contact)
    assert (holder.contact.phone, holder.post.role) == ("01632 960001", "district nurse")
    assert holder.organisation is not None
    assert holder.organisation.name == "Clinic"
    assert (changed.contact, changed.post) == (added.contact, added.post)
    assert changed.organisation == holder.organisation.id
    units = {
        history.history(home.store, name, identity or 0)[-1].unit
        for name, identity in (("contact", added.contact), ("post", added.post),
                               ("organisation", changed.organisation))
    }  # fmt: skip
    assert len(units) == 1


def test_a_first_post_is_added_and_no_post_leaves_them_alone(home: OpenHome) -> None:
    grace = add(home, Contact(name="Grace"))
    shown = loaded(home, "contact", grace)
    assert change_contact_with_post(home, contact(shown, mobile="07700 900001")).post is None
    shown = loaded(home, "contact", grace)
    added = change_contact_with_post(home, contact(shown), (None, Post(role="trainer")))
    assert added.post is not None
    assert [one.post.role for one in posts_of(home.store, grace)] == ["trainer"]


def test_nothing_is_saved_when_any_part_is_wrong(home: OpenHome) -> None:
    grace = add(home, Contact(name="Grace"))
    shown = loaded(home, "contact", grace)
    with pytest.raises(Unfit) as refused:
        change_contact_with_post(
            home, contact(shown, name=None), (None, Post()), Organisation(name="Clinic")
        )
    fields = {problem.field for problem in refused.value.problems}
    assert fields == {"contact.name", "post.role", "organisation.kind"}
    assert loaded(home, "contact", grace).record == shown.record
