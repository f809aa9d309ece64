"""Start Liaison as a person does, and tell a test where on the screen each named control is.

It is what a screen reader sees: the names, roles and places of the accessibility tree. One line on
standard input asks for it, one line of JSON on standard output answers. A line with a path asks
for a picture of the screen as well. The program itself is started unchanged.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication


def seen(interface: QAccessibleInterface) -> Iterator[dict[str, Any]]:
    """Walk what is visible below a part of the window."""
    state = interface.state()
    if state.invisible:
        return
    place = interface.rect()
    yield {
        "role": interface.role().name,
        "name": interface.text(QAccessible.Text.Name),
        "value": interface.text(QAccessible.Text.Value),
        "says": interface.text(QAccessible.Text.Description),
        "focused": bool(state.focused),
        "disabled": bool(state.disabled),
        "checked": bool(state.checked),
        "place": [place.x(), place.y(), place.width(), place.height()],
    }
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child.isValid():
            yield from seen(child)


class Watcher(QObject):
    """Answers on the thread of the window."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def _answer(self, picture: str) -> None:
        # as a screen reader does: else a list that changes is told as it was, or not at all. Each
        # time, as what Qt finds on its start turns it off again
        QAccessible.setActive(True)
        if picture:
            QApplication.primaryScreen().grabWindow(0).save(picture)
        tree = [
            part
            for window in QApplication.topLevelWidgets()
            if window.isVisible()
            for part in seen(QAccessible.queryAccessibleInterface(window))
        ]
        print(json.dumps(tree), flush=True)  # noqa: T201  # this is the answer

    def listen(self) -> None:
        """Wait for questions, on a thread of its own."""
        for line in sys.stdin:
            self.asked.emit(line.strip())


if __name__ == "__main__":
    watcher = Watcher()
    threading.Thread(target=watcher.listen, daemon=True).start()
    from liaison.__main__ import main

    main()
