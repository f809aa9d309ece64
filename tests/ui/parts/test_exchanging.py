"""How the exchange stands, in the few words of the header, its popover and the page."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from liaison.errors import UserError
from liaison.services.pcs.meeting_places import Setup
from liaison.services.pcs.overview import Overview, PcSeen
from liaison.services.pcs.restored import NOWHERE
from liaison.services.pcs.standing import Status
from liaison.ui.clock import in_london
from liaison.ui.parts import exchanging
from liaison.ui.parts.exchanging import Seen

NOW = in_london(dt.datetime(2026, 11, 18, 9, 5, tzinfo=dt.UTC))
LAST = NOW - dt.timedelta(minutes=1)
OFFICE = PcSeen(1, "Office PC", here=True, heard=LAST)
NURSES = PcSeen(2, "Nurses' station PC", here=False, heard=NOW - dt.timedelta(minutes=2))
LAPTOP = PcSeen(3, "Deputy's laptop", False, NOW - dt.timedelta(days=1, hours=15), quiet=2)
GONE = UserError("The folder cannot be reached.", kept="It is kept.", do="Connect the drive.")


def seen(*pcs: PcSeen, last: dt.datetime | None = LAST, **more: object) -> Seen:
    """Return how it stands; what is in neither place is calm."""
    status = {"removed": more.pop("removed", False)}
    counts = {name: more.pop(name, 0) for name in ("to_send", "to_settle")}
    found = Overview(
        Status(Setup(Path("/srv/Larkfield"), last), 0, (), (), (), 0, 0, None, **status),  # type: ignore[arg-type]
        pcs or (OFFICE, NURSES),
        **counts,  # type: ignore[arg-type]
    )
    return dataclasses.replace(Seen(found), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        (seen(), "Up to date"),
        (seen(to_send=3), "Saved here, 3 to send"),
        (seen(to_send=3, trouble=GONE), "Saved here, 3 to send"),
        (seen(trouble=GONE), "Other PCs not reached"),
        (seen(OFFICE, LAPTOP), "1 PC not heard from"),
        (seen(OFFICE, LAPTOP, dataclasses.replace(LAPTOP, id=4)), "2 PCs not heard from"),
        (seen(OFFICE, LAPTOP, to_settle=3, to_send=1), "3 to settle"),
        # Today tells of differences as well, and nobody else that nothing is sent
        (seen(to_settle=3, trouble=GONE), "Other PCs not reached"),
        (seen(newer=True), "A newer Liaison is needed"),
        (seen(removed=True, to_send=1), "PC removed: saved here only"),
        (seen(last=None), "Not sent yet"),
    ],
)
def test_the_header_says_what_matters_most(stands: Seen, words: str) -> None:
    said = exchanging.headline(stands, NOW)
    assert said is not None
    assert said.words == words


def test_why_something_waits_is_said_with_what_to_do_about_it() -> None:
    assert exchanging.waiting_words(seen()) == ""
    assert "once this PC has it too" in exchanging.waiting_words(seen(newer=True, waiting=("x",)))
    told = exchanging.waiting_words(seen(waiting=("its key has not come yet",)))
    assert told == "Something that came waits: its key has not come yet."


def test_a_home_on_one_pc_has_nothing_to_say() -> None:
    assert exchanging.headline(Seen(), NOW) is None
    assert exchanging.summary(Seen(), NOW).words == "Your work is saved"


def test_a_home_of_several_pcs_without_a_place_is_not_called_alone() -> None:
    found = seen().overview
    assert found is not None
    status = dataclasses.replace(found.status, setup=None)
    cut_off = Seen(dataclasses.replace(found, status=status, cut_off=True))
    said = exchanging.headline(cut_off, NOW)
    assert said is not None
    assert (said.words, said.more) == ("Other PCs not reached", NOWHERE)
    assert exchanging.summary(cut_off, NOW).more == NOWHERE


def test_the_popover_says_whether_what_was_written_is_safe() -> None:
    safe = exchanging.summary(seen(), NOW)
    assert (safe.words, safe.more) == (
        "Your work is safe", "Everything on this PC was sent at 09:04.",
    )  # fmt: skip
    waits = exchanging.summary(seen(to_send=1, trouble=GONE), NOW)
    assert waits.words == "Your work is saved here"
    assert waits.more == (
        "1 save waits to be sent. The folder cannot be reached. Connect the drive."
    )
    older = seen(last=NOW - dt.timedelta(days=2), trouble=GONE)
    assert "sent on Mon 16 Nov 2026, 09:05." in exchanging.summary(older, NOW).more


@pytest.mark.parametrize(
    ("pc", "chip", "line"),
    [
        (OFFICE, "Up to date", "Sent 09:04, fetched 09:04"),
        (NURSES, "Up to date", "Last heard 2 minutes ago"),
        (LAPTOP, "Quiet, 2 days", "Last heard Mon 16 Nov 2026, 18:05"),
        (dataclasses.replace(NURSES, behind=True), "More is to come", "Last heard 2 minutes ago"),
        (dataclasses.replace(NURSES, heard=None), "Expected", "Not heard from yet"),
        (
            dataclasses.replace(NURSES, heard=NOW + dt.timedelta(days=1095), ahead=True),
            "Wrong clock",
            "Its clock says Sat 17 Nov 2029, 09:05: set it right",
        ),
        (dataclasses.replace(LAPTOP, removed=LAST), "Removed", "Removed 09:04"),
    ],
)
def test_each_pc_has_a_chip_and_a_line(pc: PcSeen, chip: str, line: str) -> None:
    said = exchanging.of_pc(pc, seen(), NOW)
    assert (said.words, said.more) == (chip, line)


def test_while_the_storage_is_away_nobody_else_is_said_to_be_up_to_date() -> None:
    away = seen(OFFICE, NURSES, LAPTOP, trouble=GONE)
    said = [exchanging.of_pc(pc, away, NOW) for pc in (OFFICE, NURSES, LAPTOP)]
    assert [one.words for one in said] == ["Not reached", "No news", "Quiet, 2 days"]
    assert said[1].more == "Up to date at the last exchange, 09:04"
    assert "ok" not in {one.state for one in said}
    earlier = seen(trouble=GONE, last=NOW - dt.timedelta(days=2))
    line = exchanging.of_pc(NURSES, earlier, NOW).more
    assert line == "Up to date at the last exchange, Mon 16 Nov 2026, 09:05"
    # where nothing was ever exchanged nobody was up to date either
    never = exchanging.of_pc(NURSES, seen(trouble=GONE, last=None), NOW)
    assert (never.words, never.more) == ("No news", "Last heard 2 minutes ago")


def test_on_a_removed_pc_it_is_said_that_what_is_saved_reaches_nobody() -> None:
    removed = seen(removed=True, to_send=3, trouble=GONE)
    said = exchanging.summary(removed, NOW)
    assert said.more == f"{exchanging.STAYS_HERE}: 3 saves so far. Ask a manager."
    headline = exchanging.headline(removed, NOW)
    assert headline is not None
    assert headline.more == f"{exchanging.STAYS_HERE}."
    assert "reaches nobody" in exchanging.of_save("Visit saved.", removed)
    for belongs in (None, Seen(), seen(to_send=3, trouble=GONE)):
        assert exchanging.of_save("Visit saved.", belongs) == "Visit saved."


def test_on_a_removed_pc_nobody_is_said_to_be_up_to_date() -> None:
    alone = seen(OFFICE, NURSES, LAPTOP, removed=True)
    said = [exchanging.of_pc(pc, alone, NOW).words for pc in (OFFICE, NURSES, LAPTOP)]
    assert said == ["Removed", "No exchange", "No exchange"]


def test_a_quiet_pc_is_to_be_switched_on() -> None:
    assert exchanging.advice(seen()) == ""
    assert exchanging.advice(seen(OFFICE, LAPTOP)).startswith("Switch Deputy's laptop on")
    # it catches up with the others, and this PC with nobody
    assert exchanging.advice(seen(OFFICE, LAPTOP, removed=True)) == ""


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (1_400, "1 kB"), (99_000, "99 kB"), (3_240_000, "3.2 MB")],
)
def test_sizes_are_told_as_people_read_them(size: int, words: str) -> None:
    assert exchanging.size_in_words(size) == words
