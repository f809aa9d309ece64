"""Concerns and queries: raised, answered, read by whoever raised them, closed."""

from liaison.ui.pages.concerns.page import ConcernsPage

__all__ = ["ConcernsPage"]
