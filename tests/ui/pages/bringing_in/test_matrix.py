"""A training matrix comes in through the window: asked about, looked through, written, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from liaison.exchange.matrix_cells import Meaning, Order
from liaison.records.training import Course, TrainingRecord
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.store.store import Store
from liaison.ui.desk import Desk
from liaison.ui.pages.bringing_in import BringInPage
from liaison.ui.pages.bringing_in.facts import Sample
from liaison.ui.pages.bringing_in.matrix_facts import MATRIX, is_likely
from tests.exchange.matrices import workbook
from tests.ui.parts.conftest import Heard, Ids

WAIT = 20_000
DAY = dt.date(2025, 4, 3)
ROWS: list[list[Any]] = [
    ["Name", "Fire", "Flames", "Meds"],
    ["Kelly, Moira", DAY, dt.date(2025, 5, 3), "N/A"],
    ["Bobby Stranger", DAY, "booked 3/4", "x"],
    ["Moira Kelly", None, None, "4/5/25"],
]


@pytest.fixture
def page(qtbot: QtBot, home: OpenHome, desk: Desk, heard: Heard, ids: Ids) -> Iterator[BringInPage]:
    for name in ("Fire safety", "Medication"):
        course = Course(name=name, refresh_months=12)
        desk.jobs.write(partial(editing.add, record=course), lambda _: None, owner=desk)
    opened = BringInPage(desk)
    qtbot.addWidget(opened)
    opened.resize(1150, 700)
    opened.show()
    yield opened
    assert heard.faults == []


def use(qtbot: QtBot, page: BringInPage, file: Path, rows: list[list[Any]]) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(workbook({"2025": rows}).getvalue())
    page.use_file(file)
    qtbot.waitUntil(
        lambda: page.file.sample is not None and page.file.sample.file == file, timeout=WAIT
    )
    if page.file.type.value != MATRIX:
        # so few days may be any list: somebody says that it is a matrix
        page.file.type.set_value(MATRIX)
        page.file.type.changed.emit(MATRIX)
    qtbot.waitUntil(lambda: page.matrix.plan is not None, timeout=WAIT)


def kept(qtbot: QtBot, desk: Desk) -> list[TrainingRecord]:
    found: list[list[TrainingRecord]] = []

    def every(store: Store) -> list[TrainingRecord]:
        records = query.every(store, query.Query("training_record"))
        return [record for record in records if isinstance(record, TrainingRecord)]

    desk.jobs.read(every, found.append, owner=desk)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def choose(qtbot: QtBot, page: BringInPage, combo: Any, value: object) -> None:
    """Choose a value as somebody does, and wait until the file is looked through anew."""
    before = page.matrix.plan
    combo.set_value(value)
    combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(lambda: page.matrix.plan is not before, timeout=WAIT)


def test_a_matrix_is_known_asked_about_written_and_taken_back(
    qtbot: QtBot, page: BringInPage, desk: Desk, heard: Heard, tmp_path: Path
) -> None:
    use(qtbot, page, tmp_path / "lists" / "matrix.xlsx", ROWS)
    part = page.matrix
    assert page.file.type.value == MATRIX
    assert not page.file.headings.isVisible()
    assert not page.columns.isVisible()
    assert part.meaning.value is Meaning.COMPLETED
    assert not part.order_field.isVisible()
    assert part.outcome.go.words == "Bring in 2 training records"
    assert list(part.names.combos) == [("course", "Flames"), ("staff", "Bobby Stranger")]
    combo = part.names.combos["course", "Flames"]
    words = {combo.itemText(number): number for number in range(combo.count())}
    fire = combo._values[words["Fire safety"]]
    choose(qtbot, page, combo, fire)
    assert part.outcome.go.words == "Bring in 3 training records"
    assert part.names.combos["course", "Flames"].value == fire
    choose(qtbot, page, part.names.new_people, "nurse")
    assert part.outcome.go.words == "Bring in 4 training records"
    assert kept(qtbot, desk) == []
    part.outcome.go.click()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=WAIT)
    assert heard.said == ["Added: 4 training records, 1 member of staff."]
    assert len(kept(qtbot, desk)) == 4
    assert not part.isVisible()
    rejected = tmp_path / "lists" / "matrix.rejected.csv"
    assert str(rejected) in page.banner.accessibleName()
    assert "x" in rejected.read_text("utf-8-sig")
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: kept(qtbot, desk) == [], timeout=WAIT)
    # what a heading means is remembered
    use(qtbot, page, tmp_path / "lists" / "again.xlsx", ROWS)
    assert part.names.combos["course", "Flames"].value == fire


def test_american_days_are_asked_about_before_anything_can_come_in(
    qtbot: QtBot, page: BringInPage, tmp_path: Path
) -> None:
    rows = [["Name", "Fire", "Meds"], ["Moira Kelly", "04/25/2025", "03/04/2025"]]
    use(qtbot, page, tmp_path / "matrix.xlsx", rows)
    part = page.matrix
    assert part.order_field.isVisible()
    assert part.order.value is None
    assert not part.outcome.go.isEnabled()
    assert part.outcome.why.text() == "Say above how its days are to be read."
    choose(qtbot, page, part.order, Order.MONTH_FIRST)
    assert part.outcome.go.isEnabled()
    assert part.plan is not None
    assert [record.completed for record in part.plan.births] == [
        dt.date(2025, 4, 25), dt.date(2025, 3, 4),
    ]  # fmt: skip
    assert part.order_field.isVisible()


def test_another_kind_of_list_hides_the_matrix_and_a_bad_file_is_told(
    qtbot: QtBot, page: BringInPage, tmp_path: Path
) -> None:
    use(qtbot, page, tmp_path / "matrix.xlsx", ROWS)
    page.file.type.set_value("staff")
    page.file.type.changed.emit("staff")
    qtbot.waitUntil(lambda: page._looked_at is not None or page.banner.isVisible(), timeout=WAIT)
    assert not page.matrix.isVisible()
    assert page.file.headings.isVisible()
    page.file.type.set_value(MATRIX)
    page.file.type.changed.emit(MATRIX)
    qtbot.waitUntil(lambda: page.matrix.plan is not None, timeout=WAIT)
    assert page.matrix.isVisible()
    file = tmp_path / "none.csv"
    file.write_text("Course,Kind\nFire,statutory\n", encoding="utf-8")
    page.use_file(file)
    qtbot.waitUntil(lambda: "no training matrix" in page.banner.accessibleName(), timeout=WAIT)
    assert not page.matrix.outcome.isVisible()


@pytest.mark.parametrize(
    ("rows", "is_matrix"),
    [
        ([["Name", "Job title", "Fire", "Meds", "M&H"], ["Jo Bell", "Nurse", "3/4/25", "4/5/25", ""]],
         True),
        ([["Name", "Room", "DOB", "Moved in", "DoLS runs out", "Last reviewed"],
          ["Ann Lee", "4", "1/2/1940", "3/4/2025", "5/6/2027", "7/8/2026"]], False),
    ],
)  # fmt: skip
def test_a_list_of_known_headings_with_many_days_is_no_matrix(
    rows: list[list[str]], *, is_matrix: bool
) -> None:
    sample = Sample(Path("a.csv"), None, rows=tuple(map(tuple, rows)))
    assert is_likely(sample) is is_matrix
