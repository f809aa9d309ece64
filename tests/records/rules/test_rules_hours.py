"""Domain rule 4: the Friday 18:00 rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liaison.errors import UserError
from liaison.records.rules.hours import hours_problem, out_of_hours
from liaison.records.rules.times import parse_time

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return parse_time(text, now=NOW)


@pytest.mark.parametrize(
    ("when", "out"),
    [
        pytest.param("Fri 6 Nov 2026 17:59:59", False, id="Friday before six"),
        pytest.param("Fri 6 Nov 2026 18:00", True, id="Friday at six"),
        pytest.param("Mon 9 Nov 2026 07:59:59", True, id="Monday before eight"),
        pytest.param("Mon 9 Nov 2026 08:00", False, id="Monday at eight"),
        pytest.param("Mon 9 Nov 2026 00:00", True, id="midnight"),
        pytest.param("Sat 7 Nov 2026 12:00", True, id="Saturday noon"),
        pytest.param("Sun 8 Nov 2026 12:00", True, id="Sunday noon"),
        pytest.param("Fri 25 Dec 2026 12:00", True, id="Christmas Day"),
        pytest.param("Mon 28 Dec 2026 12:00", True, id="substitute day"),
        pytest.param("Mon 6 Apr 2026 12:00", True, id="Easter Monday"),
        pytest.param("Thu 24 Dec 2026 12:00", False, id="Christmas Eve"),
        pytest.param("2026-06-01T07:30Z", False, id="summer, 08:30 on the wall"),
        pytest.param("2026-06-01T17:30Z", True, id="summer, 18:30 on the wall"),
        pytest.param("2026-12-01T17:30Z", False, id="winter, 17:30 on the wall"),
        pytest.param("2026-11-06T22:30+05:00", False, id="written with another offset"),
        pytest.param("2026-06-05T23:30Z", True, id="already Saturday on the wall"),
        pytest.param("Mon 26 Oct 2026 08:00", False, id="after the clocks went back"),
    ],
)
def test_out_of_hours(when: str, out: bool) -> None:  # noqa: FBT001
    assert out_of_hours(at(when)) is out


@pytest.mark.parametrize(
    ("hours_from", "hours_to", "when", "out"),
    [
        ("09:00", "17:30", "Mon 9 Nov 2026 08:59", True),
        ("09:00", "17:30", "Mon 9 Nov 2026 09:00", False),
        ("9:00", "17:30", "Mon 9 Nov 2026 17:30", True),
        ("00:00", "24:00", "Mon 9 Nov 2026 23:59:59", False),
        ("00:00", "24:00", "Sat 7 Nov 2026 12:00", True),
    ],
)
def test_the_hours_are_the_home_s_own(
    hours_from: str,
    hours_to: str,
    when: str,
    out: bool,  # noqa: FBT001
) -> None:
    assert hours_problem(hours_from, hours_to) is None
    assert out_of_hours(at(when), hours_from, hours_to) is out


@pytest.mark.parametrize(
    ("hours_from", "hours_to", "said"),
    [
        ("8am", "18:00", "“8am” is not a time of day"),
        ("08:00", "", "“” is not a time of day"),
        ("08:00", "24:01", "“24:01” is not a time of day"),
        ("08:60", "18:00", "“08:60” is not a time of day"),
        ("18:00", "08:00", "begin at 18:00 but end at 08:00"),
        ("08:00", "08:00", "not later"),
    ],
)
def test_unusable_hours_are_a_plain_error(hours_from: str, hours_to: str, said: str) -> None:
    assert said in (hours_problem(hours_from, hours_to) or "")
    with pytest.raises(UserError, match=said) as caught:
        out_of_hours(NOW, hours_from, hours_to)
    assert caught.value.code == "hours"


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        out_of_hours(datetime(2026, 11, 6, 18))  # noqa: DTZ001
