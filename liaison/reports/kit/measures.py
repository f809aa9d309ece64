"""Lengths on paper, in points."""

from __future__ import annotations

from typing import Final

MM: Final = 72 / 25.4
"""A millimetre."""
A4: Final = (210 * MM, 297 * MM)
"""A page that stands upright: width and height."""
