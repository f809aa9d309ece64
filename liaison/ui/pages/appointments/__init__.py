"""Appointments with escort and transport, and equipment on loan."""

from liaison.ui.pages.appointments.page import AppointmentsPage

__all__ = ["AppointmentsPage"]
