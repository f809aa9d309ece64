"""Sealed objects, byte by byte: what every file in the storage is, whatever it carries.

``LSN1``, a header in the clear, AES-256-GCM over the body with the header bound to it, and the
PC's Ed25519 signature over all of that. What an object *is* stands in the signed header and never
in its name. The key of each object is its own (HKDF of the epoch's key with a fresh random salt),
and the header commits to that key, so one ciphertext cannot be made to open under two keys.

Nothing here trusts a byte: every length is bounded before anything is read, decrypted or unpacked.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import secrets
import struct
import zlib
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liaison.store.stamps import MOST_TAGS

if TYPE_CHECKING:
    from liaison.store.unit import Signer
    from liaison.sync.roster import EpochKey

MAGIC: Final = b"LSN1"
VERSION: Final = 1
SEGMENT: Final = 1
HEARTBEAT: Final = 2
SNAPSHOT: Final = 3
BLOB: Final = 4
KINDS: Final = frozenset({SEGMENT, HEARTBEAT, SNAPSHOT, BLOB})
LARGEST: Final = 96 * 1024 * 1024
"""Bytes of a whole object; an attachment has 50 MB at most."""
LARGEST_BODY: Final = 256 * 1024 * 1024
"""Bytes of an unpacked body; nothing is unpacked beyond what the signed header says."""
NO_HASH: Final = bytes(32)
BAD_SIGNATURE: Final = "its signature is not that PC's"

# magic, version, kind, home, pc, incarnation, tag, first, seq, previous, stands for, epoch,
# changes, length of the body, salt, commitment, length of the ciphertext
_HEADER: Final = struct.Struct(">4sBB32sQIHQQ32s32s16sII32s32sI")
HEADER_BYTES: Final = _HEADER.size
_LARGEST_NUMBER: Final = (1 << 63) - 1
_LAST_INCARNATION: Final = 999_999_999
_NAMED_DIGITS: Final = 32
_SIGNATURE_BYTES: Final = 64
_SEAL_BYTES: Final = 16
_EPOCH_BYTES: Final = 16
_SIGNED: Final = b"liaison object 1\n"
_KEY: Final = b"liaison object key 1\n"
_COMMITMENT: Final = b"liaison object commitment 1\n"
# each key encrypts one message only, so the nonce need not differ
_NONCE: Final = bytes(12)


class Refused(Exception):
    """An object is not what it should be; says why, as the end of a sentence.

    Args:
        reason: In plain words.
        damaged: It may be whole elsewhere, or later: half written, a flipped bit.
        newer: A newer Liaison made it, and this one cannot read it.
    """

    def __init__(self, reason: str, *, damaged: bool = False, newer: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.damaged = damaged
        self.newer = newer


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """What an object says of itself, in the clear and signed.

    Args:
        kind: What it carries.
        home: The home's id.
        pc: The PC that made it.
        incarnation: Which life of that PC.
        tag: The tag of that replica.
        first: Number of the first segment it stands for; ``seq`` unless it is a bundle.
        seq: Its number.
        previous: Digest of the segment before ``first``.
        stands_for: Of a bundle, the digest of segment ``seq``, which the next one names; of what
            was made anew in the place of one segment, the digest of that.
        epoch: The id of the key it is encrypted with.
        changes: How many changes it holds.
    """

    kind: int
    home: str
    pc: int
    incarnation: int
    tag: int
    first: int = 0
    seq: int = 0
    previous: bytes = NO_HASH
    stands_for: bytes = NO_HASH
    epoch: str = ""
    changes: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Sealed:
    """An object whose outside has been read; nothing in it is proven yet.

    Args:
        header: What it says of itself; its home is only known once it was compared.
        home_hash: What stands there for the home.
        body_bytes: How long the body is when unpacked.
        salt: The salt of its key.
        commitment: What its key must answer.
        data: All of its bytes.
        digest: SHA-256 of everything but the signature: what the next segment names.
    """

    header: Header
    home_hash: bytes
    body_bytes: int
    salt: bytes
    commitment: bytes
    data: bytes = dataclasses.field(repr=False)
    digest: bytes

    @property
    def ends_with(self) -> bytes:
        """The digest that the segment after this one must name."""
        return self.header.stands_for if self.stands else self.digest

    @property
    def stands(self) -> bool:
        """Whether it stands for others: a bundle, or what was made anew in the place of one."""
        return self.header.stands_for != NO_HASH


def seal(header: Header, body: bytes, epoch: EpochKey, signer: Signer) -> bytes:
    """Make an object.

    Args:
        header: What it says of itself; the epoch is put in here.
        body: What it carries, unpacked.
        epoch: The key to encrypt with.
        signer: This PC's signing key.

    Returns:
        Its bytes; another call makes others.
    """
    if len(body) > LARGEST_BODY:
        message = f"a body of {len(body)} bytes"
        raise ValueError(message)
    salt = secrets.token_bytes(32)
    key, commitment = _keys(epoch.key, salt)
    packed = zlib.compress(body, 6)
    outside = _HEADER.pack(
        MAGIC,
        VERSION,
        header.kind,
        home_hash(header.home),
        header.pc,
        header.incarnation,
        header.tag,
        header.first,
        header.seq,
        header.previous,
        header.stands_for,
        epoch.id.encode("ascii").ljust(_EPOCH_BYTES, b"\0"),
        header.changes,
        len(body),
        salt,
        commitment,
        len(packed) + _SEAL_BYTES,
    )
    inside = outside + AESGCM(key).encrypt(_NONCE, packed, outside)
    return inside + signer.sign(_SIGNED + hashlib.sha256(inside).digest())


def read(data: bytes) -> Sealed:
    """Read the outside of an object.

    Raises:
        Refused: It is none, or not whole.
    """
    if not data:
        raise Refused("it is empty", damaged=True)
    if not data.strip(b"\0"):
        raise Refused("it holds nothing but zeros", damaged=True)
    if len(data) > LARGEST:
        raise Refused("it is larger than anything Liaison writes")
    if data[:3] != MAGIC[:3] or not data[3:4].isdigit():
        raise Refused("it does not begin as a segment does", damaged=True)
    if data[:4] != MAGIC or data[4:5] > bytes([VERSION]):
        raise Refused("a newer version of Liaison wrote it", newer=True)
    if len(data) < HEADER_BYTES + _SEAL_BYTES + _SIGNATURE_BYTES:
        raise Refused("it is cut off", damaged=True)
    fields = _HEADER.unpack_from(data)
    (_, version, kind, home, pc, incarnation, tag, first, seq, previous, stands_for) = fields[:11]
    epoch, changes, body_bytes, salt, commitment, length = fields[11:]
    if version != VERSION or kind not in KINDS:
        raise Refused("it is of an unknown kind", damaged=True)
    whole = HEADER_BYTES + length + _SIGNATURE_BYTES
    if len(data) != whole:
        words = "it is cut off" if len(data) < whole else "something was added to its end"
        raise Refused(words, damaged=True)
    if (
        max(pc, first, seq) > _LARGEST_NUMBER
        or incarnation > _LAST_INCARNATION
        or tag >= MOST_TAGS
        or (kind == SEGMENT and not 1 <= first <= seq)
    ):
        raise Refused("a number in it is out of range")
    if body_bytes > LARGEST_BODY:
        raise Refused("it says that it unpacks to more than Liaison ever writes")
    try:
        name = epoch.rstrip(b"\0").decode("ascii")
    except UnicodeDecodeError:
        raise Refused("the name of its key cannot be read", damaged=True) from None
    header = Header(
        kind, "", pc, incarnation, tag, first, seq, previous, stands_for, name, changes
    )  # fmt: skip
    return Sealed(header, home, body_bytes, salt, commitment, data, digest_of(data))


def digest_of(data: bytes) -> bytes:
    """Return the digest by which an object with these bytes is named."""
    return hashlib.sha256(data[:-_SIGNATURE_BYTES]).digest()


def is_name_of(name: str, data: bytes) -> bool:
    """Return whether a name holds the digest of these bytes: nothing else can be right under it."""
    return digest_of(data).hex()[:_NAMED_DIGITS] in name.rsplit("/", 1)[-1]


def require_home(sealed: Sealed, home: str) -> Sealed:
    """Refuse what belongs to another home; return it with its home named.

    Raises:
        Refused: It is another home's.
    """
    if not hmac.compare_digest(sealed.home_hash, home_hash(home)):
        raise Refused("it belongs to another home")
    return dataclasses.replace(sealed, header=dataclasses.replace(sealed.header, home=home))


def require_signature(sealed: Sealed, public_key: bytes) -> None:
    """Refuse what a PC did not sign.

    Raises:
        Refused: The signature is not that PC's.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            sealed.data[-_SIGNATURE_BYTES:], _SIGNED + sealed.digest
        )
    except (InvalidSignature, ValueError):
        raise Refused(BAD_SIGNATURE) from None


