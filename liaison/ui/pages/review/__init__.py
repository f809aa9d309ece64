"""Looking through what was set apart after a PC was removed."""

from liaison.ui.pages.review.page import ReviewPage

__all__ = ["ReviewPage"]
