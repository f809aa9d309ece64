"""Two real windows follow each other through an object store, from its address to a move and back.

Mouse and keyboard only: the office types and pastes the way to the store, the other PC is given the
invitation's file and nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.end_to_end.program import admit
from tests.end_to_end.stage import (
    NURSES,
    UP_TO_DATE,
    Stage,
    exchange,
    open_other_pcs,
)
from tests.end_to_end.test_story import save_as

if TYPE_CHECKING:
    from tests.end_to_end.program import Program
    from tests.sync.real_store import Switched

ADDRESS: Final = "Address of the store"
_FOLDER: Final = "larkfield"
_BUCKET: Final = "homes"
_REGION: Final = "eu-west-2"
_TESTING: Final = "Test it, and meet there"
NEWCOMERS: Final = (
    "Abigail Crewe",
    "Bernard Fosse",
    "Cora Nightingale",
    "Dilys Pugh",
    "Edgar Lowe",
)
_WAITS: Final = "Saved here, 1 to send"
GONE: Final = "Other PCs not reached"
_SHARE: Final = "Larkfield shared"


def play(stage: Stage, power: Switched) -> None:
    """Play it from a home on one PC to a move to a folder and back."""
    office = stage.start_office()
    office.find("Use an online store")
    stage.shoot(office, "office 1 alone")
    set_up(stage, office, power, wrong_first=True)
    invitation = invite(stage, office)
    nurses = join(stage, office, invitation)
    follow(stage, office, nurses)
    without(stage, office, nurses, power)
    move(stage, office, nurses, power)


def fill_in(window: Program, power: Switched, *, secret: str = "") -> None:
    """Fill in the way to the store; the key is pasted, as it is handed out."""
    window.fill(ADDRESS, f"{power.store.endpoint}/{_BUCKET}/{_FOLDER}")
    # on with Tab, as somebody types: what is further down comes into sight
    window.screen.key("Tab")
    window.paste("Access key", power.store.key.access)
    window.screen.key("Tab")
    window.paste("Secret key", secret or power.store.key.secret, secret=True)
    window.screen.key("Tab")
    window.typing_in("Region")
    window.screen.key("ctrl+a")
    window.screen.type(_REGION)
    window.holds("Region", _REGION)


def set_up(stage: Stage, office: Program, power: Switched, *, wrong_first: bool = False) -> None:
    """Let the office meet other PCs in the store."""
    office.click("Use an online store")
    if wrong_first:
        fill_in(office, power, secret=power.store.key.secret[::-1])
        stage.shoot(office, "office 2 filled in")
        office.click(_TESTING)
        office.sees("The store did not pass the test.")
        stage.shoot(office, "office 3 wrong key")
    fill_in(office, power)
    office.click(_TESTING)
    office.sees("Tested: this PC meets the others")
    office.find(UP_TO_DATE)
    stage.shoot(office, "office 4 tested")


def invite(stage: Stage, office: Program) -> Path:
    """Save an invitation as a file; return it."""
    file = stage.root / "Invitation to Liaison.json"
    office.click("Make an invitation")
    office.click("Save it as a file")
    save_as(office, file)
    office.sees("The invitation is in")
    stage.shoot(office, f"{NURSES} 1 invited")
    return file


def join(stage: Stage, office: Program, invitation: Path) -> Program:
    """Let the second PC join with the invitation's file; nothing is typed of the store."""
    new = stage.start(NURSES, "--home", str(stage.home_of(NURSES)))
    new.click("Join a home that exists")
    new.fill("The invitation's file", str(invitation))
    new.sees("The invitation says where the PCs meet: nothing to type.")
    assert not any(part["name"].startswith(ADDRESS) for part in new.look())
    new.fill("What to call this PC", NURSES)
    stage.shoot(new, f"{NURSES} 2 asks")
    new.click("Ask to join")
    stage.let_in(office, new, NURSES)
    office.sees("it still holds the key to the store")
    return new


