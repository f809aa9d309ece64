"""Lists in pages: every sort, every condition, and never a row lost or shown twice."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

import pytest

from liaison.records import Kind, Record, all_specs
from liaison.records.casework import Action, Concern, EquipmentLoan, Referral, Visit, VisitEntry
from liaison.records.directory import Contact, Organisation, Service, VocabularyItem
from liaison.records.home import Resident, Staff
from liaison.records.training import Session
from liaison.records.values import keep
from liaison.store import query
from liaison.store.query import Condition, Page, Query, equal, every, page, timeline
from liaison.store.store import Store
from tests.store.conftest import START, FakeClock, Typical, add, change, person_of

SESSION: Final = all_specs()["session"]
DAY: Final = dt.date(2026, 11, 23)


def ids_of(records: list[Record]) -> list[int | None]:
    return [record.id for record in records]


def listed(store: Store, what: Query, limit: int = 7) -> list[int]:
    """Read a list in pages, each of the size asked for but the last."""
    found: list[int] = []
    after: query.Position | None = None
    while True:
        shown: Page = page(store, what, after, limit)
        found += [record.id for record in shown.records if record.id is not None]
        if shown.next is None:
            assert len(shown.records) <= limit
            return found
        assert len(shown.records) == limit
        assert shown.next != after, "the pages go round in a circle"
        assert len(set(found)) == len(found)
        after = shown.next


@pytest.fixture
def sessions(store: Store) -> list[Session]:
    """Sessions of which every field is empty now and then and has many ties."""
    chance = random.Random(11)

    def some(*values: Any) -> Any:
        return chance.choice((None, *values))

    with store.unit(person_of(store)) as unit:
        for number in range(120):
            unit.add(
                Session(
                    course=some(1, 2),
                    at=some(*(START + dt.timedelta(hours=n) for n in range(6))),
                    status=some("planned", "happened"),
                    teacher_contact=some(5),
                    on_site=some(True, False),
                    place=some(
                        "Ŵyn", "ann", "ANN", "Zoë", "ZOO", "zoo", "", "Łódź", "x" * 50, "10", "9"
                    ),
                    length=some(0, 5, 30, 90),
                    cost=some(Decimal(0), Decimal("12.50"), Decimal("9.99")),
                    archived=True if number % 10 == 0 else None,
                    merged_into=7 if number % 15 == 0 else None,
                )
            )
    found = [r for r in every(store, Query("session", archived=True)) if isinstance(r, Session)]
    assert len(found) == 120
    return found


def compared(name: str, value: object) -> str | int | None:
    """Return what a value is compared by: lines of text in any case of A to Z."""
    kept = keep(SESSION.by_name[name], value)
    if SESSION.by_name[name].kind is Kind.TEXT and isinstance(kept, str):
        return "".join(letter.lower() if letter.isascii() else letter for letter in kept)
    return kept


def plainly_sorted(records: list[Session], order_by: str, *, newest_first: bool) -> list[int]:
    """Sort in Python what the database is asked to sort: empty values are the smallest."""

    def place(record: Session) -> tuple[Any, ...]:
        identity = record.id or 0
        if not order_by:
            return (identity,)
        kept = compared(order_by, getattr(record, order_by))
        return (kept is not None, kept if kept is not None else 0, identity)

    return [r.id or 0 for r in sorted(records, key=place, reverse=newest_first)]


# ---- pages and sorting


def test_pages_are_the_plainly_sorted_list(store: Store, sessions: list[Session]) -> None:
    ways = itertools.product(
        ("", *(field.name for field in SESSION.columns)), (True, False), (True, False)
    )
    for order_by, newest_first, archived in ways:
        what = Query("session", order_by=order_by, newest_first=newest_first, archived=archived)
        wanted = plainly_sorted(
            [s for s in sessions if archived or s.lives], order_by, newest_first=newest_first
        )
        for limit in (1, 7, 120, 1000):
            assert listed(store, what, limit) == wanted, (what, limit)


def test_every_random_condition_and_sort_equals_a_plain_filter(
    store: Store, sessions: list[Session]
) -> None:
    chance = random.Random(5)
    fields = [f for f in SESSION.columns if f.kind is not Kind.REF]
    compare = {
        "=": lambda a, b: a == b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    for _ in range(200):
        conditions = []
        for field in chance.sample(fields, chance.randrange(1, 3)):
            value = getattr(chance.choice(sessions), field.name)
            how = "=" if value is None else chance.choice(list(compare))
            conditions.append(Condition(field.name, value, how))
        order_by = chance.choice(["", *(f.name for f in SESSION.columns)])
        newest_first = chance.random() < 0.5

        def fits(record: Session, conditions: list[Condition] = conditions) -> bool:
            for condition in conditions:
                mine = compared(condition.field, getattr(record, condition.field))
                asked = compared(condition.field, condition.value)
                if asked is None or mine is None:
                    if mine is not asked:
                        return False
                elif not compare[condition.comparison](mine, asked):
                    return False
            return record.lives

        what = Query("session", tuple(conditions), order_by=order_by, newest_first=newest_first)
        wanted = plainly_sorted(list(filter(fits, sessions)), order_by, newest_first=newest_first)
        assert listed(store, what, chance.choice((1, 3, 50))) == wanted, what


def test_what_is_written_while_somebody_pages_shifts_nothing(
    store: Store, sessions: list[Session]
) -> None:
    """Pages are kept by key: a new row at the top neither repeats nor hides a later one."""
    what = Query("session", order_by="at")
    before = listed(store, what)
    seen: list[int | None] = []
    after: query.Position | None = None
    for _ in range(4):
        shown = page(store, what, after, 10)
        seen += ids_of(shown.records)
        after = shown.next
        add(store, Session(course=1, at=START + dt.timedelta(days=1)))
    assert seen == before[:40]


def test_an_empty_list_is_one_empty_page(store: Store) -> None:
    for order_by in ("", "at"):
        assert page(store, Query("visit", order_by=order_by)) == Page([], None)
    assert list(every(store, Query("visit"))) == []


def test_a_list_that_just_fills_a_page_has_no_next(store: Store, sessions: list[Session]) -> None:
    live = sum(s.lives for s in sessions)
    for order_by in ("", "at", "cost"):
        shown = page(store, Query("session", order_by=order_by), limit=live)
        assert len(shown.records) == live
        assert shown.next is None
        assert page(store, Query("session", order_by=order_by), limit=live - 1).next is not None


def test_by_id_is_the_order_of_writing(store: Store, clock: FakeClock) -> None:
    recs = []
    for number in range(5):
        clock.advance(minutes=1)
        recs.append(add(store, Service(name=str(9 - number))))
    assert listed(store, Query("service")) == recs[::-1]
    assert listed(store, Query("service", newest_first=False)) == recs


def test_names_are_sorted_and_asked_for_in_any_case(store: Store) -> None:
    with store.unit(person_of(store)) as unit:
        recs = [unit.add(Contact(name=name)) for name in ("de Souza", "Abbot", "Zimmer", "ABBOT")]
    by_name = Query("contact", order_by="name", newest_first=False)
    assert listed(store, by_name, 1) == [recs[1], recs[3], recs[0], recs[2]]
    assert listed(store, Query("contact", equal({"name": "abbot"}))) == [recs[3], recs[1]]


def test_every_yields_whole_records_with_their_sets(store: Store, typical: Typical) -> None:
    (found,) = every(store, Query("organisation"), chunk=1)
    assert isinstance(found, Organisation)
    assert found.offers == (typical.service,)
    assert found.former_names == ("Old Surgery",)
    assert found == store.get("organisation", typical.surgery)


# ---- conditions


def test_what_cannot_be_asked_is_a_bug_of_ours(store: Store) -> None:
    with pytest.raises(ValueError, match="not a comparison"):
        page(store, Query("visit", (Condition("at", None, "; DROP TABLE visit"),)))
    with pytest.raises(KeyError):
        page(store, Query("visit", (Condition("nothing", 1),)))
    with pytest.raises(KeyError):
        page(store, Query("visit", order_by="nothing"))
    with pytest.raises(KeyError):
        page(store, Query("nothing"))


def test_values_are_bound_and_never_part_of_the_question(store: Store) -> None:
    odd = "x' OR 1=1 --"
    rec = add(store, Service(name=odd))
    add(store, Service(name="x"))
    assert listed(store, Query("service", equal({"name": odd}))) == [rec]


def test_archived_and_merged_are_shown_only_when_asked(store: Store) -> None:
    live = add(store, Service(name="live"))
    gone = add(store, Service(name="gone"))
    merged = add(store, Service(name="merged"))
    change(store, "service", gone, archived=True)
    change(store, "service", merged, merged_into=live)
    assert listed(store, Query("service")) == [live]
    assert listed(store, Query("service", newest_first=False, archived=True)) == [
        live,
        gone,
        merged,
    ]
    change(store, "service", gone, archived=False)
    assert listed(store, Query("service")) == [gone, live]


def test_sets_are_asked_element_by_element(store: Store, typical: Typical) -> None:
    other = add(store, Service(name="Podiatry"))
    plain = add(store, Organisation(name="Plain", kind="other"))
    both = add(store, Organisation(name="B", kind="other", offers=(typical.service, other)))

    def offering(*services: int | None) -> list[int]:
        where = tuple(Condition("offers", service) for service in services)
        return listed(store, Query("organisation", where, newest_first=False))

    assert offering(typical.service) == [typical.surgery, both]
    assert offering(other) == [both]
    assert offering(typical.service, other) == [both]
    assert offering(999) == []
    # nothing stands for an empty set, as for an empty field
    assert offering(None) == [plain]
    change(store, "organisation", both, offers=(other,))
    assert offering(typical.service) == [typical.surgery]
    change(store, "organisation", both, offers=())
    assert offering(None) == [plain, both]
    change(store, "organisation", both, offers=(other,))
    assert offering(other) == [both]


def test_sets_of_words_and_choices(store: Store) -> None:
    falls = add(store, Staff(name="x", job_role="nurse", lead_roles=("falls", "dignity")))
    add(store, Staff(name="y", job_role="nurse", lead_roles=("dignity",)))
    assert listed(store, Query("staff", equal({"lead_roles": "falls"}))) == [falls]
    old = add(store, Organisation(name="x", kind="other", former_names=("O'Old", "b")))
    assert listed(store, Query("organisation", equal({"former_names": "O'Old"}))) == [old]


def test_a_reference_means_its_duplicates_too(store: Store, typical: Typical) -> None:
    """References are never rewritten when two records are merged: reading follows."""
    mary = typical.mary
    with store.unit(person_of(store)) as unit:
        twin = unit.add(Resident(name="Mary Jones"))
        triplet = unit.add(Resident(name="M Jones"))
        first = unit.add(Action(what="a", resident=mary))
        second = unit.add(Action(what="b", resident=twin))
        third = unit.add(Action(what="c", resident=triplet))
        unit.add(Action(what="d", resident=typical.john))
    about_mary = Query("action", (Condition("resident", mary),), newest_first=False)
    assert listed(store, about_mary) == [first]
    change(store, "resident", twin, merged_into=mary)
    assert listed(store, about_mary) == [first, second]
    change(store, "resident", triplet, merged_into=twin)
    assert listed(store, about_mary, limit=1) == [first, second, third]
    # a duplicate alone is itself and what was merged into it
    assert listed(store, Query("action", (Condition("resident", twin),))) == [third, second]
    # undone
    change(store, "resident", twin, merged_into=None)
    assert listed(store, about_mary) == [first]
    # two PCs merged them into each other: still an end
    change(store, "resident", twin, merged_into=mary)
    change(store, "resident", mary, merged_into=triplet)
    assert listed(store, about_mary) == [first, second, third]


def test_a_duplicate_in_a_set_counts_too(store: Store, typical: Typical) -> None:
    twin = add(store, Service(name="District nurses"))
    rec = add(store, Contact(name="x", ask_about=(twin,)))
    change(store, "service", twin, merged_into=typical.service)
    found = listed(store, Query("contact", equal({"ask_about": typical.service})))
    assert found == [rec]


def test_the_managers_words_are_known_as_soon_as_they_are_saved(store: Store) -> None:
    team = all_specs()["staff"].by_name["team"]
    assert not store.vocabularies.knows(team, "bank staff")
    # never retired: the flag is empty in the database, not "no"
    rec = add(store, VocabularyItem(vocabulary="team", value="bank staff", label="Bank staff"))
    add(store, VocabularyItem(vocabulary="team", value="office", label="Office", retired=True))
    assert store.vocabularies.match(team, "BANK STAFF") == "bank staff"
    assert [item.value for item in store.vocabularies.items(team)][-2:] == ["bank staff", "office"]
    change(store, "vocabulary_item", rec, archived=True)
    # the records that use it can still be saved; it is offered to no others
    assert store.vocabularies.knows(team, "bank staff")
    assert {item.value for item in store.vocabularies.items(team) if item.retired} == {
        "bank staff",
        "office",
    }


# ---- timeline


def moments(store: Store, resident: int, limit: int = 3) -> list[tuple[str, str, int | None]]:
    found: list[tuple[str, str, int | None]] = []
    after: tuple[str, int] | None = None
    while True:
        items, after = timeline(store, resident, after, limit)
        assert len(items) <= limit
        found += [(moment, type(record).__name__, record.id) for moment, record in items]
        assert len(set(found)) == len(found), "the pages go round in a circle"
        if after is None:
            return found


def test_a_timeline_is_newest_first_over_all_types(store: Store, typical: Typical) -> None:
    mary = typical.mary
    hour = dt.timedelta(hours=1)
    with store.unit(person_of(store)) as unit:
        concern = unit.add(Concern(resident=mary, raised_at=START - hour))
        referral = unit.add(Referral(resident=mary, sent=DAY))
        loan = unit.add(EquipmentLoan(resident=mary, requested_on=DAY + dt.timedelta(1)))
        unit.add(Concern(resident=typical.john, raised_at=START))
    wanted = [
        ("2026-11-24", "EquipmentLoan", loan),
        ("2026-11-23T09:00:00Z+00:00", "VisitEntry", typical.entry),
        ("2026-11-23T08:00:00Z+00:00", "Concern", concern),
        ("2026-11-23", "Referral", referral),
    ]
    for limit in (1, 2, 3, 4, 50):
        assert moments(store, mary, limit) == wanted
    assert moments(store, 999) == []


def test_a_timeline_counts_the_duplicates_records(store: Store, typical: Typical) -> None:
    chance = random.Random(2)
    with store.unit(person_of(store)) as unit:
        twin = unit.add(Resident(name="Mary Jones"))
        hers = [
            unit.add(
                Concern(
                    resident=chance.choice((typical.mary, twin)),
                    raised_at=START + dt.timedelta(hours=chance.randrange(5)),
                )
            )
            for _ in range(40)
        ]
    assert len(moments(store, typical.mary)) < 41
    change(store, "resident", twin, merged_into=typical.mary)
    for limit in (1, 6, 100):
        found = moments(store, typical.mary, limit)
        assert found == sorted(found, key=lambda row: (row[0], row[2]), reverse=True)
        assert {rec for _, _, rec in found} == {*hers, typical.entry}
        assert len(found) == 41


# ---- speed: by index, at any depth


@contextmanager
def asked(store: Store) -> Iterator[list[str]]:
    statements: list[str] = []
    store.connection.set_trace_callback(statements.append)
    yield statements
    store.connection.set_trace_callback(None)


def plans(store: Store, statements: list[str], table: str) -> list[str]:
    return [
        " | ".join(
            row[3] for row in store.connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        )
        for sql in statements
        if f"FROM {table}" in sql or f'FROM "{table}"' in sql
    ]


@pytest.fixture
def many(store: Store, typical: Typical) -> Store:
    with store.unit(person_of(store)) as unit:
        for number in range(300):
            visit = unit.add(Visit(at=START + dt.timedelta(hours=number), kind="visit"))
            unit.add(VisitEntry(visit=visit, resident=typical.mary, found="x"))
    store.connection.execute("ANALYZE")
    return store


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_page_of_visits_walks_along_its_index(many: Store, *, newest_first: bool) -> None:
    what = Query("visit", order_by="at", newest_first=newest_first)
    with asked(many) as statements:
        first = page(many, what, limit=20)
        second = page(many, what, first.next, limit=20)
    assert len(second.records) == 20
    used = plans(many, statements, "visit")
    assert len(used) >= 2
    for plan in used:
        assert "USING INDEX by_visit_at" in plan
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan
    assert not any("OFFSET" in sql for sql in statements)


def test_a_page_by_id_walks_along_the_table(many: Store) -> None:
    with asked(many) as statements:
        page(many, Query("visit"), (None, 2**62), limit=20)
    (plan,) = plans(many, statements, "visit")
    assert "USING INTEGER PRIMARY KEY" in plan
    assert "TEMP B-TREE" not in plan


def test_a_page_of_one_residents_notes_is_by_index(many: Store, typical: Typical) -> None:
    with asked(many) as statements:
        page(many, Query("visit_entry", equal({"resident": typical.john})), limit=20)
    (plan,) = plans(many, statements, "visit_entry")
    assert "USING INDEX by_visit_entry_resident" in plan


def test_a_page_of_the_timeline_walks_along_its_key(many: Store, typical: Typical) -> None:
    with asked(many) as statements:
        _, after = timeline(many, typical.mary, None, 20)
        items, _ = timeline(many, typical.mary, after, 20)
    assert len(items) == 20
    used = plans(many, statements, "timeline")
    assert len(used) == 2
    assert "resident=? AND (at,rec)<(?,?)" in used[1].replace(" ", "").replace("AND", " AND ")
    for plan in used:
        assert "SEARCH timeline USING PRIMARY KEY" in plan
        assert "TEMP B-TREE" not in plan
    # the records of a page are fetched by id
    for plan in plans(many, statements, "visit_entry"):
        assert "SCAN visit_entry" not in plan


@pytest.mark.parametrize(
    ("comparison", "expected"), [("<", 0), ("<=", 2), ("=", 2), (">=", 3), (">", 1)]
)
def test_times_are_compared_as_instants_whatever_the_clock_there_showed(
    store: Store, comparison: str, expected: int
) -> None:
    summer, winter = dt.timezone(dt.timedelta(hours=1)), dt.UTC
    in_summer_time = dt.datetime(2026, 10, 25, 1, 30, tzinfo=summer)
    moments = (in_summer_time, in_summer_time.astimezone(winter), in_summer_time + dt.timedelta(1))
    for moment in moments:
        add(store, Visit(at=moment, kind="visit"))
    for same in moments[:2]:
        found = page(store, Query("visit", (Condition("at", same, comparison),))).records
        assert len(found) == expected


def test_the_words_of_a_set_are_found_in_any_case(store: Store) -> None:
    rec = add(store, Organisation(name="New", kind="other", former_names=("Old Surgery",)))
    found = page(store, Query("organisation", equal({"former_names": "old surgery"}))).records
    assert ids_of(found) == [rec]


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("order_by", ["", "at", "place", "cost", "on_site"])
def test_the_ids_alone_come_in_the_order_of_the_pages(
    store: Store, sessions: list[Session], order_by: str, *, newest_first: bool
) -> None:
    what = Query("session", order_by=order_by, newest_first=newest_first)
    found: list[int] = []
    after: query.Position | None = None
    while True:
        stretch, after = query.identities(store, what, after, 7)
        found += stretch
        if after is None:
            break
        assert len(stretch) == 7
    assert found == listed(store, what)


def test_any_of_several_values_is_one_condition(store: Store, sessions: list[Session]) -> None:
    def found(field: str, *values: Any) -> list[int | None]:
        return ids_of(
            page(store, Query("session", (Condition(field, values, "in"),)), limit=200).records
        )

    def expected(field: str, *values: Any) -> list[int | None]:
        newest_first = sorted(sessions, key=lambda session: -(session.id or 0))
        return ids_of([r for r in newest_first if r.lives and getattr(r, field) in values])

    assert found("length", 5, 30) == expected("length", 5, 30)
    assert found("cost", Decimal("12.50")) == expected("cost", Decimal("12.50"))
    assert found("course", 1, 2) == expected("course", 1, 2)
    # one-line texts in any case, here too
    assert found("place", "ann", "zoo") == expected("place", "ann", "ANN", "zoo", "ZOO")
    assert found("length") == []
    with pytest.raises(ValueError, match="is not a comparison"):
        page(store, Query("course", (Condition("satisfies", (1,), "in"),)))


def test_any_of_several_references_means_their_duplicates_too(store: Store) -> None:
    kept = add(store, Resident(name="Mary Jones"))
    twin = add(store, Resident(name="Mary Jones"))
    other = add(store, Resident(name="Tom Hill"))
    change(store, "resident", twin, merged_into=kept)
    visit = add(store, Visit(at=START, kind="visit"))
    notes = [add(store, VisitEntry(visit=visit, resident=who)) for who in (kept, twin, other)]
    asked = Query("visit_entry", (Condition("resident", (kept,), "in"),), newest_first=False)
    assert ids_of(page(store, asked).records) == notes[:2]
