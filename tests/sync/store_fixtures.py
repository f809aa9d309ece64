"""Where the PCs of a test meet, a real object store, and a bad line to it.

The conftest of all tests takes them in. What they need is imported only when somebody asks for
them: most tests never do.

Whatever asks for the place where PCs meet (``meeting``) is played in a folder; with
``--full-faults``, or where it is marked ``both_places``, in a real object store too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from tests.sync.bad_link import BadLink
    from tests.sync.places import Place
    from tests.sync.real_store import RealStore

FOLDER: Final = "folder"
STORE: Final = "store"
MARKERS: Final = (
    "both_places: also in an object store, in every run",
    "folder_alone(why): in a folder only, and why",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play everything in both places with the flag; else only what is marked."""
    if "meeting" not in metafunc.fixturenames:
        return
    marked = metafunc.definition.get_closest_marker
    both = marked("both_places") is not None or metafunc.config.getoption("--full-faults")
    both = both and marked("folder_alone") is None
    metafunc.parametrize("meeting", [FOLDER, STORE] if both else [FOLDER], indirect=True)


@pytest.fixture
def meeting(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where the PCs meet."""
    from tests.sync.places import FolderPlace, StorePlace

    if request.param == FOLDER:
        return FolderPlace(tmp_path / "storage")
    return StorePlace(request.getfixturevalue("real_store").access())


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
