"""Cards as phones and mail programs write them, with their real faults; and ours, read by others."""

from __future__ import annotations

import io
import random

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from liaison.exchange import vcard_lines
from liaison.exchange.formulas import unguard
from liaison.exchange.sheets import NotReadable, Row
from liaison.exchange.vcard_lines import Card, read_cards, unescaped
from liaison.exchange.vcard_sheets import read_vcards
from liaison.exchange.vcard_writing import card_bytes, escaped


def card(*lines: str, version: str = "3.0") -> bytes:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


def read(data: bytes, *, organisations: bool = False) -> list[dict[str, str]]:
    """Return what each card says by field; empty fields left out, formulas as they were."""
    sheet = read_vcards(io.BytesIO(data), organisations=organisations)
    head = next(sheet.rows).cells
    return [
        {name: unguard(cell) for name, cell in zip(head, row.cells, strict=True) if cell}
        for row in sheet.rows
    ]


def rows_of(data: bytes) -> list[Row]:
    return list(read_vcards(io.BytesIO(data)).rows)[1:]


def refused(data: bytes) -> NotReadable:
    with pytest.raises(NotReadable) as caught:
        read_vcards(io.BytesIO(data))
    return caught.value


# ---- what other programs write

OUTLOOK = card(
    "N;LANGUAGE=en-gb;CHARSET=Windows-1252:Patel;Ren\u00e9e;;Dr.",
    "FN;CHARSET=Windows-1252:Dr. Ren\u00e9e Patel",
    "ORG:Priory Surgery;Nursing",
    "TITLE:Practice nurse",
    "TEL;WORK;VOICE:01823 259444",
    "TEL;CELL;VOICE:07700 900123",
    "TEL;WORK;FAX:01823 000000",
    "EMAIL;PREF;INTERNET:r.patel@example.org",
    "PHOTO;TYPE=JPEG;ENCODING=BASE64:",
    " /9j/4AAQSkZJRgABAQEASABIAAD",
    " 2wBDAAEBAQEBAQEBAQEBAQEB",
    "",
    'X-MS-OL-DESIGN;CHARSET=utf-8:<card><fld name="x"/></card>',
    version="2.1",
)  # fmt: skip
IPHONE = card(
    "PRODID:-//Apple Inc.//iPhone OS 17.0//EN",
    "N:O\u2019Neil;S\u00e9amus;;;",
    "FN:S\u00e9amus O\u2019Neil",
    "item1.TEL;type=pref:+44 7700 900 456",
    "item1.X-ABLabel:_$!<Main>!$_",
    "item2.ORG:Moor House;",
    "item3.EMAIL;type=INTERNET;type=pref:s@example.org",
    "item4.URL;type=pref:https\\://example.org",
    "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD",
    " 4AAQSkZJRgABAQAAAQABAAD",
)
GOOGLE = card(
    "FN:Ann Lee",
    "N:Lee;Ann;;;",
    "TEL;TYPE=WORK:+441823259444",
    "item1.ORG:Priory\\; Surgery",
    "item2.TITLE:GP",
    "NOTE:Rings back\\, mostly\\nafter two",
    "CATEGORIES:myContacts",
)
ANDROID = card(
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4D=C3=BC=6C=6C=65=72;=4A=C3=B6=72=67;;;",
    "TEL;X-Work Mobile:07700900789",
    "NOTE;ENCODING=QUOTED-PRINTABLE:first=0D=0A=",
    "second =",
    "and the end=",
    "EMAIL;HOME:j@example.org",
    version="2.1",
)


