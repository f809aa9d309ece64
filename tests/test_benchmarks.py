"""The benchmarks run and tell what they measured; what they measured is never asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "benchmarks", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_benchmark_tells_its_numbers_as_json() -> None:
    done = benchmarks("--quick", "--json", "save")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    names = [result["name"] for result in results]
    assert names
    assert len(set(names)) == len(names)
    for result in results:
        assert list(result) == ["name", "ours", "floor", "ratio", "reach", "unit"]
        assert result["ours"] > 0
        for number in ("floor", "ratio", "reach"):
            assert result[number] is None or result[number] > 0


def test_an_unknown_benchmark_is_a_mistake_of_usage() -> None:
    done = benchmarks("nothing")
    assert done.returncode == 2
    assert "nothing" in done.stderr
    assert not done.stdout
