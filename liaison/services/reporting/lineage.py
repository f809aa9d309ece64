"""The facts of who taught whom, gathered for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison.records.rules.initials import initials
from liaison.reports.lineage import SPEC, Course, Facts, Lesson
from liaison.services.lineage import Lineage, courses_taught, of_course

if TYPE_CHECKING:
    from liaison.reports.spec import Asked
    from liaison.store.store import Store

__all__ = ["SPEC", "gather"]

_UNNAMED: Final = "This home"


def gather(store: Store, asked: Asked) -> Facts:
    """Return what the report shows.

    Args:
        store: The home.
        asked: The day, and the course; without one, every course that our staff passed on, or all
            of them where none was.
    """
    on = asked.on or store.today()
    loaded = store.the("home")
    name = None if loaded is None else getattr(loaded.record, "name", None)
    if asked.subject is not None:
        found = [of_course(store, asked.subject[1], on)]
    else:
        every = [of_course(store, course, on) for course, _ in courses_taught(store)]
        some = [one for one in every if one.lessons]
        found = [one for one in some if one.levels > 1] or some
    return Facts(name or _UNNAMED, on, tuple(_course(one, short=asked.initials) for one in found))


def _course(found: Lineage, *, short: bool) -> Course:
    lessons = []
    for lesson in found.lessons:
        link, taught = lesson.link, lesson.link.taught
        ours = taught.staff is not None
        teacher = initials(lesson.teacher) if short and ours else lesson.teacher
        names = [initials(one.name) if short else one.name for one in lesson.learners]

        def told(
            words: tuple[str, ...], was: str = lesson.teacher, now: str = teacher
        ) -> tuple[str, ...]:
            # a sentence about a teacher begins with their name
            return tuple(now + one.removeprefix(was) for one in words)

        lessons.append(
            Lesson(
                taught.session, link.came_from, link.level, taught.day, teacher, lesson.place,
                tuple(names), told(lesson.doubts), told(lesson.doubts_now),
            )
        )  # fmt: skip
    return Course(found.name, tuple(lessons))