def open_body(sealed: Sealed, key: bytes) -> bytes:
    """Decrypt and unpack the body; its signature has been checked.

    Args:
        sealed: The object.
        key: The 32-byte key of its epoch.

    Raises:
        Refused: It was made with another key, or is larger inside than it says.
    """
    own, commitment = _keys(key, sealed.salt)
    if not hmac.compare_digest(commitment, sealed.commitment):
        raise Refused("it was encrypted with another key than it says")
    data = memoryview(sealed.data)
    try:
        packed = AESGCM(own).decrypt(
            _NONCE, data[HEADER_BYTES:-_SIGNATURE_BYTES], data[:HEADER_BYTES]
        )
    except InvalidTag:
        raise Refused("it cannot be decrypted") from None
    unpacking = zlib.decompressobj()
    try:
        # one byte more than is allowed, to see whether there is one
        body = unpacking.decompress(packed, sealed.body_bytes + 1)
    except zlib.error:
        raise Refused("what is in it cannot be unpacked") from None
    if len(body) != sealed.body_bytes or not unpacking.eof or unpacking.unused_data:
        raise Refused("what is in it has another size than it says")
    return body


def home_hash(home: str) -> bytes:
    """Return what stands for a home's id in a header (32 bytes)."""
    return hashlib.sha256(b"liaison home\n" + home.encode()).digest()


def _keys(epoch: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """Return an object's own key, and the commitment to it."""
    both = HKDF(algorithm=hashes.SHA256(), length=64, salt=salt, info=_KEY).derive(epoch)
    key, second = both[:32], both[32:]
    return key, hmac.digest(second, _COMMITMENT, hashlib.sha256)
