"""The inspection pack of a small home: what it holds, in which order, and what it leaves out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from liaison.errors import UserError
from liaison.records import ids
from liaison.records.casework import Action, Concern, Visit, VisitEntry
from liaison.records.directory import Contact, ContactAttempt, Term
from liaison.records.home import Resident, Staff
from liaison.reports.spec import Document, Printed
from liaison.services import editing, reporting
from liaison.services.homes import OpenHome
from liaison.services.reporting import pack
from liaison.store import query
from tests.reports.paper import assert_clean, assert_within_margins, pages_of, text_of
from tests.services.casework import NOW, TODAY, at, care, chairs, mary, moved, on, referred
from tests.services.conftest import add

__all__ = ["care", "chairs", "mary"]

PRINTED = Printed(NOW, "Kate Morgan")


def seen(home: OpenHome, resident: int, when: dt.datetime, found: str, **more: Any) -> int:
    who = add(home, Contact(name=f"Nurse of {when:%d %b}"))
    visit = add(home, Visit(at=when, kind="visit", professional=who))
    return add(home, VisitEntry(visit=visit, resident=resident, found=found, **more))


@pytest.fixture
def busy(care: OpenHome, mary: int, chairs: int) -> OpenHome:
    """Make a home with something in every section."""
    staff = add(care, Staff(name="Tom Pascoe", job_role="nurse"))
    add(care, Term(abbreviation="MUST", meaning="malnutrition screening"))
    add(care, Term(abbreviation="CTG", meaning="a trace of the heart"))
    seen(care, mary, at(10, 5), "MUST score 2, weigh weekly", plan_changed="yes")
    seen(care, mary, at(10, 12), "Quiet visit, CTG not needed", plan_changed="no")
    left = seen(care, mary, at(10, 19), "Bloods taken")
    source = ids.to_text(left)
    add(care, Action(what="Ask for the result", source_type="visit_entry", source_id=source))
    said = Concern(resident=mary, raised_by=staff, raised_at=at(11, 2), situation="More tired")
    add(care, said)
    referred(care, mary, chairs, on(5, 18))
    moved(care, mary, "admission", at(9, 4, 20), cause="Chest infection")
    add(care, ContactAttempt(at=at(11, 3), resident=mary, organisation=chairs, reached=False))
    return care


def made(home: OpenHome, **wanted: Any) -> Document:
    facts = pack.gather_wish(home.store, pack.wish(home.store, **{"check": False} | wanted))
    return pack.SPEC.render(facts, PRINTED)


def test_the_contents_say_on_which_page_each_section_begins(busy: OpenHome) -> None:
    document = made(busy)
    assert_clean(document)
    assert_within_margins(document)
    pages = pages_of(document)
    contents = pages[1]
    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        assert len(pdf.pages[1].Annots) == len(pack.usual()) + 2
    for name in pack.usual():
        title = reporting.spec_of_report(name).title
        found = re.search(rf"^{re.escape(title)}\b[^\n]*\n(\d+)$", contents, re.MULTILINE)
        assert found is not None, title
        number = int(found[1])
        assert title in pages[number - 1], (title, number)
    for number, page in enumerate(pages[1:], 2):
        assert f"Page {number} of {len(pages)}" in page
    assert "Page" not in pages[0]


def test_the_outline_leads_from_question_to_report(busy: OpenHome) -> None:
    document = made(busy, sections=("open-loops", "transfers", "visits"))
    with (
        pikepdf.open(io.BytesIO(document.content)) as pdf,
        pdf.open_outline() as outline,
    ):
        found = [(one.title, [under.title for under in one.children]) for one in outline.root]
    assert found == [
        ("Cover", []),
        ("Contents", []),
        ("Safe", ["Open loops", "Transfers"]),
        ("Effective", ["Visits by period"]),
        ("Abbreviations in this pack", []),
        ("Integrity statement", []),
    ]


def test_sections_stand_in_the_order_that_was_chosen_under_their_question(busy: OpenHome) -> None:
    pages = pages_of(made(busy, sections=("visits", "referral-waits", "open-loops")))
    whole = "\n".join(pages[2:])
    places = [whole.index(title) for title in ("Visits by period", "Referral waits", "Open loops")]
    assert places == sorted(places)
    assert "Effective" in pages[2].split("\n")[0]


def bare(page: str) -> str:
    """Return a page without its head and foot, which a pack says differently."""
    lines = " ".join(page.split())
    lines = re.sub(r"(State on|Period) [^P]*Printed .* Page \d+ of \d+", "", lines)
    return re.sub(r"Page \d+ of \d+", "", lines)


def test_a_section_says_what_the_report_alone_says(busy: OpenHome) -> None:
    for name in ("open-loops", "referral-waits", "transfers", "training-matrix", "visits"):
        wanted = pack.wish(busy.store, sections=(name,), every_visit=True, check=False)
        [section] = pack.gather_wish(busy.store, wanted).sections
        alone = [bare(page) for page in pages_of(section.render(section.facts, PRINTED))]
        within = pages_of(made(busy, sections=(name,), every_visit=True))[2 : 2 + len(alone)]
        title = reporting.spec_of_report(name).title
        for own, bound in zip(alone, map(bare, within), strict=True):
            # the head names the home, then the question here and the report there
            assert own[own.index(title) + len(title) :].strip() in bound


def test_only_visits_that_changed_a_plan_or_left_something_open_are_listed(busy: OpenHome) -> None:
    some, every = text_of(made(busy)), text_of(made(busy, every_visit=True))
    for words in ("weigh weekly", "Bloods taken"):
        assert words in some
        assert words in every
    assert "Quiet visit" not in some
    assert "Quiet visit" in every
    # all are counted all the same
    assert "3 entries in 3 visits" in some
    assert "Extract: 2 of 3 entries" in some
    assert "Extract" not in every


def test_a_resident_has_one_letter_in_all_sections_and_no_name(busy: OpenHome) -> None:
    add(busy, Resident(name="Ann Other", room="9"))
    # "activity" lists the other one too
    about_mary = ("open-loops", "visits", "referral-waits", "transfers")
    text = text_of(made(busy, names="letters", sections=about_mary))
    letters = re.findall(r"Resident ([A-Z]+)\b", text)
    assert len(set(letters)) == 1
    assert len(letters) >= len(about_mary)
    document = made(busy, names="letters")
    text = text_of(document)
    assert "Mary" not in text
    assert b"Mary" not in document.content
    assert "M.J." in text_of(made(busy, names="initials"))


def test_staff_by_initials_are_nowhere_in_full_but_in_what_somebody_wrote(busy: OpenHome) -> None:
    nurse = add(busy, Staff(name="Gita Rao", job_role="nurse", left_on=on(11, 1)))
    mary = next(iter(query.every(busy.store, query.Query("resident"))))
    add(busy, Concern(resident=mary.id, raised_by=nurse, raised_at=at(11, 3), situation="Pale"))
    doctor = add(busy, Contact(name="Dr Obi"))
    visit = Visit(at=at(10, 20), kind="visit", professional=doctor, others_present="Gita Rao, Jo")
    found = VisitEntry(
        visit=add(busy, visit), resident=mary.id, found="Asked Gita Rao to weigh her"
    )
    left = add(busy, found)
    source = ids.to_text(left)
    add(busy, Action(what="Weigh", owner_staff=nurse, source_type="visit_entry", source_id=source))
    text = " ".join(text_of(made(busy, staff_initials=True)).split())
    assert "Residents are named in full, staff by their initials." in text
    assert text.count("Gita Rao") == 1
    assert "Asked Gita Rao to weigh her" in text
    assert "Others present: G.R., Jo" in text
    assert "Tom Pascoe" not in text
    full = text_of(made(busy))
    assert full.count("Gita Rao") > text.count("Gita Rao")
    assert "Tom Pascoe" in full


def test_the_counts_add_up_and_say_why_records_are_left_out(busy: OpenHome) -> None:
    facts = pack.gather_wish(busy.store, pack.wish(busy.store, check=False))
    counts = {one.label: (one.number, one.left_out, one.printed) for one in facts.integrity.kept}
    assert counts == {
        "Visit notes": (3, 1, 2),
        "Concerns": (1, 0, 1),
        "Referrals": (1, 0, 1),
        "Transfers": (1, 0, 1),
        "Attempts to reach someone": (1, 0, 1),
        "Training records": (0, 0, 0),
    }
    said = "1 visit note is left out: they changed no plan and left nothing open."
    assert facts.integrity.left_out == (said.replace("visit note", "visit\u00a0note"),) or (
        facts.integrity.left_out[0].replace("\u00a0", " ") == said
    )
    assert dict(facts.cover)["Records"].startswith("6 of the 7 of the period")


def test_a_record_that_is_struck_or_changed_is_counted_so(busy: OpenHome, mary: int) -> None:
    entry = seen(busy, mary, at(11, 9), "Wrong person", plan_changed="yes")
    loaded = busy.store.load("visit_entry", entry)
    assert loaded is not None
    assert isinstance(loaded.record, VisitEntry)
    changed = dataclasses.replace(loaded.record, found="Wrong person, sorry")
    editing.save(busy, loaded, changed, "Typing")
    editing.strike(busy, loaded.record, "Wrong resident")
    facts = pack.gather_wish(busy.store, pack.wish(busy.store, check=False))
    notes = facts.integrity.kept[0]
    assert (notes.number, notes.printed, notes.changed) == (4, 2, 1)


def test_only_abbreviations_that_are_printed_are_explained(busy: OpenHome) -> None:
    some = pack.gather_wish(busy.store, pack.wish(busy.store, check=False))
    every = pack.gather_wish(busy.store, pack.wish(busy.store, check=False, every_visit=True))
    assert [short for short, _ in some.terms] == ["MUST"]
    assert [short for short, _ in every.terms] == ["CTG", "MUST"]
    assert "malnutrition screening" in text_of(made(busy))


def test_the_integrity_statement_tells_what_was_checked(busy: OpenHome) -> None:
    text = pages_of(made(busy, check=True))[-1]
    assert "Every entry carries a valid signature" in text
    assert re.search(r"\b\d+ changes in \d+ signed entries", text)
    assert "What this does not show" in text
    unchecked = pages_of(made(busy, check=False))[-1]
    assert "never checked on this PC" in unchecked
    assert "Every entry carries" not in unchecked


def test_damage_is_told_on_the_integrity_statement(busy: OpenHome) -> None:
    row = busy.store.connection.execute("SELECT id FROM unit ORDER BY id DESC LIMIT 1").fetchone()
    connection = busy.store.connection
    guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'unit'"
    for (name,) in connection.execute(guards).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE unit SET reason = 'slipped in' WHERE id = ?", row)
    text = pages_of(made(busy, check=True))[-1]
    assert "Not all" in text
    assert "was changed or does not continue the chain" in " ".join(text.split())


def test_a_home_with_nothing_has_a_pack_all_the_same(care: OpenHome) -> None:
    document = made(care, check=True, every_visit=True)
    assert_clean(document)
    assert_within_margins(document)
    assert "None was written down for this period" in text_of(document)


def test_the_same_home_and_moment_give_the_same_bytes(busy: OpenHome) -> None:
    assert made(busy).content == made(busy).content


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"start": TODAY, "end": on(1, 1)}, "period"),
        ({"sections": ()}, "no-section"),
        ({"sections": ("passport",)}, "no-section"),
        ({"sections": ("no-such",)}, "no-report"),
        ({"sections": ("audit-summary",), "names": "initials"}, "not-asked-for"),
        ({"framework_name": "no-such"}, "no-framework"),
        ({"items": ("no-such",)}, "no-item"),
        ({"items": ("safeguarding",), "framework_name": "quality-statements"}, "no-section"),
    ],
)
def test_what_cannot_be_a_pack_is_refused_in_plain_words(
    care: OpenHome, wanted: dict[str, Any], code: str
) -> None:
    with pytest.raises(UserError) as refused:
        pack.wish(care.store, **wanted)
    assert refused.value.code == code
    assert refused.value.do


def test_every_section_of_both_frameworks_is_a_report_or_left_out() -> None:
    for name in pack.FRAMEWORKS:
        items = [item.item for item in pack.framework(name).items]
        assert len(items) == len(set(items))
        chosen = pack.usual(name)
        assert chosen
        assert set(chosen) <= set(pack.fits())
    assert len(pack.framework("quality-statements").items) == 34
    assert {item.under for item in pack.framework("quality-statements").items} == {
        "Safe", "Effective", "Caring", "Responsive", "Well-led",
    }  # fmt: skip


def test_a_pack_that_is_stopped_leaves_no_file_and_an_old_one_as_it_was(
    busy: OpenHome, tmp_path: Path
) -> None:
    old = tmp_path / "pack.pdf"
    pack.write(busy, pack.wish(busy.store, sections=("open-loops",), check=False), old)
    before = old.read_bytes()

    class Stopped(Exception):
        pass

    told: list[str] = []

    def stop(done: int, _all: int, words: str) -> None:
        told.append(words)
        if done:
            raise Stopped

    new = tmp_path / "new.pdf"
    for file in (old, new):
        with pytest.raises(Stopped):
            pack.write(busy, pack.wish(busy.store), file, progress=stop)
    assert told[:2] == ["At a glance", "Open loops"]
    assert old.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["pack.pdf"]


def test_a_pack_does_not_go_into_the_homes_own_folder(busy: OpenHome) -> None:
    with pytest.raises(UserError) as refused:
        pack.write(busy, pack.wish(busy.store), busy.folder / "pack.pdf")
    assert refused.value.code == "bad-place"


def test_the_cover_counts_who_is_here_on_the_day(busy: OpenHome) -> None:
    before = pack.gather_wish(busy.store, pack.wish(busy.store, check=False)).cover
    today = busy.store.today()
    add(busy, Staff(name="Last Day", job_role="manager", left_on=today))
    gone = add(busy, Staff(name="Never Was", job_role="manager"))
    wrong = add(busy, Resident(name="Never Here"))
    for type_name, identity in (("staff", gone), ("resident", wrong)):
        record = busy.store.get(type_name, identity)
        assert record is not None
        editing.strike(busy, record, "Entered by mistake")
    after = dict(pack.gather_wish(busy.store, pack.wish(busy.store, check=False)).cover)
    assert after["Beds and residents"] == dict(before)["Beds and residents"]
    assert after["Registered manager"] == "Last Day"
