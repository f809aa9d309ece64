"""Referrals: who waits for what, how long, and who is to be asked."""

from liaison.ui.pages.referrals.page import ReferralsPage

__all__ = ["ReferralsPage"]
