"""Every report with the hardest things people type, and with nothing at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from liaison.errors import UserError
from liaison.records import Kind, all_specs
from liaison.reports.spec import Document, Printed
from liaison.services import homes, reporting
from liaison.services.homes import OpenHome
from tests import homes as made
from tests.reports.paper import assert_clean, assert_within_margins, opened, pages_of, text_of
from tests.services.reporting.planted import NOW, Planted, plant

_SCRIPTS = {
    "Welsh": "Siân Llŷr o Ynys Môn",
    "Polish": "Łukasz Żółkiewski",
    "Cyrillic": "Олена Марченко",
    "Greek": "Νίκος Παππάς",
    "Arabic": "محمد علي",
    "emoji": "smiling 😀 again",
    "markup": "<b>bold</b> & <img src='x'> {0} %s",
    "control": "be\x00fore\x07 \x1b[31mred\u202eder\u200b",
}
_LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff\x07\u202e " * 5
_NOTE = " ".join([*_SCRIPTS.values(), "Walked to the window and back with one person. " * 20])
_WORD = "x" * 200_000
#: About people of ours who are named in one line, or one at a time.
_SUBJECTS = {
    "timeline": "resident", "handover-sheet": "resident", "record-history": "resident",
    "concern-trail": "concern", "passport": "staff", "attendance-sheet": "session",
    "round-agenda": "round", "round-minutes": "round", "scorecard": "organisation",
}  # fmt: skip
#: Without a subject they are about the whole home.
_OF_ALL = {"scorecard"}
_HOLES_MM = 15
_PUNCH_MM = 60


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """A home whose every name is long and whose every note is in ten scripts; one has no end."""
    folder = tmp_path_factory.mktemp("hard") / "home"
    made.make(folder)[0].close()
    with homes.open_home(folder, None, made.PASSWORD, clock=lambda: NOW) as home:
        planted = plant(home)
        with home.unit() as unit:
            for type_name, identity in planted.ids.items():
                spec = all_specs()[type_name]
                loaded = home.store.load(type_name, identity)
                if loaded is None or spec.events:
                    continue
                words: dict[str, str] = {}
                for field in spec.fields:
                    if f"{type_name}.{field.name}" in planted.words and not field.many:
                        if field.kind is Kind.TEXT:
                            words[field.name] = _LONG_NAME
                        elif field.kind is Kind.NOTE:
                            words[field.name] = _NOTE
                if type_name == "visit_entry":
                    words |= {"raised": _WORD, "found": f"{_NOTE}\n" * 40}
                if type_name == "resident":
                    words["name"] = _LONG_NAME
                unit.save(loaded, _replaced(loaded.record, words))
        yield planted


def _replaced(record: Any, words: dict[str, str]) -> Any:
    return dataclasses.replace(record, **words)


@pytest.mark.parametrize("name", reporting.names())
def test_a_report_keeps_its_margins_whatever_was_typed(hard: Planted, name: str) -> None:
    document = hard.printed(name, _SUBJECTS.get(name, ""))
    assert_clean(document)
    assert_within_margins(document)
    _assert_clear_of_the_punch(document)
    said = text_of(document)
    for left in ("\x00", "\x07", "\x1b", "\u202e"):
        assert left not in said


def _assert_clear_of_the_punch(document: Document) -> None:
    """Assert that nothing stands where a page on its side is punched: at its upper edge."""
    with opened(document) as pdf:
        for number in range(len(pdf)):
            page = pdf[number]
            wide, high = page.get_size()
            if wide > high:
                unit = wide / 297
                text = page.get_textpage()
                middle = text.get_text_bounded(
                    left=wide / 2 - _PUNCH_MM * unit, right=wide / 2 + _PUNCH_MM * unit,
                    bottom=high - _HOLES_MM * unit, top=high,
                )  # fmt: skip
                text.close()
                assert not middle.strip(), f"page {number + 1}: {middle!r} would be punched out"
            page.close()


def test_every_script_and_sign_is_on_paper_as_it_was_typed(hard: Planted) -> None:
    said = text_of(hard.printed("visits", ""))
    for name in ("Welsh", "Polish", "Cyrillic", "Greek", "emoji", "markup"):
        assert _SCRIPTS[name] in said, name
    assert "محمد" in said or "دمحم" in said
    assert "[Shortened here: 200,000 letters were typed." in said
    assert "[31mredder" in said


def test_a_note_of_many_pages_repeats_whom_it_is_about_on_each(hard: Planted) -> None:
    pages = pages_of(hard.printed("visits", ""))
    long = [page for page in pages if "Walked to the window" in page]
    assert len(long) >= 10
    # on the last page there may be fewer lines than the name has
    assert all("Wolfeschlegel" in page for page in long[:-1])
    assert all("(continued)" in page for page in long[1:-1])


@pytest.mark.parametrize("name", reporting.names())
def test_with_nothing_recorded_a_report_says_so_or_is_refused_plainly(
    home: OpenHome, name: str
) -> None:
    asked = reporting.ask(home.store, name)
    if name in _SUBJECTS and name not in _OF_ALL:
        with pytest.raises(UserError) as refused:
            reporting.gather(home.store, name, asked)
        assert refused.value.code in {"no-subject", "no-round"}
        return
    facts = reporting.gather(home.store, name, asked)
    document = reporting.spec_of_report(name).render(facts, Printed(NOW, "Kate Morgan"))
    assert_clean(document)
    assert_within_margins(document)
    if name not in {"blank-forms", "audit-summary"}:
        said = text_of(document)
        assert any(word in said for word in ("othing", "No ", "no ", "Nobody", "None")), said
