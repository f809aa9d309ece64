"""The file of rejected rows: what was typed, what is wrong, and the way back in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from liaison.records import all_specs
from liaison.services import importing
from liaison.services.homes import OpenHome
from liaison.services.importing.rejects import problems_heading
from tests.services.lists import all_of, counts, look, take


def table(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def test_rejected_rows_keep_what_was_typed_and_say_what_is_wrong(
    home: OpenHome, tmp_path: Path
) -> None:
    text = (
        "Name,Other,Cover,Phone\n"
        "A,x,both,1\n"
        'B,"=HYPERLINK(""x"")",sometimes,+44 1823 259444\n'
        "C,'+1,never,01823259444\n"
    )
    done = take(home, tmp_path, "contact", text)
    assert done.rejects == tmp_path / "list.rejected.csv"
    assert done.rejects.read_bytes().startswith(b"\xef\xbb\xbf")
    found = table(done.rejects)
    assert found[0] == ["Name", "Other", "Cover", "Phone", "Problems"]
    assert found[1][:4] == ["B", '\'=HYPERLINK("x")', "sometimes", "'+44 1823 259444"]
    assert found[2][:4] == ["C", "'+1", "never", "01823259444"]
    assert "sometimes" in found[1][4]
    assert len(found) == 3


def test_corrected_rows_come_in_from_the_file_of_rejects(home: OpenHome, tmp_path: Path) -> None:
    done = take(home, tmp_path, "contact", "Name,Cover,Phone\nB,sometimes,+44 1823 259444\nC,x,\n")
    assert done.rejects is not None
    again = look(home, "contact", done.rejects.read_bytes())
    assert counts(again) == (0, 0, 0, 2)
    assert again.columns.unused == ()
    mended = done.rejects.read_bytes().replace(b"sometimes", b"both")
    plan = look(home, "contact", mended)
    assert counts(plan) == (1, 0, 0, 1)
    left = importing.carry_out(home, plan, beside=done.rejects).rejects
    # somebody may still be correcting the first one
    assert left == tmp_path / "list.rejected 2.csv"
    assert table(left)[0] == ["Name", "Cover", "Phone", "Problems"]
    assert [row[0] for row in table(left)[1:]] == ["C"]
    (added,) = all_of(home, "contact")
    assert added.phone == "+44 1823 259444"


def test_the_same_rejects_are_written_once_and_nothing_is_written_over(
    home: OpenHome, tmp_path: Path
) -> None:
    text = "Name,Cover\nB,sometimes\n"
    first = take(home, tmp_path, "contact", text).rejects
    assert take(home, tmp_path, "contact", text).rejects == first
    assert first is not None
    first.write_text("somebody's work", encoding="utf-8")
    (tmp_path / "list.rejected 2.csv").mkdir()
    assert take(home, tmp_path, "contact", text).rejects == tmp_path / "list.rejected 3.csv"
    assert first.read_text(encoding="utf-8") == "somebody's work"


def test_without_headings_the_rejects_have_none_and_are_read_the_same_way(
    home: OpenHome, tmp_path: Path
) -> None:
    wishes = {"has_headings": False, "columns": (("1", "name"), ("3", "cover"))}
    done = take(home, tmp_path, "contact", "A;x;both\nB;y;sometimes;z\nC;;never\n", **wishes)
    assert done.rejects is not None
    found = table(done.rejects, ";")
    assert [row[:4] for row in found] == [["B", "y", "sometimes", "z"], ["C", "", "never", ""]]
    mended = done.rejects.read_bytes().replace(b";sometimes;", b";both;")
    assert counts(look(home, "contact", mended, **wishes)) == (1, 0, 0, 1)


def test_a_row_with_too_many_cells_is_still_refused_when_nobody_corrected_it(
    home: OpenHome, tmp_path: Path
) -> None:
    done = take(home, tmp_path, "contact", "Name,Phone\nPatel, Sarah,1\nHill,2\n")
    assert done.rejects is not None
    (heading, row) = table(done.rejects)
    assert heading == ["Name", "Phone", "Problems"]
    assert (row[0], row[1], row[3]) == ("Patel", "Sarah", "1")
    again = take(home, tmp_path, "contact", done.rejects.read_bytes())
    assert counts(again.plan) == (0, 0, 0, 1)
    assert again.rejects is not None
    (heading, row) = table(again.rejects)
    assert heading == ["Name", "Phone", "Problems"]
    assert (row[0], row[1], row[3]) == ("Patel", "Sarah", "1")


def test_a_row_with_a_bad_quote_is_kept_where_it_can_be_corrected(
    home: OpenHome, tmp_path: Path
) -> None:
    done = take(home, tmp_path, "contact", 'Name,Phone\n"Patel,1\nHill,2\n')
    assert done.rejects is not None
    assert table(done.rejects)[1][:2] == ['"Patel', "1"]


def test_no_field_is_called_like_the_column_of_problems() -> None:
    for spec in all_specs().values():
        if spec.cls is not None:
            heading = problems_heading(spec).casefold()
            assert heading not in {field.label.casefold() for field in spec.fields}
            assert heading not in {field.name for field in spec.fields}
    assert problems_heading(all_specs()["contact"]) == "Problems"
    assert problems_heading(all_specs()["transfer"]) == "What to correct"


@pytest.mark.parametrize(
    "name", ["contacts.csv", "contacts.rejected.csv", "contacts.rejected 7.csv"]
)
def test_rejects_are_named_after_the_first_file(home: OpenHome, tmp_path: Path, name: str) -> None:
    plan = look(home, "contact", "Name,Cover\nB,sometimes\n")
    done = importing.carry_out(home, plan, beside=tmp_path / name)
    assert done.rejects == tmp_path / "contacts.rejected.csv"
