"""The recovery sheet: a manager comes back in with a password of their own."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from liaison import files
from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records.directory import Service
from liaison.security import NotAllowed, RecoveryKey, WrongRecoveryKey, change
from liaison.services import backups, editing, homes, recovery, restoring
from liaison.store import driver
from liaison.store.store import Store
from tests import homes as made

OWN = "five words nobody else thought of"


def test_the_password_a_manager_chose_with_the_sheet_is_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    home, key = made.make(folder)
    person = home.unlocked.person
    home.close()
    with recovery.come_back(folder, key.text, person, OWN, cost=made.CHEAP) as back:
        assert back.unlocked.person == person
        assert not back.unlocked.must_change
    with homes.open_home(folder, person, OWN) as again:
        assert not again.unlocked.must_change


def test_the_sheet_lets_a_manager_in_whose_last_day_is_over(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    home, key = made.make(folder)
    with home:
        person, identity = home.unlocked.person, home.person
        loaded = home.store.load("person", identity)
        assert loaded is not None
        over = home.store.today() - dt.timedelta(days=1)
        # as a home from before this was refused may have it
        with home.unit(kind="people") as unit:
            unit.save(loaded, dataclasses.replace(loaded.record, until=over))  # type: ignore[call-arg]  # a person
    with pytest.raises(NotAllowed, match="any more"):
        made.unlock(folder)
    recovery.come_back(folder, key.text, person, OWN, cost=made.CHEAP).close()
    homes.open_home(folder, person, OWN).close()


def test_the_sheet_lets_nobody_in_who_is_not_a_manager(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    home, key = made.make(folder)
    home.close()
    with pytest.raises(UserError) as refused:
        recovery.come_back(folder, key.text, "nobody", OWN, cost=made.CHEAP)
    assert refused.value.code == "not-a-manager"


def test_a_backup_from_before_a_new_sheet_opens_with_the_old_one_and_no_other(
    tmp_path: Path,
) -> None:
    home, old = made.make(tmp_path / "home")
    file = tmp_path / "before.liaison-backup"
    with home:
        backups.by_hand(home, file)
        new = recovery.new_sheet(home)
    with pytest.raises(WrongRecoveryKey):
        homes.read_keys(home.folder).unlock_with_recovery(old)
    with pytest.raises(WrongRecoveryKey):
        restoring.restore_home(file, tmp_path / "back", None, new.text, recovery=True)
    restoring.restore_home(file, tmp_path / "back", None, old.text, recovery=True).close()
    made.unlock(tmp_path / "back").close()


def full(*_: object, **__: object) -> None:
    raise CannotWrite("The disk is full.", kept="The old file.")


def test_a_new_sheet_that_is_in_force_is_never_said_to_have_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # whoever is told that it failed destroys the paper, and the one before opens nothing any more
    home, before = made.make(tmp_path / "home")

    def busy(*_: object) -> None:
        raise driver.busy()

    with home:
        for owner, name, fails in ((Store, "see_generation", busy), (files, "_sync_folder", full)):
            with monkeypatch.context() as patched:
                patched.setattr(owner, name, fails)
                new = recovery.new_sheet(home)
            homes.read_keys(home.folder).unlock_with_recovery(new)
            with pytest.raises(WrongRecoveryKey):
                homes.read_keys(home.folder).unlock_with_recovery(before)
            before = new
            # and work goes on with the keys as they are now
            editing.add(home, Service(name="Podiatry"))
            assert not home.keys_changed()
    made.unlock(home.folder).close()


def test_a_new_sheet_that_could_not_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, old = made.make(tmp_path / "home")
    new = RecoveryKey.generate()
    with home:
        with monkeypatch.context() as patched:
            patched.setattr(change, "replace_file", full)
            with pytest.raises(CannotWrite):
                recovery.new_sheet(home, key=new)
        keys = homes.read_keys(home.folder)
        keys.unlock_with_recovery(old)
        with pytest.raises(WrongRecoveryKey):
            keys.unlock_with_recovery(new)
        recovery.new_sheet(home, key=new)
