"""Packs that somebody put together once: kept on this PC by a name, to be made again at once.

They lie in this PC's settings, which are not encrypted: they hold names of sections and the name
somebody gave them, never anything of the home.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast, get_args

from liaison.errors import UserError
from liaison.reports.spec import Naming
from liaison.services.reporting.pack import FRAMEWORKS, Wish, fits

if TYPE_CHECKING:
    from liaison.settings import Settings

LONGEST_NAME: Final = 40
_VIEW: Final = "packs"
_SWITCHES: Final = 4


@dataclasses.dataclass(frozen=True, slots=True)
class Preset:
    """What a pack is made of, whatever its period.

    Args:
        sections: The reports, by their permanent names, in their order.
        framework: What they are ordered by.
        names: How residents are named.
        staff_initials: Whether staff are named by initials.
        every_visit: Whether every visit is listed.
    """

    sections: tuple[str, ...]
    framework: str = FRAMEWORKS[0]
    names: Naming = "full"
    staff_initials: bool = False
    every_visit: bool = False


def of(wanted: Wish) -> Preset:
    """Return what a pack is made of, without its period."""
    return Preset(
        wanted.sections, wanted.framework, wanted.names, wanted.staff_initials, wanted.every_visit
    )


def kept(settings: Settings) -> Mapping[str, Preset]:
    """Return the packs that are kept on this PC, by their names, in the order of the alphabet.

    A section that this version does not know is left out, and so is a pack of nothing else.
    """
    found = {
        name: preset
        for name, parts in settings.views.get(_VIEW, {}).items()
        if (preset := _read(parts)) is not None
    }
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def with_preset(settings: Settings, name: str, preset: Preset) -> Settings:
    """Return the settings with a pack; one of that name is replaced.

    Args:
        settings: The settings of this PC.
        name: What it is called.
        preset: What it is made of.

    Raises:
        UserError: It has no name, or too long a one.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise UserError(
            "A pack needs a name." if not name else "That name is too long.",
            kept="The pack was not kept.",
            do=f"Give it a name of up to {LONGEST_NAME} letters.",
            code="no-name",
        )
    parts = (
        preset.framework, preset.names, preset.staff_initials, preset.every_visit,
        *preset.sections,
    )  # fmt: skip
    return settings.with_view(_VIEW, {**settings.views.get(_VIEW, {}), name: parts})


def without_preset(settings: Settings, name: str) -> Settings:
    """Return the settings without a pack; the same if there is none of that name."""
    view = settings.views.get(_VIEW, {})
    return settings.with_view(_VIEW, {one: parts for one, parts in view.items() if one != name})


def named(settings: Settings, name: str) -> Preset:
    """Return a pack by its name, in any case.

    Raises:
        UserError: There is none; those there are, are listed.
    """
    known = kept(settings)
    for one, preset in known.items():
        if one.casefold() == name.strip().casefold():
            return preset
    raise UserError(
        f"No pack is kept on this PC as {name[:LONGEST_NAME]!r}.",
        kept="Nothing was printed.",
        do=f"There are: {', '.join(known)}." if known else "None is kept on this PC yet.",
        code="no-preset",
    )


def _read(parts: tuple[object, ...]) -> Preset | None:
    framework, names, staff, every = (*parts[:_SWITCHES], *[None] * _SWITCHES)[:_SWITCHES]
    possible = fits()
    sections = tuple(str(one) for one in parts[_SWITCHES:] if one in possible)
    if framework not in FRAMEWORKS or names not in get_args(Naming) or not sections:
        return None
    return Preset(sections, str(framework), cast("Naming", names), staff is True, every is True)
