"""The NHS's list in the window: looked up, added from, compared with a newer one, accepted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.store.store import Store
from liaison.ui import theme
from liaison.ui.desk import Desk
from liaison.ui.pages.ods import PracticesPage, lines
from liaison.ui.parts.marked import Marked
from liaison.ui.shell.frame import Frame
from liaison.ui.widgets import StateChip, Wrap
from tests.ui import walk
from tests.ui.parts.conftest import Heard, Ids
from tests.ui.whole import settle

WAIT = 20_000


def line(
    code: str, name: str, *, status: str = "A", closed: str = "", phone: str = "", street: str = ""
) -> list[str]:
    """Return a line of the list."""
    row = [""] * 27
    row[0:2] = [code, name]
    row[4:8] = [street or "1 HIGH STREET", "", "", "BATH"]
    row[9:13] = ["BA1 1AA", "19740401", closed, status]
    row[14], row[17], row[25] = "92G", phone, "4"
    return row


def written(file: Path, *lines: list[str]) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    file.write_text(text.getvalue())
    return file


FIRST = [
    line("L81010", "HOPE HOUSE SURGERY", phone="01225 555001"),
    line("L81020", "WIDCOMBE SURGERY", phone="01225 555002", street="3 WIDCOMBE PARADE"),
    line("L81030", "OLD MILL PRACTICE", phone="01225 555003"),
]
NEWER = [
    line("L81010", "HOPE HOUSE MEDICAL CENTRE", phone="01225 555009"),
    line("L81020", "WIDCOMBE SURGERY", phone="01225 555002", street="9 WIDCOMBE PARADE"),
    line("L81030", "OLD MILL PRACTICE", status="C", closed="20250331", phone="01225 555003"),
]


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, heard: Heard, ids: Ids) -> Iterator[PracticesPage]:
    opened = PracticesPage(desk)
    # as the shell does it
    desk.jobs.changed.connect(lambda types: opened.refresh() if opened.reads & types else None)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    opened.show()
    opened.activateWindow()
    with qtbot.waitSignal(opened.filled, timeout=WAIT):
        opened.refresh()
    yield opened
    assert heard.faults == []


@pytest.fixture
def loaded(qtbot: QtBot, page: PracticesPage, tmp_path: Path) -> PracticesPage:
    page.use_file(written(tmp_path / "epraccur.csv", *FIRST))
    qtbot.waitUntil(page.adding.isVisible, timeout=WAIT)
    return page


@pytest.fixture
def newer(
    qtbot: QtBot, loaded: PracticesPage, desk: Desk, tmp_path: Path, heard: Heard
) -> PracticesPage:
    """Have all three practices in the directory, two residents with one, and a newer list."""

    def fill(home: OpenHome) -> None:
        places = [
            editing.add(
                home,
                Organisation(
                    name=row[1], kind="GP practice", ods_code=row[0], phone=row[17],
                    address=f"{row[4]}\n{row[7]}", postcode=row[9],
                ),
            )[0]
            for row in FIRST
        ]  # fmt: skip
        editing.add(home, Resident(name="Ada Pound", room="1", practice=places[0]))
        editing.add(home, Resident(name="Bill Kerr", room="2", practice=places[0]))

    desk.jobs.write(fill)
    loaded.use_file(written(tmp_path / "newer.csv", *NEWER))
    qtbot.waitUntil(lambda: len(loaded.lines) == 4, timeout=WAIT)
    return loaded


def directory(qtbot: QtBot, desk: Desk) -> dict[str, Any]:
    found: list[dict[str, Any]] = []

    def read(store: Store) -> dict[str, Any]:
        every = query.every(store, query.Query("organisation"))
        return {getattr(one, "ods_code", None) or "": one for one in every}

    desk.jobs.read(read, found.append, owner=desk)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def look_up(qtbot: QtBot, page: PracticesPage, typed: str) -> list[str]:
    page.typed.setText(typed)
    page._look_up()
    qtbot.waitUntil(lambda: page.desk.jobs.is_idle, timeout=WAIT)
    return [one.found.practice.code for one in page.found]


def test_without_a_list_it_is_said_where_the_file_comes_from(page: PracticesPage) -> None:
    assert page.empty.isVisible()
    assert not page.adding.isVisible()
    assert "NHS Organisation Data Service" in page.nothing._words.text()


def test_a_practice_is_found_by_parts_of_its_name_town_or_postcode(
    qtbot: QtBot, loaded: PracticesPage
) -> None:
    assert not loaded.empty.isVisible()
    assert look_up(qtbot, loaded, "widc") == ["L81020"]
    assert set(look_up(qtbot, loaded, "ba1 1")) == {"L81010", "L81020", "L81030"}
    assert look_up(qtbot, loaded, "nowhere") == []
    assert loaded.no_results.isVisible()


def test_typing_looks_up_by_itself(qtbot: QtBot, loaded: PracticesPage) -> None:
    qtbot.keyClicks(loaded.typed, "hope")
    qtbot.waitUntil(lambda: bool(loaded.found), timeout=WAIT)
    assert [one.found.practice.code for one in loaded.found] == ["L81010"]


def test_one_is_added_once_and_taken_back_with_undo(
    qtbot: QtBot, loaded: PracticesPage, desk: Desk, heard: Heard
) -> None:
    look_up(qtbot, loaded, "hope")
    loaded.found[0].button.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    assert directory(qtbot, desk)["L81010"].phone == "01225 555001"
    qtbot.waitUntil(lambda: loaded.found[0].found.organisation is not None, timeout=WAIT)
    loaded.found[0].button.click()
    assert heard.opened[0][0] == "organisation"
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2, timeout=WAIT)
    assert "L81010" not in directory(qtbot, desk)


def test_a_newer_list_shows_old_beside_new_and_whom_it_concerns(newer: PracticesPage) -> None:
    flow = newer.chips.flow
    items = [flow.itemAt(number) for number in range(flow.count())]
    chips = [item.widget() for item in items if item is not None]
    assert [chip.text() for chip in chips if isinstance(chip, StateChip)] == [
        "1 renamed", "1 closed", "1 new phone number", "1 new address",
    ]  # fmt: skip
    said = {one.accessibleName(): one for one in newer.lines}
    assert set(said) == {
        "HOPE HOUSE SURGERY: Renamed",
        "HOPE HOUSE SURGERY: New phone number",
        "WIDCOMBE SURGERY: New address",
        "OLD MILL PRACTICE: Closed",
    }
    renamed = said["HOPE HOUSE SURGERY: Renamed"]
    assert [one.words for one in renamed.findChildren(Marked)] == [
        "HOPE HOUSE SURGERY", "HOPE HOUSE MEDICAL CENTRE",
    ]  # fmt: skip
    assert any("Ada Pound; Bill Kerr" in one.text() for one in renamed.findChildren(Wrap))
    closed = said["OLD MILL PRACTICE: Closed"].findChildren(Marked)
    assert closed[1].words == "Closed on Mon 31 Mar 2025"


def test_a_practice_that_turned_dormant_is_named(
    qtbot: QtBot, newer: PracticesPage, tmp_path: Path
) -> None:
    dormant = line("L81020", "WIDCOMBE SURGERY", status="D", phone="01225 555002")
    newer.use_file(written(tmp_path / "dormant.csv", NEWER[0], dormant, NEWER[2]))
    qtbot.waitUntil(lambda: "Dormant" in newer.told.text(), timeout=WAIT)
    assert "seeing nobody: WIDCOMBE SURGERY." in newer.told.text()


def test_one_difference_is_accepted_alone(
    qtbot: QtBot, newer: PracticesPage, desk: Desk, heard: Heard
) -> None:
    next(one for one in newer.lines if one.difference.what.value == "renamed").button.click()
    qtbot.waitUntil(lambda: len(newer.lines) == 3, timeout=WAIT)
    now = directory(qtbot, desk)
    assert now["L81010"].name == "HOPE HOUSE MEDICAL CENTRE"
    assert now["L81010"].former_names == ("HOPE HOUSE SURGERY",)
    assert now["L81010"].phone == "01225 555001", "the rest waits"
    assert heard.said == ["1 change taken over from the list."]


def test_all_are_accepted_at_once_and_taken_back_with_one_undo(
    qtbot: QtBot, newer: PracticesPage, desk: Desk, heard: Heard
) -> None:
    assert newer.all.words == "Accept all 4"
    newer.all.click()
    qtbot.waitUntil(lambda: bool(heard.said) and not newer.lines, timeout=WAIT)
    assert "Nothing is different." in newer.told.text()
    assert directory(qtbot, desk)["L81030"].status == "closed"
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(newer.lines) == 4, timeout=WAIT)
    assert directory(qtbot, desk)["L81030"].status == "active"


def test_capitals_are_not_marked_as_a_difference() -> None:
    def differing(text: str, other: str) -> list[str]:
        return [span.text for span in lines._marked(text, other) if span.differs]

    assert differing("Hope House Surgery", "HOPE HOUSE SURGERY") == []
    assert differing("HOPE HOUSE MEDICAL CENTRE", "Hope House Surgery") == ["MEDICAL CENTRE"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"Name,Phone\nA,1\n", "not the NHS's list of practices"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        (b"", "empty"),
        (",".join(line("L81010", "X")).encode() * 2 + b'\n"cut', "damaged"),
    ],
)
def test_a_wrong_file_is_named_and_the_list_before_stays(
    qtbot: QtBot, loaded: PracticesPage, tmp_path: Path, content: bytes, word: str
) -> None:
    (tmp_path / "wrong.csv").write_bytes(content)
    loaded.banner.hide()
    loaded.show_argument({"file": tmp_path / "wrong.csv"})
    qtbot.waitUntil(loaded.banner.isVisible, timeout=WAIT)
    assert word in loaded.banner.accessibleName()
    assert look_up(qtbot, loaded, "hope") == ["L81010"]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_page_can_be_told_walked_and_read(
    qtbot: QtBot, newer: PracticesPage, look: theme.Theme, scale: float
) -> None:
    # whose window walks as it is read, whenever a line was made
    frame = Frame()
    frame.resize(1366, 768)
    frame.show_scene(newer)
    frame.show()
    frame.activateWindow()
    look.resize(scale)
    look_up(qtbot, newer, "ba1")
    settle(lambda: newer.desk.jobs.is_idle)
    found = walk.told(newer) + walk.by_tab(newer) + walk.unreadable(newer, scale)
    # each of the two is ended by itself
    newer.setParent(None)
    frame.close()
    frame.deleteLater()
    assert not found, "\n".join(found)
