"""Settling what two PCs changed, or made, before they heard from each other."""

from liaison.ui.pages.differences.page import DifferencesPage

__all__ = ["DifferencesPage"]
