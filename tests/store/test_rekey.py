"""A database gets another key: all of it or nothing, whatever happens in between."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from liaison.records.casework import Concern
from liaison.store import driver, rekeying
from liaison.store.driver import DatabaseTrouble, WrongKey
from liaison.store.store import Store
from liaison.store.verify import verify
from tests.store.children import child
from tests.store.conftest import KEY, MakeStore, add

NEW = bytes(range(100, 132))


def filled(make_store: MakeStore) -> Path:
    store = make_store()
    for number in range(40):
        add(store, Concern(resident=1, situation=f"willow {number} " * 200))
    store.close()
    return store.path


def opens_with(path: Path, key: bytes) -> bool:
    try:
        driver.connect(path, key).close()
    except WrongKey:
        return False
    return True


def test_only_the_new_key_opens_it_and_all_is_there(make_store: MakeStore) -> None:
    path = filled(make_store)
    rekeying.rekey(path, KEY, NEW)
    assert not opens_with(path, KEY)
    with Store(path, NEW) as store:
        assert not verify(store).damage
        assert store.connection.execute("SELECT count(*) FROM concern").fetchone() == (40,)
    # it goes on as before: with a write-ahead log
    connection = driver.connect(path, NEW)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_another_open_program_keeps_the_old_key(make_store: MakeStore) -> None:
    path = filled(make_store)
    other = driver.connect(path, KEY)
    other.execute("SELECT count(*) FROM concern").fetchone()
    with pytest.raises(DatabaseTrouble) as caught:
        rekeying.rekey(path, KEY, NEW)
    assert caught.value.code == "busy"
    assert other.execute("SELECT count(*) FROM concern").fetchone() == (40,)
    other.close()
    assert opens_with(path, KEY)


def test_neither_key_is_told_when_it_fails(make_store: MakeStore) -> None:
    path = filled(make_store)
    with pytest.raises(WrongKey) as caught:
        rekeying.rekey(path, NEW, KEY)
    told = f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    assert KEY.hex() not in told
    assert NEW.hex() not in told
    assert opens_with(path, KEY)


_CHILD = """
import sys
from pathlib import Path
from liaison.store import driver, rekeying
keys = [bytes.fromhex(text) for text in sys.argv[2:4]]
driver.connect(Path(sys.argv[1]), keys[0]).close()
print("ready", flush=True)
rekeying.rekey(Path(sys.argv[1]), *keys)
print("done", flush=True)
"""


def test_killed_at_any_moment_one_of_the_keys_opens_it_whole(
    make_store: MakeStore, *, full_faults: bool
) -> None:
    path = filled(make_store)
    started = time.perf_counter()
    rekeying.rekey(path, KEY, NEW)
    takes = time.perf_counter() - started
    keys = [NEW, KEY]
    ends = set()
    for turn in range(300 if full_faults else 25):
        with subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(path), keys[0].hex(), keys[1].hex()],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            # a different moment each time, from the first page to the last; the first few at once,
            # however long the undisturbed one was kept waiting
            until = time.perf_counter() + takes * max(0, turn % 25 - 3) / 12
            while time.perf_counter() < until and turn:
                pass
            if not turn:
                # one that comes to its end, however slow this PC is just now
                assert child.stdout.readline() == "done\n"
            child.kill()
        which = [opens_with(path, key) for key in keys]
        assert sorted(which) == [False, True]
        ends.add(which[1])
        if which[1]:
            keys.reverse()
        with Store(path, keys[0]) as store:
            assert store.connection.execute("SELECT count(*) FROM concern").fetchone() == (40,)
            assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert ends == {False, True}


def test_what_fails_halfway_leaves_the_old_key_and_nothing_beside_it(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(make_store)
    before = path.read_bytes()

    def fail(copy: Path, _key: bytes) -> None:
        assert copy.stat().st_size > len(before) // 2
        raise driver.busy()

    with monkeypatch.context() as patched:
        patched.setattr(rekeying, "_check", fail)
        with pytest.raises(DatabaseTrouble):
            rekeying.rekey(path, KEY, NEW)
    assert [file.name for file in path.parent.iterdir() if file.suffix != ".mark"] == [path.name]
    with Store(path, KEY) as store:
        assert not verify(store).damage
    rekeying.rekey(path, KEY, NEW)
    assert opens_with(path, NEW)


_WAITING = """
import sys
from tests.store.conftest import *
from liaison.errors import UserError
from liaison.store import driver
unlock = driver._unlock
def later(connection, key):
    print("opened", flush=True)
    sys.stdin.readline()
    unlock(connection, key)
driver._unlock = later
try:
    Store(Path(sys.argv[1]), KEY, signer_of(5))
    print("came in")
except UserError as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_who_had_the_file_open_already_writes_nothing_into_the_old_one(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(make_store)
    check = rekeying._check
    with child(_WAITING, path) as waiting:
        assert waiting.stdout is not None

        def wait(copy: Path, key: bytes) -> None:
            assert waiting.stdout is not None
            assert waiting.stdout.readline() == "opened\n"
            check(copy, key)

        monkeypatch.setattr(rekeying, "_check", wait)
        rekeying.rekey(path, KEY, NEW)
        out, err = waiting.communicate("\n", timeout=60)
    assert out == "damaged-database\n", err
    assert opens_with(path, NEW)
