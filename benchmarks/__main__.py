"""``python -m benchmarks [--quick] [--json] [NAME ...]``: measure, and print a table or JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
import signal
import sys
import time
from collections.abc import Mapping
from typing import Final

from benchmarks import (
    auditing,
    demonstration,
    directory,
    files_in,
    importing,
    keeping,
    looping,
    matrices,
    merging,
    object_stores,
    opening,
    packs,
    paging,
    paper,
    reading_lists,
    rounds,
    saving,
    scrolling,
    searching,
    starting,
    switching,
    syncing,
    training,
    verifying,
    window,
)
from benchmarks.harness import Bench, Benchmark, Result
from benchmarks.homes import PREFIX, Homes

BENCHMARKS: Final[Mapping[str, Benchmark]] = {
    "save": saving.save_visit,
    "import": importing.save_organisations,
    "list": reading_lists.import_list,
    "practices": files_in.load_practices,
    "contacts": files_in.import_contacts,
    "workbook": files_in.read_workbook,
    "matrix-in": matrices.import_matrix,
    "return": matrices.write_workforce_return,
    "search": searching.search_while_typing,
    "page": paging.page_of_visits,
    "timeline": paging.timeline_of_resident,
    "loops": looping.open_loops,
    "agenda": rounds.agenda_of_round,
    "merge": merging.merge_changes,
    "verify": verifying.verify_changes,
    "audit": auditing.page_of_audit,
    "sync": syncing.take_in_segments,
    "sync-round": syncing.round_with_ten,
    "sync-idle": syncing.idle_round,
    "sync-fill": syncing.first_fill,
    "sync-bytes": syncing.bytes_a_change,
    "store": object_stores.segments_to_a_store,
    "store-list": object_stores.idle_list_of_a_store,
    "store-idle": object_stores.idle_round_over_a_store,
    "backup": keeping.back_up,
    "unlock": keeping.unlock,
    "paper": paper.visits_on_paper,
    "paper-memory": paper.memory,
    "pack": packs.whole_pack,
    "demo": demonstration.demonstration,
    "open": opening.open_and_show,
    "start": starting.start_to_door,
    "today": starting.unlock_to_today,
    "directory": directory.open_directory,
    "switch": switching.switch_person,
    "scroll": scrolling.scroll_list,
    "matrix": training.training_matrix,
    "gap": window.longest_gap,
    "text-size": window.text_size,
    "memory": window.memory,
}


def main() -> None:
    """Run the benchmarks asked for; only a benchmark that breaks fails the run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="fewer turns, some smaller homes")
    parser.add_argument("--json", action="store_true", help="print one JSON list")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - BENCHMARKS.keys():
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    # a run that is told to end deletes its homes too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The benchmarks were told to end."))
    started = time.perf_counter()
    results: list[Result] = []
    with Homes() as homes:
        if others := homes.others():
            words = f"{len(others)} other folders of benchmarks lie in {others[0].parent}: "
            print(f"{words}delete {PREFIX}* there if no other run goes on.", file=sys.stderr)
        bench = Bench(homes, arguments.quick)
        for name, run in BENCHMARKS.items():
            if arguments.names and name not in arguments.names:
                continue
            for result in run(bench):
                results.append(result)
                if not arguments.json:
                    _print(result, head=len(results) == 1)
    if arguments.json:
        json.dump([dataclasses.asdict(result) for result in results], sys.stdout, indent=2)
        print()
    else:
        print(f"{'the whole run':42} {_time(time.perf_counter() - started):>10}")


def _print(result: Result, *, head: bool) -> None:
    if head:
        print(f"{'':42} {'ours':>10} {'floor':>10} {'ratio':>6} {'reach':>6}")
    floor = "" if result.floor is None else _amount(result.floor, result.unit)
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    reach = "" if result.reach is None else f"{result.reach:.1f}"
    met = {True: "met", False: "MISSED", None: ""}[result.met]
    ours = _amount(result.ours, result.unit)
    line = f"{result.name:42} {ours:>10} {floor:>10} {ratio:>6} {reach:>6}  {met}"
    print(line.rstrip(), flush=True)


def _amount(number: float, unit: str) -> str:
    return _time(number) if unit == "s" else f"{number:.0f} {unit}"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.3f} ms"


if __name__ == "__main__":
    main()
