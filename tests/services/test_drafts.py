"""Drafts: what was typed is found again by who typed it, and by nobody else."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from pathlib import Path

import pytest

from liaison.records.home import Resident
from liaison.services import drafts
from liaison.services.drafts import About
from liaison.services.homes import OpenHome
from liaison.store import drafts as kept
from liaison.store.verify import verify
from tests import homes as made
from tests.services.conftest import add, written
from tests.store.conftest import FakeClock

VISIT = About("visit", page="record")
NONSENSE = {
    "at": "yesterday 25:",
    "reason": "Coughs \N{PILL} <b>after</b>\r\n\ttea\x00 \ud83d half a character",
    "entries": [{"resident": "Dorothy Ha", "found": ""}, {}],
    "id_checked": True,
}


@pytest.fixture
def clock(home: OpenHome) -> FakeClock:
    """Put a clock into the home that a test can turn."""
    clock = FakeClock()
    home.store.clock = clock
    return clock


def test_what_was_typed_comes_back_letter_by_letter(home: OpenHome, clock: FakeClock) -> None:
    saved = drafts.save(home, VISIT, NONSENSE)
    assert drafts.find(home, VISIT) == saved
    assert saved.typed == NONSENSE
    assert saved.at == clock.now


def test_a_draft_replaces_the_one_before_of_that_form(home: OpenHome, clock: FakeClock) -> None:
    drafts.save(home, VISIT, {"reason": "Cou"})
    clock.advance(seconds=3)
    drafts.save(home, VISIT, {"reason": "Coughs"})
    (found,) = drafts.mine(home)
    assert found.typed == {"reason": "Coughs"}
    assert found.at == clock.now


def test_a_draft_that_says_the_same_keeps_its_time(home: OpenHome, clock: FakeClock) -> None:
    first = drafts.save(home, VISIT, {"reason": "Coughs"})
    clock.advance(minutes=5)
    drafts.save(home, VISIT, {"reason": "Coughs"})
    assert drafts.mine(home) == [first]


def test_each_form_has_a_draft_of_its_own_newest_first(home: OpenHome, clock: FakeClock) -> None:
    mary = add(home, Resident(name="Mary"))
    forms = [
        About("resident"),
        About("resident", mary),
        About("resident", mary, "gp/choice"),
        VISIT,
        About("visit"),
    ]
    for number, form in enumerate(forms):
        clock.advance(minutes=1)
        drafts.save(home, form, {"number": number})
    assert [draft.about for draft in drafts.mine(home)] == forms[::-1]
    found = [drafts.find(home, form) for form in forms]
    assert [draft and draft.typed["number"] for draft in found] == [0, 1, 2, 3, 4]


def test_newest_first_holds_through_the_night_the_clocks_go_back(
    home: OpenHome, clock: FakeClock
) -> None:
    summer, winter = (dt.timezone(dt.timedelta(hours=hours)) for hours in (1, 0))
    clock.now = dt.datetime(2026, 10, 25, 1, 50, tzinfo=summer)
    drafts.save(home, VISIT, {"reason": "first"})
    clock.now = dt.datetime(2026, 10, 25, 1, 10, tzinfo=winter)
    drafts.save(home, About("concern"), {"situation": "second"})
    assert [draft.about.type for draft in drafts.mine(home)] == ["concern", "visit"]


def test_a_draft_is_its_authors_alone(home: OpenHome, clock: FakeClock) -> None:
    theirs = kept.KeptDraft(home.person + 1, "visit/new/record", clock.now, "{}")
    kept.keep(home.store, theirs)
    assert drafts.mine(home) == []
    assert drafts.find(home, VISIT) is None
    assert drafts.take(home, VISIT) is None
    drafts.save(home, VISIT, {"reason": "mine"})
    drafts.take(home, VISIT)
    assert kept.of_person(home.store, theirs.person) == [theirs]


def test_a_draft_that_was_taken_out_can_be_put_back_as_it_was(
    home: OpenHome, clock: FakeClock
) -> None:
    saved = drafts.save(home, VISIT, NONSENSE)
    assert drafts.take(home, VISIT) == saved
    assert drafts.mine(home) == []
    assert drafts.take(home, VISIT) is None
    clock.advance(minutes=1)
    drafts.put_back(home, saved)
    assert drafts.mine(home) == [saved]


def test_putting_back_does_not_overwrite_what_was_typed_since(home: OpenHome) -> None:
    old = drafts.save(home, VISIT, {"reason": "old"})
    drafts.take(home, VISIT)
    new = drafts.save(home, VISIT, {"reason": "new"})
    drafts.put_back(home, old)
    assert [draft.typed for draft in drafts.mine(home)] == [new.typed]


def test_a_draft_remembers_which_versions_its_form_showed(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary"))
    loaded = home.store.load("resident", mary)
    assert loaded is not None
    with home.unit() as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, room="4"))  # type: ignore[call-arg]
    loaded = home.store.load("resident", mary)
    assert loaded is not None
    assert loaded.versions
    drafts.save(home, About("resident", mary), {"room": "5"}, loaded.versions)
    found = drafts.find(home, About("resident", mary))
    assert found is not None
    assert found.versions == loaded.versions


def test_drafts_leave_no_trace_in_the_log(home: OpenHome) -> None:
    before = written(home)
    drafts.save(home, VISIT, NONSENSE)
    drafts.take(home, VISIT)
    assert written(home) == before


def test_drafts_lie_nowhere_in_the_clear(home: OpenHome) -> None:
    drafts.save(home, VISIT, {"reason": "Persimmon"})
    assert made.words_in(home.folder, "Persimmon") == []


def test_a_form_of_no_type_is_refused() -> None:
    with pytest.raises(ValueError, match="no record type 'vist'"):
        About("vist")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no kill -9")
def test_a_draft_outlives_the_program(folder: Path) -> None:
    code = """
