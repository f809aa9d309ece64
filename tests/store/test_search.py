"""What people type into the search box: never an error, and found is what is there."""

from __future__ import annotations

import random
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaison.records import Record
from liaison.records.casework import Action, VisitEntry
from liaison.records.directory import Contact, Organisation, Service, Term
from liaison.records.home import Resident, Staff
from liaison.store.search import MARK_END, MARK_START, Hit, find_names, phrase, search
from liaison.store.store import Store
from tests.store.conftest import FakeClock, Typical, add, change, got, person_of

OPERATORS: Final = (
    "AND", "OR", "NOT", "NEAR", "NEAR(", "NEAR(a b, 2)", "*", "^", ":", "-", "+", "{", "}", "(",
    ")", '"', "'", '""', "\\", ";", "--", "/*", "*/", "%", "_", "?1", ",", ".", "name:x",
    "{name explanation}:x", "- name : x", "^x", "x*", "x + y", 'x"y', "rank", "a NOT b",
)  # fmt: skip
"""Everything that means something to the search index or to SQL."""

WORDS: Final = (
    "o'neil", "o\u2019neil", "par-acetamol", "ŵyn", "ŷd", "łódź", "żółć", "مريم", "x", "3.5mg",
    "80%", "C.Diff", "A&E", "U+0041", "Ω", "naïve", "日本", "2/3", "é", "ßtraße", "½",
)  # fmt: skip


def ids_of(hits: list[Hit]) -> list[int | None]:
    return [hit.record.id for hit in hits]


def note(store: Store, text: str) -> int:
    return add(store, Service(name="n", explanation=text))


# ---- anything may be typed


def typed_texts() -> list[str]:
    chance = random.Random(7)
    texts = [*OPERATORS, *WORDS]
    texts += [f"{one} {other}" for one in OPERATORS for other in WORDS[:4]]
    for _ in range(250):
        parts = chance.choices((*OPERATORS, *WORDS), k=chance.randrange(2, 7))
        texts.append(chance.choice((" ", "", "\t", "  ")).join(parts))
    return texts


def test_whatever_is_typed_is_found_literally(store: Store) -> None:
    """Operators and signs, alone and combined: the note that holds just this is found."""
    texts = typed_texts()
    with store.unit(person_of(store)) as unit:
        elsewhere = unit.add(Service(name="n", explanation="quite another matter"))
        recs = [unit.add(Service(name="n", explanation=text)) for text in texts]
    for rec, text in zip(recs, texts, strict=True):
        for typing in (False, True):
            found = ids_of(search(store, text, limit=1000, typing=typing))
            if any(character.isalnum() for character in text):
                assert rec in found, text
                assert elsewhere not in found, text
            else:
                assert found == [], text


@pytest.mark.parametrize("typing", [False, True])
def test_odd_characters_are_no_error(store: Store, *, typing: bool) -> None:
    rec = note(store, "a fall 👩‍⚕️ came at night")
    for text in ("", " ", "\0", "\0\0", "👩‍⚕️", "\u200d", "\ufffd", "\ud83d", "\udce9", "\x1b[31m"):
        assert search(store, text, typing=typing) == [], ascii(text)
    for text in ("fall\0night", "\0fall", "fall 👩‍⚕️", "👩‍⚕️ fall", "fall\r\nnight", "fall \ud83d"):
        assert ids_of(search(store, text, typing=typing)) == [rec], ascii(text)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=40), typing=st.booleans())
def test_no_text_is_an_error(store: Store, text: str, *, typing: bool) -> None:
    search(store, text, typing=typing)
    find_names(store, text, types=("resident", "contact"))


def test_ten_thousand_characters(store: Store) -> None:
    prose = " ".join(f"word{number}" for number in range(1000))
    rec, long = note(store, prose), note(store, "z" * 10_000)
    for typing in (False, True):
        assert ids_of(search(store, prose[:10_000], typing=typing)) == [rec]
        assert ids_of(search(store, "z" * 10_000, typing=typing)) == [long]
        assert search(store, '"' * 10_000, typing=typing) == []
        assert search(store, "AND " * 2_500, typing=typing) == []
        assert search(store, "((" * 5_000, typing=typing) == []


def test_what_is_typed_is_never_query_syntax() -> None:
    assert phrase("o'neil \"x", typing=False) == '"o\'neil" AND """x"'
    assert phrase("a OR b", typing=False) == '"a" AND "OR" AND "b"'
    assert phrase("- * ( )", typing=True) == ""


