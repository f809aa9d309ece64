"""Visits: the diary of a week, the list of all of them, and one visit to read."""

from liaison.ui.pages.visits.page import VisitsPage

__all__ = ["VisitsPage"]
