"""Screens and commands obey the table of roles: each service, as each role, in a real home."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from liaison import security
from liaison.errors import UserError
from liaison.records import Record, all_specs, ids
from liaison.records.administration import Person
from liaison.records.casework import Action as Task
from liaison.records.casework import Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Term
from liaison.records.home import Home, Resident, Staff
from liaison.records.training import Course, Session
from liaison.security import NotAllowed
from liaison.security.roles import Action
from liaison.services import (
    backups,
    editing,
    exporting,
    homes,
    people,
    permissions,
    recovery,
    reporting,
    restoring,
    starting,
    words,
)
from liaison.services.homes import OpenHome
from liaison.services.together import Together
from liaison.store import history, query
from liaison.store.search import search
from tests import homes as made
from tests.security.test_roles import GOLDEN, ROLES

PASSWORD: Final = "kettle on the third shelf"
SECRET: Final = "marmalade"
NOW: Final = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)


@dataclasses.dataclass
class Peopled:
    """A home with somebody of each role, and what the manager wrote in it."""

    folder: Path
    wrote: dict[str, int]


@pytest.fixture(scope="module")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Peopled:
    folder = tmp_path_factory.mktemp("roles") / "home"
    home, _ = made.make(folder)
    with home:
        for role in ROLES[1:]:
            _let_in(home, role)
        wrote = {
            "resident": _add(home, Resident(name="Dorothy Hale", next_of_kin=SECRET)),
            "contact": _add(home, Contact(name="Dr Amy Shah", private_notes=SECRET)),
            "staff": _add(
                home, Staff(name="Sam Bright", job_role="care assistant", nmc_pin=SECRET)
            ),
        }
        wrote["visit"] = _add(
            home, Visit(at=NOW, kind="visit", professional=wrote["contact"], reason="Review")
        )
        wrote["planned"] = _add(
            home,
            Visit(at=NOW, kind="visit", professional=wrote["contact"], status="planned"),
        )
        wrote["visit_entry"] = _add(
            home,
            VisitEntry(visit=wrote["visit"], resident=wrote["resident"], found="Well in herself."),
        )
        wrote["action"] = _add(home, Task(what="Ring the surgery", resident=wrote["resident"]))
        backups.by_hand(home, folder.with_name("backup"))
    return Peopled(folder, wrote)


def _let_in(home: OpenHome, role: str) -> None:
    with home.unit() as unit:
        added = unit.add(Person(name=role.title(), role=role))
    home.unlocked = security.admit(
        home.folder / made.KEYS, home.unlocked, person=ids.to_text(added), name=role.title(),
        role=role, password=PASSWORD, cost=made.CHEAP, temporary=False,
    )  # fmt: skip
    home.store.see_generation(home.unlocked.generation)


def _add(home: OpenHome, record: Record) -> int:
    with home.unit() as unit:
        return unit.add(record)


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home(peopled: Peopled, role: str, tmp_path: Path) -> Iterator[OpenHome]:
    """Open a copy of the home as somebody of the role."""
    folder = made.copy(peopled.folder, tmp_path / "home")
    if role == "manager":
        opened = made.unlock(folder, person=made.MANAGER)
    else:
        opened = homes.open_home(folder, role.title(), PASSWORD)
    with opened:
        yield opened


def allowed(role: str, action: Action) -> bool:
    """Return what the table written by hand says."""
    return GOLDEN[action.name].split()[ROLES.index(role)] == "y"


def refused(work: Callable[[], object]) -> bool:
    """Return whether the role did not allow some work; whatever else is wrong with it counts as done."""
    error: UserError | None = None
    try:
        work()
    except UserError as raised:
        error = raised
    if not isinstance(error, NotAllowed):
        return False
    assert error.code == "not-allowed"
    assert error.kept
    assert re.search(r"Ask (a|another) ", error.do)
    return True


def test_a_real_home_obeys_the_table_for_every_action(home: OpenHome, role: str) -> None:
    for action in Action:
        assert home.may(action) == allowed(role, action), action
        assert refused(partial(home.require, action)) != allowed(role, action)


#: What is done, and the action it needs; made anew for each home, of which it changes what it likes.
Work = Callable[[OpenHome, dict[str, int], Path], object]
SERVICES: Final[dict[str, tuple[Action, Work]]] = {
    "a visit written": (
        Action.RECORD, lambda h, w, _: editing.add(h, Visit(at=NOW, professional=w["contact"]))),
    "a visit written together": (
        Action.RECORD, lambda h, w, _: Together(h).add("v", Visit(professional=w["contact"]))),
    "another's visit corrected": (
        Action.CORRECT_OTHERS, lambda h, w, _: _correct(h, "visit", w, reason="Rash")),
    "another's visit corrected together": (
        Action.CORRECT_OTHERS, lambda h, w, _: _correct_together(h, w)),
    "another's action ticked off": (
        Action.CARRY_ON, lambda h, w, _: _correct(h, "action", w, outcome="Rang.")),
    "another's note struck": (
        Action.STRIKE_OTHERS, lambda h, w, _: editing.strike(h, _got(h, "visit_entry", w), "No.")),
    "another's note struck together": (
        Action.STRIKE_OTHERS, lambda h, w, _: _strike_together(h, w)),
    "another's note moved": (
        Action.STRIKE_OTHERS, lambda h, w, _: editing.move(
            h, _entry(h, w), w["resident"], "Not hers.")),
    "another's action archived": (
        Action.STRIKE_OTHERS, lambda h, w, _: editing.archive(h, _got(h, "action", w), "No.")),
    "another's action brought back": (
        Action.STRIKE_OTHERS, lambda h, w, _: editing.bring_back(h, _got(h, "action", w), "No.")),
    "contacts merged": (
        Action.STRIKE_OTHERS, lambda h, w, _: editing.merge(
            h, _got(h, "contact", w), _got(h, "contact", w))),
    "another's change taken back": (
        Action.UNDO_OTHERS, lambda h, w, _: editing.undo(h, [_birth(h, "action", w)])),
    "differences settled": (
        Action.UNDO_OTHERS, lambda h, w, _: editing.settle(
            h, "action", w["action"], "what", "Ring", ())),
    "a round planned": (
        Action.PLAN_CARE, lambda h, _w, _: permissions.require_adding(h, "round")),
    "a session put on": (Action.TRAINING, lambda h, _w, _: editing.add(h, Session(at=NOW))),
    "a course begun": (Action.COURSES, lambda h, _w, _: editing.add(h, Course(name="Falls"))),
    "a contact added": (
        Action.ADD_TO_DIRECTORY, lambda h, _w, _: editing.add(h, Contact(name="Jo Lee"))),
    "a place added": (
        Action.ADD_TO_DIRECTORY, lambda h, _w, _: editing.add(h, Organisation(name="Elm Surgery"))),
    "another's contact changed": (
        Action.EDIT_DIRECTORY, lambda h, w, _: _correct(h, "contact", w, name="Dr A Shah")),
    "a resident added": (
        Action.RESIDENTS, lambda h, _w, _: editing.add(h, Resident(name="Ida May"))),
    "a resident changed": (
        Action.RESIDENTS, lambda h, w, _: _correct(h, "resident", w, room="4")),
    "staff added": (Action.STAFF, lambda h, _w, _: editing.add(h, Staff(name="Al"))),
    "something attached to staff": (
        Action.STAFF, lambda h, w, _: _attach(h, "staff", w)),
    "something attached to a resident": (
        Action.RECORD, lambda h, w, _: _attach(h, "resident", w)),
    "a term explained": (
        Action.WORDS, lambda h, _w, _: editing.add(h, Term(abbreviation="OT", meaning="x"))),
    "a word added": (Action.WORDS, lambda h, _w, _: words.add(h, "job_role", "gardener")),
    "the home named anew": (Action.SETTINGS, lambda h, _w, _: _rename_home(h)),
    "the starting lists": (Action.IMPORT, lambda h, _w, _: starting.add_starting_lists(h)),
    "a list written out": (
        Action.EXPORT, lambda h, _w, to: exporting.export(h, "contact", to / "c.csv")),
    "a report": (
        Action.PRINT_REPORTS, lambda h, _w, _: reporting.make(
            h, "visits", reporting.ask(h.store, "visits"))),
    "a backup": (Action.BACKUP, lambda h, _w, to: backups.by_hand(h, to / "b.liaison-backup")),
    "somebody let in": (
        Action.PEOPLE, lambda h, _w, _: people.add(
            h, Person(name="New", role="carer"), PASSWORD + " nine", cost=made.CHEAP)),
    "a password given": (
        Action.PEOPLE, lambda h, _w, _: people.give_password(
            h, _other(h), PASSWORD + " nine", cost=made.CHEAP)),
    "a role changed": (Action.PEOPLE, lambda h, _w, _: people.appoint(h, _other(h), role="reader")),
    "a last day taken away": (Action.PEOPLE, lambda h, _w, _: people.stay(h, _other(h))),
    "somebody suspended": (Action.PEOPLE, lambda h, _w, _: people.suspend(h, _other(h), "x")),
    "somebody resumed": (Action.PEOPLE, lambda h, _w, _: people.resume(h, _other(h), "x")),
    "somebody let go": (Action.PEOPLE, lambda h, _w, _: people.remove(h, _other(h), "x")),
    "a new recovery sheet": (Action.PEOPLE, lambda h, _w, _: recovery.new_sheet(h)),
    "their own password": (
        Action.OWN_PASSWORD, lambda h, _w, _: people.replace_password(
            h, PASSWORD + " ten", cost=made.CHEAP)),
}  # fmt: skip


@pytest.mark.parametrize("what", SERVICES)
def test_every_service_obeys_the_table(
    what: str, home: OpenHome, role: str, peopled: Peopled, tmp_path: Path
) -> None:
    action, work = SERVICES[what]
    before = _units(home)
    stopped = refused(lambda: work(home, peopled.wrote, tmp_path))
    assert stopped != allowed(role, action)
    if stopped:
        assert _units(home) == before


def test_restoring_a_backup_obeys_the_table(role: str, peopled: Peopled, tmp_path: Path) -> None:
    file = peopled.folder.with_name("backup")
    name, password = (
        (made.MANAGER, made.PASSWORD) if role == "manager" else (role.title(), PASSWORD)
    )
    stopped = refused(
        lambda: restoring.restore_home(file, tmp_path / "new", name, password).close()
    )
    assert stopped != allowed(role, Action.RESTORE)
    assert (tmp_path / "new").exists() != stopped


@pytest.mark.parametrize("role", ["carer"], indirect=True)
def test_a_carer_corrects_strikes_and_takes_back_their_own(
    home: OpenHome, peopled: Peopled
) -> None:
    visit, _ = editing.add(home, Visit(at=NOW, kind="visit", professional=peopled.wrote["contact"]))
    note, _ = editing.add(
        home, VisitEntry(visit=visit, resident=peopled.wrote["resident"], found="Sleepy.")
    )
    _correct(home, "visit_entry", {"visit_entry": note}, found="Sleepy after lunch.")
    (_, edit) = history.history(home.store, "visit_entry", note)
    assert editing.undo(home, [edit.id]).changes == 1
    editing.strike(home, _got(home, "visit_entry", {"visit_entry": note}), "Wrong day.")
    contact, _ = editing.add(home, Contact(name="Jo Lee"))
    _correct(home, "contact", {"contact": contact}, name="Jo Leigh")


@pytest.mark.parametrize("role", ["carer"], indirect=True)
def test_whoever_is_on_shift_records_the_visit_that_a_manager_planned(
    home: OpenHome, peopled: Peopled
) -> None:
    planned = {"visit": peopled.wrote["planned"]}
    person = home.person
    permissions.refuse_opening(home.store, "carer", person, "visit", planned["visit"])
    _correct(home, "visit", planned, status="happened")
    # once it has happened it is the manager's again
    assert refused(lambda: _correct(home, "visit", planned, reason="Rash"))
    assert refused(
        lambda: permissions.refuse_opening(home.store, "carer", person, "visit", planned["visit"])
    )


def test_a_form_opens_only_on_what_could_be_saved(
    home: OpenHome, role: str, peopled: Peopled
) -> None:
    for type_name, action in (
        ("visit", Action.CORRECT_OTHERS),
        ("action", Action.CARRY_ON),
        ("contact", Action.EDIT_DIRECTORY),
        ("resident", Action.RESIDENTS),
    ):
        identity = peopled.wrote[type_name]
        opening = partial(
            permissions.refuse_opening, home.store, role, home.person, type_name, identity
        )
        assert refused(opening) != allowed(role, action)
    if role == "carer":
        mine, _ = editing.add(home, Contact(name="Jo Lee"))
        permissions.refuse_opening(home.store, role, home.person, "contact", mine)


@pytest.mark.parametrize("role", ["carer"], indirect=True)
def test_whoever_may_less_today_changes_no_more_what_they_wrote_then(
    home: OpenHome, peopled: Peopled
) -> None:
    visit, _ = editing.add(home, Visit(at=NOW, kind="visit", professional=peopled.wrote["contact"]))
    # as after a crash between a manager's two steps: the record says reader, the key still carer
    loaded = home.store.load("person", home.person)
    assert loaded is not None
    with home.unit() as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, role="reader"))  # type: ignore[call-arg]
    assert home.role == "carer"
    home.look_again()
    assert home.role == "reader"
    assert refused(lambda: _correct(home, "visit", {"visit": visit}, reason="Bloods"))
    assert not home.may(Action.RECORD)


def test_private_fields_are_seen_found_and_told_only_to_those_they_are_for(
    home: OpenHome, role: str, peopled: Peopled
) -> None:
    wrote = peopled.wrote
    for type_name, field, action in (
        ("resident", "next_of_kin", Action.LOOK_FAMILY),
        ("contact", "private_notes", Action.LOOK_PRIVATE),
        ("staff", "nmc_pin", Action.LOOK_PRIVATE),
    ):
        sees = allowed(role, action)
        expected = SECRET if sees else None
        assert getattr(_got(home, type_name, wrote), field) == expected
        listed = list(query.every(home.store, query.Query(type_name)))
        assert {getattr(one, field) for one in listed} - {None} == ({SECRET} if sees else set())
        found = search(home.store, SECRET, types=(type_name,))
        assert len(found) == (1 if sees else 0)
        told = history.history(home.store, type_name, wrote[type_name])
        assert (field in told[0].fields) == sees
    # what is found by other words shows none of it
    (hit,) = search(home.store, "Amy")
    assert SECRET not in hit.snippet


@pytest.mark.parametrize("role", ["carer"], indirect=True)
def test_what_is_hidden_is_not_lost_when_the_record_is_saved(
    home: OpenHome, peopled: Peopled
) -> None:
    contact, _ = editing.add(home, Contact(name="Jo Lee"))
    home.close()
    with made.unlock(home.folder, person=made.MANAGER) as manager:
        _correct(manager, "contact", {"contact": contact}, private_notes="plum")
    with homes.open_home(home.folder, "Carer", PASSWORD) as carer:
        _correct(carer, "contact", {"contact": contact}, name="Jo Leigh")
    with made.unlock(home.folder, person=made.MANAGER) as manager:
        record = _got(manager, "contact", {"contact": contact})
        assert isinstance(record, Contact)
        assert (record.name, record.private_notes) == ("Jo Leigh", "plum")
        # and by a manager it is found again
        assert len(search(manager.store, "plum")) == 1


@pytest.mark.parametrize("role", ["carer"], indirect=True)
def test_nobody_writes_over_what_they_are_not_shown(home: OpenHome) -> None:
    contact, _ = editing.add(home, Contact(name="Jo Lee"))
    home.close()
    with made.unlock(home.folder, person=made.MANAGER) as manager:
        _correct(manager, "contact", {"contact": contact}, private_notes="plum")
    with homes.open_home(home.folder, "Carer", PASSWORD) as carer:
        with pytest.raises(NotAllowed, match="Private notes: what stands there is not shown"):
            _correct(carer, "contact", {"contact": contact}, private_notes="pear")
        loaded = carer.store.load("contact", contact)
        assert loaded is not None
        blind = dataclasses.replace(loaded.record, private_notes="pear")  # type: ignore[call-arg]
        with pytest.raises(NotAllowed):
            Together(carer).change("contact", loaded, blind)
    with made.unlock(home.folder, person=made.MANAGER) as manager:
        kept = _got(manager, "contact", {"contact": contact})
        assert isinstance(kept, Contact)
        assert kept.private_notes == "plum"


def test_nobody_adds_what_they_would_not_be_shown(home: OpenHome, role: str) -> None:
    """By no door: one record, several at once, and so not by the command line either."""
    contact = Contact(name="Zosia Nowak", private_notes="zqsaid")
    doors = (
        lambda: editing.add(home, contact),
        lambda: Together(home).add("contact", contact),
    )
    may = allowed(role, Action.ADD_TO_DIRECTORY) and allowed(role, Action.LOOK_PRIVATE)
    assert [refused(door) for door in doors] == [not may, not may]
    # without them it is as ever
    if allowed(role, Action.ADD_TO_DIRECTORY):
        editing.add(home, Contact(name="Zosia Nowak"))


@pytest.mark.parametrize("type_name", [n for n, s in all_specs().items() if s.cls is not None])
def test_every_type_says_who_may_add_and_change_it(type_name: str) -> None:
    assert type_name in permissions.WORK


def _got(home: OpenHome, type_name: str, wrote: dict[str, int]) -> Record:
    record = home.store.get(type_name, wrote[type_name])
    assert record is not None
    return record


def _entry(home: OpenHome, wrote: dict[str, int]) -> VisitEntry:
    record = _got(home, "visit_entry", wrote)
    assert isinstance(record, VisitEntry)
    return record


def _correct(home: OpenHome, type_name: str, wrote: dict[str, int], **fields: object) -> None:
    loaded = home.store.load(type_name, wrote[type_name])
    assert loaded is not None
    changed = dataclasses.replace(loaded.record, **fields)  # type: ignore[arg-type]  # by name
    editing.save(home, loaded, changed)


def _correct_together(home: OpenHome, wrote: dict[str, int]) -> None:
    loaded = home.store.load("visit", wrote["visit"])
    assert loaded is not None
    Together(home).change("visit", loaded, loaded.record)


def _strike_together(home: OpenHome, wrote: dict[str, int]) -> None:
    loaded = home.store.load("visit_entry", wrote["visit_entry"])
    assert loaded is not None
    Together(home).strike("note", loaded, "No.")


def _attach(home: OpenHome, owner_type: str, wrote: dict[str, int]) -> int:
    return editing.attach(
        home, owner_type, wrote[owner_type], name="a.txt", media_type="text/plain", data=b"a"
    )


def _birth(home: OpenHome, type_name: str, wrote: dict[str, int]) -> int:
    return history.history(home.store, type_name, wrote[type_name])[0].id


def _rename_home(home: OpenHome) -> None:
    loaded = home.store.the("home")
    assert loaded is not None
    assert isinstance(loaded.record, Home)
    editing.save(home, loaded, dataclasses.replace(loaded.record, name="Elm House"))


def _other(home: OpenHome) -> int:
    """Return somebody who is neither the manager nor whoever unlocked the home."""
    keys = homes.read_keys(home.folder)
    return next(
        ids.from_text(one.id)
        for one in keys.people
        if one.role != "manager" and one.id != home.unlocked.person
    )


def _units(home: OpenHome) -> int:
    row = home.store.connection.execute("SELECT count(*) FROM unit").fetchone()
    return int(row[0])