def test_every_word_must_be_there(store: Store) -> None:
    both, one = note(store, "catheter and falls"), note(store, "falls")
    assert ids_of(search(store, "falls catheter")) == [both]
    assert ids_of(search(store, "falls NOT catheter")) == []
    assert ids_of(search(store, "falls OR nothing")) == []
    assert ids_of(search(store, "fall")) == [one, both]
    assert search(store, "falls missing") == []


def test_a_million_characters_are_searched(store: Store) -> None:
    rec = note(store, "x" + " other words" * 100_000 + " needle")
    assert ids_of(search(store, "needle")) == [rec]


# ---- letters


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Siân Ŵyn", ("sian", "SIÂN", "wyn", "ŵyn", "Wyn Sian", "sia\u0302n")),
        ("Llŷr", ("llyr", "LLŶR", "llŷ")),
        ("Sia\u0302n", ("siân", "sian")),
        ("Żaneta Wójcik", ("zaneta", "wojcik", "ŻANETA WÓJCIK")),
        ("Łukasz", ("łukasz", "ŁUKASZ", "Łuk")),
        ("مريم عبد", ("مريم", "عبد مريم")),
        ("Renée O\u2019Neil", ("renee", "O\u2019Neil", "o'neil", "neil")),
        ("naïve café", ("naive cafe",)),
    ],
)
def test_accents_and_case_do_not_matter(store: Store, written: str, typed: tuple[str, ...]) -> None:
    rec = add(store, Resident(name=written))
    add(store, Resident(name="Somebody Else"))
    for text in typed:
        assert ids_of(search(store, text, typing=True)) == [rec], text


CARE: Final = (
    "resident", "residents", "medication", "medications", "catheter", "catheters",
    "catheterisation", "continence", "incontinence", "palliative", "physiotherapist",
    "physiotherapy", "occupational", "assessment", "swallowing", "dietitian", "constipation",
    "dehydration", "hallucinations", "agitated", "dementia", "hypertension", "infection",
    "antibiotics", "prescribed", "prescription", "pharmacist", "dressings", "ulceration",
    "pressure", "immobility", "wheelchair", "hoisting", "nutritional", "safeguarding",
    "capacity", "relatives", "breathlessness", "anxiety", "vomiting", "diarrhoea", "bleeding",
    "bruising", "fractured", "falling", "dizziness", "podiatry", "hospitalisation", "admission",
    "discharged", "ambulance", "emergencies", "reviewed", "allergies", "anaphylaxis",
    "injections", "temperature", "respiratory", "community", "commissioner", "inspection",
    "referral", "referrals", "communication", "caring", "nurses", "families", "activities",
    "happily", "running", "stopped", "added", "anyone", "disability", "disabilities", "syringe",
    "vaccination", "sensitivity", "effectiveness", "dialysis", "oxygen", "enjoyment", "analysis",
)  # fmt: skip


def test_a_word_is_found_from_its_first_letter_to_its_last(store: Store) -> None:
    """The index holds stems: typing on must never lose what was already found."""
    with store.unit(person_of(store)) as unit:
        recs = {word: unit.add(Service(name="n", explanation=f"her {word}.")) for word in CARE}
    lost = [
        word[:end]
        for word, rec in recs.items()
        for end in range(1, len(word) + 1)
        if rec not in ids_of(search(store, word[:end], typing=True, limit=1000))
    ]
    assert lost == []


def test_what_an_unfinished_word_may_become_is_not_anything(store: Store) -> None:
    note(store, "the pain in her care plan")
    for typed in ("painki", "careta", "resida"):
        assert search(store, typed, typing=True) == [], typed


def test_only_the_last_word_is_unfinished_and_only_while_typing(store: Store) -> None:
    rec = note(store, "pressure cushion")
    assert ids_of(search(store, "pressure cush", typing=True)) == [rec]
    assert search(store, "pres cushion", typing=True) == []
    assert search(store, "pressure cush", typing=False) == []
    assert search(store, "cush ", typing=True) == []


def test_a_word_is_found_in_its_other_forms(store: Store) -> None:
    rec = note(store, "falls, dressed, reviewing")
    for typed in ("fall", "falling", "dressing", "reviews"):
        assert ids_of(search(store, typed)) == [rec], typed


# ---- numbers

