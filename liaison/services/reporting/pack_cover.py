"""What the cover of a pack says of the home, and the words the pack uses in a sense of its own."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from liaison.records.home import Home, Resident, Staff
from liaison.records.rules.compliance import works_here
from liaison.reports.kit.wording import counted, listed, named
from liaison.services.reporting.open_loops import UNNAMED
from liaison.store import query

if TYPE_CHECKING:
    from liaison.reports.spec import Naming
    from liaison.store.store import Store

_MANAGER: Final = "manager"
_HOURS: Final = ("08:00", "18:00")


@dataclasses.dataclass(frozen=True, slots=True)
class OfHome:
    """The home as the cover shows it.

    Args:
        name: Its name.
        address: Its address, on one line.
        lines: What else the cover says of it: label and value.
    """

    name: str
    address: str
    lines: tuple[tuple[str, str], ...]


def of_home(store: Store) -> OfHome:
    """Return the home as the cover of a pack shows it."""
    record = _home(store)
    lines = []
    today = store.today()
    managers = [
        one.name
        for one in query.every(store, query.Query("staff", newest_first=False))
        if isinstance(one, Staff) and one.name and one.job_role == _MANAGER
        and works_here(one, today)
    ]  # fmt: skip
    if managers:
        lines.append(("Registered manager", listed(managers)))
    if record.cqc_location:
        lines.append(("CQC location", record.cqc_location))
    residents = sum(
        isinstance(one, Resident)
        and not one.struck_reason
        and (one.moved_in is None or one.moved_in <= today)
        and (one.left_on is None or one.left_on > today)
        for one in query.every(store, query.Query("resident"))
    )
    here = f"{counted(residents, 'resident')} on the day of printing"
    beds = "" if record.beds is None else f"{counted(record.beds, 'bed')}, "
    lines.append(("Beds and residents", beds + here))
    written = ", ".join(line.strip(" ,") for line in (record.address or "").splitlines() if line)
    address = " ".join(part for part in (written, record.postcode or "") if part)
    return OfHome(record.name or UNNAMED, address, tuple(lines))


def words(store: Store) -> tuple[tuple[str, str], ...]:
    """Return the words a pack uses in a sense of its own, with that sense."""
    record = _home(store)
    first, last = record.hours_from or _HOURS[0], record.hours_to or _HOURS[1]
    return (
        ("Typical", "the middle value: half are below it, half above"),
        ("Planned", "agreed before the day. Ad hoc: asked for. Urgent: asked for the same day"),
        ("Out of hours", f"outside {first} to {last} Monday to Friday, and bank holidays"),
        ("Open for", "days since it was raised, to the day of printing"),
        ("Past its date", "after the day it was expected; nothing is closed by the computer"),
    )


def naming(names: Naming, *, staff_initials: bool) -> str:
    """Say how a pack names residents and staff, and what it cannot promise.

    Args:
        names: How residents are named.
        staff_initials: Whether staff are named by their initials.
    """
    if names == "full":
        if not staff_initials:
            return "Residents and staff are named in full."
        return "Residents are named in full, staff by their initials."
    staff = " Staff are named by their initials." if staff_initials else ""
    return f"{named(names).strip()}{staff}"


def _home(store: Store) -> Home:
    loaded = store.the("home")
    return loaded.record if loaded is not None and isinstance(loaded.record, Home) else Home()
