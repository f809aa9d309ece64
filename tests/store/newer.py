"""A Liaison of a later day: one record type, one set and one field more, and their migration."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import pytest

from liaison.records import Record, fields
from liaison.records.fields import record
from liaison.records.home import Resident
from liaison.records.kinds import Field, Kind, Note, Ref, Text, Texts
from liaison.store import migrations
from liaison.store.schema import table_sql

from sqlite_utils import Migrations  # isort: skip


def _forget() -> None:
    """Forget what was worked out from the declarations; it is kept in ``functools`` caches."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("liaison.store", "liaison.records")):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@contextmanager
def newer_liaison() -> Iterator[type[Record]]:
    """Be that later Liaison for a while; yields its new record type ``garden``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fields, "_SPECS", dict(fields._SPECS))
        patch.setattr(fields, "_BY_CLASS", dict(fields._BY_CLASS))

        @record("garden", "Garden", "Gardens", title=("name",))
        class Garden(Record):
            name: Annotated[Text, Field("Name", required=True)] = None
            notes: Annotated[Note, Field("Notes")] = None
            gardener: Annotated[Ref, Field("Gardener", of="staff", indexed=True)] = None
            plants: Annotated[Texts, Field("Plants")] = ()

        spec = fields._SPECS["resident"]
        star_sign = dataclasses.replace(spec.by_name["known_as"], name="star_sign", by_name=False)
        assert star_sign.kind is Kind.TEXT
        cls = dataclasses.make_dataclass(
            "Resident",
            [("star_sign", Any, dataclasses.field(default=None))],
            bases=(Resident,), frozen=True, kw_only=True, slots=True,
        )  # fmt: skip
        longer = dataclasses.replace(spec, cls=cls, fields=(*spec.fields, star_sign))
        fields._SPECS["resident"] = longer
        fields._BY_CLASS[cls] = longer
        patch.setattr(migrations, "migrations", _migrations)
        _forget()
        try:
            yield Garden
        finally:
            _forget()


def _migrations() -> Migrations:
    made = Migrations("liaison")
    for migration in _ours()._migrations:
        made(name=migration.name)(migration.fn)

    def learn(db: Any) -> None:
        db.execute(table_sql(fields._SPECS["garden"]))
        db.execute(table_sql(fields._SPECS["garden_plants"]))
        db.execute('ALTER TABLE "resident" ADD COLUMN "star_sign" TEXT')

    made(name="0002_garden")(learn)
    return made


_ours = migrations.migrations
