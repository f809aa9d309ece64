"""The outside mark: a database that went back in time is noticed, and nothing else is."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import Final

import pytest

from liaison.errors import UserError
from liaison.records.directory import Service
from liaison.store import mark
from liaison.store.mark import FILE_NAME, Head, Loss, Mark
from liaison.store.store import Store
from tests.store.children import HEAD, child
from tests.store.conftest import KEY, FakeClock, MakeStore, add, reopened, signer_of

HEAD_OF: Final = Head(5, 7, "2026-11-23T09:00:00Z+00:00", b"h" * 32)


def again(path: Path) -> Store:
    return Store(path, KEY, signer_of(5))


def of(store: Store) -> Path:
    return store.path.with_name(FILE_NAME)


# ---- the file


def test_the_newest_of_both_places_is_read(tmp_path: Path) -> None:
    kept = Mark(tmp_path / FILE_NAME, "home")
    assert kept.read() is None
    kept.begin(Head(5, 0, "", bytes(32)))
    assert kept.read() == Head(5, 0, "", bytes(32))
    for seq in (1, 2, 3):
        kept.write(Head(5, seq, "", bytes([seq]) * 32))
        assert kept.read() == Head(5, seq, "", bytes([seq]) * 32)
    kept.close()
    assert kept.trouble == ""
    assert Mark(tmp_path / FILE_NAME, "another home").read() is None


def test_a_torn_place_leaves_the_one_before(tmp_path: Path, *, full_faults: bool) -> None:
    path = tmp_path / FILE_NAME
    kept = Mark(path, "home")
    kept.begin(HEAD_OF)
    kept.write(Head(5, 8, HEAD_OF.at, b"i" * 32))
    kept.write(Head(5, 9, HEAD_OF.at, b"j" * 32))
    kept.write(Head(5, 10, HEAD_OF.at, b"k" * 32))
    kept.close()
    good = path.read_bytes()
    # 10 lies in the first place, 9 in the second
    for place in range(0, 8 * 138, 1 if full_faults else 37):
        data = bytearray(good)
        data[place // 8] ^= 1 << place % 8
        path.write_bytes(data)
        assert kept.read() == Head(5, 9, HEAD_OF.at, b"j" * 32)
    path.write_bytes(good[:4096])
    found = kept.read()
    assert found is not None
    assert found.seq == 10
    path.write_bytes(b"")
    assert kept.read() is None


def test_beginning_anew_forgets_what_was_farther(tmp_path: Path) -> None:
    kept = Mark(tmp_path / FILE_NAME, "home")
    kept.begin(Head(5, 9, "", b"i" * 32))
    kept.write(Head(5, 10, "", b"j" * 32))
    kept.begin(HEAD_OF)
    assert kept.read() == HEAD_OF
    kept.begin(Head(5, 6, "", bytes(32)))
    assert kept.read() == Head(5, 6, "", bytes(32))
    kept.close()


def test_a_mark_that_cannot_be_kept_stops_no_save(store: Store, tmp_path: Path) -> None:
    store.close()
    of(store).unlink()
    # a folder of that name: it can neither be read nor written
    of(store).mkdir()
    with again(store.path) as home:
        assert add(home, Service(name="kept"))
        assert home.mark.trouble
        assert home.loss is None


# ---- nothing is said without reason


def test_the_mark_follows_every_save_and_says_nothing(store: Store) -> None:
    for number in range(5):
        add(store, Service(name=f"{number}"))
        here = mark.head_of(store.connection, 5)
        assert store.mark.read() == here
        assert here is not None
        assert here.seq == number + 2
    home = reopened(store)
    assert home.loss is None
    home.close()


def test_several_units_of_one_transaction_count_once_they_are_on_the_disk(store: Store) -> None:
    before = store.mark.read()

    def fail() -> None:
        with store.together():
            add(store, Service(name="one"))
            assert store.mark.read() == before
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.mark.read() == before
    with store.together():
        add(store, Service(name="one"))
        add(store, Service(name="two"))
        assert store.mark.read() == before
    assert store.mark.read() == mark.head_of(store.connection, 5)
    home = reopened(store)
    assert home.loss is None
    home.close()


def test_what_is_together_inside_another_is_noted_once_all_of_it_is_on_the_disk(
    store: Store,
) -> None:
    before = store.mark.read()
    with store.together():
        add(store, Service(name="one"))
        with store.together():
            add(store, Service(name="two"))
        assert store.mark.read() == before
        with store.together():
            # nothing of it is written: what was before it is noted all the same
            pass
    marked = store.mark.read()
    assert marked is not None
    assert marked == mark.head_of(store.connection, marked.tag)


def test_of_what_was_taken_back_nothing_is_noted(store: Store) -> None:
    def fail() -> None:
        with store.together():
            add(store, Service(name="taken back"))
            raise RuntimeError

    with store.together():
        add(store, Service(name="kept"))
        with contextlib.suppress(RuntimeError):
            fail()
    home = reopened(store)
    marked = home.mark.read()
    assert home.loss is None
    assert marked is not None
    assert marked == mark.head_of(home.connection, marked.tag)
    home.close()


def test_two_programs_on_one_home_miss_nothing(store: Store) -> None:
    with again(store.path) as other:
        for number in range(4):
            add(store, Service(name=f"a{number}"))
            add(other, Service(name=f"b{number}"))
            with again(store.path) as third:
                assert third.loss is None
    home = reopened(store)
    assert home.loss is None
    home.close()


def test_a_home_without_a_mark_gets_one(store: Store) -> None:
    store.close()
    of(store).unlink()
    with again(store.path) as home:
        assert home.loss is None
        assert home.mark.read() == mark.head_of(home.connection, 5)


def test_a_new_incarnation_begins_its_own_mark(store: Store) -> None:
    replica = store.new_incarnation(b"k" * 32, 1, 1)
    found = store.mark.read()
    assert found is not None
    assert (found.tag, found.seq) == (replica.tag, 0)
    # signed by the same key: this PC goes on
    store.mark.close()


# ---- what went back in time


def test_an_older_copy_is_noticed_and_nothing_is_written(
    store: Store, tmp_path: Path, clock: FakeClock
) -> None:
    store.close()
    older = shutil.copy(store.path, tmp_path / "older")
    clock.advance(hours=5, minutes=20)
    with Store(store.path, KEY, signer_of(5), clock=clock) as home:
        add(home, Service(name="one"))
        add(home, Service(name="two"))
        add(home, Service(name="three"))
    shutil.copy(older, store.path)
    before = store.path.read_bytes()
    home = again(store.path)
    assert home.loss == Loss(3, "2026-11-23T09:00:00Z+00:00", "2026-11-23T14:20:00Z+00:00")
    with pytest.raises(UserError) as caught:
        add(home, Service(name="four"))
    assert caught.value.code == "changes-missing"
    assert caught.value.what.startswith(
        "3 saves are missing from this home's database; what was written up to "
        "Mon 23 Nov 2026, 09:00 is there. The newest of it was written on "
        "Mon 23 Nov 2026, 14:20."
    )
    with pytest.raises(UserError), home.writing():
        pass
    home.see_generation(99)
    assert home.get("person", 0) is None, "what is there can be read"
    home.close()
    assert store.path.read_bytes() == before
    # it is said at every opening, until somebody decides
    with again(store.path) as home:
        assert home.loss is not None
        home.accept_loss()
        add(home, Service(name="four"))
    with again(store.path) as home:
        assert home.loss is None


def test_an_older_copy_that_somebody_went_on_with_is_noticed(store: Store, tmp_path: Path) -> None:
    store.close()
    shutil.copytree(store.path.parent, tmp_path / "elsewhere")
    with again(store.path) as home:
        add(home, Service(name="here"))
    with again(tmp_path / "elsewhere" / store.path.name) as home:
        add(home, Service(name="there"))
        add(home, Service(name="there too"))
    shutil.copy(tmp_path / "elsewhere" / store.path.name, store.path)
    with again(store.path) as home:
        assert home.loss is not None
        assert home.loss.saves is None
        assert "older copy" in home.loss.words


def test_a_database_that_never_knew_this_life_of_the_pc_is_noticed(
    store: Store, tmp_path: Path
) -> None:
    store.close()
    older = shutil.copy(store.path, tmp_path / "older")
    with again(store.path) as home:
        home.new_incarnation(signer_of(5).public_key().public_bytes_raw(), 1, 1)
        add(home, Service(name="in the new life"))
    shutil.copy(older, store.path)
    with again(store.path) as home:
        assert home.loss is not None
        assert home.loss.saves is None


SAVING: Final = """
home = Store(Path(sys.argv[1]), KEY, signer_of(5))
for number in range(12):
    with home.unit(1) as work:
        work.add(Service(name=f"x{number}"))
