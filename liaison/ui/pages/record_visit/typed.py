"""A visit as it is being typed: plain values, the draft they are kept as, the records they become.

Nothing here knows a widget or the home. What lies in a field is held as it was typed, nonsense and
half a date too; it is read only when the visit is saved.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from liaison.records import FieldSpec, Kind, Record, all_specs, ids
from liaison.records.casework import Action, Visit, VisitEntry
from liaison.records.check import tidy
from liaison.records.parsing import Reader, Unreadable
from liaison.records.rules import times
from liaison.services.references import as_id

VISIT: Final = (
    "status", "at", "kind", "urgency", "professional", "organisation", "left_at",
    "others_present", "requested_at", "id_checked", "reason",
)  # fmt: skip
NOTE: Final = (
    "resident", "raised", "found", "voice", "plan_changed", "medicines_changed", "pharmacy_told",
    "family_informed",
)  # fmt: skip
ACTION: Final = ("what", "owner_staff", "due")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "visit": VISIT,
    "visit_entry": NOTE,
    "action": (*ACTION, "kind"),
}
"""The fields of each record that the page asks for; others stay as they are."""

#: What the page calls a field where the question is not the record's own label.
ASKED: Final = {
    "at": "Arrived",
    "left_at": "Left",
    "urgency": "Why now",
    "raised": "What was raised",
    "found": "What was found or advised",
    "plan_changed": "Care plan changed?",
    "what": "What",
    "owner_staff": "Who",
    "due": "By",
}

_MOSTLY: Final = {"plan_changed": "no"}

_BEGINS_WITH: Final = frozenset({"status", "kind"})
"""What a new visit begins with, so that it says nothing of whether somebody has typed."""

HAPPENED: Final = "happened"
PLANNED: Final = "planned"


def field(type_name: str, name: str) -> FieldSpec:
    """Return a field as the page asks for it.

    Args:
        type_name: The record type.
        name: The field.
    """
    declared = all_specs()[type_name].by_name[name]
    # what is so most of the time comes first
    choices = sorted(declared.choices, key=lambda choice: choice != _MOSTLY.get(name))
    label = ASKED.get(name, declared.label)
    return dataclasses.replace(declared, label=label, choices=tuple(choices))


def in_page_words(type_name: str, message: str) -> str:
    """Return what is wrong with a record, its fields called as the page calls them."""
    for name in FIELDS[type_name]:
        label, asked = all_specs()[type_name].by_name[name].label, field(type_name, name).label
        if asked == label:
            continue
        called = asked.rstrip("?")
        if message.startswith(label):
            message = called + message.removeprefix(label)
        # two fields that do not go together: the other one comes last
        if message.endswith(f" {label}."):
            message = f"{message.removesuffix(f'{label}.')}{called}."
    return message


def is_nothing(typed: Any) -> bool:
    """Return whether nothing is typed or chosen in a field."""
    if isinstance(typed, dict):
        return not any(typed.values())
    return typed is None or (isinstance(typed, str) and not typed.strip())


def same(one: Any, other: Any) -> bool:
    """Return whether the same lies in a field, however it is written."""
    if isinstance(one, dict) and isinstance(other, dict) and one.get("at"):
        # the same moment may be written shorter on the day itself
        return bool(one.get("at") == other.get("at"))
    return one == other or (is_nothing(one) and is_nothing(other))


def reference(identity: int | None) -> Any:
    """Return a chosen record as it lies in a field."""
    return "" if identity is None else {"id": ids.to_text(identity)}


def referred(typed: Any) -> int | None:
    """Return the id of a chosen record; None if none is chosen."""
    return as_id(str(typed.get("id", ""))) if isinstance(typed, dict) else None


def moment(value: dt.datetime | None, text: str) -> Any:
    """Return a moment as it lies in a field: read again another day, "10:05" is still this day's."""
    return text if value is None else {"at": times.to_stored(value), "text": text}


def as_typed(spec: FieldSpec, value: Any) -> Any:
    """Return a value as it lies in its field."""
    if value is None:
        return None if spec.kind in {Kind.BOOL, Kind.CHOICE} else ""
    match spec.kind:
        case Kind.REF:
            return reference(value)
        case Kind.TIME:
            return moment(value, times.show_time(value))
        case Kind.DATE:
            return times.show_date(value)
        case _:
            return value


