"""Who signed in, failed to, looked, printed and the like is noted, late but surely."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.files import CannotWrite
from liaison.records import ids
from liaison.records.administration import AccessEvent, Person
from liaison.records.home import Resident
from liaison.security import WrongPassword, failed_sign_ins, wire
from liaison.security.failed_sign_ins import FILE_NAME
from liaison.services import backups, editing, exporting, people, recovery, reporting, restoring
from liaison.services.homes import OpenHome
from liaison.store import query, verify
from liaison.store.position import position
from tests import homes as made
from tests.services.conftest import add, written

NIGHTS = "a lantern by the garden gate"


def noted(home: OpenHome) -> list[tuple[str | None, str | None]]:
    """Return what is noted in the log, oldest first: what, and the detail."""
    events = query.every(home.store, query.Query("access_event", newest_first=False))
    return [(one.kind, one.detail) for one in events if isinstance(one, AccessEvent)]


def fail(folder: Path, *people_tried: str | None) -> None:
    """Try to sign in with a wrong password."""
    for person in people_tried:
        with pytest.raises(UserError):
            made.unlock(folder, "the wrong one altogether", person)


@pytest.fixture
def used(folder: Path) -> Path:
    """Sign in and out once, as with every home that was ever used."""
    with made.unlock(folder) as home:
        home.access.signed_in()
    return folder


def test_a_sign_in_is_written_at_once_and_the_sign_out_on_closing(folder: Path) -> None:
    with made.unlock(folder) as home:
        home.access.signed_in()
        assert noted(home) == [("sign in", None)]
        # a second one of the same window is the same
        home.access.signed_in()
    with made.unlock(folder) as home:
        assert noted(home) == [("sign in", None), ("sign out", None)]
        assert verify.verify(home.store).damage == []


def test_a_look_is_written_later_and_once_in_a_quarter_of_an_hour(home: OpenHome) -> None:
    mary = add(home, Resident(name="Mary Jones"))
    before = written(home)
    assert home.access.looked("resident", mary)
    assert not home.access.looked("resident", mary)
    assert not home.access.looked("course", mary)
    assert written(home) == before
    assert home.access.waits
    assert home.access.flush()
    assert [kind for kind, _ in noted(home)] == ["opened"]
    assert written(home) == (before[0] + 1, before[1] + 1)


def test_another_program_of_the_same_person_does_not_note_it_again(folder: Path) -> None:
    with made.unlock(folder) as home:
        mary = add(home, Resident(name="Mary Jones"))
        home.access.looked("resident", mary)
    with made.unlock(folder) as home:
        home.access.looked("resident", mary)
        home.access.flush()
        assert [kind for kind, _ in noted(home)] == ["opened"]
        later = home.store.clock() + dt.timedelta(minutes=16)
        home.store.clock = lambda: later
        home.access._seen.clear()
        home.access.looked("resident", mary)
        home.access.flush()
        assert [kind for kind, _ in noted(home)] == ["opened", "opened"]


def test_what_cannot_be_written_stays_noted(
    home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    mary = add(home, Resident(name="Mary Jones"))
    home.access.looked("resident", mary)

    def full(*_args: object, **_words: object) -> None:
        raise UserError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(home.store, "unit", full)
        assert not home.access.flush()
    assert home.access.flush()
    assert [kind for kind, _ in noted(home)] == ["opened"]


def test_looking_does_not_make_a_plan_of_an_import_out_of_date(home: OpenHome) -> None:
    before = position(home.store)
    mary = add(home, Resident(name="Mary Jones"))
    after = position(home.store)
    assert after == before + 1
    home.access.looked("resident", mary)
    home.access.flush()
    assert position(home.store) == after


def test_what_leaves_the_house_is_noted(home: OpenHome, tmp_path: Path) -> None:
    mary = add(home, Resident(name="Mary Jones"))
    exporting.export(home, "resident", tmp_path / "residents.csv")
    asked = reporting.ask(home.store, "visits", subject="Mary Jones")
    reporting.write(home, "visits", asked, tmp_path / "visits.pdf")
    backups.by_hand(home, tmp_path / "today.liaison")
    assert [kind for kind, _ in noted(home)] == ["exported", "printed", "backed up"]
    assert noted(home)[0][1] == "Residents: 1 to residents.csv"
    assert noted(home)[1][1] == "Visits, 1 page: visits.pdf"
    found = query.page(home.store, query.Query("access_event"), limit=5).records
    about = [one.subject_id for one in found if isinstance(one, AccessEvent)]
    assert about == [None, ids.to_text(mary), None]


def test_another_role_is_noted_of_the_person(home: OpenHome) -> None:
    sam = people.add(home, Person(name="Sam Okafor", role="carer"), NIGHTS, cost=made.CHEAP)
    people.appoint(home, sam, role="senior")
    assert noted(home) == [
        ("role changed", "A temporary password was given"),
        ("role changed", "Carer to Senior carer"),
    ]


def test_what_is_done_about_somebodys_way_in_is_noted_of_them(home: OpenHome) -> None:
    sam = people.add(home, Person(name="Sam Okafor", role="carer"), NIGHTS, cost=made.CHEAP)
    people.replace_password(home, "three quiet otters walking", cost=made.CHEAP)
    people.suspend(home, sam, "On leave")
    people.resume(home, sam, "Back")
    people.remove(home, sam, "Left")
    recovery.new_sheet(home)
    assert [detail for _, detail in noted(home)] == [
        "A temporary password was given",
        "Changed their own password",
        "Suspended",
        "Let in again",
        "Removed, and their keys with them",
        "A new recovery sheet; the one before stopped working",
    ]


def test_a_restored_home_says_so(home: OpenHome, tmp_path: Path) -> None:
    backups.by_hand(home, tmp_path / "today.liaison")
    with restoring.restore_home(
        tmp_path / "today.liaison", tmp_path / "again", None, made.PASSWORD
    ) as again:
        assert noted(again)[-1] == ("restored", "From today.liaison")
        again.access.signed_in()
        assert [kind for kind, _ in noted(again)][-2:] == ["restored", "sign in"]
    assert (tmp_path / "again" / FILE_NAME).exists()


# ---- failed sign-ins


def test_failed_sign_ins_are_in_the_log_after_the_next_one_that_succeeds(used: Path) -> None:
    fail(used, made.MANAGER, None, "my secret as a name")
    with made.unlock(used) as home:
        home.access.signed_in()
        failed = [detail for kind, detail in noted(home) if kind == "failed sign in"]
        assert sorted(map(str, failed)) == [
            "A name that cannot sign in here", "Wrong password", "Wrong password",
        ]  # fmt: skip
        events = query.page(home.store, query.Query("access_event"), limit=20).records
        tried = {
            one.subject_id
            for one in events
            if isinstance(one, AccessEvent) and one.kind == "failed sign in"
        }
        assert tried == {home.unlocked.person, None}
    with made.unlock(used) as home:
        # and only once
        home.access.signed_in()
        assert len([1 for kind, _ in noted(home) if kind == "failed sign in"]) == 3


def test_the_file_says_nothing_in_clear_and_is_its_owner_s_alone(used: Path) -> None:
    fail(used, made.MANAGER, "Zygomatic Stranger")
    text = (used / FILE_NAME).read_text()
    for word in ("Zygomatic", made.MANAGER, "password", "Wrong", "2026"):
        assert word not in text
    assert stat.S_IMODE((used / FILE_NAME).stat().st_mode) == 0o600


def _alter_entry(found: dict[str, list[dict[str, str]]]) -> None:
    one, other = found["entries"][:2]
    one["sealed"], other["sealed"] = other["sealed"], one["sealed"]


def _drop_first(found: dict[str, list[object]]) -> None:
    del found["entries"][0]


def _drop_last(found: dict[str, list[object]]) -> None:
    del found["entries"][-1]


def _drop_all(found: dict[str, list[object]]) -> None:
    found["entries"] = []


def _other_key(found: dict[str, object]) -> None:
    found["public"] = wire.show(b"x" * 32)


def _nonsense(found: dict[str, object]) -> None:
    found["start"] = {"nonce": "", "data": ""}


@pytest.mark.parametrize(
    "tamper", [_alter_entry, _drop_first, _drop_last, _drop_all, _other_key, _nonsense]
)
def test_nobody_without_the_keys_takes_a_failure_out_unseen(used: Path, tamper: object) -> None:
    fail(used, made.MANAGER, made.MANAGER, made.MANAGER)
    found = json.loads((used / FILE_NAME).read_text())
    tamper(found)  # type: ignore[operator]
    (used / FILE_NAME).write_text(json.dumps(found))
    with made.unlock(used) as home:
        home.access.signed_in()
        assert any("altered" in (detail or "") for _, detail in noted(home))
    with made.unlock(used) as home:
        # the list begins anew
        home.access.signed_in()
        assert sum("altered" in (detail or "") for _, detail in noted(home)) == 1


def test_a_list_that_was_taken_away_is_missed(used: Path) -> None:
    (used / FILE_NAME).unlink()
    fail(used, made.MANAGER)
    with made.unlock(used) as home:
        home.access.signed_in()
        assert any("is missing" in (detail or "") for _, detail in noted(home))


def test_a_crash_between_the_log_and_the_new_list_notes_nothing_twice(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(used, made.MANAGER)
    with monkeypatch.context() as killed, made.unlock(used) as home:
        killed.setattr(failed_sign_ins, "begin", lambda *_: None)
        home.access.signed_in()
    with made.unlock(used) as home:
        home.access.signed_in()
        assert len([1 for kind, _ in noted(home) if kind == "failed sign in"]) == 1


def test_a_flood_of_failures_is_counted_not_kept(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failed_sign_ins, "MOST", 2)
    fail(used, *[made.MANAGER] * 5)
    with made.unlock(used) as home:
        home.access.signed_in()
        failed = [detail for kind, detail in noted(home) if kind == "failed sign in"]
        assert sorted(map(str, failed)) == ["3 more", "Wrong password", "Wrong password"]


def test_a_folder_for_reading_only_lets_nobody_in_and_keeps_nobody_out(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise CannotWrite("It cannot be written to.")

    monkeypatch.setattr(failed_sign_ins, "replace_file", refused)
    with pytest.raises(WrongPassword):
        made.unlock(used, "the wrong one altogether")
    with made.unlock(used) as home:
        home.access.signed_in()


def test_accesses_are_not_written_or_taken_back_by_hand(home: OpenHome) -> None:
    home.access.done("exported")
    (event,) = query.page(home.store, query.Query("access_event"), limit=2).records
    with pytest.raises(UserError):
        editing.strike(home, event, "never happened")
