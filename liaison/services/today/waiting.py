"""What waits for somebody: actions, results, concerns, referrals, reviews (domain need N8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liaison.records.casework import Action, Chase, Concern, Referral, Transfer
from liaison.records.directory import Organisation
from liaison.records.home import Home
from liaison.records.rules import chasing, times, waits
from liaison.records.rules.working_days import add_working_days
from liaison.services.today.items import (
    Item,
    Look,
    Section,
    ago,
    days_words,
    due,
    id_of,
    joined,
    short,
)
from liaison.store.query import Condition

DAYS_AHEAD: Final = 7
_RESULT: Final = "result awaited"
_PRESSING: Final = ("now", "today")
_CAME_BACK: Final = ("discharge", "return from A&E", "move in")


def actions(look: Look, owner: int | None = None) -> list[Item]:
    """Return open actions that are due by now or within a week, the most overdue first.

    Args:
        look: The home and the day.
        owner: Only those of one member of staff.
    """
    found = [
        action
        for action in _open_actions(look, owner)
        if action.kind != _RESULT
        and action.due is not None
        and look.days_since(action.due) >= -DAYS_AHEAD
    ]
    look.learn(found)
    items: list[Item] = []
    for action in found:
        assert action.due is not None  # noqa: S101  # the others were left out above
        days = look.days_since(action.due)
        items.append(
            Item(
                Section.ACTIONS, "action", id_of(action), action.what or "", _owners(look, action),
                action.due, due(days), days, late=days > 0,
            )
        )  # fmt: skip
    return _longest_first(items)


def results(look: Look) -> list[Item]:
    """Return the results nobody has recorded yet, the most overdue first, those without day last."""
    found = [action for action in _open_actions(look) if action.kind == _RESULT]
    look.learn(found)
    items: list[Item] = []
    for action in found:
        days = 0 if action.due is None else look.days_since(action.due)
        items.append(
            Item(
                Section.RESULTS, "action", id_of(action), action.what or "", _owners(look, action),
                action.due, "no day set" if action.due is None else due(days), days, late=days > 0,
            )
        )  # fmt: skip
    return sorted(items, key=lambda item: (item.when is None, -item.days, item.id))


def _open_actions(look: Look, owner: int | None = None) -> list[Action]:
    # by the index over what was done and when: the done ones of years are not looked at
    found = look.find(Action, Condition("done_at", None))
    if owner is None:
        return found
    theirs = look.standing_ids("staff", owner)
    return [action for action in found if action.owner_staff in theirs]


def _owners(look: Look, action: Action) -> str:
    return joined(
        look.name("resident", action.resident),
        look.name("staff", action.owner_staff),
        look.name("contact", action.owner_contact),
    )


def concerns(look: Look) -> list[Item]:
    """Return the open concerns and queries nobody has answered: pressing ones, then the oldest."""
    found = look.find(Concern, Condition("closed_at", None), Condition("answered_at", None))
    look.learn(found)
    items: list[Item] = []
    for concern in found:
        if concern.raised_at is None:
            continue
        days = look.days_since(concern.raised_at)
        pressing = concern.urgency in _PRESSING
        waited = f"no answer for {days_words(days)}" if days > 0 else "no answer yet"
        urgency = f"wanted {concern.urgency}" if pressing else ""
        items.append(
            Item(
                Section.CONCERNS, "concern", id_of(concern),
                look.name("resident", concern.resident), short(concern.situation),
                concern.raised_at, joined(waited, urgency), days, late=pressing and days > 0,
            )
        )  # fmt: skip
    urgent = {concern.id for concern in found if concern.urgency in _PRESSING}
    return sorted(items, key=lambda item: (item.id not in urgent, -item.days, item.id))


def answers(look: Look, staff: int) -> list[Item]:
    """Return the answers that whoever raised the concern has not seen, the latest first (N7).

    Args:
        look: The home and the day.
        staff: The member of staff who raised them.
    """
    mine = look.find(Concern, Condition("raised_by", staff), Condition("acknowledged_at", None))
    found = [(c.answered_at, c) for c in mine if c.answered_at is not None]
    look.learn(concern for _, concern in found)
    items: list[Item] = []
    for at, concern in found:
        days = look.days_since(at)
        by = f"{concern.answered_by}: " if concern.answered_by else ""
        items.append(
            Item(
                Section.ANSWERS, "concern", id_of(concern),
                look.name("resident", concern.resident), f"{by}{short(concern.answer)}", at,
                f"answered {ago(days)}", days,
            )
        )  # fmt: skip
    return sorted(items, key=lambda item: (item.days, -item.id))


def referrals(look: Look) -> list[Item]:
    """Return the referrals nobody was seen for: those to chase, then those that wait longest."""
    found = [
        referral
        for referral in look.find(
            Referral, Condition("closed_on", None), Condition("first_seen", None)
        )
        if referral.sent is not None and referral.sent <= look.day
    ]
    look.learn(found)
    usual = _usual_waits(look, found)
    chased = _last_chases(look, found)
    items: list[tuple[bool, Item]] = []
    for referral in found:
        assert referral.sent is not None  # noqa: S101  # the others were left out above
        days = waits.waited_days(referral.sent, look.day)
        limit = referral.threshold_days or usual.get(referral.organisation or 0)
        chase = referral.next_chase is not None and referral.next_chase <= look.day
        words = joined(
            days_words(days),
            f"usual wait {limit}" if limit else "",
            "to chase" if chase else "",
        )
        title = joined(
            look.name("organisation", referral.organisation),
            look.name("resident", referral.resident),
        )
        last = chased.get(id_of(referral))
        item = Item(
            Section.REFERRALS, "referral", id_of(referral), title,
            _chase_words(last) or short(referral.reason), referral.sent, words, days,
            late=chase or (limit is not None and days > limit), usual=limit,
        )  # fmt: skip
        items.append((chase, item))
    items.sort(key=lambda pair: (not pair[0], not pair[1].late, -pair[1].days, pair[1].id))
    return [item for _, item in items]


def _usual_waits(look: Look, found: Sequence[Referral]) -> dict[int, int]:
    usual: dict[int, int] = {}
    for identity in {r.organisation for r in found if r.organisation is not None}:
        record = look.names.record("organisation", identity)
        if isinstance(record, Organisation) and record.typical_wait_days:
            usual[identity] = record.typical_wait_days
    return usual


def _last_chases(look: Look, found: Sequence[Referral]) -> dict[int, Chase]:
    if not found:
        return {}
    wanted = tuple(id_of(referral) for referral in found)
    chases = [c for c in look.find(Chase, Condition("referral", wanted, "in")) if c.at is not None]
    return {c.referral or 0: c for c in sorted(chases, key=lambda c: (c.at, c.id))}


def _chase_words(chase: Chase | None) -> str:
    if chase is None or chase.at is None:
        return ""
    day = times.show_date(times.in_london(chase.at).date())
    return joined(f"last chased {day}", chasing.came_of(short(chase.result)))


def reviews(look: Look) -> list[Item]:
    """Return who came back to us and has not been reviewed, the most overdue first (need N11)."""
    found = [
        transfer
        for transfer in look.find(
            Transfer, Condition("reviewed_on", None), Condition("direction", _CAME_BACK, "in")
        )
        if transfer.at is not None and look.days_since(transfer.at) >= 0
    ]
    look.learn(found)
    working_days = _review_working_days(look)
    items: list[Item] = []
    for transfer in found:
        assert transfer.at is not None  # noqa: S101  # the others were left out above
        came = times.in_london(transfer.at).date()
        last_day = add_working_days(came, working_days)
        days = look.days_since(last_day)
        place = look.name("organisation", transfer.place)
        detail = f"{look.label(transfer, 'direction')} {times.show_date(came)}"
        items.append(
            Item(
                Section.REVIEWS, "transfer", id_of(transfer),
                look.name("resident", transfer.resident), joined(detail, place), last_day,
                due(days), days, late=days > 0,
            )
        )  # fmt: skip
    return _longest_first(items)


def _review_working_days(look: Look) -> int:
    home = look.store.the("home")
    days = home.record.review_working_days if home and isinstance(home.record, Home) else None
    # cleared by hand: what a new home begins with
    return days if days is not None else Home().review_working_days or 0


def _longest_first(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (-item.days, item.id))
