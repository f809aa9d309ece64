"""Three PCs with one home, doing anything in any order: a seeded run, held against the model."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from liaison.records import Record, all_specs, spec_of
from liaison.records.ids import derived_id
from liaison.store import changes as log
from liaison.store import derived, history, verify
from liaison.store import merge as merging
from liaison.store.replicas import Context
from liaison.store.rows import Loaded
from liaison.store.store import FILE_NAME, Store
from liaison.store.unit import UnitOfWork
from tests.store.conftest import HOME, KEY, START, know_each_other, replica_of, signer_of
from tests.store.model import Copy, Entry

YEARS_OFF = (0, 3, -10)
"""How wrong each PC's clock is."""
TAGS = (901, 17, 4242)
PERSON = 1


class Disagreement(AssertionError):
    """The stores do not agree with each other or with the model."""


def templates(folder: Path) -> list[Path]:
    """Make an empty home for each PC, all of which know each other, to be copied for every run."""
    stores = []
    for tag in TAGS:
        # each PC has its own folder: the mark beside the database is that PC's
        path = folder / str(tag) / FILE_NAME
        path.parent.mkdir()
        stores.append(
            Store.create(
                path,
                KEY,
                context=Context(HOME, b"r" * 32, tag, 1),
                replica=replica_of(tag),
                signer=signer_of(tag),
            )
        )
    know_each_other(*stores)
    for store in stores:
        store.close()
    return [store.path for store in stores]


class Pc:
    """One PC: its store, its wrong clock, and what the model says it holds."""

    def __init__(self, template: Path, folder: Path, tag: int, years: int) -> None:
        folder.mkdir(parents=True)
        path = Path(shutil.copy(template, folder / FILE_NAME))
        self.tag = tag
        self.now = START.replace(year=START.year + years)
        self.store = Store(path, KEY, signer_of(tag), clock=lambda: self.now)
        # nothing is proven here about power cuts, and 200 runs wait for a disk long enough
        self.store.connection.execute("PRAGMA synchronous = OFF")
        self.copy = Copy()
        self.units: list[tuple[bytes, list[Entry]]] = []
        """What it wrote: each unit as it travels, and its changes as the model has them."""
        self.applied = dict.fromkeys(TAGS, 0)
        self.come: dict[int, set[int]] = {tag: set() for tag in TAGS}
        self.forms: list[tuple[Loaded, dict[str, set[int]]]] = []
        """Records that lie open in a form, with the versions that the model knew then."""

    def known_to_be_born(self, type_name: str) -> list[int]:
        """Return the records of a type that it shows."""
        return [
            rec
            for rec in self.copy.records()
            if self.copy.type_of(rec) == type_name and self.copy.view(rec).born
        ]


@dataclasses.dataclass
class Expected:
    """What a unit must write, without the stamps, which only the store can know."""

    changes: list[tuple[str, int | None, str, dict[str, Any], dict[str, list[int]]]] = (
        dataclasses.field(default_factory=list)
    )


def kept(value: object) -> object:
    """Return a value of the few kinds used here as the log has it."""
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z+00:00"
    return int(value) if isinstance(value, bool) else value


