"""The words above and beside a training matrix: what heads names, roles, courses, sums and days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from liaison.exchange.matrix_cells import Meaning

LONGEST_NAME: Final = 120

FULL_NAMES: Final = frozenset({
    "name", "names", "staff", "staff name", "staff names", "staff member", "staff members",
    "member of staff", "name of staff", "name of staff member", "employee", "employees",
    "employee name", "name of employee", "full name", "carer", "carers", "team member",
    "colleague", "worker", "worker name", "surname first name", "last name first name",
    "name surname", "name last first", "names of staff",
})  # fmt: skip
FIRST_NAMES: Final = frozenset({
    "first name", "forename", "firstname", "given name", "first", "forenames", "first names",
})  # fmt: skip
LAST_NAMES: Final = frozenset({"surname", "last name", "lastname", "family name", "last"})
ROLES: Final = frozenset({
    "job title", "job role", "role", "position", "job", "title", "post", "designation",
    "staff role", "jobtitle",
})  # fmt: skip
NO_COURSES: Final = frozenset({
    "team", "unit", "department", "dept", "floor", "shift", "start", "start date", "started",
    "date started", "date of start", "employment start date", "date of employment", "dob",
    "date of birth", "payroll", "payroll no", "payroll number", "employee no", "employee number",
    "staff no", "staff number", "staff id", "id", "no", "no.", "#", "number", "hours",
    "contracted hours", "contract", "notes", "note", "comments", "comment", "problems",
    "what to correct", "email", "e-mail", "phone", "mobile", "dbs", "dbs date", "dbs number",
    "nmc pin", "pin", "manager", "supervisor", "location", "home", "status", "worker reference",
    "leaving date", "date left", "probation", "gender", "nationality", "right to work",
})  # fmt: skip
SUM: Final = re.compile(
    r"(?:grand |sub)?totals?(?:$|\s*[:%(].*|\s+(?:trained|staff|compl|in|out|of|n).*)|sum$|count$|average\b.*|%.*|percent.*|"
    r"(?:number|no\.?|count|sum) (?:of|trained|in|out)\b.*|overall\b.*|compliance$|compliance .*%?|"
    r"compliant$|(?:in|out of) date\b.*|expired$|overdue$|due soon$|key:?$|legend:?$|(?:rag|score)$",
    re.IGNORECASE,
)
_MEANINGS: Final = {
    Meaning.EXPIRES: (
        r"expiry date|expiry|expires(?: on)?|expiration(?: date)?|exp date|exp|date due|due date|"
        r"next due|due|renewal date|renewal due|renewal|renew by|refresher due|refresh(?:er)? date|"
        r"valid until|valid to|runs out|review date|date of expiry|until"
    ),
    Meaning.COMPLETED: (
        r"completed on|date completed|completion date|completed|complete|date of completion|done|"
        r"date done|date attended|attended|date taken|date trained|date of training|training date|"
        r"date passed|passed|date achieved|achieved|last done|last completed"
    ),
}
_ALONE: Final = {
    meaning: re.compile(rf"\(?(?:{words})\)?", re.IGNORECASE)
    for meaning, words in _MEANINGS.items()
}
_AFTER: Final = {
    meaning: re.compile(rf"(.*?\S)\s*[\s(:\-\N{{EN DASH}}]\s*(?:{words})\)?", re.IGNORECASE)
    for meaning, words in _MEANINGS.items()
}
INTERVAL: Final = re.compile(
    r"(?:every\s)?(?:[0-9]{1,2}|one|two|three|five)?\s?-?(?:months?|monthly|mths?|m|years?|yearly|"
    r"yrs?|y|annual(?:ly)?|once(?: only)?|one off|bi-?annual(?:ly)?|mandatory|statutory|optional|"
    r"n/?a|refresher|frequency|interval|e-?learning|face to face|f2f|online|date)",
    re.IGNORECASE,
)
PART: Final = re.compile(
    r"e-?learning|online|theory|practical|face to face|f2f|classroom|"
    r"(?:tier|level|part|module|stage|standard|unit|l) ?[0-9]{1,2}[a-z]?",
    re.IGNORECASE,
)
_NOT_A_NAME: Final = re.compile(r"[0-9]{2,}|[@:;!?%=]")


def heading_of(words: Sequence[str]) -> tuple[str, Meaning | None]:
    """Return what a column is about, and what its days are."""
    if not words:
        return "", None
    last = words[-1]
    for meaning, pattern in _ALONE.items():
        if pattern.fullmatch(last):
            return (words[-2] if len(words) > 1 else ""), meaning
    for meaning, pattern in _AFTER.items():
        if (match := pattern.fullmatch(last)) is not None:
            return match[1].rstrip(" (:-"), meaning
    return last, None


def meaning_of(sheet: str) -> Meaning | None:
    """Return what all days of a sheet are, if it is called so: "Completed", "Expiry dates"."""
    name = sheet.strip().removesuffix(" dates").removesuffix(" days")
    return next((one for one, pattern in _ALONE.items() if pattern.fullmatch(name)), None)


def folded(text: str) -> str:
    """Return a heading as it is compared: small letters, and few signs."""
    return " ".join(re.sub(r"[^\w#.\s-]", " ", text.casefold()).split())


def is_name(text: str) -> bool:
    """Return whether a text looks like somebody's name: two words or more, and no numbers."""
    words = text.replace(",", " ").split()
    return (
        2 <= len(words) <= 6  # noqa: PLR2004
        and len(text) <= LONGEST_NAME
        and not _NOT_A_NAME.search(text)
        and all(word[0].isalpha() or word[0] in "('" for word in words)
        and not SUM.match(text)
        and "training" not in text.casefold()
        and "matrix" not in text.casefold()
    )
