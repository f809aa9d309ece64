"""What a store, or the network before it, can answer instead of doing what it was asked.

The library tells faults as text. It is read here, in one place, and never handed on: it holds
addresses, the name of the key and whatever a stranger's server wrote. Each kind of fault becomes a
:class:`StoreFault` with plain words, which also knows whether trying again soon makes sense.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from liaison.sync.transport import TransportTrouble

_KEPT: Final = (
    "Nothing is lost: everything is saved on this PC, and goes out once the store answers."
)
_ASK: Final = "Ask whoever runs the store."
_LATER: Final = "Liaison tries again by itself."
_KEY_ANEW: Final = "It is given in Settings, Other PCs, “Use another store or key”, or with “liaison sync setup s3”."


class StoreFault(TransportTrouble):
    """The store could not be used just now; nothing was lost.

    Args:
        kind: Which fault it is; its name is the code for scripts.
    """

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.what, kept=_KEPT, do=kind.do, code=kind.code)
        self.passing = kind.passing


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault.

    Args:
        code: Its name for scripts.
        what: What happened, in plain words.
        do: What to do about it.
        passing: Whether it may well be over in a few seconds.
    """

    code: str
    what: str
    do: str
    passing: bool = False


WEB_PAGE: Final = Kind(
    "store-web-page",
    "The store answered with a web page: the network may want you to sign in first.",
    "Open a web browser on this PC and sign in to the network. If there is nothing to sign in to, check the "
    "address of the store.",
)
NOT_FOUND: Final = Kind(
    "store-address-unknown",
    "The address of the store is not known on this network.",
    "Check that this PC is connected to the internet, and how the address is spelled.",
    passing=True,
)
SILENT: Final = Kind(
    "store-not-there",
    "Nothing answers at the address of the store.",
    f"Check that this PC is connected to the internet, and the address. {_LATER}",
    passing=True,
)
SLOW: Final = Kind(
    "store-slow",
    "The store did not answer in time: the connection may be slow, or broken on the way.",
    _LATER,
    passing=True,
)
CUT: Final = Kind(
    "store-cut-off", "The connection to the store was cut off halfway.", _LATER, passing=True
)
BUSY: Final = Kind("store-busy", "The store is busy and asks to wait.", _LATER, passing=True)
TROUBLE: Final = Kind(
    "store-trouble",
    "The store has trouble of its own.",
    f"{_LATER} If it lasts: {_ASK.lower()}",
    passing=True,
)
CERTIFICATE: Final = Kind(
    "store-certificate",
    "The certificate of the store is not one that this PC trusts.",
    "Check the address and the date of this PC. If the store has a certificate of its own, give it when you set "
    "the store up.",
)
NOT_ENCRYPTED: Final = Kind(
    "store-no-https",
    "What answers at that address does not speak https.",
    "Check the address, and the number behind the colon if it has one.",
)
NO_SUCH_KEY: Final = Kind(
    "store-key-unknown",
    "The store does not know this key.",
    f"Check the first half of the key, or ask for a new one. {_KEY_ANEW} {_ASK}",
)
WRONG_SECRET: Final = Kind(
    "store-key-wrong",
    "The secret half of the key does not fit.",
    f"Copy both halves of the key again. {_KEY_ANEW}",
)
EXPIRED: Final = Kind(
    "store-key-expired",
    "The key for the store has run out.",
    f"Set the store up again with a new key. {_KEY_ANEW} {_ASK}",
)
NOT_ALLOWED: Final = Kind(
    "store-not-allowed",
    "The store does not let this key do that.",
    f"The key must be allowed to list, read and write in the bucket. {_ASK}",
)
CLOCK: Final = Kind(
    "store-clock",
    "The store does not accept the clock of this PC: it is too far from the right time.",
    "Set the date and the time of this PC. Saving goes on meanwhile.",
)
NO_BUCKET: Final = Kind(
    "store-no-bucket",
    "The store has no bucket of that name.",
    f"Check the name behind the address. {_ASK}",
)
REGION: Final = Kind(
    "store-region",
    "The store keeps this bucket in another region.",
    "Give the region behind the address, such as ?region=eu-west-2",
)
FULL: Final = Kind("store-full", "The store is full.", f"{_ASK} Saving on this PC goes on.")
STRANGE: Final = Kind(
    "store-strange",
    "The store gave an answer that makes no sense.",
    f"Check the address. {_ASK}",
)
TOO_LARGE: Final = Kind(
    "store-too-large", "In the store lies a file that is too large to be one of ours.", _ASK
)
OTHER_CONTENT: Final = Kind(
    "store-other-content",
    "In the store lies something else under the name of what was to be sent. It was left as it is.",
    f"Somebody else may write into this place. {_ASK}",
)
PUT_AWAY: Final = Kind(
    "store-key-put-away",
    "The key for the store is put away while the home is locked.",
    "Unlock the home.",
)

