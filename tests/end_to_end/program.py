"""Liaison as a running program, used by somebody who only sees its window."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from tests.end_to_end.screen import NothingCame, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.screen import Screen

_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_TYPED_IN: Final = {"EditableText", "ComboBox", "SpinBox"}


class Program:
    """A running Liaison.

    Args:
        screen: Where it shows its window.
        arguments: Its command line.
        settings: More of its environment.
    """

    def __init__(self, screen: Screen, *arguments: str, **settings: str) -> None:
        self.screen = screen
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.watched", *arguments],
            cwd=_CHECKOUT,
            env=screen.environment(**settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        """Use the program in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it if it is still running."""
        self._process.kill()
        self._process.communicate()

    def kill(self) -> None:
        """Let it end as in a power cut."""
        self._process.kill()
        self._process.wait()

    def ended(self, seconds: float = 30) -> int:
        """Wait until it has ended by itself; return its exit code."""
        return self._process.wait(seconds)

    def look(self, picture: Path | None = None) -> list[dict[str, Any]]:
        """Return everything visible, as a screen reader would be told; keep a picture if asked."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{picture or ''}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the program has ended"
        parts: list[dict[str, Any]] = json.loads(answer)
        return parts

    def find(self, name: str, *, role: str = "", typed_in: bool = False) -> dict[str, Any]:
        """Wait for a control that can be used now.

        Args:
            name: Its accessible name, or how that begins.
            role: Its role, if several share the name.
            typed_in: Whether it must be a field.
        """

        def search() -> dict[str, Any] | None:
            found = [
                part
                for part in self.look()
                if part["name"].replace("&", "").startswith(name)
                and not part["disabled"]
                and part["place"][2] > 0
                and (not role or part["role"] == role)
                and (not typed_in or part["role"] in _TYPED_IN)
            ]
            exact = [part for part in found if part["name"] == name]
            best = next(iter(exact or found), None)
            places.append(best["place"] if best else None)
            # what is still being laid out would be missed by a click
            return best if places[-2:-1] == places[-1:] else None

        places: list[list[int] | None] = []
        return self._until(search, f"{name!r} in the window")

    def click(self, name: str, *, role: str = "") -> None:
        """Click in the middle of a control."""
        self._click_on(self.find(name, role=role))

    def _click_on(self, part: dict[str, Any]) -> None:
        x, y, width, height = part["place"]
        self.screen.click(x + width // 2, y + height // 2)

    def fill(self, name: str, text: str, *, secret: bool = False) -> None:
        """Click into a field, replace what it holds and see that the text has arrived.

        Args:
            name: The field's accessible name, or how that begins.
            text: What is typed.
            secret: Whether the field shows dots, which nobody can compare.
        """
        self._click_on(self.find(name, typed_in=True))
        self.typing_in(name)
        self.screen.key("ctrl+a")
        self.screen.type(text)
        if not secret:
            self.holds(name, text)

    def paste(self, name: str, text: str, *, secret: bool = False) -> None:
        """Paste what was copied in another program, with the end of its line, where the cursor is.

        Args:
            name: The accessible name of the field the cursor is in, or how that begins.
            text: What was copied.
            secret: Whether the field shows dots, which nobody can compare.
        """
        self.typing_in(name)
        self.screen.key("ctrl+a")
        with self.screen.copied(f"{text}\n"):
            self.screen.key("ctrl+v")
            # as long as it is held out: the field asks for it a moment later
            until(
                lambda: self._shown(name, "*" * len(text) if secret else text),
                f"what was pasted into {name!r}",
            )

    def _shown(self, name: str, text: str) -> bool:
        value = self.find(name, typed_in=True)["value"]
        return text in value or (set(text) == {"*"} and len(value.strip()) >= len(text))

    def typing_in(self, name: str) -> None:
        """Wait until what is typed goes into a field."""
        until(lambda: self.find(name, typed_in=True)["focused"] or None, f"the cursor in {name!r}")

    def holds(self, name: str, text: str) -> None:
        """Wait until a field holds a text."""
        until(
            lambda: text in self.find(name, typed_in=True)["value"] or None,
            f"{text!r} in the field {name!r}",
        )

    def settle(self) -> None:
        """Wait until nothing moves: lines that wrap find their height one after another."""
        places: list[list[list[int]]] = []

        def still() -> bool:
            places.append([part["place"] for part in self.look()])
            return places[-3:-2] == places[-2:-1] == places[-1:]

        until(still, "a window in which nothing moves")

    def sees(self, words: str) -> dict[str, Any]:
        """Wait until something visible says these words."""

        def search() -> dict[str, Any] | None:
            return next(
                (
                    part
                    for part in self.look()
                    if any(words in part[where] for where in ("name", "value", "says"))
                ),
                None,
            )

        return self._until(search, f"the words {words!r}")

    def _until(self, search: Callable[[], dict[str, Any] | None], what: str) -> dict[str, Any]:
        try:
            return until(search, what)
        except NothingCame as nothing:
            there = [
                f"{part['role']} {part['name']!r} {part['value']!r}{' *' * part['focused']}"
                for part in self.look()
                if part["name"] or part["value"] or part["focused"]
            ]
            raise NothingCame("\n".join([str(nothing), "There was:", *there])) from nothing


def admit(window: Program, name: str) -> None:
    """Record that somebody moved in."""
    window.click("Residents")
    window.click("Add a resident")
    window.typing_in("Name")
    window.screen.type(name)
    window.holds("Name", name)
    window.screen.key("ctrl+s")
    window.sees(f"{name} saved.")
