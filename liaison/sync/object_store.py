"""Segments in an S3-compatible object store, run by somebody else.

The same three verbs as the folder (:mod:`liaison.sync.transport`): list, get, put. The store is not
trusted with anything: what lies there is sealed and signed, and this module makes sure of what a
storage must do all the same. Nothing is overwritten, but for what is damaged and whose name only
other bytes can have. An empty list is believed only once the
store itself has said so: a network that wants somebody to sign in answers each question with a web
page, and that must never pass for a storage that was wiped. Every wait has an end.

The library reads the environment of the process for settings; all that matter are given here, so
that a variable left by another program cannot send a home's segments elsewhere.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, TypeVar
from urllib.parse import urlsplit

from liaison.sync.object_store_faults import (
    CUT,
    OTHER_CONTENT,
    PUT_AWAY,
    TOO_LARGE,
    WEB_PAGE,
    StoreFault,
    explained,
    is_missing,
    looks_like_a_web_page,
)
from liaison.sync.object_store_patience import Patience
from liaison.sync.object_store_place import UnusableAddress
from liaison.sync.sealed import is_name_of

if TYPE_CHECKING:
    from obstore.store import S3Credential, S3Store

    from liaison.sync.object_store_place import Access

Answer = TypeVar("Answer")
# within the class, the word list is one of its verbs
Names = list[str]

#: What is larger goes in parts and comes in stretches of this, each a request with its own time
#: limit; stores take no smaller parts.
STRETCH: Final = 5 << 20
#: A first fill of a large home is some hundred megabytes; beyond this nothing is ours.
MOST_BYTES: Final = 2 << 30
#: Names in one answer to a list.
PAGE: Final = 1000
_PARTS_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one request may take; on a slow link a stretch still fits.

    Args:
        connect: Seconds until the connection stands.
        silence: Seconds without a byte of the answer.
        request: Seconds for one request in all.
    """

    connect: float = 10.0
    silence: float = 30.0
    request: float = 180.0


