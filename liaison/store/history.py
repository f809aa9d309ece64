"""A record's history, undoing a change or a batch, and settling differences between PCs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final

from liaison.records import FieldSpec, RecordSpec, all_specs
from liaison.records.rules import times
from liaison.records.values import Kept, revive
from liaison.store import erased_apart, erasing
from liaison.store.changes import BIRTH, BIRTHS, ERASE, ERASED, GONE, OF_UNIT
from liaison.store.driver import plain_errors
from liaison.store.projection import value_of
from liaison.store.rows import WHOLE
from liaison.store.schema import quote

if TYPE_CHECKING:
    from liaison.store.driver import Connection
    from liaison.store.store import Store
    from liaison.store.unit import UnitOfWork

UNDONE: Final = "Undone"
MOVE: Final = "move"
"""The kind of a unit that moves something to where it belongs."""


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """A field before and after a change, as values in memory (a set as a tuple)."""

    before: object
    after: object


@dataclasses.dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a record as its history shows it.

    Args:
        id: The change's stamp; what ``undo`` takes.
        at: When it was written, by that PC's clock.
        person: The id of the person record of whoever wrote it.
        pc: The id of the PC it was written on.
        reason: Why, in their words.
        kind: The unit's kind of work.
        op: birth, edit, resolve or event.
        batch: The batch it belongs to, if any.
        fields: What it changed, by wire name.
        unit: The unit of work; what has the same one was written together.
        erased: The fields whose content was erased by law since; nobody knows it any more.
        emptied: When the whole of what it said was erased by law while it was set apart; None if it
            was not. Not even which fields those were is known any more.
    """

    id: int
    at: dt.datetime
    person: int
    pc: int
    reason: str
    kind: str
    op: str
    batch: int | None
    fields: Mapping[str, Step]
    unit: int
    erased: frozenset[str] = frozenset()
    emptied: dt.datetime | None = None


def history(
    store: Store, type_name: str, identity: int, *, as_known_at: dt.datetime | None = None
) -> list[HistoryEntry]:
    """Return a record's changes, oldest first, those of its sets among them.

    Args:
        store: The home.
        type_name: The record's type.
        identity: The record.
        as_known_at: Only what had been written by then (domain rule 6).
    """
    spec = all_specs()[type_name]
    with plain_errors():
        links = _links(store.connection, spec, identity)
        rows = store.connection.execute(
            "SELECT c.stamp, c.rec, c.op, c.fields, c.over, u.at, u.person, r.pc, u.reason, "
            "u.kind, u.batch, u.id, "
            f"(SELECT min(e.at) FROM unit AS e WHERE e.batch = u.id AND e.kind = '{GONE}') "
            "FROM change AS c JOIN unit AS u ON u.id = c.unit JOIN replica AS r ON r.tag = u.tag "
            "WHERE c.rec IN (SELECT value FROM json_each(?)) ORDER BY c.stamp",
            (json.dumps([identity, *links]),),
        ).fetchall()
        gone = erasing.erasures(store.connection, [identity, *links])
    told: dict[str, dict[int, Kept]] = defaultdict(dict)
    elements: dict[str, list[object]] = defaultdict(list)
    entries: list[HistoryEntry] = []
    for stamp, rec, op, text, over_text, at, person, pc, reason, kind, batch, unit, apart in rows:
        written = times.from_stored(at)
        if as_known_at is not None and written > as_known_at:
            continue
        fields: dict[str, Kept] = json.loads(text)
        fields.pop(ERASED, None)
        erased = gone[stamp].names if stamp in gone else frozenset()
        if rec == identity:
            steps = _steps(spec, told, stamp, op, fields, json.loads(over_text))
        else:
            steps = _element_step(links[rec], elements, op, fields)
            erased = frozenset({links[rec][0].name}) if erased else erased
        steps = {
            name: step for name, step in steps.items() if (type_name, name) not in store.hidden
        }
        emptied = None
        if apart is not None and not erased_apart.is_kept(type_name, op):
            emptied = times.from_stored(apart)
        entries.append(
            HistoryEntry(
                stamp, written, person, pc, reason, kind, op, batch, steps, unit, erased, emptied
            )
        )
    return entries


