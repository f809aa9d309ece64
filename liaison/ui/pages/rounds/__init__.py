"""Rounds and clinics: what is coming, the agenda of each, and an outcome for every line."""

from liaison.ui.pages.rounds.page import RoundsPage

__all__ = ["RoundsPage"]
