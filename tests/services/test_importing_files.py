"""Lists from workbooks and cards, where people work, who is alike, and lists of 100,000 rows."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from liaison.exchange.csv_reading import read_csv
from liaison.exchange.reading import read_list
from liaison.records import all_specs
from liaison.records.directory import Contact, Organisation, Post, Service
from liaison.records.home import Resident, Staff
from liaison.records.training import Course
from liaison.security import NotAllowed
from liaison.security.roles import Action
from liaison.services import editing, importing
from liaison.services.exporting import export
from liaison.services.homes import OpenHome
from liaison.services.importing import Plan, Same, Wishes, likeness, matching
from liaison.services.importing.likeness import Likeness, Traits
from liaison.services.importing.telling import CHECKING, MATCHING, READING, WRITING
from liaison.store.history import batch_changes
from liaison.store.verify import verify
from tests.exchange.workbooks import workbook
from tests.services.conftest import add, got, written
from tests.services.lists import all_of, counts, look, take

CARDS = b"""BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=Windows-1252:Patel;Ren\xe9e;;Dr\r
ORG:Priory Surgery\r
TITLE:GP\r
TEL;WORK:01823 259444\r
TEL;CELL:07700 900123\r
END:VCARD\r
BEGIN:VCARD\r
TEL:01823 1\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:3.0\r
FN:Ann Lee\r
ORG:Priory Surgery\r
TITLE:Head of spells\r
EMAIL:ann@example.org\r
END:VCARD\r
"""


def preview(home: OpenHome, type_name: str, file: io.BytesIO, **wishes: Any) -> Plan:
    sheet = read_list(file, organisations=type_name == "organisation")
    return importing.preview(home, type_name, sheet, Wishes(**wishes))


def bring(
    home: OpenHome, folder: Path, type_name: str, file: io.BytesIO, **wishes: Any
) -> importing.Outcome:
    plan = preview(home, type_name, file, **wishes)
    return importing.carry_out(home, plan, beside=folder / "list.csv")


def posts_of(home: OpenHome) -> list[tuple[str, str, str]]:
    """Return every post as the names of who, what and where."""
    found = []
    for post in all_of(home, "post"):
        who = home.store.follow("contact", post.contact)
        where = home.store.follow("organisation", post.organisation or 0)
        assert isinstance(who, Contact)
        place = where.name if isinstance(where, Organisation) else None
        found.append((who.name or "", post.role, place or ""))
    return found


# ---- workbooks


def test_a_messy_workbook_comes_in(home: OpenHome, tmp_path: Path) -> None:
    add(home, Organisation(name="Priory Surgery", kind="GP practice", ods_code="L81001"))
    rows: list[list[object]] = [
        ["Our contacts, spring 2026"],
        [],
        ["Surgery", "Contact name", "Job title", "Tel no", "Checked", "Last checked"],
        ["Priory Surgery", "Ann Lee", "GP", 1823259444, None, dt.date(2026, 3, 1)],
        [None, "Bob Hill", "practice nurse", "01823 259445", None, "02/03/2026"],
        [],
        ["l81001", "Cy Day", "pharmacist", 1.823259446e9, None, "#N/A"],
    ]
    file = workbook(rows, lambda _, sheet: sheet.merge_cells("A4:A5"))
    done = bring(home, tmp_path, "contact", file)
    assert counts(done.plan) == (3, 0, 0, 0)
    assert "headings are in row 3" in done.plan.remarks[0]
    ann, bob, cy = all_of(home, "contact")
    assert (ann.phone, ann.last_checked) == ("01823259444", dt.date(2026, 3, 1))
    assert (bob.phone, bob.last_checked) == ("01823 259445", dt.date(2026, 3, 2))
    assert (cy.phone, cy.last_checked) == ("01823259446", None)
    assert posts_of(home) == [
        ("Ann Lee", "GP", "Priory Surgery"),
        ("Bob Hill", "practice nurse", "Priory Surgery"),
        ("Cy Day", "pharmacist", "Priory Surgery"),
    ]
    said = {note.row: note.text for note in done.plan.notes}
    assert "leading 0" in said[4]
    assert any("one cell over several rows" in note.text for note in done.plan.notes)
    before = written(home)
    file.seek(0)
    again = bring(home, tmp_path, "contact", file)
    assert counts(again.plan) == (0, 0, 3, 0)
    assert written(home) == before
    assert done.batch is not None
    assert verify(home.store, deep=True).damage == []


def test_a_workbook_s_text_that_looks_like_a_formula_is_kept_as_it_is(
    home: OpenHome, tmp_path: Path
) -> None:
    file = workbook([["Name", "Best time"], ["+Ann", "'=x"]])
    bring(home, tmp_path, "contact", file)
    (ann,) = all_of(home, "contact")
    assert (ann.name, ann.best_time) == ("+Ann", "'=x")


def test_rejected_rows_of_a_workbook_are_kept_as_a_list_to_correct(
    home: OpenHome, tmp_path: Path
) -> None:
    done = bring(home, tmp_path, "staff", workbook([["Name", "Role"], ["+Jo", "juggler"]]))
    assert done.rejects is not None
    text = done.rejects.read_text(encoding="utf-8-sig")
    assert "'+Jo,juggler," in text
    done.rejects.write_text(text.replace("juggler", "cook"), encoding="utf-8-sig")
    with done.rejects.open("rb") as file:
        plan = importing.preview(home, "staff", read_csv(file))
    assert [birth.record.name for birth in plan.births] == ["+Jo"]  # type: ignore[attr-defined]  # a member of staff


# ---- cards


def test_cards_come_in_and_one_bad_card_loses_only_itself(home: OpenHome, tmp_path: Path) -> None:
    add(home, Organisation(name="Priory Surgery", kind="GP practice"))
    done = bring(home, tmp_path, "contact", io.BytesIO(CARDS))
    assert counts(done.plan) == (2, 0, 0, 1)
    (rejected,) = done.plan.rejected
    assert rejected.row == 2
    assert "no name" in rejected.problems[0]
    patel, ann = all_of(home, "contact")
    assert (patel.name, patel.phone, patel.mobile) == (
        "Dr Ren\u00e9e Patel", "01823 259444", "07700 900123",
    )  # fmt: skip
    assert ann.email == "ann@example.org"
    assert posts_of(home) == [
        ("Dr Ren\u00e9e Patel", "GP", "Priory Surgery"),
        ("Ann Lee", "other", "Priory Surgery"),
    ]
    assert any("'Head of spells' is not in the list of roles" in n.text for n in done.plan.notes)
    again = preview(home, "contact", io.BytesIO(CARDS))
    assert counts(again) == (0, 0, 2, 1)
    assert not again.writes


def test_cards_go_out_and_in_again_with_every_field(home: OpenHome, tmp_path: Path) -> None:
    wound = add(home, Service(name="Wound care; legs"))
    place = add(
        home,
        Organisation(
            name="Priory, Frome", kind="GP practice", ods_code="L81001",
            address="1 Mill Lane\nFrome", postcode="BA11 1AB", phone="01373 301301",
            phone_out_of_hours="111", email="p@example.org", website="https://example.org",
            opening_hours="8 to 6; not Wed", offers=(wound,), criteria="65+\nlives here",
            how_to_refer="ring", typical_wait_days=12, status="closed",
            former_names=("Old; one", "Older"), last_checked=dt.date(2026, 3, 1),
            private_notes="slow",
        ),
    )  # fmt: skip
    deputy = add(home, Contact(name="Bob Hill"))
    contact = add(
        home,
        Contact(
            name="Dr S\u00e9amus O'Neil", phone="+44 1823 259444", mobile="07700 900123",
            email="s@example.org", ask_about=(wound,), best_time="=mornings", cover="both",
            deputy=deputy, named_link=True, last_checked=dt.date(2026, 3, 2),
            private_notes="long\n" * 60 + "end",
        ),
    )  # fmt: skip
    add(home, Post(contact=contact, role="GP", organisation=place))
    add(home, Post(contact=contact, role="trainer"))
    file = tmp_path / "directory.vcf"
    export(home, "directory", file)
    data = file.read_bytes()
    for type_name in ("contact", "organisation"):
        plan = preview(home, type_name, io.BytesIO(data))
        assert not plan.writes
        assert not plan.rejected
        assert plan.unchanged == len(all_of(home, type_name))
    before = {name: all_of(home, name) for name in ("organisation", "contact")}
    held = posts_of(home)
    # as another home sees it: nothing of it is there, the place comes first
    for name in ("post", "contact", "organisation"):
        for record in all_of(home, name):
            editing.archive(home, record, "gone")
    for name in ("organisation", "contact"):
        done = bring(home, tmp_path, name, io.BytesIO(data))
        assert counts(done.plan)[1:] == (0, 0, 0)
        for old, new in zip(before[name], all_of(home, name), strict=True):
            for field in importing.exchanged(all_specs()[name]):
                if field.name != "deputy":
                    assert getattr(new, field.name) == getattr(old, field.name), field.name
    assert posts_of(home) == held
    names = {record.id: record.name for record in all_of(home, "contact")}
    assert [names.get(record.deputy) for record in all_of(home, "contact")] == [None, "Bob Hill"]


# ---- where people work


def test_organisations_are_made_when_that_is_asked_for(home: OpenHome, tmp_path: Path) -> None:
    text = "Name,Organisation,Role\nAnn,Moor House,GP\nBob,moor  house,trainer\nCy,Moor House,\n"
    plan = look(home, "contact", text)
    assert len(plan.births) == 3
    assert not plan.posts.places
    assert [post.role for post in plan.posts.births] == ["GP", "trainer"]
    assert "There is no organisation 'Moor House'." in plan.notes[0].text
    done = take(home, tmp_path, "contact", text, new_organisations="Care home")
    (place,) = all_of(home, "organisation")
    assert (place.name, place.kind) == ("Moor House", "care home")
    assert posts_of(home) == [
        ("Ann", "GP", "Moor House"), ("Bob", "trainer", "Moor House"), ("Cy", "other", "Moor House"),
    ]  # fmt: skip
    again = look(home, "contact", text, new_organisations="Care home")
    assert counts(again) == (0, 0, 3, 0)
    assert not again.writes
    assert done.batch is not None
    editing.undo(home, batch_changes(home.store, done.batch))
    assert [all_of(home, name) for name in ("contact", "post", "organisation")] == [[], [], []]


def test_a_kind_of_organisation_that_there_is_not_is_told(home: OpenHome) -> None:
    with pytest.raises(editing.Unfit, match="circus"):
        look(home, "contact", "Name\nAnn\n", new_organisations="circus")


def test_a_new_post_of_somebody_known_is_an_update(home: OpenHome, tmp_path: Path) -> None:
    ann = add(home, Contact(name="Ann Lee"))
    add(home, Organisation(name="Priory", kind="other"))
    add(home, Post(contact=ann, role="GP"))
    plan = look(home, "contact", "Name,Role,Organisation\nAnn Lee,GP,Priory\n")
    assert counts(plan) == (0, 1, 0, 0)
    take(home, tmp_path, "contact", "Name,Role,Organisation\nAnn Lee,GP,Priory\n")
    assert posts_of(home) == [("Ann Lee", "GP", ""), ("Ann Lee", "GP", "Priory")]


def test_a_list_of_contacts_goes_out_and_in_with_their_posts(
    home: OpenHome, tmp_path: Path
) -> None:
    ann = add(home, Contact(name="Ann Lee"))
    places = [add(home, Organisation(name=name, kind="other")) for name in ("A; B", "C")]
    for place, role in zip(places, ("GP", "trainer"), strict=True):
        add(home, Post(contact=ann, role=role, organisation=place))
    for ending in ("csv", "xlsx"):
        done = export(home, "contact", tmp_path / f"out.{ending}")
        with done.file.open("rb") as file:
            plan = importing.preview(home, "contact", read_list(file))
        assert counts(plan) == (0, 0, 1, 0)
        assert not plan.writes
        assert {field.name for field in plan.columns.used} >= {"role", "organisation"}


# ---- duplicates


def test_a_list_comes_in_again_after_duplicates_in_it_were_merged(
    home: OpenHome, tmp_path: Path
) -> None:
    staff = "Name,Role,Worker reference,Manager\nJo Bell,nurse,W1,\nJoanna Bell,nurse,W2,Jo Bell\n"
    records = "Staff,Course,Completed\nJoanna Bell,Fire safety,01/02/2026\n"
    add(home, Course(name="Fire safety"))
    take(home, tmp_path, "staff", staff)
    take(home, tmp_path, "training_record", records)
    jo, joanna = all_of(home, "staff")
    editing.merge(home, joanna, jo)
    for type_name, text, rows in (("staff", staff, 2), ("training_record", records, 1)):
        plan = look(home, type_name, text)
        assert counts(plan) == (0, 0, rows, 0)
        assert not plan.writes


def test_a_name_of_two_that_were_merged_into_different_ones_is_asked_about(
    home: OpenHome,
) -> None:
    twins = [add(home, Staff(name="Jo", job_role="nurse")) for _ in range(2)]
    others = [add(home, Staff(name=name, job_role="nurse")) for name in ("Ann", "Bob")]
    for twin, other in zip(twins, others, strict=True):
        editing.merge(home, got(home, Staff, twin), got(home, Staff, other))
    (rejected,) = look(home, "staff", "Name,Role,Manager\nCy,nurse,Jo\n").rejected
    assert "no member of staff 'Jo'" in rejected.problems[0]


def test_who_is_alike_is_suggested_with_what_there_is_to_choose_from(home: OpenHome) -> None:
    sarah = add(
        home, Contact(name="Sarah Patel", phone="01823 259444", email="s.patel@example.org")
    )
    text = "Name,Phone,E-mail\nDr S. Patel,01823259444,\nSarah Pattel,,\nSP,,S.Patel@example.org\n"
    plan = look(home, "contact", text)
    assert counts(plan) == (3, 0, 0, 0)
    to_record = [one for one in plan.suggestions if one.record == sarah]
    assert [one.row for one in to_record] == [2, 3, 4]
    assert "the same phone number" in to_record[0].reasons
    assert "a name that is spelled nearly alike" in to_record[1].reasons
    assert "the same e-mail address" in to_record[2].reasons
    assert to_record[0].given["name"] == "Dr S. Patel"


def test_rows_that_are_alike_are_suggested_too(home: OpenHome) -> None:
    plan = look(home, "contact", "Name,Phone\nAnn Lee,07700 900123\nA Lee-Day,07700900123\n")
    (one,) = plan.suggestions
    assert (one.row, one.record, one.other_row) == (3, None, 2)


def test_cards_are_called_cards(home: OpenHome) -> None:
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Dr Ann Lee\nTEL:01823 259444\nEND:VCARD\n"
    plan = preview(home, "contact", io.BytesIO(card + card.replace(b"Dr Ann", b"Anne")))
    (suggestion,) = plan.suggestions
    assert (plan.entry, suggestion.entry) == ("card", "card")
    assert any("the same as card 1 of the file" in note.text for note in plan.notes)


def test_a_row_that_somebody_said_is_a_record_changes_what_they_chose(
    home: OpenHome, tmp_path: Path
) -> None:
    sarah = add(home, Contact(name="Sarah Patel", phone="01823 259444", best_time="mornings"))
    text = "Name,Phone,E-mail,Best time\nDr S. Patel,01823259444,s@example.org,afternoons\n"
    same = (Same(2, record=sarah, take=frozenset({"email"})),)
    done = take(home, tmp_path, "contact", text, same=same)
    assert counts(done.plan) == (0, 1, 0, 0)
    now = got(home, Contact, sarah)
    assert (now.name, now.email, now.best_time) == ("Sarah Patel", "s@example.org", "mornings")
    text = "Name,E-mail\nAnn,\nAnnie,annie@example.org\n"
    done = take(home, tmp_path, "contact", text, same=(Same(3, other_row=2),))
    assert counts(done.plan) == (1, 1, 0, 0)
    assert [one.name for one in all_of(home, "contact")] == ["Sarah Patel", "Annie"]


def test_a_row_said_to_be_a_record_that_is_gone_is_rejected(home: OpenHome) -> None:
    gone = add(home, Contact(name="Ann"))
    editing.archive(home, got(home, Contact, gone), "left")
    plan = look(home, "contact", "Name\nAnnie\n", same=(Same(2, record=gone),))
    assert "not here any more" in plan.rejected[0].problems[0]


# ---- long lists, stopped


class Stopped(Exception):
    """Raised by whoever does not want to wait any longer."""


@pytest.mark.parametrize("when", [READING, MATCHING, CHECKING, WRITING])
def test_an_import_that_is_stopped_brings_nothing_in(
    home: OpenHome, tmp_path: Path, when: str
) -> None:
    text = "Name,Room\n" + "".join(f"Person {number},{number}\n" for number in range(600))
    told: list[tuple[int, int, str]] = []

    def tell(done: int, total: int, what: str) -> None:
        told.append((done, total, what))
        if what == when and done >= 400:
            raise Stopped

    before = written(home)
    with pytest.raises(Stopped):
        importing.take_in(
            home, "resident", lambda: read_csv(io.BytesIO(text.encode())), Wishes(),
            beside=tmp_path / "list.csv", tell=tell,
        )  # fmt: skip
    assert told[-1] == (400, 0 if when == READING else 600, when)
    assert written(home) == before
    assert all_of(home, "resident") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]


def test_a_row_is_compared_with_few_however_many_are_alike(
    home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    real = likeness.likeness

    def counting(one: Traits, other: Traits) -> Likeness:
        compared.append(1)
        return real(one, other)

    monkeypatch.setattr(matching, "likeness", counting)
    for rows in (200, 400):
        compared.clear()
        look(home, "contact", "Name,Phone\n" + "".join(
            f"John Smith {number},01823 259444\n" for number in range(rows)
        ))  # fmt: skip
        assert 0 < len(compared) <= rows * 40


def test_only_who_may_bring_lists_in_does(home: OpenHome, monkeypatch: pytest.MonkeyPatch) -> None:
    def require(action: Action, **_: str) -> None:
        raise NotAllowed(action.value)

    monkeypatch.setattr(home, "require", require)
    with pytest.raises(NotAllowed, match="bring lists in"):
        look(home, "resident", "Name\nAnn\n")
    with pytest.raises(NotAllowed, match="write lists out"):
        export(home, "contact", home.folder.parent / "out.csv")


def test_residents_with_another_date_of_birth_are_not_alike(home: OpenHome) -> None:
    add(home, Resident(name="Mary Jones", date_of_birth=dt.date(1931, 2, 3)))
    plan = look(home, "resident", "Name,Date of birth\nMary Jonnes,04/05/1940\n")
    assert not plan.suggestions
    plan = look(home, "resident", "Name,Date of birth\nMary Jonnes,03/02/1931\n")
    assert len(plan.suggestions) == 1
