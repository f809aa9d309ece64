"""Inter, in the three weights the window is written in."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from liaison.settings import resource

REGULAR: Final = QFont.Weight.Normal
SEMIBOLD: Final = QFont.Weight.DemiBold
BOLD: Final = QFont.Weight.Bold

FILES: Final = ("Inter-Regular.ttf", "Inter-SemiBold.ttf", "Inter-Bold.ttf")
_FAMILY: Final = "Inter"


@cache
def load() -> str:
    """Make the fonts that ship known to Qt.

    Returns:
        The family to write in.

    Raises:
        FileNotFoundError: Liaison is installed incompletely.
        ValueError: A font file is damaged.
    """
    for name in FILES:
        path = resource("fonts", "screen", name)
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise ValueError(f"the font {path} cannot be read")
    return _FAMILY


def font(family: str, points: float, weight: QFont.Weight = REGULAR) -> QFont:
    """Return a font of the window.

    Args:
        family: As :func:`load` returned it.
        points: Its size, already scaled.
        weight: One of the three that ship.
    """
    # a copy shares what Qt has found out about the first one until it is changed
    return QFont(_first(family, points, weight))


@lru_cache(maxsize=128)
def _first(family: str, points: float, weight: QFont.Weight) -> QFont:
    made = QFont(family)
    made.setPointSizeF(points)
    made.setWeight(weight)
    # hinting to whole pixels spaces Inter unevenly at 100 %
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def with_features(base: QFont, *features: str) -> QFont:
    """Return a font with OpenType features on, such as ``tnum`` for figures that stack."""
    made = QFont(base)
    for feature in features:
        made.setFeature(QFont.Tag(feature), 1)
    return made
