"""Where two values of a field can both stand: what two PCs wrote is then kept as one."""

from __future__ import annotations

from collections.abc import Sequence

from liaison.records.fields import FieldSpec
from liaison.records.kinds import Kind


def both(field: FieldSpec, values: Sequence[object]) -> str | None:
    """Return the value that keeps all of several.

    Only long texts have one: what one PC noted is not made untrue by what another noted. A name, a
    day, a number or a choice is one or the other. Sets need none: their elements never differ.

    Args:
        field: The field.
        values: Its values, the oldest first.

    Returns:
        The texts one after another, each once; None where only one can stand.
    """
    if field.kind is not Kind.NOTE or field.many:
        return None
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    told = [
        text
        for place, text in enumerate(texts)
        if not any(_says(other, text) for n, other in enumerate(texts) if n != place)
        and text not in texts[:place]
    ]
    # where one text is the other one with more to it, that one says both already
    return "\n\n".join(told) if len(told) > 1 else None


def _says(text: str, part: str) -> bool:
    return part != text and part in text
