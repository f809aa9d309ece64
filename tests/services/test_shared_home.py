"""Several accounts of one PC use one home: what the files' permissions must be for that.

``docs/security.md`` says how a folder is shared. Where the tests do not run as the system's
administrator they can only look at the permissions, not take another account's place.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from liaison.files import replace_file, write_new_file
from liaison.records.directory import Contact
from liaison.security.throttle import FILE_NAME as ATTEMPTS
from liaison.security.throttle import Throttle
from liaison.services import editing, people
from liaison.services.homes import OpenHome
from liaison.store import query
from tests import homes as made

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows shares a folder by other means")

NEW = "kettle on the third shelf"
_GROUP = 42_000


def share(folder: Path, group: int | None = None) -> None:
    """Share a home as docs/security.md says."""
    for path in (folder, *folder.iterdir()):
        if group is not None:
            os.chown(path, -1, group)
        path.chmod(0o2770 if path.is_dir() else 0o660)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def narrow_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("narrow_umask")
def test_in_a_shared_folder_the_group_may_read_what_is_written_anew(folder: Path) -> None:
    share(folder)
    with made.unlock(folder) as home:
        editing.add(home, Contact(name="Dr Shah"))
        people.replace_password(home, NEW, cost=made.CHEAP)
        beside = {path.name: mode(path) for path in folder.iterdir()}
    Throttle(folder).failed("recovery")
    beside |= {path.name: mode(path) for path in folder.iterdir()}
    assert {made.KEYS, made.DATABASE, f"{made.DATABASE}-wal", ATTEMPTS} <= beside.keys()
    assert set(beside.values()) == {0o660}


@pytest.mark.usefixtures("narrow_umask")
def test_in_any_other_folder_files_are_their_owners_alone(folder: Path) -> None:
    # the group may write, but nobody gave the folder to it: many systems begin so
    folder.chmod(0o770)
    with made.unlock(folder) as home:
        people.replace_password(home, NEW, cost=made.CHEAP)
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    replace_file(folder / "x", b"")
    assert mode(folder / "x") == 0o600


def test_a_secret_in_a_new_file_is_never_the_groups(tmp_path: Path) -> None:
    tmp_path.chmod(0o2770)
    write_new_file(tmp_path / "recovery.txt", b"")
    assert mode(tmp_path / "recovery.txt") == 0o600


@contextlib.contextmanager
def account(number: int) -> Iterator[None]:
    """Be another account of the PC, of the same group."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(_GROUP)
    os.seteuid(number)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() != 0, reason="only the administrator can be somebody else"
)
def test_two_accounts_use_one_home_in_turn_and_at_once(pattern: Path) -> None:
    # the tests' own folder is closed to other accounts
    place = Path(tempfile.mkdtemp(prefix="shared-"))
    try:
        place.chmod(0o755)
        folder = made.copy(pattern, place / "home")
        share(folder, _GROUP)
        with made.unlock(folder):
            # whatever is loaded late is loaded now: another account may not read this Python
            pass
        password = made.PASSWORD
        for number, (who, new) in enumerate(((42_001, NEW), (42_002, NEW + " too"), (42_001, NEW))):
            with account(who), made.unlock(folder, password) as home:
                editing.add(home, Contact(name=f"Contact {number}"))
                people.replace_password(home, new, cost=made.CHEAP)
                assert _contacts(home) == number + 1
            password = new
        with account(42_001), made.unlock(folder, password) as one:
            os.seteuid(0)
            os.seteuid(42_002)
            with made.unlock(folder, password) as other:
                editing.add(other, Contact(name="At once"))
            assert _contacts(one) == 4
        # outside the group nobody comes in
        os.seteuid(42_003)
        try:
            with pytest.raises(PermissionError):
                list(folder.iterdir())
        finally:
            os.seteuid(0)
    finally:
        shutil.rmtree(place)


def _contacts(home: OpenHome) -> int:
    return len(list(query.every(home.store, query.Query("contact"))))
