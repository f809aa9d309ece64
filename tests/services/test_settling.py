"""Settling what PCs wrote without knowing of each other."""

from __future__ import annotations

import dataclasses

import pytest

from liaison.errors import UserError
from liaison.records.directory import Contact
from liaison.services import editing
from liaison.services.editing import Unfit
from liaison.services.homes import OpenHome
from liaison.store import history
from tests.services.conftest import add, got, written


@pytest.fixture
def grace(home: OpenHome) -> int:
    """Write one phone number over another twice, from the same one."""
    identity = add(home, Contact(name="Grace Adeyemi", phone="01632 960412"))
    loaded = home.store.load("contact", identity)
    assert loaded is not None
    assert isinstance(loaded.record, Contact)
    for number in ("01632 960421", "01632 960499"):
        editing.save(home, loaded, dataclasses.replace(loaded.record, phone=number))
    return identity


def heads(home: OpenHome, identity: int) -> tuple[int, ...]:
    loaded = home.store.load("contact", identity)
    assert loaded is not None
    return tuple(loaded.versions["phone"])


def test_the_value_chosen_stands_and_nothing_is_left_to_settle(home: OpenHome, grace: int) -> None:
    assert len(history.conflicts(home.store)) == 1
    shown = heads(home, grace)
    after = editing.settle(home, "contact", grace, "phone", "01632 960421", shown, "rang her")
    assert isinstance(after, Contact)
    assert after.phone == got(home, Contact, grace).phone == "01632 960421"
    assert history.conflicts(home.store) == []
    last = history.history(home.store, "contact", grace)[-1]
    assert (last.op, last.kind, last.reason) == ("resolve", "settle", "rang her")


def test_a_value_with_problems_is_refused_and_both_stay(home: OpenHome) -> None:
    identity = add(home, Contact(name="Grace"))
    loaded = home.store.load("contact", identity)
    assert loaded is not None
    for name in ("Grace A", "Grace B"):
        editing.save(home, loaded, dataclasses.replace(loaded.record, name=name))  # type: ignore[call-arg]  # a contact has a name
    before = written(home)
    again = home.store.load("contact", identity)
    assert again is not None
    with pytest.raises(Unfit, match=r"Name is missing\."):
        editing.settle(home, "contact", identity, "name", None, again.versions["name"])
    assert written(home) == before
    assert len(history.conflicts(home.store)) == 1


def test_what_is_wrong_elsewhere_in_a_record_keeps_nobody_from_settling(
    home: OpenHome, grace: int
) -> None:
    with home.unit() as unit:
        loaded = home.store.load("contact", grace)
        assert loaded is not None
        unit.save(loaded, dataclasses.replace(loaded.record, name=None))  # type: ignore[call-arg]  # as above
    editing.settle(home, "contact", grace, "phone", "01632 960400", heads(home, grace))
    assert got(home, Contact, grace).phone == "01632 960400"


def test_a_record_that_is_not_here_cannot_be_settled(home: OpenHome) -> None:
    with pytest.raises(UserError, match="is not here"):
        editing.settle(home, "contact", 12345, "phone", "1", ())
