"""The inspection pack, against its sections one by one; and the window while one is made."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.harness import Bench, Result, check, compare, gap_of, loop_until, timed
from liaison.reports.spec import Printed
from liaison.security import Cost
from liaison.services import demo, homes, reporting
from liaison.services.reporting import pack
from liaison.store.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

    from liaison.services.homes import OpenHome

_REACH: Final = 1.1
_GAP_S: Final = 0.05
_PRINTED: Final = Printed(dt.datetime(2026, 11, 22, 10, 14, tzinfo=dt.UTC), "Sarah Whitcombe")
# nothing is measured here about passwords
_CHEAP: Final = Cost(memory_kib=8, passes=1, lanes=1)


def whole_pack(bench: Bench) -> Iterator[Result]:
    """The usual pack of a home of 32 beds over 12 months, against the sum of its sections.

    Ours reads and sets cover, contents, sections, abbreviations, counts and the integrity
    statement, with the check of the whole record. The floor makes each section as a report of its
    own, one after the other, and makes the same check. Beside it, the longest time the window's
    thread does not come back to its loop while such a pack is made; the median of the runs counts.
    """
    folder = bench.homes.folder() / "home"
    demo.make(folder, cost=_CHEAP)
    with homes.open_home(folder, None, demo.PASSWORD) as home:

        def ours() -> float:
            with timed() as watch:
                wanted = pack.wish(home.store)
                document = pack.SPEC.render(pack.gather_wish(home.store, wanted), _PRINTED)
            check(document.pages > len(wanted.sections), "the pack is too short")
            return watch.seconds

        name = "whole pack of 32 beds, 12 months"
        yield compare(name, _REACH, bench.turns(2, 15), ours, lambda: _sections(home))
    yield _gap(bench, folder)
    bench.homes.forget(folder)


def _sections(home: OpenHome) -> float:
    wanted = pack.wish(home.store)
    pages = 0
    with timed() as watch:
        for name in wanted.sections:
            spec = reporting.spec_of_report(name)
            takes = spec.parameters
            asked = reporting.ask(
                home.store,
                name,
                start=wanted.start if takes.period else None,
                end=wanted.end if takes.period else None,
            )
            facts = reporting.gather(home.store, name, asked)
            if name == "visits":
                facts = dataclasses.replace(facts, extract=True)
            if name == "scorecard":
                facts = dataclasses.replace(facts, in_full=pack.PARTNERS)
            pages += spec.render(facts, _PRINTED).pages
        report = verify(home.store)
    check(pages > len(wanted.sections), "the sections are too short")
    check(not report.damage, "the home is damaged")
    return watch.seconds


def _gap(bench: Bench, folder: Path) -> Result:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from liaison.settings import Settings
    from liaison.ui import theme
    from liaison.ui.desk import Desk, Person
    from liaison.ui.jobs import Jobs
    from liaison.ui.pages.pack import PackPage

    app = QApplication.instance() or QApplication([])
    check(isinstance(app, QApplication), "another kind of application is running")
    theme.install(app)  # type: ignore[arg-type]  # just looked at
    jobs = Jobs()
    wrong: list[object] = []
    jobs.trouble.connect(wrong.append)
    jobs.fault.connect(wrong.append)
    home = homes.open_home(folder, None, demo.PASSWORD)
    jobs.attach(home)
    page = PackPage(Desk(jobs, Person(home.person, "Helen Marsh", "manager"), Settings()))
    made: list[object] = []
    page.making.made.connect(lambda document, _: made.append(document))
    page.resize(1366, 768)
    page.show()
    loop_until(lambda: jobs.is_idle)

    def make() -> None:
        before = len(made)
        page.make()
        loop_until(lambda: len(made) > before or bool(wrong))
        check(not wrong, f"the window is in trouble: {wrong}")

    # the child process starts once a day
    make()
    gap = median(gap_of(make) for _ in range(bench.turns(3, 9)))
    page.hide()
    jobs.close()
    page.deleteLater()
    return Result("longest gap while a pack is made", gap, _GAP_S, gap / _GAP_S, 1.0)
