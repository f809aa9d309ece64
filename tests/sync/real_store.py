"""A real object store on this machine, for tests and benchmarks: one process, on free ports.

The engine comes with the development packages. It listens on loopback only, lies in a folder of
the test's own, and is stopped by its process id; no wait is without an end.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_place import Access, Credentials, Place

_TURNS: Final = 300
_TURN_SECONDS: Final = 0.1
_STOP_SECONDS: Final = 10
_KEEPER: Final = """
import os, subprocess, sys, threading
engine = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
threading.Thread(target=lambda: os._exit(engine.wait() & 255), daemon=True).start()
sys.stdin.read()
engine.kill()
engine.wait()
"""
_HOST: Final = "127.0.0.1"
_ANSWERS: Final = frozenset({200, 403})


class EngineFailed(AssertionError):
    """The engine did not start; the test cannot say anything."""


@dataclass(frozen=True, slots=True)
class RealStore:
    """A store that runs.

    Args:
        endpoint: Its address.
        key: A key that may do everything in it.
        reader: A key that may only read.
    """

    endpoint: str
    key: Credentials = field(repr=False)
    reader: Credentials = field(repr=False)

    def access(
        self,
        *,
        bucket: str = "homes",
        prefix: str | None = None,
        endpoint: str | None = None,
        key: Credentials | None = None,
        refuses_overwriting: bool = True,
    ) -> Access:
        """Return the way to a folder in it, a new one unless it is named."""
        return Access(
            Place(endpoint or self.endpoint, bucket, prefix or f"test-{secrets.token_hex(6)}"),
            key or self.key,
            refuses_overwriting=refuses_overwriting,
        )


def free_ports(count: int) -> list[int]:
    """Return ports of loopback that nobody uses at this moment."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((_HOST, 0))
        return [int(one.getsockname()[1]) for one in sockets]


def program() -> str:
    """Return where the engine is; it comes with the development packages."""
    found = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    if found is None:
        raise EngineFailed(
            "The development packages are not installed: the store's engine is missing."
        )
    return found


@dataclass(slots=True)
class Switched:
    """A store on one volume that goes off and on again, at its address and with what it holds.

    Args:
        store: The store.
        folder: Where it lies.
        port: Where it answers.
        arguments: The engine's command line.
        running: Ends it.
    """

    store: RealStore
    folder: Path
    port: int
    arguments: tuple[str, ...]
    running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def on(self) -> None:
        """Start it, and wait until it keeps what it is given.

        Raises:
            EngineFailed: It did not answer in time.
        """
        log = self.folder / "log"
        process = self.running.enter_context(engine(log, *self.arguments))
        wait_until_it_answers(process, self.port, log)
        # the first object makes bucket and volumes, which may take seconds on a busy machine
        ObjectStore(self.store.access()).put("first", b"first")

    def off(self) -> None:
        """End it, as a power cut does."""
        self.running.close()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[RealStore]:
    """Run a store on one volume for as long as the block lasts.

    Args:
        folder: An empty folder of its own.

    Raises:
        EngineFailed: It did not answer in time, also with other ports.
    """
    with switched(folder) as found:
        yield found.store


@contextlib.contextmanager
def switched(folder: Path) -> Iterator[Switched]:
    """Run a store on one volume that can be stopped and started again while the block lasts.

    Args:
        folder: An empty folder of its own.

    Raises:
        EngineFailed: It did not answer in time, also with other ports.
    """
    for attempt in range(3):
        place = folder / str(attempt)
        place.mkdir(parents=True)
        found = _on_one_volume(place)
        with contextlib.closing(found.running):
            try:
                found.on()
            except EngineFailed:
                # another program may have taken a port between the choice and the start
                if attempt == 2:
                    raise
                continue
            yield found
            return


