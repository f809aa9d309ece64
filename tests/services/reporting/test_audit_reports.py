"""The facts of the audit's two reports."""

from __future__ import annotations

import datetime as dt

import pytest

from liaison.errors import UserError
from liaison.records.administration import Person
from liaison.records.home import Resident
from liaison.records.rules import times
from liaison.reports.spec import Asked
from liaison.services import people
from liaison.services.erasing import erase
from liaison.services.homes import OpenHome
from liaison.services.reporting import audit_summary, gather, names, record_history, write
from liaison.store import heads
from tests import homes as made
from tests.services.conftest import add, folder, home, pattern

__all__ = ["folder", "home", "pattern"]

NIGHTS = "a lantern by the garden gate"


def today(home: OpenHome) -> dt.date:
    """Return the day by the home's clock."""
    return times.in_london(home.store.clock()).date()


def test_the_summary_counts_by_person_and_kind(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones", alerts="secret"))
    sam = people.add(home, Person(name="Sam Okafor", role="carer"), NIGHTS, cost=made.CHEAP)
    home.access.signed_in()
    home.access.looked("resident", mary)
    home.access.done("exported", detail="Staff: 2 to staff.csv")
    home.access.done("failed sign in", ("person", sam), "Wrong password")
    erase(home, "resident", mary, ["alerts"], "her wish")
    day = today(home)
    facts = audit_summary.gather(home.store, Asked(start=day, end=day))
    by_name = {doer.name: doer for doer in facts.doers}
    kate = by_name[made.MANAGER]
    assert (kate.opened, kate.left, kate.signed_in, kate.failed) == (1, 1, 1, 0)
    assert by_name["Sam Okafor"].failed == 1
    assert by_name["Sam Okafor"].role == "Carer"
    residents = next(one for one in facts.written if one.label == "Residents")
    assert (residents.added, residents.changed, residents.erased) == (1, 0, 1)
    assert {event.what for event in facts.events} == {
        "Changed who may sign in", "Exported", "Failed to sign in", "Erased by law",
    }  # fmt: skip
    assert "secret" not in repr(facts)
    (head,) = heads.heads_of(home.store.connection)
    assert facts.head == heads.to_text(head)
    before = audit_summary.gather(
        home.store, Asked(start=day - dt.timedelta(days=9), end=day - dt.timedelta(days=8))
    )
    assert (before.doers, before.events, before.written) == ((), (), ())


def test_a_record_s_history_has_its_saves_and_who_looked(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones"), "moved in")
    home.access.looked("resident", mary)
    home.access.flush()
    facts = gather(home.store, "record-history", Asked(subject=("resident", mary)))
    assert (facts.kind, facts.title) == ("Resident", "Mary Jones")
    assert [save.reason for save in facts.saves] == ["moved in"]
    assert [look.what for look in facts.looks] == ["Opened"]


def test_without_a_record_or_a_period_it_says_what_is_missing(home: OpenHome) -> None:
    with pytest.raises(UserError, match="which record"):
        record_history.gather(home.store, Asked())
    with pytest.raises(UserError, match="which period"):
        audit_summary.gather(home.store, Asked())


def test_both_are_for_managers_alone(
    home: OpenHome, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert {"record-history", "audit-summary"} <= set(names())
    people.add(home, Person(name="Sam Okafor", role="senior"), NIGHTS, cost=made.CHEAP)
    day = today(home)
    out = tmp_path_factory.mktemp("out") / "audit.pdf"
    write(home, "audit-summary", Asked(start=day, end=day), out)
    folder = home.folder
    home.close()
    with (
        made.unlock(folder, NIGHTS, "Sam Okafor") as senior,
        pytest.raises(UserError, match="cannot read who looked"),
    ):
        write(senior, "audit-summary", Asked(start=day, end=day), out)
