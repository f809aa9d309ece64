"""Every page of the window, in one table: its name and where its class is.

A page's module is imported when the page is first opened, so the table costs nothing at start. What
is not in the table does not exist: the sidebar and links leave it out.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from liaison.ui.page import Page

#: A page's name, as in ``desk.go("today")``, and "module:Class" below this package.
PAGES: Final[dict[str, str]] = {
    "today": "today:TodayPage",
    "who-to-ring": "ringing:RingingPage",
    "training": "training:TrainingPage",
    "sessions": "sessions:SessionsPage",
    "readiness": "readiness:ReadinessPage",
    "reports": "reports:ReportsPage",
    "pack": "pack:PackPage",
    "glance": "glance:GlancePage",
    "settings": "settings:SettingsPage",
    "import": "bringing_in:BringInPage",
    "practices": "ods:PracticesPage",
    "directory": "directory:DirectoryPage",
    "glossary": "glossary:GlossaryPage",
    "residents": "residents:ResidentsPage",
    "staff": "staff:StaffPage",
    "record-visit": "record_visit:RecordVisitPage",
    "visits": "visits:VisitsPage",
    "rounds": "rounds:RoundsPage",
    "concern": "concerns:ConcernsPage",
    "referrals": "referrals:ReferralsPage",
    "transfers": "transfers:TransfersPage",
    "appointments": "appointments:AppointmentsPage",
    "audit": "audit:AuditPage",
    "loops": "loops:LoopsPage",
    "exchange": "exchange:ExchangePage",
    "differences": "differences:DifferencesPage",
    "review": "review:ReviewPage",
}


def page_class(name: str, pages: Mapping[str, str] = PAGES) -> type[Page]:
    """Return the class of a page.

    Args:
        name: Its name in the table.
        pages: The table; a test may bring its own, with modules named in full.

    Raises:
        KeyError: There is no such page.
    """
    module, _, attribute = pages[name].partition(":")
    if "." not in module:
        module = f"{__name__}.{module}"
    found = getattr(importlib.import_module(module), attribute)
    return cast("type[Page]", found)
