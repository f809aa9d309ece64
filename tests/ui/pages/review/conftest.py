"""A home of two PCs, as the tests of the shell have it."""

from tests.ui.shell.test_syncing import at_once, built, pair

__all__ = ["at_once", "built", "pair"]