def see(here: Program, there: Program, name: str) -> None:
    """See in one window, once it has fetched, whom the other one has recorded."""
    # after a save the header speaks of that first, until it was sent by itself
    there.find(UP_TO_DATE)
    exchange(here)
    here.click("Residents")
    here.sees(name)


def follow(stage: Stage, office: Program, nurses: Program) -> None:
    """Let each window show what was recorded in the other."""
    for there, here, name in ((nurses, office, NEWCOMERS[0]), (office, nurses, NEWCOMERS[1])):
        admit(there, name)
        see(here, there, name)
        stage.shoot(here, f"followed {name}")
    nurses.click(UP_TO_DATE)
    nurses.sees("Your work is safe")
    stage.shoot(nurses, "followed 3 status")
    nurses.screen.key("Escape")


def without(stage: Stage, office: Program, nurses: Program, power: Switched) -> None:
    """Go on while the store is away, and catch up once it is there again."""
    power.off()
    admit(nurses, NEWCOMERS[2])
    # in its own time: what waits after a save is sent by itself, and the store is asked four times
    nurses.find(_WAITS)
    nurses.click(_WAITS)
    nurses.sees("Your work is saved here")
    nurses.sees("Nothing answers at the address of the store.")
    stage.shoot(nurses, "away 1 nurses")
    # as soon as it is asked for; the words come when the store was asked four times
    office.click(UP_TO_DATE)
    office.click("Send and fetch now")
    office.screen.key("Escape")
    office.find(GONE)
    stage.shoot(office, "away 2 office")
    power.on()
    exchange(nurses, _WAITS)
    nurses.find(UP_TO_DATE)
    stage.shoot(nurses, "away 3 caught up")
    exchange(office, GONE)
    office.click("Residents")
    office.sees(NEWCOMERS[2])
    stage.shoot(office, "away 4 office has it")


def move(stage: Stage, office: Program, nurses: Program, power: Switched) -> None:
    """Move from the store to a folder, and back."""
    share = stage.root / _SHARE
    share.mkdir()
    for window in (office, nurses):
        open_other_pcs(window)
    for window, name in ((office, "office"), (nurses, "nurses")):
        window.click("Use a shared folder")
        window.fill("The shared folder", str(share))
        window.click("Meet in this folder")
        window.find("Move: go by both for now")
        stage.shoot(window, f"moves 1 {name} is asked")
        window.click("Move: go by both for now")
        window.sees("This PC meets the others in")
        stage.shoot(window, f"moves 2 {name} goes by both")
        if window is office:
            window.click("Leave the online store")
            window.find("Go by both")
            stage.shoot(window, "moves 3 who would be left")
            window.click("Go by both")
    for window in (office, nurses):
        exchange(window)
    for window in (office, nurses):
        window.click("Leave the online store")
        window.click("Leave the store")
        window.sees("alone now.")
    stage.shoot(nurses, "moves 4 in the folder")
    # nothing can come through the store now
    power.off()
    admit(nurses, NEWCOMERS[3])
    see(office, nurses, NEWCOMERS[3])
    stage.shoot(office, "moves 5 through the folder")
    power.on()
    for window, name in ((office, "office"), (nurses, "nurses")):
        open_other_pcs(window)
        window.click("Use an online store")
        fill_in(window, power)
        window.click(_TESTING)
        window.click("Move: go by both for now")
        window.sees("Tested: this PC meets the others")
        stage.shoot(window, f"back 1 {name} goes by both")
    for window in (office, nurses):
        exchange(window)
    for window, name in ((office, "office"), (nurses, "nurses")):
        window.click("Leave the shared folder")
        window.click("Leave the folder")
        window.sees("alone now.")
        stage.shoot(window, f"back 2 {name} in the store")
    share.rename(stage.root / "taken away")
    admit(office, NEWCOMERS[4])
    see(nurses, office, NEWCOMERS[4])
    stage.shoot(nurses, "back 3 through the store")
