"""A week of one home, through the window: from a worry at night to a review on its working day."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from liaison.cli import run
from liaison.records import ids as written_ids
from liaison.records.casework import Action, Concern, Transfer
from liaison.services import homes, referrals
from liaison.store import query
from liaison.store.store import Store
from liaison.ui.pages.concerns import ConcernsPage
from liaison.ui.pages.concerns.forms import RaiseForm
from liaison.ui.pages.loops import LoopsPage
from liaison.ui.pages.loops.line import LoopLine
from liaison.ui.pages.referrals import ReferralsPage
from liaison.ui.pages.rounds import RoundsPage
from liaison.ui.pages.today import TodayPage
from liaison.ui.pages.today.boards import AnswerCard
from liaison.ui.pages.today.lines import DoLine
from liaison.ui.pages.today.tiles import BigTile
from liaison.ui.pages.transfers import TransfersPage
from liaison.ui.parts.case_list import CaseLine
from liaison.ui.parts.form import RecordForm
from liaison.ui.widgets import FigureTile
from tests import homes as made
from tests.ui import week
from tests.ui.pages.casework import button, said
from tests.ui.week import CARER, SENIOR, Ids, Wall
from tests.ui.whole import Whole

COUGHS = "Coughs after every sip of tea"
THICKEN = "Thicken her drinks from today"
TASK = "Order the thickener"


class Life:
    """One home through its week: who sits at the PC, and what scripts and paper say meanwhile."""

    def __init__(self, folder: Path, wall: Wall, ids: Ids, out: Path) -> None:
        self.folder, self.wall, self.ids, self.out = folder, wall, ids, out

    def sits(self, name: str, day: int, hour: int, minute: int = 0) -> Whole:
        """Sign somebody in at a moment of that November."""
        self.wall.turn(day, hour, minute)
        return week.sits(self.folder, name, self.wall)

    def script(self, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
        """Run a command as the manager and return its JSON."""
        capsys.readouterr()
        code = run(("--home", str(self.folder), "--user", made.MANAGER, "--json", *words))
        out = capsys.readouterr().out
        assert code == 0, out
        return json.loads(out)

    def paper(self, capsys: pytest.CaptureFixture[str], report: str) -> str:
        """Print a report of the present day and return its words."""
        file = self.out / f"{report}.pdf"
        self.script(capsys, "report", report, "--on", self.wall().date().isoformat(),
                    "--out", str(file))  # fmt: skip
        with pypdfium2.PdfDocument(file) as document:
            return " ".join(
                " ".join(page.get_textpage().get_text_range() for page in document).split()
            )


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """A home on the Monday morning, and the PC it stands on."""
    password = tmp_path / "password.txt"
    password.write_text(f"{made.PASSWORD}\n")
    monkeypatch.setenv("LIAISON_PASSWORD_FILE", str(password))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    wall, folder = Wall(), tmp_path / "home"
    # the command line looks at the same clock on the wall
    defaults = homes.open_home.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "clock", wall)
    return Life(folder, wall, week.furnish(folder, wall), tmp_path)


def lines_of(whole: Whole) -> dict[tuple[str, int], LoopLine]:
    page = week.page_of(whole, LoopsPage)
    return {(line.line.loop.type, line.line.loop.id): line for line in page.lines}


def the(store: Store, type_name: str, **fields: object) -> Any:
    """Return the one record of a type with these values."""
    where = tuple(query.Condition(name, value) for name, value in fields.items())
    (found,) = query.page(store, query.Query(type_name, where)).records
    return found


def no_trouble(whole: Whole) -> None:
    assert whole.troubles == []


def test_nobody_falls_through_in_a_week_of_one_home(
    life: Life, capsys: pytest.CaptureFixture[str]
) -> None:
    concern = monday_night(life)
    action = wednesday_round(life, concern)
    wednesday_night(life, concern)
    thursday(life, capsys, action)
    transfer = friday_evening(life, capsys)
    review_day(life, capsys, transfer)


def monday_night(life: Life) -> int:
    """A carer is worried, and says so."""
    with life.sits(CARER, 2, 23, 40) as whole:
        today = week.page_of(whole, TodayPage)
        (worried,) = [t for t in today.findChildren(BigTile) if "worried" in t.accessibleName()]
        worried.click()
        whole.settle()
        page = week.page_of(whole, ConcernsPage)
        form = page.room.currentWidget()
        assert isinstance(form, RaiseForm)
        assert form.fields is not None
        week.pick(whole, form.fields, "resident", "Dorothy")
        week.put(form.fields, situation=COUGHS)
        form.save_button.click()
        whole.settle()
        assert COUGHS in said(page.card)
        found: Concern = whole.ask(lambda store: the(store, "concern", resident=life.ids.dorothy))
        assert (found.raised_by, found.raised_at) == (life.ids.priya, life.wall())
        whole.go("today")
        assert "You raised, no answer yet" in said(today)
        no_trouble(whole)
    assert found.id is not None
    return found.id


def wednesday_round(life: Life, concern: int) -> int:
    """It stands on the round's agenda; the round answers it and somebody has something to do."""
    with life.sits(SENIOR, 4, 10, 41) as whole:
        # the concern and the referral that waits
        assert week.waiting(whole, "loops") == 2
        page = whole.go("rounds")
        assert isinstance(page, RoundsPage)
        week.wait(whole, lambda: all(row.line.id is not None for row in page.board.rows))
        sources = [row.line.source for row in page.board.rows]
        assert set(sources) == {("concern", concern), ("referral", life.ids.referral)}
        row = page.board.rows[sources.index(("concern", concern))]
        assert row.line.id is not None
        page.board.open_line(row.line.id)
        line, fields = week.opened(whole)
        assert line.line.source == ("concern", concern)
        week.put(fields, outcome="   ")
        line.record.click()
        whole.settle()
        assert "few words" in fields.boxes["outcome"].error
        week.put(fields, outcome=THICKEN, what=TASK, due="06/11/2026")
        week.pick(whole, fields, "owner_staff", CARER)
        line.record.click()
        whole.settle()
        # the referral was not spoken of: it cannot vanish, only be carried over
        button(page, "Finish round").click()
        popover, _ = week.asked(whole)
        assert "carried over to Wed 11 Nov 2026" in said(popover)
        popover.save_button.click()
        whole.settle()
        told = whole.ask(lambda store: week.record(store, Concern, concern))
        assert (told.answer, told.answered_at) == (THICKEN, life.wall())
        task: Action = whole.ask(lambda store: the(store, "action", what=TASK))
        assert (task.owner_staff, task.due) == (life.ids.priya, dt.date(2026, 11, 6))
        whole.go("loops")
        assert ("action", task.id) in lines_of(whole)
        assert week.waiting(whole, "loops") == len(lines_of(whole))
        no_trouble(whole)
    assert task.id is not None
    return task.id


