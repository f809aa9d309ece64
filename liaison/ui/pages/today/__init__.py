"""Today: what happened, what is coming and what waits, for whoever looks at it."""

from liaison.ui.pages.today.page import TodayPage

__all__ = ["TodayPage"]
