"""Transfers: to hospital and back, what came along, and the review that is due."""

from liaison.ui.pages.transfers.page import TransfersPage

__all__ = ["TransfersPage"]
