"""Values of records as lists hold them: in the words in which importing reads them back."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from liaison.exchange.lists_in_cells import join_values
from liaison.exchange.xlsx_writing import Value
from liaison.records import FieldSpec, Kind, Record, RecordSpec, all_specs, ids
from liaison.records.directory import Post
from liaison.records.rules import nhs_number, times
from liaison.services.directory import held_on
from liaison.services.importing.columns import beside, exchanged
from liaison.services.references import Names, name_field
from liaison.store import query

if TYPE_CHECKING:
    from liaison.store.store import Store

_NUMBERS: Final = frozenset({Kind.INT, Kind.MINUTES, Kind.MONEY})
_NOWHERE: Final = "-"


class Values:
    """Says what records hold.

    Args:
        store: The home.
        spec: The record type.
        for_sharing: Whether to leave out what never leaves the home.
    """

    def __init__(self, store: Store, spec: RecordSpec, *, for_sharing: bool) -> None:
        self._store = store
        self.fields = [field for field in exchanged(spec) if not (for_sharing and field.sensitive)]
        """The fields of the record itself; what stands beside it comes behind them."""
        self._beside = beside(spec)
        self._names = Names(store)
        self._called: dict[str, Counter[str]] = {}
        self._references: dict[tuple[str, int], str] = {}
        self._posts: dict[int, list[Post]] | None = None

    @property
    def headings(self) -> list[str]:
        """The labels, in the order of the cells."""
        return [field.label for field in (*self.fields, *self._beside)]

    def texts(self, record: Record) -> list[str]:
        """Return what a record holds as texts."""
        texts = [self._text(field, getattr(record, field.name)) for field in self.fields]
        return [*texts, *self._posts_in_cells(record)] if self._beside else texts

    def typed(self, record: Record) -> list[Value]:
        """Return what a record holds as a spreadsheet keeps it: dates and numbers as such."""
        values: list[Value] = [
            self._typed(field, getattr(record, field.name)) for field in self.fields
        ]
        return [*values, *self._posts_in_cells(record)] if self._beside else values

    def by_name(self, record: Record) -> dict[str, str]:
        """Return what a record holds by wire name, without its empty fields."""
        found = (
            (field.name, self._text(field, getattr(record, field.name))) for field in self.fields
        )
        return {name: text for name, text in found if text}

    def posts(self, record: Record) -> list[tuple[str, str]]:
        """Return role and organisation of each post a contact holds today."""
        role, place = all_specs()["post"].by_name["role"], "organisation"
        return [
            (
                "" if post.role is None else self._one(role, post.role),
                "" if post.organisation is None else self._reference(place, post.organisation),
            )
            for post in self._held(record)
        ]

    def _held(self, record: Record) -> Sequence[Post]:
        if self._posts is None:
            self._posts = defaultdict(list)
            day = self._store.today()
            for post in query.every(self._store, query.Query("post", newest_first=False)):
                if isinstance(post, Post) and not post.struck_reason and held_on(post, day):
                    contact = self._store.follow("contact", post.contact or 0)
                    if contact is not None and contact.id is not None:
                        self._posts[contact.id].append(post)
        return self._posts.get(record.id or 0, ())

    def _posts_in_cells(self, record: Record) -> tuple[str, str]:
        posts = self.posts(record)
        if not posts:
            return "", ""
        places = [place or _NOWHERE for _, place in posts]
        is_anywhere = any(place != _NOWHERE for place in places)
        return join_values(role for role, _ in posts), join_values(places) if is_anywhere else ""

    def _typed(self, field: FieldSpec, value: object) -> Value:
        if field.many or value is None:
            return self._text(field, value)
        if field.kind in _NUMBERS and isinstance(value, int | Decimal):
            return value
        if isinstance(value, dt.datetime):
            text = _time(value)
            # only a text can say which of two equal hours it was, or how many seconds
            is_plain = text[-1].isdigit() and text.count(":") == 1
            return times.in_london(value).replace(tzinfo=None, second=0) if is_plain else text
        return value if isinstance(value, dt.date) else self._text(field, value)

    def _text(self, field: FieldSpec, value: object) -> str:
        if isinstance(value, tuple):
            return join_values(self._one(field, one) for one in value)
        return "" if value is None else self._one(field, value)

    def _one(self, field: FieldSpec, value: object) -> str:
        match value:
            case bool():
                return "Yes" if value else "No"
            case dt.datetime():
                return _time(value)
            case dt.date():
                return f"{value:%d/%m}/{value.year:04}"
            case Decimal():
                return f"{value:.2f}"
            case int() if field.kind is Kind.REF:
                return self._reference(field.target, value)
            case str() if field.kind is Kind.CHOICE:
                return self._choice(field, value)
            case str() if field.kind is Kind.NHS_NUMBER:
                return nhs_number.show(value)
            case _:
                return str(value)

    def _choice(self, field: FieldSpec, value: str) -> str:
        """Return a choice as people see it, if that is read back as the same."""
        words = self._store.vocabularies
        label = words.label(field, value)
        try:
            return label if words.match(field, label) == value else value
        except ValueError:
            return value

    def _reference(self, type_name: str, identity: int) -> str:
        """Return the name of what is referred to, with its id where the name alone is not enough."""
        key = type_name, identity
        if key not in self._references:
            self._references[key] = self._referred(type_name, identity)
        return self._references[key]

    def _referred(self, type_name: str, identity: int) -> str:
        record = self._store.follow(type_name, identity)
        if record is None:
            return f"[{ids.to_text(identity)}]"
        field = name_field(all_specs()[type_name])
        name = getattr(record, field) if field else None
        if name and record.lives and self._bearers(type_name, field)[_folded(name)] == 1:
            return str(name)
        title = name or self._names.title(record)
        return f"{title} [{ids.to_text(record.id or identity)}]"

    def _bearers(self, type_name: str, field: str) -> Counter[str]:
        if type_name not in self._called:
            names = query.texts(self._store, type_name, field)
            self._called[type_name] = Counter(map(_folded, names))
        return self._called[type_name]


def labels_of(spec: RecordSpec) -> set[str]:
    """Return every heading that a list of a type can have."""
    fields: Iterable[FieldSpec] = (*exchanged(spec), *beside(spec))
    return {field.label for field in fields}


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _time(at: dt.datetime) -> str:
    """Return a time as a British spreadsheet reads it, in the home's time."""
    local = times.in_london(at)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    # only in the hour that comes twice the shown time says which
    zone = f" {local.tzname()}" if times.show_time(at).endswith(("BST", "GMT")) else ""
    return f"{local:%d/%m}/{local.year:04} {clock}{zone}"
