"""Objects of the storage, byte by byte, and every kind of object that is none."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liaison.sync import body, sealed
from liaison.sync.roster import EpochKey
from liaison.sync.sealed import Header, Refused, Sealed

HOME = "1Q5M8J3K7V2XA"
SIGNER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC = SIGNER.public_key().public_bytes_raw()
KEY = EpochKey("epoch-1", b"k" * 32)
PC = 123456789
HEADER = Header(
    sealed.SEGMENT, HOME, PC, 2, 901, first=7, seq=7, previous=b"p" * 32, changes=3
)  # fmt: skip
BODY = b"what people wrote " * 40
FROZEN = Path(__file__).parent.parent / "data" / "segment-1.seg"
LENGTH_AT = sealed.HEADER_BYTES - 4


def read_whole(data: bytes, *, home: str = HOME, public: bytes = PUBLIC) -> tuple[Sealed, bytes]:
    """Go the whole way that a received object goes."""
    found = sealed.require_home(sealed.read(data), home)
    sealed.require_signature(found, public)
    return found, sealed.open_body(found, KEY.key)


def made(header: Header = HEADER, content: bytes = BODY) -> bytes:
    return sealed.seal(header, content, KEY, SIGNER)


def test_what_was_sealed_is_read_back() -> None:
    found, content = read_whole(made())
    assert content == BODY
    assert found.header == dataclasses.replace(HEADER, epoch="epoch-1")


def test_two_objects_of_the_same_content_have_nothing_in_common_but_their_header() -> None:
    one, other = sealed.read(made()), sealed.read(made())
    assert one.salt != other.salt
    assert one.commitment != other.commitment
    assert one.data[sealed.HEADER_BYTES :] != other.data[sealed.HEADER_BYTES :]


def test_the_header_has_the_bytes_that_the_document_says() -> None:
    data = made()
    assert data[:6] == b"LSN1\x01\x01"
    assert data[6:38] == hashlib.sha256(b"liaison home\n" + HOME.encode()).digest()
    assert struct.unpack(">QIHQQ", data[38:68]) == (PC, 2, 901, 7, 7)
    assert data[68:100] == b"p" * 32
    assert data[100:132] == bytes(32)
    assert data[132:148] == b"epoch-1" + bytes(9)
    assert struct.unpack(">II", data[148:156]) == (3, len(BODY))
    assert sealed.HEADER_BYTES == 224
    (length,) = struct.unpack(">I", data[220:224])
    assert len(data) == 224 + length + 64


def test_no_plain_text_is_in_an_object() -> None:
    data = made()
    assert b"people" not in data
    assert HOME.encode() not in data


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda _: b"", "it is empty"),
        (lambda data: bytes(len(data)), "it holds nothing but zeros"),
        (lambda data: data[:-1], "it is cut off"),
        (lambda data: data[:100], "it is cut off"),
        (lambda data: data + b"x", "something was added to its end"),
        (lambda data: b"x" + data, "it does not begin as a segment does"),
        (lambda data: b"<html>" + data, "it does not begin as a segment does"),
        (lambda data: data[:5] + b"\x09" + data[6:], "it is of an unknown kind"),
    ],
)
def test_what_is_not_whole_is_refused_as_damaged(
    damage: Callable[[bytes], bytes], reason: str
) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        sealed.read(damage(made()))
    assert refused.value.damaged


@pytest.mark.parametrize("begin", [b"LSN2", b"LSN9"])
def test_what_a_newer_liaison_wrote_is_told_from_damage(begin: bytes) -> None:
    data = made()
    for newer in (begin + data[4:], data[:4] + b"\x02" + data[5:]):
        with pytest.raises(Refused, match="newer version") as refused:
            sealed.read(newer)
        assert refused.value.newer
        assert not refused.value.damaged


def test_every_flipped_bit_is_found(full_faults: bool) -> None:  # noqa: FBT001  # a fixture
    data = made()
    # without the flag: each byte of the header, and some of the rest
    for at in range(0, len(data), 1 if full_faults else 3):
        altered = bytearray(data)
        altered[at] ^= 1 << at % 8
        with pytest.raises(Refused):
            read_whole(bytes(altered))


@pytest.mark.parametrize(
    ("at", "number"),
    [
        (38, struct.pack(">Q", 1 << 63)),
        (46, struct.pack(">I", 1_000_000_000)),
        (50, struct.pack(">H", 1 << 14)),
        (52, struct.pack(">Q", 0)),
        (52, struct.pack(">Q", 8)),
        (60, struct.pack(">Q", 1 << 63)),
    ],
)
def test_a_number_that_nothing_could_keep_is_refused(at: int, number: bytes) -> None:
    data = made()
    with pytest.raises(Refused, match="out of range"):
        sealed.read(data[:at] + number + data[at + len(number) :])


def test_an_object_of_another_home_is_refused() -> None:
    with pytest.raises(Refused, match="belongs to another home"):
        read_whole(made(), home="ANOTHERH0ME00")


def test_a_stranger_who_signs_it_anew_is_refused() -> None:
    stranger = Ed25519PrivateKey.generate()
    data = made()
    signed = data[:-64] + stranger.sign(b"liaison object 1\n" + sealed.digest_of(data))
    with pytest.raises(Refused, match="not that PC's"):
        read_whole(signed)
    # and theirs is good for what is theirs: it is the key that was asked for
    read_whole(signed, public=stranger.public_key().public_bytes_raw())


def test_one_that_does_not_open_with_the_key_it_names_is_refused() -> None:
    found = sealed.require_home(sealed.read(made()), HOME)
    with pytest.raises(Refused, match="another key than it says"):
        sealed.open_body(found, b"x" * 32)


def resealed(packed: bytes, says: int) -> bytes:
    """Seal any bytes as a body that says it has a length: what a paired PC could do."""
    data = bytearray(made())
    salt = bytes(data[156:188])
    key, _ = sealed._keys(KEY.key, salt)
    data[152:156] = struct.pack(">I", says)
    data[LENGTH_AT : sealed.HEADER_BYTES] = struct.pack(">I", len(packed) + 16)
    outside = bytes(data[: sealed.HEADER_BYTES])
    inside = outside + AESGCM(key).encrypt(bytes(12), packed, outside)
    return inside + SIGNER.sign(b"liaison object 1\n" + hashlib.sha256(inside).digest())


def test_a_decompression_bomb_is_never_unpacked() -> None:
    bomb = zlib.compress(bytes(512 * 1024 * 1024 // 64), 9)
    with pytest.raises(Refused, match="another size than it says"):
        read_whole(resealed(bomb, 1000))
    with pytest.raises(Refused, match="more than Liaison ever writes"):
        read_whole(resealed(bomb, sealed.LARGEST_BODY + 1))


def test_a_body_that_cannot_be_unpacked_or_goes_on_behind_its_end_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be unpacked"):
        read_whole(resealed(os.urandom(50), 50))
    with pytest.raises(Refused, match="another size"):
        read_whole(resealed(zlib.compress(b"12345") + b"more", 5))
    assert read_whole(resealed(zlib.compress(b"12345"), 5))[1] == b"12345"


def test_more_bytes_than_anything_has_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made()
    monkeypatch.setattr(sealed, "LARGEST", len(data) - 1)
    with pytest.raises(Refused, match="larger than anything"):
        sealed.read(data)


def test_a_segment_of_the_first_format_is_readable_for_ever() -> None:
    found, content = read_whole(FROZEN.read_bytes())
    assert found.header.seq == 7
    (envelope,) = body.decode(content, found.header.tag)
    assert envelope.unit.reason == "frozen"
    assert [change.fields["name"] for change in envelope.changes] == ["Mary Jones", "Siân O'Neil"]
    assert body.before(content) == b"b" * 32


def test_a_body_of_the_largest_size_is_refused_before_it_is_sealed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealed, "LARGEST_BODY", 10)
    with pytest.raises(ValueError, match="11 bytes"):
        made(content=b"12345678901")
