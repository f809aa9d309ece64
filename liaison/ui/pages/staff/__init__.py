"""The pages about staff: who works here, and how they stand."""

from liaison.ui.pages.staff.page import StaffPage

__all__ = ["StaffPage"]
