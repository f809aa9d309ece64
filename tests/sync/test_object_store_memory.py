"""Long lists are remembered: requests do not grow with history, and a loss is still noticed."""

from __future__ import annotations

import pytest

from liaison.sync import object_store_memory
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_faults import StoreFault
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_patience import Patience
from tests.sync.bad_link import PORTAL, Answer, BadLink
from tests.sync.real_store import RealStore

_DAY = 24 * 3600


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a few names count as a long list."""
    monkeypatch.setattr(object_store_memory, "PAGE", 2)
    monkeypatch.setattr(object_store_memory, "_OVERLAP", 3)


def segments(pc: int, first: int, last: int, incarnation: int = 1) -> list[str]:
    return [f"v1/h/d/PC{pc}/{incarnation}/{seq:010}.seg" for seq in range(first, last + 1)]


def pair(real: RealStore, link: BadLink, clock: Clock) -> tuple[ObjectStore, RememberingStore]:
    """Return the store of another PC, and ours over the link."""
    once = Patience(tries=1)
    access = real.access(endpoint=link.endpoint)
    other = ObjectStore(real.access(prefix=access.place.prefix), patience=once)
    return other, RememberingStore(ObjectStore(access, patience=once), clock=clock)


@pytest.mark.usefixtures("small_pages")
def test_an_idle_round_asks_as_often_however_long_the_history(
    real_store: RealStore, link: BadLink
) -> None:
    asked: list[int] = []
    other, ours = pair(real_store, link, Clock())
    for first, last in ((1, 12), (13, 40)):
        names = [*segments(1, first, last), *segments(2, first, last)]
        for name in names:
            other.put(name, b"x")
        ours.list("v1/h/d/")
        link.asked.clear()
        assert ours.list("v1/h/d/") == [*segments(1, 1, last), *segments(2, 1, last)]
        asked.append(len(link.asked))
    # the folder, each PC's, and in each the names behind the last
    assert asked == [5, 5]
    behind = [words for words in link.asked if "start-after=" in words]
    assert len(behind) == 2
    # of forty names in each folder the last three are asked for again, to see that none is lost
    assert all("0000000038.se" in words for words in behind)


@pytest.mark.usefixtures("small_pages")
def test_everything_that_comes_is_seen(real_store: RealStore, link: BadLink) -> None:
    other, ours = pair(real_store, link, Clock())
    expected = segments(1, 1, 20)
    for name in expected:
        other.put(name, b"x")
    assert ours.list("v1/h/d/") == expected
    for more in (
        segments(1, 21, 22),
        segments(2, 1, 3),
        segments(1, 1, 2, incarnation=2),
        ["v1/h/d/PC1/1/0000000022 (1).seg", "v1/h/d/PC1/litter.txt", "v1/h/d/litter.txt"],
        segments(3, 1, 1),
    ):
        for name in more:
            other.put(name, b"x")
        expected = sorted([*expected, *more])
        assert ours.list("v1/h/d/") == expected
        assert ours.list("v1/h/d/", after=expected[3]) == expected[4:]
    ours.put("v1/h/d/PC9/1/0000000001.seg", b"x")
    assert ours.list("v1/h/d/") == sorted([*expected, "v1/h/d/PC9/1/0000000001.seg"])
    ours.remove("v1/h/d/PC9/1/0000000001.seg")
    assert ours.list("v1/h/d/") == expected


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize(
    "lost",
    [
        segments(1, 20, 20),
        segments(1, 19, 19),
        segments(2, 1, 20),
        segments(1, 1, 20) + segments(2, 1, 20),
    ],
    ids=["the last", "the last but one", "a PC", "everything"],
)
def test_what_the_storage_lost_is_noticed_at_once(
    real_store: RealStore, link: BadLink, lost: list[str]
) -> None:
    other, ours = pair(real_store, link, Clock())
    names = [*segments(1, 1, 20), *segments(2, 1, 20)]
    for name in names:
        other.put(name, b"x")
    assert ours.list("v1/h/d/") == names
    for name in lost:
        other.remove(name)
    assert ours.list("v1/h/d/") == [name for name in names if name not in lost]


@pytest.mark.usefixtures("small_pages")
def test_what_was_lost_in_the_middle_is_noticed_within_a_day(
    real_store: RealStore, link: BadLink
) -> None:
    clock = Clock()
    other, ours = pair(real_store, link, clock)
    names = segments(1, 1, 20)
    for name in names:
        other.put(name, b"x")
    ours.list("v1/h/d/")
    other.remove(names[7])
    assert names[7] in ours.list("v1/h/d/")
    clock.now += _DAY
    assert names[7] not in ours.list("v1/h/d/")


@pytest.mark.usefixtures("small_pages")
def test_a_page_of_the_network_does_not_pass_for_no_news(
    real_store: RealStore, link: BadLink
) -> None:
    other, ours = pair(real_store, link, Clock())
    names = segments(1, 1, 20)
    for name in names:
        other.put(name, b"x")
    ours.list("v1/h/d/")
    link.always = Answer(200, PORTAL, "text/html")
    with pytest.raises(StoreFault, match="sign in first"):
        ours.list("v1/h/d/")
    link.always = None
    assert ours.list("v1/h/d/") == names


def test_a_short_list_is_one_request(real_store: RealStore, link: BadLink) -> None:
    other, ours = pair(real_store, link, Clock())
    for name in segments(1, 1, 3):
        other.put(name, b"x")
    for _ in range(2):
        link.asked.clear()
        assert ours.list("v1/h/d/") == segments(1, 1, 3)
        assert len(link.asked) == 1
