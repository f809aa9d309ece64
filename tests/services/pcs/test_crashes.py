"""A crash at every step of every change of who belongs, where a home has several PCs.

``tests/services/test_people_crash.py`` says what one PC is left with. Here its next opening also has
to tell the others what it never got to say, with every key that was to be made anew.
"""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from liaison.files import replace_file
from liaison.records import ids
from liaison.records.administration import Person
from liaison.records.home import Resident
from liaison.security import FILE_NAME, RecoveryKey, Vault, WrongRecoveryKey, change
from liaison.services import audit, editing, homes, people, recovery, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import belonging, removing, standing
from liaison.store import rekeying
from liaison.store.audit import Asked
from liaison.store.query import Query, every
from tests import folders
from tests.homes import CHEAP, MANAGER, PASSWORD
from tests.services.pcs.houses import House, able, digests, reopen, sound
from tests.services.pcs.test_following import SAM, SAMS, identity_of, opens
from tests.services.test_people_crash import Crash, Steps
from tests.sync.places import FolderPlace, Place, StorePlace, set_back, state

NEW: Final = "kettle on the third shelf"
SHEET: Final = RecoveryKey.generate()


@dataclasses.dataclass(frozen=True)
class Pattern:
    """Two PCs of one home, closed, with a carer who signs in on both: laid down again for each crash."""

    root: Path
    files: folders.Files
    key: RecoveryKey
    place: Place
    there: Mapping[str, bytes]

    @classmethod
    def make(cls, root: Path, meeting: Place) -> Pattern:
        """Make the home; a folder lies beside its PCs, as it is there for every test."""
        place = meeting if isinstance(meeting, StorePlace) else FolderPlace(root / "share")
        built = House.build(root / "pcs", place)
        people.add(built.office, Person(name=SAM, role="carer"), SAMS, cost=CHEAP)
        built.join("Laptop")
        built.close()
        return cls(built.root, folders.take(built.root), built.key, place, state(place))

    def lay(self) -> House:
        """Return the house, its PCs open."""
        shutil.rmtree(self.root)
        folders.lay(self.files, self.root)
        set_back(self.place, self.there)
        pcs = [
            homes.open_home(self.root / name, MANAGER, PASSWORD) for name in ("office", "laptop")
        ]
        return House(self.root, pcs[0], self.key, self.place, pcs)


@pytest.fixture(scope="module")
def patterns() -> dict[type[Place], Pattern]:
    """What was made so far, for each kind of place."""
    return {}


