"""A home of 22 staff and 16 courses on 22 November 2026, with every state of the matrix in it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from liaison.records.home import Staff
from liaison.records.rules.matrix import Matrix, build
from liaison.records.rules.standing import Facts
from liaison.records.training import (
    Attendance,
    Course,
    Requirement,
    Session,
    TrainingRecord,
)
from liaison.records.vocabularies import shipped

ON: Final = dt.date(2026, 11, 22)
AT: Final = dt.datetime(2026, 11, 22, 10, 14, tzinfo=dt.UTC)
COURSES: Final = (
    ("Moving and assisting", 12), ("Basic life support", 12), ("Medication", 12),
    ("Safeguarding adults", 12), ("Fire safety", 12), ("Data security", 12),
    ("Mental capacity, DoLS", 36), ("Infection prevention", 36), ("Food hygiene", 36),
    ("Health and safety", 36), ("Equality and diversity", 36), ("Dignity in care", 36),
    ("Oral health", 36), ("Nutrition, hydration", 36), ("Care Certificate", None),
    ("Oliver McGowan", None),
)  # fmt: skip

# Each cell: "Nov27" runs out in that month; "7Jul" ran out, or "26Nov" runs out soon, that day;
# "b17Dec" in date and booked for that day; "none" required, no record; "-" not required;
# "v" done, no end.
STAFF: Final = """
Sarah Whitcombe|manager|Nov27 Sep27 Apr27 Oct27 Apr27 Feb27 Aug28 Jan29 Oct28 May28 Oct28 Oct28 7Jul 26Nov - v
Siân Harding|senior carer|Feb27 Jul27 May27 Jun27 Mar27 Feb27 Aug28 Jun29 10Dec Sep27 Mar27 12Jan 30Nov Mar28 v v
Łukasz Nowak|senior carer|May27 Feb27 Aug27 May27 Jun27 Mar27 Mar28 May27 b17Dec 27Nov Jun28 Aug28 Jul28 Feb29 v v
Olena Marchenko|senior carer|Aug27 May27 3Sep Feb27 Aug27 Mar27 none Apr28 Apr29 May29 Apr28 7Dec Oct27 17Aug v v
Ruth Aldous|nurse|Sep27 Apr27 Apr27 Jul27 May27 Mar27 Aug28 Mar28 Oct28 27Nov 26Nov Oct27 Jan29 Apr28 v v
Blessing Adeyemi|nurse|Apr27 Feb27 b10Dec Mar27 May27 Apr27 May28 Mar27 Feb28 Jun27 2Dec Jan28 Jan29 Jun27 v none
Ana Popescu|care assistant|Jul27 Feb27 31Oct Jul27 Mar27 Apr27 Mar27 Feb29 Jun28 Jan28 Jan29 Apr27 Apr28 Mar27 v v
Callum Reed|care assistant|Aug27 Jan27 Mar27 1Dec Aug27 9Oct Jan29 Apr28 Aug28 11Jan Dec27 Jun28 22Oct Oct28 v v
Chloe Baptiste|care assistant|Jul27 May27 Jul27 Sep27 May27 May27 Apr28 Mar29 Jul29 Sep27 Dec27 Jun27 Jun29 Mar27 v none
Daniel Frost|care assistant|Apr27 24Dec May27 Aug27 Oct27 May27 May29 9Nov Nov27 Dec27 Aug28 16Oct Aug27 12Sep v v
Ewa Zielińska|care assistant|none Sep27 28Dec Jul27 May27 May27 Jan29 22Jul Mar27 Nov27 Aug28 Jul28 Mar29 Jun29 v none
Fatima Rahman|care assistant|9Jan Sep27 Jan27 Oct27 Jul27 Jun27 18Jan Nov28 Jun27 Aug29 Apr27 Aug28 Dec27 Feb29 v v
Gareth Pugh|care assistant|22Dec Aug27 Sep27 May27 Feb27 Jun27 Jan28 Jun27 Jul28 Jul28 Jan29 Jul29 Jan29 8Dec v v
Hannah Cole|care assistant|Nov27 Oct27 Nov27 Aug27 May27 Jul27 Jul28 Jun28 Aug28 24Nov Feb27 Mar27 Mar28 Aug28 v v
Iwona Mazur|care assistant|Oct27 Aug27 Sep27 Jul27 Sep27 Jul27 Oct28 14Sep b19Dec Mar27 Sep27 8Sep Jan28 Jun28 v v
Jade Turner|care assistant|b11Dec May27 Sep27 6Aug Apr27 Jul27 Jul28 Aug28 Jun29 b18Dec Jan28 Dec27 Jul29 Sep27 v v
Kofi Mensah|care assistant|19Jan Mar27 Mar27 Aug27 Mar27 Aug27 30Dec May29 May27 Nov28 Jun28 Jun29 Apr27 Feb27 v v
Liam Doyle|care assistant|Sep27 Apr27 5Dec Jun27 Mar27 none May28 30Nov May28 Jan28 Oct28 Nov28 Jun29 Mar28 v v
Mary Stone|care assistant|May27 Mar27 Jan27 Mar27 Aug27 Aug27 Jan28 Oct27 May27 Apr29 Mar28 b5Dec Jan29 Apr28 v v
Nina Sharma|care assistant|Feb27 Jun27 Jan27 Feb27 Jun27 Sep27 Jul28 26Dec Nov28 Jun27 Sep28 23Oct Oct27 Jun28 v v
Peter Vale|cook|- Mar27 - Jun27 Oct27 Sep27 Sep28 May27 May29 Aug28 Mar29 Mar28 - Jul27 - v
Tracey Bond|housekeeper|- Oct27 - Feb27 Oct27 Sep27 Dec27 Nov27 Nov27 Nov27 Mar29 Feb27 - Sep28 - v
"""
IN_DATE_OF_ROWS: Final = {
    "Sarah Whitcombe": "14/15", "Siân Harding": "16/16", "Łukasz Nowak": "16/16",
    "Olena Marchenko": "13/16", "Ruth Aldous": "16/16", "Blessing Adeyemi": "15/16",
    "Ana Popescu": "15/16", "Callum Reed": "14/16", "Chloe Baptiste": "15/16",
    "Daniel Frost": "13/16", "Ewa Zielińska": "13/16", "Fatima Rahman": "16/16",
    "Gareth Pugh": "16/16", "Hannah Cole": "16/16", "Iwona Mazur": "14/16",
    "Jade Turner": "15/16", "Kofi Mensah": "16/16", "Liam Doyle": "15/16", "Mary Stone": "16/16",
    "Nina Sharma": "15/16", "Peter Vale": "12/12", "Tracey Bond": "12/12",
}  # fmt: skip
IN_DATE_OF_COLUMNS: Final = "19/20 22/22 18/20 21/22 22/22 20/22 21/22 19/22 22/22 22/22 22/22 19/22 18/20 20/22 19/19 19/22"
SHARES: Final = (
    "95.0 % 100 % 90.0 % 95.5 % 100 % 90.9 % 95.5 % 86.4 % 100 % 100 % 100 % 86.4 % 90.0 % 90.9 % "
    "100 % 86.4 %"
)
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_FIRST_COURSE: Final = 101


def _month(word: str) -> int:
    return _MONTHS.index(word) // 3 + 1


def _near(words: str) -> dt.date:
    """Return the day that is nearest to the day of the matrix: 7 Jul is past, 12 Jan is to come."""
    day, month = int(words[:-3]), _month(words[-3:])
    days = [dt.date(year, month, day) for year in (2026, 2027)]
    return min(days, key=lambda found: abs(found - ON))


def facts() -> Facts:
    """Return the records of the home."""
    courses = [
        Course(id=_FIRST_COURSE + n, name=name, refresh_months=months)
        for n, (name, months) in enumerate(COURSES)
    ]
    staff: list[Staff] = []
    trained: list[TrainingRecord] = []
    sessions: list[Session] = []
    places: list[Attendance] = []
    required: dict[tuple[str, int], Requirement] = {}
    for person, line in enumerate(STAFF.strip().splitlines(), 1):
        name, role, cells = line.split("|")
        staff.append(Staff(id=person, name=name, job_role=role))
        for course, cell in zip(courses, cells.split(), strict=True):
            assert course.id is not None
            number = person * 1000 + course.id
            if cell == "-":
                continue
            required[role, course.id] = Requirement(
                id=len(required) + 1, course=course.id, job_role=role
            )
            if cell == "none":
                continue
            ends = None
            if cell.startswith("b"):
                ends = dt.date(2026, 12, 28)
                at = dt.datetime.combine(_near(cell[1:]), dt.time(13, 30), dt.UTC)
                sessions.append(Session(id=number, course=course.id, at=at))
                places.append(Attendance(id=number, session=number, staff=person))
            elif cell[0].isdigit():
                ends = _near(cell)
            elif cell != "v":
                # late in the month: the 22nd of January is the first day that is not "soon"
                ends = dt.date(2000 + int(cell[3:]), _month(cell[:3]), 25)
            done = dt.date(2026, 1, 5) if course.refresh_months == 12 else dt.date(2025, 5, 5)
            if ends is not None and ends < ON:
                done = ends - dt.timedelta(days=364)
            trained.append(
                TrainingRecord(
                    id=number, staff=person, course=course.id, completed=done, expires=ends
                )
            )
    return Facts(
        staff=staff,
        courses=courses,
        requirements=list(required.values()),
        trained=trained,
        sessions=sessions,
        attendances=places,
    )


def matrix() -> Matrix:
    """Return the matrix of the home."""
    return build(facts(), ON, due_soon_days=60, vocabularies=shipped(), names={})
