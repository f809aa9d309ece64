"""The pages about residents: who lives here, and what happened to each of them."""

from liaison.ui.pages.residents.page import ResidentsPage

__all__ = ["ResidentsPage"]
