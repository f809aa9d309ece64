"""What two PCs changed or made before they heard from each other is settled in the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from liaison.records.home import Resident
from liaison.services import homes, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import standing
from liaison.store import query
from liaison.ui.pages import PAGES
from liaison.ui.pages.differences import DifferencesPage
from liaison.ui.shell.shell import Shell
from liaison.ui.shell.syncing_popover import ExchangePopover
from tests import homes as made
from tests.ui.parts.test_form import opened as opened_form
from tests.ui.parts.test_form import type_into
from tests.ui.running import Starter
from tests.ui.shell.sharing import Pair, add, change

WAIT = 20_000


def margaret(home: OpenHome) -> int:
    (found,) = query.every(home.store, query.Query("resident"))
    assert found.id is not None
    return found.id


def differ(pair: Pair, **fields: tuple[str, str]) -> None:
    """Let both PCs say something else of a resident before they hear from each other."""
    with homes.open_home(pair.office, None, made.PASSWORD) as office, pair.at_nurses() as nurses:
        who = margaret(office)
        for field, (one, other) in fields.items():
            change(office, who, **{field: one})
            change(nurses, who, **{field: other})
        syncing.once(nurses)


def opened(start: Starter, pair: Pair, qtbot: QtBot, words: str) -> Shell:
    shell = start(pair.office, exchanges=True, pages=PAGES).unlock()
    qtbot.waitUntil(lambda: shell.header.saved.text() == words, timeout=WAIT)
    return shell


def page_of(shell: Shell) -> DifferencesPage:
    page = shell.page
    assert isinstance(page, DifferencesPage)
    return page


def test_a_difference_is_counted_reached_from_the_header_and_settled_for_both_pcs(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    differ(pair, room=("3", "5"))
    shell = opened(start, pair, qtbot, "1 to settle")
    shell.header.saved.click()
    assert isinstance(shell.exchange, ExchangePopover)
    shell.exchange.settle.click()
    page = page_of(shell)
    qtbot.waitUntil(lambda: page.fields.panel is not None, timeout=WAIT)
    panel = page.fields.panel
    assert panel is not None
    assert {card.choice.words for card in panel.cards} == {"3", "5"}
    chosen = next(n for n, card in enumerate(panel.cards) if card.choice.words == "5")
    # one can choose at once, with a figure
    window = shell.window()
    assert window.focusWidget() is panel.cards[0]
    qtbot.keyClick(panel.cards[0], Qt.Key.Key_1 if chosen == 0 else Qt.Key.Key_2)
    assert panel.cards[chosen].isChecked()
    panel.use.setFocus()
    panel.settle()
    assert page.fields.isAncestorOf(window.focusWidget())
    qtbot.waitUntil(lambda: shell.header.saved.text() == "Up to date", timeout=WAIT)
    # Enter leads nowhere else, now that nothing is left to settle
    qtbot.waitUntil(lambda: page.fields.panel is None, timeout=WAIT)
    assert window.focusWidget() is page.fields._place
    with pair.at_nurses() as nurses:
        syncing.once(nurses)
        found = nurses.store.get("resident", margaret(nurses))
        assert isinstance(found, Resident)
        assert found.room == "5"
        assert not standing.status(nurses).conflicts


def test_what_is_being_chosen_stays_when_another_difference_comes(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    differ(pair, room=("3", "5"))
    shell = opened(start, pair, qtbot, "1 to settle")
    shell.go("differences")
    page = page_of(shell)
    qtbot.waitUntil(lambda: page.fields.panel is not None, timeout=WAIT)
    panel = page.fields.panel
    assert panel is not None
    panel.choose(1)
    shell.desk.jobs.write(lambda home: change(home, margaret(home), known_as="Peggy"))
    with pair.at_nurses() as nurses:
        change(nurses, margaret(nurses), known_as="Maggie")
        syncing.once(nurses)
    shell.desk.exchange_wanted.emit()
    qtbot.waitUntil(lambda: shell.header.saved.text() == "2 to settle", timeout=WAIT)
    qtbot.waitUntil(lambda: len(page.fields.lines) == 2, timeout=WAIT)
    assert page.fields.panel is panel
    assert panel.cards[1].isChecked()


def test_somebody_entered_on_two_pcs_is_offered_and_merged(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    with pair.at_nurses() as nurses:
        add(nurses, "Harold Penn")
        syncing.once(nurses)
    with homes.open_home(pair.office, None, made.PASSWORD) as office:
        add(office, "Harold Penn")
    shell = opened(start, pair, qtbot, "Up to date")
    qtbot.waitUntil(
        lambda: (seen := shell.desk.exchange) is not None and seen.twice == 1, timeout=WAIT
    )
    shell.header.saved.click()
    assert isinstance(shell.exchange, ExchangePopover)
    assert shell.exchange.twice.isVisible()
    shell.exchange.twice.click()
    page = page_of(shell)
    qtbot.waitUntil(lambda: len(page.twice.cards) == 1, timeout=WAIT)
    card = page.twice.cards[0]
    assert (card.found.name, card.found.second_name) == ("Harold Penn", "Harold Penn")
    card.same.click()
    qtbot.waitUntil(lambda: not page.twice.cards, timeout=WAIT)
    shell.said.undo_last()
    qtbot.waitUntil(lambda: len(page.twice.cards) == 1, timeout=WAIT)
    page.twice.cards[0].different.click()
    qtbot.waitUntil(lambda: not page.twice.cards, timeout=WAIT)


def test_what_is_typed_into_an_open_form_stays_when_the_record_changes_below_it(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    shell = opened(start, pair, qtbot, "Up to date")
    with pair.at_nurses() as nurses:
        who = margaret(nurses)
    form = opened_form(qtbot, shell.desk, "resident", who)
    type_into(qtbot, form, "room", "3")
    with pair.at_nurses() as nurses:
        change(nurses, who, room="5", known_as="Peggy")
        syncing.once(nurses)
    with qtbot.waitSignal(shell.desk.jobs.changed, timeout=WAIT):
        shell.desk.exchange_wanted.emit()
    assert form.fields is not None
    assert form.fields.read()[0]["room"] == "3"
    with qtbot.waitSignal(form.saved, timeout=WAIT):
        form.save()
    # nobody had heard of the other: both stand until somebody chooses, and nothing else is undone
    qtbot.waitUntil(lambda: shell.header.saved.text() == "1 to settle", timeout=WAIT)
    with pair.at_nurses() as nurses:
        syncing.once(nurses)
        found = nurses.store.get("resident", who)
        assert isinstance(found, Resident)
        assert found.known_as == "Peggy"
