"""What leaves with a file, and what stays: told before, and true of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.exchange.xlsx_reading import read_xlsx, sheet_names
from liaison.records.directory import Contact, Organisation, Service
from liaison.records.home import Resident
from liaison.services import editing, exporting, sharing
from liaison.services.homes import OpenHome
from liaison.services.sharing import Share
from tests.services.conftest import add, got

NEVER = "Karen says yes on a Friday"


@pytest.fixture
def ids(home: OpenHome) -> tuple[int, int, int]:
    """Two contacts, of whom one is asked about a need, and a place; and somebody who lives here."""
    need = add(home, Service(name="Catheter care"))
    add(home, Service(name="Wheelchair"))
    grace = add(home, Contact(name="Grace Adeyemi", ask_about=(need,), private_notes=NEVER))
    sam = add(home, Contact(name="Sam Bright"))
    surgery = add(home, Organisation(name="Meadow Lane", kind="GP practice", private_notes=NEVER))
    add(home, Resident(name="Joan Tully"))
    return grace, sam, surgery


def test_what_leaves_and_what_stays_is_told(home: OpenHome, ids: tuple[int, int, int]) -> None:
    found = sharing.preview(home.store, Share())
    assert [(part.type, part.count) for part in found.parts] == [
        ("organisation", 1), ("contact", 2), ("service", 2),
    ]  # fmt: skip
    assert found.parts[1].words == "2 contacts"
    assert found.parts[0].words == "1 organisation"
    assert found.parts[1].kept_here == ("Private notes",)
    assert "How to refer" in found.parts[0].free
    ours = sharing.preview(home.store, Share(for_sharing=False, ending=".vcf"))
    assert [part.type for part in ours.parts] == ["organisation", "contact"]
    assert ours.parts[1].kept_here == ()
    assert "Private notes" in ours.parts[1].fields


def test_the_file_holds_just_what_was_told(
    home: OpenHome, ids: tuple[int, int, int], tmp_path: Path
) -> None:
    share = Share(only=frozenset({ids[0], ids[2]}))
    told = sharing.preview(home.store, share)
    file = tmp_path / "directory.xlsx"
    exported = exporting.export(
        home, share.type, file, for_sharing=True, only=sharing.wanted(home.store, share)
    )
    assert exported.rows == told.count == 3
    with file.open("rb") as opened:
        assert sheet_names(opened) == ["Organisations", "Contacts", "Services"]
    with file.open("rb") as opened:
        first = next(iter(read_xlsx(opened).rows))
    assert tuple(first.cells) == told.parts[0].fields
    assert NEVER.encode() not in file.read_bytes()


def test_with_part_of_the_directory_go_the_needs_it_names_and_no_others(
    home: OpenHome, ids: tuple[int, int, int]
) -> None:
    found = sharing.preview(home.store, Share(only=frozenset({ids[0]})))
    assert [part.count for part in found.parts] == [0, 1, 1]
    nobody = sharing.preview(home.store, Share(only=frozenset()))
    assert nobody.count == 0


def test_struck_and_archived_ones_stay(home: OpenHome, ids: tuple[int, int, int]) -> None:
    editing.strike(home, got(home, Contact, ids[1]), "never was")
    editing.archive(home, got(home, Contact, ids[0]), "left")
    found = sharing.preview(home.store, Share(type="contact"))
    assert (found.count, found.struck) == (0, 1)


def test_several_lists_are_no_csv_file(home: OpenHome, ids: tuple[int, int, int]) -> None:
    with pytest.raises(UserError, match="one list"):
        sharing.preview(home.store, Share(ending=".csv"))
