"""The object store, on a real engine: what it keeps, what it asks for, and every kind of trouble."""

from __future__ import annotations

import dataclasses
import socket

import pytest

from liaison.errors import UserError
from liaison.sync import names, sealed
from liaison.sync import object_store_faults as faults
from liaison.sync.object_store import STRETCH, Limits, ObjectStore
from liaison.sync.object_store_faults import StoreFault
from liaison.sync.object_store_patience import Patience
from liaison.sync.object_store_place import Credentials, UnusableAddress
from tests.sync.bad_link import (
    PORTAL,
    Answer,
    BadLink,
    Cut,
    Delay,
    Fault,
    Half,
    LoseAnswer,
    Truncate,
    refusal,
    silent_link,
)
from tests.sync.real_store import RealStore

SHORT = Limits(connect=5, silence=10, request=10)
ONCE = Patience(tries=1)


class Waits:
    """A clock that stands still but for the waits, which it notes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def patience(self, tries: int = 4) -> Patience:
        return Patience(tries, clock=lambda: self.now, sleep=self.sleep, chance=lambda: 1.0)


@pytest.fixture
def store(real_store: RealStore) -> ObjectStore:
    """A folder of its own in the store, without trouble."""
    return ObjectStore(real_store.access(), limits=SHORT, patience=ONCE)


@pytest.fixture
def over(real_store: RealStore, link: BadLink) -> ObjectStore:
    """A folder of its own over the bad line; one try."""
    return ObjectStore(real_store.access(endpoint=link.endpoint), limits=SHORT, patience=ONCE)


def test_what_was_put_is_got_and_listed_in_order(store: ObjectStore) -> None:
    for name in ("d/1/b", "d/1/a", "d/10/c", "hb/a"):
        store.put(name, name.encode())
    assert store.get("d/1/a") == b"d/1/a"
    assert list(store.list("d/1/")) == ["d/1/a", "d/1/b"]
    assert list(store.list("d/1/", after="d/1/a")) == ["d/1/b"]
    assert list(store.list("d/1/", after="d/1/b")) == []
    assert list(store.list("")) == ["d/1/a", "d/1/b", "d/10/c", "hb/a"]


def test_what_does_not_lie_there_is_none_and_an_empty_folder_is_empty(store: ObjectStore) -> None:
    assert store.get("d/1/none") is None
    assert list(store.list("d/")) == []


@pytest.mark.parametrize("refuses", [True, False])
def test_nothing_is_overwritten_by_other_bytes(real_store: RealStore, *, refuses: bool) -> None:
    store = ObjectStore(real_store.access(refuses_overwriting=refuses), patience=ONCE)
    store.put("d/1/a", b"first")
    store.put("d/1/a", b"first")
    with pytest.raises(StoreFault) as told:
        store.put("d/1/a", b"other")
    assert told.value.code == "store-other-content"
    assert store.get("d/1/a") == b"first"


@pytest.mark.parametrize("refuses", [True, False])
@pytest.mark.parametrize("length", [300, STRETCH + 1])
def test_what_is_damaged_under_the_name_of_these_very_bytes_is_replaced(
    real_store: RealStore, length: int, *, refuses: bool
) -> None:
    store = ObjectStore(real_store.access(refuses_overwriting=refuses), patience=ONCE)
    data = bytes(range(100)) * (length // 100 + 1)
    name = names.segment("home", 1, 0, 1, sealed.digest_of(data))
    library = store._library
    assert library is not None
    library.put(name, data[:-70], use_multipart=False)
    store.put(name, data)
    assert store.get(name) == data
    with pytest.raises(StoreFault):
        store.put(name, b"anything else")
    assert store.get(name) == data


@pytest.mark.parametrize("length", [0, 1, STRETCH, STRETCH + 1, 3 * STRETCH - 1])
def test_every_length_comes_back_as_it_was(store: ObjectStore, length: int) -> None:
    data = bytes(range(251)) * (length // 251 + 1)
    store.put("blob/x", data[:length])
    assert store.get("blob/x") == data[:length]
    store.put("blob/x", data[:length])


def test_a_put_whose_answer_was_lost_is_done_once(
    real_store: RealStore, link: BadLink, store: ObjectStore
) -> None:
    waits = Waits()
    for refuses in (True, False):
        access = real_store.access(endpoint=link.endpoint, refuses_overwriting=refuses)
        over = ObjectStore(access, limits=SHORT, patience=waits.patience())
        link.plan.extend([LoseAnswer()] if refuses else [None, LoseAnswer()])
        over.put("d/1/a", b"segment")
        assert over.get("d/1/a") == b"segment"
        assert list(over.list("d/")) == ["d/1/a"]
    assert len(waits.waits) == 2


TROUBLES: list[tuple[str, Fault, str]] = [
    ("sign-in page", Answer(200, PORTAL, "text/html"), "store-web-page"),
    ("sign-in page, 403", Answer(403, PORTAL, "text/html"), "store-web-page"),
    ("sign-in page, 404", Answer(404, PORTAL, "text/html"), "store-web-page"),
    ("sent to a page", Answer(302, PORTAL, "text/html", to="/sign-in"), "store-web-page"),
    ("network asks to sign in", Answer(511, PORTAL, "text/html"), "store-web-page"),
    ("refused", refusal(403, "AccessDenied"), "store-not-allowed"),
    ("key has run out", refusal(400, "ExpiredToken"), "store-key-expired"),
    ("clock", refusal(403, "RequestTimeTooSkewed"), "store-clock"),
    ("busy", refusal(503, "SlowDown"), "store-busy"),
    ("too many", Answer(429, b"later"), "store-busy"),
    ("own trouble", refusal(500, "InternalError"), "store-trouble"),
    (
        "no store",
        Answer(501, b"<!DOCTYPE HTML><html>Unsupported</html>", "text/html"),
        "store-strange",
    ),
    ("gateway", Answer(502, b"<html>Bad gateway</html>", "text/html"), "store-trouble"),
    ("full", Answer(507, b""), "store-full"),
    ("no bucket", refusal(404, "NoSuchBucket"), "store-no-bucket"),
    ("region", refusal(400, "AuthorizationHeaderMalformed"), "store-region"),
    ("region, moved", refusal(301, "PermanentRedirect"), "store-region"),
    ("cut", Cut(), "store-cut-off"),
    ("slow", Delay(3), "store-slow"),
]


@pytest.mark.parametrize(
    ("fault", "code"), [(fault, code) for _, fault, code in TROUBLES], ids=[n for n, *_ in TROUBLES]
)
def test_each_trouble_is_told_in_plain_words_by_every_verb_and_over_afterwards(
    over: ObjectStore, link: BadLink, fault: Fault, code: str, real_store: RealStore
) -> None:
    over.put("d/1/a", b"there before")
    patient = over._library
    if isinstance(fault, Delay):
        hasty = Limits(connect=1, silence=0.3, request=0.3)
        access = real_store.access(endpoint=link.endpoint)
        over._library = ObjectStore(access, limits=hasty)._library
    link.always = fault
    for verb in (
        lambda: over.put("d/1/b", b"new"),
        lambda: over.get("d/1/a"),
        lambda: over.list("d/"),
    ):
        with pytest.raises(StoreFault) as told:
            verb()
        assert told.value.code == code
        assert told.value.kept
        assert told.value.do
        assert not secrets_in(told.value, real_store.key)
    link.always = None
    over._library = patient
    over.put("d/1/b", b"new")
    assert over.get("d/1/a") == b"there before"
    assert list(over.list("d/")) == ["d/1/a", "d/1/b"]


def test_half_an_answer_is_no_answer(over: ObjectStore, link: BadLink) -> None:
    over.put("d/1/a", b"x" * 10_000)
    link.always = Truncate()
    with pytest.raises(StoreFault) as told:
        over.get("d/1/a")
    assert told.value.code == "store-cut-off"
    with pytest.raises(StoreFault):
        over.list("d/")


@pytest.mark.parametrize("length", [300, STRETCH, 3 * STRETCH])
def test_what_came_only_half_is_told_is_not_there_and_is_sent_again(
    over: ObjectStore, link: BadLink, length: int
) -> None:
    data = bytes(range(100)) * (length // 100)
    link.always = lambda: Half() if link.asked[-1].startswith("PUT") else None
    with pytest.raises(StoreFault) as told:
        over.put("blob/x", data)
    assert told.value.code == "store-cut-off"
    assert link.asked[-1].startswith(("PUT", "DELETE"))
    link.always = None
    assert over.get("blob/x") is None
    assert list(over.list("blob/")) == []
    over.put("blob/x", data)
    assert over.get("blob/x") == data


def test_a_page_of_the_network_never_passes_for_an_empty_store(
    over: ObjectStore, link: BadLink
) -> None:
    over.put("d/1/a", b"segment")
    # the library alone takes the page for a list without entries
    link.always = Answer(200, PORTAL, "text/html")
    assert not over._listed("d/", "")
    for after in ("", "d/1/", "d/1/a"):
        with pytest.raises(StoreFault, match="sign in first"):
            over.list("d/", after)


def test_wrong_keys_are_told_apart(real_store: RealStore) -> None:
    def told(key: Credentials) -> str:
        with pytest.raises(StoreFault) as fault:
            ObjectStore(real_store.access(key=key), patience=ONCE).put("d/a", b"x")
        assert not secrets_in(fault.value, key)
        return str(fault.value.code)

    assert told(Credentials("nobody", "x" * 20)) == "store-key-unknown"
    assert told(Credentials(real_store.key.access, "x" * 20)) == "store-key-wrong"
    assert told(real_store.reader) == "store-not-allowed"


def test_an_address_where_nobody_is_and_one_that_is_unknown(real_store: RealStore) -> None:
    with socket.socket() as taken:
        # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StoreFault) as told:
            ObjectStore(real_store.access(endpoint=nobody), patience=ONCE).get("a")
    assert told.value.code == "store-not-there"
    https = real_store.endpoint.replace("http:", "https:")
    with pytest.raises(StoreFault) as told:
        ObjectStore(real_store.access(endpoint=https), patience=ONCE).get("a")
    assert told.value.code == "store-no-https"
    assert faults.explained(RuntimeError('ConnectError( "dns error", Custom {')) is faults.NOT_FOUND


def test_a_store_that_never_says_a_word_is_given_up(real_store: RealStore) -> None:
    with silent_link() as endpoint:
        limits = Limits(connect=0.3, silence=0.3, request=0.3)
        store = ObjectStore(real_store.access(endpoint=endpoint), limits=limits, patience=ONCE)
        with pytest.raises(StoreFault) as told:
            store.list("d/")
    assert told.value.code == "store-slow"


def test_trouble_that_passes_is_waited_for_ever_longer_and_trouble_that_stays_is_not(
    real_store: RealStore, link: BadLink
) -> None:
    waits = Waits()
    access = real_store.access(endpoint=link.endpoint)
    over = ObjectStore(access, limits=SHORT, patience=waits.patience())
    link.plan.extend([refusal(503, "SlowDown"), Cut(), Answer(500)])
    over.put("d/1/a", b"segment")
    assert waits.waits == [0.5, 1.0, 2.0]
    waits.waits.clear()
    link.always = Answer(503)
    with pytest.raises(StoreFault):
        over.get("d/1/a")
    assert waits.waits == [0.5, 1.0, 2.0]
    waits.waits.clear()
    link.always = refusal(403, "AccessDenied")
    with pytest.raises(StoreFault):
        over.get("d/1/a")
    assert waits.waits == []


def test_patience_ends_with_its_time_and_its_waits_are_drawn() -> None:
    waits = Waits()
    patience = dataclasses.replace(waits.patience(tries=100), longest=20, chance=lambda: 0.5)

    def never() -> None:
        raise StoreFault(faults.BUSY)

    with pytest.raises(StoreFault):
        patience.wait_for(never)
    assert waits.waits == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0, 4.0]


def test_an_idle_list_is_one_request_however_much_lies_before(
    over: ObjectStore, link: BadLink
) -> None:
    names = [f"d/1/{number:010}-aa.seg" for number in range(1, 40)]
    for name in names:
        over.put(name, b"x")
    link.asked.clear()
    before = over.requests
    assert list(over.list("d/1/", after=names[-1])) == []
    assert len(link.asked) == 1
    # what lies before the last seen key was not even asked for
    assert "start-after" in link.asked[0]
    assert over.requests - before == 1
    assert list(over.list("d/1/", after=names[-2])) == names[-1:]
    # nothing at all is there: that is asked twice, as only the store can say so
    link.asked.clear()
    assert list(over.list("d/2/", after="d/2/0000000007-aa.seg")) == []
    assert len(link.asked) == 2


def test_more_than_a_page_is_listed_whole(real_store: RealStore) -> None:
    store = ObjectStore(real_store.access(), patience=ONCE)
    library = store._library
    assert library is not None
    names = [f"d/1/{number:04}" for number in range(1005)]
    for name in names:
        library.put(name, b"x", use_multipart=False)
    assert list(store.list("d/1/")) == names


def test_a_put_away_key_opens_nothing(store: ObjectStore) -> None:
    store.put("d/1/a", b"x")
    store.put_away()
    with pytest.raises(StoreFault) as told:
        store.get("d/1/a")
    assert told.value.code == "store-key-put-away"


def test_no_secret_is_shown_by_anything(real_store: RealStore) -> None:
    access = real_store.access()
    store = ObjectStore(access)
    for shown in (
        repr(access),
        str(access),
        repr(store),
        repr(access.credentials),
        repr(real_store),
    ):
        assert real_store.key.secret not in shown
        assert real_store.reader.secret not in shown


def test_settings_of_another_program_change_nothing(
    real_store: RealStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = "http://127.0.0.1:9"
    for name, value in {
        "AWS_ENDPOINT": elsewhere,
        "AWS_ENDPOINT_URL": elsewhere,
        "AWS_ENDPOINT_URL_S3": elsewhere,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "else",
        "AWS_SESSION_TOKEN": "token",
        "AWS_REGION": "eu-west-2",
        "AWS_BUCKET": "theirs",
        "AWS_SKIP_SIGNATURE": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true",
        "AWS_S3_EXPRESS": "true",
    }.items():
        monkeypatch.setenv(name, value)
    store = ObjectStore(real_store.access(), patience=ONCE)
    store.put("d/1/a", b"x")
    assert list(store.list("d/")) == ["d/1/a"]


def test_a_certificate_that_is_none_is_refused(real_store: RealStore) -> None:
    access = real_store.access()
    broken = "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n"
    with pytest.raises(UnusableAddress, match="cannot be read"):
        ObjectStore(
            dataclasses.replace(access, place=dataclasses.replace(access.place, authority=broken))
        )


def secrets_in(fault: UserError, key: Credentials) -> bool:
    """Return whether a key's secret half, or the library's own text, can be got from a fault."""
    told: BaseException | None = fault
    texts = []
    while told is not None:
        texts.append(repr(told) + str(told))
        told = told.__cause__ or told.__context__
    text = " ".join(texts)
    return key.secret in text or "Debug source" in text or "<Code>" in text
