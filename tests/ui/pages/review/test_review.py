"""What a removed PC wrote on is looked through by a manager: taken in, or left out."""

from __future__ import annotations

import datetime as dt
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.records.casework import Visit, VisitEntry
from liaison.records.home import Resident
from liaison.services import homes, syncing
from liaison.services.pcs import removing
from liaison.store import query
from liaison.ui.pages import PAGES
from liaison.ui.pages.exchange import ExchangePage
from liaison.ui.pages.review import ReviewPage
from liaison.ui.parts.to_settle import ToSettle
from liaison.ui.widgets import Wrap
from tests import homes as made
from tests.ui.running import Starter
from tests.ui.shell.sharing import NURSES, Pair, add

WAIT = 20_000


def write_on_and_be_removed(pair: Pair) -> None:
    """Let the nurses' station write what the office fetches only after it has removed it."""
    with pair.at_nurses() as nurses:
        for name in ("Harold Penn", "Grace Adeyemi"):
            add(nurses, name)
        syncing.once(nurses)
    with homes.open_home(pair.office, None, made.PASSWORD) as office:
        other = next(one for one in removing.everyone(office) if not one.here)
        removing.remove(office, other.id, "It was lost.")
        syncing.once(office)


def write_a_visit(pair: Pair) -> None:
    """Let the nurses' station write a visit to two residents, and be removed before it came."""
    with pair.at_nurses() as nurses:
        other = add(nurses, "Harold Penn")
        syncing.once(nurses)
    with homes.open_home(pair.office, None, made.PASSWORD) as office:
        syncing.once(office)
    with pair.at_nurses() as nurses:
        everyone = query.every(nurses.store, query.Query("resident", newest_first=False))
        margaret = next(one.id for one in everyone)
        with nurses.unit() as unit:
            visit = unit.add(Visit(at=dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), kind="visit"))
            for one in (margaret, other):
                unit.add(VisitEntry(visit=visit, resident=one, raised="Cough.", found="Clear."))
        syncing.once(nurses)
    with homes.open_home(pair.office, None, made.PASSWORD) as office:
        nurses_pc = next(one for one in removing.everyone(office) if not one.here)
        removing.remove(office, nurses_pc.id, "It was lost.")
        syncing.once(office)


def test_a_visit_names_its_residents_once_its_type_and_its_buttons_are_in_sight(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    write_a_visit(pair)
    running = start(pair.office, exchanges=True, pages=PAGES)
    shell = running.unlock()
    running.app.frame.resize(1366, 768)
    shell.go("review")
    review = shell.page
    assert isinstance(review, ReviewPage)
    qtbot.waitUntil(lambda: review.panel is not None, timeout=WAIT)
    [line] = review.lines
    named = "Margaret Ellis, Harold Penn, Mon 23 Nov 2026, 09:00"
    assert line.accessibleName() == f"{named}, Visit, {NURSES}"
    # whole, however narrow the list is
    assert [one.text() for one in line.findChildren(Wrap)] == [named, f"Visit, {NURSES}"]
    assert f"{named}: does this belong in the record?" in said(review)
    assert "Visit added: Mon 23 Nov 2026, 09:00" in said(review)
    assert "Visit added: Visit" not in said(review)
    panel = review.panel
    assert panel is not None
    for button in (panel.take, panel.leave, panel.gone, panel.why):
        qtbot.waitUntil(partial(in_sight, button), timeout=WAIT)
    # what was written scrolls above them, by the keyboard too
    assert panel.sheet.verticalScrollBar().maximum() > 0
    assert panel.sheet.focusPolicy() is Qt.FocusPolicy.StrongFocus


def in_sight(part: QWidget) -> bool:
    return part.isVisible() and part.visibleRegion().boundingRect() == part.rect()


def said(page: ReviewPage) -> str:
    assert page.panel is not None
    return " ".join(one.text() for one in page.panel.findChildren(Wrap))


def test_one_is_taken_in_and_the_other_is_left_out(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    write_on_and_be_removed(pair)
    shell = start(pair.office, exchanges=True, pages=PAGES).unlock()
    (banner,) = shell.findChildren(ToSettle)
    qtbot.waitUntil(lambda: "2 saves set apart" in banner.accessibleName(), timeout=WAIT)
    shell.go("exchange")
    page = shell.page
    assert isinstance(page, ExchangePage)
    qtbot.waitUntil(page.look.isVisible, timeout=WAIT)
    with qtbot.waitSignal(shell.page_filled, timeout=WAIT, check_params_cb=lambda p: p == "review"):
        page.look.click()
    review = shell.page
    assert isinstance(review, ReviewPage)
    assert [one.accessibleName() for one in review.lines] == [
        f"Grace Adeyemi, Resident, {NURSES}", f"Harold Penn, Resident, {NURSES}",
    ]  # fmt: skip
    assert "Resident added: Grace Adeyemi" in said(review)
    assert review.panel is not None
    review.panel.why.setText("I met her.")
    review.panel.take.click()
    qtbot.waitUntil(lambda: len(review.lines) == 1, timeout=WAIT)
    assert "Harold Penn" in said(review)
    qtbot.waitUntil(lambda: "1 save set apart" in banner.accessibleName(), timeout=WAIT)
    # the keyboard goes on at the next one
    assert shell.window().focusWidget() is review.lines[0]
    review.panel.leave.click()
    qtbot.waitUntil(lambda: review.lines == [] and review.panel is None, timeout=WAIT)
    # what was left out is kept, and can be taken in later
    review.show_argument({"left": True})
    qtbot.waitUntil(lambda: len(review.lines) == 1, timeout=WAIT)
    assert review.panel is not None
    assert review.panel.leave.isHidden()
    assert review.panel.take.isVisible()
    qtbot.waitUntil(banner.isHidden, timeout=WAIT)
    names: list[set[str | None]] = []
    shell.desk.jobs.read(
        lambda store: {
            one.name
            for one in query.every(store, query.Query("resident"))
            if isinstance(one, Resident)
        },
        names.append,
    )
    qtbot.waitUntil(lambda: bool(names), timeout=WAIT)
    assert names == [{"Margaret Ellis", "Grace Adeyemi"}]
    assert "senior" not in ReviewPage.roles


def test_a_removal_by_a_pc_that_was_removed_itself_is_told_in_words(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    with pair.at_nurses() as nurses, homes.open_home(pair.office, None, made.PASSWORD) as office:
        here = next(one for one in removing.everyone(nurses) if not one.here)
        there = next(one for one in removing.everyone(office) if not one.here)
        removing.remove(nurses, here.id, "Stolen.")
        removing.remove(office, there.id, "It was lost.")
        syncing.once(nurses)
        syncing.once(office)
    shell = start(pair.office, exchanges=True, pages=PAGES).unlock()
    shell.go("review")
    review = shell.page
    assert isinstance(review, ReviewPage)
    qtbot.waitUntil(lambda: review.panel is not None and bool(said(review)), timeout=WAIT)
    assert f"{here.name}, PC, {NURSES}" in [one.accessibleName() for one in review.lines]
    words = said(review)
    assert f"PC removed from the home: {here.name}" in words
    assert "If that was right, do the same under Settings, then leave it out." in words
    assert "{" not in words
