"""At a glance: what an inspector asks first, each answer with the records behind it."""

from liaison.ui.pages.glance.page import GlancePage

__all__ = ["GlancePage"]