class ObjectStore:
    """A home's place in an object store.

    Args:
        access: Where it is, and the key.
        limits: How long one request may take.
        patience: How often and after what waits a fault that passes is tried again.
    """

    def __init__(
        self, access: Access, *, limits: Limits | None = None, patience: Patience | None = None
    ) -> None:
        self._place = access.place
        self._refuses_overwriting = access.refuses_overwriting
        self._patience = patience or Patience()
        self._library: S3Store | None = _connected(access, limits or Limits())
        #: Requests sent so far, tries and pages of a list each counted.
        self.requests = 0

    def __repr__(self) -> str:
        """Say where it is, and nothing about the key."""
        return f"ObjectStore({self._place.shown!r})"

    def put_away(self) -> None:
        """Forget the key, as the home is locked; every verb then says so."""
        self._library = None

    def list(self, prefix: str, after: str = "") -> Names:
        """Return the keys under a prefix in ascending order.

        The number of requests grows with what comes after `after`, never with what lies before it:
        one, and one for each further thousand.

        Args:
            prefix: The folder, ending in a slash, or "" for everything.
            after: The last key that was seen; only those behind it are returned.

        Raises:
            StoreFault: The store could not be asked.
        """
        # beginning just before the last seen key, the store shows that key again: so it is known
        # who answered, without a second request
        begin = after[:-1] if after.startswith(prefix) and len(after) > len(prefix) + 1 else after
        found = self._patience.wait_for(lambda: self._listed(prefix, begin))
        if not found:
            self._patience.wait_for(self._make_sure_who_answers)
        return sorted(key for key in found if key > after)

    def list_from(self, folder: str, name: str) -> Names:
        """Return the names in a folder from one on, that one among them if it is still there.

        Raises:
            StoreFault: The store could not be asked.
        """
        # a list begins behind a name: this one stands just before it
        found = self._patience.wait_for(lambda: self._listed(folder, name[:-1]))
        return sorted(one for one in found if one >= name)

    def look_into(self, folder: str) -> tuple[Names, Names]:
        """Return the folders and the objects that lie directly in a folder; one request.

        An answer without anything in it says nothing: it may have come from somebody else.

        Raises:
            StoreFault: The store could not be asked.
        """

        def read(library: S3Store) -> tuple[Names, Names]:
            found = library.list_with_delimiter(folder or None)
            inside = sorted(f"{one.rstrip('/')}/" for one in found["common_prefixes"])
            return inside, sorted(entry["path"] for entry in found["objects"])

        return self._patience.wait_for(lambda: self._ask(read))

    def get(self, key: str, /) -> bytes | None:
        """Return what lies under a key, or None if nothing does.

        Raises:
            StoreFault: The store could not be asked, or what lies there is far too large.
        """
        try:
            size, data = self._patience.wait_for(lambda: self._opened(key))
            if size <= STRETCH:
                return data
            edges = [*range(0, size, STRETCH), size]
            return b"".join(
                self._patience.wait_for(partial(self._stretch, key, start, end))
                for start, end in itertools.pairwise(edges)
            )
        except FileNotFoundError:
            return None

    def put(self, key: str, data: bytes, /) -> None:
        """Lay an object there, whole or not at all; the same bytes again change nothing.

        Raises:
            StoreFault: The store could not be reached, or keeps something else under a name that
                does not tell what belongs there; that is left as it is.
        """
        laid = self._patience.wait_for(lambda: self._laid(key, data))
        # a put whose answer was lost did its work all the same
        if not laid and self.get(key) != data:
            raise StoreFault(OTHER_CONTENT)

    def overwriting_is_refused(self, key: str) -> bool:
        """Try to put other bytes under a key of a trial, and return whether the store refused it.

        Args:
            key: Where a trial has put something; it may be lost.
        """
        try:
            self._ask(
                lambda library: library.put(
                    key, secrets.token_bytes(16), mode="create", use_multipart=False
                )
            )
        except FileExistsError:
            return True
        except StoreFault:
            # a store that does not know the question may refuse it in any words
            return False
        return False

    def remove(self, key: str, /) -> None:
        """Take an object away; nothing happens if there is none.

        Raises:
            StoreFault: The store could not be asked, or does not allow it.
        """
        self._ask(lambda library: library.delete(key))

    def _listed(self, prefix: str, begin: str) -> Names:
        def read(library: S3Store) -> Names:
            pages = library.list(prefix or None, offset=begin or None, chunk_size=PAGE)
            return [entry["path"] for page in pages for entry in page]

        keys = self._ask(read)
        self.requests += max(0, len(keys) - 1) // PAGE
        return keys

    def _make_sure_who_answers(self) -> None:
        """Ask for what is not there: only the store knows how to say so."""
        nothing = f"nothing-{secrets.token_hex(8)}"
        try:
            self._ask(lambda library: library.get(nothing))
        except FileNotFoundError:
            return
        raise StoreFault(WEB_PAGE)

    def _opened(self, key: str) -> tuple[int, bytes]:
        """Return how large an object is, and all of it if it is small."""

        def read(library: S3Store) -> tuple[int, str | None, bytes]:
            answer = library.get(key)
            size = answer.meta["size"]
            data = bytes(answer.bytes()) if size <= STRETCH else b""
            return size, answer.meta["e_tag"], data

        size, tag, data = self._ask(read)
        if tag is None or looks_like_a_web_page(data):
            raise StoreFault(WEB_PAGE)
        if size > MOST_BYTES:
            raise StoreFault(TOO_LARGE)
        return size, data

    def _stretch(self, key: str, start: int, end: int) -> bytes:
        data = bytes(self._ask(lambda library: library.get_range(key, start=start, end=end)))
        if len(data) != end - start:
            raise StoreFault(CUT)
        return data

    def _laid(self, key: str, data: bytes) -> bool:
        """Lay an object, and return whether it was laid: not if another one may be right there."""
        whole = len(data) <= STRETCH
        # under a name made from these very bytes lies the same, or something damaged
        alone_right = is_name_of(key, data)
        refused_by_the_store = whole and self._refuses_overwriting and not alone_right
        if not alone_right and not refused_by_the_store and self._lies_there(key):
            return False
        mode: Literal["create", "overwrite"] = "create" if refused_by_the_store else "overwrite"
        try:
            self._ask(
                lambda library: library.put(
                    key,
                    data,
                    mode=mode,
                    use_multipart=not whole,
                    chunk_size=STRETCH,
                    max_concurrency=_PARTS_AT_ONCE,
                )
            )
        except FileExistsError:
            return False
        return True

    def _lies_there(self, key: str) -> bool:
        try:
            found = self._ask(lambda library: library.head(key))
        except FileNotFoundError:
            return False
        if found["e_tag"] is None:
            raise StoreFault(WEB_PAGE)
        return True

    def _ask(self, work: Callable[[S3Store], Answer]) -> Answer:
        """Send one request, and say in plain words what became of it.

        Raises:
            FileNotFoundError: The store says there is no such object.
            FileExistsError: The store says there is one already.
            StoreFault: Anything else.
        """
        from obstore.exceptions import AlreadyExistsError, BaseError

        if self._library is None:
            raise StoreFault(PUT_AWAY)
        self.requests += 1
        fault: Exception
        try:
            return work(self._library)
        except AlreadyExistsError:
            fault = FileExistsError()
        except FileNotFoundError as told:
            fault = FileNotFoundError() if is_missing(told) else StoreFault(explained(told))
        except BaseError as told:
            fault = StoreFault(explained(told))
        # raised out here, so that nothing leads back to the library's text
        raise fault


def _connected(access: Access, limits: Limits) -> S3Store:
    """Return the library's store; no request is sent."""
    from obstore.exceptions import BaseError
    from obstore.store import S3Store

    place, key = access.place, access.credentials

    def credentials() -> S3Credential:
        return {
            "access_key_id": key.access,
            "secret_access_key": key.secret,
            "token": key.token or None,
            "expires_at": None,
        }

    try:
        return S3Store(
            place.bucket,
            prefix=place.prefix or None,
            credential_provider=credentials,
            config={
                "endpoint": place.endpoint,
                "aws_endpoint_url_s3": place.endpoint,
                "region": place.region,
                "virtual_hosted_style_request": False,
                "skip_signature": False,
                "unsigned_payload": False,
                "s3_express": False,
                # one by one: not every store knows the other way
                "disable_bulk_delete": True,
            },
            client_options={
                "allow_http": urlsplit(place.endpoint).scheme == "http",
                "allow_invalid_certificates": False,
                "connect_timeout": timedelta(seconds=limits.connect),
                "read_timeout": timedelta(seconds=limits.silence),
                "timeout": timedelta(seconds=limits.request),
                **({"root_certificate": place.authority} if place.authority else {}),
            },
            # tried again by ourselves: with our waits, and counted
            retry_config={"max_retries": 0},
        )
    except (BaseError, ValueError):
        # everything else it is given was looked at before
        if not place.authority:
            raise
    raise UnusableAddress("That certificate cannot be read.", do="Ask for it again, as a PEM file.")