SPELLINGS: Final = (
    "01632 960123",
    "01632960123",
    "(01632) 960-123",
    "01632.960.123",
    "+44 1632 960123",
    "+44 (0)1632 960123",
    "0044 1632 960123",
    "1632960123",
)


def test_a_phone_number_is_found_in_every_spelling(store: Store) -> None:
    with store.unit(person_of(store)) as unit:
        recs = [unit.add(Contact(name="x", phone=written)) for written in SPELLINGS]
        unit.add(Contact(name="x", phone="01632 960124"))
    for typed in (*SPELLINGS, "01632 960 123 ext 4"):
        for typing in (False, True):
            found = ids_of(search(store, typed, typing=typing))
            assert sorted(map(int, filter(None, found))) == sorted(recs), typed


def test_a_number_is_found_from_its_beginning(store: Store) -> None:
    with store.unit(person_of(store)) as unit:
        landline = unit.add(Organisation(name="x", kind="other", phone_out_of_hours="01632 960123"))
        extension = unit.add(Staff(name="x", job_role="nurse", phone="0121 496 0001 ext 42"))
    assert ids_of(search(store, "01632 96", typing=True)) == [landline]
    assert ids_of(search(store, "0121 496", typing=True)) == [extension]
    assert search(store, "960123", typing=True) == []


def test_other_numbers_are_found_too(store: Store) -> None:
    nhs = add(store, Resident(name="x", nhs_number="9991234519", room="142"))
    typed_note = note(store, "ring 0117 496 0000 about order 2026/17 of 23/11/2026")
    assert ids_of(search(store, "999 123 4519")) == [nhs]
    assert ids_of(search(store, "9991234519")) == [nhs]
    assert ids_of(search(store, "142", typing=True)) == [nhs]
    for typed in ("0117 496 0000", "2026/17", "23/11/2026", "order 2026"):
        assert ids_of(search(store, typed)) == [typed_note], typed


# ---- which records, in which order


def test_newest_first_over_all_types_and_no_more_than_asked(
    store: Store, clock: FakeClock, typical: Typical
) -> None:
    recs = []
    for number in range(12):
        clock.advance(minutes=1)
        record: Record = Action(what=f"ring {number}") if number % 2 else Term(meaning="ring")
        recs.append(add(store, record))
    newest = [*reversed(recs)]
    assert ids_of(search(store, "ring")) == newest
    assert ids_of(search(store, "ring", limit=5)) == newest[:5]
    assert ids_of(search(store, "ring", types=("action",), limit=2)) == newest[:3:2]
    assert search(store, "ring", types=("resident",)) == []


def test_on_enter_what_fits_best_comes_first(store: Store) -> None:
    best = note(store, "catheter blocked, catheter changed")
    others = [note(store, f"a long note {'about many other things ' * n}catheter") for n in (9, 5)]
    assert ids_of(search(store, "catheter")) == [others[1], others[0], best]
    assert ids_of(search(store, "catheter", best_first=True))[0] == best
    assert ids_of(search(store, "catheter", best_first=True, limit=1)) == [best]


def test_a_hit_has_its_type_its_record_and_the_words_marked(store: Store, typical: Typical) -> None:
    (hit,) = search(store, "catheter flushed")
    assert hit.type == "visit_entry"
    assert hit.record == got(store, VisitEntry, typical.entry)
    assert hit.snippet == f"{MARK_START}Catheter{MARK_END} blocked, {MARK_START}flushed{MARK_END}."


def test_a_snippet_is_a_few_words_on_one_line(store: Store) -> None:
    note(store, "before\n" * 200 + "the\nneedle\there " + "after\n" * 200)
    (hit,) = search(store, "needle")
    assert f"{MARK_START}needle{MARK_END}" in hit.snippet
    assert len(hit.snippet.split()) < 20
    assert "\n" not in hit.snippet


def test_what_is_archived_or_merged_is_not_found(store: Store, typical: Typical) -> None:
    twin = add(store, Resident(name="Mary Jones"))
    assert set(ids_of(search(store, "mary"))) == {twin, typical.mary}
    change(store, "resident", twin, merged_into=typical.mary)
    assert ids_of(search(store, "mary")) == [typical.mary]
    change(store, "resident", typical.mary, archived=True)
    assert search(store, "mary") == []
    change(store, "resident", typical.mary, archived=None)
    assert ids_of(search(store, "mary")) == [typical.mary]


