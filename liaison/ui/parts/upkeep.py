"""Backups from the window's side: what one is made from, and how it says how far it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from liaison.services import backups

if TYPE_CHECKING:
    from liaison.services.backups import Source
    from liaison.ui.desk import Desk
    from liaison.ui.jobs import Progress


def source_at(desk: Desk) -> Source | None:
    """Return what backups of the home that is open are made from; None if none is."""
    home = desk.jobs.home
    if home is None:
        return None
    return dataclasses.replace(backups.source_of(home), clock=desk.now)


def telling(progress: Progress) -> Callable[[int, int], None]:
    """Return how a backup tells a job how far it is, in thousandths: sizes outgrow a Qt number."""
    return lambda done, total: progress(done * 1000 // max(total, 1), 1000)
