"""Verifying a home: every change hashed, every signature checked, every record worked out again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from benchmarks import homes
from benchmarks.harness import Bench, Result, check, compare, timed
from liaison.store import changes as log
from liaison.store.verify import verify

if TYPE_CHECKING:
    from liaison.store.store import Store

_REACH = 1.5

_Unit = tuple[bytes, bytes, list[bytes], Ed25519PublicKey]
"""What a unit's hash is taken of, its signature, what its changes' digests are taken of, its key."""


def verify_changes(bench: Bench) -> Iterator[Result]:
    """A whole ``verify``, against hashing and verifying in a bare loop.

    The floor has the bytes of every change and unit in memory, joined and encoded, and does nothing
    but SHA-256 over each and Ed25519 over each signature. Ours also reads the file, has its pages
    checked, and works out every record from the log and compares it. Every note is a unit of its
    own, as people save them: as many signatures as changes. The quick run takes the home of 25,000
    notes, which has the same proportions; a home of 2,000 is verified before that, and does not
    count.
    """
    with bench.homes.of(homes.SMALL).open() as store:
        check(not verify(store).damage, "the small home is damaged")
    size = homes.MIDDLE if bench.quick else homes.LARGE
    home = bench.homes.of(size)
    changes = size + size // homes.ENTRIES_A_VISIT
    with home.open() as store:
        units = list(_loaded(store))
        (total,) = store.connection.execute("SELECT count(*) FROM unit").fetchone()
        check(len(units) == total, "the floor does not verify every unit")

        def ours() -> float:
            with timed() as watch:
                report = verify(store)
            check(not report.damage, f"the home is damaged: {report.damage[:1]}")
            check(report.units == total and report.changes >= changes, "not everything was checked")
            return watch.seconds

        def floor() -> float:
            with timed() as watch:
                good = _bare(units)
            check(good == total, "a signature did not hold")
            return watch.seconds

        name = f"verify {changes:,} changes, every signature"
        yield compare(name, _REACH, bench.turns(2, 3), ours, floor, rehearsed=True)


def _loaded(store: Store) -> Iterator[_Unit]:
    keys = {
        tag: Ed25519PublicKey.from_public_bytes(key)
        for tag, key in store.connection.execute("SELECT tag, public_key FROM replica")
    }
    before = dict.fromkeys(keys, log.NO_HASH)
    changes: dict[int, list[bytes]] = {}
    for unit, *words, salt in store.connection.execute(
        "SELECT unit, stamp, type, rec, op, fields, over, salt FROM change ORDER BY stamp"
    ):
        changes.setdefault(unit, []).append(salt + "\n".join(map(str, words)).encode())
    for row in store.connection.execute(
        "SELECT id, tag, seq, at, person, kind, reason, batch, hash, signature "
        "FROM unit ORDER BY tag, seq"
    ):
        unit = log.Unit(*row)
        # the digests of the changes come after this in the loop, where they are taken
        head = b"liaison unit 1\n" + before[unit.tag] + log.dump(list(unit[:8])).encode() + b"\n"
        before[unit.tag] = unit.hash
        yield head, unit.signature, changes[unit.id], keys[unit.tag]


def _bare(units: list[_Unit]) -> int:
    good = 0
    sha256 = hashlib.sha256
    for head, signature, changes, key in units:
        digests = [sha256(change).digest() for change in changes]
        unit_hash = sha256(head + b"".join(digests)).digest()
        try:
            key.verify(signature, b"liaison unit 1\n" + unit_hash)
        except InvalidSignature:
            continue
        good += 1
    return good
