"""What the home's abbreviations mean."""

from liaison.ui.pages.glossary.page import GlossaryPage

__all__ = ["GlossaryPage"]