def test_what_is_gone_does_not_use_up_the_limit(store: Store) -> None:
    live = add(store, Service(name="needle"))
    with store.unit(person_of(store)) as unit:
        for _ in range(10):
            unit.add(Service(name="needle", archived=True))
    assert ids_of(search(store, "needle", limit=1)) == [live]


def test_a_correction_is_found_and_the_old_words_are_not(store: Store) -> None:
    rec = note(store, "left leg")
    change(store, "service", rec, explanation="right arm")
    assert search(store, "left") == []
    assert ids_of(search(store, "arm")) == [rec]
    change(store, "service", rec, explanation=None)
    assert search(store, "arm") == []


def test_a_former_name_leads_to_the_organisation(store: Store, typical: Typical) -> None:
    (hit,) = search(store, "old surgery")
    assert (hit.type, hit.record.id) == ("organisation", typical.surgery)
    assert hit.snippet == f"{MARK_START}Old{MARK_END} {MARK_START}Surgery{MARK_END}"
    # once, though its name holds the word too
    assert ids_of(search(store, "surgery")) == [typical.surgery]
    assert ids_of(search(store, "old", types=("organisation",))) == [typical.surgery]
    assert search(store, "old", types=("contact",)) == []
    change(store, "organisation", typical.surgery, former_names=())
    assert search(store, "old") == []
    change(store, "organisation", typical.surgery, former_names=("Old Surgery",))
    change(store, "organisation", typical.surgery, archived=True)
    assert search(store, "old") == []


def test_search_does_not_look_into_inner_words(store: Store, typical: Typical) -> None:
    """Names of types, ids and fingerprints are nobody's words."""
    with store.unit(person_of(store)) as unit:
        unit.add(Action(what="x", source_type="visitword", source_id="0000000000007"))
    assert search(store, "visitword") == []
    assert search(store, "0000000000007") == []


# ---- a piece of a name


def test_a_piece_from_the_middle_of_a_name(store: Store, typical: Typical) -> None:
    types = ("resident", "contact", "organisation")
    surgery, sian = typical.surgery, typical.contact

    def found(piece: str) -> list[int | None]:
        return [record.id for record in find_names(store, piece, types=types)]

    assert found("owals") == [typical.john]
    assert found("OWALS") == [typical.john]
    assert found("arkfi") == [surgery]
    assert found("fiel surg") == [surgery]
    assert found("neil") == [sian]
    assert found("iân") == found("ian") == [sian]
    assert found("o'n") == [sian]
    for piece in (
        "",
        "o",
        "ow",
        "ow al",
        "zzz",
        '"',
        "\0\0\0",
        "NEAR(",
        "***",
        "\ud83d\ud83d\ud83d",
    ):
        assert found(piece) == [], ascii(piece)


def test_pieces_find_the_newest_living_names(store: Store, clock: FakeClock) -> None:
    live = add(store, Resident(name="Ann Smithson"))
    with store.unit(person_of(store)) as unit:
        for number in range(60):
            unit.add(Resident(name=f"Bob Smithers {number}", archived=True))
    clock.advance(minutes=1)
    newer = add(store, Resident(name="Cy Smithee"))
    merged = add(store, Resident(name="Ann Smithson", merged_into=live))
    found = find_names(store, "mith", types=("resident",))
    assert [record.id for record in found] == [newer, live]
    assert merged not in [record.id for record in found]
    assert [r.id for r in find_names(store, "mith", types=("resident",), limit=1)] == [newer]


def test_former_names_of_the_archived_do_not_use_up_the_limit(store: Store) -> None:
    living = add(store, Organisation(name="Living", kind="other", former_names=("Dental",)))
    for number in range(5):
        gone = add(store, Organisation(name=f"{number}", kind="other", former_names=("Dental",)))
        change(store, "organisation", gone, archived=True)
    newer = add(
        store, Organisation(name="Newer", kind="other", former_names=("Dental", "Dental 2"))
    )
    assert ids_of(search(store, "dental", limit=2)) == [newer, living]
    assert ids_of(search(store, "dental", limit=1)) == [newer]


@pytest.mark.parametrize("typed", ["Paweł", "Pawel", "pawel", "ŁUKASZEWICZ", "lukaszew", "awe"])
def test_letters_an_english_keyboard_lacks_may_be_typed_without(store: Store, typed: str) -> None:
    pawel = add(store, Staff(name="Paweł Łukaszewicz", job_role="nurse"))
    add(store, Staff(name="Mary Jones", job_role="nurse"))
    assert [record.id for record in find_names(store, typed, types=["staff"])] == [pawel]
