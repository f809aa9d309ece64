"""Attachments: the bytes lie with the record, or not at all."""

from __future__ import annotations

import hashlib
import hmac
import os

import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.administration import Attachment
from liaison.store import blobs
from liaison.store.blobs import TooLarge, attach, blob_id, read_blob
from liaison.store.query import Query, every
from liaison.store.search import search
from liaison.store.store import Store
from liaison.store.unit import UnitOfWork
from tests.store.conftest import BLOB_KEY, Typical, got, person_of, reopened


def attach_to(
    store: Store, unit: UnitOfWork, typical: Typical, data: bytes, name: str = "letter.pdf"
) -> int:
    return attach(
        store,
        unit,
        BLOB_KEY,
        owner_type="resident",
        owner=typical.mary,
        name=name,
        media_type="application/pdf",
        data=data,
    )


def blob_count(store: Store) -> int:
    (count,) = store.connection.execute("SELECT count(*) FROM blob").fetchone()
    return int(count)


@pytest.mark.parametrize("size", [0, 1, 100_000, 3_000_000])
def test_a_file_comes_back_as_it_was(store: Store, typical: Typical, size: int) -> None:
    data = os.urandom(size)
    with store.unit(person_of(store)) as unit:
        rec = attach_to(store, unit, typical, data)
    with reopened(store) as home:
        attachment = got(home, Attachment, rec)
        assert read_blob(home, attachment) == data
        assert attachment.size == size
        assert attachment.name == "letter.pdf"
        assert attachment.media_type == "application/pdf"
        assert ids.from_text(attachment.owner_id or "") == typical.mary
        assert attachment.owner_type == "resident"
        assert [hit.record.id for hit in search(home, "letter.pdf")] == [rec]


def test_its_name_is_a_keyed_hash_of_its_bytes() -> None:
    """Nobody without the key can tell whether it is a document they have too."""
    data = b"a form that every home has"
    assert blob_id(BLOB_KEY, data) == hmac.new(BLOB_KEY, data, hashlib.sha256).hexdigest()
    assert blob_id(BLOB_KEY, data) != blob_id(b"c" * 32, data)
    assert blob_id(BLOB_KEY, data) != hashlib.sha256(data).hexdigest()
    assert blob_id(b"b" * 32, b"") == (
        "542417fd0c38ca37329b64b50839bfc1f5b2b2d8f6752ae3177e1659f407f3c8"
    )


def test_the_same_bytes_lie_there_once(store: Store, typical: Typical) -> None:
    with store.unit(person_of(store)) as unit:
        first = attach_to(store, unit, typical, b"same", "a.pdf")
        second = attach_to(store, unit, typical, b"same", "b.pdf")
    with store.unit(person_of(store)) as unit:
        third = attach_to(store, unit, typical, b"same", "c.pdf")
    assert blob_count(store) == 1
    for rec in (first, second, third):
        assert read_blob(store, got(store, Attachment, rec)) == b"same"


def test_the_log_has_its_name_and_not_its_bytes(store: Store, typical: Typical) -> None:
    with store.unit(person_of(store)) as unit:
        attach_to(store, unit, typical, b"quetzalcoatlus")
    logged = store.connection.execute("SELECT group_concat(fields) FROM change").fetchone()[0]
    assert blob_id(BLOB_KEY, b"quetzalcoatlus") in logged
    assert "quetzalcoatlus" not in logged


def test_with_the_unit_both_are_gone(store: Store, typical: Typical) -> None:
    class Stop(Exception):
        pass

    def begin_and_stop() -> None:
        with store.unit(person_of(store)) as unit:
            attach_to(store, unit, typical, b"never")
            raise Stop

    with pytest.raises(Stop):
        begin_and_stop()
    assert blob_count(store) == 0
    assert list(every(store, Query("attachment"))) == []


def test_too_large_is_told_before_anything_is_written(
    store: Store, typical: Typical, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "LARGEST", 3 * 1024 * 1024)
    with store.unit(person_of(store)) as unit:
        with pytest.raises(TooLarge, match=r"film\.mp4 is larger than 3 MB") as caught:
            attach_to(store, unit, typical, bytes(3 * 1024 * 1024 + 1), "film.mp4")
        whole = attach_to(store, unit, typical, bytes(3 * 1024 * 1024))
    assert caught.value.code == "too-large"
    assert caught.value.kept
    assert caught.value.do
    assert [record.id for record in every(store, Query("attachment"))] == [whole]
    assert blob_count(store) == 1


def test_what_has_not_arrived_yet_is_told_plainly(store: Store) -> None:
    """The record may come from another PC before the bytes do."""
    with store.unit(person_of(store)) as unit:
        rec = unit.add(Attachment(name="letter.pdf", sha256="0" * 64))
    with pytest.raises(UserError, match=r"letter\.pdf is not on this PC") as caught:
        read_blob(store, got(store, Attachment, rec))
    assert caught.value.code == "no-blob"


def test_bytes_are_sealed_in_the_file(store: Store, typical: Typical) -> None:
    with store.unit(person_of(store)) as unit:
        attach_to(store, unit, typical, b"quetzalcoatlus " * 1000)
    store.close()
    for file in store.path.parent.iterdir():
        assert b"quetzal" not in file.read_bytes()