def wednesday_night(life: Life, concern: int) -> None:
    """Whoever raised it sees the answer at once, says so, and is not told again."""
    with life.sits(CARER, 4, 22) as whole:
        today = week.page_of(whole, TodayPage)
        assert week.waiting(whole, "today") == 1
        (card,) = [one for one in today.findChildren(AnswerCard) if one.isVisible()]
        assert f"“{THICKEN}”" in said(card)
        assert COUGHS in said(card)
        whole.go("residents")
        assert whole.shell.answers.isVisible()
        whole.go("today")
        card.button.click()
        whole.settle()
        read = whole.ask(lambda store: week.record(store, Concern, concern))
        assert read.acknowledged_at == life.wall()
        assert week.waiting(whole, "today") == 0
        assert any(TASK in line.accessibleName() for line in today.findChildren(DoLine))
        no_trouble(whole)
    with life.sits(CARER, 5, 7) as whole:
        today = week.page_of(whole, TodayPage)
        assert not today.findChildren(AnswerCard)
        assert not whole.shell.answers.found.count


def thursday(life: Life, capsys: pytest.CaptureFixture[str], action: int) -> None:
    """What was to be done is done, in words; the referral is asked after in two clicks."""
    with life.sits(SENIOR, 5, 9, 30) as whole:
        page = whole.go("loops")
        before = week.waiting(whole, "loops")
        lines_of(whole)["action", action].button.click()
        popover = week.closing(whole)
        week.enter(popover.line, "   ")
        assert popover.line.accessibleDescription() == "Say in a few words what came of it."
        assert popover.isVisible()
        popover.line.clear()
        week.enter(popover.line, "It came with the chemist's van")
        whole.settle()
        assert ("action", action) not in lines_of(whole)
        assert week.waiting(whole, "loops") == before - 1
        done = whole.ask(lambda store: week.record(store, Action, action))
        assert (done.outcome, done.done_at) == ("It came with the chemist's van", life.wall())
        lines_of(whole)["referral", life.ids.referral].button.click()
        week.closing(whole).no_reply.click()
        whole.settle()
        (chase,) = whole.ask(lambda store: referrals.chases(store, life.ids.referral))
        assert (chase.result, chase.at) == ("Chased, no reply", life.wall())
        chased = lines_of(whole)["referral", life.ids.referral]
        assert "Chased Thu 5 Nov 2026" in said(page)
        # asking is no outcome
        assert chased.line.loop.days == 171
        no_trouble(whole)
    closed = life.script(capsys, "history", "action", written_ids.to_text(action))
    assert SENIOR in json.dumps(closed)
    agree(life, capsys)


