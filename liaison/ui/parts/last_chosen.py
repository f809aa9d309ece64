"""What each person chose last on a page, on this PC: the tab that is shown, the filters of a list.

It lies in the settings file, which is not encrypted: only words of the program and of its lists are
kept, never what somebody typed and never whom a filter names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from liaison.records import Kind

if TYPE_CHECKING:
    from liaison.records import RecordSpec
    from liaison.ui.desk import Desk
    from liaison.ui.widgets import Segmented

T = TypeVar("T", str, bool)

_CHOSEN: Final = "chosen"
_ARCHIVED: Final = "archived"
_KEPT: Final = frozenset({Kind.CHOICE, Kind.BOOL})


def remembered_tab(desk: Desk, name: str, tabs: Segmented, choices: Iterable[T]) -> T | None:
    """Show the tab that whoever sits here chose last, and remember the next one they choose.

    Args:
        desk: The desk.
        name: What the tabs are, the same in every start.
        tabs: The tabs, with the one they begin with.
        choices: The values there are today.

    Returns:
        The tab that was chosen last; None if none was, or it is gone. The page still has to show
        what belongs to it.
    """
    tabs.changed.connect(lambda value: remember_choice(desk, name, value))
    found = last_choice(desk, name, choices)
    if found is not None:
        tabs.set_value(found)
    return found


def remember_choice(desk: Desk, name: str, value: object) -> None:
    """Remember one word that whoever sits here chose; see :func:`last_choice`."""
    view = {_CHOSEN: (value,)}
    desk.set(desk.settings.with_view(f"tab/{name}/{desk.person.id}", view))


def last_choice(desk: Desk, name: str, choices: Iterable[T]) -> T | None:
    """Return which of some choices whoever sits here took last; None if none, or it is gone."""
    kept = desk.settings.views.get(f"tab/{name}/{desk.person.id}", {}).get(_CHOSEN, ())
    return next((one for one in choices if (one,) == tuple(kept)), None)


def remember_filters(
    desk: Desk,
    name: str,
    spec: RecordSpec,
    chosen: Mapping[str, tuple[object, ...]],
    *,
    archived: bool,
) -> None:
    """Remember what a list is filtered by.

    Args:
        desk: The desk.
        name: The list, with whose it is.
        spec: The type it lists.
        chosen: The values that are chosen, by field.
        archived: Whether archived records are shown too.
    """
    kept = {field: values for field, values in chosen.items() if spec.by_name[field].kind in _KEPT}
    view = {**kept, **({_ARCHIVED: (True,)} if archived else {})}
    if view != dict(desk.settings.views.get(_list(name), {})):
        desk.set(desk.settings.with_view(_list(name), view))


def last_filters(
    desk: Desk, name: str, spec: RecordSpec
) -> tuple[dict[str, tuple[object, ...]], bool]:
    """Return what a list was filtered by when whoever sits here saw it last.

    Args:
        desk: The desk.
        name: The list, with whose it is.
        spec: The type it lists.

    Returns:
        The values by field, and whether archived records were shown too. A word that is in no list
        any more may be among them.
    """
    kept = desk.settings.views.get(_list(name), {})
    chosen = {
        field: tuple(values)
        for field, values in kept.items()
        if field in spec.by_name and spec.by_name[field].kind in _KEPT
    }
    return chosen, bool(kept.get(_ARCHIVED))


def _list(name: str) -> str:
    return f"list/{name}"
