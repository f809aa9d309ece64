"""The whole way, by keyboard and mouse: from the first start to a visit on paper."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdfium2
import pytest

from tests.end_to_end.program import Program, admit
from tests.end_to_end.screen import Screen, until

HOME: Final = "Meadow View"
MANAGER: Final = "Kate Morgan"
PASSWORD: Final = "otter kettle seventeen lamp"
RESIDENT: Final = "Margaret Ellis"
CONTACT: Final = "Dr Asha Patel"
RAISED: Final = "Heels sore since Monday"
FOUND: Final = "Skin on both heels intact, cream as before"


@pytest.fixture
def screen() -> Iterator[Screen]:
    with Screen(1366, 768) as made:
        yield made


@pytest.fixture
def person(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of somebody on a PC that never had Liaison."""
    # the name of a local socket is at most 107 letters long: that of a test's folder can be more
    with tempfile.TemporaryDirectory() as temporary:
        yield {**folders_below(tmp_path), "TMPDIR": temporary}


def folders_below(tmp_path: Path) -> dict[str, str]:
    folders = {
        "HOME": tmp_path / "person",
        "XDG_CONFIG_HOME": tmp_path / "config",
        "XDG_DATA_HOME": tmp_path / "data",
        "XDG_STATE_HOME": tmp_path / "state",
        "XDG_CACHE_HOME": tmp_path / "cache",
        "XDG_RUNTIME_DIR": tmp_path / "runtime",
    }
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    return {name: str(folder) for name, folder in folders.items()}


def test_from_the_first_start_to_a_visit_on_paper(
    screen: Screen, person: dict[str, str], tmp_path: Path
) -> None:
    with Program(screen, **person) as program:
        set_up(program, tmp_path / "sheet.pdf")
        admit(program, RESIDENT)
        add_contact(program)
        record_visit(program)
        close(program)
    with Program(screen, **person) as program:
        unlock(program)
        find_by_search(program)
        save_report(program, tmp_path / "visits.pdf")
        second_start_raises_the_first(program, person, tmp_path / "another")
        begin_visit(program)
        program.kill()
    with Program(screen, **person) as program:
        unlock(program)
        go_on_with_draft(program)
        close(program)


def set_up(program: Program, sheet: Path) -> None:
    screen = program.screen
    program.find("Name of the home", typed_in=True)
    screen.window("Liaison")
    program.fill("Name of the home", HOME)
    screen.key("Tab")
    program.typing_in("Your name")
    screen.type(MANAGER)
    program.holds("Your name", MANAGER)
    screen.key("Return")
    program.fill("Password", PASSWORD, secret=True)
    screen.key("Return")
    program.typing_in("Type it again")
    screen.type(PASSWORD)
    screen.key("Return")
    program.click("Save to a USB stick")
    save_as(program, sheet)
    program.sees("Saved as")
    blocks = dict(re.findall(r"(?m)^(\d)\s+([0-9A-Z]{2,4})\s*$", text_of(sheet)))
    assert len(blocks) == 9
    asked = [n for n in blocks if any(part["name"] == f"Block {n}" for part in program.look())]
    assert len(asked) == 2
    for number in asked:
        program.fill(f"Block {number}", blocks[number])
    program.click("One copy is in the safe")
    program.click("Continue")
    program.click("Open Today")
    program.find("Residents")


def save_as(program: Program, path: Path) -> None:
    program.fill("File name", str(path))
    program.screen.key("Return")


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return "\n".join(pages).replace("\r", "")


def add_contact(program: Program) -> None:
    program.click("Directory")
    program.click("Add a contact")
    program.typing_in("Name")
    program.screen.type(CONTACT)
    program.holds("Name", CONTACT)
    program.click("Save contact")
    program.sees(f"{CONTACT} saved.")


def record_visit(program: Program) -> None:
    screen = program.screen
    program.click("Today")
    program.click("Record a visit")
    program.typing_in("Who came")
    screen.type("asha")
    program.find(CONTACT, role="ListItem")
    screen.key("Return")
    program.typing_in("Arrived")
    screen.type("0:05")
    screen.key("Return")
    program.typing_in("Left")
    note(program, RAISED)
    screen.key("Tab")
    program.typing_in("What was found")
    screen.type(FOUND)
    program.holds("What was found", FOUND)
    screen.key("ctrl+s")
    program.sees("Visit saved.")
    program.sees(f"What they found and advised: {FOUND}")


def note(program: Program, raised: str) -> None:
    """Open a note about the resident and type what was raised."""
    program.screen.key("ctrl+r")
    program.typing_in("Add a resident")
    program.screen.type("marg")
    program.find(RESIDENT, role="ListItem")
    program.screen.key("Return")
    program.typing_in("What was raised")
    program.screen.type(raised)
    program.holds("What was raised", raised)


def close(program: Program) -> None:
    """Close the window; nothing is asked."""
    program.screen.close(HOME)
    assert program.ended() == 0


def unlock(program: Program) -> None:
    program.find("Password", typed_in=True)
    program.screen.window("Liaison")
    program.fill("Password", PASSWORD, secret=True)
    program.screen.key("Return")
    program.find("Residents")


def find_by_search(program: Program) -> None:
    program.screen.key("ctrl+k")
    program.typing_in("Search")
    program.screen.type("heels inta")
    program.find(RESIDENT, role="ListItem")
    program.screen.key("Return")
    program.sees(f"What they found and advised: {FOUND}")


def save_report(program: Program, path: Path) -> None:
    program.click("Reports")
    program.sees("Visits, 1 page.")
    program.click("Save as PDF")
    save_as(program, path)
    program.sees("Saved as visits.pdf, 1 page.")
    text = " ".join(text_of(path).split())
    for words in (HOME, RESIDENT, CONTACT, RAISED, FOUND):
        assert words in text


def second_start_raises_the_first(
    program: Program, person: dict[str, str], elsewhere: Path
) -> None:
    screen = program.screen
    ours = screen.window(HOME)
    with Program(screen, "--home", str(elsewhere), **person) as other:
        other.find("Name of the home", typed_in=True)
        until(lambda: screen.on_top() != ours, "another window over ours")
        with Program(screen, **person) as second:
            assert second.ended() == 0
        until(lambda: screen.on_top() == ours, "our window in front")
    screen.window(HOME)
    program.click("Today")


def begin_visit(program: Program) -> None:
    program.click("Record a visit")
    program.typing_in("Who came")
    note(program, RAISED[::-1])
    program.sees("Draft kept on this PC")


def go_on_with_draft(program: Program) -> None:
    program.click("Record a visit")
    program.click("Go on with")
    program.holds("What was raised", RAISED[::-1])
