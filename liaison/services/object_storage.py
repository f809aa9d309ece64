"""The object store in which the PCs of a home meet: set up, kept in the vault, opened, given up.

The way to the store with its key lies in the vault and nowhere else: whoever has the PC's disk does
not have it, and while the home is locked nobody has, unless that was asked for.
"""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from liaison import security
from liaison.errors import UserError
from liaison.files import plain_errors
from liaison.security.roles import Action
from liaison.sync.object_store import ObjectStore
from liaison.sync.object_store_memory import RememberingStore
from liaison.sync.object_store_place import (
    MOST_BYTES,
    Access,
    Credentials,
    place_from_url,
    read_credentials,
)
from liaison.sync.object_store_trial import try_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from liaison.security.wire import JsonObject
    from liaison.services.homes import OpenHome
    from liaison.sync.object_store_trial import Trial

_REQUIRED_KEPT = "Nothing was changed: the PCs meet where they met before."


ADDRESS: Final = "address"
REGION: Final = "region"
KEY: Final = "key"
CERTIFICATE: Final = "certificate"
"""The fields of a store's form."""


class InField(UserError):
    """Something about one field of a store's form; nothing of a key is repeated.

    Args:
        field: Which field.
        error: What is wrong with it.
    """

    def __init__(self, field: str, error: UserError) -> None:
        super().__init__(error.what, kept=error.kept, do=error.do, code=error.code)
        self.field = field


@dataclasses.dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields for a store.

    Args:
        address: Its address with bucket and folder.
        key: The half of the key that is its name.
        secret: The secret half.
        region: The region, if it was given apart.
        certificate: The file of a certificate to trust; empty for none.
        while_locked: Whether the key may stay in memory while the home is locked.
    """

    address: str
    key: str = dataclasses.field(default="", repr=False)
    secret: str = dataclasses.field(default="", repr=False)
    region: str = ""
    certificate: str = ""
    while_locked: bool = False

    def access(self) -> Access:
        """Read it.

        Raises:
            InField: Something of it cannot be used, and which field that is.
        """
        with _of(ADDRESS):
            place_from_url(self.address)
        with _of(REGION):
            place = place_from_url(self.address, region=self.region.strip())
        with _of(CERTIFICATE):
            if self.certificate.strip():
                place = dataclasses.replace(place, authority=_certificate(self.certificate))
        with _of(KEY):
            return Access(
                place,
                Credentials(self.key.strip(), self.secret.strip()),
                while_locked=self.while_locked,
            )


@contextmanager
def _of(field: str) -> Iterator[None]:
    try:
        yield
    except UserError as error:
        raise InField(field, error) from error


def _certificate(typed: str) -> str:
    file = Path(typed.strip()).expanduser()
    with plain_errors(file), file.open("rb") as opened:
        return opened.read(MOST_BYTES).decode("ascii", "replace")


def read_access(
    url: str,
    credentials: bytes,
    *,
    region: str = "",
    authority: str = "",
    plain: bool = False,
    while_locked: bool = False,
) -> Access:
    """Read what a person was given for a store.

    Args:
        url: Its address with bucket and folder, as it was pasted.
        credentials: The file with the key; it is read once, and whoever gave it should delete it.
        region: The region, if it was given apart.
        authority: A certificate (PEM) to trust besides those of this PC.
        plain: Whether a connection without encryption was asked for.
        while_locked: Whether the key may stay in memory while the home is locked.

    Raises:
        UnusableAddress: Address, key or certificate cannot be used; nothing of the key is repeated.
    """
    place = place_from_url(url, region=region, authority=authority, plain=plain)
    return Access(place, read_credentials(credentials), while_locked=while_locked)


def set_up(home: OpenHome, access: Access, *, trial: Callable[[Access], Trial] = try_out) -> Trial:
    """Try a store out and, if a home can rely on it, let the PCs meet there from now on.

    Args:
        home: The home, unlocked by somebody who may connect it with other PCs.
        access: The way to the store.
        trial: Tries it out.

    Returns:
        What worked; the way is kept only if all of it did.

    Raises:
        NotAllowed: The person may not connect the home with other PCs.
        KeyFileChanged: Another Liaison changed the key file meanwhile.
        CannotWrite: The key file could not be written.
    """
    home.require(Action.PCS, kept=_REQUIRED_KEPT)
    told = trial(access)
    if told.fault is None:
        keep(home, told.access)
    return told


def keep(home: OpenHome, access: Access) -> None:
    """Keep the way to a store in the vault: one that was tried out, or that an invitation named.

    Raises:
        KeyFileChanged: Another Liaison changed the key file meanwhile.
        CannotWrite: The key file could not be written.
    """
    if home.unlocked.vault.storage != access.encode():
        _keep(home, access.encode())


def give_up(home: OpenHome) -> None:
    """Forget the store and its key; what lies there stays.

    Raises:
        NotAllowed: The person may not connect the home with other PCs.
        KeyFileChanged: Another Liaison changed the key file meanwhile.
        CannotWrite: The key file could not be written.
    """
    home.require(Action.PCS, kept=_REQUIRED_KEPT)
    if home.unlocked.vault.storage:
        _keep(home, {})


def access_of(home: OpenHome) -> Access | None:
    """Return the way to the store, None if the PCs of the home do not meet in one.

    Raises:
        UnusableAddress: What the vault keeps of it cannot be read.
    """
    kept = home.unlocked.vault.storage
    return Access.decode(kept) if kept else None


def opened(home: OpenHome) -> RememberingStore | None:
    """Return the store in which the PCs of the home meet; no request is sent.

    One is to be kept for as long as the home is open: it remembers long lists. When the home is
    locked, `put_away` makes it forget the key, unless the access says `while_locked`.

    Raises:
        UnusableAddress: What the vault keeps of it cannot be read.
    """
    access = access_of(home)
    return None if access is None else RememberingStore(ObjectStore(access))


def _keep(home: OpenHome, storage: JsonObject) -> None:
    """Keep the way to a store in the vault."""
    vault = dataclasses.replace(home.unlocked.vault, storage=storage)
    home.unlocked = security.replace_vault(home.folder / security.FILE_NAME, home.unlocked, vault)
    home.store.see_generation(home.unlocked.generation)
