"""The exchange over an object store: a real one, on loopback, against the library alone."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from obstore.store import S3Store

from benchmarks import homes, syncing
from benchmarks.harness import Bench, Result, check, compare, timed
from liaison.sync import names, sealed
from liaison.sync.exchange import Exchange
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_patience import Patience
from liaison.sync.object_store_place import Access
from tests.sync.real_store import RealStore, running

_REACH = 1.2
_SEGMENTS = 150
_SIZE = 4_000
_FEW, _MANY = 1_000, 10_000
_AT_ONCE = 8
_FOLDER = "v1/home/d/"


def _store(bench: Bench) -> RealStore:
    """Return the run's store, started when it is first asked for."""
    return bench.homes.kept(RealStore, lambda: running(bench.homes.folder()))


def _library(access: Access) -> S3Store:
    """Return the library alone, with the same key and as many tries."""
    place, key = access.place, access.credentials
    return S3Store(
        place.bucket,
        prefix=place.prefix,
        endpoint=place.endpoint,
        region=place.region,
        access_key_id=key.access,
        secret_access_key=key.secret,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )


def _fill(library: S3Store, count: int) -> None:
    def put(number: int) -> None:
        library.put(f"{_FOLDER}PC{number % 3}/1/{number:010}.seg", b"x", use_multipart=False)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(put, range(count)):
            pass


def segments_to_a_store(bench: Bench) -> Iterator[Result]:
    """Segments of 4 kB, one after the other: put, and got.

    The floor is the library's own `put` and `get` of the same bytes to the same engine. Ours also
    makes sure that nothing is overwritten and that it was the store that answered.
    """
    turns = bench.turns(7, 25)
    data = [os.urandom(_SIZE) for _ in range(_SEGMENTS)]
    named = [
        names.segment("home", 1, 0, number, sealed.digest_of(one))
        for number, one in enumerate(data, 1)
    ]
    real = _store(bench)
    last = real.access()

    def put() -> float:
        nonlocal last
        last = real.access()
        store = ObjectStore(last, patience=Patience(tries=1))
        store.list("")
        with timed() as watch:
            for name, one in zip(named, data, strict=True):
                store.put(name, one)
        check(store.list(_FOLDER) == named, "a segment is missing")
        return watch.seconds

    def put_alone() -> float:
        library = _library(real.access())
        list(library.list())
        with timed() as watch:
            for name, one in zip(named, data, strict=True):
                library.put(name, one)
        return watch.seconds

    yield compare("put 150 segments", _REACH, turns, put, put_alone)
    store, library = ObjectStore(last, patience=Patience(tries=1)), _library(last)

    def get() -> float:
        with timed() as watch:
            got = [store.get(name) for name in named]
        check(got == data, "a segment came back otherwise")
        return watch.seconds

    def get_alone() -> float:
        with timed() as watch:
            for name in named:
                bytes(library.get(name).bytes())
        return watch.seconds

    yield compare("get 150 segments", _REACH, turns, get, get_alone)


def idle_list_of_a_store(bench: Bench) -> Iterator[Result]:
    """What an idle round asks of a store that holds 10,000 segments, against one of 1,000.

    The quick run has half as many of both.
    """
    few, many = (count // (2 if bench.quick else 1) for count in (_FEW, _MANY))
    real = _store(bench)
    stores = {}
    for count in (few, many):
        access = real.access()
        _fill(_library(access), count)
        stores[count] = RememberingStore(ObjectStore(access, patience=Patience(tries=1)))
        check(len(stores[count].list(_FOLDER)) == count, "a name is missing")

    def idle(count: int) -> float:
        store = stores[count]
        before = store.requests
        with timed() as watch:
            for _ in range(10):
                store.list(_FOLDER)
        check(store.requests - before <= 10 * 8, "requests grew with history")
        return watch.seconds / 10

    yield compare(
        f"idle list, {many:,} segments against {few:,}",
        _REACH,
        bench.turns(5, 20),
        lambda: idle(many),
        lambda: idle(few),
    )


def idle_round_over_a_store(bench: Bench) -> Iterator[Result]:
    """A round with nothing to do over a store: a home of 200,000 notes against one of 1,000."""
    real = _store(bench)
    with contextlib.ExitStack() as stack:
        # nothing after this asks for the store: it is not to disturb what is measured then
        stack.callback(bench.homes.let_go, RealStore)
        homes_of = {}
        for size in (homes.TINY, homes.LARGE):
            # the same home as over a folder
            busy = syncing.busy_home(bench, size)
            stack.callback(busy.close)
            transport = RememberingStore(ObjectStore(real.access(), patience=Patience(tries=1)))
            busy.exchange.means = dataclasses.replace(busy.exchange.means, transport=transport)
            busy.ten()
            homes_of[size] = busy

        def idle(size: int) -> float:
            with timed() as watch:
                for _ in range(10):
                    # as the window does it: an exchange of its own for each round
                    result = Exchange(homes_of[size].exchange.means).round()
            check(result.trouble is None and not result.sent and not result.taken, "not idle")
            return watch.seconds / 10

        yield compare(
            "idle round over a store, 200k against 1k",
            _REACH,
            bench.turns(8, 30),
            lambda: idle(homes.LARGE),
            lambda: idle(homes.TINY),
        )
