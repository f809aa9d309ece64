"""Who taught whom as a tree, and what speaks against a teacher."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from liaison.records.rules import lineage
from liaison.records.rules.compliance import Held
from liaison.records.rules.lineage import Taught
from liaison.records.training import Competency

GRACE = 900
DAN, KOFI, JOY, IRENA = 1, 2, 3, 4


def at(month: int) -> datetime:
    return datetime(2026, month, 3, 14, tzinfo=UTC)


NURSE = Taught(10, at(1), contact=GRACE, learners=(DAN, KOFI))
CASCADE = Taught(11, at(3), staff=DAN, learners=(JOY,))
LATEST = Taught(12, at(5), staff=JOY, learners=(IRENA,))


def tree(*sessions: Taught) -> list[tuple[int, int, int | None]]:
    return [
        (link.taught.session, link.level, link.came_from)
        for link in lineage.handed_down(sessions)
    ]  # fmt: skip


def test_three_levels_from_the_nurse_down_in_any_order() -> None:
    expected = [(10, 0, None), (11, 1, 10), (12, 2, 11)]
    assert tree(NURSE, CASCADE, LATEST) == expected
    assert tree(LATEST, CASCADE, NURSE) == expected
    links = lineage.handed_down((NURSE, CASCADE, LATEST))
    assert lineage.generations(links) == 3
    assert lineage.roots(links) == {10: 4}


def test_what_is_written_down_wins_over_what_is_worked_out() -> None:
    again = Taught(13, at(2), contact=GRACE, learners=(DAN,))
    said = Taught(11, at(3), staff=DAN, learners=(JOY,), passed_on=10)
    assert tree(NURSE, again, CASCADE) == [(10, 0, None), (13, 0, None), (11, 1, 13)]
    assert tree(NURSE, again, said) == [(10, 0, None), (11, 1, 10), (13, 0, None)]
    links = {link.taught.session: link.said for link in lineage.handed_down((NURSE, said, LATEST))}
    assert links == {10: False, 11: True, 12: False}


def test_nobody_learned_from_a_session_that_came_later_or_from_themselves() -> None:
    early = Taught(9, datetime(2025, 1, 1, tzinfo=UTC), staff=DAN, learners=(JOY,))
    assert tree(early, NURSE) == [(9, 0, None), (10, 0, None)]
    own = Taught(11, at(3), staff=DAN, learners=(DAN, JOY))
    after = Taught(12, at(5), staff=DAN, learners=(IRENA,))
    assert tree(own, after) == [(11, 0, None), (12, 0, None)]


def test_circles_and_sessions_that_are_not_here_end_somewhere() -> None:
    one = Taught(1, at(1), staff=DAN, passed_on=2)
    two = Taught(2, at(2), staff=JOY, passed_on=1)
    self_made = Taught(3, at(3), staff=DAN, passed_on=3)
    lost = Taught(4, at(4), staff=DAN, passed_on=99)
    found = tree(one, two, self_made, lost)
    assert sorted(session for session, *_ in found) == [1, 2, 3, 4]
    assert {session: level for session, level, _ in found} == {1: 1, 2: 0, 3: 0, 4: 0}


@pytest.mark.parametrize(
    ("skill", "course", "about"),
    [
        ("Catheter bag change and washout", "Catheter care", True),
        ("Moving and assisting: teaching others", "Moving and assisting people", True),
        ("Basic life support instructor", "End of life care", False),
        ("End of life care, teaching", "End of life care", True),
        ("Food hygiene", "Fire safety", False),
        ("Taking blood", "Care training", False),
        ("", "Fire safety", False),
    ],
)
def test_a_skill_is_about_a_course_by_most_of_its_words(
    skill: str, course: str, about: bool  # noqa: FBT001  # a column of the table
) -> None:  # fmt: skip
    assert lineage.is_about(skill, course) is about


DAY = date(2026, 3, 3)


def skill(level: str, assessed: date, review: date | None = None) -> Competency:
    return Competency(
        id=5, staff=DAN, skill="Catheter change", level=level, assessed_on=assessed,
        review_due=review,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("held", "skills", "said"),
    [
        (Held(1, date(2025, 1, 1), None), [], []),
        (Held(1, date(2025, 3, 4), DAY), [], []),  # the last day still counts
        (Held(1, date(2025, 3, 3), date(2026, 3, 2)), [],
         ["Dan's own training ran out on Mon 2 Mar 2026."]),
        (None, [], ["Dan has no training in Catheter care recorded before that day."]),
        (Held(1, DAY, None), [skill("can teach", DAY, DAY)], []),
        (Held(1, DAY, None), [skill("can teach", date(2025, 2, 28), date(2026, 2, 28))],
         ["Dan's sign-off for Catheter change was due for review on Sat 28 Feb 2026."]),
        (Held(1, DAY, None), [skill("competent", DAY)],
         ["Dan is signed off as competent in Catheter change, not to teach it."]),
        # what was signed off later says nothing of that day, the newest of before does
        (Held(1, DAY, None), [skill("aware", date(2026, 3, 4))], []),
        (Held(1, DAY, None), [skill("supervised", date(2025, 5, 1)), skill("can teach", DAY)], []),
    ],
)  # fmt: skip
def test_what_speaks_against_a_teacher(
    held: Held | None, skills: list[Competency], said: list[str]
) -> None:
    assert list(lineage.doubts("Dan", "Catheter care", DAY, held, skills)) == said