def _links(
    connection: Connection, spec: RecordSpec, identity: int
) -> dict[int, tuple[FieldSpec, Kept]]:
    """Return the elements a record's sets ever had: link id to the set's field and the value."""
    found: dict[int, tuple[FieldSpec, Kept]] = {}
    for field in spec.sets:
        for link, value in connection.execute(
            f"SELECT id, value FROM {quote(spec.link(field.name))} WHERE owner = ?", (identity,)
        ):
            found[link] = (field, value)
    return found


def _steps(  # noqa: PLR0917  # one change, taken apart
    spec: RecordSpec,
    told: dict[str, dict[int, Kept]],
    stamp: int,
    op: str,
    fields: Mapping[str, Kept],
    over: Mapping[str, list[int]],
) -> dict[str, Step]:
    """Return what a change did to its fields; remembers their values for the changes after it."""
    steps: dict[str, Step] = {}
    for name, value in fields.items():
        versions = told[name]
        if op in BIRTHS:
            before = None
        else:
            # no version named: it replaced the value of the birth, the lowest stamp
            replaced = over.get(name)
            key = max(replaced) if replaced else min(versions, default=0)
            before = versions.get(key)
        versions[stamp] = value
        field = spec.by_name.get(name)
        if field is None:
            # a newer version's field: shown by its name until this PC is upgraded
            steps[name] = Step(before, value)
        else:
            steps[name] = Step(revive(field, before), revive(field, value))
    if op in BIRTHS:
        for name in spec.by_name.keys() - fields.keys():
            told[name].setdefault(stamp, None)
    return steps


def _element_step(
    link: tuple[FieldSpec, Kept],
    elements: dict[str, list[object]],
    op: str,
    fields: Mapping[str, Kept],
) -> dict[str, Step]:
    field, kept = link
    before = tuple(elements[field.name])
    if kept is None:
        # erased by law: that there was an element is all that is left
        return {field.name: Step(before, before)}
    value = revive(field, kept)
    is_in = op == BIRTH or not fields.get("archived")
    if is_in and value not in elements[field.name]:
        elements[field.name].append(value)
    elif not is_in and value in elements[field.name]:
        elements[field.name].remove(value)
    return {field.name: Step(before, tuple(elements[field.name]))}


@dataclasses.dataclass(frozen=True, slots=True)
class Skipped:
    """A field that undo left alone because it was changed since."""

    change: int
    type: str
    rec: int
    field: str


@dataclasses.dataclass(slots=True)
class Undone:
    """What an undo did: changes taken back, and fields it left alone."""

    changes: int = 0
    skipped: list[Skipped] = dataclasses.field(default_factory=list)


def known_changes(store: Store, stamps: Iterable[int]) -> list[int]:
    """Return those of some stamps that are changes in the log."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT stamp FROM change WHERE stamp IN (SELECT value FROM json_each(?))",
            (json.dumps(list(stamps)),),
        )
        return [stamp for (stamp,) in found]


def touched(store: Store, stamps: Iterable[int]) -> set[tuple[str, bool]]:
    """Return which types some changes are about, and whether a record was born."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT DISTINCT type, op FROM change WHERE stamp IN (SELECT value FROM json_each(?))",
            (json.dumps(list(stamps)),),
        )
        return {(type_name, op in BIRTHS) for type_name, op in found}


def done_by(store: Store, stamps: Iterable[int]) -> set[tuple[str, int]]:
    """Return which types some changes are about, each with the person who made the change."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT DISTINCT c.type, u.person FROM change AS c JOIN unit AS u ON u.id = c.unit "
            "WHERE c.stamp IN (SELECT value FROM json_each(?))",
            (json.dumps(list(stamps)),),
        )
        return {(type_name, person) for type_name, person in found}


def author(store: Store, identity: int) -> int | None:
    """Return the person who first wrote a record; None if the log does not know it."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT u.person FROM change AS c JOIN unit AS u ON u.id = c.unit "
            "WHERE c.rec = ? ORDER BY c.stamp LIMIT 1",
            (identity,),
        ).fetchone()
    return None if found is None else found[0]


