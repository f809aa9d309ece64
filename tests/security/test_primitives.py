"""Costs, passwords, and keys bound to one home and one purpose."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from liaison.errors import UserError
from liaison.security import STANDARD, BadPassword, Cost, CostRefused, Identity, primitives
from liaison.security.primitives import Pin, Refused

PIN = Pin("home", bytes(32))
CHEAP = Cost(8, 1, 1)


def test_the_standard_cost_is_what_the_design_says() -> None:
    assert Cost(64 * 1024, 3, 1) == STANDARD
    STANDARD.check()


@pytest.mark.parametrize(
    "cost",
    [
        Cost(7, 1, 1),
        Cost(15, 1, 2),
        Cost(4 * 1024 * 1024, 3, 1),
        Cost(1024 * 1024 + 1, 1, 1),
        Cost(64, 0, 1),
        Cost(64, 17, 1),
        Cost(64, 1, 0),
        Cost(256, 1, 9),
    ],
)
def test_an_absurd_cost_is_refused_before_anything_is_derived(
    cost: Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(primitives, "Argon2id", None)
    with pytest.raises(CostRefused) as caught:
        primitives.password_key(b"x", bytes(16), cost)
    assert caught.value.code == "key-file-cost"


@pytest.mark.parametrize("cost", [CHEAP, Cost(64, 1, 8), Cost(1024 * 1024, 16, 8)])
def test_costs_at_the_bounds_are_accepted(cost: Cost) -> None:
    cost.check()


def test_too_little_memory_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __init__(self, **_: object) -> None:
            raise MemoryError

    monkeypatch.setattr(primitives, "Argon2id", Full)
    with pytest.raises(UserError, match="not enough free memory") as caught:
        primitives.password_key(b"x", bytes(16), STANDARD)
    assert caught.value.code == "no-memory"


def test_passwords_are_derived_with_argon2id_as_stored() -> None:
    cost = Cost(32, 2, 2)
    expected = Argon2id(salt=b"s" * 16, length=32, iterations=2, lanes=2, memory_cost=32)
    assert primitives.password_key(b"pw", b"s" * 16, cost) == expected.derive(b"pw")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"),
        ("Ŵyn", "W\N{COMBINING CIRCUMFLEX ACCENT}yn"),
        ("\N{LATIN SMALL LIGATURE FI}ve", "five"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}bc", "Abc"),
    ],
)
def test_a_password_is_the_same_whichever_keyboard_made_it(one: str, other: str) -> None:
    assert one != other
    assert primitives.password_bytes(one) == primitives.password_bytes(other)


@pytest.mark.parametrize("password", ["", " ", "\t\n", "secret\udcff"])
def test_what_is_no_password_is_refused_without_quoting_it(password: str) -> None:
    with pytest.raises(BadPassword) as caught:
        primitives.password_bytes(password)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_case_and_inner_spaces_of_a_password_count() -> None:
    assert primitives.password_bytes("Tea  at ten ") != primitives.password_bytes("tea at ten")


def test_nothing_opens_for_another_home_root_or_purpose() -> None:
    key = bytes(32)
    nonce, data = primitives.encrypt(key, b"secret", PIN.bind("slot", person="a"))
    assert primitives.decrypt(key, nonce, data, PIN.bind("slot", person="a")) == b"secret"
    for other in (
        Pin("other", bytes(32)).bind("slot", person="a"),
        Pin("home", b"r" * 32).bind("slot", person="a"),
        PIN.bind("vault", person="a"),
        PIN.bind("slot", person="b"),
    ):
        with pytest.raises(Refused):
            primitives.decrypt(key, nonce, data, other)


def test_what_is_sealed_opens_only_for_its_recipient_and_purpose() -> None:
    me, you = Identity.generate(), Identity.generate()
    sealed = me.public.seal(b"secret", b"info")
    assert me.unseal(sealed, b"info") == b"secret"
    for who, what, info in (
        (you, sealed, b"info"),
        (me, sealed, b"other"),
        (me, sealed[:-1], b"info"),
        (me, b"", b"info"),
        (me, bytes(80), b"info"),
    ):
        with pytest.raises(Refused):
            who.unseal(what, info)


def test_a_signature_is_theirs_and_over_this_message_only() -> None:
    me, you = Identity.generate(), Identity.generate()
    signature = me.sign(b"message")
    primitives.check_signature(me.public.signing, signature, b"message")
    for who, what, message in (
        (you.public.signing, signature, b"message"),
        (me.public.signing, signature, b"massage"),
        (me.public.signing, bytes(64), b"message"),
        (me.public.signing, b"", b"message"),
        (bytes(31), signature, b"message"),
    ):
        with pytest.raises(Refused):
            primitives.check_signature(who, what, message)


def test_recovery_keys_are_the_same_each_time_and_differ_between_homes() -> None:
    here = Identity.from_recovery(bytes(20), "home")
    assert here == Identity.from_recovery(bytes(20), "home")
    assert here.exchange != here.signing
    assert here != Identity.from_recovery(bytes(20), "other")
    assert here != Identity.from_recovery(b"x" * 20, "home")


def test_identities_show_no_secret() -> None:
    me = Identity(b"E" * 32, b"S" * 32)
    assert "EEE" not in repr(me)
    assert "SSS" not in f"{me!s}"


@pytest.mark.parametrize("home_id", ["", "x" * 65])
def test_a_home_has_an_id(home_id: str) -> None:
    with pytest.raises(ValueError, match="home's id"):
        Pin(home_id, bytes(32))
