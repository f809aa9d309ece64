"""Settings: the home itself, its lists, how the window looks, backups, lists in and out."""

from liaison.ui.pages.settings.page import SettingsPage

__all__ = ["SettingsPage"]
