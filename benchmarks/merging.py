"""Taking in what another PC wrote."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from benchmarks import homes, pens
from benchmarks.harness import Bench, Result, check, compare, timed
from liaison.store import changes as log
from liaison.store.merge import find_replica, merge
from liaison.store.schema import quote
from liaison.store.unit import MOST_CHANGES
from liaison.store.verify import state_digest

if TYPE_CHECKING:
    from liaison.store.driver import Connection

_REACH = 1.5
_COUNT = 100_000
_QUICK_ALONE = 20_000
_ROWS_A_STATEMENT = 100
_CHOICES: dict[str, tuple[str | int, ...]] = {
    "plan_changed": ("yes", "no", "not sure"),
    "medicines_changed": (0, 1),
    "pharmacy_told": (0, 1),
    "family_informed": ("yes", "no", "not needed"),
}


def merge_changes(bench: Bench) -> Iterator[Result]:
    """100,000 changes of one field each by another PC: in large units, and each saved by itself.

    In large units is how a list that was put right arrives, and what the reach is for. Each in a
    unit of its own is the most that can be asked: as many unit rows and chained hashes as changes.

    Ours is given units as they come out of a segment (digests taken) and checks shapes, kinds, the
    chain and the last signature. The floor fills the same tables of a copy of the same encrypted
    home, with its triggers, in as large transactions: multi-row inserts into ``unit``, ``change``
    and ``field_version`` and an ``executemany`` of updates for each column, from rows made before
    the clock starts; it checks nothing and knows beforehand that nothing is in conflict. The
    fields are choices and ticks: search, which costs both the same, would only hide what merging
    costs. The quick run merges 20,000 of those that are saved alone.
    """
    alone = _QUICK_ALONE if bench.quick else _COUNT
    yield _merge(bench, "merge 100k field changes", _COUNT, MOST_CHANGES, _REACH)
    name = f"merge {alone // 1_000}k field changes, each saved alone"
    yield _merge(bench, name, alone, 1, None)


def _merge(bench: Bench, name: str, count: int, a_unit: int, reach: float | None) -> Result:
    home = bench.homes.of(homes.MIDDLE)
    base = bench.homes.copy(home.path)
    pen = pens.Pen(7)
    with homes.open_store(base) as store:
        homes.admit_pen(store, pen)
    envelopes = list(itertools.islice(_edits(pen, home, a_unit), count // a_unit))
    check(sum(len(e.changes) for e in envelopes) == count, "there is not as much to merge")
    digests: dict[str, str] = {}

    def ours() -> float:
        path = bench.homes.copy(base)
        with homes.open_store(path) as store:
            with timed() as watch:
                merged = merge(store, envelopes)
            check(merged.applied == count and not merged.quarantined, "not all was merged")
            replica = find_replica(store.connection, pen.tag)
            check(replica is not None and replica.hash == pen.hash, "the chain is not all there")
            # every turn does the same: one state of each is compared
            if "ours" not in digests:
                digests["ours"] = state_digest(store.connection)
        bench.homes.forget(path)
        return watch.seconds

    units = MOST_CHANGES // a_unit
    rows = [_rows(envelopes[at : at + units]) for at in range(0, len(envelopes), units)]

    def floor() -> float:
        path = bench.homes.copy(base)
        with homes.open_store(path) as store:
            with timed() as watch:
                for part in rows:
                    with store.applying() as connection:
                        _fill(connection, *part)
            if "floor" not in digests:
                digests["floor"] = state_digest(store.connection)
        bench.homes.forget(path)
        return watch.seconds

    turns = bench.turns(3 if reach else 2, 9 if reach else 3)
    # those that are saved alone come after the others, which have loaded everything
    rehearsed = bench.quick and not reach
    result = compare(name, reach, turns, ours, floor, rehearsed=rehearsed)
    check(digests["ours"] == digests["floor"], "the floor did not reach the same state")
    return result


def _edits(pen: pens.Pen, home: homes.Home, a_unit: int) -> Iterator[log.Envelope]:
    chance = random.Random(4)
    pen.now = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    edits: list[pens.Edit] = [
        (rec, {field: chance.choice(values)}, chance.randbytes(log.SALT_BYTES))
        for rec in home.entries
        for field, values in _CHOICES.items()
    ]
    for start in range(0, len(edits), a_unit):
        pen.now += dt.timedelta(minutes=1)
        yield pen.edits("visit_entry", edits[start : start + a_unit])


_Rows = tuple[list[Any], list[Any], list[Any], dict[str, list[Any]]]


def _rows(envelopes: Sequence[log.Envelope]) -> _Rows:
    units: list[Any] = [(*unit, changes[-1].stamp) for unit, changes in envelopes]
    entries: list[Any] = []
    versions: list[Any] = []
    updates: dict[str, list[Any]] = {}
    for unit, changes in envelopes:
        for c in changes:
            words = (c.type, c.rec, c.op, c.fields_text, c.over_text, c.salt, c.digest)
            entries.append((c.stamp, unit.id, *words))
            for field, value in c.fields.items():
                versions.append((c.rec, field, c.stamp))
                updates.setdefault(field, []).append((value, c.rec))
    return units, entries, versions, updates


def _fill(
    connection: Connection,
    units: list[Any],
    entries: list[Any],
    versions: list[Any],
    updates: dict[str, list[Any]],
) -> None:
    for table, rows in (("unit", units), ("change", entries), ("field_version", versions)):
        one = f"({','.join('?' * len(rows[0]))})"
        for start in range(0, len(rows), _ROWS_A_STATEMENT):
            part = rows[start : start + _ROWS_A_STATEMENT]
            connection.execute(
                f"INSERT INTO {table} VALUES {','.join([one] * len(part))}",
                list(itertools.chain.from_iterable(part)),
            )
    for field, values in updates.items():
        connection.executemany(f"UPDATE visit_entry SET {quote(field)} = ? WHERE id = ?", values)
    last = units[-1]
    connection.execute(
        "UPDATE replica SET seq = ?, hash = ? WHERE tag = ?", (last[2], last[8], last[1])
    )
