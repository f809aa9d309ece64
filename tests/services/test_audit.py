"""The audit in words: one stream of changes and accesses, by page, by filter, as known on a day."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.casework import Action, Visit
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.services import audit, editing, people
from liaison.services.erasing import erase
from liaison.services.homes import OpenHome
from liaison.store import audit as log
from liaison.store.audit import Asked
from tests import homes as made
from tests.services.conftest import add, got

NIGHTS = "a lantern by the garden gate"


@pytest.fixture
def mary(home: OpenHome) -> int:
    """Add a resident, correct her twice, and look at her record."""
    identity = add(home, Resident(name="Mary Jones", room="4"), "moved in")
    for room, alerts in (("5", None), ("5", "Likes tea")):
        loaded = home.store.load("resident", identity)
        assert loaded is not None
        assert isinstance(loaded.record, Resident)
        editing.save(home, loaded, dataclasses.replace(loaded.record, room=room, alerts=alerts))
    home.access.looked("resident", identity)
    home.access.flush()
    return identity


def told(home: OpenHome, asked: Asked | None = None) -> list[str]:
    """Return the stream, newest first, as verb and record."""
    lines = audit.every(home.store, asked or Asked(), 10_000)
    return [f"{line.verb} {line.about}".strip() for line in lines]


def test_changes_and_accesses_are_one_stream(home: OpenHome, mary: int) -> None:
    assert told(home)[:4] == [
        "Opened Resident: Mary Jones",
        "Changed Resident: Mary Jones",
        "Changed Resident: Mary Jones",
        "Added Resident: Mary Jones",
    ]
    changed, before, added = audit.lines(home.store, Asked(), limit=4).lines[1:4]
    assert [(step.label, step.before, step.after) for step in changed.steps] == [
        ("Alerts", "", "Likes tea")
    ]
    assert [(step.before, step.after) for step in before.steps] == [("4", "5")]
    assert added.reason == "moved in"
    assert added.who == made.MANAGER


def test_pages_go_on_where_the_one_before_ended(home: OpenHome, mary: int) -> None:
    whole = [line.changes for line in audit.every(home.store, Asked(), 10_000)]
    paged, after = [], None
    while True:
        page = audit.lines(home.store, Asked(), after=after, limit=1)
        paged += [change for line in page.lines for change in line.changes]
        after = page.next
        if after is None:
            break
    assert paged == sorted((change for changes in whole for change in changes), reverse=True)


def test_filters_agree_with_each_other(home: OpenHome, mary: int) -> None:
    add(home, Organisation(name="Surgery", kind="GP practice"))
    assert told(home, Asked(types=("organisation",))) == ["Added Organisation: Surgery"]
    assert told(home, Asked(kinds=("opened",))) == ["Opened Resident: Mary Jones"]
    assert told(home, Asked(accesses=True)) == ["Opened Resident: Mary Jones"]
    assert "Opened Resident: Mary Jones" not in told(home, Asked(accesses=False))
    about_mary = [
        "Opened Resident: Mary Jones", "Changed Resident: Mary Jones",
        "Changed Resident: Mary Jones", "Added Resident: Mary Jones",
    ]  # fmt: skip
    assert told(home, Asked(record=("resident", mary))) == about_mary
    everything = told(home)
    assert told(home, Asked(person=home.person)) == everything
    now = home.store.clock()
    assert told(home, Asked(start=now - dt.timedelta(hours=1))) == everything
    assert told(home, Asked(start=now + dt.timedelta(hours=1))) == []
    assert told(home, Asked(end=now - dt.timedelta(days=1))) == []


def test_a_type_with_many_records_is_found_the_other_way_too(
    home: OpenHome, mary: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = told(home, Asked(types=("resident",)))
    monkeypatch.setattr(log, "_FEW", 0)
    assert told(home, Asked(types=("resident",))) == few != []


def test_a_page_needs_no_sorting(home: OpenHome) -> None:
    for asked in (
        Asked(), Asked(person=1), Asked(types=("access_event",)),
        Asked(start=home.store.clock(), end=home.store.clock()),
    ):  # fmt: skip
        sql, values = log.statement(home.store, asked, (5, 6))
        plan = home.store.connection.execute(f"EXPLAIN QUERY PLAN {sql} LIMIT 10", values)
        assert "TEMP B-TREE" not in str(plan.fetchall())


def test_a_failed_sign_in_is_that_of_whose_name_was_chosen(home: OpenHome) -> None:
    home.access.signed_in()
    sam = people.add(home, Person(name="Sam Okafor", role="carer"), NIGHTS, cost=made.CHEAP)
    home.close()
    with pytest.raises(Exception, match="not right"):
        made.unlock(home.folder, "wrong and long enough", "Sam Okafor")
    with made.unlock(home.folder, person=made.MANAGER) as again:
        again.access.signed_in()
        (line,) = audit.lines(again.store, Asked(kinds=("failed sign in",))).lines
        assert (line.verb, line.who, line.detail) == (
            "Failed to sign in", "Sam Okafor", "Wrong password",
        )  # fmt: skip
        assert told(again, Asked(person=sam)) == ["Failed to sign in"]
        assert "Failed to sign in" not in told(again, Asked(person=again.person))


def test_elements_of_a_set_are_told_with_their_record(home: OpenHome) -> None:
    surgery = add(
        home, Organisation(name="Surgery", kind="GP practice", former_names=("Old", "Older"))
    )
    (line,) = audit.lines(home.store, Asked(types=("organisation",))).lines
    names = next(step for step in line.steps if step.name == "former_names")
    assert set(names.after.split(", ")) == {"Old", "Older"} or "Old" in names.after
    loaded = home.store.load("organisation", surgery)
    assert loaded is not None
    assert isinstance(loaded.record, Organisation)
    editing.save(home, loaded, dataclasses.replace(loaded.record, former_names=("Old",)))
    newest = audit.lines(home.store, Asked(types=("organisation",))).lines[0]
    assert [(step.before, step.after) for step in newest.steps] == [("Older", "")]


def test_no_wire_name_and_no_id_is_shown(home: OpenHome, mary: int) -> None:
    add(home, Action(what="Ring", source_type="resident", source_id=ids.to_text(mary)))
    (line,) = audit.lines(home.store, Asked(types=("action",))).lines
    assert not {"source_type", "source_id"} & {step.name for step in line.steps}


def test_a_record_as_it_was_known_at_any_time(home: OpenHome, mary: int) -> None:
    lines = audit.record_lines(home.store, "resident", mary)
    assert [line.verb for line in lines] == ["Added", "Changed", "Changed"]

    def known(moment: dt.datetime) -> dict[str, str] | None:
        said = audit.as_known(home.store, "resident", mary, moment)
        return None if said is None else {field.name: words for field, words in said}

    assert known(lines[0].at - dt.timedelta(days=1)) is None
    now = known(home.store.clock() + dt.timedelta(seconds=1))
    assert now is not None
    assert (now["room"], now["alerts"]) == ("5", "Likes tea")


def test_what_was_erased_is_told_as_erased_everywhere(home: OpenHome, mary: int) -> None:
    erase(home, "resident", mary, ["alerts"], "her own wish")
    assert got(home, Resident, mary).alerts is None
    line = audit.lines(home.store, Asked(erasures=True)).lines[0]
    assert (line.verb, line.reason) == ("Erased by law", "her own wish")
    for told_lines in (
        audit.record_lines(home.store, "resident", mary),
        audit.lines(home.store, Asked(record=("resident", mary))).lines,
    ):
        said = [step.after for one in told_lines for step in one.steps if step.name == "alerts"]
        assert said == ["erased by law", "erased by law"]
    later = home.store.clock() + dt.timedelta(seconds=1)
    known = {f.name: w for f, w in audit.as_known(home.store, "resident", mary, later) or ()}
    assert known["alerts"] == "erased by law"


def test_a_title_that_begins_with_its_type_does_not_say_it_twice(home: OpenHome) -> None:
    add(home, Visit(at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), kind="visit"))
    add(home, Visit(at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), kind="phone"))
    assert told(home)[:2] == [
        "Added Visit: Phone, Fri 20 Nov 2026, 09:00",
        "Added Visit: Fri 20 Nov 2026, 09:00",
    ]
