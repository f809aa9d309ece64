"""Joining as it is kept from one start to the next, and what of the form cannot be used."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.services.object_storage import Typed
from liaison.services.pcs import coming, inviting, letting_in
from liaison.services.pcs.coming import INVITATION, NAME, PLACE, InPart, Way
from tests.homes import CHEAP, MANAGER, PASSWORD
from tests.services.pcs.houses import House, digests

STORE = Typed("https://store.example.org/homes/willow", "AKIA123", "secret")


def test_what_was_filled_in_is_found_again_and_garbage_is_filled_in_anew(tmp_path: Path) -> None:
    target = tmp_path / "new" / "home"
    assert coming.kept(target) is None
    way = Way(asked=True, by_words=True, folder="/srv/share", name="Night office PC")
    coming.keep(target, way)
    assert coming.kept(target) == way
    assert not target.exists()
    for garbage in (b"", b"{", b"[]", b'{"asked": 1}', b'{"unknown": true}', b"\xff\xfe"):
        coming.way_file(target).write_bytes(garbage)
        assert coming.kept(target) is None
    coming.forget(target)
    coming.forget(target)
    assert not list((tmp_path / "new").iterdir())


@pytest.mark.folder_alone("each trouble is one of the form's, with its folder or its store")
@pytest.mark.parametrize(
    ("change", "words", "part"),
    [
        ({}, "", INVITATION),
        ({"by_words": True}, "seven words are not enough of them", INVITATION),
        ({"name": "  "}, "good", NAME),
        ({"name": "x" * 101}, "good", NAME),
        ({"folder": ""}, "good", PLACE),
        ({"folder": "/nowhere/at/all"}, "good", PLACE),
        ({"in_store": True}, "good", PLACE),
    ],
)
def test_each_trouble_belongs_to_its_part_of_the_form(
    house: House, change: dict[str, object], words: str, part: str
) -> None:
    plain = Way(by_words=bool(words), folder=str(house.share), name="Laptop")
    way = dataclasses.replace(plain, **change)  # type: ignore[arg-type]  # its own fields
    made = inviting.invite(house.office, house.storage)
    typed = made.invitation.words if words == "good" else words
    bad_store = dataclasses.replace(STORE, address="store.example.org")
    with pytest.raises(InPart) as caught:
        coming.meeting(way, typed, house.root / "laptop", bad_store.access)
    assert caught.value.part == part


@pytest.mark.folder_alone("the store is one that is typed")
def test_a_store_that_was_typed_is_where_the_words_lead(house: House) -> None:
    made = inviting.invite(house.office, house.storage)
    way = Way(by_words=True, in_store=True, name="Laptop")
    met = coming.meeting(way, made.invitation.words, house.root / "laptop", STORE.access)
    assert met.setup.store == "store.example.org/homes/willow"
    assert met.setup.folder is None
    assert "secret" not in repr(met)


def test_the_first_fetching_can_be_ended_and_goes_on(house: House) -> None:
    house.rounds()
    made = inviting.invite(house.office, house.storage)
    target = house.root / "laptop"
    file = house.root / "invitation.json"
    file.write_bytes(made.file)
    # the file says of a store where it is
    way = Way(file=str(file), folder="" if house.access else str(house.share), name="Laptop")
    coming.keep(target, way)
    met = coming.meeting(way, "", target, None)
    first = coming.ask(met, target, cost=CHEAP)
    letting_in.approve(house.office, house.storage, first.digits, cost=CHEAP)
    waiting = coming.ask(met, target, known=first, cost=CHEAP)
    assert waiting.digits == first.digits
    home = coming.complete(waiting, met, target, MANAGER, PASSWORD)
    house.pcs.append(home)
    assert coming.kept(target) is None
    heard: list[tuple[int, int]] = []

    def enough(done: int, total: int) -> None:
        heard.append((done, total))
        if done:
            raise KeyError

    with pytest.raises(KeyError):
        coming.fill(home, enough)
    filled = coming.fill(home, lambda done, total: heard.append((done, total)))
    coming.take_over(home, filled)
    assert filled.round.trouble is None
    assert "home" in filled.touched
    assert heard[-1][0] <= heard[-1][1]
    house.rounds()
    assert len(digests(*house.pcs)) == 1


def test_the_same_invitation_lets_nobody_else_in_afterwards(house: House) -> None:
    made = inviting.invite(house.office, house.storage)
    target = house.root / "laptop"
    met = coming.Meeting(made.invitation, house.setup, house.access, "Laptop")
    first = coming.ask(met, target, cost=CHEAP)
    (asked,) = letting_in.asking(house.office, house.storage, cost=CHEAP)
    assert asked.digits == first.digits
    letting_in.let_in(house.office, asked)
    # pressed twice, or by two managers
    with pytest.raises(UserError) as caught:
        letting_in.let_in(house.office, asked)
    assert caught.value.code == "invitation-used"
    letting_in.deliver(house.office, house.storage)
    with pytest.raises(InPart) as refused:
        coming.ask(met, house.root / "other", cost=CHEAP)
    assert (refused.value.part, refused.value.code) == (INVITATION, "invitation-used")