def test_each_program_s_card_says_what_it_says() -> None:
    outlook = OUTLOOK.replace("\u00e9".encode(), b"\xe9")
    assert read(outlook) == [
        {
            "name": "Dr. Ren\u00e9e Patel", "role": "Practice nurse",
            "organisation": "Priory Surgery", "phone": "01823 259444", "mobile": "07700 900123",
            "email": "r.patel@example.org",
        }
    ]  # fmt: skip
    assert read(IPHONE) == [
        {
            "name": "S\u00e9amus O\u2019Neil", "organisation": "Moor House",
            "mobile": "+44 7700 900 456", "email": "s@example.org",
        }
    ]  # fmt: skip
    assert read(GOOGLE) == [
        {
            "name": "Ann Lee", "role": "GP", "organisation": '"Priory; Surgery"',
            "phone": "+441823259444", "private_notes": "Rings back, mostly\nafter two",
        }
    ]  # fmt: skip
    assert read(ANDROID) == [
        {
            "name": "J\u00f6rg M\u00fcller", "mobile": "07700900789", "email": "j@example.org",
            "private_notes": "first\nsecond and the end",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_any_end_of_line_and_any_unicode_is_read(ends: str, code: str) -> None:
    data = IPHONE.decode().replace("\r\n", ends).encode(code)
    assert read(data)[0]["name"] == "S\u00e9amus O\u2019Neil"


@pytest.mark.parametrize(
    ("charset", "code"),
    [("ISO-8859-1", "utf-8"), ("UTF-8", "cp1252"), ("nonsense", "cp1252"), ("IBM850", "cp850")],
)
def test_a_card_that_says_the_wrong_encoding_is_read_all_the_same(charset: str, code: str) -> None:
    data = card("FN;CHARSET=%s:X" % charset).replace(b"X", "Ren\u00e9e".encode(code))  # noqa: UP031  # a field to fill
    assert read(data) == [{"name": "Ren\u00e9e"}]


def test_a_card_of_version_4_has_links_for_numbers() -> None:
    data = card(
        "KIND:individual",
        "FN:Ann Lee",
        'TEL;VALUE=uri;PREF=1;TYPE="voice,cell":tel:+44-7700-900789',
        "TEL;VALUE=uri;TYPE=work:tel:+441823259444;ext=12",
        "EMAIL:mailto:ann@example.org",
        version="4.0",
    )
    assert read(data) == [
        {
            "name": "Ann Lee", "phone": "+441823259444 ext 12", "mobile": "+44-7700-900789",
            "email": "ann@example.org",
        }
    ]  # fmt: skip


def test_folded_lines_are_put_together_and_a_letter_may_be_broken() -> None:
    data = card("FN:Ann", "NOTE:caf\u00e9 one").replace("\u00e9".encode(), b"\xc3\r\n \xa9")
    assert read(data)[0]["private_notes"] == "caf\u00e9 one"


def test_lines_that_nobody_folded_go_on_with_their_note() -> None:
    data = card("FN:Ann", "NOTE:first", "and then she said", "call me")
    assert read(data)[0]["private_notes"] == "first\nand then she said\ncall me"


def test_quoted_printable_that_never_ends_does_not_eat_the_next_property() -> None:
    data = card("FN:Ann", "NOTE;ENCODING=QUOTED-PRINTABLE:half=", "TEL;CELL:07700 900123")
    assert read(data) == [{"name": "Ann", "mobile": "07700 900123", "private_notes": "half"}]


# ---- names


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["FN:Ann Lee"], "Ann Lee"),
        (["N:Lee;Ann;Mary;Dr;FRCP"], "Dr Ann Mary Lee FRCP"),
        (["FN:", "N:Lee;Ann"], "Ann Lee"),
        (["N:;;;;", "FN:Ann Lee"], "Ann Lee"),
        (["NICKNAME:Annie"], "Annie"),
        (["EMAIL:ann@example.org"], "ann@example.org"),
    ],
)
def test_a_name_is_found_wherever_it_stands(lines: list[str], name: str) -> None:
    assert read(card(*lines))[0]["name"] == name


def test_a_card_without_any_name_is_rejected_with_what_it_says() -> None:
    good, bad = card("FN:Ann"), card("TEL:01823 259444")
    rows = rows_of(good + bad + good)
    assert [bool(row.problem) for row in rows] == [False, True, False]
    assert "no name" in rows[1].problem
    assert "01823 259444" in rows[1].cells
    assert [row.number for row in rows] == [1, 2, 3]


# ---- several cards, damaged ones


def test_one_bad_card_never_loses_the_others() -> None:
    bad = [
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:No end\r\n",
        b"BEGIN:VCARD\r\n\x00\xff\xfe garbage\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        b"END:VCARD\r\nFN:outside\r\n",
        b"BEGIN:VCARD\r\nN;ENCODING=BASE64:!!!\r\nFN;ENCODING=b:===\r\nEND:VCARD\r\n",
        b'BEGIN:VCARD\r\nTEL;TYPE="open:07700\r\nFN;X:Odd\r\nEND:VCARD\r\n',
    ]
    for one in bad:
        names = [row.cells[0] for row in rows_of(card("FN:First") + one + card("FN:Last"))]
        assert names[0] == "First"
        assert names[-1] == "Last"


def test_the_card_of_an_assistant_inside_another_is_passed_over() -> None:
    data = card("FN:Ann", "AGENT:", "BEGIN:VCARD", "FN:Bob", "END:VCARD", "TEL:01823 259444")
    assert read(data) == [{"name": "Ann", "phone": "01823 259444"}]


def test_portraits_are_passed_over_however_they_are_written() -> None:
    picture = "A" * 100_000
    for lines in (
        [f"PHOTO;ENCODING=b:{picture}"],
        ["PHOTO;BASE64:", *[f" {picture[:70]}"] * 100, ""],
        ["PHOTO;BASE64:", *[picture[:70]] * 100, ""],
        [f"PHOTO:data:image/jpeg;base64,{picture}"],
    ):
        rows = rows_of(card("FN:Ann", *lines, "TEL:01823 259444"))
        assert rows[0].cells == ("Ann", "01823 259444")
        assert not rows[0].notes


