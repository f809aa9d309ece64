"""Made-up people, places and notes: always the same ones for the same seed, in varied English."""

from __future__ import annotations

import random
from typing import Final

from liaison.records.directory import Organisation

_NAMES: Final = (
    "Mary", "Margaret", "Joan", "Dorothy", "Edith", "Sheila", "Jean", "Doris", "Kathleen",
    "Irene", "Gwen", "Elsie", "Arthur", "Harold", "Stanley", "Ernest", "Ronald", "Kenneth",
    "Derek", "Leslie", "Trevor", "Bronwen", "Aneurin", "Krystyna", "Zbigniew", "Amina",
    "Harjit", "Olu", "Siobhan", "Eamon",
)  # fmt: skip
_SURNAMES: Final = (
    "Jones", "Smith", "Taylor", "Brown", "Williams", "Davies", "Evans", "Thomas", "Roberts",
    "Walker", "Wright", "Robinson", "Hughes", "Green", "Hall", "Lewis", "Patel", "Kaur", "Khan",
    "Nowak", "Kowalska", "O'Neil", "O'Brien", "Okafor", "Mensah", "Llewellyn", "Pritchard",
    "Ashworth", "Entwistle", "Fairclough", "Hargreaves", "Larkin", "Mortimer", "Thistlethwaite",
)  # fmt: skip
_PLACES: Final = (
    "Larkfield", "Oakwood", "Riverside", "Priory", "Mill", "Abbey", "Castle", "Station",
    "Victoria", "Albert", "Windmill", "Beechcroft", "Hawthorn", "Meadow", "Orchard", "Quayside",
    "Ferndale", "Harbour", "Kingsway", "Longmeadow", "Northgate", "Parkside", "Queensway",
    "Rosebank", "Southfield", "Thornbury", "Uplands", "Wellfield", "Westbourne", "Yewtree",
)  # fmt: skip
_KINDS: Final = ("GP practice", "pharmacy", "hospital", "district nursing", "hospice", "dentist")
_KIND_NAMES: Final = ("Surgery", "Pharmacy", "Hospital", "Nursing Team", "Hospice", "Dental Care")

_OPENINGS: Final = (
    "Seen in her room", "Seen in the lounge", "Reviewed after breakfast", "Rang back at lunch time",
    "Came with a student", "Asked to see her again", "Spoke to the family first",
    "Looked at the chart", "Visited together with the nurse", "Assessed on the bed",
)  # fmt: skip
_FINDINGS: Final = (
    "catheter blocked and flushed with saline", "left heel red but the skin is not broken",
    "blood pressure 142 over 84 and stable", "chest clear on both sides", "sleeping poorly",
    "wound on the shin is smaller and dry", "eating less than last week",
    "weight down by two kilograms since October", "hearing aid whistles and needs a new mould",
    "coughing after thin fluids", "walks to the dining room with one carer",
    "pain in the right hip when turned", "bowels not open for four days",
    "urine dark and strong smelling", "confused since Tuesday evening", "swelling of both ankles",
    "dentures loose and rubbing", "toenails thick and need podiatry", "rash under the left breast",
    "inhaler technique checked and good", "insulin dose unchanged", "glucose between 6 and 11",
    "mood brighter after the family came", "tearful and asking for her husband",
)  # fmt: skip
_ADVICE: Final = (
    "start trimethoprim for three days", "repeat bloods in a fortnight", "thicken fluids to stage 2",
    "turn every two hours", "refer to the falls clinic", "stop furosemide", "increase paracetamol",
    "swab sent to the laboratory", "book the tissue viability nurse", "ring if the temperature rises",
    "weigh weekly", "encourage fluids", "pharmacist to review the blister pack", "no change",
    "physiotherapist to assess the hoist sling", "speech and language therapist will ring",
    "optician to come in spring", "continue the dressing with honey", "observe overnight",
    "update the care plan", "order a pressure cushion", "discuss with the daughter",
)  # fmt: skip
_TRIMMINGS: Final = (
    "as agreed", "today", "for now", "with consent", "until the next round", "if possible",
    "before Friday", "again", "according to the out of hours doctor", "on the ward's advice",
)  # fmt: skip


def note(chance: random.Random) -> str:
    """Return a note as staff write them: two or three sentences, some twenty-five words."""
    choice = chance.choice
    number = chance.randrange(1, 400)
    return (
        f"{choice(_OPENINGS)}: {choice(_FINDINGS)}, {choice(_FINDINGS)}. "
        f"{choice(_ADVICE).capitalize()} {choice(_TRIMMINGS)}; {choice(_ADVICE)}. "
        f"Dr {choice(_SURNAMES)} told, chart {number}."
    )


def person_name(chance: random.Random) -> str:
    """Return a name of a person."""
    return f"{chance.choice(_NAMES)} {chance.choice(_SURNAMES)}"


def organisation(chance: random.Random, number: int) -> Organisation:
    """Return a practice, pharmacy or the like as a directory import brings them."""
    kind = chance.randrange(len(_KINDS))
    place = chance.choice(_PLACES)
    return Organisation(
        name=f"{place} {chance.choice(_PLACES)} {_KIND_NAMES[kind]} {number}",
        kind=_KINDS[kind],
        ods_code=f"Y{number:05}",
        address=f"{chance.randrange(1, 200)} {place} Road\n{chance.choice(_PLACES)}\nSomerset",
        postcode=f"TA{chance.randrange(1, 25)} {chance.randrange(1, 10)}AB",
        phone=f"01632 {chance.randrange(960_000, 961_000)}",
    )


def typed_words() -> list[str]:
    """Return what people look for, as it stands in the search box after each key."""
    wanted = (
        "catheter", "trimethoprim", "pressure cushion", "hearing aid", "larkin", "o'neil chart",
        "falls clinic", "weight down", "confused since", "insulin", "podiatry", "dressing",
        "blood pressure 142", "physio", "thistle", "out of hours", "daughter", "swab",
    )  # fmt: skip
    return [
        text[:end] for text in wanted for end in range(1, len(text) + 1) if text[end - 1] != " "
    ]
