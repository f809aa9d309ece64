"""The inspection pack: which reports it holds, of which time, and how it names people."""

from liaison.ui.pages.pack.page import PackPage

__all__ = ["PackPage"]
