"""Work done a step ahead: by a process of its own, while this one is busy with the step before."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def ahead(make: Callable[_P, Iterator[_T]], *args: _P.args, **kwargs: _P.kwargs) -> Iterator[_T]:
    """Return what a generator gives, each step made while the one before is worked on.

    Args:
        make: The generator's function, found by its name in its module.
        args: What it is given; all of it, and all it gives, is pickled.
        kwargs: The same, by name.

    Yields:
        What it gives.

    Raises:
        EOFError: The process broke off; it has said why.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.ahead"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None  # both were asked for
        assert process.stdout is not None
        pickle.dump((make, args, kwargs), process.stdin)
        process.stdin.close()
        while step := pickle.load(process.stdout):  # noqa: S301  # our own process
            yield step[0]


def _make() -> None:
    make, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the process above
    for step in make(*args, **kwargs):
        pickle.dump((step,), sys.stdout.buffer)
        sys.stdout.buffer.flush()
    pickle.dump((), sys.stdout.buffer)


if __name__ == "__main__":
    _make()
