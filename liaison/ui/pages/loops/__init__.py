"""Open loops: everything without an outcome, and what to do with each of them in its place."""

from liaison.ui.pages.loops.page import LoopsPage

__all__ = ["LoopsPage"]