def any_erasure(store: Store, stamps: Iterable[int]) -> bool:
    """Return whether one of some changes is an erasure, which nobody can take back."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT 1 FROM change WHERE op = ? AND stamp IN (SELECT value FROM json_each(?))",
            (ERASE, json.dumps(list(stamps))),
        )
        return found.fetchone() is not None


def with_whole_moves(store: Store, stamps: Iterable[int]) -> list[int]:
    """Return changes and, for one that is part of a move, the rest of the move."""
    with plain_errors():
        found = store.connection.execute(
            "SELECT stamp FROM change WHERE stamp IN (SELECT value FROM json_each(?1)) UNION "
            "SELECT c.stamp FROM change AS one JOIN unit AS u ON u.id = one.unit "
            f"JOIN change AS c ON {OF_UNIT} "
            "WHERE one.stamp IN (SELECT value FROM json_each(?1)) AND u.kind = ?2",
            (json.dumps(list(stamps)), MOVE),
        )
        return [stamp for (stamp,) in found]


def batch_changes(store: Store, batch: int) -> list[int]:
    """Return the stamps of a batch's changes; a unit's own if the id is a unit's."""
    with plain_errors():
        found = store.connection.execute(
            f"SELECT c.stamp FROM unit AS u JOIN change AS c ON {OF_UNIT} "
            "WHERE u.batch = ?1 OR u.id = ?1",
            (batch,),
        )
        return [stamp for (stamp,) in found]


@dataclasses.dataclass(frozen=True, slots=True)
class WholeSave:
    """Everything that was written together with a change: in its unit, or its batch.

    Args:
        stamps: The changes.
        records: The records they are about, by type and id, in the order they were written;
            elements of sets are left out.
    """

    stamps: tuple[int, ...]
    records: tuple[tuple[str, int], ...]


def whole_save(store: Store, stamp: int) -> WholeSave:
    """Return everything that was written together with a change, the change itself among it."""
    with plain_errors():
        unit = store.connection.execute(
            "SELECT u.id, u.batch FROM change AS c JOIN unit AS u ON u.id = c.unit "
            "WHERE c.stamp = ?",
            (stamp,),
        ).fetchone()
        found = store.connection.execute(
            f"SELECT c.stamp, c.type, c.rec FROM unit AS u JOIN change AS c ON {OF_UNIT} "
            "WHERE u.id = ?1 OR u.batch = ?2 ORDER BY c.stamp",
            unit or (0, None),
        ).fetchall()
    specs = all_specs()
    records = [
        (type_name, rec)
        for _, type_name, rec in found
        if (spec := specs.get(type_name)) is not None and spec.cls is not None
    ]
    return WholeSave(tuple(one for one, _, _ in found), tuple(dict.fromkeys(records)))


def undo(store: Store, unit: UnitOfWork, stamps: Iterable[int]) -> Undone:
    """Take changes back in a new unit; what was changed since is left and listed.

    A born record becomes archived (an event is struck through), a field gets the value its change
    had replaced.

    Args:
        store: The home.
        unit: The unit that does it.
        stamps: The changes; taken back together, newest first.
    """
    plan = _UndoPlan(store.connection)
    for stamp in sorted(stamps, reverse=True):
        plan.take_back(stamp)
    for (type_name, rec), fields in plan.fields.items():
        if not fields:
            continue
        values = {name: back.value for name, back in fields.items()}
        over = {name: back.head for name, back in fields.items() if back.head}
        unit.put_back(type_name, rec, values, over)
    return plan.result


@dataclasses.dataclass(slots=True)
class _Back:
    """A field on its way back: the version that stands now, and what it shall become."""

    head: int
    value: Kept
    replaced: int
    """The version whose value this is; the record's id for the value of its birth."""


