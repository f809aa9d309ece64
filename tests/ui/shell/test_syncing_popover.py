"""The header's popover: whole in the window, however many PCs there are and whatever they are called."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services.pcs.meeting_places import Setup
from liaison.services.pcs.overview import Overview, PcSeen
from liaison.services.pcs.standing import Review, Status
from liaison.ui import theme
from liaison.ui.parts.exchanging import Seen
from liaison.ui.shell.syncing_popover import ExchangePopover
from liaison.ui.widgets import Button, Elided, StateChip, Text
from liaison.ui.widgets.chips import State
from tests import homes as made
from tests.ui.whole import Whole

NOW = dt.datetime(2026, 11, 22, 14, 7, tzinfo=dt.UTC)
LONGEST = (
    "The old laptop of the night staff of the Lavender wing, lent by head office in Shrewsbury"
)


def many_pcs() -> Overview:
    pcs = tuple(
        PcSeen(n + 1, f"{LONGEST} {n}", here=n == 0, heard=NOW - dt.timedelta(days=5), quiet=5)
        for n in range(12)
    )
    setup = Setup(Path("/srv/Larkfield"), NOW)
    status = Status(setup, 3, (), (), (), 6, 0, None, removed=False)
    return Overview(status, pcs, to_send=14, to_settle=6)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_twelve_pcs_and_a_storage_that_is_gone_stay_inside_the_window(
    home_folder: Path, qtbot: QtBot, look: theme.Theme, scale: float
) -> None:
    look.resize(scale)
    trouble = UserError(
        "The folder /srv/shares/Larkfield House/Office/Shared with all/Liaison is not there.",
        do="Plug the stick in, or check that the network share is connected.",
    )
    with Whole(home_folder, made.PASSWORD) as whole:
        whole.desk.tell_exchange(Seen(many_pcs(), trouble, newer=True, twice=3))
        whole.shell.show_exchange()
        whole.settle()
        popover = whole.shell.exchange
        assert isinstance(popover, ExchangePopover)
        assert whole.frame.rect().contains(popover.geometry())
        for row in popover.rows:
            assert row.height() >= row.minimumSizeHint().height()
            # a name is shortened, and its tip says all of it
            (name,) = row.findChildren(Elided)
            assert LONGEST in name.toolTip()
        buttons = (popover.settle, popover.twice, popover.now)
        for button in buttons:
            # whole, and none over another
            assert button.visibleRegion().boundingRect() == button.rect()
            assert button.height() >= button.minimumSizeHint().height()
        places = [one.geometry() for one in buttons]
        assert not any(a.intersects(b) for a, b in itertools.combinations(places, 2))
        # the popover of a home on one PC alone has no empty room in it
        popover.done()
        alone = dataclasses.replace(
            many_pcs(), status=dataclasses.replace(many_pcs().status, setup=None), to_settle=0
        )
        whole.desk.tell_exchange(Seen(alone))
        whole.shell.show_exchange()
        whole.settle()
        assert whole.shell.exchange is not None
        assert whole.shell.exchange.height() < theme.px(240)
        # one that was removed is not offered what goes nowhere, also if it is while somebody looks
        whole.shell.exchange.done()
        removed = dataclasses.replace(
            many_pcs(), status=dataclasses.replace(many_pcs().status, removed=True)
        )
        for before in (removed, many_pcs()):
            whole.desk.tell_exchange(Seen(before))
            whole.shell.show_exchange()
            whole.settle()
            popover = whole.shell.exchange
            assert isinstance(popover, ExchangePopover)
            assert popover.settle.isVisible()
            whole.desk.tell_exchange(Seen(removed))
            assert not popover.now.isVisible()
            popover.done()


GONE = UserError("The folder is not there.", do="Connect the drive.")
NURSES = "Nurses' station PC"


def stands(**more: object) -> Seen:
    """Return how two PCs stand; what is not named is calm."""
    setup = Setup(Path("/srv/Larkfield"), NOW - dt.timedelta(minutes=3))
    status = Status(setup, 0, (), (), (), 0, 0, None, removed=False)
    pcs = (
        PcSeen(1, "Office PC", here=True, heard=NOW),
        PcSeen(2, NURSES, here=False, heard=NOW - dt.timedelta(minutes=9)),
    )
    for name in ("setup", "removed", "to_review"):
        if name in more:
            status = dataclasses.replace(status, **{name: more.pop(name)})  # type: ignore[arg-type]
    counts = {name: more.pop(name, 0) for name in ("to_send", "to_settle")}
    found = Overview(status, pcs, **counts)  # type: ignore[arg-type]
    return dataclasses.replace(Seen(found), **more)  # type: ignore[arg-type]


APART = (Review("Laptop", "it was removed", NOW, 2),)
STATES = {
    "calm": stands(),
    "gone": stands(trouble=GONE, to_send=3),
    "at work": stands(at_work=True),
    "to settle": stands(to_settle=2, to_review=APART, twice=1),
    "by a store": stands(setup=Setup(None, NOW, "store.example.org/willow")),
    "removed": stands(removed=True, to_send=2, trouble=GONE),
    "alone": stands(setup=None),
}


def told(popover: ExchangePopover) -> list[str]:
    """Return all that is to be read in it, from top to bottom."""
    parts = [
        one for one in popover.findChildren(QWidget)
        if isinstance(one, Text | Button | StateChip) and one.isVisible()
    ]  # fmt: skip
    parts.sort(key=lambda one: (one.mapTo(popover, one.rect().topLeft()).y(), one.text()))
    return [one.text() for one in parts]


@pytest.mark.parametrize("before", STATES)
def test_what_is_open_says_after_each_round_what_it_would_say_opened_anew(
    home_folder: Path, qtbot: QtBot, before: str
) -> None:
    with Whole(home_folder, made.PASSWORD) as whole:

        def opened() -> ExchangePopover:
            whole.shell.show_exchange()
            whole.settle()
            assert whole.shell.exchange is not None
            return whole.shell.exchange

        for after in STATES.values():
            whole.desk.tell_exchange(STATES[before])
            popover = opened()
            whole.desk.tell_exchange(after)
            whole.settle()
            followed = told(popover)
            # the keyboard is still in it, and so it is still there
            assert popover.isVisible()
            focus = whole.frame.focusWidget()
            assert focus is popover or popover.isAncestorOf(focus)
            popover.done()
            popover = opened()
            assert followed == told(popover)
            popover.done()


def test_nobody_is_called_up_to_date_while_the_folder_is_away(
    home_folder: Path, qtbot: QtBot
) -> None:
    with Whole(home_folder, made.PASSWORD) as whole:
        whole.desk.tell_exchange(stands())
        whole.shell.show_exchange()
        popover = whole.shell.exchange
        assert isinstance(popover, ExchangePopover)
        assert [chip.text() for chip in chips(popover)] == ["Up to date", "Up to date"]
        whole.desk.tell_exchange(stands(trouble=GONE))
        whole.settle()
        (_, nurses) = popover.rows
        assert nurses.line == "Up to date at the last exchange, 14:04"
        here, other = chips(popover)
        assert (here.text(), other.text()) == ("Not reached", "No news")
        assert other.state is State.NONE


def chips(popover: ExchangePopover) -> list[StateChip]:
    """Return what stands at the end of each PC's row."""
    return [chip for row in popover.rows for chip in row.findChildren(StateChip)]