import sys
from pathlib import Path
from liaison.services import drafts
from tests.homes import unlock
home = unlock(Path(sys.argv[1]))
drafts.save(home, drafts.About("visit", page="record"), {"reason": "Coughs aft"})
print("kept", flush=True)
sys.stdin.read()
"""
    with made.child(code, folder) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"kept"
        process.kill()
    with made.unlock(folder) as home:
        found = drafts.find(home, VISIT)
        assert found is not None
        assert found.typed == {"reason": "Coughs aft"}


def test_a_save_and_taking_its_draft_out_are_one_thing(home: OpenHome) -> None:
    about = About("resident")
    drafts.save(home, about, {"name": "Joan"})
    before = home.store.connection.execute("SELECT count(*) FROM unit").fetchone()

    def save_and_stop() -> int:
        add(home, Resident(name="Joan Tully"))
        raise RuntimeError("the program ends here")

    with pytest.raises(RuntimeError):
        drafts.finish(home, about, save_and_stop)
    assert home.store.connection.execute("SELECT count(*) FROM unit").fetchone() == before
    assert drafts.find(home, about) is not None
    resident, draft = drafts.finish(home, about, lambda: add(home, Resident(name="Joan Tully")))
    assert home.store.get("resident", resident) is not None
    assert draft is not None
    assert draft.typed == {"name": "Joan"}
    assert drafts.mine(home) == []
    # the chain of units goes on as if nothing had been taken back
    add(home, Resident(name="Mary Ford"))
    assert verify(home.store).damage == []


def test_what_changes_nothing_may_end_a_draft_too(home: OpenHome) -> None:
    about = About("resident")
    drafts.save(home, about, {"name": "Joan"})

    def nothing() -> None:
        with home.unit("nothing"):
            pass

    drafts.finish(home, about, nothing)
    assert drafts.mine(home) == []
    assert add(home, Resident(name="Mary Ford"))