def as_value(spec: FieldSpec, typed: Any, reader: Reader) -> Any:
    """Return the value that lies in a field.

    Raises:
        Unreadable: What was typed is no value of the field.
    """
    if is_nothing(typed):
        return None
    if spec.kind in {Kind.BOOL, Kind.CHOICE}:
        return typed
    if spec.kind is Kind.REF:
        found = referred(typed)
        if found is None:
            raise Unreadable(f"{spec.label}: choose one from the list that opens as you type.")
        return found
    if spec.kind is Kind.TIME and isinstance(typed, dict) and typed.get("at"):
        return times.from_stored(typed["at"])
    text = typed.get("text", "") if isinstance(typed, dict) else typed
    return reader.read(spec, text)


@dataclasses.dataclass(slots=True)
class Part:
    """One record of the form.

    Args:
        type: The record type.
        id: The record, if it is saved already.
        typed: What lies in its fields.
        shown: What lay in them when the form was opened.
    """

    type: str
    id: int | None = None
    typed: dict[str, Any] = dataclasses.field(default_factory=dict)
    shown: dict[str, Any] = dataclasses.field(default_factory=dict)

    def get(self, name: str) -> Any:
        """Return what lies in a field."""
        return self.typed.get(name)

    def text(self, name: str) -> str:
        """Return the text that lies in a field; empty if something else does."""
        typed = self.typed.get(name)
        return typed if isinstance(typed, str) else ""

    @property
    def touched(self) -> dict[str, Any]:
        """The fields in which something else lies than when the form was opened."""
        return {
            name: typed
            for name, typed in self.typed.items()
            if not same(typed, self.shown.get(name))
        }

    @property
    def begun(self) -> bool:
        """Whether somebody has typed or chosen more than what a new one begins with."""
        touched = self.touched
        if self.id is not None:
            return bool(touched)
        return any(name not in _BEGINS_WITH for name in touched)

    def read(self, record: Record, reader: Reader) -> tuple[Record, dict[str, str]]:
        """Return a record with what was typed, and what cannot be read, by field.

        Args:
            record: The record as it was, or a blank one.
            reader: Reads typed values.
        """
        values: dict[str, Any] = {}
        unread: dict[str, str] = {}
        for name, typed in self.touched.items():
            spec = field(self.type, name)
            try:
                values[name] = as_value(spec, typed, reader)
            except Unreadable as error:
                unread[name] = str(error)
            else:
                if isinstance(values[name], str):
                    values[name] = tidy(values[name], long=spec.kind is Kind.NOTE) or None
        changed: Record = dataclasses.replace(record, **values)
        return changed, unread


def part_of(record: Record, type_name: str) -> Part:
    """Return a record as a form shows it at first."""
    shown = {
        name: as_typed(field(type_name, name), getattr(record, name)) for name in FIELDS[type_name]
    }
    return Part(type_name, record.id, dict(shown), shown)


def new_part(type_name: str, **typed: Any) -> Part:
    """Return a new record's part, with what a new one starts from."""
    blank = {"visit": Visit, "visit_entry": VisitEntry, "action": Action}[type_name]()
    part = part_of(blank, type_name)
    part.typed.update(typed)
    return part


@dataclasses.dataclass(slots=True)
class Note:
    """What was written about one resident, with what follows.

    Args:
        entry: The note.
        actions: The follow-ups; the last one may be blank.
        wrong: What is wrong with the note, by field, as last told.
        wrong_actions: The same for each follow-up, by its place and field.
    """

    entry: Part
    actions: list[Part] = dataclasses.field(default_factory=list)
    wrong: dict[str, str] = dataclasses.field(default_factory=dict)
    wrong_actions: dict[tuple[int, str], str] = dataclasses.field(default_factory=dict)

    @property
    def resident(self) -> int:
        """Whom it is about."""
        return referred(self.entry.get("resident")) or 0

    @property
    def written(self) -> bool:
        """Whether it says what was found."""
        return not is_nothing(self.entry.get("found"))

    @property
    def begun(self) -> bool:
        """Whether anything is typed about the resident."""
        typed = (v for name, v in self.entry.typed.items() if name != "resident")
        return any(not is_nothing(v) for v in typed) or any(a.begun for a in self.actions)

    @property
    def is_wrong(self) -> bool:
        """Whether anything is to be put right."""
        return bool(self.wrong or self.wrong_actions)


