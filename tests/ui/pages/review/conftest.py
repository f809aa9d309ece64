"""A home of two PCs, as the tests of the shell have it, and a desk to work at."""

from tests.ui.parts.conftest import desk, folder, heard, jobs, pattern
from tests.ui.shell.test_syncing import at_once, built, pair

__all__ = ["at_once", "built", "desk", "folder", "heard", "jobs", "pair", "pattern"]
