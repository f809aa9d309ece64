"""Going through who is to be checked and who was not reached; what was last heard of somebody."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from liaison.records.casework import Referral
from liaison.records.directory import Contact, ContactAttempt, Organisation, Post
from liaison.services import editing
from liaison.services.homes import OpenHome
from liaison.store import query
from liaison.ui.desk import Desk
from liaison.ui.pages.directory import DirectoryPage, entries, facts
from liaison.ui.pages.directory.entries import FEW, NOT_REACHED, TO_CHECK
from liaison.ui.pages.directory.other_ways import OtherWays
from liaison.ui.parts.card import LinkButton
from liaison.ui.widgets import Explained, Tag
from tests.ui.pages.directory.test_page import read, rows, said, write
from tests.ui.parts.conftest import NOW, Heard, Ids


def add(home: OpenHome, record: object) -> int:
    return editing.add(home, record)[0]  # type: ignore[arg-type]  # records, all of them


def choose(qtbot: QtBot, page: DirectoryPage, which: str) -> None:
    chip = page.chips[which]
    qtbot.waitUntil(chip.isVisible)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)


# ---- to check


def test_the_list_to_check_is_gone_through_by_the_keyboard(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, heard: Heard, ids: Ids
) -> None:
    choose(qtbot, page, TO_CHECK)
    assert rows(page) == ["GP practice", "Meadow Lane Surgery", "Grace Adeyemi"]
    page.list.setFocus()
    assert page.card.record == ("organisation", ids.surgery)
    qtbot.keyClick(page.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: rows(page) == ["GP practice", "Grace Adeyemi"])
    assert page.card.record == ("contact", ids.grace)
    assert page.list.hasFocus()
    qtbot.waitUntil(lambda: "Grace Adeyemi" in said(page.card))
    qtbot.keyClick(page.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.done[TO_CHECK].isVisible)
    assert heard.said == [
        "Meadow Lane Surgery: checked today.",
        "Grace Adeyemi: checked today.",
    ]
    assert callable(heard.undo)
    heard.undo()
    qtbot.waitUntil(lambda: rows(page) == ["GP practice", "Grace Adeyemi"])


def test_a_carer_checks_nothing(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, heard: Heard, ids: Ids
) -> None:
    page.card._may_check = False
    qtbot.keyClick(page.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    surgery = read(qtbot, desk, lambda s: s.get("organisation", ids.surgery))
    assert surgery.last_checked is None
    assert heard.said == []


# ---- not reached


def test_who_was_tried_and_not_reached_is_listed_until_somebody_gets_through(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    assert page.chips[NOT_REACHED].isHidden()
    desk.open("contact", ids.grace)
    qtbot.waitUntil(lambda: "Grace Adeyemi" in said(page.card))
    qtbot.mouseClick(page.card.trying.missed, Qt.MouseButton.LeftButton)
    choose(qtbot, page, NOT_REACHED)
    assert rows(page) == ["GP practice", "Grace Adeyemi"]
    line = page.list.entries.index(1)
    qtbot.waitUntil(
        lambda: "Tried Wed 18 Nov 2026, 10:41, and not reached since." in said(page.card)
    )
    assert "Tried once, Wed 18 Nov 2026, 10:41" in line.data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.mouseClick(page.card.trying.reached, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.done[NOT_REACHED].isVisible)


def test_typing_about_an_attempt_goes_on_while_the_card_is_read_anew(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    with qtbot.waitSignal(page.card.shown):
        desk.open("contact", ids.grace)
    trying = page.card.trying
    with qtbot.waitSignal(trying.noted):
        qtbot.mouseClick(trying.missed, Qt.MouseButton.LeftButton)
    assert trying.fields is not None
    line = trying.fields.editor("waited").control
    line.setFocus()
    qtbot.keyClicks(line, "1")

    def change(home: OpenHome) -> None:
        loaded = home.store.load("contact", ids.grace)
        assert loaded is not None
        changed = dataclasses.replace(loaded.record, best_time="Before noon")  # type: ignore[call-arg]  # a contact
        editing.save(home, loaded, changed)

    write(qtbot, desk, change)
    qtbot.waitUntil(lambda: "Before noon" in said(page.card))
    focus = QApplication.focusWidget()
    assert focus is line
    qtbot.keyClicks(focus, "1")
    assert trying.fields.editor("waited").typed() == "11"
    assert trying.isVisible()


def test_the_buttons_outlive_a_card_that_says_nothing(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, ids: Ids
) -> None:
    page.show_record("contact", 12345)
    qtbot.waitUntil(lambda: "Not on this PC yet" in said(page.card))
    assert not page.card.trying.isVisible()
    page.show_record("contact", ids.grace)
    qtbot.waitUntil(page.card.trying.isVisible)
    page.show_record("service", ids.catheters)
    qtbot.waitUntil(lambda: "Whom to ask" in said(page.card))
    assert not page.card.trying.isVisible()


# ---- what was last heard


def facts_of(
    home: OpenHome, type_name: str, identity: int, role: str = "manager"
) -> facts.CardFacts:
    found = facts.card(home.store, type_name, identity, NOW, role)
    assert found is not None
    return found


def test_the_card_says_what_was_last_heard_of_them(home: OpenHome, ids: Ids) -> None:
    shown = facts_of(home, "contact", ids.grace).lately
    assert shown is not None
    assert [(one.label, one.link.words, one.words) for one in shown.heard] == [
        ("Last visit", "Wed 18 Nov 2026, 10:41", "Visit")
    ]
    add(home, ContactAttempt(at=NOW, contact=ids.grace, reached=True, waited=1, note="Asked."))
    wrong = add(home, ContactAttempt(at=NOW + dt.timedelta(1), contact=ids.grace, reached=False))
    record = home.store.get("contact_attempt", wrong)
    assert record is not None
    editing.strike(home, record, "Another number")
    shown = facts_of(home, "contact", ids.grace).lately
    assert shown is not None
    assert shown.heard[1].words == "got through after 1 minute: Asked."
    assert shown.tried == ""


def test_the_card_says_who_waits_to_be_seen_the_longest_first(home: OpenHome, ids: Ids) -> None:
    def sent(resident: int, days: int, **more: object) -> None:
        day = NOW.date() - dt.timedelta(days=days)
        referral = Referral(resident=resident, organisation=ids.surgery, sent=day, reason="Falls")
        add(home, dataclasses.replace(referral, **more))  # type: ignore[arg-type]  # by name

    sent(ids.other_dorothy, 1)
    sent(ids.dorothy, 9)
    sent(ids.dorothy, 30, first_seen=NOW.date())
    sent(ids.dorothy, 40, closed_on=NOW.date(), outcome="Well again")
    shown = facts_of(home, "organisation", ids.surgery).lately
    assert shown is not None
    first, second = shown.waiting
    assert first.words == "9 days, since Mon 9 Nov 2026"
    assert "12" in first.link.words
    assert second.words == "1 day, since Tue 17 Nov 2026"
    assert "7" in second.link.words
    assert shown.more_waiting == 0


def test_private_notes_are_for_those_who_may_read_them(home: OpenHome, ids: Ids) -> None:
    who = add(home, Contact(name="Ann Private", private_notes="Prefers texts.", named_link=True))
    assert facts_of(home, "contact", who).private == "Prefers texts."
    assert facts_of(home, "contact", who, "senior").private == "Prefers texts."
    assert facts_of(home, "contact", who, "carer").private == ""
    assert facts_of(home, "contact", who, "reader").private == ""


def test_private_notes_and_the_named_link_stand_on_the_card(
    qtbot: QtBot, desk: Desk, page: DirectoryPage
) -> None:
    added: list[int] = []
    record = Contact(name="Ann Private", private_notes="Prefers texts.", named_link=True)
    write(qtbot, desk, lambda home: added.append(add(home, record)))
    desk.open("contact", added[0])
    qtbot.waitUntil(
        lambda: any(part.text() == "Prefers texts." for part in page.card.findChildren(Explained))
    )
    assert "Our named link" in [tag.text() for tag in page.card.findChildren(Tag)]


def test_a_visit_is_opened_from_the_card(
    qtbot: QtBot, desk: Desk, page: DirectoryPage, heard: Heard, ids: Ids
) -> None:
    button = next(b for b in page.card.findChildren(LinkButton) if b.link.type == "visit")
    desk.opened.disconnect(page.show_record)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard.opened == [("visit", ids.visit)]


# ---- what the list begins with


@pytest.fixture
def large(home: OpenHome, ids: Ids) -> OpenHome:
    """More people and places than the list begins with."""
    kinds = ("GP practice", "hospital", "other")
    with home.unit() as unit:
        for number in range(3 * FEW):
            place = unit.add(Organisation(name=f"Place {number:03}", kind=kinds[number % 3]))
            person = unit.add(
                Contact(
                    name=f"Person {number:03}",
                    ask_about=(ids.catheters,) if number % 2 else (),
                )
            )
            unit.add(Post(contact=person, role="GP", organisation=place))
    return home


@pytest.mark.parametrize("by", ["kind", "need", "name"])
def test_a_large_list_begins_as_it_goes_on(large: OpenHome, by: str) -> None:
    some, every = entries.begin(large.store, by), entries.read(large.store)
    assert not some.complete
    assert every.complete
    assert 20 <= len(some.entries) <= 4 * FEW
    begun = [entry for group in some.grouped(some.entries, by) for entry in group.entries]
    whole = [entry for group in every.grouped(every.entries, by) for entry in group.entries]
    assert begun[:20] == whole[:20]


def test_a_small_list_is_read_whole_at_once(home: OpenHome) -> None:
    assert entries.begin(home.store, "kind") == entries.read(home.store)


def test_a_large_list_of_people_without_places_begins_by_name(home: OpenHome) -> None:
    for record in list(query.every(home.store, query.Query("organisation"))):
        editing.archive(home, record, "closed")
    with home.unit() as unit:
        for number in range(2 * FEW):
            unit.add(Contact(name=f"Person {number:03}"))
    for by in ("kind", "need"):
        some = entries.begin(home.store, by)
        assert len(some.entries) >= FEW or by == "need"


# ---- other ways


@pytest.mark.parametrize(
    ("role", "there"),
    [
        (
            "manager",
            [
                "Who do I ring?",
                "Add a practice from the NHS list ...",
                "Bring in a list ...",
                "What abbreviations mean",
                "Share, or take out ...",
            ],
        ),
        ("carer", ["Who do I ring?", "What abbreviations mean"]),
    ],
)
def test_the_menu_leads_where_this_person_may_go(
    qtbot: QtBot, desk: Desk, role: str, there: list[str]
) -> None:
    desk.person = dataclasses.replace(desk.person, role=role)
    went: list[str] = []
    desk.went.connect(lambda name, _: went.append(name))
    ways = OtherWays(desk)
    qtbot.addWidget(ways)
    actions = ways.menu_.actions()
    words = [action.text() for action in actions]
    assert words == there
    actions[words.index("What abbreviations mean")].trigger()
    assert went == ["glossary"]
