"""Commands about the PCs of one home: listing, renaming, removing; ``pc`` has others beside it.

Letting a PC in is in ``invite_commands``, coming in with a new one in ``join_command``, and looking
through what a removed PC wrote in ``review_commands``.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import click

from liaison.cli import invite_commands, join_command, review_commands
from liaison.cli.session import Command, Group, Session
from liaison.cli.sync_commands import tell_others, trouble_lines
from liaison.records import ids
from liaison.records.rules import times
from liaison.services.pcs import naming, removing
from liaison.services.pcs.removing import Belonging

_KNOWS_THE_KEY: Final = (
    "It knows the key to the store: have the key changed there, and set the store up again with the",
    "new one on each PC (liaison sync setup s3).",
)


@click.group("pc", cls=Group)
def pc() -> None:
    """Let other PCs hold this home too: managers only."""


@pc.command("list", cls=Command)
@click.pass_obj
def list_pcs(session: Session) -> None:
    """List the PCs of this home."""
    home = session.open()
    found = removing.everyone(home)
    names = Counter(one.name for one in found)
    session.answer(
        [_as_json(one) for one in found],
        lambda: [
            # "pc remove" asks for the id where several have one name
            _line(one) + (f", {ids.to_text(one.id)}" if names[one.name] > 1 else "")
            for one in found
        ],
    )


@pc.command("rename", cls=Command)
@click.argument("name", metavar="NAME|ID")
@click.argument("new_name", metavar="NEW-NAME")
@click.pass_obj
def rename(session: Session, name: str, new_name: str) -> None:
    """Give a PC of this home another name."""
    home = session.open()
    which = removing.meant(home, name)
    called = naming.rename(home, which.id, new_name)
    session.answer(
        {"id": ids.to_text(which.id), "name": called},
        lambda: [f"{which.name} is called {called} now."],
    )


@pc.command("remove", cls=Command)
@click.argument("name", metavar="NAME|ID")
@click.option("--reason", required=True, help="Why, for the history.")
@click.pass_obj
def remove(session: Session, name: str, reason: str) -> None:
    """Remove a PC from this home: lost, stolen, given away.

    What it writes from then on counts nowhere. What it had fetched before stays on it.
    """
    home = session.open()
    which = removing.meant(home, name)
    removing.remove(home, which.id, reason)
    trouble = tell_others(home)
    session.answer(
        {"id": ids.to_text(which.id), "name": which.name, "sent": trouble is None},
        lambda: [
            f"{which.name} does not belong to this home any more.",
            *removing.CANNOT_TAKE_BACK,
            *(_KNOWS_THE_KEY if home.unlocked.vault.storage else ()),
            *trouble_lines(trouble),
        ],
    )


def _as_json(one: Belonging) -> dict[str, Any]:
    return {
        "id": ids.to_text(one.id),
        "name": one.name,
        "here": one.here,
        "joined": None if one.joined is None else times.to_iso(one.joined),
        "removed": None if one.removed is None else times.to_iso(one.removed),
        "heard": None if one.heard is None else times.to_iso(one.heard),
    }


def _line(one: Belonging) -> str:
    told = [one.name + (" (this PC)" if one.here else "")]
    if one.removed is not None:
        told.append(f"removed {times.show_time(one.removed)}")
    elif one.joined is not None:
        told.append(f"joined {times.show_time(one.joined)}")
    if one.belongs and not one.here and one.heard is not None:
        told.append(f"last heard of {times.show_time(one.heard)}")
    return ", ".join(told)


for command in (
    *invite_commands.COMMANDS, *join_command.COMMANDS, *review_commands.COMMANDS,
):  # fmt: skip
    pc.add_command(command)

COMMANDS: Final = (pc,)
