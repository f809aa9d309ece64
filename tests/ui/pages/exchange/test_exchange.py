"""The page of the home's PCs says who was heard from, what waits and what was set apart, and why."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from liaison.services import homes, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import overview, removing
from liaison.services.pcs.overview import Overview
from liaison.services.pcs.standing import Apart
from liaison.ui.pages import PAGES
from liaison.ui.pages.exchange import ExchangePage
from liaison.ui.parts.exchanging import size_in_words
from liaison.ui.shell.shell import Shell
from tests import homes as made
from tests.ui.running import Starter
from tests.ui.shell.sharing import NURSES, Pair, add

WAIT = 20_000


def page_at(start: Starter, folder: Path, qtbot: QtBot) -> tuple[Shell, ExchangePage]:
    shell = start(folder, exchanges=True, pages=PAGES).unlock()
    with qtbot.waitSignal(
        shell.page_filled, timeout=WAIT, check_params_cb=lambda p: p == "exchange"
    ):
        shell.go("exchange")
    page = shell.page
    assert isinstance(page, ExchangePage)
    return shell, page


def lines(page: ExchangePage) -> list[str]:
    """Return everything that the cards say, those that are shown."""
    return [
        f"{row.name}: {row.line}"
        for card in (page.pcs, page.waits, page.apart, page.review)
        if not card.isHidden()
        for row in card.rows
    ]


def nurses_line(page: ExchangePage) -> str:
    """Return what is said of the other PC; "" as long as nothing is."""
    return next((line for line in lines(page) if line.startswith(NURSES)), "")


def test_it_lists_the_pcs_with_what_is_kept_of_them_and_nothing_waits(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    with pair.at_nurses() as nurses:
        # a PC that only joined has sent no packet of its own
        add(nurses, "Harold Penn")
        syncing.once(nurses)
    shell, page = page_at(start, pair.office, qtbot)
    qtbot.waitUntil(lambda: "kept here" in nurses_line(page), timeout=WAIT)
    qtbot.waitUntil(lambda: shell.header.saved.text() == "Up to date", timeout=WAIT)
    qtbot.waitUntil(lambda: "Nothing waits: " in lines(page), timeout=WAIT)
    assert "Last heard" in nurses_line(page)
    assert "kept here" in page.pcs.total
    assert page.banner.isHidden()


def test_a_packet_that_nobody_signed_is_listed_with_its_size_and_why(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    with pair.at_nurses() as nurses:
        add(nurses, "Harold Penn")
        before = set(pair.share.rglob("*.seg"))
        syncing.once(nurses)
    (new,) = set(pair.share.rglob("*.seg")) - before
    data = bytearray(new.read_bytes())
    # its content is whole, and that PC did not sign it
    data[-1] ^= 1
    new.write_bytes(bytes(data))
    shell, page = page_at(start, pair.office, qtbot)
    qtbot.waitUntil(lambda: any(f"From {NURSES}: " in line for line in lines(page)), timeout=WAIT)
    (apart,) = page.apart.rows
    assert "signature" in apart.line
    assert size_in_words(len(data)) in apart.line
    assert not page.apart.isHidden()
    shell.desk.jobs.write(lambda home: add(home, "Grace Adeyemi"))
    qtbot.waitUntil(lambda: shell.header.saved.text() == "Up to date", timeout=WAIT)


def test_saves_of_a_pc_after_its_removal_are_listed_to_look_through(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    with homes.open_home(pair.office, None, made.PASSWORD) as office, pair.at_nurses() as nurses:
        other = next(one for one in removing.everyone(office) if not one.here)
        removing.remove(office, other.id, "It was stolen.")
        add(nurses, "Written after")
        syncing.once(nurses)
    _, page = page_at(start, pair.office, qtbot)
    qtbot.waitUntil(lambda: any("Removed" in line for line in lines(page)), timeout=WAIT)
    qtbot.waitUntil(lambda: not page.apart.isHidden(), timeout=WAIT)
    assert all("Written after" not in line for line in lines(page))


def test_on_a_removed_pc_nothing_is_said_to_go_on_by_itself(
    start: Starter, pair: Pair, qtbot: QtBot
) -> None:
    with homes.open_home(pair.office, None, made.PASSWORD) as office:
        other = next(one for one in removing.everyone(office) if not one.here)
        removing.remove(office, other.id, "It was stolen.")
        syncing.once(office)
    shell, page = page_at(start, pair.nurses, qtbot)
    qtbot.waitUntil(lambda: "reaches nobody" in page.banner.accessibleName(), timeout=WAIT)
    shell.desk.jobs.write(lambda home: add(home, "Harold Penn"))
    qtbot.waitUntil(lambda: "1 save so far" in page.banner.accessibleName(), timeout=WAIT)
    assert page.waits.isHidden()
    assert not any("to send" in line for line in lines(page))
    # it would be refused each time
    assert page.now.isHidden()


def test_a_home_on_one_pc_alone_is_told_what_could_be(
    start: Starter, home_folder: Path, qtbot: QtBot
) -> None:
    _, page = page_at(start, home_folder, qtbot)
    assert page.alone.isVisible()
    assert page.now.isHidden()
    assert page.others.isVisible()


def test_packets_set_apart_for_one_reason_are_one_line_and_differences_are_no_nothing(
    start: Starter, pair: Pair, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = dt.datetime(2026, 11, 22, 14, 7, tzinfo=dt.UTC)
    apart = [
        *(Apart("Kitchen", "it was changed on its way", at, 4_000) for _ in range(40)),
        Apart("", "it belongs to another home", at, 70),
    ]
    read = overview.read

    def full(home: OpenHome, **how: Any) -> Overview:
        found = read(home, **how)
        status = dataclasses.replace(found.status, apart=tuple(apart))
        return dataclasses.replace(found, status=status, to_settle=2)

    monkeypatch.setattr(overview, "read", full)
    _, page = page_at(start, pair.office, qtbot)
    qtbot.waitUntil(lambda: len(page.apart.rows) == 2, timeout=WAIT)
    kitchen, stranger = page.apart.rows
    assert kitchen.line == (
        "40 packets, 0.2 MB, the last Sun 22 Nov 2026, 14:07: it was changed on its way."
    )
    assert (stranger.name, stranger.line) == (
        "From a PC that is not known here",
        "Sun 22 Nov 2026, 14:07, 70 bytes: it belongs to another home.",
    )
    assert page.apart.total == "41 packets kept here, 0.2 MB"
    said = lines(page)
    assert "2 fields in which PCs differ: Both values are kept until somebody chooses." in said
    assert "Nothing waits: " not in said
    assert page.settle.isVisible()
