"""Naming records: the one meant by what somebody typed, and the words that name one in a list."""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Kind, Problem, Record, RecordSpec, all_specs, ids, spec_of
from liaison.records.check import LONGEST_LINE
from liaison.records.rules.same_name import name_key
from liaison.records.showing import NOT_HERE, show, untitled
from liaison.store import query
from liaison.store.driver import plain_errors
from liaison.store.search import find_names

if TYPE_CHECKING:
    from liaison.store.store import Store

_MOST_CANDIDATES: Final = 12
_MOST_NEAR: Final = 5
_MOST_TOLD: Final = 3
_MOST_NAMESAKES: Final = 200
_TITLE_DEPTH: Final = 3
_FEW: Final = 20
_VERY_FEW: Final = 3
_SOON_READ: Final = 300
"""Reading so many names takes less time than looking for the namesakes of one."""

# the names of a large directory are looked at page after page
_key = functools.lru_cache(maxsize=2**16)(name_key)
as_id = ids.as_id
"""Here too, beside what else finds out which record is meant."""


class NotOne(UserError):
    """A reference means no record, or more than one."""

    code = "not-one"


def name_field(spec: RecordSpec) -> str:
    """Return the field a record of a type is known by; empty if its records have no name."""
    for name in spec.title[:1]:
        field = spec.by_name[name]
        if field.kind is Kind.TEXT:
            return field.name
    return ""


def resolve(store: Store, type_name: str, typed: str) -> int:
    """Return the id of the record that is meant.

    Args:
        store: The home.
        type_name: The record type.
        typed: An id, or an exact name if only one record has it (any case).

    Raises:
        NotOne: It is none or several; several are listed with what tells them apart.
    """
    spec = all_specs()[type_name]
    typed = typed.strip()
    found = None if (identity := as_id(typed)) is None else store.follow(type_name, identity)
    if found is not None and found.id is not None:
        return found.id
    field = name_field(spec)
    # half a character (a byte of another code page) is in no name, and cannot be asked for
    is_text = not any("\ud800" <= letter <= "\udfff" for letter in typed)
    called = namesakes(store, spec, typed) if field and is_text else []
    exact = [record for record in called if _folded(getattr(record, field)) == _folded(typed)]
    if len(exact) == 1 and exact[0].id is not None:
        return exact[0].id
    if not exact:
        raise _not_found(store, spec, typed if is_text else repr(typed), field)
    shown = "; ".join(described(store, record) for record in exact[:_MOST_CANDIDATES])
    more = " ..." if len(exact) > _MOST_CANDIDATES else ""
    raise NotOne(
        f"{len(exact)} {spec.plural.lower()} are called {typed[:80]!r}: {shown}{more}.",
        kept="Nothing was changed.",
        do="Give the id of the one you mean.",
        code="not-one",
    )


def namesakes(store: Store, spec: RecordSpec, name: str) -> list[Record]:
    """Return the records in the lists that are called so, whatever case, accents and spaces."""
    key = name_key(name)
    field = name_field(spec)
    found = {record.id: record for record in query.with_text(store, spec.name, field, name)}
    if spec.by_name[field].by_name:
        # the database's own comparison knows the letters of English alone
        for record in find_names(store, name, types=(spec.name,), limit=_MOST_NAMESAKES):
            if name_key(getattr(record, field) or "") == key:
                found.setdefault(record.id, record)
    return list(found.values())


def others_called_so(store: Store, record: Record) -> list[Problem]:
    """Return a warning if others in the lists have a new record's name; it forbids nothing.

    Args:
        store: The home.
        record: The record as it would be added.

    Returns:
        One problem that does not block, at the field of the name; none if nobody is called so.
    """
    spec = spec_of(record)
    field = name_field(spec) if spec.tells_apart else ""
    name = getattr(record, field) if field else None
    if not name or not name.strip() or len(name) > LONGEST_LINE:
        return []
    others = [one for one in namesakes(store, spec, name) if one.id != record.id]
    if not others:
        return []
    shown = "; ".join(_apart(store, one) for one in others[:_MOST_TOLD])
    more = f"; and {len(others) - _MOST_TOLD} more" if len(others) > _MOST_TOLD else ""
    called = Names(store).title(others[0])
    words = f"There is another {called} ({shown}{more}). Is it the same {_kind_word(spec)}?"
    return [Problem(field, words, blocks=False)]


