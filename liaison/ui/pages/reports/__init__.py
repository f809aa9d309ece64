"""Reports: chosen, looked at as they will be on paper, printed, saved."""

from liaison.ui.pages.reports.page import ReportsPage

__all__ = ["ReportsPage"]
