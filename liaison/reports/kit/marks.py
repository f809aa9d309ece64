"""Signs of state, drawn: each has a silhouette of its own that survives a photocopier."""

from __future__ import annotations

import enum
from typing import Any, Final

from liaison.reports.kit.typeface import INK, WHITE

_UNIT: Final = 7.0
_ROUND: Final = 0.5523  # how far out the handles of a quarter circle stand


class Mark(enum.Enum):
    """A sign, which always stands beside its word; FULL is a dot of a chart, and OPEN may be one."""

    DONE = "done"
    OPEN = "open"
    SOON = "soon"
    PAST = "past"
    ABSENT = "absent"
    FULL = "full"


def form_name(mark: Mark) -> str:
    """Return the name a sign is kept under in a document (a blank in it would draw nothing)."""
    return f"mark{mark.value}"


def draw_forms(canvas: Any, wanted: set[Mark]) -> None:
    """Draw the signs a document uses, each once, 7 by 7 points on the baseline."""
    for mark in sorted(wanted, key=lambda m: m.value):
        canvas.beginForm(form_name(mark), -1, -1, _UNIT + 1, _UNIT + 1)
        canvas._code.append(_DRAWN[mark])  # noqa: SLF001  # operators of our own
        canvas.endForm()


def placed(name: str, x: float, y: float, size: float) -> str:
    """Return the operators that put a sign on the page.

    Args:
        name: What the document calls the form.
        x: Its left edge.
        y: Its baseline, counted from the bottom of the page.
        size: Its width and height in points.
    """
    scale = f"{size / _UNIT:.3f}"
    return f"q {scale} 0 0 {scale} {x:.2f} {y:.2f} cm /{name} Do Q"


def _circle(radius: float, *, half: bool = False) -> str:
    """Return the path of a disc in the middle of the sign, or of its left half."""
    middle = _UNIT / 2
    quarters = (
        (-_ROUND, 1, -1, _ROUND, -1, 0),
        (-1, -_ROUND, -_ROUND, -1, 0, -1),
        (_ROUND, -1, 1, -_ROUND, 1, 0),
        (1, _ROUND, _ROUND, 1, 0, 1),
    )
    parts = [f"{middle:.2f} {middle + radius:.2f} m"]
    parts += [
        " ".join(f"{middle + radius * part:.2f}" for part in quarter) + " c"
        for quarter in quarters[: 2 if half else 4]
    ]
    return " ".join(parts) + " h"


_LINE: Final = "0 J 0 j [] 0 d"
_DRAWN: Final = {
    Mark.DONE: f"{INK.stroke} {_LINE} 1.4 w 0.7 3.6 m 2.7 1.3 l 6.5 6.4 l S",
    Mark.OPEN: f"{INK.stroke} {_LINE} 1.2 w {_circle(2.7)} S",
    Mark.SOON: f"{INK.stroke} {INK.fill} {_LINE} 1.1 w {_circle(2.9)} S {_circle(2.9, half=True)} f",
    Mark.PAST: (
        f"{INK.fill} 0.1 0.3 m 6.9 0.3 l 3.5 6.7 l h f "
        f"{WHITE.fill} 3.1 2.3 0.8 2.2 re f 3.1 1 0.8 0.8 re f"
    ),
    # a dot of a chart; the white around it keeps those apart that overlap
    Mark.FULL: f"{INK.fill} {WHITE.stroke} {_LINE} 0.6 w {_circle(3.1)} B",
    Mark.ABSENT: f"{INK.stroke} {_LINE} 1 w 1.2 3.5 m 5.8 3.5 l S",
}
