"""The dates staff have to keep, and the skills they were signed off for."""

from liaison.ui.pages.readiness.page import ReadinessPage

__all__ = ["ReadinessPage"]
