"""The header's popover: whole in the window, however many PCs there are and whatever they are called."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from liaison.errors import UserError
from liaison.services.pcs.meeting_places import Setup
from liaison.services.pcs.overview import Overview, PcSeen
from liaison.services.pcs.standing import Status
from liaison.ui import theme
from liaison.ui.parts.exchanging import Seen
from liaison.ui.shell.syncing_popover import ExchangePopover
from liaison.ui.widgets import Elided
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
