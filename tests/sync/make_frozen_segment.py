"""Makes the frozen segment of the first format; run once, by hand."""

from __future__ import annotations

from liaison.store import changes as log
from liaison.sync import body, sealed
from tests.sync.test_sealed import FROZEN, HEADER, KEY, SIGNER


def main() -> None:
    """Write the file, which is never remade."""
    tag = HEADER.tag
    unit_id = (1 << 40) << 14 | tag
    unit = log.Unit(
        unit_id, tag, 3, "2026-11-23T09:00:00Z+00:00", 5, "save", "frozen", None, b"", b""
    )  # fmt: skip
    changes = [
        log.make_change(
            unit_id + (number << 14), "contact", unit_id + (number << 14), log.BIRTH,
            {"name": name}, {}, bytes([number]) * 16,
        )
        for number, name in ((1, "Mary Jones"), (2, "Siân O'Neil"))
    ]  # fmt: skip
    digest = log.unit_hash(b"b" * 32, unit, [change.digest for change in changes])
    signed = unit._replace(hash=digest, signature=SIGNER.sign(log.signed_bytes(digest)))
    content = body.encode(b"b" * 32, [log.Envelope(signed, changes)])
    with FROZEN.open("xb") as file:
        file.write(sealed.seal(HEADER, content, KEY, SIGNER))


if __name__ == "__main__":
    main()
