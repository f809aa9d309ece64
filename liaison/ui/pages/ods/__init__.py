"""The NHS's list of practices: looked up to add one, and compared with the directory."""

from liaison.ui.pages.ods.page import PracticesPage

__all__ = ["PracticesPage"]
