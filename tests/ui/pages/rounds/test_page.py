"""A round on the screen: outcomes line by line, nothing typed lost, nothing on the agenda lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.records.casework import Action, AgendaOutcome, Concern, Round, Series
from liaison.services import drafts, editing
from liaison.services.drafts import About
from liaison.services.homes import OpenHome
from liaison.services.rounds import doing
from liaison.services.rounds.agenda import Agenda, agenda
from liaison.services.rounds.lines import State
from liaison.store import query
from liaison.ui.desk import Desk
from liaison.ui.desk import Person as Sitting
from liaison.ui.pages.rounds import RoundsPage, facts
from liaison.ui.pages.rounds.all_rounds import AllRounds
from liaison.ui.pages.rounds.opened import OpenLine
from liaison.ui.pages.rounds.others import Others
from liaison.ui.pages.rounds.row import LineRow
from liaison.ui.pages.rounds.turns import AT_ONCE
from liaison.ui.parts.reason import ReasonDialog
from liaison.ui.widgets import Button
from tests.ui.parts.conftest import NOW, Heard, Ids


def write(qtbot: QtBot, desk: Desk, work: Any) -> Any:
    done: list[Any] = []
    desk.jobs.write(work, done.append)
    qtbot.waitUntil(lambda: bool(done))
    return done[0]


@dataclasses.dataclass
class There:
    """What is there."""

    round: int
    concern: int


@pytest.fixture
def there(qtbot: QtBot, desk: Desk, ids: Ids) -> There:
    """A round that has just begun, with a concern and an action that wait for it."""

    def work(home: OpenHome) -> There:
        home.store.clock = lambda: NOW

        def add(record: object) -> int:
            return editing.add(home, record)[0]  # type: ignore[arg-type]  # records, all of them

        series = add(Series(name="Weekly round", professional=ids.grace, every="week", weekday=2,
                            start_time="10:30"))  # fmt: skip
        sitting = add(Round(series=series, at=NOW - dt.timedelta(minutes=11)))
        concern = add(Concern(resident=ids.dorothy, raised_by=ids.moira, situation="Coughs",
                              raised_at=NOW - dt.timedelta(days=2)))  # fmt: skip
        add(Action(what="Ring the ward", resident=ids.dorothy, due=NOW.date()))
        return There(sitting, concern)

    found: There = write(qtbot, desk, work)
    return found


def shown(qtbot: QtBot, desk: Desk) -> RoundsPage:
    page = RoundsPage(desk)
    qtbot.addWidget(page)
    page.resize(1158, 712)
    page.show()
    page.activateWindow()
    desk.jobs.changed.connect(lambda _: page.refresh())
    page.show_start()
    qtbot.waitUntil(lambda: page.board.found is not None and bool(page.board.rows))
    qtbot.waitUntil(lambda: all(row.line.id is not None for row in page.board.rows))
    return page


def opened(qtbot: QtBot, page: RoundsPage) -> OpenLine:
    qtbot.waitUntil(lambda: page.board.opened is not None)
    found = page.board.opened
    assert found is not None
    qtbot.waitUntil(found.record.isEnabled)
    return found


def states(qtbot: QtBot, desk: Desk, identity: int) -> list[State]:
    found = write(qtbot, desk, lambda home: agenda(home.store, identity).lines)
    return [line.state for line in found]


def test_an_outcome_is_saved_by_ctrl_enter_and_the_next_line_opens(
    qtbot: QtBot, desk: Desk, there: There, heard: Heard
) -> None:
    page = shown(qtbot, desk)
    line = opened(qtbot, page)
    assert line.fields is not None
    control = line.fields.editor("outcome").control
    qtbot.waitUntil(control.hasFocus)
    qtbot.keyClicks(control, "Bloods tomorrow.")
    qtbot.keyClick(control, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: page.board.opened is not None and page.board.opened.identity != line.identity
    )
    assert states(qtbot, desk, there.round)[0] is State.OUTCOME
    concern = write(qtbot, desk, lambda home: home.store.get("concern", there.concern))
    assert concern.answer == "Bloods tomorrow."
    assert "Outcome recorded" in heard.said[-1]


def test_what_somebody_wrote_on_the_agenda_is_taken_off_with_a_reason_and_not_said_to_stay_open(
    qtbot: QtBot, desk: Desk, there: There, heard: Heard
) -> None:
    write(qtbot, desk, lambda home: doing.add_line(home, there.round, "Flu clinic: when?"))
    page = shown(qtbot, desk)
    (line,) = [row.line for row in page.board.rows if row.line.source is None]
    page.board.off_asked.emit(line)
    (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, ReasonDialog)]
    assert line.id in {row.line.id for row in page.board.rows}
    qtbot.keyClicks(dialog._line, "Asked already")
    dialog.do.click()
    qtbot.waitUntil(lambda: heard.said == ["Taken off the agenda."])
    found = write(qtbot, desk, lambda home: agenda(home.store, there.round).lines)
    assert line.id not in {one.id for one in found}


def test_an_outcome_of_three_spaces_is_told_at_its_field_and_writes_nothing(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    page = shown(qtbot, desk)
    line = opened(qtbot, page)
    assert line.fields is not None
    fields = line.fields
    fields.editor("outcome").put("   ")
    fields.editor("due").put("20/11/2026")
    line.save()
    qtbot.waitUntil(lambda: bool(fields.boxes["outcome"].error))
    assert "few words" in fields.boxes["outcome"].error
    assert State.OUTCOME not in states(qtbot, desk, there.round)
    assert not fields.editor("due").is_empty()


def test_a_name_that_is_nobodys_is_refused_beside_its_field(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    page = shown(qtbot, desk)
    line = opened(qtbot, page)
    assert line.fields is not None
    line.fields.editor("outcome").put("Bloods.")
    line.fields.editor("owner_staff").put("Nobody we know")
    line.save()
    assert line.fields.boxes["owner_staff"].error
    assert State.OUTCOME not in states(qtbot, desk, there.round)


def test_half_an_outcome_is_there_again_when_the_line_opens_again(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    page = shown(qtbot, desk)
    line = opened(qtbot, page)
    assert line.fields is not None
    qtbot.keyClicks(line.fields.editor("outcome").control, "Bloods tom")
    page.board.close_line()
    about = About("agenda_line", line.identity, "outcome")
    assert write(qtbot, desk, lambda home: (drafts.find(home, about),))[0] is not None
    page.board.open_line(line.identity)
    again = opened(qtbot, page)
    assert again.fields is not None
    editor = again.fields.editor("outcome")
    qtbot.waitUntil(lambda: editor.typed() == "Bloods tom")
    again.carry_over()
    assert "typed an outcome" in again.banner.accessibleName()


def test_a_line_is_carried_over_by_ctrl_d(qtbot: QtBot, desk: Desk, there: There) -> None:
    page = shown(qtbot, desk)
    line = opened(qtbot, page)
    assert line.fields is not None
    control = line.fields.editor("outcome").control
    qtbot.waitUntil(control.hasFocus)
    qtbot.keyClick(control, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.board.opened is not line)
    assert states(qtbot, desk, there.round)[0] is State.CARRIED


def test_the_order_is_changed_by_the_keyboard(qtbot: QtBot, desk: Desk, there: There) -> None:
    page = shown(qtbot, desk)
    opened(qtbot, page)
    page.board.close_line()
    before = [row.line.id for row in page.board.rows]
    qtbot.keyClick(page.board.rows[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: [row.line.id for row in page.board.rows] == [before[1], before[0]])


def test_what_another_person_records_meanwhile_leaves_what_is_typed_here(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    page = shown(qtbot, desk)
    line = opened(qtbot, page)
    assert line.fields is not None
    qtbot.keyClicks(line.fields.editor("outcome").control, "Half")
    other = page.board.rows[1].line.id
    said = AgendaOutcome(line=other, outcome="Done elsewhere")
    write(qtbot, desk, lambda home: editing.add(home, said))
    qtbot.waitUntil(lambda: page.board.rows[1].line.state is State.OUTCOME)
    assert page.board.opened is line
    assert line.fields.editor("outcome").typed() == "Half"


def test_all_rounds_are_listed_and_the_next_ones_planned(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    page = shown(qtbot, desk)
    page.show_all()
    qtbot.waitUntil(lambda: len(page.all.rows) > 2)  # the series, and two to come
    counted = write(
        qtbot, desk, lambda home: len(query.page(home.store, query.Query("round")).records)
    )
    assert counted > 1
    page.all.rows[0].click()
    qtbot.waitUntil(lambda: page.round == there.round)


def test_a_reader_sees_the_agenda_and_writes_nothing(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    desk.person = Sitting(desk.person.id, desk.person.name, "reader")
    page = RoundsPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.show_start()
    qtbot.waitUntil(lambda: bool(page.board.rows))
    assert [row.line.id for row in page.board.rows] == [None, None]
    assert page.finish.isHidden()
    assert page.add.isHidden()
    written = write(
        qtbot, desk, lambda home: len(query.page(home.store, query.Query("agenda_line")).records)
    )
    assert written == 0
    assert there.round == page.round


def test_what_was_said_of_a_line_goes_when_somebody_is_at_it_and_blanks_are_no_outcome(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    page = shown(qtbot, desk)
    line = opened(qtbot, page)
    assert line.fields is not None
    control = line.fields.editor("outcome").control
    qtbot.waitUntil(control.hasFocus)
    line.save()
    qtbot.waitUntil(lambda: line.fields is not None and bool(line.fields.boxes["outcome"].error))
    qtbot.keyClicks(control, "  a")
    assert not line.fields.boxes["outcome"].error
    line.carry_over()
    assert not line.banner.isHidden()
    qtbot.keyClick(control, Qt.Key.Key_Backspace)
    assert line.banner.isHidden()
    line.carry_over()
    qtbot.waitUntil(lambda: states(qtbot, desk, there.round)[0] is State.CARRIED)


def test_a_long_agenda_is_whole_in_the_end_and_a_line_far_down_opens_once_it_is_there(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    for number in range(2 * AT_ONCE + 1):
        asked = f"Question {number}"
        write(qtbot, desk, functools.partial(_ask, sitting=there.round, question=asked))
    page = RoundsPage(desk)
    qtbot.addWidget(page)
    page.show()
    found = write(qtbot, desk, lambda home: facts.board(home.store, there.round))
    page.round = there.round
    # what waits has no line of its own before the agenda is drawn up
    last = [line.id for line in found.agenda.lines if line.id is not None][-1]
    page.board.show_board(found)
    assert len(page.board.rows) == AT_ONCE
    page.board.open_line(last)
    assert page.board.opened is None
    qtbot.waitUntil(lambda: page.board.opened is not None)
    assert page.board.opened is not None
    assert page.board.opened.identity == last
    assert [row.line for row in page.board.rows] == [*found.agenda.lines]
    body = page.board.lines.body
    places = [body.indexOf(row) for row in page.board.rows]
    assert places == sorted(places)


def _ask(home: OpenHome, *, sitting: int, question: str) -> object:
    return doing.add_line(home, sitting, question)


def test_a_board_that_comes_before_the_one_ahead_is_whole_leaves_no_row_of_it_behind(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    for number in range(2 * AT_ONCE + 1):
        asked = f"Question {number}"
        write(qtbot, desk, functools.partial(_ask, sitting=there.round, question=asked))
    page = RoundsPage(desk)
    qtbot.addWidget(page)
    page.show()
    found = write(qtbot, desk, lambda home: facts.board(home.store, there.round))
    page.round = there.round
    lines = found.agenda.lines
    page.board.show_board(found)
    qtbot.waitUntil(lambda: len(page.board.rows) == len(lines))
    other = tuple(line._replace(question="Something else") for line in lines)
    page.board.show_board(
        dataclasses.replace(found, agenda=dataclasses.replace(found.agenda, lines=other))
    )
    assert len(page.board.rows) == AT_ONCE
    fewer = dataclasses.replace(found, agenda=dataclasses.replace(found.agenda, lines=lines[::-2]))
    page.board.show_board(fewer)
    qtbot.waitUntil(lambda: len(page.board.rows) == len(lines[::-2]))
    shown = [row for row in page.board.lines.findChildren(LineRow) if not row.isHidden()]
    assert {row.line.id for row in shown} == {line.id for line in lines[::-2]}
    assert [row.line for row in page.board.rows] == [*lines[::-2]]


def test_all_rounds_keep_the_rows_that_still_say_what_is_so(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    everything = AllRounds(plans=True)
    qtbot.addWidget(everything)
    found = write(qtbot, desk, lambda home: facts.index(home.store))
    (coming,) = found.coming
    many = tuple(
        dataclasses.replace(coming, sitting=dataclasses.replace(coming.sitting, id=number))
        for number in range(1, 2 * AT_ONCE)
    )
    everything.show_index(dataclasses.replace(found, coming=many), NOW)
    assert len(everything.rows) == AT_ONCE
    qtbot.waitUntil(lambda: len(everything.rows) == len(many) + len(found.recurring))
    before = everything.rows
    changed = (dataclasses.replace(many[0], lines=many[0].lines + 1), *many[2:])
    everything.show_index(dataclasses.replace(found, coming=changed), NOW)
    assert everything.rows[1:] == before[2:]
    assert everything.rows[0] is not before[0]
    assert before[1].isHidden()
    everything.show_index(dataclasses.replace(found, coming=()), NOW)
    assert everything.rows == before[-len(found.recurring) :]
    assert not everything.nothing.isHidden()


def test_what_waits_goes_onto_the_agenda_of_the_round_that_is_shown(
    qtbot: QtBot, desk: Desk, there: There
) -> None:
    def two(home: OpenHome) -> list[Agenda]:
        # only the next round of a series draws up its agenda by itself
        series = getattr(home.store.get("round", there.round), "series", None)
        later = [Round(series=series, at=NOW + dt.timedelta(days=7, hours=h)) for h in (0, 1)]
        return [agenda(home.store, editing.add(home, one)[0]) for one in later]

    first, second = write(qtbot, desk, two)
    assert first.others == second.others
    assert first.others
    waiting = Others(desk)
    qtbot.addWidget(waiting)
    for one in (first, second):
        list(waiting.place(one, adds=True))
    with qtbot.waitSignal(desk.jobs.changed):
        waiting.findChildren(Button)[0].click()
    drawn = write(
        qtbot, desk, lambda home: [agenda(home.store, one.sitting.id) for one in (first, second)]
    )
    written = [[line for line in one.lines if line.id is not None] for one in drawn]
    assert [len(lines) for lines in written] == [0, 1]
