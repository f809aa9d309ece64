"""What every page of the window is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from liaison.ui.desk import Desk

#: Everybody who can sign in (the roles of the person record).
EVERYBODY = frozenset({"manager", "senior", "carer", "reader"})


class Page(QWidget):
    """A page: a screen of the window beside the sidebar.

    The shell makes a page when it is first gone to, calls :meth:`show_argument` each time it is
    gone to with an argument (:meth:`show_record` when a record is opened), and :meth:`refresh` when
    it is first shown and when records that it reads were changed. A page that is not in front is
    refreshed when it comes to the front.

    Args:
        desk: What a page is given.
    """

    #: Its name in the table of pages, as in ``desk.go("today")``.
    name: ClassVar[str] = ""
    #: Its word in the sidebar.
    title: ClassVar[str] = ""
    #: Its icon in the sidebar, a name of ``theme.icons``.
    icon: ClassVar[str] = ""
    #: Who sees it.
    roles: ClassVar[frozenset[str]] = EVERYBODY
    #: The record types it shows: a change of one of them refreshes it.
    reads: ClassVar[frozenset[str]] = frozenset()

    #: Its own shortcuts for the sheet of F1: keys such as "Ctrl+S", and what they do.
    shortcuts: ClassVar[tuple[tuple[str, str], ...]] = ()

    filled = Signal()
    """What it reads at first is on the screen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setAccessibleName(self.title)

    def show_start(self) -> None:
        """Show what the page begins with: somebody went to it without naming anything."""

    def show_argument(self, argument: object) -> None:
        """Show what the page was gone to for; a page that takes nothing has nothing to do.

        Args:
            argument: What ``desk.go`` was given, such as ``{"resident": 12}``.
        """

    def show_record(self, type_name: str, identity: int) -> None:
        """Show a record of a type that the table of places gives to this page.

        Args:
            type_name: Its type.
            identity: Its id.
        """

    def open_form(self) -> object:
        """Return what :meth:`reopen` takes to show what is open; None for nothing.

        That is a form that is being filled in, or what else lies over what the page was gone to
        for, such as a record that is read in full. It outlives the page while somebody else uses
        the PC, so it holds ids and no widgets.
        """
        return None

    def reopen(self, form: object) -> None:
        """Show what was left open; what was typed into a form is found as its draft.

        Args:
            form: What :meth:`open_form` returned, to the same person.
        """

    def refresh(self) -> None:
        """Read and show everything anew; the reading itself is a job, never done here."""
