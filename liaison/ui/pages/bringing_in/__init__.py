"""Bringing lists in: contacts, organisations, residents, staff and anything else a home has as a file."""

from liaison.ui.pages.bringing_in.page import BringInPage

__all__ = ["BringInPage"]
