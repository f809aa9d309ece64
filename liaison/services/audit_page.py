"""A page of the log put into lines, everything they need read at once."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from liaison.records import RecordSpec, all_specs, ids
from liaison.records.rules import times
from liaison.records.values import Kept, revive
from liaison.services.audit_words import ACCESSES, Line, steps_of, verb_of
from liaison.services.references import Names
from liaison.store import audit, erasing
from liaison.store.changes import BIRTHS, ERASE, ERASED, GONE, LEFT_OUT

if TYPE_CHECKING:
    from liaison.store.audit import Entry
    from liaison.store.store import Store

_DECIDED: Final = {LEFT_OUT: "Left out", GONE: "Erased, set apart"}
"""What was decided about what a removed PC wrote on."""


class Teller:
    """Puts a page of the log into words, everything it needs read at once."""

    def __init__(self, store: Store, entries: Sequence[Entry]) -> None:
        self._store = store
        self._entries = entries
        self._names = Names(store)
        self._fields: list[dict[str, Kept]] = [json.loads(entry.fields) for entry in entries]
        specs = all_specs()
        links = [
            (entry.type, entry.rec)
            for entry in entries
            if entry.type in specs and specs[entry.type].cls is None
        ]
        self._links = audit.links_of(store, links)
        self._gone = erasing.erasures(store.connection, {entry.rec for entry in entries})
        self._before = self._read_before()
        self._learn()

    def _read_before(self) -> dict[int, dict[str, Kept]]:
        """Read what the changes of the page replaced."""
        wanted: set[int] = set()
        for entry, fields in zip(self._entries, self._fields, strict=True):
            if entry.op in BIRTHS:
                continue
            over = json.loads(entry.over)
            # a field that names no version replaced the value of the birth
            wanted |= {max(over[name]) if over.get(name) else entry.rec for name in fields}
        return audit.values_of(self._store, wanted)

    def _learn(self) -> None:
        """Read the records that will be named."""
        wanted: defaultdict[str, set[int]] = defaultdict(set)
        for entry, fields in zip(self._entries, self._fields, strict=True):
            type_name, rec = self._owner(entry)
            spec = all_specs().get(type_name)
            if spec is None or spec.cls is None:
                continue
            wanted["person"].add(entry.person)
            wanted["pc"].add(entry.pc)
            if type_name != audit.EVENT_TYPE:
                wanted[type_name].add(rec)
                continue
            about = self._subject(fields)
            if about is not None:
                wanted[about[0]].add(about[1])
        self._names.learn(wanted)

    def _owner(self, entry: Entry) -> tuple[str, int]:
        """Return the record an entry is about: of a set's element, the one whose set it is."""
        spec = all_specs().get(entry.type)
        if spec is None or not spec.owner:
            return entry.type, entry.rec
        owner, _ = self._links.get(entry.rec, (0, None))
        return spec.owner, owner

    @staticmethod
    def _subject(fields: Mapping[str, Kept]) -> tuple[str, int] | None:
        type_name, text = fields.get("subject_type"), fields.get("subject_id")
        if type_name not in all_specs() or not isinstance(text, str):
            return None
        try:
            return str(type_name), ids.from_text(text)
        except ValueError:
            return None

    def lines(self) -> Iterator[Line]:
        """Yield the lines of the page."""
        numbered = list(enumerate(self._entries))
        for (_, owner), group in itertools.groupby(
            numbered, lambda one: (one[1].unit, self._owner(one[1]))
        ):
            together = list(group)
            if together[0][1].type == audit.EVENT_TYPE:
                yield from (self._access(entry, self._fields[n]) for n, entry in together)
            else:
                yield self._save(owner, together)

    def _access(self, entry: Entry, fields: Mapping[str, Kept]) -> Line:
        about = self._subject(fields)
        kind = str(fields.get("kind") or "")
        who = self._names.by_id("person", entry.person)
        title, label, rec, type_name = "", "", 0, ""
        if about is not None:
            type_name, rec = about
            label, title = all_specs()[type_name].label, self._names.by_id(type_name, rec)
        if kind == "failed sign in":
            # whoever unlocked the home next only brought the note in
            who, title, label = title or "Somebody", "", ""
        at = fields.get("at")
        return Line(
            key=(entry.unit, entry.stamp),
            at=times.from_stored(at if isinstance(at, str) else entry.at),
            who=who,
            pc=self._names.by_id("pc", entry.pc),
            verb=_DECIDED.get(entry.kind) or ACCESSES.get(kind, kind.capitalize()),
            type=type_name,
            rec=rec,
            label=label,
            title=title,
            detail=str(fields.get("detail") or ""),
            changes=(entry.stamp,),
            access=kind,
        )

    def _save(self, owner: tuple[str, int], together: list[tuple[int, Entry]]) -> Line:
        # the stream goes back in time, what one save did goes forward
        _, first = together[-1]
        type_name, rec = owner
        spec = all_specs().get(type_name)
        values: dict[str, tuple[object, object]] = {}
        gone: set[str] = set()
        for number, entry in reversed(together):
            self._take_in(spec, entry, self._fields[number], values, gone)
        main = next((entry for _, entry in reversed(together) if entry.rec == rec), first)
        verb = verb_of(
            first.kind, main.op, is_birth=main.op in BIRTHS and main.rec == rec,
            fields={name: after for name, (_, after) in values.items()},
        )  # fmt: skip
        names = self._names
        return Line(
            key=(together[-1][1].unit, together[-1][1].stamp),
            at=times.from_stored(first.at),
            who=names.by_id("person", first.person),
            pc=names.by_id("pc", first.pc),
            verb=verb,
            type=type_name,
            rec=rec,
            label=spec.label if spec else type_name,
            title=names.by_id(type_name, rec) if spec and spec.cls else "",
            reason=first.reason,
            steps=()
            if spec is None
            else tuple(steps_of(self._store, names, spec, values, gone, erasing=main.op == ERASE)),
            changes=tuple(entry.stamp for _, entry in reversed(together)),
        )

    def _take_in(
        self,
        spec: RecordSpec | None,
        entry: Entry,
        fields: Mapping[str, Kept],
        values: dict[str, tuple[object, object]],
        gone: set[str],
    ) -> None:
        if spec is None:
            return
        erased = self._gone[entry.stamp].names if entry.stamp in self._gone else frozenset()
        if entry.type != spec.name:
            field = spec.by_name[all_specs()[entry.type].owner_field]
            _, kept = self._links.get(entry.rec, (0, None))
            element = revive(field, kept) if isinstance(kept, str | int) else None
            if element is None:
                gone.add(field.name)
                values.setdefault(field.name, ((), ()))
                return
            before, after = values.get(field.name, ((), ()))
            assert isinstance(before, tuple) and isinstance(after, tuple)  # noqa: S101, PT018  # a set
            out = bool(fields.get("archived"))
            values[field.name] = ((*before, element), after) if out else (before, (*after, element))
            return
        over = json.loads(entry.over)
        for name, value in fields.items():
            field_spec = spec.by_name.get(name)
            if name == ERASED or field_spec is None or (spec.name, name) in self._store.hidden:
                continue
            if name in erased:
                gone.add(name)
            old: object = None
            if entry.op not in BIRTHS:
                replaced = max(over[name]) if over.get(name) else entry.rec
                old = revive(field_spec, self._before.get(replaced, {}).get(name))
            if name in values:
                old = values[name][0]
            values[name] = old, revive(field_spec, value)
