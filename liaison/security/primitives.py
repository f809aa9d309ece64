"""The few cryptographic operations the key file needs, and nothing that knows its shape.

Argon2id for passwords, AES-256-GCM for what lies under a symmetric key, HPKE (X25519, HKDF-SHA256,
AES-256-GCM) for what is sealed to somebody, Ed25519 to sign, HKDF to derive. All of it is the
`cryptography` package's; here it is bound to one home and one purpose each time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liaison.errors import UserError
from liaison.security.errors import BadPassword, CostRefused
from liaison.security.wire import canonical, show

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
SIGNATURE_BYTES: Final = 64
LONGEST_ID: Final = 64
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class Refused(Exception):
    """A ciphertext did not open or a signature did not fit; callers say what that means."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What checking a password costs whoever tries one (Argon2id).

    Passed in by the caller, so that tests are fast without a switch in the product.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1

    def check(self) -> None:
        """Refuse a cost out of all reason, before any memory is asked for.

        Raises:
            CostRefused: Less than Argon2id allows, or more than any Liaison would ask.
        """
        if not 1 <= self.lanes <= 8:  # noqa: PLR2004
            raise CostRefused(f"{self.lanes} processor lanes")
        if not 8 * self.lanes <= self.memory_kib <= 1024 * 1024:
            raise CostRefused(f"{self.memory_kib:,} KiB of memory")
        if not 1 <= self.passes <= 16:  # noqa: PLR2004
            raise CostRefused(f"{self.passes} passes")


STANDARD: Final = Cost()


@dataclass(frozen=True, slots=True)
class Pin:
    """The home that everything secret or signed is bound to.

    Args:
        home_id: The home's id.
        root: The first manager's Ed25519 public key, the root of trust.
    """

    home_id: str
    root: bytes

    def __post_init__(self) -> None:
        """Catch an id that a key file would not accept where it is made."""
        if not 0 < len(self.home_id) <= LONGEST_ID:
            raise ValueError(f"a home's id has 1 to {LONGEST_ID} characters")

    def bind(self, purpose: str, **more: object) -> bytes:
        """Return the associated data for one purpose, so that nothing can be used for another."""
        return canonical(
            {
                "liaison": "keys",
                "purpose": purpose,
                "home": self.home_id,
                "root": show(self.root),
                **more,
            }
        )


def password_bytes(password: str) -> bytes:
    """Return the bytes a password stands for: the same whichever keyboard composed its accents.

    Raises:
        BadPassword: It is empty, or holds something that is not text.
    """
    if not password.strip():
        raise BadPassword("A password cannot be empty.")
    try:
        return unicodedata.normalize("NFKC", password).encode("utf-8")
    except UnicodeEncodeError:
        # From None: the cause quotes the password.
        raise BadPassword("The password holds a character that is not text.") from None


def password_key(password: bytes, salt: bytes, cost: Cost) -> bytes:
    """Derive the key that a password stands for.

    Raises:
        CostRefused: The cost is out of bounds.
        UserError: This PC has not enough free memory.
    """
    cost.check()
    try:
        return Argon2id(
            salt=salt,
            length=KEY_BYTES,
            iterations=cost.passes,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive(password)
    except MemoryError:
        raise UserError(
            f"This PC has not enough free memory to check a password ({cost.memory_kib // 1024} MB are needed).",
            do="Close other programs, then try again.",
            code="no-memory",
        ) from None


def derive(secret: bytes, info: bytes) -> bytes:
    """Derive a 32-byte key for one purpose from a secret that is already random."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret)


def encrypt(key: bytes, plain: bytes, bound: bytes) -> tuple[bytes, bytes]:
    """Encrypt under a symmetric key; return nonce and ciphertext."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce, AESGCM(key).encrypt(nonce, plain, bound)


def decrypt(key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    """Undo :func:`encrypt`.

    Raises:
        Refused: Another key, other associated data, or other bytes.
    """
    try:
        return AESGCM(key).decrypt(nonce, data, bound)
    except (InvalidTag, ValueError):
        raise Refused from None


def mac(key: bytes, data: bytes) -> bytes:
    """Return HMAC-SHA256."""
    return hmac.digest(key, data, hashlib.sha256)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves of somebody: what others seal to, and what others check signatures with."""

    exchange: bytes
    signing: bytes

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """Encrypt so that only the holder of the private half can read it. Does not say by whom."""
        return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(self.exchange), bound)


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """The private keys of a person or of the recovery sheet.

    Args:
        exchange: X25519 private key, 32 raw bytes: opens what is sealed to them.
        signing: Ed25519 private key, 32 raw bytes.
    """

    exchange: bytes
    signing: bytes

    @classmethod
    def generate(cls) -> Identity:
        """Make new keys."""
        return cls(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_recovery(cls, secret: bytes, home_id: str) -> Identity:
        """Derive the recovery sheet's keys from the 160 bits on paper, for one home."""
        exchange, signing = (
            derive(
                secret,
                canonical({"liaison": "keys", "purpose": f"recovery-{use}", "home": home_id}),
            )
            for use in ("exchange", "signing")
        )
        return cls(exchange, signing)

    @property
    def public(self) -> PublicKeys:
        """The public halves."""
        return PublicKeys(
            X25519PrivateKey.from_private_bytes(self.exchange).public_key().public_bytes_raw(),
            Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw(),
        )

    def unseal(self, sealed: bytes, bound: bytes) -> bytes:
        """Open what was sealed to these keys.

        Raises:
            Refused: It was sealed to somebody else, for another purpose, or changed since.
        """
        try:
            return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(self.exchange), bound)
        except (InvalidTag, ValueError):
            raise Refused from None

    def sign(self, message: bytes) -> bytes:
        """Sign."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(message)

    def __repr__(self) -> str:
        """Show no secret."""
        return "<Identity>"


def check_signature(signing: bytes, signature: bytes, message: bytes) -> None:
    """Check an Ed25519 signature.

    Raises:
        Refused: It is not theirs, or not over this message.
    """
    try:
        Ed25519PublicKey.from_public_bytes(signing).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Refused from None
