"""A store is set up only if it works, and its key lies nowhere but in the vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.records.administration import Person
from liaison.security.errors import NotAllowed
from liaison.services import object_storage, people
from liaison.services.homes import OpenHome
from liaison.sync.object_store_faults import NOT_ALLOWED, StoreFault
from liaison.sync.object_store_place import Access
from liaison.sync.object_store_trial import WRITES, Step, Trial
from tests import homes as made

SECRET = "s3cr3t-h4lf-0f-th3-k3y"
KEY_FILE = f"access_key_id = AKIA1\nsecret_access_key = {SECRET}\n".encode()
URL = "https://store.example.org/homes/elm"


def passes(access: Access) -> Trial:
    return Trial((Step(WRITES),), access)


def fails(access: Access) -> Trial:
    return Trial((Step(WRITES, StoreFault(NOT_ALLOWED)),), access)


def access() -> Access:
    return object_storage.read_access(URL, KEY_FILE, region="nl-ams")


def test_a_store_that_works_is_kept_and_found_again_when_the_home_is_opened(
    home: OpenHome, folder: Path
) -> None:
    assert object_storage.opened(home) is None
    assert object_storage.set_up(home, access(), trial=passes).fault is None
    home.close()
    with made.unlock(folder) as again:
        assert object_storage.access_of(again) == access()
        assert "store.example.org/homes/elm" in repr(object_storage.opened(again))
        object_storage.give_up(again)
        assert object_storage.access_of(again) is None
    with made.unlock(folder) as again:
        assert object_storage.opened(again) is None


def test_a_store_that_does_not_work_changes_nothing(home: OpenHome) -> None:
    object_storage.set_up(home, access(), trial=passes)
    before = home.unlocked.vault
    other = object_storage.read_access("https://other.example.org/homes", KEY_FILE)
    told = object_storage.set_up(home, other, trial=fails)
    assert told.fault is not None
    assert home.unlocked.vault == before


def test_the_key_lies_in_no_file_in_the_clear(home: OpenHome, folder: Path) -> None:
    object_storage.set_up(home, access(), trial=passes)
    home.close()
    assert made.words_in(folder, SECRET, "AKIA1", "store.example.org") == []


def test_the_key_is_shown_by_nothing_that_a_fault_or_a_log_could_repeat(home: OpenHome) -> None:
    object_storage.set_up(home, access(), trial=passes)
    assert SECRET not in repr(home.unlocked.vault)
    assert SECRET not in repr(object_storage.access_of(home))
    assert SECRET not in repr(object_storage.opened(home))


def test_only_who_may_connect_the_home_sets_a_store_up_or_gives_it_up(
    home: OpenHome, folder: Path
) -> None:
    object_storage.set_up(home, access(), trial=passes)
    person = Person(name="Priya Nair", role="senior")
    people.add(home, person, "a password for the first day", cost=made.CHEAP)
    home.close()
    with made.unlock(folder, "a password for the first day", "Priya Nair") as theirs:
        with pytest.raises(NotAllowed):
            object_storage.set_up(theirs, access(), trial=passes)
        with pytest.raises(NotAllowed):
            object_storage.give_up(theirs)
        # they exchange all the same
        assert object_storage.opened(theirs) is not None
