"""What happened to a resident, in the words their timeline shows."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from liaison.errors import UserError
from liaison.records import Record, ids, spec_of
from liaison.records.casework import (
    Action,
    Appointment,
    Chase,
    Concern,
    EquipmentLoan,
    Referral,
    Transfer,
    Visit,
    VisitEntry,
)
from liaison.records.directory import ContactAttempt, Post
from liaison.records.home import Home
from liaison.records.rules import times, waits
from liaison.records.rules.hours import out_of_hours
from liaison.records.training import Competency
from liaison.services.today.items import Look, counted, days_words, id_of, joined
from liaison.store.query import Condition
from liaison.store.written import first_writers

if TYPE_CHECKING:
    from liaison.services.visits import Happening
    from liaison.store.store import Store

_LONGEST: Final = 900

_BACK: Final = frozenset({"discharge", "return from A&E"})
_WENT: Final = {
    "admission": "Went into",
    "discharge": "Back from",
    "A&E": "Went to A&E",
    "return from A&E": "Back from A&E",
    "move in": "Moved in from",
    "move out": "Moved out to",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """How something on a timeline stands: a chip."""

    state: str
    words: str
    icon: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """One thing on a timeline.

    Args:
        type: The type of the record that it opens.
        id: That record.
        icon: The picture on its disc.
        token: The disc's tint.
        title: What it was.
        when: When it was, as it is shown.
        text: What came of it; may have several lines, or be empty.
        author: Who wrote it; may be empty.
        mark: How it stands, if that is worth a chip.
        struck: Why it was struck through; empty if it stands.
    """

    type: str
    id: int
    icon: str
    token: str
    title: str
    when: str
    text: str = ""
    author: str = ""
    mark: Mark | None = None
    struck: str = ""

    @property
    def said(self) -> str:
        """All of it, for a screen reader."""
        parts = (
            self.title,
            self.when,
            self.mark.words if self.mark else "",
            f"Struck through: {self.struck}" if self.struck else "",
            self.text,
            self.author,
        )
        return ". ".join(part.rstrip(".") for part in parts if part)


class Teller:
    """Puts a stretch of a timeline into words; what it refers to is read at once."""

    def __init__(self, store: Store, today: dt.date) -> None:
        self._store = store
        self._look = Look(store, today)
        self._today = today
        loaded = store.the("home")
        self._home = loaded.record if loaded and isinstance(loaded.record, Home) else Home()

    def tell(self, items: Iterable[Happening]) -> tuple[Told, ...]:
        """Return the items in words."""
        happened = list(items)
        records = [item.record for item in happened]
        attended = [item.visit for item in happened if item.visit is not None]
        self._look.learn([*records, *attended])
        self._writers = first_writers(self._store, [id_of(record) for record in records])
        self._look.names.learn({"person": set(self._writers.values())})
        self._roles = self._roles_of({visit.professional for visit in attended})
        self._follow_ups = self._read_follow_ups(records)
        return tuple(self._told(item) for item in happened)

    def _told(self, item: Happening) -> Told:
        told = self._words(item)
        return dataclasses.replace(
            told, when=_when(item.at, self._look.day), struck=item.record.struck_reason or ""
        )

    def _words(self, item: Happening) -> Told:
        match item.record:
            case VisitEntry():
                return self._visit(item.record, item.visit)
            case Concern():
                return self._concern(item.record)
            case Referral():
                return self._referral(item.record)
            case Transfer():
                return self._transfer(item.record)
            case ContactAttempt():
                return self._call(item.record)
            case Appointment():
                return self._appointment(item.record)
            case EquipmentLoan():
                return self._equipment(item.record)
            case Action():
                return self._action(item.record)
            case Chase():
                return self._chase(item.record)
            case Competency():
                return self._competency(item.record)
            case record:
                spec = spec_of(record)
                title = f"{spec.label}: {self._look.names.title(record)}"
                return self._made(record, "circle-dot", "none", title)

    def _made(  # noqa: PLR0917  # what an item says, in its order
        self,
        record: Record,
        icon: str,
        token: str,
        title: str,
        text: str = "",
        mark: Mark | None = None,
        author: str | None = None,
    ) -> Told:
        if author is None:
            writer = self._writers.get(id_of(record))
            author = "" if writer is None else f"Written by {self._look.name('person', writer)}"
        text = text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} ..."
        return Told(spec_of(record).name, id_of(record), icon, token, title, "", text, author, mark)

    # ---- each kind

    def _visit(self, note: VisitEntry, visit: Visit | None) -> Told:
        kind, who, mark = "Visit", "", None
        if visit is not None:
            kind = self._look.label(visit, "kind") or kind
            who = joined(
                self._look.name("contact", visit.professional),
                inside(self._roles.get(visit.professional or 0, "")),
            ) or self._look.name("organisation", visit.organisation)
            overdue = visit.at is not None and times.in_london(visit.at).date() < self._today
            if visit.status == "planned" and overdue:
                # its day has gone by, and nobody has said whether they came
                mark = Mark("due", "Not recorded", "calendar")
            elif visit.status != "happened":
                state = "info" if visit.status == "planned" else "none"
                mark = Mark(state, self._look.label(visit, "status"), "calendar")
        raised = f"Raised: {note.raised}" if note.raised and note.found else note.raised or ""
        lines = [raised, note.found or "", *self._follow_ups.get(id_of(note), ())]
        text = "\n".join(line for line in lines if line)
        icon = "phone-call" if visit is not None and visit.kind == "phone" else "stethoscope"
        title = f"{kind}: {who}" if who else kind
        return self._made(note, icon, "soft", title, text, mark)

    def _concern(self, concern: Concern) -> Told:
        label = self._look.label(concern, "kind") or "Concern"
        by = self._look.name("staff", concern.raised_by)
        lines = [concern.situation or ""]
        if concern.answer:
            answered = f"{concern.answered_by}: " if concern.answered_by else "Answer: "
            lines.append(f"{answered}{concern.answer}")
        if concern.outcome:
            lines.append(f"Outcome: {concern.outcome}")
        mark, token, icon = Mark("due", "No answer yet"), "due", "message-circle-warning"
        if concern.closed_at is not None:
            mark, token, icon = Mark("ok", "Closed"), "ok", "message-circle-reply"
        elif concern.answered_at is not None:
            mark, token, icon = Mark("info", "Answered"), "info", "message-circle-reply"
        elif concern.raised_at is not None and (days := self._look.days_since(concern.raised_at)):
            mark = Mark("due", f"No answer for {days_words(days)}", "hourglass")
        title = f"{label} raised by {by}" if by else label
        text = "\n".join(line for line in lines if line)
        return self._made(concern, icon, token, title, text, mark, "")

    def _referral(self, referral: Referral) -> Told:
        place = self._look.name("organisation", referral.organisation)
        lines = [referral.reason or ""]
        if referral.outcome:
            lines.append(f"Outcome: {referral.outcome}")
        mark = None
        if referral.sent is not None:
            stands = waits.wait(
                referral.sent, referral.first_seen, referral.closed_on, self._look.day
            )
            days = days_words(stands.days)
            late = referral.threshold_days is not None and stands.days > referral.threshold_days
            mark = {
                "waiting": Mark("late" if late else "info", f"Waiting, {days}", "hourglass"),
                "seen": Mark("ok", f"Seen after {days}"),
                "closed": Mark("none", f"Closed after {days}"),
                "not sent yet": Mark("none", "Not sent yet"),
            }[stands.state]
        text = "\n".join(line for line in lines if line)
        return self._made(referral, "send", "info", f"Referral: {place}", text, mark)

    def _transfer(self, transfer: Transfer) -> Told:
        place, ward = self._look.name("organisation", transfer.place), transfer.ward or ""
        # some places are wards of their own
        if not place.casefold().endswith(ward.casefold()):
            place = joined(place, ward)
        went = _WENT.get(transfer.direction or "", "Moved")
        if "A&E" in went and place:
            place = f", {place}"
        title = f"{went} {place}".replace(" ,", ",") if place else went
        lines = [self._out_of_hours(transfer.at), transfer.cause or "", transfer.problems or ""]
        text = " ".join(line for line in lines if line)
        if transfer.reviewed_on is not None:
            reviewed = f"Reviewed {times.show_date(transfer.reviewed_on)}."
            text = f"{text}\n{reviewed} {transfer.review or ''}".strip()
        mark = None
        if transfer.summary == "no":
            mark = Mark("late", "Summary missing")
        elif transfer.summary == "partly":
            mark = Mark("due", "Summary in part")
        elif transfer.direction in {*_BACK, "move in"} and transfer.reviewed_on is None:
            mark = Mark("due", "Not reviewed yet", "hourglass")
        token = "late" if transfer.direction in {"admission", "A&E"} else "due"
        hospital = transfer.direction in {*_BACK, "admission", "A&E"}
        icon = "ambulance" if hospital else "door-open"
        return self._made(transfer, icon, token, title, text, mark)

    def _call(self, attempt: ContactAttempt) -> Told:
        whom = self._look.name("contact", attempt.contact) or self._look.name(
            "organisation", attempt.organisation
        )
        verb = "Rang" if attempt.how in {None, "phone"} else "Tried to reach"
        reached = "" if attempt.reached else ", no answer"
        held = "" if not attempt.waited else f"Held {counted(attempt.waited, 'minute', 'minutes')}."
        parts = (self._out_of_hours(attempt.at), held, attempt.note or "")
        icon = "phone-call" if attempt.reached else "phone-missed"
        title = f"{verb} {whom or 'somebody'}{reached}"
        return self._made(attempt, icon, "none", title, " ".join(part for part in parts if part))

    def _appointment(self, appointment: Appointment) -> Told:
        place = self._look.name("organisation", appointment.place)
        states = {"booked": "info", "attended": "ok", "missed": "late"}
        state = states.get(appointment.status or "", "none")
        mark = Mark(state, self._look.label(appointment, "status")) if appointment.status else None
        escort = self._look.name("staff", appointment.escort)
        lines = [appointment.purpose or "", appointment.outcome or ""]
        lines.append(f"With {escort}." if escort else "")
        text = "\n".join(line for line in lines if line)
        title = f"Appointment: {place}" if place else "Appointment"
        return self._made(appointment, "calendar-check", "info", title, text, mark)

    def _equipment(self, loan: EquipmentLoan) -> Told:
        supplier = self._look.name("organisation", loan.supplier)
        if loan.returned_on is not None:
            mark = Mark("none", f"Returned {times.show_date(loan.returned_on)}")
        elif loan.arrived_on is not None:
            mark = Mark("ok", f"Arrived {times.show_date(loan.arrived_on)}")
        else:
            mark = Mark("due", "Asked for, not here yet", "hourglass")
        text = f"From {supplier}." if supplier else ""
        title = f"Equipment: {loan.what or ''}".rstrip(": ")
        return self._made(loan, "life-buoy", "none", title, text, mark)

    def _action(self, action: Action) -> Told:
        owner = self._look.name("staff", action.owner_staff) or self._look.name(
            "contact", action.owner_contact
        )
        text = "\n".join(line for line in (action.outcome or "", owner and f"By {owner}.") if line)
        label = self._look.label(action, "kind")
        mark = Mark("ok", "Done")
        title = f"{label or 'Action'}: {action.what or ''}".rstrip(": ")
        return self._made(action, "list-checks", "ok", title, text, mark)

    def _chase(self, chase: Chase) -> Told:
        referral = self._look.names.record("referral", chase.referral or 0)
        place = self._look.name("organisation", getattr(referral, "organisation", None))
        how = inside(self._look.label(chase, "how"))
        spoke = f"Spoke to {chase.spoke_to}." if chase.spoke_to else ""
        text = " ".join(part for part in (chase.result or "", spoke) if part)
        title = joined(f"Chased {place}".rstrip(), how and f"by {how}".replace("by in", "in"))
        return self._made(chase, "send", "none", title, text)

    def _competency(self, skill: Competency) -> Told:
        who = self._look.name("staff", skill.staff)
        by = self._look.name("contact", skill.assessor_contact) or self._look.name(
            "staff", skill.assessor_staff
        )
        parts = (self._look.label(skill, "level"), by and f"assessed by {by}")
        text = joined(*parts)
        if skill.review_due:
            text = f"{text}. To be seen again by {times.show_date(skill.review_due)}."
        title = f"Skill for this resident: {joined(skill.skill or '', who)}"
        return self._made(skill, "graduation-cap", "soft", title, text.lstrip(". "))

    # ---- what they refer to

    def _out_of_hours(self, at: dt.datetime | None) -> str:
        if at is None:
            return ""
        usual = Home()
        try:
            out = out_of_hours(
                at,
                self._home.hours_from or usual.hours_from or "",
                self._home.hours_to or usual.hours_to or "",
            )
        except UserError:
            # hours that cannot be read are told where they are set, not on every line
            return ""
        return "Out of hours." if out else ""

    def _roles_of(self, contacts: Iterable[int | None]) -> dict[int, str]:
        """Return the role of each contact, by id, from the post they took up last."""
        wanted = tuple(contact for contact in contacts if contact is not None)
        if not wanted:
            return {}
        posts = self._look.find(Post, Condition("contact", wanted, "in"), newest_first=False)
        return {post.contact or 0: self._look.label(post, "role") for post in posts if post.role}

    def _read_follow_ups(self, records: Iterable[Record]) -> dict[int, list[str]]:
        notes = {
            ids.to_text(id_of(record)): id_of(record)
            for record in records
            if isinstance(record, VisitEntry)
        }
        if not notes:
            return {}
        actions = [
            action
            for action in self._look.find(
                Action, Condition("source_id", tuple(notes), "in"), newest_first=False
            )
            if action.source_type == "visit_entry"
        ]
        self._look.learn(actions)
        found: dict[int, list[str]] = {}
        for action in actions:
            owner = self._look.name("staff", action.owner_staff) or self._look.name(
                "contact", action.owner_contact
            )
            due = f"by {times.show_date(action.due)}" if action.due else ""
            done = "done" if action.done_at else due
            words = joined(action.what or "", owner, done)
            found.setdefault(notes[action.source_id or ""], []).append(f"Follow-up: {words}.")
        return found


def inside(words: str) -> str:
    """Return words as they stand inside a sentence: "District nurse" small, "GP" as it is."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _when(at: dt.date | dt.datetime, today: dt.date) -> str:
    """Return when something was: near days in words, the others with their date."""
    clock = ""
    day = at
    if isinstance(at, dt.datetime):
        local = times.in_london(at)
        day, clock = local.date(), f"{local.hour:02}:{local.minute:02}"
    near = {0: "Today", 1: "Yesterday", -1: "Tomorrow"}.get((today - day).days)
    if near is not None:
        return f"{near} {clock}".rstrip()
    return times.show_time(at) if isinstance(at, dt.datetime) else times.show_date(at)
