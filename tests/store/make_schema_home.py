"""Makes the home of a released schema that must open for ever; run once for each schema.

``python -m tests.store.make_schema_home`` writes ``tests/data/home-schema-N/`` for the newest
migration N and refuses to touch a folder that is there: such a home is never remade, or it would
prove nothing of what people really have. ``test_migrations.py`` opens them all.

The home is made by this program with a fixed key. It holds a few dozen changes of every kind, a
second PC's units (one of them waiting, one set apart) and what only a newer Liaison knows. To keep
it small, the indexes of most types are left out, and it is marked so that all that is derived is
remade at the next opening, as every upgrade does.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liaison.records import all_specs
from liaison.records.administration import Person
from liaison.records.casework import Action, AgendaLine, Chase, Referral, Visit, VisitEntry
from liaison.records.directory import Contact, ContactAttempt, Organisation, Post, Service
from liaison.records.home import Home, Resident, Staff
from liaison.records.training import Session
from liaison.records.values import record_to_json
from liaison.store import blobs, derived, history, merge
from liaison.store.changes import Envelope, decode, encode
from liaison.store.migrations import migrations
from liaison.store.replicas import Context, Replica, admit
from liaison.store.store import FILE_NAME, Store
from tests.store.newer import newer_liaison

DATA: Final = Path(__file__).parent.parent / "data"
# written out here and not shared with other tests: they may change, these never
KEY: Final = bytes(range(32))
BLOB_KEY: Final = b"b" * 32
HOME: Final = "1Q5M8J3K7V2XA"
OFFICE: Final = 4711
NURSES: Final = 815
SEEDS: Final = {OFFICE: b"o" * 32, NURSES: b"n" * 32}


def signer_of(tag: int) -> Ed25519PrivateKey:
    """Return the signing key of one of the two PCs."""
    return Ed25519PrivateKey.from_private_bytes(SEEDS[tag])


def _replica(tag: int) -> Replica:
    return Replica(tag, 1000 + tag, 0, signer_of(tag).public_key().public_bytes_raw())


class _Clock:
    now = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(minutes=1)
        return self.now


def _new(folder: Path, tag: int, clock: _Clock) -> Store:
    folder.mkdir()
    store = Store.create(
        folder / FILE_NAME, KEY, context=Context(HOME, b"r" * 32, tag, 1), replica=_replica(tag),
        signer=signer_of(tag), clock=clock,
    )  # fmt: skip
    with store.applying() as connection:
        for other in SEEDS.keys() - {tag}:
            admit(connection, _replica(other))
    return store


def _change(store: Store, type_name: str, rec: int, **fields: Any) -> int:
    loaded = store.load(type_name, rec)
    assert loaded is not None
    with store.unit(1, "corrected") as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, **fields))
    (stamp,) = store.connection.execute("SELECT max(stamp) FROM change").fetchone()
    return int(stamp)


def _send(to: Store, sender: Store, first: int = 1) -> None:
    tag = sender.context.tag
    units = merge.units_after(sender, tag, first - 1)
    merge.merge(to, [decode(encode(unit)) for unit in units])


def _fill(office: Store, nurses: Store, clock: _Clock) -> None:
    with office.unit(1, "the first day") as unit:
        unit.person = unit.add(Person(name="Helen Marsh", role="manager"))
        unit.add(Home(name="Orchard House", beds=24, phone="01632 960100"))
        nursing = unit.add(Service(name="District nursing", synonyms="catheter blocked"))
        surgery = unit.add(
            Organisation(
                name="Larkfield Surgery", kind="GP practice", phone="01632 960123",
                postcode="TA1 1AA", offers=(nursing,), former_names=("Old Surgery", "Dr Ames"),
            )
        )  # fmt: skip
        sian = unit.add(Contact(name="Siân O'Neil", ask_about=(nursing,), named_link=True))
        twin = unit.add(Contact(name="Sian Oneil"))
        unit.add(Post(contact=sian, role="district nurse", organisation=surgery))
        mary = unit.add(
            Resident(name="Mary Jones", room="4", practice=surgery,
                     date_of_birth=dt.date(1931, 2, 3), nhs_number="9434765919")
        )  # fmt: skip
        john = unit.add(Resident(name="Jan Wójcik", room="5", alerts="اسم"))
        ola = unit.add(Staff(name="Ola Adeyemi", job_role="carer", lead_roles=("falls",)))
        visit = unit.add(Visit(at=clock.now, kind="visit", professional=sian, organisation=surgery))
        entry = unit.add(VisitEntry(visit=visit, resident=mary, found="Catheter flushed."))
        unit.add(AgendaLine(round=1, resident=mary, question="Fluids?"), derived_from=("r", 1))
        unit.add(Action(what="Ring the pharmacy", resident=mary, owner_staff=ola))
        referral = unit.add(
            Referral(resident=mary, organisation=surgery, sent=dt.date(2026, 11, 2), reason="falls")
        )
        unit.add(Chase(referral=referral, at=clock.now, result="no answer"))
        attempt = unit.add(ContactAttempt(at=clock.now, organisation=surgery, reached=False))
        unit.add(Session(cost=Decimal("12.50")))
        blobs.attach(
            office, unit, BLOB_KEY, owner_type="resident", owner=mary, name="letter.pdf",
            media_type="application/pdf", data=b"%PDF-1.7 a letter",
        )  # fmt: skip
    _send(nurses, office)
    _change(office, "resident", mary, room="6", known_as="May")
    _change(nurses, "resident", mary, room="7")
    _change(office, "organisation", surgery, former_names=("Old Surgery", "Larkfield Practice"))
    _change(nurses, "organisation", surgery, name="Larkfield Health Centre", offers=())
    _change(office, "contact", twin, merged_into=sian)
    _change(office, "contact_attempt", attempt, struck_reason="wrong number")
    moved = office.load("visit_entry", entry)
    assert moved is not None
    with office.unit(1, "wrong resident") as unit:
        unit.save(moved, dataclasses.replace(moved.record, struck_reason="meant for Jan"))
        unit.add(
            VisitEntry(visit=visit, resident=john, found="Catheter flushed.", moved_from=entry)
        )
    _change(office, "staff", ola, archived=True)
    undone = _change(office, "resident", john, room="9", alerts=None)
    with office.unit(1, "not him", kind="undo") as unit:
        history.undo(office, unit, [undone])
    with office.unit(1, "a list from the ICB", kind="import") as unit:
        unit.start_batch()
        for number in range(6):
            unit.add(
                Organisation(name=f"Pharmacy {number}", kind="pharmacy", ods_code=f"F{number}")
            )


def make(folder: Path) -> None:
    """Write the home and what it must show for ever."""
    with tempfile.TemporaryDirectory() as name:
        temporary, clock = Path(name), _Clock()
        with _new(temporary / "office", OFFICE, clock) as office:
            with _new(temporary / "nurses", NURSES, clock) as nurses:
                _fill_with_newer(office, nurses, clock)
            shown = {
                spec.name: [
                    record_to_json(record)
                    for (rec,) in office.connection.execute(
                        f"SELECT id FROM {spec.name}"
                    ).fetchall()
                    if (record := office.get(spec.name, rec)) is not None
                ]
                for spec in all_specs().values()
                if spec.cls is not None
            }
            _shrink(office)
        folder.mkdir()
        (folder / FILE_NAME).write_bytes(office.path.read_bytes())
        text = json.dumps({k: v for k, v in shown.items() if v}, indent=1, ensure_ascii=False)
        (folder / "shown.json").write_text(text + "\n", "utf-8")


def _fill_with_newer(office: Store, nurses: Store, clock: _Clock) -> None:
    _fill(office, nurses, clock)
    (mary,) = nurses.connection.execute("SELECT min(id) FROM resident").fetchone()
    nurses.close()
    with (
        newer_liaison() as garden,
        Store(nurses.path, KEY, signer_of(NURSES), clock=clock) as newer,
    ):
        fields: dict[str, Any] = {"name": "Back garden", "plants": ("rose",)}
        with newer.unit(1, "from a newer version") as unit:
            unit.add(garden(**fields))
        for alerts in ("bees", "bees, wasps"):
            _change(newer, "resident", mary, alerts=alerts)
        *units, lost, last = [decode(encode(u)) for u in merge.units_after(newer, NURSES, 0)]
    # the last waits for the one before it; one that was altered on its way is set apart
    merge.merge(office, [*units, last])
    altered = Envelope(lost.unit._replace(id=lost.unit.id + (1 << 14)), lost.changes)
    merge.merge(office, [Envelope(altered.unit._replace(seq=1), altered.changes)])


def _shrink(office: Store) -> None:
    connection = office.connection
    for spec in all_specs().values():
        if spec.name in {"resident", "organisation", "organisation_former_names", "visit_entry"}:
            continue
        for prefix in (derived.SEARCH_PREFIX, derived.NAMES_PREFIX):
            for verb in ("insert", "update"):
                connection.execute(f"DROP TRIGGER IF EXISTS {prefix}{spec.name}_{verb}")
            connection.execute(f"DROP TABLE IF EXISTS {prefix}{spec.name}")
        for field in spec.columns:
            connection.execute(f"DROP INDEX IF EXISTS by_{spec.name}_{field.name}")
    connection.execute("UPDATE context SET derived = ''")
    connection.execute("VACUUM")


if __name__ == "__main__":
    number = int(migrations()._migrations[-1].name[:4])
    where = DATA / f"home-schema-{number}"
    if where.exists():
        sys.exit(f"{where} is there already and is never remade.")
    make(where)
