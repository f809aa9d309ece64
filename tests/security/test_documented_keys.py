"""Every step of the table in ``docs/security.md`` is played by tests that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[2]
_NAMED: Final = re.compile(r"`([a-z0-9_/]+\.py)::(test_\w+)`")
_STEPS: Final = 19


def test_each_step_names_a_test_that_there_is() -> None:
    text = (_ROOT / "docs" / "security.md").read_text("utf-8")
    table = text.split("## 5b. Every step of the keys")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == _STEPS
    for row in rows:
        named = _NAMED.findall(row)
        assert named, row
        for file, test in named:
            assert f"def {test}(" in (_ROOT / "tests" / file).read_text("utf-8"), test