@pytest.fixture
def pair(
    patterns: dict[type[Place], Pattern],
    meeting: Place,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    if type(meeting) not in patterns:
        patterns[type(meeting)] = Pattern.make(tmp_path_factory.mktemp("crashes"), meeting)
    house = patterns[type(meeting)].lay()
    yield house
    house.close()


Operation = Callable[[OpenHome], object]
OPERATIONS: Final[dict[str, tuple[Operation, int]]] = {
    # what is done, and how many writes it takes: records and entries, key file, database
    "add": (lambda h: people.add(h, Person(name="Joy", role="carer"), NEW, cost=CHEAP), 3),
    "password": (lambda h: people.replace_password(h, NEW, cost=CHEAP), 2),
    "temporary": (lambda h: people.give_password(h, identity_of(h, SAM), NEW, cost=CHEAP), 2),
    "appoint": (lambda h: people.appoint(h, identity_of(h, SAM), role="senior"), 3),
    "suspend": (lambda h: people.suspend(h, identity_of(h, SAM), "Away."), 2),
    "remove": (lambda h: people.remove(h, identity_of(h, SAM), "Left us."), 5),
    "sheet": (lambda h: recovery.new_sheet(h, key=SHEET), 2),
}


@contextlib.contextmanager
def watched(steps: Steps, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a program end at its writes."""
    with patch.context() as patched:
        patched.setattr(OpenHome, "unit", steps.stand_in())
        patched.setattr(change, "replace_file", steps.around(replace_file))
        patched.setattr(rekeying, "rekey", steps.around(rekeying.rekey))
        yield


def crashed(home: OpenHome, work: Operation, at: int, patch: pytest.MonkeyPatch) -> None:
    """Do something up to just after a write, and leave the home as the end of a process does."""
    steps = Steps(at, after=True)
    with watched(steps, patch), pytest.raises(Crash):
        work(home)
    home.store.connection.close()


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_write_of_the_operation_is_a_step(
    name: str, pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, writes = OPERATIONS[name]
    steps = Steps()
    with watched(steps, monkeypatch):
        work(pair.office)
    assert steps.count == writes


@pytest.mark.parametrize(
    ("name", "at"), [(name, at) for name, (_, writes) in OPERATIONS.items() for at in range(writes)]
)
def test_after_a_crash_at_a_step_every_pc_ends_up_alike(
    name: str, at: int, pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, _ = OPERATIONS[name]
    before = [home.unlocked.vault for home in pair.pcs]
    crashed(pair.office, work, at, monkeypatch)
    mine = NEW if name == "password" else PASSWORD
    office = pair.pcs[0] = reopen(pair.office, MANAGER, mine)
    laptop = pair.pcs[1]
    pair.rounds()
    if name == "suspend":
        # the key of somebody who is suspended elsewhere goes when a manager opens this PC
        laptop.close()
        laptop = pair.pcs[1] = reopen(laptop)
    assert len(digests(office, laptop)) == 1
    assert sound(office)
    assert sound(laptop)
    assert able(office) == able(laptop)
    assert standing.status(office).not_counted == ()
    for home, old in zip(pair.pcs, before, strict=True):
        PROMISED[name](pair, home, old)
    # and it comes to rest: nothing is told again
    told = len(belonging.standing_of(office).entries)
    pair.rounds()
    assert len(belonging.standing_of(office).entries) == told


Promise = Callable[[House, OpenHome, Vault], None]


def _added(_: House, home: OpenHome, __: Vault) -> None:
    listed = people.everybody(home.store, homes.read_keys(home.folder))
    (joy,) = (one for one in listed if one.name == "Joy")
    if "Joy" in able(home):
        assert opens(home, "Joy", NEW)
        assert joy.state is people.State.TEMPORARY
    else:
        # a person without a slot, which every PC says
        assert joy.state is people.State.NEEDS_PASSWORD


def _changed(_: House, home: OpenHome, __: Vault) -> None:
    assert opens(home, MANAGER, NEW)
    assert not opens(home, MANAGER, PASSWORD)


def _given(_: House, home: OpenHome, __: Vault) -> None:
    assert opens(home, SAM, NEW)
    assert not opens(home, SAM, SAMS)


def _appointed(_: House, home: OpenHome, __: Vault) -> None:
    (sam,) = (one for one in homes.read_keys(home.folder).people if one.name == SAM)
    assert sam.role == "senior"
    assert opens(home, SAM, SAMS)


def _suspended(_: House, home: OpenHome, __: Vault) -> None:
    assert able(home) == [MANAGER]


def _removed(house: House, home: OpenHome, before: Vault) -> None:
    assert able(home) == [MANAGER]
    vault = home.unlocked.vault
    assert vault.database.pending is None
    assert vault.database.current != before.database.current
    # one new key for what PCs send each other, which both have and write with
    old = {one.id for one in before.epochs}
    (fresh,) = {one.id for one in vault.epochs} - old
    assert house.pcs[0].unlocked.vault.epochs[-1].id == fresh


def _another_sheet(house: House, home: OpenHome, _: Vault) -> None:
    keys = homes.read_keys(home.folder)
    # the sheet that was kept just before is never a dead one
    keys.unlock_with_recovery(SHEET)
    with pytest.raises(WrongRecoveryKey):
        keys.unlock_with_recovery(house.key)


PROMISED: Final[dict[str, Promise]] = {
    "add": _added,
    "password": _changed,
    "temporary": _given,
    "appoint": _appointed,
    "suspend": _suspended,
    "remove": _removed,
    "sheet": _another_sheet,
}


def works(home: OpenHome, key: RecoveryKey) -> bool:
    """Return whether a recovery sheet opens a PC."""
    try:
        homes.read_keys(home.folder).unlock_with_recovery(key)
    except WrongRecoveryKey:
        return False
    return True


def told_dead(home: OpenHome) -> int:
    """Return how often it is noted that a sheet made here opens nothing."""
    home.access.flush()
    noted = audit.every(home.store, Asked(), 100)
    return sum("opens nothing" in one.detail for one in noted)


def test_a_sheet_nobody_was_told_of_gives_way_to_one_made_meanwhile(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    people.add(office, Person(name="Joy", role="carer"), NEW, cost=CHEAP)
    pair.rounds()
    crashed(office, OPERATIONS["sheet"][0], 0, monkeypatch)
    newer = recovery.new_sheet(laptop)
    syncing.once(laptop)
    with homes.open_home(office.folder, "Joy", NEW) as joy:
        syncing.once(joy)
    office = pair.pcs[0] = reopen(office)
    pair.rounds(times=3)
    for home in pair.pcs:
        assert works(home, newer)
        assert not works(home, SHEET)
    assert office.unlocked.vault.replaced_sheet is None
    # whoever holds it reads why
    assert (told_dead(office), len(digests(office, laptop))) == (1, 1)


def test_a_second_sheet_in_a_row_that_nobody_was_told_of_is_kept(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    with monkeypatch.context() as patched:
        # the database cannot be written just then
        patched.setattr(belonging, "publish", lambda _: None)
        recovery.new_sheet(office)
        last = recovery.new_sheet(office)
    office.close()
    office = pair.pcs[0] = reopen(office)
    pair.rounds()
    assert works(office, last)
    assert works(laptop, last)
    assert told_dead(office) == 0


def test_a_sheet_of_an_older_liaison_that_nobody_was_told_of_gives_way(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    with monkeypatch.context() as patched:
        patched.setattr(belonging, "publish", lambda _: None)
        made = recovery.new_sheet(office)
    # which noted nothing
    vault = dataclasses.replace(office.unlocked.vault, replaced_sheet=None)
    path = office.folder / FILE_NAME
    office.unlocked = change.replace_vault(path, office.unlocked, vault)
    office.close()
    pair.pcs[0] = reopen(office)
    pair.rounds()
    for home in (pair.pcs[0], laptop):
        assert works(home, pair.key)
        assert not works(home, made)


def test_a_sheet_that_gave_way_is_not_told_to_anybody_where_the_key_file_cannot_follow(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    crashed(office, OPERATIONS["sheet"][0], 0, monkeypatch)
    newer = recovery.new_sheet(laptop)
    syncing.once(laptop)
    with monkeypatch.context() as patched:
        # the disk does not let it
        patched.setattr(belonging, "in_line", lambda *_: None)
        with homes.open_home(office.folder, SAM, SAMS) as sam:
            syncing.once(sam)
        patched.setattr(belonging, "follow", lambda _: None)
        office = reopen(office)
        assert works(office, SHEET)
        office.close()
    office = pair.pcs[0] = reopen(office)
    pair.rounds(times=3)
    assert works(office, newer)
    assert works(laptop, newer)


def test_coming_back_with_a_sheet_that_gave_way_leaves_every_pc_able_to_open(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    crashed(office, OPERATIONS["sheet"][0], 0, monkeypatch)
    newer = recovery.new_sheet(laptop)
    syncing.once(laptop)
    with homes.open_home(office.folder, SAM, SAMS) as sam:
        # fetched, and the key file cannot follow just then
        with monkeypatch.context() as patched:
            patched.setattr(belonging, "in_line", lambda *_: None)
            syncing.once(sam)
        assert works(sam, SHEET)
        person = identity_of(sam, MANAGER)
    with recovery.come_back(office.folder, SHEET.text, ids.to_text(person), NEW, cost=CHEAP):
        pass
    office = pair.pcs[0] = reopen(office, MANAGER, NEW)
    pair.rounds(times=3)
    assert works(office, newer)
    assert works(laptop, newer)


def test_a_carers_opening_lets_somebody_go_while_a_sheet_is_news(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    people.add(office, Person(name="Joy", role="carer"), NEW, cost=CHEAP)
    pair.rounds()
    before = laptop.unlocked.vault
    crashed(laptop, OPERATIONS["sheet"][0], 0, monkeypatch)
    people.remove(office, identity_of(office, SAM), "Left us.")
    syncing.once(office)
    with homes.open_home(laptop.folder, "Joy", NEW) as joy:
        assert works(joy, SHEET)
        syncing.once(joy)
        assert able(joy) == sorted(["Joy", MANAGER])
        assert works(joy, pair.key)
    laptop = pair.pcs[1] = reopen(laptop)
    pair.rounds()
    assert laptop.unlocked.vault.database.current != before.database.current
    for home in pair.pcs:
        assert works(home, pair.key)
        assert not works(home, SHEET)
    assert (told_dead(laptop), len(digests(office, laptop))) == (1, 1)


def test_a_removal_that_was_only_recorded_is_finished_by_a_managers_opening_on_any_pc(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    people.add(office, Person(name="Joy", role="carer"), NEW, cost=CHEAP)
    pair.rounds()
    before = laptop.unlocked.vault
    crashed(office, OPERATIONS["remove"][0], 0, monkeypatch)
    with homes.open_home(office.folder, "Joy", NEW) as joy:
        syncing.once(joy)
        # a carer can let nobody go; the record keeps them out meanwhile
        assert SAM in able(joy)
        assert not opens(joy, SAM, SAMS)
        pair.rounds(laptop)
        assert not opens(laptop, SAM, SAMS)
        laptop.close()
        laptop = pair.pcs[1] = reopen(laptop)
        assert SAM not in able(laptop)
        pair.rounds(laptop)
        syncing.once(joy)
        assert able(joy) == able(laptop) == sorted(["Joy", MANAGER])
        vault = laptop.unlocked.vault
        assert vault.database.current != before.database.current
        (fresh,) = {one.id for one in vault.epochs} - {one.id for one in before.epochs}
        assert joy.unlocked.vault.epochs[-1].id == fresh
    pair.pcs[0] = reopen(office)
    pair.rounds()
    assert len(digests(*pair.pcs)) == 1
    assert pair.pcs[0].unlocked.vault.epochs[-1].id == fresh


@pytest.mark.parametrize("at", range(4))
def test_a_crash_while_a_removal_is_followed_leaves_no_key_that_somebody_knew(
    at: int, pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    before = laptop.unlocked
    people.remove(office, identity_of(office, SAM), "Left us.")
    pair.rounds(office)
    # the epoch key, the list of people with the key that is pending, the database, its new key
    crashed(laptop, syncing.once, at, monkeypatch)
    laptop = pair.pcs[1] = reopen(laptop)
    _removed(pair, laptop, before.vault)
    assert laptop.unlocked.vault_key != before.vault_key
    assert sound(laptop)
    pair.rounds()
    assert len(digests(office, laptop)) == 1


@pytest.mark.both_places
@pytest.mark.parametrize("at", range(2))
def test_a_removed_pc_is_removed_in_one_unit_whose_keys_a_crash_does_not_lose(
    at: int, pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    before = {one.id for one in office.unlocked.vault.epochs}
    pc = laptop.unlocked.vault.pc.id or 0
    # the unit of the removal, the note of who did it
    crashed(office, lambda home: removing.remove(home, pc, "Stolen."), at, monkeypatch)
    office = pair.pcs[0] = reopen(office)
    assert pc in belonging.standing_of(office).cuts
    (fresh,) = {one.id for one in office.unlocked.vault.epochs} - before
    announced = belonging.standing_of(office).epochs[-1]
    assert announced.id == fresh
    assert set(announced.sealed) == {office.unlocked.vault.pc.id}
    editing.add(laptop, Resident(name="Written afterwards"))
    with contextlib.suppress(syncing.Removed):
        syncing.once(laptop)
    pair.rounds(office)
    assert list(every(office.store, Query("resident"))) == []
    assert sound(office)


def test_a_pc_whose_removal_was_not_written_belongs(
    pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    with watched(Steps(0), monkeypatch), pytest.raises(Crash):
        removing.remove(office, laptop.unlocked.vault.pc.id or 0, "Stolen.")
    office.close()
    office = pair.pcs[0] = reopen(office)
    assert len(belonging.standing_of(office).live_pcs) == 2
    pair.rounds()
    assert len(digests(office, laptop)) == 1


@pytest.mark.parametrize("at", range(2))
def test_a_crash_while_a_manager_comes_back_in_is_made_good_on_every_pc(
    at: int, pair: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair.pcs
    typed, person = pair.key.text, office.unlocked.person
    office.close()
    # the key file, what it says to the log
    with watched(Steps(at, after=True), monkeypatch), pytest.raises(Crash):
        recovery.come_back(office.folder, typed, person, NEW, cost=CHEAP)
    office = pair.pcs[0] = reopen(office, MANAGER, NEW)
    # their keys are others now: another person's opening lets the laptop follow
    pair.rounds(office)
    laptop.close()
    with homes.open_home(laptop.folder, SAM, SAMS) as sam:
        syncing.once(sam)
    laptop = pair.pcs[1] = reopen(laptop, MANAGER, NEW)
    pair.rounds()
    assert not opens(laptop, MANAGER, PASSWORD)
    assert len(digests(office, laptop)) == 1
    assert standing.status(office).not_counted == ()
