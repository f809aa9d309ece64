"""A real object store, and a bad line to it; the conftest of all tests takes them in.

What they need is imported only when somebody asks for them: most tests never do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sync.bad_link import BadLink
    from tests.sync.real_store import RealStore


@pytest.fixture(scope="session")
def real_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealStore]:
    """Run a real object store on loopback, started once a session."""
    from tests.sync.real_store import running

    with (
        pytest.MonkeyPatch.context() as patch,
        running(tmp_path_factory.mktemp("store")) as store,
    ):
        # a network's own proxy, if this machine has one, has no part in this
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        patch.setenv("no_proxy", "127.0.0.1,localhost")
        yield store


@pytest.fixture
def link(real_store: RealStore) -> Iterator[BadLink]:
    """Lay a line to the store that does what the test says."""
    from tests.sync.bad_link import bad_link

    with bad_link(real_store.endpoint) as laid:
        yield laid