class _UndoPlan:
    """Works out, newest change first, what each field goes back to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.fields: dict[tuple[str, int], dict[str, _Back]] = defaultdict(dict)
        self.result = Undone()

    def take_back(self, stamp: int) -> None:
        """Plan to take one change back."""
        row = self._connection.execute(
            "SELECT type, rec, op, fields, over FROM change WHERE stamp = ?", (stamp,)
        ).fetchone()
        if row is None or row[0] not in all_specs() or row[2] == ERASE:
            return
        type_name, rec, op, fields, over = row
        before = self.result.changes, len(self.result.skipped)
        if op in BIRTHS:
            self._birth(stamp, type_name, rec, op)
        else:
            self._edit(stamp, type_name, rec, json.loads(fields), json.loads(over))
        if len(self.result.skipped) == before[1]:
            self.result.changes += 1

    def _birth(self, stamp: int, type_name: str, rec: int, op: str) -> None:
        planned = self.fields[type_name, rec]
        heads = _heads(self._connection, rec)
        since = [
            name for name, stamps in heads.items() if set(stamps) != {stamp} and name not in planned
        ]
        if since:
            # somebody has gone on working with it: it stays
            self.result.skipped += [Skipped(stamp, type_name, rec, name) for name in sorted(since)]
            return
        field, value = ("archived", 1) if op == BIRTH else ("struck_reason", UNDONE)
        # a set's element is born with the word that it is in the set
        head = planned[field].head if field in planned else max(heads.get(field, [0]))
        self.fields[type_name, rec] = {field: _Back(head, value, rec)}

    def _edit(
        self,
        stamp: int,
        type_name: str,
        rec: int,
        fields: Mapping[str, Kept],
        over: Mapping[str, list[int]],
    ) -> None:
        planned = self.fields[type_name, rec]
        heads = _heads(self._connection, rec)
        for name in fields.keys() & all_specs()[type_name].by_name.keys():
            replaced = max(over.get(name) or [rec])
            value = value_of(self._connection, replaced, name)
            if name in planned and planned[name].replaced == stamp:
                # a later change of the same field has just been taken back: go on from there
                planned[name] = _Back(planned[name].head, value, replaced)
            elif heads.get(name) == [stamp]:
                planned[name] = _Back(stamp, value, replaced)
            else:
                self.result.skipped.append(Skipped(stamp, type_name, rec, name))


def _heads(connection: Connection, rec: int) -> dict[str, list[int]]:
    heads: dict[str, list[int]] = defaultdict(list)
    for field, stamp in connection.execute(
        "SELECT field, stamp FROM field_version WHERE rec = ? ORDER BY stamp", (rec,)
    ):
        heads[field].append(stamp)
    return heads


@dataclasses.dataclass(frozen=True, slots=True)
class Version:
    """One of several values of a field that two PCs wrote without knowing of each other."""

    stamp: int
    value: object
    at: dt.datetime
    person: int
    pc: int
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Conflict:
    """A field with more than one current value; the newest is shown until a person settles it."""

    type: str
    rec: int
    field: str
    versions: tuple[Version, ...]


def conflicts(store: Store, limit: int = 1_000) -> list[Conflict]:
    """Return the fields in which PCs differ; the same value written twice is no difference.

    What is hidden from whoever asks is left out: its values would be told.
    """
    with plain_errors():
        # what two PCs built alike has several versions too, and far more often: compare first
        pairs = store.connection.execute(
            "WITH several AS (SELECT rec, field FROM field_version GROUP BY rec, field "
            "HAVING count(*) > 1) "
            "SELECT v.rec, v.field FROM several AS s "
            "JOIN field_version AS v ON v.rec = s.rec AND v.field = s.field "
            "JOIN change AS c ON c.stamp = v.stamp GROUP BY v.rec, v.field "
            "HAVING count(DISTINCT c.fields -> ('$.' || v.field)) > 1"
        ).fetchall()
        found = (_conflict(store.connection, rec, field) for rec, field in pairs)
        return list(islice((conflict for conflict in found if conflict is not None), limit))


def _conflict(connection: Connection, rec: int, field_name: str) -> Conflict | None:
    rows = connection.execute(
        "SELECT c.stamp, c.type, c.fields, u.at, u.person, r.pc, u.reason "
        "FROM field_version AS v JOIN change AS c ON c.stamp = v.stamp "
        "JOIN unit AS u ON u.id = c.unit JOIN replica AS r ON r.tag = u.tag "
        "WHERE v.rec = ? AND v.field = ? ORDER BY c.stamp DESC",
        (rec, field_name),
    ).fetchall()
    spec = all_specs().get(rows[0][1]) if rows else None
    field = spec.by_name.get(field_name) if spec else None
    if spec is None or field is None:
        return None
    if not {(spec.name, field.name), (spec.name, WHOLE)}.isdisjoint(connection.hidden):
        return None
    versions: dict[Kept, Version] = {}
    for stamp, _, text, at, person, pc, reason in rows:
        # erased by law: its value is known to nobody any more
        kept = json.loads(text).get(field_name)
        if kept not in versions:
            versions[kept] = Version(
                stamp, revive(field, kept), times.from_stored(at), person, pc, reason
            )
    if len(versions) <= 1:
        return None
    return Conflict(spec.name, rec, field_name, tuple(versions.values()))
