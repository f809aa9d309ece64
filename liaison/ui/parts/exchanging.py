"""How the exchange with the other PCs stands, in the words of the header, its popover and the page."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from liaison.services.pcs.restored import NOWHERE
from liaison.ui import clock

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.pcs.overview import Overview, PcSeen

TOKENS: Final = {"ok": "ok", "due": "due", "late": "late", "info": "info", "none": "muted"}
"""The colour of an icon by its state."""
STAYS_HERE: Final = "What is saved here stays on this PC and reaches nobody"
"""What follows for whoever works at a PC that was removed."""
_MINUTES: Final = 60
_SECONDS: Final = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """How the exchange stands, as the window knows it.

    Args:
        overview: What the home says of it; None as long as it was not read.
        trouble: What kept the last round from its end; None if nothing did.
        waiting: Why something that came cannot be taken in yet, as ends of sentences.
        newer: Whether some of it needs a newer Liaison on this PC.
        at_work: Whether a round is under way.
        twice: How many pairs of records two PCs may both have made.
    """

    overview: Overview | None = None
    trouble: UserError | None = None
    waiting: tuple[str, ...] = ()
    newer: bool = False
    at_work: bool = False
    twice: int = 0

    @property
    def shares(self) -> bool:
        """Whether this home is shared with other PCs."""
        return self.overview is not None and self.overview.status.setup is not None

    @property
    def last(self) -> dt.datetime | None:
        """When the last round went through to its end."""
        setup = self.overview.status.setup if self.overview is not None else None
        return None if setup is None else setup.last


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """A state in words.

    Args:
        words: The words.
        icon: Its icon.
        state: ok, due, late, none or info.
        more: What else is to be said, in a sentence.
    """

    words: str
    icon: str
    state: str
    more: str = ""


def many(count: int, what: str, several: str = "") -> str:
    """Return a number of things: "1 save", "3 saves"."""
    return f"{count:,} {what if count == 1 else several or what + 's'}"


def size_in_words(size: int) -> str:
    """Return a number of bytes as people read it: "3.2 MB"."""
    if size < 100_000:  # noqa: PLR2004  # below that, thousands are whole numbers
        return f"{max(size, 1) / 1000:.0f} kB" if size >= 1000 else many(size, "byte")  # noqa: PLR2004
    return f"{size / 1_000_000:.1f} MB"


def when(moment: dt.datetime, now: dt.datetime) -> str:
    """Return when something was, in a few words: "09:04", "Mon 16 Nov 2026, 17:40"."""
    local = clock.in_london(moment)
    if local.date() == clock.in_london(now).date():
        return clock.hour(local)
    return f"{clock.short_day(local.date())}, {clock.hour(local)}"


def headline(seen: Seen, now: dt.datetime) -> Said | None:
    """Return the header's few words; None for a home that is on this PC alone.

    Args:
        seen: How the exchange stands.
        now: The present moment.
    """
    found = seen.overview
    if found is not None and found.cut_off:
        return Said("Other PCs not reached", "cloud-off", "due", NOWHERE)
    if found is None or not seen.shares:
        return None
    if found.status.removed:
        return Said("PC removed: saved here only", "circle-alert", "late", f"{STAYS_HERE}.")
    if seen.trouble is not None:
        # before differences, which Today tells as well: nobody else says that nothing is sent
        if found.to_send:
            return Said(f"Saved here, {found.to_send:,} to send", "cloud-off", "due")
        return Said("Other PCs not reached", "cloud-off", "due")
    if found.to_settle:
        return Said(f"{found.to_settle:,} to settle", "git-merge", "info")
    if seen.newer:
        return Said("A newer Liaison is needed", "cloud-off", "due")
    if found.quiet:
        return Said(f"{many(len(found.quiet), 'PC')} not heard from", "cloud-off", "due")
    if found.to_send:
        return Said(f"Saved here, {found.to_send:,} to send", "cloud", "none")
    if seen.last is None:
        return Said("Not sent yet", "cloud", "none")
    return Said("Up to date", "cloud-check", "ok", f"Sent and fetched {when(seen.last, now)}.")


def summary(seen: Seen, now: dt.datetime) -> Said:
    """Return what the popover says first: whether what was written is safe.

    Args:
        seen: How the exchange stands.
        now: The present moment.
    """
    found = seen.overview
    if found is not None and found.cut_off:
        return Said("Your work is saved here", "cloud-off", "due", NOWHERE)
    if found is None or not seen.shares:
        return Said(
            "Your work is saved", "cloud-check", "ok", "This home is on this PC alone, and in its backups."
        )  # fmt: skip
    if found.status.removed:
        so_far = f": {many(found.to_send, 'save')} so far" if found.to_send else ""
        more = f"{STAYS_HERE}{so_far}. Ask a manager."
        return Said("This PC was removed from the home", "circle-alert", "late", more)
    why = "" if seen.trouble is None else " ".join(
        part for part in (seen.trouble.what, seen.trouble.do) if part
    )  # fmt: skip
    if found.to_send:
        one = found.to_send == 1
        more = f"{many(found.to_send, 'save')} {'waits' if one else 'wait'} to be sent"
        more += "." if why else ", which happens by itself."
        if why:
            return Said("Your work is saved here", "cloud-off", "due", f"{more} {why}")
        return Said("Your work is saved here", "cloud", "none", more)
    if seen.last is None:
        return Said(
            "Your work is saved here", "cloud-off" if why else "cloud", "due" if why else "none",
            why or "It has not been sent to other PCs yet.",
        )  # fmt: skip
    more = f"Everything on this PC was sent at {when(seen.last, now)}."
    if clock.in_london(seen.last).date() != clock.in_london(now).date():
        more = f"Everything on this PC was sent on {when(seen.last, now)}."
    if why:
        return Said("Your work is safe", "cloud-off", "due", f"{more} {why}")
    return Said("Your work is safe", "cloud-check", "ok", more)


def of_pc(pc: PcSeen, seen: Seen, now: dt.datetime) -> Said:
    """Return how a PC stands: the words of its chip, and a line on when it was heard from.

    Args:
        pc: The PC.
        seen: How the exchange stands.
        now: The present moment.
    """
    if pc.removed is not None:
        return Said("Removed", "x", "none", f"Removed {when(pc.removed, now)}")
    cut_out = seen.overview is not None and seen.overview.status.removed
    if pc.here:
        return Said("Removed", "x", "none") if cut_out else _here(seen, now)
    if pc.heard is None:
        line = "Not heard from yet"
    elif pc.ahead:
        line = f"Its clock says {when(pc.heard, now)}: set it right"
    else:
        line = f"Last heard {_ago(pc.heard, now)}"
    if cut_out:
        # what it was up to date with goes on without this PC
        return Said("No exchange", "minus", "none", line)
    if pc.is_quiet:
        return Said(f"Quiet, {many(pc.quiet, 'day')}", "triangle-alert", "due", line)
    if pc.behind:
        return Said("More is to come", "clock", "info", line)
    if pc.ahead:
        return Said("Wrong clock", "clock-alert", "due", line)
    if pc.heard is None:
        return Said("Expected", "clock", "none", line)
    if seen.trouble is not None:
        # nobody knows of now: it may have written on, or been switched off, since
        known = f"Up to date at the last exchange, {when(seen.last, now)}" if seen.last else line
        return Said("No news", "cloud-off", "none", known)
    return Said("Up to date", "circle-check", "ok", line)


def of_save(words: str, seen: Seen | None) -> str:
    """Return what is said after a save; on a PC that was removed also that nobody gets it.

    Args:
        words: What was saved.
        seen: How the exchange stands; None as long as nobody looked.
    """
    found = seen.overview if seen is not None else None
    if found is None or not found.status.removed:
        return words
    return f"{words} It stays on this PC, which was removed from the home, and reaches nobody."


def _here(seen: Seen, now: dt.datetime) -> Said:
    found = seen.overview
    line = f"Sent {when(seen.last, now)}, fetched {when(seen.last, now)}" if seen.last else ""
    if found is not None and found.to_send:
        return Said(f"{found.to_send:,} to send", "clock", "none", line or "Nothing was sent yet")
    if seen.trouble is not None:
        return Said("Not reached", "triangle-alert", "due", line or "Nothing was sent yet")
    if seen.last is None:
        return Said("Not sent yet", "clock", "none", "Nothing was sent yet")
    return Said("Up to date", "circle-check", "ok", line)


def _ago(moment: dt.datetime, now: dt.datetime) -> str:
    minutes = int((now - moment).total_seconds()) // _SECONDS
    if minutes < 1:
        return "a moment ago"
    if minutes < _MINUTES:
        return f"{many(minutes, 'minute')} ago"
    return when(moment, now)


def waiting_words(seen: Seen) -> str:
    """Return why something that came is not shown yet, in a sentence; "" if nothing waits."""
    if seen.newer:
        return (
            "Another PC has a newer Liaison. What was written with it appears once this PC has it "
            "too; everything else goes on."
        )
    return f"Something that came waits: {seen.waiting[0]}." if seen.waiting else ""


def advice(seen: Seen) -> str:
    """Return what to do about PCs that are quiet; "" if none is, or none catches up with this one."""
    quiet = seen.overview.quiet if seen.overview is not None else ()
    if not quiet or (seen.overview is not None and seen.overview.status.removed):
        return ""
    if len(quiet) == 1:
        return f"Switch {quiet[0].name} on and it will catch up by itself."
    return "Switch them on and they will catch up by themselves."


def place_icon(seen: Seen) -> str:
    """Return the icon of how packets travel."""
    setup = seen.overview.status.setup if seen.overview is not None else None
    return "cloud" if setup is not None and setup.folder is None else "folder"


def place_in_words(seen: Seen) -> str:
    """Return how packets travel, in a few words: "Shared folder Larkfield"."""
    setup = seen.overview.status.setup if seen.overview is not None else None
    if setup is None:
        return "Not at all: this home is on this PC alone"
    parts = []
    if setup.folder:
        parts.append(f"Shared folder {setup.folder.name or setup.folder}")
    if setup.store:
        parts.append(f"Store {setup.store}")
    return " and ".join(parts)
