"""What people do on three PCs with one home, at random: each says whether it was really done."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from liaison.records import Record, spec_of
from liaison.records.casework import Action, AgendaLine, Visit, VisitEntry
from liaison.records.directory import Contact, ContactAttempt, Organisation
from liaison.records.home import Resident, Staff
from liaison.records.ids import derived_id
from liaison.store import history
from tests.store.conftest import START
from tests.store.replicas import Pc, Run, kept

WORDS = ("ash", "birch", "cherry", "damson", "elm", "fir")
EDITED: dict[str, tuple[str, ...]] = {
    "resident": ("room", "known_as", "alerts"),
    "organisation": ("address", "opening_hours"),
    "contact": ("best_time", "private_notes"),
    "agenda_line": ("question",),
    "action": ("outcome",),
}
SETS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "organisation": ("former_names", ("old", "older", "ash")),
    "contact": ("ask_about", (1, 2, 3)),
    "staff": ("lead_roles", ("infection", "falls")),
}


def add(run: Run, pc: Pc) -> bool:
    dice = run.dice
    word = dice.choice(WORDS)
    residents = pc.known_to_be_born("resident")
    visits = pc.known_to_be_born("visit")
    record: Record = dice.choice(
        (
            Resident(name=word, room=str(dice.randrange(9))),
            Organisation(name=word, kind="GP practice", offers=(1, 2), former_names=(word, "old")),
            Contact(name=word, ask_about=tuple(dice.sample((1, 2, 3), 2))),
            Staff(name=word, job_role="carer", lead_roles=("infection",)),
            Visit(at=pc.now.replace(microsecond=0), kind="visit"),
            VisitEntry(
                visit=dice.choice(visits or [77]),
                resident=dice.choice(residents or [78]),
                found=word,
            ),
            Action(what=word),
            ContactAttempt(
                at=pc.now.replace(microsecond=0),
                reached=True,
                note=word,
                resident=dice.choice(residents or [78]),
            ),
        )
    )
    with run.unit(pc) as (unit, expected):
        assert expected is not None
        rec = unit.add(record)
        run.expect_add(expected, record, pc, rec)
    return True


def add_derived(run: Run, pc: Pc) -> bool:
    line = AgendaLine(
        round=run.dice.randrange(2),
        resident=run.dice.randrange(3),
        question=run.dice.choice((None, None, *WORDS[:2])),
        position=run.dice.choice((None, 1, 2)),
    )
    source = (line.round or 0, line.resident or 0)
    rec = derived_id("agenda_line", *source)
    with run.unit(pc) as (unit, expected):
        assert expected is not None
        if unit.add(line, derived_from=source) != rec:
            run.complain(pc, "a derived record has another id")
        run.expect_add(expected, line, pc, rec, derived=True)
    return True


def edit(run: Run, pc: Pc) -> bool:
    found = run.any_of(pc, *EDITED)
    if found is None:
        return False
    name, rec = found
    form = run.open_form(pc, name, rec)
    fields = run.dice.sample(EDITED[name], run.dice.randint(1, len(EDITED[name])))
    return run.save(pc, form, **{f: run.dice.choice((None, *WORDS)) for f in fields})


def leave_open(run: Run, pc: Pc) -> bool:
    found = run.any_of(pc, *EDITED)
    if found is None:
        return False
    pc.forms.append(run.open_form(pc, *found))
    return True


def save_old_form(run: Run, pc: Pc) -> bool:
    if not pc.forms:
        return False
    form = pc.forms.pop(run.dice.randrange(len(pc.forms)))
    name = spec_of(form[0].record).name
    return run.save(pc, form, **{EDITED[name][0]: run.dice.choice(WORDS)})


def elements(run: Run, pc: Pc) -> bool:
    found = run.any_of(pc, *SETS)
    if found is None:
        return False
    name, rec = found
    field, pool = SETS[name]
    form = run.open_form(pc, name, rec)
    chosen = tuple(run.dice.sample(pool, run.dice.randint(0, len(pool))))
    return run.save(pc, form, **{field: chosen})


def archive(run: Run, pc: Pc) -> bool:
    found = run.any_of(pc, "resident", "contact", "agenda_line")
    if found is None:
        return False
    form = run.open_form(pc, *found)
    return run.save(pc, form, archived=not form[0].record.archived)


def strike(run: Run, pc: Pc) -> bool:
    found = run.any_of(pc, "contact_attempt", "visit_entry")
    return found is not None and run.save(
        pc, run.open_form(pc, *found), struck_reason=run.dice.choice(WORDS)
    )


def move(run: Run, pc: Pc) -> bool:
    found = run.any_of(pc, "visit_entry")
    if found is None:
        return False
    form = run.open_form(pc, *found)
    old = form[0].record
    assert isinstance(old, VisitEntry)
    new = VisitEntry(
        visit=old.visit, resident=run.dice.randrange(5), found=old.found, moved_from=old.id
    )
    word = f"wrong person {run.dice.random()}"
    with run.unit(pc) as (unit, expected):
        assert expected is not None
        unit.save(form[0], dataclasses.replace(old, struck_reason=word))
        heads = form[1].get("struck_reason")
        over = {"struck_reason": sorted(heads)} if heads else {}
        assert old.id is not None
        expected.changes.append(("visit_entry", old.id, "edit", {"struck_reason": word}, over))
        run.expect_add(expected, new, pc, unit.add(new))
    return True


def merge_into(run: Run, pc: Pc) -> bool:
    contacts = pc.known_to_be_born("contact")[:4]
    if len(contacts) < 2:
        return False
    one, other = run.dice.sample(contacts, 2)
    return run.save(pc, run.open_form(pc, "contact", one), merged_into=other)


def retime(run: Run, pc: Pc) -> bool:
    found = run.any_of(pc, "visit")
    if found is None:
        return False
    when = START + dt.timedelta(hours=run.dice.randrange(5))
    return run.save(pc, run.open_form(pc, *found), at=when)


def resolve(run: Run, pc: Pc) -> bool:
    found = sorted(pc.copy.conflicts())
    if not found:
        return False
    rec, field = run.dice.choice(found)
    listed = {(c.rec, c.field): c for c in history.conflicts(pc.store)}
    if (rec, field) not in listed:
        run.complain(pc, f"the difference in {field} of {rec} is not listed")
    conflict = listed[rec, field]
    value = run.dice.choice(conflict.versions).value
    heads = sorted(pc.copy.view(rec).heads[field])
    with run.unit(pc) as (unit, expected):
        assert expected is not None
        unit.resolve(conflict.type, rec, field, value, heads)
        fields = {field: kept(value)}
        expected.changes.append((conflict.type, rec, "resolve", fields, {field: heads}))
    return True


def batch(run: Run, pc: Pc) -> bool:
    batch: int | None = None
    for word in run.dice.sample(WORDS, 3):
        record = Organisation(name=word, former_names=("batch",))
        with run.unit(pc, kind="import", batch=batch) as (unit, expected):
            assert expected is not None
            batch = unit.start_batch()
            run.expect_add(expected, record, pc, unit.add(record))
    return True


def undo(run: Run, pc: Pc) -> bool:
    """Take one change, several, or a whole batch back; one alone is held against the model."""
    stamps = sorted(pc.copy.entries)[-30:]
    if not stamps:
        return False
    chosen = run.dice.sample(stamps, min(len(stamps), run.dice.choice((1, 1, 2, 5))))
    batches = pc.store.connection.execute(
        "SELECT batch FROM unit WHERE batch IS NOT NULL GROUP BY batch"
    ).fetchall()
    if batches and run.dice.random() < 0.2:
        rows = pc.store.connection.execute(
            "SELECT stamp FROM change JOIN unit ON unit.id = change.unit WHERE batch = ?",
            run.dice.choice(batches),
        )
        chosen = [stamp for (stamp,) in rows]
    entry = pc.copy.entries[chosen[0]]
    before = pc.copy.view(entry.rec)
    with run.unit(pc, kind="undo") as (unit, _):
        undone = history.undo(pc.store, unit, chosen)
    if len(chosen) == 1:
        run.check_undone(pc, entry, before.heads, {s.field for s in undone.skipped})
    return True


def deliver(run: Run, pc: Pc) -> bool:
    """Hand over some units of another PC: with gaps, twice, in any order."""
    sender = run.dice.choice([other for other in run.pcs if other is not pc])
    if not sender.units or [sender, pc] == run.cut:
        return False
    last = len(sender.units)
    first = max(1, pc.applied[sender.tag] - run.dice.randrange(3))
    window = list(range(first, min(last, first + run.dice.choice((2, 8, 40))) + 1))
    if run.dice.random() < 0.3:
        window = run.dice.sample(window, (len(window) + 1) // 2)
    numbers = window + run.dice.sample(window, min(len(window), 2))
    run.dice.shuffle(numbers)
    run.deliver(pc, sender, numbers)
    return True


_COUNTED: dict[Callable[[Run, Pc], bool], int] = {
    add: 6,
    add_derived: 4,
    edit: 9,
    leave_open: 2,
    save_old_form: 3,
    elements: 4,
    archive: 2,
    strike: 2,
    move: 1,
    merge_into: 1,
    retime: 1,
    resolve: 2,
    batch: 1,
    undo: 4,
    deliver: 12,
}
ACTS = [act for act, often in _COUNTED.items() for _ in range(often)]
