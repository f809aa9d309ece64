"""Who may sign in: adding people, passwords, roles, letting go, and the recovery sheet."""

from liaison.ui.pages.settings.people.section import PeopleSection

__all__ = ["PeopleSection"]
