"""Which versions of a saved visit a form had shown, so that no change of others is overwritten."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liaison.services.drafts import Draft
    from liaison.services.visits import WholeVisit
    from liaison.store.rows import Loaded
    from liaison.ui.pages.record_visit.typed import Sheet


def shown(whole: WholeVisit | None, sheet: Sheet) -> dict[str, tuple[int, ...]]:
    """Return the versions that were shown of what is being corrected, each by record and field.

    Args:
        whole: The saved visit as it was shown; None for a new one.
        sheet: The form.
    """
    if whole is None:
        return {}
    loaded = {one.id: one for one in (whole.visit, *whole.entries, *whole.actions)}
    return {
        f"{part.id}/{name}": loaded[part.id].versions.get(name, ())
        for part in sheet.parts()
        if part.id is not None and part.id in loaded
        for name in part.touched
    }


def as_shown(whole: WholeVisit | None, sheet: Sheet, draft: Draft) -> WholeVisit | None:
    """Return a saved visit as a draft had shown it: what others changed since is settled.

    Args:
        whole: The visit as it is now; None for a new one.
        sheet: The form, with the draft in it.
        draft: The draft.
    """
    if whole is None:
        return None
    touched = {part.id: part.touched for part in sheet.parts() if part.id is not None}

    def before(loaded: Loaded) -> Loaded:
        stood = dict(loaded.versions)
        for name in touched.get(loaded.id, ()):
            stood[name] = draft.versions.get(f"{loaded.id}/{name}", ())
        return dataclasses.replace(loaded, versions=stood)

    return dataclasses.replace(
        whole,
        visit=before(whole.visit),
        entries=tuple(map(before, whole.entries)),
        actions=tuple(map(before, whole.actions)),
    )
