"""PCs of this home: who was heard from, what waits, what was set apart and why."""

from liaison.ui.pages.exchange.page import ExchangePage

__all__ = ["ExchangePage"]
