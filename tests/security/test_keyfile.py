"""A key file made, read and unlocked, as it should be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.security import (
    BadPassword,
    BadRecoveryKey,
    ForeignKeyFile,
    NoKeyFile,
    NoSuchPerson,
    OlderKeyFile,
    Person,
    RecoveryKey,
    UnreadableKeyFile,
    Vault,
    WrongPassword,
    WrongRecoveryKey,
    admit,
    create,
    read,
    read_bytes,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.security.conftest import Home, MakeHome

COMPOSED = "caf\N{LATIN SMALL LETTER E WITH ACUTE} at ten"
DECOMPOSED = "cafe\N{COMBINING ACUTE ACCENT} at ten"


def test_the_unlock_screen_needs_no_secret(home: Home) -> None:
    keys = read(home.path)
    assert keys.people == (Person(home.manager, "Helen Marsh", "manager", can_unlock=True),)
    assert (keys.home_id, keys.generation, keys.root) == (
        home.unlocked.home_id,
        1,
        home.unlocked.root,
    )


def test_the_password_opens_the_home(home: Home) -> None:
    unlocked = read(home.path).unlock(home.manager, home.password)
    assert unlocked.vault == home.vault == home.unlocked.vault
    assert (unlocked.person, unlocked.name, unlocked.role) == (
        home.manager,
        "Helen Marsh",
        "manager",
    )
    assert (unlocked.home_id, unlocked.generation) == ("1Q5M8J3K7V2XA", 1)
    assert unlocked.root == home.unlocked.root
    assert not unlocked.by_recovery
    assert unlocked.may_admit


@pytest.mark.parametrize("who", [None, "Helen Marsh", "helen marsh ", "HELEN MARSH"])
def test_a_person_is_found_by_name_or_alone(who: str | None, home: Home) -> None:
    assert read(home.path).unlock(who, home.password).person == home.manager


@pytest.mark.parametrize("who", ["Nobody Known", "Helen", "", "0000000000000", "recovery"])
def test_nobody_of_that_name_is_said_plainly(who: str, home: Home) -> None:
    with pytest.raises(NoSuchPerson) as caught:
        read(home.path).unlock(who, home.password)
    assert caught.value.code == "no-such-person"
    assert "Helen Marsh" not in str(caught.value)
    assert home.password not in str(caught.value)


def test_who_is_meant_must_be_clear(home: Home) -> None:
    for person, name in (("0P9X2Q7M4R2AA", "Tom Pascoe"), ("0P9X2Q7M4R3BB", "Tom Pascoe")):
        home.unlocked = admit(
            home.path,
            home.unlocked,
            person=person,
            name=name,
            role="carer",
            password=person,
            cost=home.cost,
        )
    for unclear in (None, "Tom Pascoe"):
        with pytest.raises(NoSuchPerson, match="not clear who you are"):
            read(home.path).unlock(unclear, home.password)
    assert read(home.path).unlock("0P9X2Q7M4R3BB", "0P9X2Q7M4R3BB").name == "Tom Pascoe"


@pytest.mark.parametrize("typed", ["Tea at ten", "tea at ten ", "x", "", " ", "\0", "\udcff"])
def test_another_password_is_wrong(typed: str, home: Home) -> None:
    with pytest.raises(WrongPassword) as caught:
        read(home.path).unlock(None, typed)
    assert caught.value.code == "wrong-password"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(("made", "typed"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])
def test_accents_may_be_composed_by_another_keyboard(
    made: str, typed: str, home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "other.json"
    create(
        path,
        home_id="h",
        person="p",
        name="Zoë",
        password=made,
        vault=home.vault,
        cost=home.cost,
    )
    assert read(path).unlock(None, typed).vault == home.vault
    assert read(path).unlock("Zoe\N{COMBINING DIAERESIS}", typed).name == "Zoë"


@pytest.mark.parametrize("password", ["", "  ", "\udcff"])
def test_a_home_needs_a_password(password: str, home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadPassword) as caught:
        create(
            tmp_path / "x.json",
            home_id="h",
            person="p",
            name="n",
            password=password,
            vault=home.vault,
            cost=home.cost,
        )
    assert caught.value.code == "bad-password"
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_person_needs_a_name(name: str, home: Home, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        create(
            tmp_path / "x.json",
            home_id="h",
            person="p",
            name=name,
            password="p",
            vault=home.vault,
            cost=home.cost,
        )
    assert caught.value.code == "bad-name"


@pytest.mark.parametrize(
    ("person", "role"), [("", "manager"), ("p", "carer"), ("recovery", "manager")]
)
def test_what_the_program_may_not_ask_is_our_fault(
    person: str, role: str, home: Home, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="person|recovery sheet"):  # noqa: RUF043
        create(
            tmp_path / "x.json",
            home_id="h",
            person=person,
            name="n",
            role=role,
            password="p",
            vault=home.vault,
            cost=home.cost,
        )


def test_a_home_is_never_made_over_another(home: Home) -> None:
    before = home.path.read_bytes()
    with pytest.raises(CannotWrite) as caught:
        create(
            home.path,
            home_id="h",
            person="p",
            name="n",
            password="p",
            vault=home.vault,
            cost=home.cost,
        )
    assert caught.value.code == "already-exists"
    assert home.path.read_bytes() == before


def test_the_recovery_key_opens_the_home(home: Home) -> None:
    for typed in (home.key, home.key.text, home.key.text.lower().replace(" ", "-")):
        unlocked = read(home.path).unlock_with_recovery(typed)
        assert unlocked.vault == home.vault
        assert unlocked.by_recovery
        assert unlocked.may_admit
        assert (unlocked.person, unlocked.role) == ("", "recovery")


def test_another_recovery_key_does_not(home: Home, make_home: MakeHome) -> None:
    other = make_home("2R6N9K4M8W3YB", folder="other")
    for key in (RecoveryKey.generate(), other.key.text):
        with pytest.raises(WrongRecoveryKey) as caught:
            read(home.path).unlock_with_recovery(key)
        assert caught.value.code == "wrong-recovery-key"
    # The same 160 bits in another home derive other keys.
    with pytest.raises(WrongRecoveryKey):
        read(other.path).unlock_with_recovery(home.key)


def test_a_typing_mistake_is_found_before_any_cryptography(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaison.security.keyfile.Identity", None)
    typed = home.key.text
    wrong = typed[:-1] + ("0" if typed[-1] != "0" else "1")
    with pytest.raises(BadRecoveryKey):
        read(home.path).unlock_with_recovery(wrong)


def test_a_folder_without_a_key_file_is_not_a_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "keys.json", tmp_path / "gone" / "keys.json", tmp_path / "file" / "k"):
        with pytest.raises(NoKeyFile) as caught:
            read(path)
        assert caught.value.code == "not-a-home"


def test_a_key_file_that_cannot_be_read_is_said_plainly(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(UnreadableKeyFile, match="Permission denied") as caught:
        read(home.path)
    assert caught.value.code == "cannot-read"


def test_a_backup_is_looked_at_without_a_file(home: Home) -> None:
    keys = read_bytes(read(home.path).data)
    assert keys.data == home.path.read_bytes() == home.unlocked.file.data
    assert keys.unlock(None, home.password).vault == home.vault


def test_no_secret_lies_in_the_file_in_the_clear(home: Home) -> None:
    stored = home.path.read_bytes()
    parts = json.loads(home.vault.encode())
    secrets = [
        home.password,
        *home.key.blocks[:2],
        parts["database"]["current"],
        parts["pc"]["signing"],
        parts["pc"]["exchange"],
        parts["blob_key"],
        parts["epochs"][0]["key"],
        "Office PC",
    ]
    # Four letters may stand in base64 by chance; the whole key may not.
    secrets[1:3] = [home.key.text, home.key.text.replace(" ", "")]
    for secret in secrets:
        assert secret.encode() not in stored


def test_no_secret_is_shown(home: Home) -> None:
    shown = f"{home.unlocked!r} {home.unlocked!s} {home.unlocked.vault!r} {home.unlocked.file!r}"
    shown += f"{home.unlocked.file.document!r} {home.unlocked.identity!r} {home.key!r}"
    for secret in (
        home.unlocked.vault_key,
        home.unlocked.identity.signing,
        home.vault.database.current,
        home.vault.blob_key,
    ):
        assert repr(secret) not in shown
        assert secret.hex() not in shown
    assert home.unlocked.person in repr(home.unlocked)


def test_two_homes_share_nothing(make_home: MakeHome) -> None:
    one, other = make_home(folder="one"), make_home(folder="other")
    assert one.unlocked.root != other.unlocked.root
    assert one.unlocked.vault_key != other.unlocked.vault_key
    first, second = (read(home.path).document.slots[home.manager] for home in (one, other))
    assert first["kdf"] != second["kdf"]


def test_the_database_knows_its_key_file(home: Home, make_home: MakeHome) -> None:
    unlocked = home.unlocked
    unlocked.check_belongs(unlocked.home_id, unlocked.root, unlocked.generation)
    unlocked.check_belongs(unlocked.home_id, unlocked.root, 0)
    twin = make_home(folder="twin")
    checks: list[tuple[Callable[[], None], type[UserError], str]] = [
        (
            lambda: unlocked.check_belongs("other", unlocked.root, 1),
            ForeignKeyFile,
            "foreign-key-file",
        ),
        # Somebody made a key file of their own, for this home's id.
        (
            lambda: twin.unlocked.check_belongs(unlocked.home_id, unlocked.root, 1),
            ForeignKeyFile,
            "foreign-key-file",
        ),
        (
            lambda: unlocked.check_belongs(unlocked.home_id, unlocked.root, 2),
            OlderKeyFile,
            "older-key-file",
        ),
    ]
    for check, error, code in checks:
        with pytest.raises(error) as caught:
            check()
        assert caught.value.code == code


def test_a_vault_of_many_epochs_fits(home: Home, tmp_path: Path) -> None:
    big = Vault.generate("Office PC", tag=1)
    big = type(big)(big.database, big.pc, big.tag, big.incarnation, big.epochs * 500, big.blob_key)
    path = tmp_path / "big.json"
    create(path, home_id="h", person="p", name="n", password="p", vault=big, cost=home.cost)
    assert read(path).unlock(None, "p").vault == big
