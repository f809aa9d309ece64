"""The NHS's list of practices: looked up to add one, and compared when a newer one comes out.

A refresh only says what is different. The manager accepts it, one by one or all; residents stay
with whom they are with, and visits that happened keep the name of their day, which the history has.
"""

from __future__ import annotations

import dataclasses
import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from liaison.errors import UserError
from liaison.exchange.ods import read_ods
from liaison.records import Problem, all_specs
from liaison.records.directory import Organisation
from liaison.records.home import Resident
from liaison.records.rules import phones
from liaison.records.rules.practices import CLOSED, DORMANT, Practice
from liaison.security.roles import Action
from liaison.services import editing
from liaison.store import ods, query
from liaison.store.rows import Loaded
from liaison.store.store import collector_paused

if TYPE_CHECKING:
    from liaison.services.homes import OpenHome
    from liaison.store.store import Store


class What(enum.Enum):
    """In what a practice is different from what the directory says."""

    RENAMED = "renamed"
    CLOSED = "closed"
    PHONE = "phone"
    ADDRESS = "address"


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One thing a newer list says otherwise.

    Args:
        code: The practice's NHS code.
        name: What it is called in the directory (or in the older list).
        what: In what it is different.
        before: What the directory says; empty for nothing.
        now: What the newer list says; of a closed one the last day as a kept date, if it is known.
        practice: The practice as the newer list has it.
        organisation: Its id in the directory; None if two lists were compared.
    """

    code: str
    name: str
    what: What
    before: str
    now: str
    practice: Practice
    organisation: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Differences:
    """What a newer list says otherwise.

    Args:
        found: All of it, by name and code.
        residents: By code, the ids of the residents whose practice it is.
        compared: How many practices were compared.
        unlisted: The codes in the directory (or the older list) that the newer list does not have.
        dormant: By code, the names of those that are active there and dormant in the newer list.
            The directory has no such status, so there is nothing to take over: somebody rings.
    """

    found: tuple[Difference, ...]
    residents: Mapping[str, tuple[int, ...]]
    compared: int
    unlisted: tuple[str, ...] = ()
    dormant: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def of(self, what: What) -> list[Difference]:
        """Return the differences of one kind."""
        return [one for one in self.found if one.what is what]

    @property
    def codes(self) -> list[str]:
        """The codes of the practices that are different, each once."""
        return list(dict.fromkeys(one.code for one in self.found))


@dataclasses.dataclass(frozen=True, slots=True)
class LoadedList:
    """A list that was loaded.

    Args:
        lines: How many lines it has.
        practices: How many of them are GP practices that are open.
    """

    lines: int
    practices: int


@dataclasses.dataclass(frozen=True, slots=True)
class Accepted:
    """What became of differences that were accepted.

    Args:
        batch: What ``undo`` takes back; None if there was nothing to write.
        done: What was taken over.
        left: What was not, because somebody changed it in the directory meanwhile.
    """

    batch: int | None
    done: tuple[Difference, ...]
    left: tuple[Difference, ...]


def load(home: OpenHome, file: BinaryIO) -> LoadedList:
    """Load a list to look practices up in, in the place of the one before.

    Args:
        home: The home.
        file: ``epraccur.csv`` or the ZIP file it comes in, opened in binary and at its beginning.

    Raises:
        UserError: Who opened the home may not, or the file is another one or damaged; the list
            that was there before is as it was.
    """
    home.require(Action.IMPORT)
    # tens of thousands of small things that are all kept: nothing to collect
    with collector_paused():
        lines = read_ods(file)
        number = ods.replace_all(home.store, lines)
    return LoadedList(number, sum(one.is_gp_practice and one.is_open for one in lines))


def search(store: Store, typed: str, limit: int = 20) -> list[Practice]:
    """Return practices by a part of their name, town, postcode or code, while it is typed.

    Open GP practices come first.

    Raises:
        UserError: No list was loaded yet.
    """
    found = ods.find(store, typed, limit)
    if not found and not ods.count(store):
        raise _no_list()
    return found


def add(home: OpenHome, code: str, reason: str = "") -> tuple[int, Practice, list[Problem]]:
    """Add a practice of the list to the directory.

    Args:
        home: The home.
        code: Its NHS code.
        reason: Why, for the history.

    Returns:
        The new organisation's id, the practice, and what is unusual about it.

    Raises:
        UserError: The list has no such code, or the directory has it already.
    """
    practice = ods.with_codes(home.store, [code]).get(code.strip().upper())
    if practice is None:
        if not ods.count(home.store):
            raise _no_list()
        raise UserError(
            f"The list has no practice with the code {code.strip()[:20]!r}.",
            kept="Nothing was changed.",
            do="Look it up by its name or postcode.",
            code="not-found",
        )
    for organisation in _listed(home.store):
        if _code(organisation) == practice.code:
            raise UserError(
                f"{organisation.name} ({practice.code}) is in the directory already.",
                kept="Nothing was changed.",
                code="already-there",
            )
    identity, warnings = editing.add(home, _organisation(practice), reason)
    return identity, practice, warnings


def _organisation(practice: Practice) -> Organisation:
    return Organisation(
        name=practice.name,
        kind=practice.organisation_kind,
        ods_code=practice.code,
        address=practice.address or None,
        postcode=practice.postcode or None,
        phone=practice.phone or None,
        status=CLOSED if practice.status == CLOSED else "active",
    )


def refresh(home: OpenHome, file: BinaryIO) -> Differences:
    """Compare a newer list with the directory; nothing is changed.

    What the list leaves out (many lines have no phone number) is no difference.

    Args:
        home: The home.
        file: As for :func:`load`.

    Raises:
        UserError: The file is another one or damaged.
    """
    with collector_paused():
        newer = {one.code: one for one in read_ods(file)}
    listed = [(_code(one), one) for one in _listed(home.store)]
    known = [(code, organisation) for code, organisation in listed if code]
    found = [
        dataclasses.replace(difference, organisation=organisation.id)
        for code, organisation in known
        if code in newer
        for difference in _different(_as_practice(code, organisation), newer[code])
        if difference.now or difference.what is What.CLOSED
    ]
    return Differences(
        tuple(_in_order(found)),
        _residents(home.store, found),
        len({code for code, _ in known if code in newer}),
        tuple(sorted({code for code, _ in known if code not in newer})),
        _dormant((_as_practice(code, one) for code, one in known), newer),
    )


def compare(file: BinaryIO, older: BinaryIO) -> Differences:
    """Compare two lists, without a home.

    Args:
        file: The newer list, as for :func:`load`.
        older: The older one.

    Raises:
        UserError: One of them is another file or damaged.
    """
    with collector_paused():
        newer = {one.code: one for one in read_ods(file)}
        before = {one.code: one for one in read_ods(older)}
    both = [code for code in before if code in newer]
    found = [one for code in both for one in _different(before[code], newer[code])]
    unlisted = tuple(sorted(before.keys() - newer.keys()))
    dormant = _dormant(before.values(), newer)
    return Differences(tuple(_in_order(found)), {}, len(both), unlisted, dormant)


def accept(
    home: OpenHome,
    differences: Differences,
    which: Collection[Difference] | None = None,
    reason: str = "",
) -> Accepted:
    """Take over what a newer list says; all of it is taken back with one undo.

    A name that is no longer right becomes a former name. No resident is moved.

    Args:
        home: The home.
        differences: From :func:`refresh`.
        which: Those to take over; all of them if not given.
        reason: Why, for the history.

    Raises:
        UserError: Who opened the home may not change the directory, or the disk or another
            program prevented it; nothing was written.
    """
    home.require(Action.EDIT_DIRECTORY)
    wanted = differences.found if which is None else tuple(which)
    by_organisation: dict[int, list[Difference]] = defaultdict(list)
    for one in wanted:
        if one.organisation is not None:
            by_organisation[one.organisation].append(one)
    done: list[Difference] = []
    left: list[Difference] = []
    changed: list[tuple[Loaded, Organisation]] = []
    for identity, its in by_organisation.items():
        loaded = home.store.load("organisation", identity)
        record = None if loaded is None else loaded.record
        if loaded is None or not isinstance(record, Organisation) or not _stands(record):
            left += its
            continue
        for one in its:
            stands = any(
                now.what is one.what and now.before == one.before
                for now in _different(_as_practice(one.code, record), one.practice)
            )
            (done if stands else left).append(one)
        accepted = [one for one in its if one in done]
        if accepted:
            changed.append((loaded, _after(record, accepted)))
    if not changed:
        return Accepted(None, (), tuple(left))
    with home.unit(reason or "Taken over from the NHS list of practices.", kind="import") as unit:
        batch = unit.start_batch()
        for loaded, after in changed:
            unit.save(loaded, after)
    return Accepted(batch, tuple(done), tuple(left))


def chosen(differences: Differences, words: str) -> list[Difference]:
    """Return the differences meant by "all" or by codes with commas between them.

    Raises:
        UserError: A code is not among them.
    """
    if words.strip().casefold() == "all":
        return list(differences.found)
    codes = [word.strip().upper() for word in words.split(",") if word.strip()]
    unknown = [code for code in codes if code not in differences.codes]
    if unknown or not codes:
        there = ", ".join(differences.codes) or "none"
        raise UserError(
            f"Nothing is different about {', '.join(unknown)[:60] or 'no code'}.",
            kept="Nothing was changed.",
            do=f'Give "all", or codes out of these: {there[:400]}.',
            code="no-code",
        )
    return [one for one in differences.found if one.code in codes]


def _after(record: Organisation, accepted: Iterable[Difference]) -> Organisation:
    for one in accepted:
        practice = one.practice
        match one.what:
            case What.RENAMED:
                former = record.former_names
                if record.name and record.name not in former:
                    former = (*former, record.name)
                record = dataclasses.replace(record, name=practice.name, former_names=former)
            case What.CLOSED:
                record = dataclasses.replace(record, status=CLOSED)
            case What.PHONE:
                record = dataclasses.replace(record, phone=practice.phone or None)
            case What.ADDRESS:
                record = dataclasses.replace(
                    record,
                    address=practice.address or record.address,
                    postcode=practice.postcode or record.postcode,
                )
    return record


def _different(before: Practice, now: Practice) -> Iterator[Difference]:
    """Yield in what two lines of one code differ; spelling in capitals and spaces do not count."""

    def difference(what: What, was: str, is_now: str) -> Difference:
        return Difference(now.code, before.name, what, was, is_now, now)

    if _folded(before.name) != _folded(now.name):
        yield difference(What.RENAMED, before.name, now.name)
    if now.status == CLOSED != before.status:
        yield difference(What.CLOSED, before.status, now.closed)
    if _dialled(before.phone) != _dialled(now.phone):
        yield difference(What.PHONE, before.phone, now.phone)
    was, is_now = _address(before), _address(now)
    if _letters(was) != _letters(is_now):
        yield difference(What.ADDRESS, was, is_now)


def _dormant(before: Iterable[Practice], newer: Mapping[str, Practice]) -> dict[str, str]:
    turned = [
        one
        for one in before
        if one.is_open and one.code in newer and newer[one.code].status == DORMANT
    ]
    return {one.code: one.name for one in sorted(turned, key=lambda one: _folded(one.name))}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _letters(text: str) -> str:
    """Return what two ways of writing an address share: where a line ends says nothing."""
    return "".join(filter(str.isalnum, text.casefold()))


def _dialled(phone: str) -> str:
    return next(iter(phones.search_forms(phone)), _folded(phone))


def _address(practice: Practice) -> str:
    return "\n".join(part for part in (practice.address, practice.postcode) if part)


def _as_practice(code: str, organisation: Organisation) -> Practice:
    """Return an organisation of the directory as a line of the list."""
    return Practice(
        code,
        organisation.name or "",
        organisation.address or "",
        organisation.postcode or "",
        organisation.phone or "",
        organisation.status or "active",
    )


def _code(organisation: Organisation) -> str:
    return (organisation.ods_code or "").strip().upper()


def _listed(store: Store) -> Iterator[Organisation]:
    for record in query.every(store, query.Query("organisation", newest_first=False)):
        if isinstance(record, Organisation) and _stands(record):
            yield record


def _stands(organisation: Organisation) -> bool:
    return organisation.lives and not organisation.struck_reason


def _in_order(found: Sequence[Difference]) -> list[Difference]:
    kinds = list(What)
    return sorted(found, key=lambda one: (_folded(one.name), one.code, kinds.index(one.what)))


def _residents(store: Store, found: Iterable[Difference]) -> dict[str, tuple[int, ...]]:
    """Return by code who is with a practice today; only practices that somebody is with."""
    codes = {one.organisation: one.code for one in found if one.organisation is not None}
    own = all_specs()["organisation"]
    means = {
        same: identity
        for identity in codes
        for same in query.same_ids(store.connection, own, identity)
    }
    if not means:
        return {}
    here: dict[str, list[int]] = defaultdict(list)
    for record in query.every(store, query.Query("resident", newest_first=False)):
        if not isinstance(record, Resident) or record.practice not in means or record.id is None:
            continue
        if record.left_on is None and not record.struck_reason:
            here[codes[means[record.practice]]].append(record.id)
    return {code: tuple(sorted(people)) for code, people in here.items()}


def _no_list() -> UserError:
    return UserError(
        "No list of practices was loaded yet.",
        kept="Nothing was changed.",
        do='Download "epraccur" from the NHS Organisation Data Service, and load it first.',
        code="no-list",
    )