print("saved", flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a killed process leaves its log there too")
def test_a_write_ahead_log_that_silently_ends_early_is_noticed(
    make_store: MakeStore, *, full_faults: bool
) -> None:
    """SQLite takes the log up to the first frame whose sum is wrong, and says nothing."""
    store = make_store(folder="torn")
    store.close()
    with child(HEAD + SAVING, store.path) as process:
        assert process.stdout
        assert process.stdout.readline() == "saved\n", process.communicate()[1]
        process.kill()
        process.wait()
    log = store.path.with_name(f"{store.path.name}-wal")
    files = (store.path, log, of(store))
    good = [file.read_bytes() for file in files]
    places = range(40, len(good[1]), 4_001 if full_faults else 60_013)
    noticed = 0
    for place in places:
        for file, data in zip(files, good, strict=True):
            file.write_bytes(data)
        store.path.with_name(f"{store.path.name}-shm").unlink(missing_ok=True)
        wrong = bytearray(good[1])
        wrong[place] ^= 1
        log.write_bytes(wrong)
        with again(store.path) as home:
            (there,) = home.connection.execute("SELECT count(*) FROM service").fetchone()
            if there == 12:
                assert home.loss is None
            else:
                assert home.loss is not None
                assert home.loss.saves == 12 - there
                noticed += 1
    assert noticed >= len(places) - 1
    # and one that was cut off, or is gone
    for length in (0, 32, len(good[1]) // 2):
        for file, data in zip(files, good, strict=True):
            file.write_bytes(data)
        os.truncate(log, length)
        with again(store.path) as home:
            assert home.loss is not None
