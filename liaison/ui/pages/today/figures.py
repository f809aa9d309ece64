"""The figures of Today: open loops, the longest wait, training, the last backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.records.rules import times
from liaison.services.today import Item, Section
from liaison.ui import clock
from liaison.ui.widgets import FigureTile

if TYPE_CHECKING:
    from liaison.services.today import Today
    from liaison.ui.desk import Desk
    from liaison.ui.pages.today.facts import TodayFacts


def of_loops(desk: Desk, found: TodayFacts) -> tuple[FigureTile, FigureTile]:
    """Return the tiles of what is open and of the longest wait; each leads to its list."""
    still = FigureTile("repeat", "Open loops")
    show_open(still, found)
    still.clicked.connect(lambda *_: desk.go("loops", {"kind": ""}))
    longest = FigureTile("hourglass", "Longest wait")
    show_longest(longest, found.today.sections.get(Section.REFERRALS, ()))
    longest.clicked.connect(lambda *_: desk.go("loops", {"kind": "referral"}))
    return still, longest


def show_open(tile: FigureTile, found: TodayFacts) -> None:
    """Show how much has no outcome."""
    still = found.open
    if still is None or not still.total:
        tile.set_figure("None", "without an outcome", state="ok", words="Nothing is open")
        return
    if still.very_old:
        state, words = "late", f"{still.very_old:,} older than 90 days"
    elif still.late:
        state, words = "late", f"{still.late:,} late"
    else:
        state, words = "ok", "None is late"
    tile.set_figure(f"{still.total:,}", "without an outcome", state=state, words=words)


def show_backup(tile: FigureTile, found: TodayFacts) -> None:
    """Show when the last backup was made."""
    made = found.backup
    if made is None or made.last is None:
        tile.set_figure("None", "from this PC yet", state="late", words="Make a backup")
        return
    local = times.in_london(made.last)
    days = (found.today.day - local.date()).days
    near = {0: "today", 1: "yesterday"}.get(days, times.show_date(local.date()))
    figure, unit = (clock.hour(local), near) if days in {0, 1} else (f"{days:,} days", "ago")
    if made.failed:
        tile.set_figure(figure, unit, state="late", words="The last attempt failed")
    elif made.stale:
        tile.set_figure(figure, unit, state="due", words="Make one soon")
    else:
        tile.set_figure(figure, unit, state="ok", words="Made and checked")


def show_longest(tile: FigureTile, referrals: tuple[Item, ...]) -> None:
    """Show the referral that has waited longest."""
    if not referrals:
        tile.set_figure("None", "no referral is waiting", state="ok", words="Nothing to chase")
        return
    longest = max(referrals, key=lambda item: item.days)
    unit = longest.title.split(",")[0]
    days = f"{longest.days:,} day{'' if longest.days == 1 else 's'}"
    if longest.usual is None:
        tile.set_figure(days, unit, state="none", words="No usual wait recorded")
    else:
        over = longest.days > longest.usual
        words = f"Usual wait is {longest.usual:,}"
        tile.set_figure(days, unit, state="late" if over else "ok", words=words)


def show_trained(tile: FigureTile, today: Today) -> None:
    """Show how the home stands with its training."""
    learned = today.learned
    if learned is None or not learned.people:
        tile.set_figure("None", "no staff recorded yet", state="none", words="Add your staff first")
        return
    figure = f"{learned.complete:,} of {learned.people:,}"
    if learned.target is not None and not learned.target.met:
        words = f"{learned.course} {learned.target.share}%, target {learned.target.percent}"
        tile.set_figure(figure, "staff in date", state="due", words=words)
    elif learned.lacking:
        words = f"{learned.lacking:,} run out or missing"
        tile.set_figure(figure, "staff in date", state="late", words=words)
    else:
        tile.set_figure(figure, "staff in date", state="ok", words="Everybody is in date")
