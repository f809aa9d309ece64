"""The recovery sheet: a manager comes back in with a password of their own."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.security import NotAllowed
from liaison.services import homes, recovery
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
