"""Training sessions: what is planned, who has a place, who came, and their certificates."""

from liaison.ui.pages.sessions.page import SessionsPage

__all__ = ["SessionsPage"]