def friday_evening(life: Life, capsys: pytest.CaptureFixture[str]) -> int:
    """Somebody comes back when nobody can be reached any more."""
    with life.sits(SENIOR, 6, 18, 5) as whole:
        page = whole.go("transfers")
        assert isinstance(page, TransfersPage)
        page.add.click()
        whole.settle()
        form = page.room.currentWidget()
        assert isinstance(form, RecordForm)
        assert form.fields is not None
        week.pick(whole, form.fields, "resident", "George")
        week.pick(whole, form.fields, "place", "Northgate")
        week.put(form.fields, direction="discharge")
        form.save_button.click()
        whole.settle()
        found: Transfer = whole.ask(lambda store: the(store, "transfer", direction="discharge"))
        assert (found.resident, found.at) == (life.ids.george, life.wall())
        words = said(page.card)
        assert "Out of hours" in words
        assert "Tue 17 Nov 2026" in words
        whole.go("loops")
        assert found.id is not None
        line = lines_of(whole)["transfer", found.id]
        assert line.line.loop.due == dt.date(2026, 11, 17)
        no_trouble(whole)
    agree(life, capsys)
    told = life.script(capsys, "loops", "--on", "06/11/2026")
    (one,) = [one for one in told if one["type"] == "transfer"]
    assert (one["since"], one["due"]) == ("2026-11-06T18:05:00+00:00", "2026-11-17")
    assert one["resident"] == written_ids.to_text(life.ids.george)
    return found.id


def review_day(life: Life, capsys: pytest.CaptureFixture[str], transfer: int) -> None:
    """On its working day the review is recorded, and every count follows."""
    with life.sits(made.MANAGER, 17, 10) as whole:
        before = week.waiting(whole, "loops")
        assert open_figure(whole) == before > 1
        page = whole.go("transfers")
        assert isinstance(page, TransfersPage)
        assert "late" not in said(page.card)
        button(page.card, "Record the review ...").click()
        popover, fields = week.asked(whole)
        week.put(fields, review="   ")
        popover.save_button.click()
        whole.settle()
        assert fields.boxes["review"].error
        week.put(fields, review="Two tablets stopped, the chemist knows")
        popover.save_button.click()
        whole.settle()
        done = whole.ask(lambda store: week.record(store, Transfer, transfer))
        assert done.reviewed_on == dt.date(2026, 11, 17)
        assert week.waiting(whole, "loops") == before - 1
        whole.go("today")
        assert open_figure(whole) == week.waiting(whole, "loops") == before - 1
        whole.go("loops")
        assert ("transfer", transfer) not in lines_of(whole)
        no_trouble(whole)
    agree(life, capsys)


def open_figure(whole: Whole) -> int:
    """Return how many are open, as the manager's Today says."""
    tiles = week.page_of(whole, TodayPage).findChildren(FigureTile)
    (name,) = [t.accessibleName() for t in tiles if t.accessibleName().startswith("Open loops")]
    return int(name.split(" ")[2])


def agree(life: Life, capsys: pytest.CaptureFixture[str]) -> None:
    """See that screen, script and paper say the same of the present day."""
    day = life.wall().date().isoformat()
    with week.sits(life.folder, SENIOR, life.wall) as whole:
        whole.go("loops")
        shown = lines_of(whole)
        words = {key: (line.line.what, line.line.days) for key, line in shown.items()}
        assert week.waiting(whole, "loops") == len(shown)
        page = whole.go("referrals")
        assert isinstance(page, ReferralsPage)
        cases = [line for line in page.list.cases.rows if isinstance(line, CaseLine)]
        waits = {line.id: line.days for line in cases}
    told = life.script(capsys, "loops", "--on", day)
    # in the same order, the oldest first
    assert [(one["type"], written_ids.from_text(one["id"]), one["days"]) for one in told] == [
        (*key, line.line.loop.days) for key, line in shown.items()
    ]
    assert [list(one) for one in told[:1]] == [
        ["id", "type", "since", "due", "days", "owner", "resident"]
    ]
    sheet = life.paper(capsys, "open-loops")
    for what, days in words.values():
        assert what in sheet
        assert days in sheet
    told = life.script(capsys, "referral", "waits", "--on", day)
    assert {written_ids.from_text(one["id"]): one["days"] for one in told} == waits
    assert [list(one) for one in told] == [
        ["id", "resident", "organisation", "sent", "days", "state"]
    ]
    sheet = life.paper(capsys, "referral-waits")
    assert "Wheelchair Service" in sheet
    assert "Thu 5 Nov 2026, Phone: Chased, no reply" in sheet
    for one in told:
        assert f"Mon 18 May 2026 {one['days']} days" in sheet