def test_what_there_is_no_field_for_is_told() -> None:
    data = card("FN:Ann", "TEL;WORK:01823 1", "TEL;WORK:01823 2", "TEL:01823 3", "EMAIL:a@b.org",
                "EMAIL;PREF:c@b.org")  # fmt: skip
    (row,) = rows_of(data)
    assert row.cells == ("Ann", "01823 1", "01823 2", "c@b.org")
    assert [note.partition(":")[2] for note in row.notes] == [" 01823 3.", " a@b.org."]


def test_a_giant_line_is_refused_at_once() -> None:
    error = refused(b"BEGIN:VCARD\r\nNOTE:" + b"x" * 20_000_000 + b"\r\nEND:VCARD\r\n")
    assert error.code == "too-large"
    assert "8 MB" in error.what


def test_a_giant_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vcard_lines, "MOST_BYTES", 1_000)
    assert refused(card("FN:Ann", *["NOTE:x"] * 500)).code == "too-large"


def test_a_value_longer_than_any_text_is_left_out_of_its_card() -> None:
    (row,) = rows_of(card("FN:Ann", "NOTE:" + "x" * 1_000_001))
    assert row.cells == ("Ann",)
    assert "longer than any text" in row.notes[0]


def test_a_file_without_cards_is_told() -> None:
    assert refused(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").code == "empty"


def test_organisations_and_people_are_told_apart() -> None:
    data = (
        card("FN:Ann", "N:Lee;Ann", "ORG:Priory")
        + card("ORG:Priory", "TEL:01823 259444", "ADR;WORK:;;1 Mill Lane;Frome;;BA11 1AB;UK")
        + card("KIND:org", "FN:Moor House")
        + card("N:;;;;", "FN:Abbey", "ORG:Abbey", "X-ABSHOWAS:COMPANY")
    )
    assert [one["name"] for one in read(data)] == ["Ann"]
    found = read(data, organisations=True)
    assert [one["name"] for one in found] == ["Priory", "Moor House", "Abbey"]
    assert (found[0]["address"], found[0]["postcode"]) == ("1 Mill Lane\nFrome\nUK", "BA11 1AB")
    assert "3 cards" in read_vcards(io.BytesIO(data)).remarks[0]
    assert "import it" not in refused(card("KIND:org", "FN:Moor House")).what
    assert refused(card("KIND:org", "FN:Moor House")).code == "other-cards"


def test_anything_at_all_ends_in_cards_or_a_plain_word() -> None:
    chance = random.Random(7)
    base = OUTLOOK + IPHONE + GOOGLE + ANDROID
    for _ in range(300):
        data = bytearray(base)
        for _ in range(chance.randrange(1, 12)):
            place = chance.randrange(len(data))
            if chance.random() < 0.5:
                data[place] = chance.randrange(256)
            else:
                del data[place : place + chance.randrange(40)]
        try:
            cards = read_cards(io.BytesIO(bytes(data)))
        except NotReadable:
            continue
        assert all(isinstance(one, Card) for one in cards)


# ---- written

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n"),
    max_size=120,
).map(lambda text: " ".join(text.split(" ")).strip())


@given(TEXT)
def test_any_text_is_read_again_as_it_was_written(text: str) -> None:
    data = card_bytes({"name": "Ann", "private_notes": text})
    lines = data.split(b"\r\n")
    # a program that shows a line by itself must not find half a letter in it
    assert all(len(line) <= 75 and line.decode() is not None for line in lines)
    (one,) = read_cards(io.BytesIO(data))
    assert one.text("NOTE") == text.strip()


@given(st.text(max_size=30))
def test_escaping_is_undone(text: str) -> None:
    assert unescaped(escaped(text)) == text.replace("\r", "")


def test_another_program_reads_our_cards() -> None:
    data = card_bytes(
        {
            "name": "Dr S\u00e9amus O'Neil", "phone": "01823 259444", "mobile": "07700 900123",
            "email": "s@example.org", "private_notes": "a; b, c\\d\n" + "\u00e9" * 80,
            "best_time": "mornings", "address": "1 Mill Lane\nFrome", "postcode": "BA11 1AB",
        },
        [("GP", "Priory; Surgery"), ("trainer", "Moor House")],
    )  # fmt: skip
    theirs = vobject.readOne(data.decode())
    assert theirs.fn.value == "Dr S\u00e9amus O'Neil"
    assert (theirs.n.value.family, theirs.n.value.given) == ("O'Neil", "Dr S\u00e9amus")
    assert theirs.note.value == "a; b, c\\d\n" + "\u00e9" * 80
    assert theirs.org.value == ["Priory; Surgery"]
    assert theirs.adr.value.code == "BA11 1AB"
    assert [tel.value for tel in theirs.contents["tel"]] == ["01823 259444", "07700 900123"]


def test_several_posts_keep_who_is_what_where() -> None:
    posts = [("GP", "Priory; Surgery"), ("trainer", ""), ("", "Moor House")]
    (one,) = read(card_bytes({"name": "Ann"}, posts))
    assert one["role"] == "GP; trainer; other"
    assert one["organisation"] == '"Priory; Surgery"; -; Moor House'
