"""Tries put together until somebody got through."""

from __future__ import annotations

import datetime as dt

from liaison.records.rules.reaching import Run, Try, runs

START = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)


def at(minutes: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def test_tries_without_an_answer_are_one_run_until_somebody_gets_through() -> None:
    tries = [
        Try("surgery", at(0), reached=False, waited=20, about=4),
        Try("surgery", at(30), reached=False, waited=5, out=True, about=7),
        Try("surgery", at(60), reached=True, waited=1),
        Try("surgery", at(90), reached=False, about=4),
    ]
    assert runs(reversed(tries)) == [
        Run("surgery", 2, 25, 1, at(0), at(30), (4, 7), at(60)),
        Run("surgery", 1, 0, 0, at(90), at(90), (4,)),
    ]


def test_one_that_gets_through_at_once_is_no_run_and_ends_nobody_elses() -> None:
    tries = [
        Try("nurse", at(0), reached=False),
        Try("surgery", at(1), reached=True),
        Try("nurse", at(2), reached=False),
    ]
    assert runs(tries) == [Run("nurse", 2, 0, 0, at(0), at(2))]
    assert runs([]) == []


def test_of_two_at_one_moment_the_answer_is_the_later() -> None:
    tries = [Try("nurse", at(0), reached=True), Try("nurse", at(0), reached=False)]
    assert runs(tries)[0].reached == at(0)
