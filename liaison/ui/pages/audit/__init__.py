"""The audit: everything that was changed, opened, printed and exported, and every sign-in."""

from liaison.ui.pages.audit.page import AuditPage

__all__ = ["AuditPage"]
