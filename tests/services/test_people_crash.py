"""A crash at every step of every change of who may sign in leaves what docs/security.md promises.

The program ends just before or just after each write: the home's log, the key file, the database's
new key. (``tests/faults`` kills it inside the writes.)
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from liaison import security
from liaison.errors import UserError
from liaison.files import CannotWrite, replace_file
from liaison.records import ids
from liaison.records.administration import Person
from liaison.security import RecoveryKey, change
from liaison.services import homes, people, recovery
from liaison.services.homes import OpenHome
from liaison.services.people import State
from liaison.store import rekeying
from liaison.store.verify import verify
from tests import homes as made

PRIYA: Final = "Priya Nair"
OLD: Final = "kettle on the third shelf"
NEW: Final = "rushes by the running water"


class Crash(BaseException):
    """The program ends here."""


class Steps:
    """Counts the writes of an operation and ends the program before or after one of them.

    Args:
        at: The number of the write, from 0; None to only count.
        after: Whether it is done first.
    """

    def __init__(self, at: int | None = None, *, after: bool = False) -> None:
        self.count = 0
        self._at = at
        self._after = after

    def around(self, write: Callable[..., Any]) -> Callable[..., Any]:
        """Return a write that the program may not survive."""

        def step(*words: Any, **more: Any) -> Any:
            mine, self.count = self.count, self.count + 1
            if mine == self._at and not self._after:
                raise Crash
            result = write(*words, **more)
            if mine == self._at:
                raise Crash
            return result

        return step

    def stand_in(self) -> Callable[..., Any]:
        """Return what stands for ``OpenHome.unit``: the write is its commit."""

        @contextlib.contextmanager
        def unit(home: OpenHome, *words: Any, **more: Any) -> Iterator[Any]:
            mine, self.count = self.count, self.count + 1
            with _unit(home, *words, **more) as opened:
                yield opened
                if mine == self._at and not self._after:
                    raise Crash
            if mine == self._at:
                raise Crash

        return unit


_unit = OpenHome.unit


@dataclasses.dataclass
class Pattern:
    """A home with a carer, and its recovery key."""

    folder: Path
    key: RecoveryKey
    priya: int


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Pattern:
    home, key = made.make(tmp_path_factory.mktemp("crash") / "home")
    with home:
        priya = people.add(home, Person(name=PRIYA, role="carer"), OLD, cost=made.CHEAP)
        return Pattern(home.folder, key, priya)


Operation = Callable[[OpenHome, Pattern], object]
OPERATIONS: Final[dict[str, tuple[Operation, int]]] = {
    # what is done, and how many writes it takes
    "add": (
        lambda h, _: people.add(h, Person(name="Sam", role="carer"), NEW, cost=made.CHEAP), 2),
    "password": (lambda h, _: people.replace_password(h, NEW, cost=made.CHEAP), 1),
    "temporary": (lambda h, p: people.give_password(h, p.priya, NEW, cost=made.CHEAP), 1),
    "appoint": (lambda h, p: people.appoint(h, p.priya, name="Priya Jones", role="senior"), 2),
    "suspend": (lambda h, p: people.suspend(h, p.priya, "Away."), 2),
    "remove": (lambda h, p: people.remove(h, p.priya, "Left us."), 4),
    "sheet": (lambda h, _: recovery.new_sheet(h), 1),
}  # fmt: skip
CASES: Final = [
    (name, at, after)
    for name, (_, writes) in OPERATIONS.items()
    for at in range(writes)
    for after in (False, True)
]


def run(
    pattern: Pattern, folder: Path, steps: Steps, work: Operation, patch: pytest.MonkeyPatch
) -> None:
    """Do something as the manager, up to the crash."""
    home = made.unlock(made.copy(pattern.folder, folder), person=made.MANAGER)
    with patch.context() as patched:
        patched.setattr(OpenHome, "unit", steps.stand_in())
        patched.setattr(change, "replace_file", steps.around(replace_file))
        patched.setattr(rekeying, "rekey", steps.around(rekeying.rekey))
        with contextlib.suppress(Crash):
            work(home, pattern)
    # nobody tidies up: the connection goes as it does with the process
    home.store.connection.close()


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_write_of_the_operation_is_a_step(
    name: str, pattern: Pattern, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, writes = OPERATIONS[name]
    steps = Steps()
    run(pattern, tmp_path / "home", steps, work, monkeypatch)
    assert steps.count == writes


@pytest.mark.parametrize(("name", "at", "after"), CASES)
def test_a_crash_at_a_step_leaves_what_is_promised(  # noqa: PLR0917  # the case and its home
    name: str, at: int, after: bool, pattern: Pattern, tmp_path: Path,  # noqa: FBT001  # parametrized
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    work, writes = OPERATIONS[name]
    folder = tmp_path / "home"
    run(pattern, folder, Steps(at, after=after), work, monkeypatch)
    done = at + after  # the writes that were made
    if name in {"appoint", "suspend", "remove"} and done:
        _refused_before_a_manager_comes(name, folder, done)
    password = NEW if name == "password" and done else made.PASSWORD
    with homes.open_home(folder, made.MANAGER, password) as home:
        assert home.unlocked.vault.database.pending is None
        assert not verify(home.store).damage
        PROMISED[name](home, pattern, done == writes if name in HALVES else bool(done))
    # exactly one recovery sheet opens it, and a second opening changes nothing more
    keys = homes.read_keys(folder)
    old_sheet = _opens(lambda: keys.unlock_with_recovery(pattern.key))
    assert old_sheet == (name != "sheet" or not done)
    before = (folder / made.KEYS).read_bytes()
    homes.open_home(folder, made.MANAGER, password).close()
    assert (folder / made.KEYS).read_bytes() == before


#: What the next opening cannot finish by itself, because nobody's password is kept.
HALVES: Final = {"add"}


def _refused_before_a_manager_comes(name: str, folder: Path, done: int) -> None:
    """Check that the record counts at once, whatever the key file says."""
    copy = made.copy(folder, folder.with_name("theirs"))
    if name == "appoint":
        # the role that allows less counts, under the name of the key file
        called = "Priya Jones" if done > 1 else PRIYA
        with homes.open_home(copy, called, OLD) as home:
            assert home.may(security.roles.Action.TRAINING) == (done > 1)
        return
    with pytest.raises(UserError) as refused:
        homes.open_home(copy, PRIYA, OLD)
    assert refused.value.code in {"not-allowed", "suspended", "no-such-person"}


def _of(home: OpenHome, identity: int) -> people.SignIn | None:
    listed = people.everybody(home.store, homes.read_keys(home.folder))
    return next((one for one in listed if one.id == identity), None)


def _added(home: OpenHome, _: Pattern, done: bool) -> None:  # noqa: FBT001  # which of the two
    listed = people.everybody(home.store, homes.read_keys(home.folder))
    sam = next((one for one in listed if one.name == "Sam"), None)
    if done:
        assert sam is not None
        assert sam.state is State.TEMPORARY
    elif sam is not None:
        # a person without a slot: a manager gives them a temporary password
        assert sam.state is State.NEEDS_PASSWORD
        people.give_password(home, sam.id, NEW, cost=made.CHEAP)
    if sam is not None:
        with homes.open_home(home.folder, "Sam", NEW) as theirs:
            assert theirs.unlocked.must_change


def _changed(home: OpenHome, _: Pattern, done: bool) -> None:  # noqa: FBT001  # which of the two
    assert _opens(lambda: homes.read_keys(home.folder).unlock(made.MANAGER, NEW)) == done
    assert _opens(lambda: homes.read_keys(home.folder).unlock(made.MANAGER, made.PASSWORD)) != done


def _given(home: OpenHome, pattern: Pattern, done: bool) -> None:  # noqa: FBT001  # which of the two
    keys = homes.read_keys(home.folder)
    assert _opens(lambda: keys.unlock(PRIYA, NEW)) == done
    assert _opens(lambda: keys.unlock(PRIYA, OLD)) != done
    priya = _of(home, pattern.priya)
    assert priya is not None
    assert priya.state is State.TEMPORARY


def _appointed(home: OpenHome, pattern: Pattern, done: bool) -> None:  # noqa: FBT001  # which of the two
    priya = _of(home, pattern.priya)
    assert priya is not None
    expected = ("Priya Jones", "senior") if done else (PRIYA, "carer")
    assert (priya.name, priya.role) == expected
    # the key file has followed the record
    known = next(
        one for one in homes.read_keys(home.folder).people
        if one.id == ids.to_text(pattern.priya)
    )  # fmt: skip
    assert (known.name, known.role) == expected


def _suspended(home: OpenHome, _: Pattern, done: bool) -> None:  # noqa: FBT001  # which of the two
    assert _opens(lambda: homes.read_keys(home.folder).unlock(PRIYA, OLD)) != done


def _removed(home: OpenHome, pattern: Pattern, done: bool) -> None:  # noqa: FBT001  # which of the two
    keys = homes.read_keys(home.folder)
    assert (PRIYA in [one.name for one in keys.people]) != done
    assert (_of(home, pattern.priya) is None) == done
    with made.unlock(made.copy(pattern.folder, home.folder.with_name("before"))
                     , person=made.MANAGER) as before:  # fmt: skip
        old_key = before.unlocked.vault.database.current
    # what they knew opens the database no more
    assert (home.unlocked.vault.database.current != old_key) == done
    assert (len(home.unlocked.vault.epochs) > len(before.unlocked.vault.epochs)) == done


def _same(_: OpenHome, __: Pattern, ___: bool) -> None:  # noqa: FBT001  # looked at by the caller
    """Have nothing more to look at."""


PROMISED: Final[dict[str, Callable[[OpenHome, Pattern, bool], None]]] = {
    "add": _added,
    "password": _changed,
    "temporary": _given,
    "appoint": _appointed,
    "suspend": _suspended,
    "remove": _removed,
    "sheet": _same,
}


def _opens(unlock: Callable[[], object]) -> bool:
    try:
        unlock()
    except UserError:
        return False
    return True


def test_coming_back_with_the_sheet_crashed_leaves_the_old_or_the_new_password(
    pattern: Pattern, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for after in (False, True):
        folder = made.copy(pattern.folder, tmp_path / str(after))
        (manager,) = recovery.managers(homes.read_keys(folder))
        steps = Steps(0, after=after)
        with monkeypatch.context() as patched:
            patched.setattr(change, "replace_file", steps.around(replace_file))
            with pytest.raises(Crash):
                recovery.come_back(folder, pattern.key.text, manager.id, NEW, cost=made.CHEAP)
        keys = homes.read_keys(folder)
        assert _opens(partial(keys.unlock, made.MANAGER, NEW)) == after
        assert _opens(partial(keys.unlock, made.MANAGER, made.PASSWORD)) != after
        assert _opens(partial(keys.unlock, PRIYA, OLD))
        assert _opens(partial(keys.unlock_with_recovery, pattern.key))


def test_a_key_that_was_not_written_down_never_becomes_the_homes(
    pattern: Pattern, tmp_path: Path
) -> None:
    folder = made.copy(pattern.folder, tmp_path / "home")

    def full(_: RecoveryKey) -> None:
        raise UserError("The disk is full.")

    with made.unlock(folder, person=made.MANAGER) as home, pytest.raises(UserError, match="full"):
        recovery.new_sheet(home, full)
    assert _opens(lambda: homes.read_keys(folder).unlock_with_recovery(pattern.key))


def test_a_full_disk_does_not_keep_a_manager_out_who_has_something_to_finish(
    pattern: Pattern, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "home"
    run(pattern, folder, Steps(0, after=True), OPERATIONS["suspend"][0], monkeypatch)

    def full(*_: object, **__: object) -> None:
        raise CannotWrite("The disk is full.", kept="The old file.")

    with monkeypatch.context() as patched:
        patched.setattr(change, "replace_file", full)
        made.unlock(folder, person=made.MANAGER).close()
    with pytest.raises(UserError, match="any more"):
        homes.open_home(folder, PRIYA, OLD)
    made.unlock(folder, person=made.MANAGER).close()
    assert not _opens(lambda: homes.read_keys(folder).unlock(PRIYA, OLD))
