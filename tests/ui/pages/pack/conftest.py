"""The home with a little of everything, and a desk to work at."""

from tests.ui.parts.conftest import desk, folder, heard, home, ids, jobs, pattern

__all__ = ["desk", "folder", "heard", "home", "ids", "jobs", "pattern"]
