"""Words every report needs."""

from __future__ import annotations

import pytest

from liaison.reports.kit.wording import per_cent


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 3, "0 %"),
        (1, 3, "33 %"),
        (5, 8, "63 %"),
        (1, 8, "13 %"),
        (299, 300, "99 %"),
        (300, 300, "100 %"),
    ],
)
def test_a_share_rounds_as_people_do_and_only_all_are_all(part: int, whole: int, said: str) -> None:
    assert per_cent(part, whole) == said
