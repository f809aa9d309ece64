"""The paper of a report: what every document is read with (:mod:`liaison.ui.parts.paper`)."""

from __future__ import annotations

from liaison.ui.parts.paper import POINTS_PER_INCH, Hit, Paper

__all__ = ["POINTS_PER_INCH", "Hit", "Paper"]
