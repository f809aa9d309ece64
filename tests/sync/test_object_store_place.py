"""Addresses and keys of stores, as people paste them and programs write them."""

from __future__ import annotations

import json

import pytest

from liaison.errors import UserError
from liaison.sync.object_store_place import (
    Access,
    Credentials,
    Place,
    UnusableAddress,
    place_from_url,
    read_credentials,
)

PEM = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("pasted", "place"),
    [
        ("https://store.example.org/homes", Place("https://store.example.org", "homes")),
        (
            " https://Store.example.org:9000/homes/elm-house/ ",
            Place("https://store.example.org:9000", "homes", "elm-house"),
        ),
        (
            "https://s3.eu-west-2.amazonaws.com/homes/a/b",
            Place("https://s3.eu-west-2.amazonaws.com", "homes", "a/b", "eu-west-2"),
        ),
        (
            "https://store.example.org/homes?region=nl-ams",
            Place("https://store.example.org", "homes", region="nl-ams"),
        ),
        ("http://127.0.0.1:8333/homes", Place("http://127.0.0.1:8333", "homes")),
        ("http://localhost/homes", Place("http://localhost", "homes")),
        ("http://[::1]:9/homes", Place("http://[::1]:9", "homes")),
    ],
)
def test_an_address_is_read_as_it_is_pasted(pasted: str, place: Place) -> None:
    assert place_from_url(pasted) == place


def test_what_is_shown_of_a_place_is_what_a_person_knows() -> None:
    place = place_from_url("https://store.example.org/homes/elm-house?region=nl-ams")
    assert place.shown == "store.example.org/homes/elm-house"


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("", "store-address"),
        ("store.example.org/homes", "store-address"),
        ("ftp://store.example.org/homes", "store-address"),
        ("https://", "store-address"),
        ("https://store.example.org", "store-address"),
        ("https://store.example.org/", "store-address"),
        ("https://store.example.org/No Bucket", "store-address"),
        ("https://store.example.org/homes/../other", "store-address"),
        ("https://store.example.org/homes/a//b", "store-address"),
        ("https://store.example.org/homes/%00", "store-address"),
        ("https://store.example.org:99999/homes", "store-address"),
        ("https://[broken/homes", "store-address"),
        ("https://store.example.org/homes?key=abc", "store-address"),
        ("https://store.example.org/homes?region=a b", "store-address"),
        ("https://store.example.org/homes#part", "store-address"),
        ("http://store.example.org/homes", "store-not-encrypted"),
        ("http://127.0.0.1.example.org/homes", "store-not-encrypted"),
        ("https://id:hidden-half@store.example.org/homes", "store-key-in-address"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_in_plain_words(pasted: str, code: str) -> None:
    with pytest.raises(UserError) as told:
        place_from_url(pasted)
    assert told.value.code == code
    assert told.value.do or code == "store-not-encrypted"
    assert "hidden-half" not in str(told.value)


def test_a_connection_without_encryption_must_be_asked_for() -> None:
    place = place_from_url("http://10.0.0.7:8333/homes", plain=True)
    assert place.endpoint == "http://10.0.0.7:8333"


@pytest.mark.parametrize(
    "text",
    [
        "access_key_id = AKIA1\nsecret_access_key = s3/cr+et=\n",
        "[default]\naws_access_key_id=AKIA1\naws_secret_access_key=s3/cr+et=\n",
        "S3_ACCESS_KEY=AKIA1\nS3_SECRET_KEY=s3/cr+et=\n",
        "\ufeffAccess key ID,Secret access key\r\nAKIA1,s3/cr+et=\r\n",
        json.dumps({"accessKey": "AKIA1", "secretKey": "s3/cr+et=", "url": 1}),
        "keyID = AKIA1\napplicationKey = s3/cr+et=\n",
        "# from the council\naccess_key_id = AKIA1\n; note\nsecret_access_key = s3/cr+et=",
    ],
)
def test_a_key_is_read_from_the_files_that_stores_give_out(text: str) -> None:
    assert read_credentials(text.encode()) == Credentials("AKIA1", "s3/cr+et=")


def test_a_passing_key_keeps_its_token() -> None:
    text = b"access_key_id=a\nsecret_access_key=b\nsession_token=c"
    assert read_credentials(text).token == "c"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hidden-half",
        b"access_key_id = hidden-half",
        b"\xff\xfe\x00h\x00i",
        b"PK\x03\x04hidden-half",
        b"[one]\naccess_key_id=a\nsecret_access_key=hidden-half\n[two]\naccess_key_id=c\nsecret_access_key=d",
        b"access_key_id=a\nsecret_access_key=hidden half",
        "access_key_id=a\nsecret_access_key=hidden-half£".encode(),
        b"[" * 100_000,
        b"access_key_id=a\nsecret_access_key=b\n" + b"#" * 300_000,
    ],
)
def test_a_file_without_one_key_is_refused_and_not_repeated(data: bytes) -> None:
    with pytest.raises(UserError) as told:
        read_credentials(data)
    assert told.value.code == "store-key"
    assert "hidden" not in str(told.value)


def test_a_certificate_must_look_like_one() -> None:
    assert place_from_url("https://store.example.org/homes", authority=PEM).authority == PEM
    with pytest.raises(UnusableAddress, match="not a certificate"):
        place_from_url("https://store.example.org/homes", authority="MA==")


def test_what_the_vault_keeps_comes_back_and_members_of_a_newer_liaison_are_passed_over() -> None:
    access = Access(
        Place("https://store.example.org", "homes", "elm", "nl-ams", PEM, plain=True),
        Credentials("a", "b", "c"),
        refuses_overwriting=True,
        while_locked=True,
    )
    kept = json.loads(json.dumps({**access.encode(), "newer": 1}))
    assert Access.decode(kept) == access


@pytest.mark.parametrize(
    "broken", [{}, {"endpoint": 7}, {"endpoint": "https://a.example", "bucket": []}]
)
def test_what_the_vault_cannot_have_kept_is_told(broken: dict[str, object]) -> None:
    with pytest.raises(UserError):
        Access.decode(broken)
