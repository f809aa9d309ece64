"""What is typed into a small form that adds something on the way is a draft, and is given back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from liaison.services.drafts import About
from liaison.ui import clock
from liaison.ui.parts.keeper import Keeper

if TYPE_CHECKING:
    from liaison.errors import UserError
    from liaison.services.drafts import Draft
    from liaison.ui.desk import Desk
    from liaison.ui.parts.notice import Notice
    from liaison.ui.widgets import Popover


def on_the_way(type_name: str, form: str) -> About:
    """Return where the draft of something added on the way is kept.

    Args:
        type_name: The type of what is added.
        form: Which form asks for it: a person has one such draft for each.
    """
    return About(type_name, None, f"on-the-way/{form}")


class Begun(QObject):
    """Keeps what is typed into such a form, and gives it back when the same name is asked for again.

    Asked for another name the form stays as it is, so that no two people are mixed up, and what was
    begun is offered. What was typed goes when it is saved, or when somebody says "Not now"; a press
    elsewhere, a lock and the end of the program keep it.

    Args:
        desk: The desk.
        about: Where the draft is kept (:func:`on_the_way`).
        asked: The name that was typed where it was looked for.
        named: The field of that name.
        popover: The form.
        banner: Where it says what it does.
        typed: Returns what lies in every field, as JSON can hold it.
        put: Shows that again.
    """

    def __init__(  # noqa: PLR0917  # its form, in parts
        self,
        desk: Desk,
        about: About,
        asked: str,
        named: str,
        popover: Popover,
        banner: Notice,
        typed: Callable[[], Mapping[str, Any]],
        put: Callable[[Mapping[str, Any]], object],
    ) -> None:
        super().__init__(popover)
        self._desk = desk
        self._asked = asked
        self._named = named
        self._popover = popover
        self._banner = banner
        self._typed = typed
        self._put = put
        self._touched = False
        self.keeper = Keeper(desk, about, self._to_keep, popover)
        self.keeper.kept.connect(self._kept)
        self.keeper.failed.connect(self._not_kept)
        popover.closed.connect(self.keeper.keep)

    def look(self) -> None:
        """Look for what was begun, and give it back or offer it; the form is open already."""
        self.keeper.find(self._found, self._cannot_look)

    def note(self, *_: object) -> None:
        """Somebody typed or chose something."""
        self._touched = True
        self.keeper.note()

    def cancel(self) -> None:
        """Close the form and forget what was typed into it; what was only offered stays."""
        if self._touched:
            self.keeper.forget()
        self._popover.done()

    # ---- what lies there

    def _found(self, draft: Draft | None) -> None:
        if draft is not None:
            if self._is_meant(draft) and not self._touched:
                self._give_back(draft)
            else:
                self._offer(draft)
        # what was typed before it was known
        self.keeper.keep()

    def _is_meant(self, draft: Draft) -> bool:
        names = (draft.typed.get("asked"), _fields(draft).get(self._named))
        return _folded(self._asked) in {_folded(str(name)) for name in names if name}

    def _give_back(self, draft: Draft) -> None:
        self._touched = True
        self._put(_fields(draft))
        at = clock.ago(draft.at, self._desk.today())
        self._banner.tell(f"You began this {at}. It is as you left it.", kind="info")

    def _offer(self, draft: Draft) -> None:
        name = str(_fields(draft).get(self._named) or draft.typed.get("asked") or "").strip()
        whom = f"“{name}”" if name else "another"
        at = clock.ago(draft.at, self._desk.today())

        def bring() -> None:
            self._give_back(draft)
            # what lies on the disk by now may be what was typed over it
            self.keeper.note()

        self._banner.tell(f"You began to add {whom} {at}.", "Go on with that", bring, kind="info")

    def _cannot_look(self, error: UserError) -> None:
        self._banner.trouble(error, self.look)

    # ---- keeping

    def _to_keep(self) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, ...]]]:
        return {"asked": self._asked, "fields": dict(self._typed())}, {}

    def _kept(self, _: Draft) -> None:
        if self._banner.act == self.keeper.keep:
            self._banner.put_away()

    def _not_kept(self, error: UserError) -> None:
        words = "What you have typed is still here, but no draft of it can be kept."
        self._banner.tell(f"{words} {error.what}", "Try again", self.keeper.keep)


def _fields(draft: Draft) -> Mapping[str, Any]:
    found = draft.typed.get("fields")
    return found if isinstance(found, dict) else {}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
