"""What is to be settled and what is to be looked through: one banner, and a way to each."""

from __future__ import annotations

import datetime as dt

import pytest
from pytestqt.qtbot import QtBot

from liaison.services.pcs.overview import Overview
from liaison.services.pcs.standing import Review, Status
from liaison.ui.desk import Desk
from liaison.ui.parts.exchanging import Seen
from liaison.ui.parts.to_settle import PAGE, REVIEW, ToSettle

APART = (Review("Laptop", "it was removed", dt.datetime(2026, 11, 18, tzinfo=dt.UTC), 2),)


def stands(settle: int = 0, twice: int = 0, apart: tuple[Review, ...] = ()) -> Seen:
    status = Status(None, 0, (), apart, (), settle, 0, None, removed=False)
    return Seen(Overview(status, (), 0, settle), twice=twice)


@pytest.mark.parametrize(
    ("seen", "leads"),
    [
        (stands(2, 1, APART), [(PAGE, {"twice": False}), (REVIEW, None)]),
        (stands(0, 1, APART), [(PAGE, {"twice": True}), (REVIEW, None)]),
        (stands(2), [(PAGE, {"twice": False})]),
        (stands(apart=APART), [(REVIEW, None)]),
    ],
)
def test_each_matter_it_tells_of_has_its_own_way(
    qtbot: QtBot, desk: Desk, seen: Seen, leads: list[tuple[str, object]]
) -> None:
    # another state was shown before
    banner = ToSettle(desk)
    qtbot.addWidget(banner)
    banner.show_seen(stands(1, 0, APART))
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda page, argument: went.append((page, argument)))
    banner.show_seen(seen)
    for button in (banner.button, banner.look):
        if button.isVisible():
            button.click()
    assert went == leads
    banner.show_seen(stands())
    assert banner.isHidden()
