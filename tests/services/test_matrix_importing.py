"""A training matrix taken in: who and what is meant, which days, what is asked, what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.exchange.matrix_cells import Meaning, Order
from liaison.exchange.matrix_reading import Matrix, grid_of, read_matrix
from liaison.exchange.xlsx_reading import Block
from liaison.records.home import Staff
from liaison.records.training import Course, Requirement, TrainingRecord
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.services.importing import Outdated
from liaison.services.importing.matrix import (
    LEFT,
    NEW,
    Done,
    MatrixPlan,
    MatrixWishes,
    carry_out_matrix,
    preview_matrix,
    take_in_matrix,
)
from liaison.services.matrix_file import write_matrix
from liaison.services.training import matrix
from liaison.store import query
from liaison.store.history import batch_changes
from liaison.store.kept_choices import kept_choice
from tests.exchange.matrices import workbook
from tests.services.conftest import add, written

D = dt.date
Rows = list[list[Any]]
DAY = dt.date(2025, 4, 3)


@pytest.fixture
def staffed(home: OpenHome) -> OpenHome:
    """Give the home some staff and courses."""
    for name, role in (("Jo Bell", "nurse"), ("Al Hill", "cook"), ("Mary Anne Lee", "nurse")):
        add(home, Staff(name=name, job_role=role))
    add(home, Course(name="Moving and assisting people", refresh_months=12))
    add(home, Course(name="Fire safety", refresh_months=12))
    add(home, Course(name="Care Certificate"))
    return home


def plan(home: OpenHome, rows: Sequence[Sequence[Any]], **wishes: Any) -> MatrixPlan:
    return preview_matrix(home, read_matrix(workbook({"A": rows})), MatrixWishes(**wishes))


def take_in(home: OpenHome, tmp_path: Path, rows: Sequence[Sequence[Any]], **wishes: Any) -> Done:
    matrix = read_matrix(workbook({"A": rows}))
    beside = tmp_path / "matrix.xlsx"
    return take_in_matrix(home, matrix, MatrixWishes(**wishes), beside=beside)


def kept(home: OpenHome) -> list[tuple[str, str, dt.date | None, dt.date | None]]:
    """Return the training that is recorded, by name."""
    found = []
    for record in query.every(home.store, query.Query("training_record", newest_first=False)):
        assert isinstance(record, TrainingRecord)
        who = home.store.get("staff", record.staff or 0)
        what = home.store.get("course", record.course or 0)
        assert isinstance(who, Staff)
        assert isinstance(what, Course)
        found.append((who.name or "", what.name or "", record.completed, record.expires))
    return sorted(found, key=repr)


def problems(made: MatrixPlan) -> str:
    return "\n".join(" ".join(one.problems) for one in made.rejected)


def test_a_matrix_comes_in_once_and_goes_with_one_undo(staffed: OpenHome, tmp_path: Path) -> None:
    rows: Rows = [
        ["Name", "M&H", "Fire", "Care cert"],
        ["Bell, Jo", DAY, "3/5/25", "N/A"],
        ["HILL Al", "-", "booked 3/4", dt.date(2024, 2, 29)],
        ["Mrs Mary  Anne Lee (Nurse)", None, "exp 12/25", None],
    ]
    done = take_in(staffed, tmp_path, rows)
    assert kept(staffed) == [
        ("Al Hill", "Care Certificate", D(2024, 2, 29), None),
        ("Jo Bell", "Fire safety", D(2025, 5, 3), None),
        ("Jo Bell", "Moving and assisting people", DAY, None),
        ("Mary Anne Lee", "Fire safety", D(2025, 1, 1), D(2025, 12, 31)),
    ]
    assert (done.plan.not_required, done.plan.rejected, done.rejects) == (1, (), None)
    assert [note.text for note in done.plan.notes] == [
        "C3 (HILL Al, Fire): “booked 3/4” is no training yet. Book the place on a session."
    ]
    before = written(staffed)
    again = take_in(staffed, tmp_path, rows)
    assert (len(again.plan.births), again.plan.unchanged, again.batch) == (0, 4, None)
    assert written(staffed) == before
    assert done.batch is not None
    assert editing.undo(staffed, batch_changes(staffed.store, done.batch)).changes == 4
    assert kept(staffed) == []


@pytest.mark.parametrize(
    "written_as",
    [
        "Jo Williams", "Williams, Jo", "WILLIAMS Jo", "Mr. Jo  Williams", "Williams, Mrs Jo",
        "Jo Williams*", "Williams, Jo (Senior carer)", "Jo Williams - Nights", "jo williams",
    ],
)  # fmt: skip
def test_a_name_means_the_same_however_it_is_written(staffed: OpenHome, written_as: str) -> None:
    who = add(staffed, Staff(name="Jo Williams", job_role="nurse"))
    (record,) = plan(staffed, [["Name", "Fire safety"], [written_as, DAY]]).births
    assert record.staff == who


def test_completed_and_expiry_side_by_side_are_one_record(
    staffed: OpenHome, tmp_path: Path
) -> None:
    rows: Rows = [
        ["Name", "Fire safety", None, "Care Certificate"],
        [None, "Completed", "Expires", None],
        ["Jo Bell", DAY, D(2026, 4, 2), "3/4/25 exp 2/4/28"],
        ["Al Hill", None, D(2026, 4, 2), None],
    ]
    take_in(staffed, tmp_path, rows)
    assert kept(staffed) == [
        ("Al Hill", "Fire safety", DAY, D(2026, 4, 2)),
        ("Jo Bell", "Care Certificate", DAY, D(2028, 4, 2)),
        ("Jo Bell", "Fire safety", DAY, D(2026, 4, 2)),
    ]


@pytest.mark.parametrize(
    ("end", "completed"),
    [
        (D(2025, 2, 27), D(2024, 2, 28)), (D(2026, 4, 2), D(2025, 4, 3)),
        (D(2025, 12, 31), D(2025, 1, 1)), (D(2025, 2, 28), D(2024, 3, 1)),
    ],
)  # fmt: skip
def test_days_of_expiry_give_the_day_of_completion(
    staffed: OpenHome, end: dt.date, completed: dt.date
) -> None:
    rows: Rows = [["Name", "Fire safety"], ["Jo Bell", end]]
    (record,) = plan(staffed, rows, meaning=Meaning.EXPIRES).births
    assert (record.completed, record.expires) == (completed, end)
    assert "worked out" in (record.notes or "")


def test_expiry_that_cannot_be_is_refused(staffed: OpenHome) -> None:
    today = staffed.store.today()
    rows: Rows = [
        ["Name", "Fire safety", "Care Certificate"],
        ["Jo Bell", today + dt.timedelta(days=800), today],
    ]
    made = plan(staffed, rows, meaning=Meaning.EXPIRES)
    assert made.births == ()
    assert "the course lasts 12 months, so it would be completed in the future" in problems(made)
    assert "the course has no interval" in problems(made)


def test_whether_days_are_completion_or_expiry_is_asked_once(staffed: OpenHome) -> None:
    rows: Rows = [["Name", "Fire safety"], ["Jo Bell", DAY]]
    (question,) = plan(staffed, rows).questions
    assert (question.what, question.must, question.likely) == ("meaning", False, "completed")
    rows = [*rows, ["Al Hill", staffed.store.today() + dt.timedelta(days=9)]]
    (question,) = plan(staffed, rows).questions
    assert (question.must, question.likely) == (True, "expires")
    assert "B3" in question.words
    with pytest.raises(UserError, match="have not come yet") as refused:
        carry_out_matrix(staffed, plan(staffed, rows), Path("x.xlsx"))
    assert refused.value.code == "dates"
    assert plan(staffed, rows, meaning=Meaning.EXPIRES).questions == ()
    rows = [["Name", "Fire safety (completed)"], ["Jo Bell", DAY]]
    assert plan(staffed, rows).questions == ()


def test_a_day_still_to_come_is_no_completion(staffed: OpenHome) -> None:
    rows: Rows = [
        ["Name", "Fire safety"],
        ["Jo Bell", staffed.store.today() + dt.timedelta(days=1)],
    ]
    made = plan(staffed, rows, meaning=Meaning.COMPLETED)
    assert made.births == ()
    assert "B2 (Jo Bell, Fire safety): " in problems(made)
    assert "in the future" in problems(made)


def test_american_days_are_asked_about_and_read_when_told(staffed: OpenHome) -> None:
    rows: Rows = [["Name", "Fire safety", "M&H"], ["Jo Bell", "04/25/2025", "03/04/2025"]]
    made = plan(staffed, rows)
    question = made.questions[0]
    assert (question.what, question.must, question.likely) == ("order", True, "month")
    assert "04/25/2025 in B2" in question.words
    with pytest.raises(UserError) as refused:
        carry_out_matrix(staffed, made, Path("x.xlsx"))
    assert refused.value.code == "dates"
    told = plan(staffed, rows, order=Order.MONTH_FIRST)
    assert [record.completed for record in told.births] == [D(2025, 4, 25), D(2025, 3, 4)]
    told = plan(staffed, rows, order=Order.DAY_FIRST)
    assert [record.completed for record in told.births] == [D(2025, 4, 3)]
    assert "month 25" in problems(told)


def test_a_name_that_two_people_have_is_asked_about(staffed: OpenHome) -> None:
    add(staffed, Staff(name="Jo Bell", job_role="cook"))
    rows: Rows = [["Name", "Role", "Fire safety"], ["Jo Bell", None, DAY]]
    made = plan(staffed, rows)
    assert made.births == ()
    (found,) = made.people
    assert len(found.several) == 2
    assert "may be more than one" in problems(made)
    chosen, other = (identity for identity, _ in found.several)
    (record,) = plan(staffed, rows, people=(("Jo Bell", other),)).births
    assert record.staff == other
    rows = [["Name", "Role", "Fire safety"], ["Jo Bell", "Cook", DAY]]
    (record,) = plan(staffed, rows).births
    assert record.staff in {chosen, other}
    who = staffed.store.get("staff", record.staff or 0)
    assert isinstance(who, Staff)
    assert who.job_role == "cook"
    # two rows of one name, told apart by their roles
    rows = [*rows, ["Bell, Jo", "Nurse", DAY]]
    first, second = plan(staffed, rows).births
    assert {first.staff, second.staff} == {chosen, other}


def test_whom_and_what_nobody_knows_is_told_with_what_comes_near(staffed: OpenHome) -> None:
    rows: Rows = [["Name", "Fire saftey", "Knitting"], ["J Bell", DAY, None], ["Jo Bell", DAY, DAY]]
    made = plan(staffed, rows)
    assert made.births == ()
    # to look for near ones leaves what is found by a short name as it is
    assert plan(staffed, [["Name", "Knitting", "Fire", "M&H"], ["Jo Bell", None, DAY, DAY]]).births
    assert "Nobody is called “J Bell”. It may be Jo Bell" in problems(made)
    assert "No course is called “Fire saftey”. It may be Fire safety." in problems(made)
    assert "No course is called “Knitting”." in problems(made)
    assert [row.row for row in made.rejected] == [2, 3]


def test_what_was_said_about_names_is_remembered(staffed: OpenHome, tmp_path: Path) -> None:
    rows: Rows = [["Name", "Flames", "Knitting"], ["JB", DAY, DAY]]
    (jo,) = (one.id or 0 for one in query.with_text(staffed.store, "staff", "name", "Jo Bell"))
    (fire,) = (
        one.id or 0 for one in query.with_text(staffed.store, "course", "name", "Fire safety")
    )
    first = take_in(
        staffed,
        tmp_path,
        rows,
        people=(("JB", jo),),
        courses=(("Flames", fire), ("Knitting", LEFT)),
    )
    assert (len(first.plan.births), first.plan.rejected) == (1, ())
    rows = [["Name", "FLAMES", "knitting"], ["jb", D(2024, 4, 3), DAY]]
    again = plan(staffed, rows)
    assert [(record.staff, record.course) for record in again.births] == [(jo, fire)]
    assert {found.by for found in (*again.people, *again.courses)} == {"remembered"}
    # names are nobody's to read from what is remembered
    state = kept_choice(staffed.store, "training-matrix")
    assert {len(key) for key in (*state["staff"], *state["course"])} == {20}
    # what is not there any more is not meant
    person = staffed.store.get("staff", jo)
    assert person is not None
    editing.archive(staffed, person, "Left long ago.")
    assert plan(staffed, rows).births == ()


def test_people_and_courses_can_be_added_with_what_they_learned(
    staffed: OpenHome, tmp_path: Path
) -> None:
    rows: Rows = [
        ["Name", "Role", "Knitting"], ["Day, Ann", "Nurse", DAY], ["Bo Day", "", DAY],
        ["Cy Day", "juggler", None],
    ]  # fmt: skip
    made = plan(staffed, rows, new_courses=True, people=(("Day, Ann", NEW), ("Bo Day", NEW)))
    assert [one.name for one in made.new_staff.values()] == ["Ann Day"]
    assert "gives no job role" in problems(made)
    done = take_in(staffed, tmp_path, rows, new_courses=True, new_people="care assistant")
    roles = {one.name: one.job_role for one in done.plan.new_staff.values()}
    assert roles == {"Ann Day": "nurse", "Bo Day": "care assistant"}
    assert kept(staffed) == [("Ann Day", "Knitting", DAY, None), ("Bo Day", "Knitting", DAY, None)]
    assert len(take_in(staffed, tmp_path, rows, new_courses=True).plan.births) == 0


def test_new_people_of_one_name_and_two_jobs_do_not_become_one(staffed: OpenHome) -> None:
    rows: Rows = [
        ["Name", "Job role", "Fire safety"],
        ["Sam New", "nurse", DAY],
        ["Sam New", "cook", D(2025, 5, 6)],
        ["Jo Bell", "nurse", DAY],
        ["Jo Bell", "nurse", D(2025, 5, 6)],
    ]
    made = plan(staffed, rows, new_people="cook")
    assert not made.new_staff
    assert [one.row for one in made.rejected] == [2, 3]
    assert "may be several people" in problems(made)
    assert len(made.births) == 2
    assert made.remarks == ("“Jo Bell” stands in rows 4, 5 of A: they are read as one person's.",)


def test_what_cannot_come_in_is_a_matrix_to_correct(staffed: OpenHome, tmp_path: Path) -> None:
    rows: Rows = [
        ["Name", "Fire safety", "M&H"], ["Jo Bell", DAY, "@ask Jo"], ["Nobody Known", "3/4/25", None],
    ]  # fmt: skip
    done = take_in(staffed, tmp_path, rows, meaning=Meaning.COMPLETED)
    assert len(done.plan.births) == 1
    assert done.rejects == tmp_path / "matrix.rejected.csv"
    text = done.rejects.read_text(encoding="utf-8-sig").splitlines()
    assert text[0] == "Name,Job role,M&H (completed),Fire safety (completed),Problems"
    assert ",'@ask Jo," in text[1]
    done.rejects.write_text(
        "\n".join(text).replace("Nobody Known", "Al Hill"), encoding="utf-8-sig"
    )
    with done.rejects.open("rb") as file:
        again = preview_matrix(staffed, read_matrix(file))
    assert [(len(again.births), len(again.rejected), again.questions)] == [(1, 1, ())]


def test_a_leaver_s_training_counts_until_they_left(staffed: OpenHome) -> None:
    add(staffed, Staff(name="Old Hand", job_role="nurse", left_on=D(2025, 1, 1)))
    rows: Rows = [["Name", "Fire safety", "M&H"], ["Old Hand", D(2024, 4, 3), D(2025, 4, 3)]]
    made = plan(staffed, rows)
    assert [record.completed for record in made.births] == [D(2024, 4, 3)]
    assert "left on" in problems(made)


def test_several_sheets_with_the_same_person_add_each_day_once(staffed: OpenHome) -> None:
    sheet: Rows = [["Name", "Fire safety"], ["Jo Bell", DAY]]
    matrix = read_matrix(workbook({"Days": sheet, "Nights": [*sheet, ["Al Hill", "x"]]}))
    made = preview_matrix(staffed, matrix)
    assert (len(made.births), made.unchanged) == (1, 1)
    assert "B3 of Nights (Al Hill, Fire safety): “x” says that it was done, but not when." in (
        problems(made)
    )


def test_our_own_workbook_of_the_matrix_is_read_back(staffed: OpenHome, tmp_path: Path) -> None:
    rows: Rows = [
        ["Name", "Fire safety (completed)", "Fire safety (expires)", "Care Certificate"],
        ["Jo Bell", DAY, D(2026, 1, 2), D(2024, 2, 29)],
        ["Al Hill", D(2025, 6, 1), None, None],
    ]
    take_in(staffed, tmp_path, rows)
    for course in query.every(staffed.store, query.Query("course")):
        for role in ("nurse", "cook"):
            add(staffed, Requirement(course=course.id, job_role=role))
    file = write_matrix(staffed, matrix(staffed.store), tmp_path / "ours.xlsx")
    with file.open("rb") as opened:
        ours = read_matrix(opened)
    assert [grid.name for grid in ours.grids] == ["Runs out", "Completed"]
    made = preview_matrix(staffed, ours)
    assert (made.births, made.unchanged, made.rejected, made.questions) == ((), 3, (), ())
    for record in query.every(staffed.store, query.Query("training_record")):
        editing.strike(staffed, record, "To be read back.")
    done = take_in_matrix(staffed, ours, MatrixWishes(), beside=file)
    assert len(done.plan.births) == 3
    ends = {one.completed: one.expires for one in done.plan.births}
    assert ends == {DAY: D(2026, 1, 2), D(2024, 2, 29): None, D(2025, 6, 1): D(2026, 5, 31)}
    assert all(one.notes is None for one in done.plan.births)


def test_what_our_own_workbook_shows_under_other_courses_is_no_training_of_its_own(
    staffed: OpenHome, tmp_path: Path
) -> None:
    low = add(staffed, Course(name="Autism: Tier 1", refresh_months=12))
    high = add(staffed, Course(name="Autism: Tier 2", refresh_months=12, satisfies=(low,)))
    parts = [add(staffed, Course(name=f"Badge {n}: Part", refresh_months=24)) for n in (1, 2, 3)]
    whole = add(staffed, Course(name="Badge", satisfies=tuple(parts)))
    for course in (low, high, whole):
        add(staffed, Requirement(course=course, job_role="nurse"))
    staff = {
        getattr(one, "name", ""): one for one in query.every(staffed.store, query.Query("staff"))
    }
    jo = staff["Jo Bell"].id
    twin = add(staffed, Staff(name="Jo Bel", job_role="nurse"))
    add(staffed, TrainingRecord(staff=twin, course=high, completed=DAY, delivery="e-learning"))
    for number, part in enumerate(parts):
        day = D(2026, 1, 1 + number)
        add(staffed, TrainingRecord(staff=jo, course=part, completed=day, delivery="e-learning"))
    double = staffed.store.get("staff", twin)
    assert double is not None
    editing.merge(staffed, double, staff["Jo Bell"], "The same person")
    file = write_matrix(staffed, matrix(staffed.store), tmp_path / "ours.xlsx")
    with file.open("rb") as opened:
        made = preview_matrix(staffed, read_matrix(opened))
    assert (made.births, made.unchanged, made.rejected) == ((), 3, ())


def test_a_plan_older_than_the_last_write_is_not_carried_out(
    staffed: OpenHome, tmp_path: Path
) -> None:
    made = plan(staffed, [["Name", "Fire safety"], ["Jo Bell", DAY]])
    add(staffed, Course(name="Knitting"))
    with pytest.raises(Outdated):
        carry_out_matrix(staffed, made, tmp_path / "matrix.xlsx")
    assert kept(staffed) == []


def test_being_stopped_leaves_nothing_behind(staffed: OpenHome, tmp_path: Path) -> None:
    made = plan(staffed, [["Name", "Fire safety"], ["Jo Bell", DAY], ["Nobody Here", DAY]])

    def stop(_done: int, _total: int, what: str) -> None:
        raise KeyboardInterrupt(what)

    with pytest.raises(KeyboardInterrupt):
        carry_out_matrix(staffed, made, tmp_path / "matrix.xlsx", tell=stop)
    assert kept(staffed) == []
    assert not list(tmp_path.glob("*.csv"))


def test_how_it_was_taught_and_remarks_are_kept(staffed: OpenHome) -> None:
    rows: Rows = [
        ["Name", "Fire safety", "M&H"],
        ["Jo Bell", "3/4/25 (e-learning)", "3/4/25 with Sarah"],
    ]
    first, second = plan(staffed, rows).births
    assert (first.delivery, first.notes) == ("e-learning", None)
    assert (second.delivery, second.notes) == (None, "with Sarah")
    assert (
        dataclasses.replace(first, course=second.course, delivery=None, notes="with Sarah")
        == second
    )


ODD: tuple[Any, ...] = (
    "3/4/26", "exp", "12/25", "booked", "N/A", "\udc80", "=1+1", "0/0/00", "99/99/9999", "Feb", "(",
    "29/2/25", "due 02/2027", "x" * 300, "\n", "٣/٤/٢٠٢٦", "1e9", "comp", "2026-13-40", "00/2026",
    None, None, None, 0, 1, -5, 46115, 1e18, float("inf"), 2.5, True, dt.time(3, 4),
    dt.timedelta(1), dt.date(1900, 1, 1), dt.date(9998, 12, 31), DAY,
)  # fmt: skip
HEADS = (
    "Name", "Surname", "First name", "Job title", None, "Total", "Fire (expiry)", "Completed",
    "Expires", "Fire safety", "Care Certificate",
)  # fmt: skip
NAMES = ("Jo Bell", "Hill, Al", "Bell, Jo", "Total", None, "", ", ", "()", "Mr", "x", "\udc80 Lee")


def test_no_matrix_is_too_odd_for_a_plan(
    staffed: OpenHome,
    full_faults: bool,  # noqa: FBT001  # a fixture
) -> None:
    chance = random.Random(5)
    today, read = staffed.store.today(), 0

    def row(first: Any, most: int) -> list[Any]:
        return [first, *(chance.choice(ODD) for _ in range(chance.randint(0, most)))]

    for _ in range(1_500 if full_faults else 150):
        heads = [chance.choice(HEADS) for _ in range(chance.randint(1, 8))]
        above = [row(chance.choice(ODD), 7) for _ in range(chance.randint(0, 3))]
        below = [row(chance.choice(NAMES), 8) for _ in range(chance.randint(0, 8))]
        corners = [(chance.randint(0, 5), chance.randint(0, 6)) for _ in range(2)]
        joined = tuple(
            (a, b, a + chance.randint(0, 3), b + chance.randint(0, 3)) for a, b in corners
        )
        grid = grid_of(Block("A", [*above, heads, *below], joined))
        if grid is None or not grid.lines:
            continue
        read += 1
        made = preview_matrix(
            staffed,
            Matrix((grid,)),
            MatrixWishes(
                meaning=chance.choice((None, *Meaning)),
                order=chance.choice((None, *Order)),
                new_people=chance.choice(("", "nurse")),
                new_courses=chance.random() < 0.5,
            ),
        )
        assert all(record.completed and record.completed <= today for record in made.births)
        assert all(one.name and "\udc80" not in one.name for one in made.new_staff.values())
    assert read > 50
