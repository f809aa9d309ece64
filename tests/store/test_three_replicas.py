"""Whatever three PCs do, in whatever order it reaches them: in the end they show the same.

``--full-faults`` does 200 runs. A run that fails says its seed; ``do(seed, ...)`` repeats it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from liaison.store import merge, projection
from liaison.store.changes import Change
from liaison.store.projection import Newest
from liaison.store.schema import quote
from tests.store.acts import ACTS
from tests.store.replicas import Disagreement, Run, templates
from tests.telling import told

STEPS = 110
SOME, ALL = 25, 200


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Make one empty home for each PC, to be copied for every run."""
    return templates(tmp_path_factory.mktemp("empty"))


def do(seed: int, empty: list[Path], folder: Path, steps: int = STEPS) -> Run:
    with told(f"seed {seed}"):
        run = Run(seed, empty, folder / str(seed))
        try:
            run.go(ACTS, steps)
        finally:
            run.close()
    return run


def do_all(empty: list[Path], folder: Path, runs: int = ALL) -> Counter[str]:
    done: Counter[str] = Counter()
    for seed in range(runs):
        done.update(do(seed, empty, folder).done)
    return done


def test_three_pcs_that_get_everything_show_the_same_and_what_the_model_says(
    empty: list[Path],
    tmp_path: Path,
    full_faults: bool,  # noqa: FBT001  # a fixture
) -> None:
    done = do_all(empty, tmp_path, ALL if full_faults else SOME)
    # a run in which something never happens proves nothing of it
    assert len(done) == 15
    assert min(done.values()) >= 3, done


# ---- each deliberate break of merge is caught

Project = Callable[..., None]
_project = projection.project
_births = projection._births


def forget_what_was_replaced_early(_connection: Any, heads: list[Any]) -> list[Any]:
    return heads


def show_what_came_last(
    connection: Any, type_name: str, field: str, rows: Sequence[Newest]
) -> None:
    for rec, _, value in rows:
        connection.execute(
            f"UPDATE {quote(type_name)} SET {quote(field)} = ? WHERE id = ?", (value, rec)
        )


def leave_edits_that_waited(_connection: Any, _births: Sequence[Change]) -> None:
    pass


def replace_every_version(connection: Any, changes: Iterable[Change], *, ours: bool) -> None:
    changes = list(changes)
    for change in changes:
        for field in change.fields:
            connection.execute(
                "DELETE FROM field_version WHERE rec = ? AND field = ? AND stamp < ?",
                (change.rec, field, change.stamp),
            )
    _project(connection, changes, ours=ours)


def let_a_second_birth_replace_the_first(
    connection: Any, changes: Iterable[Change], *, ours: bool
) -> None:
    changes = list(changes)
    for change in changes:
        if change.is_derived_birth:
            connection.execute("DELETE FROM field_version WHERE rec = ?", (change.rec,))
    _project(connection, changes, ours=ours)


def pass_a_second_birth_over(connection: Any, changes: Sequence[Change], **how: bool) -> set[int]:
    """Treat every birth as the first: what a later one says of the record is not shown."""
    _births(connection, changes, **how)
    return {change.stamp for change in changes if change.op in {"birth", "event"}}


BREAKS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "what was replaced before it came is taken for current": (
        projection, "_not_replaced_early", forget_what_was_replaced_early,
    ),
    "what came last is shown, not what is newest": (
        projection, "_write_column", show_what_came_last,
    ),
    "edits that waited for a birth are not put on it": (
        projection, "_overlay", leave_edits_that_waited,
    ),
    "all versions are replaced, not those the change stood on": (
        merge, "project", replace_every_version,
    ),
    "a record built twice forgets what was made of it before": (
        merge, "project", let_a_second_birth_replace_the_first,
    ),
    "of two births only the first that comes counts": (
        projection, "_births", pass_a_second_birth_over,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAKS)
def test_a_merge_that_is_broken_on_purpose_is_caught(
    what: str, empty: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, broken = BREAKS[what]
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(Disagreement):
        do_all(empty, tmp_path)