@dataclasses.dataclass(slots=True)
class Sheet:
    """A whole visit as it is being typed.

    Args:
        visit: Who and when.
        notes: What was written, in the order of the list.
        open: The place of the note that is open; -1 for none.
        who: What is typed where somebody is looked for.
        template: The usual kind of visit it was begun with; empty for none.
        many: Whether residents are written about in a grid, a line each.
        files: Where the files lie that are attached when the visit is saved.
    """

    visit: Part
    notes: list[Note] = dataclasses.field(default_factory=list)
    open: int = -1
    who: str = ""
    template: str = ""
    many: bool = False
    files: list[str] = dataclasses.field(default_factory=list)

    @property
    def status(self) -> str:
        """Whether it is planned, has happened, or else."""
        return self.visit.get("status") or HAPPENED

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to keep."""
        if self.template or self.files or self.who.strip():
            return False
        if any(name not in _BEGINS_WITH for name in self.visit.touched):
            return False
        return not any(
            note.entry.id is None or note.entry.touched or any(a.begun for a in note.actions)
            for note in self.notes
        )

    def parts(self) -> Iterator[Part]:
        """Yield every record of the form."""
        yield self.visit
        for note in self.notes:
            yield note.entry
            yield from note.actions

    # ---- as a draft

    def to_draft(self) -> dict[str, Any]:
        """Return what is to be kept; of saved records only the fields that were touched."""
        return {
            "visit": self.visit.touched,
            "who": self.who,
            "open": self.open,
            "template": self.template,
            "many": self.many,
            "files": self.files,
            "notes": [
                {
                    "id": _id_text(note.entry.id),
                    "typed": {"resident": note.entry.get("resident"), **note.entry.touched},
                    "actions": [
                        {"id": _id_text(action.id), "typed": action.touched}
                        for action in note.actions
                        if action.begun
                    ],
                }
                for note in self.notes
                if note.entry.id is None
                or note.entry.touched
                or any(action.begun for action in note.actions)
            ],
        }

    def take_draft(self, kept: Mapping[str, Any]) -> None:
        """Put a draft over what the form shows; what an older version kept differently is left out."""
        self.visit.typed.update(_known("visit", kept.get("visit")))
        self.who = str(kept.get("who") or "")
        self.template = str(kept.get("template") or "")
        self.many = bool(kept.get("many"))
        self.files = [str(file) for file in kept.get("files") or ()]
        known = {note.entry.id: note for note in self.notes if note.entry.id is not None}
        for told in kept.get("notes") or ():
            identity = as_id(told.get("id") or "")
            typed = _known("visit_entry", told.get("typed"))
            if identity is None:
                note = Note(new_part("visit_entry"))
                self.notes.append(note)
            elif (found := known.get(identity)) is not None:
                note = found
            else:
                # struck through meanwhile: what was typed is not lost, it stands as a new note
                note = Note(new_part("visit_entry"))
                self.notes.append(note)
            note.entry.typed.update(typed)
            _take_actions(note, told.get("actions") or ())
        self.notes = [note for note in self.notes if note.resident]
        place = kept.get("open")
        if isinstance(place, int) and 0 <= place < len(self.notes):
            self.open = place

    def referred(self) -> list[tuple[str, int]]:
        """Return every record that is chosen anywhere in the form, by type and id."""
        found: list[tuple[str, int]] = []
        for part in self.parts():
            for name, typed in part.typed.items():
                spec = all_specs()[part.type].by_name[name]
                if spec.kind is Kind.REF and (identity := referred(typed)) is not None:
                    found.append((spec.target, identity))
        return found


def _take_actions(note: Note, kept: Any) -> None:
    by_id = {action.id: action for action in note.actions if action.id is not None}
    for told in kept:
        identity = as_id(told.get("id") or "")
        action = by_id.get(identity) if identity is not None else None
        if action is None:
            action = new_part("action")
            note.actions.append(action)
        action.typed.update(_known("action", told.get("typed")))


def _known(type_name: str, typed: Any) -> dict[str, Any]:
    if not isinstance(typed, dict):
        return {}
    return {name: value for name, value in typed.items() if name in FIELDS[type_name]}


def _id_text(identity: int | None) -> str:
    return "" if identity is None else ids.to_text(identity)


def new_sheet(*, planned: bool = False) -> Sheet:
    """Return a blank visit."""
    return Sheet(new_part("visit", kind="visit", **({"status": PLANNED} if planned else {})))
