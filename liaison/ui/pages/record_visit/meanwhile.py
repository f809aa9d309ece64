"""What was typed into a visit while it was being saved: told apart, and kept as its correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liaison.ui.pages.record_visit.typed import same

if TYPE_CHECKING:
    from liaison.ui.pages.record_visit.saving import Kept, Ready
    from liaison.ui.pages.record_visit.typed import Note, Part, Sheet


class AsSaved:
    """A form as it stood when Save was pressed.

    Args:
        sheet: The form; it is typed on meanwhile.
        made: The records that are being saved.
    """

    def __init__(self, sheet: Sheet, made: Ready) -> None:
        self._sheet = sheet
        self._who = sheet.who
        self._files = list(sheet.files)
        self._typed: list[tuple[Part, dict[str, Any]]] = [
            (part, dict(part.typed)) for part in sheet.parts()
        ]
        self._notes: list[tuple[Note, list[Part]]] = [
            (note, list(note.actions)) for note in sheet.notes
        ]
        self._entries = [sheet.notes[number].entry for number in made.notes]
        self._actions = [sheet.notes[number].actions[own] for number, own in made.places]

    @property
    def is_as_it_was(self) -> bool:
        """Whether nothing was typed, added or taken out since."""
        known = {id(part) for part, _ in self._typed}
        return (
            self._sheet.who == self._who
            and self._sheet.files == self._files
            and all(not part.touched for part in self._sheet.parts() if id(part) not in known)
            and self.has_the_same_notes
            and all(
                same(part.typed.get(name), before.get(name))
                for part, before in self._typed
                for name in {*part.typed, *before}
            )
        )

    @property
    def has_the_same_notes(self) -> bool:
        """Whether no note was added or taken out since: a place means the same note."""
        return [id(note) for note in self._sheet.notes] == [id(note) for note, _ in self._notes]

    def go_on(self, kept: Kept) -> None:
        """Let the form be the saved visit's, in which only what was typed since is new.

        What was taken out meanwhile is saved, so it stands there again.

        Args:
            kept: What became of the save.
        """
        for part, before in self._typed:
            part.shown = before
        self._sheet.visit.id = kept.visit
        self._sheet.files = [file for file in self._sheet.files if file not in self._files]
        saved = ((self._entries, kept.entries), (self._actions, kept.actions))
        for parts, identities in saved:
            for part, identity in zip(parts, identities, strict=True):
                part.id = identity
        here = {id(note) for note in self._sheet.notes}
        for note, actions in self._notes:
            if id(note) not in here:
                self._sheet.notes.append(note)
            still = {id(action) for action in note.actions}
            note.actions += [a for a in actions if a.id is not None and id(a) not in still]
