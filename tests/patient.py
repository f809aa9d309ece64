"""Waiting in tests: as long as a busy machine may need, by a clock that nobody sets."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.exceptions import TimeoutError as TookTooLong
from pytestqt.qtbot import QtBot

#: How long a test waits at the least for what it expects, in milliseconds. Waiting ends as soon
#: as it has come, so only a test that fails takes this long.
PATIENCE: Final = 60_000
_LOOKS_EVERY: Final = 3


class PatientBot(QtBot):
    """pytest-qt's driver, with more patience than its five seconds."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self._kept: list[QWidget] = []

    def addWidget(self, widget: QWidget, **other: Any) -> None:  # noqa: N802  # pytest-qt spells it so
        """Close a widget after the test, and keep it until then, as a window keeps its parts.

        Otherwise the test's own variable is the last to hold it, next to what its children's signals
        are connected to: a child that Qt deletes late then takes it along in the middle of its own
        end, and is deleted twice.
        """
        super().addWidget(widget, **other)
        self._kept.append(widget)

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:  # noqa: N802  # pytest-qt spells it so
        """Wait until something is so, by a clock that is never set.

        Args:
            callback: Says whether it is so; an assertion that fails means not yet.
            timeout: How long to wait, in milliseconds; less than ``PATIENCE`` counts as that.

        Raises:
            TookTooLong: It never was.
        """
        __tracebackhide__ = True
        end = time.monotonic() + max(timeout, PATIENCE) / 1000
        while True:
            refused: AssertionError | None = None
            try:
                answer = callback()
            except AssertionError as error:
                refused = error
            else:
                if answer not in {None, True, False}:
                    raise ValueError(f"waitUntil() was told {answer!r}, neither yes nor no")
                if answer is not False:
                    return
            if time.monotonic() > end:
                raise TookTooLong(f"It never was so: {callback!r}") from refused
            self.wait(_LOOKS_EVERY)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **other: Any) -> Any:  # noqa: N802  # pytest-qt spells it so
        """Wait for a signal: patiently, unless it is the proof that none comes."""
        patient = timeout if other.get("raising") is False else max(timeout, PATIENCE)
        return super().waitSignal(signal, timeout=patient, **other)

    def waitSignals(self, signals: Any, *, timeout: int = PATIENCE, **other: Any) -> Any:  # noqa: N802  # pytest-qt spells it so
        """Wait for several signals; how long is as for ``waitSignal``."""
        patient = timeout if other.get("raising") is False else max(timeout, PATIENCE)
        return super().waitSignals(signals, timeout=patient, **other)
