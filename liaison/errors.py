"""The two kinds of error: the user's or the environment's, and ours.

A :class:`UserError` is something the person can understand and act on: a wrong password, a full
disk, a file that another program holds. Everything else that is raised is a bug of ours; it is
caught in one place (the command line's or the window's outermost frame), logged without personal
data and shown with a way to save the work.
"""

from __future__ import annotations


class UserError(Exception):
    """Something went wrong that the person in front of the screen can understand and act on.

    Args:
        what: What happened, as one plain sentence ("The disk is full.").
        kept: What is safe all the same ("Everything saved before is kept.").
        do: What to do next ("Free some space, then save again.").
        code: A short, stable word for scripts; the class's own unless given.
    """

    code: str = "error"

    def __init__(self, what: str, *, kept: str = "", do: str = "", code: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.kept = kept
        self.do = do
        if code is not None:
            self.code = code

    @property
    def message(self) -> str:
        """What happened and what to do next, as one text for a person."""
        return f"{self.what} {self.do}".strip()

    def __str__(self) -> str:
        """Say everything: what happened, what is kept, what to do."""
        return " ".join(part for part in (self.what, self.kept, self.do) if part)