# What stores of this kind write between <Code> and </Code>.
_BY_CODE: Final = {
    "AccessDenied": NOT_ALLOWED,
    "AccountProblem": NOT_ALLOWED,
    "AllAccessDisabled": NOT_ALLOWED,
    "AuthorizationHeaderMalformed": REGION,
    "BadDigest": CUT,
    "ConditionalRequestConflict": BUSY,
    "EntityTooLarge": FULL,
    "ExpiredToken": EXPIRED,
    "IllegalLocationConstraintException": REGION,
    "IncompleteBody": CUT,
    "InternalError": TROUBLE,
    "InvalidAccessKeyId": NO_SUCH_KEY,
    "InvalidToken": EXPIRED,
    "NoSuchBucket": NO_BUCKET,
    "OperationAborted": BUSY,
    "PermanentRedirect": REGION,
    "QuotaExceeded": FULL,
    "RequestExpired": CLOCK,
    "RequestTimeTooSkewed": CLOCK,
    "RequestTimeout": SLOW,
    "ServiceUnavailable": BUSY,
    "SignatureDoesNotMatch": WRONG_SECRET,
    "SlowDown": BUSY,
    "TemporaryRedirect": REGION,
    "TokenRefreshRequired": EXPIRED,
    "XAmzContentSHA256Mismatch": CUT,
    "XMinioStorageFull": FULL,
}
_BY_STATUS: Final = {
    401: NOT_ALLOWED,
    403: NOT_ALLOWED,
    408: SLOW,
    409: BUSY,
    425: BUSY,
    429: BUSY,
    # it cannot do what every store can
    501: STRANGE,
    502: TROUBLE,
    503: BUSY,
    504: SLOW,
    507: FULL,
    511: WEB_PAGE,
}
# What the library's text holds, looked for in this order, when no answer came.
_BY_WORDS: Final = (
    ("dns error", NOT_FOUND),
    ("InvalidCertificate", CERTIFICATE),
    ("UnknownIssuer", CERTIFICATE),
    ("InvalidContentType", NOT_ENCRYPTED),
    ("BareRedirect", REGION),
    ("MissingEtag", WEB_PAGE),
    ("source: TooManyRedirects", WEB_PAGE),
    ("kind: Redirect", WEB_PAGE),
    ("TimedOut", SLOW),
    ("kind: Timeout", SLOW),
    ("kind: Connect", SILENT),
    ("kind: Interrupted", CUT),
    ("IncompleteMessage", CUT),
    ("IncompleteBody", CUT),
    ("ConnectionReset", CUT),
    ("BrokenPipe", CUT),
    ("InvalidXml", STRANGE),
    ("kind: Request", CUT),
)
_STATUS: Final = re.compile(r"status code: (\d{3})")
_CODE: Final = re.compile(r"<Code>(\w{1,60})</Code>")
_WEB: Final = re.compile(r"<!doctype html|<html", re.IGNORECASE)
_SERVER_FAULT: Final = 500


def asked_once(do: str) -> str:
    """Return what to do about a fault where nothing tries again by itself.

    Args:
        do: What to do about it while Liaison exchanges.
    """
    return do.replace(_LATER, "Try it again in a moment.")


def being_set_up(do: str) -> str:
    """Return what to do about a fault of a store whose address and key are being given just now.

    Args:
        do: What to do about it while Liaison exchanges.
    """
    return asked_once(do).replace(f" {_KEY_ANEW}", "")


def explained(fault: BaseException) -> Kind:
    """Return which kind of fault the library's error is.

    Args:
        fault: What the library raised.
    """
    text = str(fault)
    code, status = _CODE.search(text), _STATUS.search(text)
    if code is not None and code.group(1) in _BY_CODE:
        return _BY_CODE[code.group(1)]
    number = int(status.group(1)) if status else 0
    # a page of the network's, or of a proxy on the way; a store's own trouble may come as one too
    if _WEB.search(text) and number < _SERVER_FAULT:
        return WEB_PAGE
    if number:
        usual = TROUBLE if number >= _SERVER_FAULT else WEB_PAGE if number < 400 else STRANGE  # noqa: PLR2004  # where the answers of HTTP that refuse begin
        return _BY_STATUS.get(number, usual)
    return next((kind for words, kind in _BY_WORDS if words in text), STRANGE)


def is_missing(fault: FileNotFoundError) -> bool:
    """Return whether it was the store that said there is no such object, and nobody else."""
    text = str(fault)
    found = _CODE.search(text)
    # an answer to "is it there" has no words
    return found.group(1) == "NoSuchKey" if found else "performing HEAD" in text


def looks_like_a_web_page(data: bytes) -> bool:
    """Return whether bytes begin as a web page does; nothing of ours begins so."""
    return data[:64].lstrip().lower().startswith((b"<!doctype html", b"<html"))
