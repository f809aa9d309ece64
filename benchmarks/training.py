"""The training matrix: worked out, and painted while it scrolls."""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from benchmarks import data, homes
from benchmarks.harness import Bench, Result, check, compare, loop_until, percentile, seconds_of
from liaison.records.home import Staff
from liaison.records.training import Course, Requirement, TrainingRecord
from liaison.services.training import matrix
from liaison.store.store import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from liaison.records.rules.matrix import Matrix
    from liaison.store.store import Store

_COMPUTE: Final = 2.0
_PAINT: Final = 1.5
_LARGE: Final = (200, 60)
_SMALL: Final = (20, 10)
_ROLES: Final = ("nurse", "senior carer", "care assistant", "cook", "housekeeper")
_DAY: Final = dt.date(2004, 12, 1)
"""Before the benchmark homes' clock, as no training is completed in the future."""
_UNIT: Final = 4_000
_FRAMES: Final = 120

# The day's matrix in one statement: for everybody and every course what counts longest, whether it
# is required, and the state, with no certificates, courses that count as others, or places booked.
_PLAIN: Final = """
WITH held AS (
    SELECT staff, course, max(completed) AS completed,
        max(coalesce(expires, CASE WHEN c.refresh_months IS NULL THEN '9999-12-31' ELSE
            date(completed, '+' || c.refresh_months || ' months', '-1 day') END)) AS ends
    FROM training_record JOIN course c ON c.id = course
    WHERE completed <= :day AND training_record.archived IS NOT 1
        AND training_record.merged_into IS NULL
        AND coalesce(training_record.struck_reason, '') = ''
    GROUP BY staff, course
)
SELECT s.id, s.name, s.job_role, c.id, c.name, h.completed, h.ends,
    CASE WHEN h.ends >= date(:day, '+60 days') THEN 'in date'
        WHEN h.ends >= :day THEN 'due soon'
        WHEN r.id IS NULL THEN 'not required'
        WHEN h.ends IS NULL THEN 'missing' ELSE 'out of date' END
FROM staff s CROSS JOIN course c
LEFT JOIN requirement r ON r.course = c.id AND r.job_role = s.job_role
    AND coalesce(r.since, '') <= :day AND r.archived IS NOT 1
LEFT JOIN held h ON h.staff = s.id AND h.course = c.id
WHERE s.archived IS NOT 1 AND s.left_on IS NULL AND c.archived IS NOT 1
ORDER BY s.name, s.id, c.refresh_months, c.id
"""


def training_matrix(bench: Bench) -> Iterator[Result]:
    """200 staff and 60 courses: worked out against plain SQL, painted against 20 and 10.

    The floor of the first is one statement on the same database that knows the plainest rule; the
    floor of the second is our own matrix of a small home in a window of the same size.
    """
    large, small = (_home(bench, *size) for size in (_LARGE, _SMALL))
    with homes.open_store(large) as store:
        made = matrix(store, _DAY)
        check((len(made.rows), len(made.columns)) == _LARGE, "the matrix is not whole")
        rows = _plain(store)
        check(len(rows) == _LARGE[0] * _LARGE[1], "the plain matrix is not whole")
        turns = bench.turns(7, 25)
        yield compare(
            "training matrix, 200 x 60", _COMPUTE, turns,
            lambda: seconds_of(lambda: matrix(store, _DAY)),
            lambda: seconds_of(lambda: _plain(store)),
        )  # fmt: skip
    with homes.open_store(small) as store:
        few = matrix(store, _DAY)
        check((len(few.rows), len(few.columns)) == _SMALL, "the small matrix is not whole")
    yield _painted(bench, made, few)


def _plain(store: Store) -> list[tuple[object, ...]]:
    found = store.connection.execute(_PLAIN, {"day": _DAY.isoformat()}).fetchall()
    return list(found)


def _home(bench: Bench, people: int, courses: int) -> Path:
    """Make a home where everybody needs every course and has done it twice."""
    chance = random.Random(people)
    path = bench.homes.folder() / FILE_NAME
    store, person = homes.empty(path)
    with store.unit(person, "who and what") as unit:
        staff = [
            # one of each name, as nearly everywhere
            unit.add(Staff(name=f"{data.person_name(chance)} {n}", job_role=chance.choice(_ROLES)))
            for n in range(people)
        ]
        taught = [
            unit.add(Course(name=f"Course {n}", refresh_months=chance.choice((12, 24, 36, None))))
            for n in range(courses)
        ]
        for course in taught:
            for role in _ROLES:
                unit.add(Requirement(course=course, job_role=role))
    records = [
        TrainingRecord(
            staff=who, course=course,
            completed=_DAY - dt.timedelta(days=chance.randrange(1 + 400 * back, 400 * back + 400)),
        )
        for who in staff
        for course in taught
        for back in (0, 1)
    ]  # fmt: skip
    for first in range(0, len(records), _UNIT):
        with store.unit(person, "what they did") as unit:
            for record in records[first : first + _UNIT]:
                unit.add(record)
    store.close()
    return path


def _painted(bench: Bench, many: Matrix, few: Matrix) -> Result:
    # a screen's own pace would hide what a frame costs
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from liaison.ui import theme
    from liaison.ui.pages.training.view import MatrixView

    app = QApplication.instance() or QApplication([])
    check(isinstance(app, QApplication), "another kind of application is running")
    theme.install(app)  # type: ignore[arg-type]  # just looked at
    views = []
    for shown in (many, few):
        view = MatrixView()
        view.cells.show(shown)
        # so small that the small matrix, too, has somewhere to go
        view.resize(900, 400)
        view.show()
        views.append(view)
    turns = bench.turns(3, 15)
    result = compare(
        "a frame of the matrix, 200 x 60", _PAINT, turns,
        lambda: _frame(views[0]), lambda: _frame(views[1]),
    )  # fmt: skip
    for view in views:
        view.hide()
        view.deleteLater()
    return result


def _frame(view: QWidget) -> float:
    """Return the 95th percentile of a frame while the matrix moves both ways."""
    from PySide6.QtCore import QTimer

    from liaison.ui.pages.training.view import MatrixView

    check(isinstance(view, MatrixView), "this is no matrix")
    assert isinstance(view, MatrixView)  # for the type checker
    down, across = view.verticalScrollBar(), view.horizontalScrollBar()
    check(down.maximum() > 0 and across.maximum() > 0, "the matrix does not scroll")
    down.setValue(0)
    frames: list[float] = []
    last = [time.perf_counter()]
    tick = QTimer()

    def turn() -> None:
        now = time.perf_counter()
        frames.append(now - last[0])
        last[0] = now
        down.setValue((down.value() + 76) % (down.maximum() + 1))
        across.setValue((across.value() + 49) % (across.maximum() + 1))
        view.viewport().repaint()

    tick.timeout.connect(turn)
    tick.start(0)
    loop_until(lambda: len(frames) > _FRAMES)
    tick.stop()
    return percentile(frames, 0.95)
