"""How the lines of a round stand: what was recorded about each, or came of it elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from liaison.records import ids
from liaison.records.casework import AgendaLine, Round
from liaison.records.rules.rounds import Kind, Mark, Matter
from liaison.services.rounds.left import day_of, settled_elsewhere, source_of
from liaison.services.rounds.lines import BY_HAND, Line, Said, State
from liaison.store import agenda as rows
from liaison.store import history
from liaison.store.stamps import made_at

if TYPE_CHECKING:
    from liaison.services.rounds.waiting import Waiting
    from liaison.store.store import Store


def stands(line: AgendaLine) -> bool:
    """Return whether a line is on its agenda: not taken off, not struck through."""
    return line.lives and not line.struck_reason


class Told:
    """Says how the written lines of a round stand.

    Args:
        store: The home.
        waiting: What waits on the day of the round.
        sitting: The round.
    """

    def __init__(self, store: Store, waiting: Waiting, sitting: Round) -> None:
        self._store = store
        self._waiting = waiting
        self._day = day_of(sitting)

    def lines(self, written: Iterable[AgendaLine]) -> list[Line]:
        """Return the lines in order, numbered from 1."""
        found = [line for line in written if stands(line)]
        if not found:
            return []
        said = self._said(found)
        silent = {
            line.id or 0: (line.source_type, line.source_id)
            for line in found
            if line.id not in said
        }
        settled = settled_elsewhere(self._store, silent, self._day)
        matters = self._matters(found)
        carried = self._carried(found)
        return [
            self._line(
                line, number, said.get(line.id or 0, ()), line.id in settled,
                matters.get(source_of(line) or ("", 0)), carried.get(line.id or 0, 0),
            )
            for number, line in enumerate(found, 1)
        ]  # fmt: skip

    def _line(  # noqa: PLR0917  # what is known of a line
        self,
        line: AgendaLine,
        number: int,
        said: tuple[Said, ...],
        settled: bool,  # noqa: FBT001  # as it was found
        matter: tuple[Matter, str] | None,
        carried: int,
    ) -> Line:
        state = State.TO_DO
        if said:
            # of two people's words the outcome counts: it is known what came of it
            state = State.CARRIED if all(one.carried for one in said) else State.OUTCOME
        elif settled:
            state = State.ELSEWHERE
        told, elsewhere = (None, "") if matter is None else matter
        source = source_of(line)
        why = "" if told is None else told.why
        if source is None or source[0] == BY_HAND:
            why = self._by_hand(line)
        if carried:
            times_ = "once" if carried == 1 else f"{carried} times"
            why = f"{why}. Carried over {times_}" if why else f"Carried over {times_}"
        return Line(
            id=line.id,
            number=number,
            kind=Kind.ASKED if told is None else told.kind,
            whom=self._waiting.whom(line.resident),
            question=line.question or ("" if told is None else told.question),
            why=why,
            age="" if told is None else told.age,
            mark=Mark.OPEN if told is None else told.mark,
            state=state,
            said=said,
            elsewhere=(elsewhere or "It does not stand any more") if settled else "",
            carried=carried,
            often=carried >= self._waiting.alert > 0,
            source=source,
        )

    def _by_hand(self, line: AgendaLine) -> str:
        person = history.author(self._store, line.id or 0)
        who = "" if person is None else self._waiting.names.by_id("person", person)
        return f"Added by {who}" if who else "Added by hand"

    def _said(self, lines: Sequence[AgendaLine]) -> Mapping[int, tuple[Said, ...]]:
        names = self._waiting.names
        found: defaultdict[int, list[Said]] = defaultdict(list)
        for line, identity, words, carried, to in rows.outcomes(
            self._store, [line.id or 0 for line in lines]
        ):
            person = history.author(self._store, identity)
            later = None if to is None else names.record("round", to)
            found[line].append(
                Said(
                    identity, words or "", bool(carried),
                    later.at if isinstance(later, Round) else None,
                    "" if person is None else names.by_id("person", person),
                    made_at(identity),
                )
            )  # fmt: skip
        return {line: tuple(them) for line, them in found.items()}

    def _matters(self, lines: Sequence[AgendaLine]) -> dict[tuple[str, int], tuple[Matter, str]]:
        wanted: defaultdict[str, set[int]] = defaultdict(set)
        for line in lines:
            source = source_of(line)
            if source is not None:
                wanted[source[0]].add(source[1])
        return {
            (type_name, identity): matter
            for type_name, them in wanted.items()
            for identity, matter in self._waiting.of(type_name, sorted(them)).items()
        }

    def _carried(self, lines: Sequence[AgendaLine]) -> dict[int, int]:
        """Return at how many rounds in a row what each line is about was carried over."""
        sources = {
            line.id or 0: (line.source_type, line.source_id)
            if line.source_id
            else (BY_HAND, ids.to_text(line.id or 0))
            for line in lines
        }
        decided: defaultdict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
        texts = {text for _, text in sources.values() if text}
        for kind, text, line, said, carried in rows.decided(self._store, texts):
            decided[kind, text].append((said, line, carried))
        roots = {
            ids.from_text(text): text for kind, text in sources.values() if kind == BY_HAND and text
        }
        for line, said, _, carried, _ in rows.outcomes(self._store, roots):
            decided[BY_HAND, roots[line]].append((said, line, int(bool(carried))))
        counts: dict[int, int] = {}
        for identity, (about, source) in sources.items():
            steps = sorted(decided.get((about or "", source or ""), ()))
            own = [place for place, step in enumerate(steps) if step[1] == identity]
            counts[identity] = _in_a_row(steps[: own[-1] + 1] if own else steps)
        return counts


def _in_a_row(steps: Sequence[tuple[int, int, int]]) -> int:
    """Count the lines that were carried over one after the other, up to the last."""
    found: set[int] = set()
    for _, line, carried in reversed(steps):
        if not carried:
            break
        found.add(line)
    return len(found)