class Run:
    """One seeded run."""

    def __init__(self, seed: int, empty: list[Path], folder: Path) -> None:
        self.dice = random.Random(seed)
        self.pcs = [
            Pc(template, folder / str(tag), tag, years)
            for template, tag, years in zip(empty, TAGS, YEARS_OFF, strict=True)
        ]
        self.done: dict[str, int] = defaultdict(int)
        """How often each kind of thing was really done: a run that does nothing proves nothing."""
        # a whole run long one PC hears of another only through the third, or of what follows alone
        self.cut = self.dice.sample(self.pcs, 2)

    def close(self) -> None:
        for pc in self.pcs:
            pc.store.connection.close()
            shutil.rmtree(pc.store.path.parent)

    # ---- the run

    def go(self, acts: Sequence[Callable[[Run, Pc], bool]], steps: int) -> None:
        """Do everything at random, deliver everything, and hold the three against the model."""
        for _ in range(steps):
            pc = self.dice.choice(self.pcs)
            pc.now += dt.timedelta(milliseconds=self.dice.choice((0, 0, 1, 700, 90_000)))
            act = self.dice.choice(acts)
            self.done[act.__name__] += act(self, pc)
        self.check_one(self.dice.choice(self.pcs))
        self.deliver_everything()
        self.check_all()

    def deliver_everything(self) -> None:
        """Give every PC all that it does not have, in any order."""
        for receiver in self.dice.sample(self.pcs, 3):
            for sender in self.dice.sample(self.pcs, 3):
                if receiver is not sender:
                    numbers = list(range(1, len(sender.units) + 1))
                    self.dice.shuffle(numbers)
                    self.deliver(receiver, sender, numbers)

    def deliver(self, receiver: Pc, sender: Pc, numbers: list[int]) -> None:
        """Hand some units over and tell the model which of them count by now."""
        envelopes = [log.decode(sender.units[number - 1][0]) for number in numbers]
        merged = merging.merge(receiver.store, envelopes)
        receiver.come[sender.tag] |= set(numbers)
        applied = receiver.applied[sender.tag]
        while applied + 1 in receiver.come[sender.tag]:
            receiver.copy.take(sender.units[applied][1])
            applied += 1
        receiver.applied[sender.tag] = applied
        if merged.quarantined:
            self.complain(receiver, f"put good units apart: {merged.quarantined}")

    # ---- holding it against the model

    def check_all(self) -> None:
        digests = {verify.state_digest(pc.store.connection) for pc in self.pcs}
        for pc in self.pcs:
            self.check_one(pc)
            for table in ("superseded", "waiting", "quarantine"):
                (left,) = pc.store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                if left:
                    self.complain(pc, f"{left} rows are left in {table}")
        if len(digests) != 1:
            self.complain(self.pcs[0], "the three PCs do not show the same")

    def check_one(self, pc: Pc) -> None:
        """Hold what one PC shows against the model, whether it has everything or not."""
        connection = pc.store.connection
        rows = {rec: row for name in all_specs() for rec, row in table_of(connection, name)}
        for rec in pc.copy.records():
            view = pc.copy.view(rec)
            row = rows.pop(rec, None)
            if (row is not None) != view.born:
                self.complain(pc, f"{pc.copy.type_of(rec)} {rec} is there or not, wrongly")
            elif row is not None and row != {name: view.value(name) for name in row}:
                wanted = {name: view.value(name) for name in row}
                self.complain(pc, f"{pc.copy.type_of(rec)} {rec} shows {row}, not {wanted}")
        if rows:
            self.complain(pc, f"records out of nowhere: {sorted(rows)}")
        for table, wanted_rows in (
            ("field_version", pc.copy.heads()),
            ("superseded", pc.copy.replaced_before_it_came()),
        ):
            found = set(connection.execute(f"SELECT rec, field, stamp FROM {table}"))
            if found != wanted_rows:
                self.complain(pc, f"{table} differs in {sorted(found ^ wanted_rows)[:6]}")
        listed = {(c.rec, c.field) for c in history.conflicts(pc.store)}
        if listed != pc.copy.conflicts():
            self.complain(pc, f"conflicts differ in {sorted(listed ^ pc.copy.conflicts())[:6]}")
        damage = verify.verify(pc.store).damage
        if damage or derived.timeline_differs(connection):
            self.complain(pc, f"verify finds {damage[:3] or 'a wrong timeline'}")

    def complain(self, pc: Pc, what: str) -> None:
        message = f"PC {pc.tag}: {what}"
        raise Disagreement(message)

    def check_undone(
        self, pc: Pc, entry: Entry, heads: dict[str, set[int]], skipped: set[str]
    ) -> None:
        view = pc.copy.view(entry.rec)
        if entry.is_birth:
            field, gone = ("struck_reason", "Undone") if entry.op == "event" else ("archived", 1)
            since = {name for name, stamps in heads.items() if stamps != {entry.stamp}}
            if skipped != since or (not since and view.value(field) != gone):
                self.complain(pc, f"undo of a birth: skipped {skipped}, since {since}")
            return
        for field in entry.fields:
            if (field in skipped) == (heads[field] == {entry.stamp}):
                self.complain(pc, f"undo skipped {skipped} of {entry}, current {heads}")
            if field in skipped:
                continue
            stood = entry.over.get(field)
            source = pc.copy.entries.get(max(stood) if stood else entry.rec)
            back = source.fields.get(field) if source else None
            if view.value(field) != back:
                self.complain(pc, f"undo of {field} shows {view.value(field)}, not {back}")

    # ---- writing, with what must be written told beforehand

    @contextlib.contextmanager
    def unit(
        self, pc: Pc, *, kind: str = "save", batch: int | None = None
    ) -> Iterator[tuple[UnitOfWork, Expected | None]]:
        """Write a unit and hold what it put into the log against what was expected."""
        expected = Expected()
        with pc.store.unit(PERSON, "", kind=kind, batch=batch) as unit:
            yield unit, expected
        for envelope in merging.units_after(pc.store, pc.tag, len(pc.units)):
            entries = raw_entries(pc.store, envelope.unit.id)
            if kind != "undo":
                self.check_written(pc, entries, expected)
            pc.copy.take(entries)
            pc.units.append((log.encode(envelope), entries))

    def check_written(self, pc: Pc, entries: list[Entry], expected: Expected) -> None:
        written = [(e.type, e.rec, e.op, e.fields, e.over) for e in entries]
        wanted = [
            (name, written[place][1] if rec is None else rec, op, fields, over)
            for place, (name, rec, op, fields, over) in enumerate(expected.changes[: len(written)])
        ]
        if written != wanted or len(written) != len(expected.changes):
            self.complain(pc, f"wrote {written}, not {expected.changes}")

    def expect_add(
        self, expected: Expected, record: Record, pc: Pc, rec: int, *, derived: bool = False
    ) -> None:
        spec = spec_of(record)
        values = {f.name: kept(getattr(record, f.name)) for f in spec.columns}
        fields = {name: value for name, value in values.items() if value is not None}
        op = "event" if spec.events else "birth"
        expected.changes.append((spec.name, rec if derived else None, op, fields, {}))
        for field in spec.sets:
            for value in getattr(record, field.name):
                self.expect_element(expected, pc, spec.link(field.name), rec, value, present=True)

    def expect_element(
        self, expected: Expected, pc: Pc, link: str, owner: int, value: Any, *, present: bool
    ) -> None:
        rec = derived_id(link, owner, all_specs()[link].owner_field, value)
        view = pc.copy.view(rec)
        if not view.born:
            fields = {"owner": owner, "value": value, "archived": 0}
            expected.changes.append((link, rec, "birth", fields, {}))
        elif (not view.value("archived")) != present:
            heads = view.heads.get("archived")
            over = {"archived": sorted(heads)} if heads else {}
            expected.changes.append((link, rec, "edit", {"archived": int(not present)}, over))

    def save(
        self, pc: Pc, form: tuple[Loaded, dict[str, set[int]]], **fields: Any
    ) -> bool:  # whether there was anything to write
        """Save a form that may have been opened long ago: it stands on what it showed."""
        loaded, heads = form
        spec = spec_of(loaded.record)
        with self.unit(pc) as (unit, expected):
            assert expected is not None
            unit.save(loaded, dataclasses.replace(loaded.record, **fields))
            columns = {f.name for f in spec.columns}
            changed = {
                f.name: kept(fields[f.name])
                for f in spec.columns
                if f.name in fields and fields[f.name] != getattr(loaded.record, f.name)
            }
            over = {name: sorted(heads[name]) for name in changed if heads.get(name)}
            if changed:
                expected.changes.append((spec.name, loaded.id, "edit", changed, over))
            for name in fields.keys() - columns:
                was, now = getattr(loaded.record, name), fields[name]
                link = spec.link(name)
                for value in [v for v in now if v not in was]:
                    self.expect_element(expected, pc, link, loaded.id, value, present=True)
                for value in [v for v in was if v not in now]:
                    self.expect_element(expected, pc, link, loaded.id, value, present=False)
        return bool(expected.changes)

    def open_form(self, pc: Pc, type_name: str, rec: int) -> tuple[Loaded, dict[str, set[int]]]:
        loaded = pc.store.load(type_name, rec)
        if loaded is None:
            self.complain(pc, f"{type_name} {rec} cannot be loaded")
        assert loaded is not None
        return loaded, pc.copy.view(rec).heads

    def any_of(self, pc: Pc, *types: str) -> tuple[str, int] | None:
        for name in self.dice.sample(types, len(types)):
            if found := pc.known_to_be_born(name):
                # the same few again and again, or nobody would ever meet
                return name, self.dice.choice(found[:2] + found[-2:])
        return None


def raw_entries(store: Store, unit: int) -> list[Entry]:
    """Return a unit's changes as they lie in the log, read without the store's own code."""
    found = store.connection.execute(
        "SELECT stamp, type, rec, op, fields, over FROM change WHERE unit = ? ORDER BY stamp",
        (unit,),
    )
    return [
        Entry(stamp, name, rec, op, json.loads(fields), json.loads(over))
        for stamp, name, rec, op, fields, over in found
    ]


def table_of(connection: Any, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Return a record table's rows by id."""
    found = connection.execute(f"SELECT * FROM {name}")
    columns = [column[0] for column in found.description]
    for row in found:
        values = dict(zip(columns, row, strict=True))
        yield values.pop("id"), values
