"""What the tests of several PCs start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.pcs.houses import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A home with one PC, and a folder in which more can meet it."""
    built = House.build(tmp_path)
    yield built
    built.close()
