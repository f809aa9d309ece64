"""Today: figures, what to do next, who comes and came, as each role meets it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from liaison.records.administration import Person
from liaison.records.casework import Action, Appointment, Concern, Referral, Visit
from liaison.records.home import Staff
from liaison.records.training import Course, Requirement
from liaison.services import concerns, drafts, editing
from liaison.services.drafts import About
from liaison.services.homes import OpenHome
from liaison.services.today import Section
from liaison.ui import theme
from liaison.ui.chart import ChartView
from liaison.ui.desk import Desk
from liaison.ui.desk import Person as Sitting
from liaison.ui.pages.today import TodayPage
from liaison.ui.pages.today.boards import AnswerCard, DoNext, Happening
from liaison.ui.pages.today.carer import CarerBoard
from liaison.ui.pages.today.lines import DoLine, HappeningLine, state_of
from liaison.ui.pages.today.manager import ManagerBoard
from liaison.ui.pages.today.tiles import BigTile
from liaison.ui.parts.card import RecordCard
from liaison.ui.parts.closing import ClosingPopover
from liaison.ui.parts.form import RecordForm
from liaison.ui.parts.unfinished import new_about
from liaison.ui.widgets import Button, EmptyState, FigureTile
from liaison.ui.widgets.text import tips
from tests.ui.parts.conftest import NOW, Heard, Ids, writing_held


def on(days: int) -> dt.date:
    return NOW.date() + dt.timedelta(days=days)


def at(days: int, hour: int = 10) -> dt.datetime:
    return NOW.replace(hour=hour, minute=30) + dt.timedelta(days=days)


def write(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    done: list[Any] = []
    desk.jobs.write(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


@dataclasses.dataclass
class Written:
    """What there is to do."""

    late: int
    soon: int
    referral: int
    concern: int


@pytest.fixture
def busy(qtbot: QtBot, desk: Desk, ids: Ids) -> Written:
    """Something of every kind waits."""

    def work(home: OpenHome) -> Written:
        def add(record: object) -> int:
            return editing.add(home, record)[0]  # type: ignore[arg-type]  # records, all of them

        fire = add(Course(name="Fire safety", refresh_months=12))
        add(Requirement(course=fire, job_role="deputy manager"))
        surgery = home.store.load("organisation", ids.surgery)
        assert surgery is not None
        changed = dataclasses.replace(surgery.record, typical_wait_days=30)  # type: ignore[call-arg]
        editing.save(home, surgery, changed)
        moira = home.store.load("staff", ids.moira)
        assert moira is not None
        # long enough here that no time for new starters is running
        begun = dataclasses.replace(moira.record, started=on(-900))  # type: ignore[call-arg]
        editing.save(home, moira, begun)
        add(Appointment(resident=ids.dorothy, at=at(0, 14), purpose="Eyes", status="booked"))
        add(Appointment(resident=ids.dorothy, at=at(3), purpose="Feet", status="booked"))
        return Written(
            late=add(Action(what="Ring the surgery", due=on(-2), resident=ids.dorothy)),
            soon=add(Action(what="Order pads", due=on(3))),
            referral=add(
                Referral(
                    resident=ids.dorothy, organisation=ids.surgery, sent=on(-184), reason="Chair"
                )
            ),
            concern=add(
                Concern(
                    resident=ids.dorothy, raised_by=ids.moira, raised_at=at(-1),
                    situation="Coughs after tea",
                )
            ),
        )  # fmt: skip

    found: Written = write(qtbot, desk, work)
    return found


def shown(qtbot: QtBot, desk: Desk) -> TodayPage:
    page = TodayPage(desk)
    qtbot.addWidget(page)
    page.resize(1158, 712)
    page.show()
    page.activateWindow()
    with qtbot.waitSignal(page.filled):
        page.refresh()
    return page


def sit(desk: Desk, role: str) -> None:
    desk.person = Sitting(desk.person.id, desk.person.name, role)


def be_staff(qtbot: QtBot, desk: Desk, staff: int) -> None:
    """Record which member of staff sits here."""

    def work(home: OpenHome) -> None:
        loaded = home.store.load("person", home.person)
        assert loaded is not None
        assert isinstance(loaded.record, Person)
        with home.unit("who they are") as unit:
            unit.save(loaded, dataclasses.replace(loaded.record, staff=staff))

    write(qtbot, desk, work)


def lines(page: TodayPage) -> list[DoLine]:
    assert page.board is not None
    return [line for line in page.board.findChildren(DoLine) if line.isVisible()]


def titles(page: TodayPage) -> list[str]:
    return [line.item.title for line in lines(page)]


def figures(page: TodayPage) -> dict[str, FigureTile]:
    tiles = page.findChildren(FigureTile)
    return {tile.accessibleName().split(":")[0]: tile for tile in tiles}


# ---- the manager's page


def test_the_figures_say_what_waits(qtbot: QtBot, desk: Desk, busy: Written) -> None:
    page = shown(qtbot, desk)
    said = {
        name: (t.accessibleName(), t.accessibleDescription()) for name, t in figures(page).items()
    }
    assert said == {
        "Open loops": ("Open loops: 4 without an outcome", "1 older than 90 days"),
        "Longest wait": ("Longest wait: 184 days Meadow Lane Surgery", "Usual wait is 30"),
        "All required training": (
            "All required training: 0 of 1 staff in date", "1 run out or missing",
        ),
        "Last backup": ("Last backup: None from this PC yet", "Make a backup"),
    }  # fmt: skip


def test_what_is_late_comes_first_and_each_opens_its_record(
    qtbot: QtBot, desk: Desk, busy: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    assert [line.item.late for line in lines(page)] == [True, True, True, False, False]
    assert titles(page)[0] == "Ring the surgery"
    for line in lines(page):
        line.button.click()
    assert set(heard.opened) >= {
        ("action", busy.late), ("referral", busy.referral), ("concern", busy.concern),
    }  # fmt: skip


def test_pressing_a_figure_shows_the_list_behind_it_and_goes_there(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda name, argument: went.append((name, argument)))
    page = shown(qtbot, desk)
    QTest.keyClick(figures(page)["Longest wait"], Qt.Key.Key_Space)
    figures(page)["Open loops"].click()
    figures(page)["All required training"].click()
    figures(page)["Last backup"].click()
    assert went == [
        ("loops", {"kind": "referral"}), ("loops", {"kind": ""}), ("training", None),
        ("settings", "backup"),
    ]  # fmt: skip


def test_charts_tell_a_screen_reader_their_numbers(qtbot: QtBot, desk: Desk, busy: Written) -> None:
    page = shown(qtbot, desk)
    told = [chart.accessibleName() for chart in page.findChildren(ChartView)]
    assert told == [
        (
            "Open loops by age: 0\N{EN DASH}7 days: 3, 8\N{EN DASH}14 days: 0, "
            "15\N{EN DASH}30 days: 0, 31\N{EN DASH}90 days: 0, over 90 days: 1"
        ),
        "Referrals that wait longest: Meadow Lane Surgery 184 days, usual 30",
    ]
    assert not page.grab().toImage().isNull()


def test_who_comes_and_who_came_open_their_records(
    qtbot: QtBot, desk: Desk, ids: Ids, busy: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    happening = page.findChildren(HappeningLine)
    assert [line.item.type for line in happening] == ["appointment", "appointment", "visit"]
    names = [line.accessibleName() for line in happening]
    assert "Wed 18 Nov 2026, 14:30" in names[0]
    assert "Sat 21 Nov 2026, 10:30" in names[1]
    QTest.keyClick(happening[2], Qt.Key.Key_Space)
    assert heard.opened == [("visit", ids.visit)]


def test_the_training_that_is_lacking_is_counted_in_the_sidebar(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    counted: dict[str, int] = {}
    desk.counted.connect(counted.__setitem__)
    shown(qtbot, desk)
    assert counted == {"today": 0, "training": 1, "loops": 4}


def test_only_few_lines_are_made_until_all_are_asked_for(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    def work(home: OpenHome) -> None:
        with home.unit("many") as unit:
            for number in range(30):
                unit.add(Action(what=f"Thing {number}", due=on(-1)))

    write(qtbot, desk, work)
    page = shown(qtbot, desk)
    assert isinstance(page.board, ManagerBoard)
    assert len(page.findChildren(DoLine)) == 10
    page.board.next.more.setFocus()
    page.board.next.more.click()
    assert len(lines(page)) == 35
    assert not page.board.next.more.isVisible()


def test_a_line_explains_what_was_learned_after_it_was_laid_out(
    qtbot: QtBot, desk: Desk, busy: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = lines(shown(qtbot, desk))[0]
    monkeypatch.setattr(tips, "explain", lambda words: f"What {words} is")
    QApplication.sendEvent(line, QHelpEvent(QEvent.Type.ToolTip, QPoint(), QPoint()))
    assert f"What {line.item.title} is" in line.toolTip()
    # one that is made from now on says it to a screen reader without being asked
    later = DoLine(line.item, parent=line.parentWidget())
    told = QAccessible.queryAccessibleInterface(later).text(QAccessible.Text.Description)
    assert f"What {line.item.title} is" in told


def test_a_quiet_home_says_so(qtbot: QtBot, desk: Desk) -> None:
    page = shown(qtbot, desk)
    empty = {part.accessibleName() for part in page.findChildren(EmptyState) if part.isVisible()}
    assert empty == {
        "Nothing is waiting", "Nobody is waiting", "Nothing is open",
        "Nobody is expected",
    }  # fmt: skip


# ---- reading anew


def test_what_is_shown_stays_and_the_focus_too_when_something_else_is_written(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    page = shown(qtbot, desk)
    before = page.board
    line = next(line for line in lines(page) if line.item.id == busy.soon)
    line.button.setFocus()
    write(qtbot, desk, lambda home: editing.add(home, Action(what="Another", due=on(-9))))
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert page.board is not before
    assert "Another" in titles(page)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName().startswith("Open action: Order pads")


def test_nothing_is_built_anew_when_nothing_is_different(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    page = shown(qtbot, desk)
    before = page.board
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert page.board is before


def test_a_kind_that_is_chosen_while_the_board_is_built_anew_stays_chosen(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    page = shown(qtbot, desk)
    found, old = page.found, page.board
    assert found is not None
    assert isinstance(old, ManagerBoard)
    page.found = None
    with qtbot.waitSignal(page.filled):
        page._show(found)
        old.next.choose(Section.ACTIONS)
    assert isinstance(page.board, ManagerBoard)
    assert page.board is not old
    assert page.board.next.chosen is Section.ACTIONS


def test_a_page_that_comes_back_on_another_day_is_read_anew(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    page = shown(qtbot, desk)
    page.hide()
    desk._now = lambda: NOW + dt.timedelta(days=1)
    with qtbot.waitSignal(page.filled):
        page.show()
    assert lines(page)[0].item.words == "3 days late"


def test_a_home_that_cannot_be_read_says_so_and_offers_to_try_again(
    qtbot: QtBot, desk: Desk, busy: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    from liaison.errors import UserError
    from liaison.ui.pages.today import facts as read

    page = shown(qtbot, desk)
    right = read.read

    def broken(*_: object) -> Any:
        raise UserError("The disk could not be read.", do="Look at its cable.")

    monkeypatch.setattr(read, "read", broken)
    page.refresh()
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.accessibleName() == "The disk could not be read. Look at its cable."
    assert len(lines(page)) == 5
    monkeypatch.setattr(read, "read", right)
    with qtbot.waitSignal(page.filled):
        page.banner.button.click()
    assert not page.banner.isVisible()


# ---- records


def test_an_action_is_shown_on_the_page_and_esc_leads_back(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    page = shown(qtbot, desk)
    page.show_record("action", busy.late)
    card = page.findChild(RecordCard)
    assert card is not None
    qtbot.waitSignal(card.shown).wait()
    assert not page.sheet.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert page.sheet.isVisible()


# ---- saying what came of something


def asked(qtbot: QtBot, page: TodayPage, title: str) -> ClosingPopover:
    line = next(line for line in lines(page) if line.item.title == title)
    line.outcome.click()
    (popover,) = [p for p in page.window().findChildren(ClosingPopover) if p.isVisible()]
    qtbot.waitUntil(popover.line.isEnabled)
    return popover


def test_what_came_of_an_action_is_said_in_one_line_without_leaving_and_taken_back(
    qtbot: QtBot, desk: Desk, busy: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    # as the shell does
    desk.jobs.changed.connect(lambda _: page.refresh())
    popover = asked(qtbot, page, "Ring the surgery")
    assert popover.line.hasFocus()
    qtbot.keyClick(popover.line, Qt.Key.Key_Return)
    assert popover.isVisible()
    qtbot.keyClicks(popover.line, "They will ring back")
    qtbot.keyClick(popover.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Outcome recorded: Ring the surgery." in heard.said)
    action = write(qtbot, desk, lambda home: home.store.get("action", busy.late))
    assert action.outcome == "They will ring back"
    assert action.done_at is not None
    assert write(qtbot, desk, drafts.mine) == []
    qtbot.waitUntil(lambda: "Ring the surgery" not in titles(page) and page.isVisible())
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: "Ring the surgery" in titles(page))


def test_what_was_typed_of_an_outcome_survives_closing_it_and_a_page_made_anew(
    qtbot: QtBot, desk: Desk, busy: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    # as the shell does
    desk.jobs.changed.connect(lambda _: page.refresh())
    popover = asked(qtbot, page, "Ring the surgery")
    qtbot.keyClicks(popover.line, "They will")

    def other(home: OpenHome) -> None:
        editing.add(home, Action(what="Something else", due=on(-5)))

    write(qtbot, desk, other)
    qtbot.waitUntil(lambda: "Something else" in titles(page))
    assert popover.line.text() == "They will"
    qtbot.keyClicks(popover.line, " ring")
    qtbot.keyClick(popover.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: desk.jobs.is_idle)
    again = asked(qtbot, page, "Ring the surgery")
    qtbot.waitUntil(lambda: again.line.text() == "They will ring")


def test_what_is_typed_while_an_outcome_is_saved_waits_for_the_form_of_its_record(
    qtbot: QtBot, desk: Desk, busy: Written, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    popover = asked(qtbot, page, "Ring the surgery")
    qtbot.keyClicks(popover.line, "They will")
    with writing_held(desk.jobs):
        popover.save()
        qtbot.keyClicks(popover.line, " ring back")
    qtbot.waitUntil(lambda: any("choose Change" in words for words in heard.said))
    (draft,) = write(qtbot, desk, drafts.mine)
    assert draft.about == About("action", busy.late)
    assert draft.typed == {"outcome": "They will ring back"}
    form = RecordForm(desk, "action", busy.late)
    qtbot.addWidget(form)
    with qtbot.waitSignal(form.ready):
        form.show()
    with qtbot.waitSignal(form.saved) as saved:
        form.save()
    assert saved.args[0].both == ()


def test_somebody_just_written_down_lacks_nothing_yet_in_the_words_of_every_page(
    qtbot: QtBot, desk: Desk, busy: Written, ids: Ids
) -> None:
    def forget(home: OpenHome) -> None:
        moira = home.store.load("staff", ids.moira)
        assert moira is not None
        editing.save(home, moira, dataclasses.replace(moira.record, started=None))  # type: ignore[call-arg]

    write(qtbot, desk, forget)
    page = shown(qtbot, desk)
    (line,) = [line for line in lines(page) if line.item.type == "course"]
    assert state_of(line.item) == ("none", "Not recorded")


# ---- whoever cares for people


def test_a_carer_is_greeted_and_goes_on_with_one_press(qtbot: QtBot, desk: Desk) -> None:
    sit(desk, "carer")
    went: list[str] = []
    desk.went.connect(lambda page, _: went.append(page))
    page = shown(qtbot, desk)
    tiles = page.findChildren(BigTile)
    assert tiles[0].accessibleName() == "Record a visit"
    QTest.keyClick(tiles[0], Qt.Key.Key_Space)
    tiles[1].click()
    assert went == ["record-visit", "concern"]
    assert not page.findChildren(FigureTile)


def test_an_answer_is_read_and_can_be_unread(
    qtbot: QtBot, desk: Desk, ids: Ids, heard: Heard
) -> None:
    sit(desk, "carer")
    be_staff(qtbot, desk, ids.moira)
    concern = write(
        qtbot,
        desk,
        lambda home: editing.add(
            home,
            Concern(
                resident=ids.dorothy, raised_by=ids.moira, raised_at=at(-2),
                situation="Coughs after tea", answer="I have referred her.",
                answered_by="Dr Anwar", answered_at=at(-1),
            ),
        )[0],
    )  # fmt: skip
    page = shown(qtbot, desk)
    (answer,) = page.findChildren(AnswerCard)
    assert answer.button.accessibleName() == "I've read this: Dorothy Hale"
    answer.button.click()
    qtbot.waitUntil(lambda: heard.said == ["Marked as read."])
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert not [one for one in page.findChildren(AnswerCard) if one.isVisible()]
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: len(heard.said) == 2)
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert [one.isVisible() for one in page.findChildren(AnswerCard)][-1]
    assert concern


def test_an_answer_that_was_read_elsewhere_is_not_read_a_second_time(
    qtbot: QtBot, desk: Desk, ids: Ids, heard: Heard
) -> None:
    sit(desk, "carer")
    be_staff(qtbot, desk, ids.moira)

    def told(home: OpenHome) -> int:
        return editing.add(home, Concern(
            resident=ids.dorothy, raised_by=ids.moira, raised_at=at(-2), situation="Coughs",
            answer="I have referred her.", answered_by="Dr Anwar", answered_at=at(-1),
        ))[0]  # fmt: skip

    concern = write(qtbot, desk, told)
    page = shown(qtbot, desk)
    (answer,) = page.findChildren(AnswerCard)
    read = write(qtbot, desk, lambda home: concerns.acknowledge(home, concern))
    answer.read.emit(concern)
    qtbot.waitUntil(lambda: len(heard.troubles) == 1)
    assert heard.troubles[0].what == "There is nothing new to read."
    assert heard.said == []
    # it can still be taken back as the one thing it is
    assert write(qtbot, desk, lambda home: editing.undo(home, read.changes).changes) == 1


def test_a_carer_sees_their_own_training_and_never_others(
    qtbot: QtBot, desk: Desk, ids: Ids, busy: Written
) -> None:
    sit(desk, "carer")
    page = shown(qtbot, desk)
    # who they are is not recorded: everybody's would be the wrong answer
    assert titles(page) == []
    assert not page.greeting.chip.isVisible()
    be_staff(qtbot, desk, ids.moira)
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert titles(page) == ["Fire safety"]
    assert page.greeting.chip.text() == "1 course to renew"
    other = write(
        qtbot,
        desk,
        lambda home: editing.add(home, Staff(name="Ben Cook", job_role="cook"))[0],
    )
    be_staff(qtbot, desk, other)
    with qtbot.waitSignal(page.filled):
        page.refresh()
    assert titles(page) == []
    assert page.greeting.chip.text() == "Your training is in date"


def test_a_senior_sees_tiles_and_all_there_is_to_do(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    sit(desk, "senior")
    page = shown(qtbot, desk)
    assert isinstance(page.board, CarerBoard)
    assert len(lines(page)) == 5
    assert page.findChildren(BigTile)


def test_a_reader_sees_who_comes_and_came_and_can_write_nothing(
    qtbot: QtBot, desk: Desk, busy: Written
) -> None:
    sit(desk, "reader")
    page = shown(qtbot, desk)
    assert len(page.findChildren(Happening)) == 2
    assert not page.findChildren(BigTile)
    verbs = {b.words for b in page.findChildren(Button) if b.isVisible()}
    assert verbs <= {"Show all"}


def test_a_visit_that_was_begun_is_offered_to_go_on_with(qtbot: QtBot, desk: Desk) -> None:
    about = new_about("1")
    went: list[object] = []
    desk.went.connect(lambda _, argument: went.append(argument))
    write(qtbot, desk, lambda home: drafts.save(home, about, {"who": "Grace"}))
    page = shown(qtbot, desk)
    qtbot.waitUntil(lambda: page.unfinished.count == 1)
    (button,) = [b for b in page.unfinished.findChildren(Button) if b.words == "Go on"]
    assert button.isVisible()
    button.click()
    assert went == [{"draft": about}]


def test_a_visit_planned_for_yesterday_that_nobody_recorded_says_so(
    qtbot: QtBot, desk: Desk
) -> None:
    write(
        qtbot,
        desk,
        lambda home: editing.add(home, Visit(at=at(-1), kind="visit", status="planned")),
    )
    page = shown(qtbot, desk)
    said = [line.accessibleName() for line in page.findChildren(HappeningLine)]
    assert any(name.endswith("planned, nothing recorded") for name in said)


# ---- looks


@pytest.fixture
def large() -> Iterator[None]:
    """Text at 200 per cent."""
    theme.current().resize(2.0)
    yield
    theme.current().resize(1.0)


@pytest.mark.usefixtures("large", "busy")
@pytest.mark.parametrize("role", ["manager", "carer", "senior", "reader"])
def test_at_200_per_cent_nothing_is_wider_than_the_window(
    qtbot: QtBot, desk: Desk, ids: Ids, role: str
) -> None:
    sit(desk, role)
    be_staff(qtbot, desk, ids.moira)
    page = shown(qtbot, desk)
    sheet = page.sheet.widget()
    assert sheet is not None
    assert sheet.minimumSizeHint().width() <= page.sheet.viewport().width()
    assert page.sheet.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("role", ["manager", "carer"])
def test_what_a_role_does_not_see_goes_with_the_page_too(
    qtbot: QtBot, desk: Desk, role: str
) -> None:
    sit(desk, role)
    page = shown(qtbot, desk)
    unused: list[QWidget] = [page.greeting if role == "manager" else page.header]
    # with nothing to do there is nothing to choose from
    unused += [card.chips for card in page.findChildren(DoNext)]
    for part in unused:
        assert part.isHidden()
        assert page.isAncestorOf(part)


def test_every_control_has_a_name(qtbot: QtBot, desk: Desk, busy: Written) -> None:
    for role in ("manager", "carer"):
        sit(desk, role)
        page = shown(qtbot, desk)
        nameless = [
            part
            for part in page.findChildren(QWidget)
            if part.isVisible()
            and part.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not part.accessibleName()
        ]
        assert nameless == []


def test_what_is_shown_follows_the_theme_at_once(qtbot: QtBot, desk: Desk, busy: Written) -> None:
    page = shown(qtbot, desk)
    light = page.grab().toImage()
    theme.current().choose("dark")
    try:
        dark = page.grab().toImage()
    finally:
        theme.current().choose("light")
    assert light.pixelColor(600, 200).lightness() > 200
    assert dark.pixelColor(600, 200).lightness() < 90


def test_a_carer_sees_what_they_raised_and_asks_whom_to_ring(
    qtbot: QtBot, desk: Desk, ids: Ids, heard: Heard
) -> None:
    be_staff(qtbot, desk, ids.moira)

    def work(home: OpenHome) -> int:
        for number in range(4):
            raised = Concern(
                resident=ids.dorothy, raised_by=ids.moira, raised_at=at(-1 - number),
                situation="Coughs", route="GP",
            )  # fmt: skip
            first = editing.add(home, raised)[0]
        answered = Concern(
            resident=ids.dorothy, raised_by=ids.moira, raised_at=at(-9), situation="Skin",
            answer="Well", answered_by="Grace", answered_at=at(-8),
        )  # fmt: skip
        editing.add(home, answered)
        return first

    write(qtbot, desk, work)
    sit(desk, "carer")
    went: list[object] = []
    desk.went.connect(lambda page, argument: went.append((page, argument)))
    page = shown(qtbot, desk)
    assert page.found is not None
    assert len(page.found.mine) == 4
    opens = [
        one
        for one in page.findChildren(Button)
        if one.accessibleName().startswith("Open what you raised about Dorothy Hale")
    ]
    # whom it is about is told from their namesake
    assert all("room 12" in one.accessibleName() for one in opens)
    assert len(opens) == 3
    opens[0].click()
    assert heard.opened[-1] == ("concern", page.found.mine[0][0])
    falls = next(one for one in page.findChildren(Button) if one.words == "Falls")
    falls.click()
    assert went == [("who-to-ring", {"ask": "Falls"})]


def test_a_senior_has_the_figures_of_what_is_open(qtbot: QtBot, desk: Desk, busy: Written) -> None:
    sit(desk, "senior")
    page = shown(qtbot, desk)
    assert set(figures(page)) == {"Open loops", "Longest wait"}
