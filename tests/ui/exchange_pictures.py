"""``python -m tests.ui.exchange_pictures OUT``: photograph three PCs of one home that share a folder.

How they stand, the page of the home's PCs, a difference to settle and somebody entered twice; at 1366x768.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from liaison.records.administration import Pc
from liaison.records.directory import Contact
from liaison.records.rules import times
from liaison.services import demo, homes, syncing
from liaison.services.homes import OpenHome
from liaison.services.pcs import inviting, joining, letting_in, meeting_places, overview, twins
from liaison.services.pcs.overview import Overview
from liaison.store import query
from liaison.sync.folder import Folder
from liaison.ui import theme
from liaison.ui.parts.exchanging import Seen
from tests.homes import CHEAP
from tests.ui.whole import DAY, Whole, application, make_demonstration

_MANAGER: Final = "Helen Marsh"
_NURSES, _LAPTOP = (
    "Nurses\N{RIGHT SINGLE QUOTATION MARK} station PC",
    "Deputy\N{RIGHT SINGLE QUOTATION MARK}s laptop",
)
_NUMBERS: Final = ("01632 960 412", "01632 960 421")


def moment() -> dt.datetime:
    """Return the moment of the photographs."""
    return dt.datetime.combine(DAY, dt.time(14, 7), dt.UTC)


def _change(home: OpenHome, type_name: str, identity: int, why: str, **values: Any) -> None:
    loaded = home.store.load(type_name, identity)
    assert loaded is not None
    with home.unit(why) as unit:
        unit.save(loaded, dataclasses.replace(loaded.record, **values))


def _join(office: OpenHome, root: Path, storage: Folder, name: str) -> OpenHome:
    made = inviting.invite(office, storage)
    folder = root / name
    waiting = joining.ask(made.invitation, folder, storage, name, cost=CHEAP)
    letting_in.approve(office, storage, waiting.digits, cost=CHEAP)
    waiting = joining.ask(made.invitation, folder, storage, name, cost=CHEAP)
    home = joining.complete(
        waiting, folder, _MANAGER, demo.PASSWORD,
        beside=lambda made: meeting_places.keep_setup(made, meeting_places.Setup(storage.path)),
    )  # fmt: skip
    home.store.clock = moment
    return home


def build(root: Path) -> Path:
    """Make a home of three PCs, of which one is quiet and two said different things.

    Args:
        root: Where everything goes.

    Returns:
        The office PC's home, closed.
    """
    office_folder = make_demonstration(root / "office")
    share = root / "Larkfield shared"
    share.mkdir()
    office = homes.open_home(office_folder, _MANAGER, demo.PASSWORD, clock=moment)
    meeting_places.set_up_folder(office, share)
    (own,) = (one for one in query.every(office.store, query.Query("pc")) if isinstance(one, Pc))
    _change(office, "pc", own.id or 0, "", name="Office PC")
    nurses, laptop = (_join(office, root, Folder(share), name) for name in (_NURSES, _LAPTOP))
    for one in (office, nurses, laptop, office, nurses):
        syncing.once(one)
    contact = next(iter(query.every(office.store, query.Query("contact"))))
    for home, number, why in zip(
        (office, nurses), _NUMBERS, ("From her email signature.", "She told me on the phone."),
        strict=True,
    ):  # fmt: skip
        _change(home, "contact", contact.id or 0, why, phone=number)
        with home.unit() as unit:
            unit.add(Contact(name="Grace Mbeki", phone=number))
    for one in (nurses, office, nurses, office):
        syncing.once(one)
    quiet = times.to_stored(moment() - dt.timedelta(days=2, hours=8))
    with office.store.writing() as connection:
        connection.execute(
            "UPDATE heard SET at = ? WHERE pc = ?", (quiet, laptop.unlocked.vault.pc.id)
        )
    for one in (office, nurses, laptop):
        one.close()
    return office_folder


def photograph(home: Path, out: Path, look: str = "light") -> None:
    """Photograph what the office PC shows.

    Args:
        home: Its home.
        out: The folder for the pictures.
        look: ``light`` or ``dark``.
    """
    theme.install(application(), look, 1.0)
    found: list[tuple[Overview, int]] = []
    with Whole(home, demo.PASSWORD, person=_MANAGER, now=moment) as whole:
        whole.go("today")
        whole.jobs.look(
            lambda opened, _: (overview.read(opened), len(twins.find(opened.store))), found.append
        )
        whole.settle()
        (stands, twice) = found[0]
        whole.desk.tell_exchange(Seen(dataclasses.replace(stands, to_settle=0)))
        whole.shell.show_exchange()
        whole.settle()
        whole.frame.grab().save(str(out / "exchange-status.png"))
        assert whole.shell.exchange is not None
        whole.shell.exchange.done()
        whole.desk.tell_exchange(Seen(stands, twice=twice))
        for page, argument, name in (
            ("exchange", None, "exchange-pcs"),
            ("differences", None, "exchange-review"),
            ("differences", {"twice": True}, "exchange-twice"),
        ):
            whole.go(page, argument)
            whole.frame.grab().save(str(out / f"{name}.png"))


def main() -> None:
    """Make the pictures."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("out", type=Path)
    out = reading.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    application()
    with tempfile.TemporaryDirectory() as temporary:
        photograph(build(Path(temporary)), out)


if __name__ == "__main__":
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