def _on_one_volume(folder: Path) -> Switched:
    master, master_rpc, volume, volume_rpc, filer, filer_rpc, s3, s3_rpc = free_ports(8)
    key, reader, config = keys(folder)
    data = folder / "data"
    data.mkdir()
    arguments = (
        "server",
        f"-ip={_HOST}",
        f"-ip.bind={_HOST}",
        f"-dir={data}",
        f"-master.port={master}",
        f"-master.port.grpc={master_rpc}",
        "-master.volumeSizeLimitMB=64",
        "-master.telemetry=false",
        f"-volume.port={volume}",
        f"-volume.port.grpc={volume_rpc}",
        "-volume.max=40",
        "-volume.minFreeSpace=1",
        "-filer",
        f"-filer.port={filer}",
        f"-filer.port.grpc={filer_rpc}",
        "-s3",
        f"-s3.port={s3}",
        f"-s3.port.grpc={s3_rpc}",
        f"-s3.config={config}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    )
    return Switched(RealStore(f"http://{_HOST}:{s3}", key, reader), folder, s3, arguments)


@contextlib.contextmanager
def replicated(folder: Path) -> Iterator[tuple[RealStore, list[Engine]]]:
    """Run a store that keeps each object on two of three volume servers.

    Args:
        folder: An empty folder of its own.

    Yields:
        The store, and its volume servers, any one of which may be killed.

    Raises:
        EngineFailed: It did not come up in time.
    """
    master, master_rpc, filer, filer_rpc, s3, s3_rpc = free_ports(6)
    key, reader, config = keys(folder)
    address = f"-ip={_HOST}", f"-ip.bind={_HOST}"
    with contextlib.ExitStack() as stack:

        def part(name: str, port: int, *arguments: str) -> Engine:
            log = folder / f"{name}.log"
            process = stack.enter_context(engine(log, *arguments))
            wait_until_it_listens(process, port, log)
            return process

        for name in ("m", "f"):
            (folder / name).mkdir()
        part(
            "master", master, "master", *address, f"-port={master}", f"-port.grpc={master_rpc}",
            f"-mdir={folder / 'm'}", "-defaultReplication=001", "-volumeSizeLimitMB=64",
            "-telemetry=false",
        )  # fmt: skip
        servers = []
        for number in range(3):
            port, rpc = free_ports(2)
            data = folder / f"v{number}"
            data.mkdir()
            servers.append(
                part(
                    data.name, port, "volume", *address, f"-port={port}", f"-port.grpc={rpc}",
                    f"-dir={data}", "-max=15", f"-mserver={_HOST}:{master}.{master_rpc}", "-minFreeSpace=1",
                )
            )  # fmt: skip
        part(
            "filer", filer, "filer", *address, f"-port={filer}", f"-port.grpc={filer_rpc}",
            f"-master={_HOST}:{master}.{master_rpc}", f"-defaultStoreDir={folder / 'f'}",
            "-defaultReplicaPlacement=001",
        )  # fmt: skip
        door = part(
            "s3", s3, "s3", f"-ip.bind={_HOST}", f"-port={s3}", f"-port.grpc={s3_rpc}",
            f"-filer={_HOST}:{filer}.{filer_rpc}", f"-config={config}", "-port.iceberg=0", "-port.lance=0",
        )  # fmt: skip
        wait_until_it_answers(door, s3, folder / "s3.log")
        store = RealStore(f"http://{_HOST}:{s3}", key, reader)
        ObjectStore(store.access()).put("first", b"first")
        yield store, servers


def keys(folder: Path) -> tuple[Credentials, Credentials, Path]:
    """Make a key that may do everything and one that may only read, and the engine's file of them."""
    key = Credentials("home", secrets.token_hex(16))
    reader = Credentials("reader", secrets.token_hex(16))
    rights = {key: ["Admin", "Read", "Write", "List", "Tagging"], reader: ["Read", "List"]}
    config = folder / "keys.json"
    identities = [
        {
            "name": one.access,
            "credentials": [{"accessKey": one.access, "secretKey": one.secret}],
            "actions": actions,
        }
        for one, actions in rights.items()
    ]
    config.write_text(json.dumps({"identities": identities}))
    return key, reader, config


@contextlib.contextmanager
def engine(log: Path, *arguments: str) -> Iterator[Engine]:
    """Run a part of the engine for as long as the block lasts, and not a moment longer.

    It has a keeper, which ends it by its process id as soon as it hears nothing more from this
    process: so it is also gone when a run of tests is killed.
    """
    limits = {"GOMAXPROCS": "2", "GOMEMLIMIT": "700MiB"}
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-c", _KEEPER, program(), "-logtostderr", *arguments],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **limits},
        ) as process,
    ):
        part = Engine(process)
        try:
            yield part
        finally:
            # what lies in it goes with the folder: nothing needs saving
            part.kill()
            process.wait(_STOP_SECONDS)


@dataclass(frozen=True, slots=True)
class Engine:
    """A part of the engine that runs.

    Args:
        keeper: The process that ends it.
    """

    keeper: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()

    def is_over(self) -> bool:
        """Return whether it has ended."""
        return self.keeper.poll() is not None


def wait_until_it_listens(process: Engine, port: int, log: Path) -> None:
    """Wait until a part of the engine takes connections, or fail with the end of its log."""
    for _ in range(_TURNS):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.keeper.wait(_TURN_SECONDS)
            break
        with contextlib.suppress(OSError), socket.create_connection((_HOST, port), timeout=1):
            return
    raise EngineFailed(
        f"A part of the engine did not start:\n{log.read_text(errors='replace')[-2000:]}"
    )


def wait_until_it_answers(process: Engine, port: int, log: Path) -> None:
    """Wait until the store answers, or fail with the end of its log."""
    for _ in range(_TURNS):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.keeper.wait(_TURN_SECONDS)
            break
        with contextlib.suppress(OSError, http.client.HTTPException):
            asked = http.client.HTTPConnection(_HOST, port, timeout=1)
            with contextlib.closing(asked):
                asked.request("GET", "/")
                if asked.getresponse().status in _ANSWERS:
                    return
    raise EngineFailed(
        f"The store's engine did not start:\n{log.read_text(errors='replace')[-2000:]}"
    )
