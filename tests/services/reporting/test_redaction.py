"""What never leaves on paper: fields marked as private, and names in copies without names."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liaison.records import all_specs
from liaison.records.home import Resident
from liaison.services import homes, reporting
from tests import homes as made
from tests.reports.paper import text_of
from tests.services.conftest import add
from tests.services.reporting.planted import (
    NOW,
    ROOM,
    WHO,
    Planted,
    everything_in,
    found_in,
    plant,
)

#: The sheet that goes to hospital with a resident says whom to ring (records of private fields).
_SHOWN = {
    "handover-sheet": {"resident.next_of_kin", "resident.next_of_kin_phone", "resident.attorney"}
}
_REDUCED = [
    name for name in reporting.names() if reporting.spec_of_report(name).parameters.initials
]
#: They show numbers, and words of ours.
_NUMBERS = {"blank-forms", "provider-return", "audit-summary", "lineage", "at-a-glance"}
_OF_STAFF = {"training-matrix", "gap-plan", "lineage", "staff-dates"}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """A home with a word in every field of every type."""
    folder = tmp_path_factory.mktemp("planted") / "home"
    made.make(folder)[0].close()
    with homes.open_home(folder, None, made.PASSWORD, clock=lambda: NOW) as home:
        yield plant(home)


def asked_of(name: str) -> list[str]:
    """Return what a report can be asked about, each record type once; nothing for the home."""
    subjects = reporting.spec_of_report(name).parameters.subjects
    # of the history of a record, those in which something private can have been written
    private = [s for s in subjects if any(field.sensitive for field in all_specs()[s].fields)]
    return list(private if len(subjects) > 5 else subjects) or [""]


def test_there_are_private_fields_to_look_for(planted: Planted) -> None:
    assert {
        "resident.next_of_kin", "resident.attorney", "contact.private_notes", "staff.nmc_pin",
        "organisation.private_notes", "supervision.notes", "staff.phone", "staff.email",
    } <= set(planted.sensitive())  # fmt: skip


@pytest.mark.parametrize("name", reporting.names())
def test_no_report_prints_a_private_field_anywhere_in_its_file(planted: Planted, name: str) -> None:
    shown = 0
    for subject in asked_of(name):
        said = everything_in(planted.printed(name, subject))
        shown += sum(found_in(said, word) for word in planted.words.values())
        told = {place for place, word in planted.sensitive().items() if found_in(said, word)}
        assert told <= _SHOWN.get(name, set())
    assert shown or name in _NUMBERS, "it showed nothing at all, so this proves nothing"


@pytest.mark.parametrize("name", [one for one in _REDUCED if one not in _OF_STAFF])
def test_a_copy_without_names_says_nowhere_who_a_resident_is(planted: Planted, name: str) -> None:
    subjects = reporting.spec_of_report(name).parameters.subjects
    subject = "resident" if "resident" in subjects else asked_of(name)[0]
    full = everything_in(planted.printed(name, subject))
    assert found_in(full, WHO[0]), "otherwise there is nothing to hide"
    for names in ("initials", "letters"):
        said = everything_in(planted.printed(name, subject, names))
        assert [one for one in WHO if found_in(said, one)] == []
    assert not found_in(said, ROOM), "a room says whose it is"
    assert found_in(said, "Resident A")


def test_the_same_letter_means_the_same_resident_in_every_report(planted: Planted) -> None:
    for number in range(30):
        add(planted.home, Resident(name=f"Person {number}", room=str(number)))
    letters = {
        letter
        for name in ("transfers", "referral-waits", "unmet-contacts")
        for letter in re.findall(
            r"Resident ([A-Z]{1,2})\b", text_of(planted.printed(name, "", "letters"))
        )
    }
    assert len(letters) == 1


def test_no_text_in_any_field_opens_a_file_or_a_connection(
    planted: Planted, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"never read")
    lures = " ".join((
        f'<img src="{secret}"/>', f"file://{secret}", "http://example.org/x.png",
        f'<a href="file://{secret}">', "<para>", "<b>", "&amp;", f"{{{secret}}}", "@import",
    ))  # fmt: skip
    with planted.home.unit() as unit:
        for place in planted.words:
            type_name, _, field = place.partition(".")
            loaded = planted.home.store.load(type_name, planted.ids[type_name])
            spec = all_specs()[type_name].by_name[field]
            if (
                not all_specs()[type_name].events
                and loaded is not None
                and not spec.many
                and spec.kind.value in {"text", "note"}
            ):
                unit.save(loaded, _with(loaded.record, field, lures))
    for name in reporting.names():
        planted.printed(name, asked_of(name)[0])  # whatever is loaded once is loaded now
    seen: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event.startswith(("open", "socket.", "subprocess.", "urllib.", "os.exec")):
            seen.append(f"{event} {arguments[:1]}")

    sys.addaudithook(watch)
    try:
        for name in reporting.names():
            planted.printed(name, asked_of(name)[0])
        ours = [one for one in seen if not _of_the_program(one, planted.home.folder)]
        assert ours == []
        secret.read_bytes()
        assert str(secret) in seen[-1], "it was watched all the time"
    finally:
        watching = False


def _of_the_program(event: str, home: Path) -> bool:
    known = ("/resources/", "/liaison/", "site-packages", "/lib/python", str(home))
    return event.startswith("open ") and any(part in event for part in known)


def _with(record: Any, field: str, text: str) -> Any:
    return dataclasses.replace(record, **{field: text})
