"""What the tests of several PCs start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.pcs.houses import House
from tests.services.pcs.written_on import lost, stolen
from tests.sync.places import Place

__all__ = ["lost", "stolen"]


@pytest.fixture
def house(tmp_path: Path, meeting: Place) -> Iterator[House]:
    """A home with one PC, and a place in which more can meet it."""
    built = House.build(tmp_path, meeting)
    yield built
    built.close()