def _kind_word(spec: RecordSpec) -> str:
    return "place" if spec.name == "organisation" else "person"


def _not_found(store: Store, spec: RecordSpec, typed: str, field: str) -> NotOne:
    label = spec.label.lower()
    by_name = f"an id or an exact {spec.by_name[field].label.lower()}" if field else "an id"
    do = f"Give {by_name}."
    equal = query.equal({field: typed}) if field else ()
    gone = query.page(store, query.Query(spec.name, equal, archived=True), limit=2).records
    if field and len(gone) == 1:
        became = "merged into another" if gone[0].merged_into else "archived"
        do = f"One of that name was {became}; its id is {ids.to_text(gone[0].id or 0)}."
    elif field and spec.by_name[field].by_name:
        near = find_names(store, typed, types=(spec.name,), limit=_MOST_NEAR)
        if near:
            do = f"Near ones: {'; '.join(described(store, record) for record in near)}. {do}"
    return NotOne(
        f"There is no {label} {typed[:80]!r}.", kept="Nothing was changed.", do=do,
        code="not-found",
    )  # fmt: skip


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class Names:
    """The words that name records in one answer; two people of one name are told apart (rule 8).

    What it has found out it keeps, so a long list is named as quickly as it is read. Use it for
    one answer and forget it: it does not see what is written meanwhile.

    Args:
        store: The home.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, int, int], str] = {}
        self._records: dict[tuple[str, int], Record | None] = {}
        self._asked: Counter[str] = Counter()
        self._called: dict[str, Counter[str]] = {}
        self._listed: dict[str, dict[int, str]] = {}
        self._crowded: set[str] = set()

    def words(self, type_name: str, identities: Iterable[int | None]) -> dict[int, str]:
        """Return the lines that name some records, by id: what :meth:`by_id` says, much quicker.

        Of whoever stands in the lists under a name of their own, no more than that is read.

        Args:
            type_name: Their type.
            identities: Their ids; None is left out.
        """
        spec = all_specs()[type_name]
        wanted = {one for one in identities if one is not None}
        found: dict[int, str] = {}
        if wanted and spec.tells_apart and self._counted(spec, whole=len(wanted) > _VERY_FEW):
            called, listed = self._called[type_name], self._listed[type_name]
            for one in wanted & listed.keys():
                if (name := listed[one]) and called[_key(name)] == 1:
                    found[one] = name
        if left := wanted - found.keys():
            self.learn({type_name: left})
            found |= {one: self.by_id(type_name, one) for one in left}
        return found

    def learn(self, wanted: Mapping[str, Iterable[int]]) -> None:
        """Read at once what will be asked for by id, instead of one by one.

        Args:
            wanted: The ids by record type; what their titles refer to is read with them.
        """
        ahead: Mapping[str, Iterable[int]] = wanted
        for _ in range(_TITLE_DEPTH + 1):
            beyond: defaultdict[str, set[int]] = defaultdict(set)
            for type_name, identities in ahead.items():
                spec = all_specs()[type_name]
                found = self._read(spec, identities)
                if spec.tells_apart and len(found) > _VERY_FEW:
                    self._counted(spec, whole=True)
                for field in (spec.by_name[part] for part in spec.title):
                    if field.kind is Kind.REF:
                        pointed = (getattr(record, field.name) for record in found)
                        beyond[field.target].update(rec for rec in pointed if rec is not None)
            ahead = beyond

    def _read(self, spec: RecordSpec, identities: Iterable[int]) -> list[Record]:
        """Read the records that stand for ids today; return those that were not known yet."""
        new = [rec for rec in dict.fromkeys(identities) if (spec.name, rec) not in self._records]
        if not new:
            return []
        with plain_errors():
            by_id = query.of_ids(self._store.connection, spec, new)
        found: list[Record] = []
        for identity in new:
            record = by_id.get(identity)
            if record is not None and record.merged_into is not None:
                record = self._store.follow(spec.name, identity)
            self._records[spec.name, identity] = record
            found += [] if record is None else [record]
        return found

    def record(self, type_name: str, identity: int) -> Record | None:
        """Return the record that stands for an id today; None if it is not here."""
        key = type_name, identity
        if key not in self._records:
            self._records[key] = self._store.follow(type_name, identity)
        return self._records[key]

    def of(self, record: Record, depth: int = _TITLE_DEPTH) -> str:
        """Return the one line that names a record.

        Args:
            record: The record.
            depth: How many references deep to follow, so that a circle ends.
        """
        words = self.title(record, depth)
        return words if self._is_alone(record) else f"{words} ({_apart(self._store, record)})"

    def by_id(self, type_name: str, identity: int, depth: int = _TITLE_DEPTH) -> str:
        """Return the one line that names what an id means today."""
        key = type_name, identity, depth
        if key not in self._known:
            record = self.record(type_name, identity)
            self._known[key] = NOT_HERE if record is None else self.of(record, depth)
        return self._known[key]

    def title(self, record: Record, depth: int = _TITLE_DEPTH) -> str:
        """Return a record's title alone, the people in it told apart."""
        spec = spec_of(record)

        def name(target: str, identity: int) -> str:
            if depth > 0:
                return self.by_id(target, identity, depth - 1)
            here = self.record(target, identity) is not None
            return all_specs()[target].label if here else NOT_HERE

        parts = (
            show(
                spec.by_name[part],
                getattr(record, part),
                vocabularies=self._store.vocabularies,
                name=name,
            )
            for part in spec.title
        )
        return ", ".join(part for part in parts if part) or untitled(record)

    def _is_alone(self, record: Record) -> bool:
        """Return whether nobody else in the lists is called so."""
        spec = spec_of(record)
        field = name_field(spec)
        name = getattr(record, field) if spec.tells_apart and field else None
        if not name:
            return True
        self._asked[spec.name] += 1
        if not self._counted(spec, whole=self._asked[spec.name] > _FEW):
            others = namesakes(self._store, spec, name)
            return all(other.id == record.id for other in others)
        return self._called[spec.name][_key(name)] <= record.lives

    def _counted(self, spec: RecordSpec, *, whole: bool) -> bool:
        """Read every name of a type once: of so many that is quicker than to look for each.

        Args:
            spec: The type.
            whole: Whether to read them however many they are; else only if they are soon read.

        Returns:
            Whether it is known how many are called how.
        """
        field = name_field(spec)
        if spec.name in self._called:
            return True
        if not field or (spec.name in self._crowded and not whole):
            return False
        most = -1 if whole else _SOON_READ + 1
        names = query.texts_by_id(self._store, spec.name, field, most)
        if not whole and len(names) > _SOON_READ:
            self._crowded.add(spec.name)
            return False
        self._listed[spec.name] = listed = dict(names)
        self._called[spec.name] = Counter(map(_key, listed.values()))
        return True


def named(store: Store, record: Record) -> str:
    """Return the one line that names a record; for many of them, use one :class:`Names`."""
    return Names(store).of(record)


def described(store: Store, record: Record) -> str:
    """Return a record's name with its id and everything that tells it from its namesakes."""
    words = Names(store).title(record)
    apart = _apart(store, record)
    identity = ids.to_text(record.id or 0)
    return f"{words} ({apart}) {identity}" if apart else f"{words} {identity}"


def _apart(store: Store, record: Record) -> str:
    spec = spec_of(record)
    parts = []
    for name in spec.tells_apart:
        field = spec.by_name[name]
        value = show(
            field,
            getattr(record, name),
            vocabularies=store.vocabularies,
            name=lambda target, rec: name_of(store, target, rec),
        )
        parts.append(
            f"{field.label.lower()} {value}" if value else f"{field.label.lower()} not recorded"
        )
    return ", ".join(parts)


def name_of(store: Store, type_name: str, identity: int) -> str:
    """Return the words that name the record an id means today."""
    return Names(store).by_id(type_name, identity)
