"""A home that meets in an object store, by the command line: set up, joined, moved, given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.services import object_storage
from tests import homes as made
from tests.cli.conftest import Cli
from tests.sync.bad_link import PORTAL, Answer, BadLink
from tests.sync.real_store import RealStore


@pytest.fixture
def key_file(real_store: RealStore, tmp_path: Path) -> Path:
    """Give the key as a person is given it."""
    file = tmp_path / "key.txt"
    key = real_store.key
    file.write_text(f"access_key_id = {key.access}\nsecret_access_key = {key.secret}\n")
    return file


def url(real: RealStore, endpoint: str = "") -> str:
    place = real.access(endpoint=endpoint or None).place
    return f"{place.endpoint}/{place.bucket}/{place.prefix}"


def test_a_second_pc_joins_with_nothing_typed_and_both_follow_each_other(
    cli: Cli,
    real_store: RealStore,
    key_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    address = url(real_store)
    said = cli.json("sync", "setup", "s3", address, "--credentials", str(key_file))
    assert said["storage"] == address.removeprefix("http://")
    assert len(said["tested"]) == 3
    elsewhere = cli.error("sync", "setup", "s3", f"{address}/b", "--credentials", str(key_file))
    assert elsewhere["code"] == "other-place"
    key_file.unlink()
    cli.add("resident", "name=Margaret Ellis")
    assert cli.json("sync", "now")["sent"] >= 1
    invitation = tmp_path / "invitation.json"
    words = cli("pc", "invite", "--out", str(invitation)).out
    assert "key to the store" in words
    station = Cli(tmp_path / "station", capsys)
    asked = station.json("pc", "join", str(invitation), "--name", "Station")
    assert asked["state"] == "waiting"
    cli("pc", "approve", asked["digits"])
    joined = station.json("pc", "join", str(invitation))
    assert joined["state"] == "joined"
    station.add("resident", "name=John Hill")
    station("sync", "now")
    cli("sync", "now")
    names = {one["name"] for one in cli.json("list", "resident")}
    assert names == {"Margaret Ellis", "John Hill"}
    assert station.json("sync", "status")["storage"] == said["storage"]
    share = tmp_path / "share"
    share.mkdir()
    cli("sync", "setup", "folder", str(share))
    behind = cli.error("sync", "setup", "leave", "s3")
    assert behind["code"] == "left-behind"
    assert "“Station” has not said yet that it goes by the folder" in behind["message"]
    # the store is the place that the station knows
    cli("sync", "setup", "leave", "folder")
    told = cli("pc", "remove", "Station", "--reason", "Lost on a bus.").out
    assert "have the key changed" in told
    assert made.words_in(tmp_path / "station", real_store.key.secret) == []
    assert made.words_in(cli.home, real_store.key.secret) == []


def test_the_words_alone_need_the_store_or_the_folder_to_be_named(
    cli: Cli,
    real_store: RealStore,
    key_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    where = ("--s3", url(real_store), "--credentials", str(key_file))
    cli("sync", "setup", "s3", where[1], *where[2:])
    assert "(--s3, --credentials)" in cli("pc", "invite").out
    words = cli.json("pc", "invite")["words"].split()
    station = Cli(tmp_path / "station", capsys)
    assert station.error("pc", "join", *words)["code"] == "no-storage"
    station.error("pc", "join", *words, *where[:2], code=2)
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(f"{key_file.read_text().rstrip()}x")
    error = station.error("pc", "join", *words, *where[:3], str(wrong))
    # there is no home here whose settings could hold a key, or that could send anything later
    assert error["code"] == "store-key-wrong"
    assert error["message"].endswith("Copy both halves of the key again.")
    assert error["kept"].startswith("No home was made on this PC yet.")
    assert station.json("pc", "join", *words, *where)["state"] == "waiting"


def test_a_home_goes_by_both_places_while_it_moves(
    cli: Cli, real_store: RealStore, key_file: Path, tmp_path: Path
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    cli("sync", "setup", "folder", str(share))
    cli.add("resident", "name=Margaret Ellis")
    cli("sync", "now")
    said = cli("sync", "setup", "s3", url(real_store), "--credentials", str(key_file)).out
    assert "both places" in said
    told = cli("sync", "now").out
    assert "lost" not in told
    in_folder = {path.name for path in share.rglob("*.seg")}
    with made.unlock(cli.home) as home:
        store = object_storage.opened(home)
        assert store is not None
        assert {
            name.rsplit("/", 1)[1] for name in store.list("v1/") if name.endswith(".seg")
        } == in_folder
    assert str(share) not in cli.json("sync", "setup", "leave", "folder")["storage"]
    assert cli.error("sync", "setup", "leave", "s3")["code"] == "only-storage"
    cli("sync", "setup", "folder", str(share))
    cli("sync", "setup", "leave", "s3")
    cli("sync", "now")
    with made.unlock(cli.home) as home:
        assert object_storage.opened(home) is None


def test_a_store_that_fails_the_test_is_told_with_the_step_and_changes_nothing(
    cli: Cli, real_store: RealStore, key_file: Path, link: BadLink, tmp_path: Path
) -> None:
    link.always = Answer(200, PORTAL, "text/html")
    over = url(real_store, link.endpoint)
    error = cli.error("sync", "setup", "s3", over, "--credentials", str(key_file))
    assert error["code"] == "store-web-page"
    assert "write a small file" in error["message"]
    assert cli.json("sync", "status")["storage"] is None
    reader = tmp_path / "reader.txt"
    reader.write_text(
        f"key id = {real_store.reader.access}\nsecret key = {real_store.reader.secret}\n"
    )
    error = cli.error("sync", "setup", "s3", url(real_store), "--credentials", str(reader))
    assert error["code"] == "store-not-allowed"
    assert cli.json("sync", "status")["storage"] is None


@pytest.mark.parametrize(
    ("address", "content", "code"),
    [
        ("http://store.example.org/homes", None, "store-not-encrypted"),
        ("store.example.org", None, "store-address"),
        ("https://a:hidden@store.example.org/homes", None, "store-key-in-address"),
        ("https://store.example.org/homes", "hidden", "store-key"),
    ],
)
def test_what_cannot_be_a_store_is_refused_before_anything_is_asked(
    cli: Cli, tmp_path: Path, address: str, content: str | None, code: str
) -> None:
    file = tmp_path / "key.txt"
    file.write_text(content or "access_key_id=a\nsecret_access_key=b\n")
    error = cli.error("sync", "setup", "s3", address, "--credentials", str(file))
    assert error["code"] == code
    assert "hidden" not in str(error)


def test_a_store_that_is_away_leaves_everything_waiting(
    cli: Cli, real_store: RealStore, key_file: Path, link: BadLink
) -> None:
    over = url(real_store, link.endpoint)
    cli("sync", "setup", "s3", over, "--credentials", str(key_file))
    cli.add("resident", "name=Margaret Ellis")
    link.always = Answer(403, PORTAL, "text/html")
    error = cli.error("sync", "now")
    assert error["code"] == "store-web-page"
    assert error["kept"]
    # a command that is over tries nothing again
    link.always = Answer(503, b"", "text/plain")
    said = cli.error("sync", "now")["message"]
    assert "by itself" not in said
    assert "Try it again in a moment." in said
    link.always = Answer(403, b"<Code>SignatureDoesNotMatch</Code>", "application/xml")
    said = cli.error("sync", "now")["message"]
    assert "Settings, Other PCs" in said
    assert "liaison sync setup s3" in said
    link.always = None
    assert cli.json("sync", "now")["sent"] >= 1
