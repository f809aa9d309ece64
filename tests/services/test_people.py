"""People come, change and go: what their records say and what opens the home agree."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from liaison import security
from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.directory import Contact, Service
from liaison.records.home import Resident
from liaison.security import NoSuchPerson, NotAllowed, WrongPassword
from liaison.services import editing, homes, people
from liaison.services.homes import OpenHome
from liaison.services.syncing import beside_the_writer
from liaison.store import driver, rekeying
from liaison.store.history import history
from liaison.store.verify import verify
from tests import homes as made

TEMPORARY = "a password for the first day"


@pytest.fixture
def home(tmp_path: Path) -> OpenHome:
    opened, _ = made.make(tmp_path / "home")
    return opened


def add(home: OpenHome, name: str = "Priya Nair", role: str = "carer", **other: object) -> int:
    person = Person(name=name, role=role, **other)  # type: ignore[arg-type]  # by name
    return people.add(home, person, TEMPORARY, cost=made.CHEAP)


def signs_in(home: OpenHome, name: str = "Priya Nair", password: str = TEMPORARY) -> str:
    """Open the home as somebody and return their role."""
    with homes.open_home(home.folder, name, password) as theirs:
        return theirs.unlocked.role


def test_somebody_added_signs_in_and_changes_the_password(home: OpenHome) -> None:
    identity = add(home)
    with homes.open_home(home.folder, "priya nair", TEMPORARY) as theirs:
        assert theirs.person == identity
        with pytest.raises(WrongPassword):
            people.change_password(theirs, "not it", "rushes by the running water", cost=made.CHEAP)
        people.change_password(theirs, TEMPORARY, "rushes by the running water", cost=made.CHEAP)
        assert not theirs.unlocked.must_change
    # until then it was a manager's
    with pytest.raises(WrongPassword):
        signs_in(home)
    assert signs_in(home, password="rushes by the running water") == "carer"


def test_ones_own_password_takes_the_place_of_the_temporary_one(home: OpenHome) -> None:
    add(home)
    with homes.open_home(home.folder, "Priya Nair", TEMPORARY) as theirs:
        with pytest.raises(UserError, match="temporary") as refused:
            people.choose_password(theirs, TEMPORARY, cost=made.CHEAP)
        assert refused.value.code == "same-password"
        people.choose_password(theirs, "rushes by the running water", cost=made.CHEAP)
        assert not theirs.unlocked.must_change
        # from then on the old one is asked for
        with pytest.raises(UserError) as refused:
            people.choose_password(theirs, "kettle on the third shelf", cost=made.CHEAP)
        assert refused.value.code == "own-password"
    assert signs_in(home, password="rushes by the running water") == "carer"


def test_what_they_write_is_theirs(home: OpenHome) -> None:
    identity = add(home)
    with homes.open_home(home.folder, "Priya Nair", TEMPORARY) as theirs:
        contact, _ = editing.add(theirs, Contact(name="Dr Amy Shah"))
        (entry,) = history(theirs.store, "contact", contact)
        assert entry.person == identity


def test_who_may_not_cannot_add_people(home: OpenHome) -> None:
    add(home, role="senior")
    with homes.open_home(home.folder, "Priya Nair", TEMPORARY) as theirs:
        with pytest.raises(NotAllowed):
            add(theirs, "Sam Bright")
        with pytest.raises(NotAllowed):
            people.appoint(theirs, theirs.person, role="manager")
        with pytest.raises(NotAllowed):
            people.remove(theirs, home.person, "No.")
    assert [one.name for one in homes.read_keys(home.folder).people] == [made.MANAGER, "Priya Nair"]


def test_a_person_with_problems_or_a_name_taken_leaves_nothing(home: OpenHome) -> None:
    add(home)
    for name, password in (("", TEMPORARY), ("priya NAIR", TEMPORARY), ("Sam Bright", " ")):
        with pytest.raises(UserError):
            people.add(home, Person(name=name, role="carer"), password, cost=made.CHEAP)
    count = home.store.connection.execute("SELECT count(*) FROM person").fetchone()
    assert count == (2,)


def test_somebody_whose_keys_were_never_made_is_not_added_a_second_time(
    home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crashing:
        crashing.setattr(people, "give_password", lambda *_, **__: None)
        identity = add(home)
    with pytest.raises(UserError, match="has no password yet") as refused:
        add(home, "priya nair")
    assert refused.value.code == "same-name"
    people.give_password(home, identity, TEMPORARY, cost=made.CHEAP)
    assert signs_in(home) == "carer"


def test_a_new_name_and_role_stand_in_both(home: OpenHome) -> None:
    identity = add(home)
    people.appoint(home, identity, name="Priya  Nair-Jones", role="manager", reason="Deputy now.")
    record = home.store.get("person", identity)
    assert isinstance(record, Person)
    assert (record.name, record.role) == ("Priya Nair-Jones", "manager")
    assert signs_in(home, "Priya Nair-Jones") == "manager"
    assert history(home.store, "person", identity)[-1].reason == "Deputy now."


def test_agency_staff_have_a_last_day(home: OpenHome) -> None:
    today = home.store.today()
    identity = add(home, until=today)
    assert signs_in(home) == "carer"
    people.appoint(home, identity, until=today - dt.timedelta(days=1))
    with pytest.raises(NotAllowed, match="any more"):
        signs_in(home)


def test_suspended_and_back(home: OpenHome) -> None:
    identity = add(home)
    people.suspend(home, identity, "Until it is cleared up.")
    with pytest.raises(NoSuchPerson) as caught:
        signs_in(home)
    assert caught.value.code == "suspended"
    people.resume(home, identity, "Cleared up.")
    assert signs_in(home) == "carer"


def test_who_is_removed_is_out_and_the_database_has_another_key(home: OpenHome) -> None:
    identity = add(home)
    before = home.unlocked.vault.database.current
    resident = _resident(home)
    people.remove(home, identity, "Left us.")
    assert home.unlocked.vault.database.pending is None
    with pytest.raises(driver.WrongKey):
        driver.connect(home.folder / made.DATABASE, before)
    with pytest.raises(NoSuchPerson):
        signs_in(home)
    # their record stays, with the reason, and so does all they wrote
    record = home.store.get("person", identity)
    assert record is not None
    assert record.archived
    assert home.store.get("resident", resident) is not None
    home.close()
    with made.unlock(home.folder) as again:
        assert not verify(again.store).damage


def test_the_new_key_waits_while_another_window_has_the_home_open(home: OpenHome) -> None:
    identity = add(home)
    other = made.unlock(home.folder, person=made.MANAGER)
    people.remove(home, identity, "Left us.")
    assert home.unlocked.vault.database.pending is not None
    assert _resident(home)
    home.close()
    other.close()
    with made.unlock(home.folder) as again:
        assert again.unlocked.vault.database.pending is None
        assert not verify(again.store).damage


@pytest.mark.parametrize("done", [False, True])
def test_a_crash_around_the_new_key_is_finished_at_the_next_opening(
    home: OpenHome, *, done: bool
) -> None:
    identity = add(home)
    keys = home.folder / made.KEYS
    # as remove does, up to the crash
    home.unlocked = security.dismiss(keys, home.unlocked, person=ids.to_text(identity))
    home.store.see_generation(home.unlocked.generation)
    home.close()
    database = home.unlocked.vault.database
    assert database.pending is not None
    if done:
        rekeying.rekey(home.folder / made.DATABASE, database.current, database.pending)
    with made.unlock(home.folder) as again:
        assert again.unlocked.vault.database == dataclasses.replace(
            database, current=database.pending, pending=None
        )
        assert not verify(again.store).damage


def test_a_window_is_told_that_another_one_changed_who_may_and_not_that_its_file_is_old(
    home: OpenHome,
) -> None:
    with made.unlock(home.folder) as second:
        assert not second.keys_changed()
        identity = add(home)
        people.remove(home, identity, "Has left.")
        assert second.keys_changed()
        with pytest.raises(security.KeyFileChanged), beside_the_writer(second):
            pass
        # what it saves is kept until somebody signs in again
        editing.add(second, Service(name="Podiatry"))
    home.close()
    with made.unlock(home.folder) as again:
        assert not again.keys_changed()


def test_an_old_key_file_gives_the_database_no_key(home: OpenHome) -> None:
    identity = add(home)
    keys = home.folder / made.KEYS
    dismissed = security.dismiss(keys, home.unlocked, person=ids.to_text(identity))
    old = keys.read_bytes()
    home.unlocked = dismissed
    home.rotate()
    home.close()
    good = keys.read_bytes()
    keys.write_bytes(old)
    database = (home.folder / made.DATABASE).read_bytes()
    with pytest.raises(UserError):
        made.unlock(home.folder)
    assert (home.folder / made.DATABASE).read_bytes() == database
    keys.write_bytes(good)
    made.unlock(home.folder).close()


def test_there_is_always_a_manager_who_can_sign_in(home: OpenHome) -> None:
    identity = add(home, role="manager")
    with pytest.raises(NotAllowed, match="yourself"):
        people.remove(home, home.person, "Me.")
    people.suspend(home, identity, "Away.")
    with pytest.raises(NotAllowed, match="only manager"):
        people.appoint(home, home.person, role="carer")


def test_no_last_day_leaves_the_home_without_a_manager(home: OpenHome) -> None:
    today = home.store.today()
    with pytest.raises(NotAllowed, match="without a last day"):
        people.appoint(home, home.person, until=today + dt.timedelta(days=30))
    agency = add(home, role="manager", until=today)
    with pytest.raises(NotAllowed, match="without a last day"):
        people.appoint(home, home.person, until=today + dt.timedelta(days=30))
    people.stay(home, agency)
    people.appoint(home, home.person, until=today)
    # nobody else's work waits for that
    carer = add(home, "Tom Pascoe")
    people.appoint(home, carer, role="senior")
    people.suspend(home, carer, "Away.")
    people.remove(home, carer, "Left.")
    with pytest.raises(NotAllowed, match="without a last day"):
        people.appoint(home, agency, role="carer")


def test_a_manager_whose_last_day_is_over_stands_for_nobody(home: OpenHome) -> None:
    today = home.store.today()
    agency = add(home, role="manager", until=today)
    people.appoint(home, agency, until=today - dt.timedelta(days=1))
    with pytest.raises(NotAllowed, match="only manager"):
        people.appoint(home, home.person, role="carer")
    people.remove(home, agency, "Gone.")


def test_a_forgotten_password_is_replaced_by_a_manager(home: OpenHome) -> None:
    identity = add(home)
    people.give_password(home, identity, "another kettle for tuesday", cost=made.CHEAP)
    with pytest.raises(WrongPassword):
        signs_in(home)
    with homes.open_home(home.folder, "Priya Nair", "another kettle for tuesday") as theirs:
        assert theirs.unlocked.must_change


def _resident(home: OpenHome) -> int:
    return editing.add(home, Resident(name="Dorothy Hale"))[0]
