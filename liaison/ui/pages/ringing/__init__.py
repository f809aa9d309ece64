"""Who do I ring for ...? One question, one number, large."""

from liaison.ui.pages.ringing.page import RingingPage

__all__ = ["RingingPage"]
