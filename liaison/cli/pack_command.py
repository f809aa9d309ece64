"""The pack command: reports bound together for an inspector, as one PDF file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from liaison import settings
from liaison.cli.days import day_of
from liaison.cli.progress import progress
from liaison.cli.session import FILE, Command, Session
from liaison.reports.spec import Naming
from liaison.services import reporting
from liaison.services.reporting import pack as packs
from liaison.services.reporting import pack_presets


@click.command(cls=Command)
@click.option("--out", type=FILE, metavar="FILE", help="The PDF file.")
@click.option("--from", "start", metavar="DAY", help="First day; 12 months before the last.")
@click.option("--to", "end", metavar="DAY", help="Last day; today.")
@click.option(
    "--section", "sections", multiple=True, metavar="REPORT",
    help="A report it holds; repeat it, in the order they are to be in.",
)  # fmt: skip
@click.option(
    "--framework", type=click.Choice(packs.FRAMEWORKS), help="What the sections are ordered by."
)
@click.option(
    "--item", "items", multiple=True, metavar="ITEM",
    help="Only what answers this item of the framework, such as safe; repeat it.",
)  # fmt: skip
@click.option(
    "--names",
    type=click.Choice(["full", "initials", "letters"]),
    help="How residents are named; letters: Resident A, Resident B.",
)
@click.option("--staff-initials", is_flag=True, help="Staff by their initials too.")
@click.option(
    "--every-visit", is_flag=True,
    help="List every visit, not only those that changed a plan or left something open.",
)  # fmt: skip
@click.option("--no-check", is_flag=True, help="Do not check the whole record first.")
@click.option("--preset", metavar="NAME", help="As it was kept on this PC under this name.")
@click.option("--keep-as", metavar="NAME", help="Keep what it is made of under this name.")
@click.option("--list", "listing", is_flag=True, help="List sections, items and kept packs.")
@click.option(
    "--password-out", type=FILE, metavar="FILE",
    help="Protect it, and write its password to this new file.",
)  # fmt: skip
@click.pass_obj
def pack(  # noqa: PLR0917  # one for each option
    session: Session,
    out: Path | None,
    start: str | None,
    end: str | None,
    sections: tuple[str, ...],
    framework: str | None,
    items: tuple[str, ...],
    names: Naming | None,
    staff_initials: bool,  # noqa: FBT001  # click passes flags so
    every_visit: bool,  # noqa: FBT001  # click passes flags so
    no_check: bool,  # noqa: FBT001  # click passes flags so
    preset: str | None,
    keep_as: str | None,
    listing: bool,  # noqa: FBT001  # click passes flags so
    password_out: Path | None,
) -> None:
    """Write an inspection pack to a PDF file.

    It has a cover, contents, the chosen reports, and what the record can and cannot show. A file of that name is replaced, whole or not at all.
    """
    remembered = settings.read_settings(settings.settings_file())
    if listing:
        _list(session, remembered, framework or packs.FRAMEWORKS[0])
        return
    context = click.get_current_context()
    if out is None:
        raise click.UsageError("Say --out FILE. --list lists the sections.", context)
    if items and (sections or preset):
        raise click.UsageError("Say either --item, or --section or --preset.", context)
    # before the home is opened: a name that is wrong needs no password
    made_of = None if preset is None else pack_presets.named(remembered, preset)
    for name in sections:
        reporting.spec_of_report(name)
    home = session.open()
    wanted = packs.wish(
        home.store,
        start=day_of(home.store, start, "--from"),
        end=day_of(home.store, end, "--to"),
        sections=sections or (made_of.sections if made_of else None),
        framework_name=framework or (made_of.framework if made_of else packs.FRAMEWORKS[0]),
        items=items,
        names=names or (made_of.names if made_of else "full"),
        staff_initials=staff_initials or (made_of is not None and made_of.staff_initials),
        every_visit=every_visit or (made_of is not None and made_of.every_visit),
        check=not no_check,
    )
    if keep_as is not None:
        remembered = pack_presets.with_preset(remembered, keep_as, pack_presets.of(wanted))
    with progress() as tell:
        written = packs.write(home, wanted, out, password_file=password_out, progress=tell)
    if keep_as is not None:
        settings.write_settings(settings.settings_file(), remembered)
    lines = [f"{packs.SPEC.title}, {written.pages:,} pages: {written.file}"]
    if written.password_file is not None:
        lines.append(f"Its password is in {written.password_file}.")
    session.answer(
        {
            "pages": written.pages,
            "file": str(written.file),
            "sha256": written.sha256,
            "sections": list(wanted.sections),
        },
        lambda: lines,
    )


def _list(session: Session, remembered: settings.Settings, framework: str) -> None:
    specs = [reporting.spec_of_report(name) for name in packs.fits()]
    items = packs.framework(framework).items
    kept = pack_presets.kept(remembered)
    document: dict[str, Any] = {
        "sections": [{"name": spec.name, "title": spec.title} for spec in specs],
        "items": [
            {"item": item.item, "label": item.label, "sections": list(item.reports)}
            for item in items
        ],
        "presets": {name: list(preset.sections) for name, preset in kept.items()},
    }

    def words() -> list[str]:
        wide = max(len(item.item) for item in items) + 2
        lines = ["Sections", *(f"  {spec.name:<18}{spec.title}" for spec in specs)]
        lines += ["", packs.framework(framework).framework]
        lines += [
            f"  {item.item:<{wide}}{item.label}: {', '.join(item.reports) or 'nothing'}"
            for item in items
        ]
        lines += ["", "Kept on this PC" if kept else "No pack is kept on this PC."]
        return [*lines, *(f"  {name}: {', '.join(one.sections)}" for name, one in kept.items())]

    session.answer(document, words)


COMMANDS: Final = (pack,)
