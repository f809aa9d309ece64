"""The page of dates and skills: the most pressing first, and each seen to beside the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from liaison.records.training import Competency, Supervision
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.ui.desk import Desk
from liaison.ui.pages.readiness import ReadinessPage, facts
from liaison.ui.parts.say_popover import SayPopover
from liaison.ui.widgets import Button
from tests.ui.parts.conftest import NOW, Heard, Ids

TODAY = NOW.date()


def on(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def write(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    done: list[Any] = []
    desk.jobs.write(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


@pytest.fixture
def filled(qtbot: QtBot, desk: Desk, ids: Ids) -> tuple[int, int]:
    """A supervision that is past its day, and a skill whose review is near."""

    def work(home: OpenHome) -> tuple[int, int]:
        home.store.clock = lambda: NOW
        meeting = Supervision(staff=ids.moira, kind="supervision", planned=on(-4))
        skill = Competency(
            staff=ids.moira, skill="Hoist", level="competent", assessed_on=on(-300),
            assessor_contact=ids.grace, review_due=on(9),
        )  # fmt: skip
        return editing.add(home, meeting)[0], editing.add(home, skill)[0]

    found: tuple[int, int] = write(qtbot, desk, work)
    return found


def shown(qtbot: QtBot, desk: Desk) -> ReadinessPage:
    page = ReadinessPage(desk)
    qtbot.addWidget(page)
    page.resize(1158, 712)
    page.show()
    with qtbot.waitSignal(page.filled):
        page.refresh()
    return page


def press(qtbot: QtBot, page: ReadinessPage, words: str) -> SayPopover:
    found = [b for b in page.card.findChildren(Button) if b.text() == words and b.isVisible()]
    found[-1].click()
    qtbot.waitUntil(lambda: any(p.isVisible() for p in page.window().findChildren(SayPopover)))
    popover = page.window().findChildren(SayPopover)[-1]
    qtbot.waitUntil(lambda: popover.fields is not None)
    return popover


def test_what_is_late_stands_first_and_is_held_with_its_next_date(
    qtbot: QtBot, desk: Desk, filled: tuple[int, int], heard: Heard
) -> None:
    page = shown(qtbot, desk)
    rows = [row.words for row in page.list.cases.rows]
    assert rows == [
        "Past its date", "4 days late", "Soon", "Due 27 Nov 2026", "Not recorded",
        "Not recorded", "Not recorded",
    ]  # fmt: skip
    qtbot.waitUntil(lambda: page.card.record == ("supervision", filled[0]))
    qtbot.waitUntil(lambda: "Supervision" in page.card.accessibleName())
    popover = press(qtbot, page, "Held ...")
    assert popover.fields is not None
    popover.fields.editor("next_due").set_value(on(91))
    popover.save_button.click()
    qtbot.waitUntil(lambda: bool(heard.said))
    record = write(qtbot, desk, lambda home: home.store.get("supervision", filled[0]))
    assert (record.done, record.next_due) == (TODAY, on(91))
    assert not heard.troubles


def test_a_skill_is_judged_anew_and_the_earlier_judgement_stays(
    qtbot: QtBot, desk: Desk, filled: tuple[int, int], heard: Heard
) -> None:
    page = shown(qtbot, desk)
    page.show_tab(facts.SKILLS)
    with qtbot.waitSignal(page.card.shown):
        page.show_record("competency", filled[1])
    popover = press(qtbot, page, "Judged anew ...")
    assert popover.fields is not None
    popover.fields.editor("level").set_value("can teach")
    popover.fields.editor("review_due").set_value(on(365))
    popover.save_button.click()
    qtbot.waitUntil(lambda: bool(heard.said))
    page.refresh()
    qtbot.waitUntil(lambda: [r.words for r in page.list.cases.rows][-1] == "Can teach")
    found = write(qtbot, desk, lambda home: facts.card(home.store, "competency", filled[1], TODAY))
    assert found.chip == ("none", "Judged anew since")
    before = write(qtbot, desk, lambda home: home.store.get("competency", filled[1]))
    assert (before.level, before.assessed_on) == ("competent", on(-300))
    assert not heard.troubles
