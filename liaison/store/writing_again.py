"""Saying again, as this replica's own, what units in quarantine said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from liaison.records import Kind, all_specs, ids
from liaison.records.ids import derived_id
from liaison.store import changes as log
from liaison.store.driver import plain_errors
from liaison.store.quarantine import is_emptied

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from liaison.records.values import Kept
    from liaison.store.changes import Envelope
    from liaison.store.store import Store
    from liaison.store.unit import UnitOfWork


def write_again(store: Store, pc: int, reason: str, done: str, why: str) -> int:
    """Write what a fork of this PC held again, as this replica's own, so that nothing is lost.

    Args:
        store: The home.
        pc: This PC.
        reason: The units in quarantine for this reason, of any life of this PC.
        done: The reason they have afterwards.
        why: Put before the reason each unit has.

    Returns:
        How many units that were.
    """
    rows = store.connection.execute(
        "SELECT q.id, q.body FROM quarantine AS q JOIN replica AS r ON r.tag = q.tag "
        "WHERE r.pc = ? AND q.reason = ? ORDER BY q.tag, q.seq, q.id",
        (pc, reason),
    ).fetchall()
    if not rows:
        return 0
    again = _Again(store)
    # together: what was written again is never written a second time
    with store.together():
        for _, content in rows:
            unit, changes = log.decode(content)
            words = f"{why} {unit.reason}".strip()
            with store.unit(unit.person, words, kind=unit.kind) as work:
                for change in changes:
                    if not is_emptied(change):
                        again.write(work, change)
        with store.writing() as connection:
            connection.executemany(
                "UPDATE quarantine SET reason = ? WHERE id = ?", [(done, row[0]) for row in rows]
            )
    return len(rows)


def take_in(
    store: Store,
    envelopes: Iterable[Envelope],
    person: int,
    words: Callable[[Envelope], str],
    *,
    without: Collection[str],
) -> int:
    """Say again, as this replica's own, what withdrawn units said: somebody looked through them.

    Args:
        store: The home.
        envelopes: The units, as :func:`withdrawn` gave them; what builds on another comes with it.
        person: Whoever answers for it.
        words: The reason each unit gets.
        without: Record types of which nothing is said again.

    Returns:
        How many changes that were.
    """
    again = _Again(store)
    count = 0
    with store.together():
        for envelope in envelopes:
            with store.unit(
                person, words(envelope), kind=log.TAKEN_IN, batch=envelope.unit.id
            ) as work:
                for change in envelope.changes:
                    if change.type not in without and not is_emptied(change):
                        again.write(work, change)
                        count += 1
    return count


class _Again:
    """Writes changes of a fork again: with new stamps, and other ids where somebody has theirs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stamps: dict[int, int] = {}
        self._ids: dict[int, int] = {}
        self._born: dict[int, tuple[int, frozenset[str]]] = {}

    def write(self, work: UnitOfWork, change: log.Change) -> None:
        """Write one change of the fork again."""
        over = self._over(change)
        if change.op not in log.BIRTHS and change.rec in self._born:
            # the birth has become a version of its own, which the edit replaced
            stamp, names = self._born[change.rec]
            over |= {name: (stamp,) for name in change.written if name in names - over.keys()}
        fields = {
            name: self._value(change.type, name, value) for name, value in change.fields.items()
        }
        if change.op == log.ERASE:
            fields[log.ERASED] = self._still_erased(fields)
        typed_birth = change.op in log.BIRTHS and change.rec == change.stamp
        if typed_birth and self._is_known(change.rec):
            # with a wrong clock both lines of the fork gave the same id to different records
            new = work.write_again(change._replace(rec=0, fields=fields, over=over))
            self._ids[change.rec] = self._stamps[change.stamp] = new
            return
        rec = self._element(change, fields)
        stamp = work.write_again(change._replace(rec=rec, fields=fields, over=over))
        self._stamps[change.stamp] = stamp
        if typed_birth:
            self._born[change.rec] = (stamp, frozenset(change.fields))

    def _element(self, change: log.Change, fields: Mapping[str, Kept]) -> int:
        """Return the id a change is about: that of a set's element follows from its owner's."""
        owner, value = fields.get("owner"), fields.get("value")
        spec = all_specs().get(change.type)
        moved = owner != change.fields.get("owner") or value != change.fields.get("value")
        if spec is not None and spec.owner_field and moved and owner is not None:
            assert value is not None  # noqa: S101  # a set has no empty elements
            self._ids[change.rec] = derived_id(change.type, owner, spec.owner_field, value)
        return self._ids.get(change.rec, change.rec)

    def _value(self, type_name: str, name: str, value: Kept) -> Kept:
        """Return a value with the new id of what it points to."""
        if isinstance(value, str):
            # a reference to a record of any type is kept as text
            named = self._ids.get(ids.as_id(value) or 0)
            return value if named is None else ids.to_text(named)
        spec = all_specs().get(type_name)
        field = spec.by_name.get(name) if spec is not None else None
        refers = field is not None and field.kind is Kind.REF
        return self._ids.get(value, value) if refers and value is not None else value

    def _over(self, change: log.Change) -> dict[str, tuple[int, ...]]:
        """Return which versions a change replaces, by their new stamps; only those there are."""
        found: dict[str, tuple[int, ...]] = {}
        for name, olds in change.over.items():
            known = tuple(
                self._stamps.get(old, old)
                for old in olds
                if old in self._stamps or self._is_known(old)
            )
            if known:
                found[name] = known
        return found

    def _is_known(self, stamp: int) -> bool:
        row = self._store.connection.execute(
            "SELECT 1 FROM change WHERE stamp = ?", (stamp,)
        ).fetchone()
        return row is not None

    def _still_erased(self, fields: Mapping[str, Kept]) -> str:
        """Return what an erasure names: only changes that still have their stamps."""
        said = json.loads(str(fields.get(log.ERASED, "{}")))
        return log.dump({old: new for old, new in said.items() if int(old) not in self._stamps})


def unfounded(store: Store, records: Collection[tuple[str, int]]) -> bool:
    """Return whether nothing is in the log of one of some records.

    Args:
        store: The home.
        records: Their types, "" for any, and ids.
    """
    with plain_errors():
        row = store.connection.execute(
            "SELECT 1 FROM json_each(?) AS wanted WHERE NOT EXISTS "
            "(SELECT 1 FROM change WHERE rec = wanted.value ->> 1 "
            "AND wanted.value ->> 0 IN (type, '')) LIMIT 1",
            (json.dumps(list(records)),),
        ).fetchone()
    return row is not None
