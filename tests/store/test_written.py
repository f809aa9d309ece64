"""When records were first written."""

from __future__ import annotations

import dataclasses
import datetime as dt

from liaison.records.directory import Organisation
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store.written import first_written
from tests.services.conftest import add, folder, home, pattern  # noqa: F401  # fixtures


def test_it_is_the_first_writing_that_counts(home: OpenHome) -> None:  # noqa: F811  # the fixture
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    identities = [add(home, Organisation(name=f"Place {n}", kind="other")) for n in range(3)]
    written = first_written(home.store, identities)
    for identity in identities:
        loaded = home.store.load("organisation", identity)
        assert loaded is not None
        assert isinstance(loaded.record, Organisation)
        editing.save(home, loaded, dataclasses.replace(loaded.record, phone="01632 960001"))
    assert first_written(home.store, identities) == written
    assert all(before <= moment <= dt.datetime.now(dt.UTC) for moment in written.values())
    assert set(written) == set(identities)


def test_what_is_not_here_is_left_out(home: OpenHome) -> None:  # noqa: F811  # the fixture
    assert first_written(home.store, [5]) == {}
    assert first_written(home.store, []) == {}
