"""The attachments of a first fill: they lie in the storage already, sealed, and are not copied.

Whoever lays a copy of the home sees that they do. The new PC fetches them as they are, beside the
copy, and opens them when the copy becomes its home: each is encrypted once for that, under the PC's
own key. One that did not come, or is not what its name says, is left to the rounds that follow.
"""

from __future__ import annotations

import shutil
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from liaison.files import plain_errors
from liaison.store import segments
from liaison.store import snapshot as copies
from liaison.store.blobs import blob_id
from liaison.sync import beating, names, pushing, sealed
from liaison.sync.sealed import Header, Refused
from liaison.sync.transport import Forbearing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from liaison.sync.means import Means
    from liaison.sync.roster import EpochKey
    from liaison.sync.sealed import Sealed
    from liaison.sync.transport import Transport

_FOLDER: Final = ".files"
_BEGUN: Final = ".tmp"
_AHEAD: Final = 2
"""How many are in memory besides the one that is worked on: an attachment may have 50 MB."""

_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


@contextmanager
def lane(name: str) -> Iterator[Executor]:
    """Have another thread at hand; whatever ends the work, it begins nothing more.

    Args:
        name: What it is called.
    """
    way = ThreadPoolExecutor(1, name)
    try:
        yield way
    finally:
        way.shutdown(cancel_futures=True)


def ahead(
    way: Executor, do: Callable[[_Asked], _Answer], items: Iterable[_Asked]
) -> Iterator[tuple[_Asked, _Answer]]:
    """Do something with each of some things, while what came of those before is worked on.

    Args:
        way: Where it is done.
        do: What to do.
        items: With what.

    Yields:
        Each thing and what came of it, in their order.
    """
    coming: deque[tuple[_Asked, Future[_Answer]]] = deque()
    for item in items:
        coming.append((item, way.submit(do, item)))
        if len(coming) > _AHEAD:
            before, answer = coming.popleft()
            yield before, answer.result()
    for before, answer in coming:
        yield before, answer.result()


def lay(means: Means, epoch: EpochKey) -> int:
    """Lay the attachments that are on this PC into the storage, if it lacks any.

    Args:
        means: What the exchange works with.
        epoch: The key to seal them with.

    Returns:
        How many bytes those have that a new PC finds there.

    Raises:
        UserError: The storage would not go on.
    """
    here = copies.attachments(means.store)
    there = {names.read_blob(name) for name in means.transport.list(names.all_blobs(means.home))}
    by = Header(
        sealed.SNAPSHOT,
        means.home,
        means.pc,
        beating.current_incarnation(means),
        means.store.context.tag,
    )
    for name in here:
        data = None if name in there else segments.blob(means.store, name)
        if data is not None:
            pushing.lay_blob(means, name, data, by, epoch)
    return sum(here.values())


def fetch(  # noqa: PLR0917  # what, from where, for whom
    transport: Transport,
    home: str,
    wanted: Iterable[str],
    coming: Path,
    signing_key: Callable[[int], bytes | None],
    told: Callable[[int], object],
) -> None:
    """Fetch attachments, sealed, beside a copy that has come; what came before is not again.

    Args:
        transport: The storage.
        home: The home's id.
        wanted: Their names.
        coming: The copy.
        signing_key: Returns the public key of a PC that was ever let in; None for others.
        told: Told how many bytes of them are here; what it raises ends the fetching.

    Raises:
        UserError: The storage or the disk would not go on; what came is kept.
    """
    folder = _beside(coming)
    with plain_errors(folder):
        folder.mkdir(exist_ok=True)
        here = {entry.name: entry.stat().st_size for entry in folder.iterdir()}
    lacking = {name for name in wanted if names.is_blob(name)}
    done = sum(here[name] for name in lacking & here.keys())
    lacking -= here.keys()
    told(done)
    if not lacking:
        return
    there = [(name, names.read_blob(name)) for name in transport.list(names.all_blobs(home))]
    # each PC that sealed one laid its own there
    lying = ((name, blob) for name, blob in there if blob in lacking and names.is_safe(name))
    reading = Forbearing(transport)
    with lane("attachments") as way:
        for (_, blob), data in ahead(way, lambda one: reading.get(one[0]), lying):
            if blob not in lacking or data is None or not _is_theirs(data, home, signing_key):
                continue
            with plain_errors(folder):
                begun = folder / f"{blob}{_BEGUN}"
                begun.write_bytes(data)
                begun.replace(folder / blob)
            lacking.discard(blob)
            done += len(data)
            told(done)


def opened(
    coming: Path,
    home: str,
    wanted: Iterable[str],
    key: Callable[[str], bytes | None],
    naming: bytes,
) -> Iterator[tuple[str, bytes]]:
    """Open the attachments that were fetched beside a copy.

    Args:
        coming: The copy.
        home: The home's id.
        wanted: Their names.
        key: Returns the key of an epoch; None if it has not reached this PC.
        naming: The home's key for the names of attachments.

    Yields:
        The name and the bytes of each that is what its name says.

    Raises:
        UserError: The disk would not go on.
    """
    folder = _beside(coming)

    def open_one(name: str) -> bytes | None:
        with plain_errors(folder):
            if not names.is_blob(name) or not (folder / name).exists():
                return None
            data = (folder / name).read_bytes()
        try:
            found = _blob_in(data, home)
            own = key(found.header.epoch)
            plain = None if own is None else sealed.open_body(found, own)
        except Refused:
            return None
        # the name is a keyed hash of the bytes: nobody can slip in another file
        return plain if plain is not None and blob_id(naming, plain) == name else None

    with lane("attachments") as way:
        for name, plain in ahead(way, open_one, wanted):
            if plain is not None:
                yield name, plain


def discard(coming: Path) -> None:
    """Remove what was fetched beside a copy."""
    shutil.rmtree(_beside(coming), ignore_errors=True)


def _beside(coming: Path) -> Path:
    return coming.with_name(f"{coming.name}{_FOLDER}")


def _blob_in(data: bytes, home: str) -> Sealed:
    found = sealed.require_home(sealed.read(data), home)
    if found.header.kind != sealed.BLOB:
        raise Refused("it is something else than its name says")
    return found


def _is_theirs(data: bytes, home: str, signing_key: Callable[[int], bytes | None]) -> bool:
    """Return whether a PC that was ever let in sealed this for the home."""
    try:
        found = _blob_in(data, home)
        public = signing_key(found.header.pc)
        if public is not None:
            sealed.require_signature(found, public)
    except Refused:
        return False
    return public is not None
