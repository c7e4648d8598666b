"""Read the table of combinations, and compare it with what is assessed.

`combinations.toml` holds whole patients with the overall tier that has to come out, and
every red flag alone. A combination is right when its tier is exact, each concern named
is raised, and one of those is the most urgent.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from intake.assessment import assess
from intake.protocol import Protocol, Tier
from tests.cases.case_file import ON, patient_and_answers

FILE = Path(__file__).with_name("combinations.toml")
#: Who is asked for one red flag, unless `also` says otherwise.
AGE = 50
SEED = 20261125
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag alone: the question, the answer, and what has to be said with it."""

    question: str
    answer: Any
    also: Table
    tiers: Mapping[str, Tier]

    @property
    def name(self) -> str:
        """Return the question with its option."""
        option = self.answer[0] if isinstance(self.answer, list) else ""
        return f"{self.question} {option}".strip()

    @property
    def given(self) -> Table:
        """Return the patient and the answers of this flag alone."""
        return {"age": AGE, **self.also, self.question: self.answer}


def read(text: str) -> tuple[list[Table], list[Flag]]:
    """Return the combinations, and the red flags alone."""
    file = tomllib.loads(text)
    alone = [
        Flag(
            one["question"],
            one["answer"],
            one.get("also", {}),
            {
                rest: Tier.from_code(one[key])
                for rest, key in (("", "tier"), ("quiet", "explained"))
            },
        )
        for one in file["alone"]
    ]
    return file["combination"], alone


def combination_mistakes(protocol: Protocol, one: Table) -> list[str]:
    """Return everything in which a combination comes out otherwise than written."""
    mistakes: list[str] = []
    patient: Table = one["patient"]
    found = patient_and_answers(protocol, patient, "patient", mistakes)
    if found is None:
        return mistakes
    assessment = assess(protocol, *found, ON)
    tier = assessment.tier.code
    if assessment.hidden:
        mistakes.append(f"{', '.join(sorted(assessment.hidden))} is hidden")
    if tier != one["tier"]:
        mistakes.append(f"tier is {tier}, not {one['tier']}")
    raised = {c.concern.id: c.tier for c in assessment.concerns}
    named = [concern for concern in one["concerns"] if concern in raised]
    mistakes += [f"{c} is not raised" for c in one["concerns"] if c not in named]
    if not any(raised[concern] == max(raised.values()) for concern in named):
        mistakes.append(f"none of {', '.join(one['concerns'])} is the most urgent")
    return mistakes


def tier_of(protocol: Protocol, given: Table, rest: str) -> Tier:
    """Return the tier of one patient; ValueError where an answer is no answer."""
    mistakes: list[str] = []
    table = {"case": "red flags", **given, "rest": rest}
    found = patient_and_answers(protocol, table, "red flags", mistakes)
    if found is None:
        raise ValueError(mistakes)
    patient, answers = found
    assessment = assess(protocol, patient, answers, ON)
    if assessment.hidden:
        raise ValueError(f"{', '.join(sorted(assessment.hidden))} is hidden")
    return assessment.tier


def alone_mistakes(protocol: Protocol, flag: Flag) -> list[str]:
    """Return in what a red flag alone comes out otherwise than written."""
    tiers = {rest: tier_of(protocol, flag.given, rest) for rest in flag.tiers}
    return [
        f"{'explained' if rest else 'alone'} it is {tier.code}, "
        f"not {flag.tiers[rest].code}"
        for rest, tier in tiers.items()
        if tier is not flag.tiers[rest]
    ]


def pairs(flags: Sequence[Flag], share: float = 1) -> list[tuple[Flag, Flag]]:
    """Return every pair of red flags, or a share of them, always the same."""
    found = list(combinations(flags, 2))
    return found if share == 1 else Random(SEED).sample(found, int(len(found) * share))


def pair_mistakes(
    protocol: Protocol, some: Sequence[tuple[Flag, Flag]]
) -> Iterator[str]:
    """Say which two red flags together are less urgent than one of them alone."""
    alone: dict[tuple[str, str, int], Tier] = {}
    for one, other in some:
        age = max(one.given["age"], other.given["age"])
        for rest in ("", "quiet"):
            for flag in (one, other):
                key = flag.name, rest, age
                if key not in alone:
                    given = {**flag.given, "age": age}
                    alone[key] = tier_of(protocol, given, rest)
            higher = max(alone[flag.name, rest, age] for flag in (one, other))
            tier = tier_of(protocol, {**_both(one, other), "age": age}, rest)
            if tier < higher:
                yield (
                    f"{one.name} and {other.name} ({rest or 'alone'}): "
                    f"{tier.code} under {higher.code}"
                )


def _both(one: Flag, other: Flag) -> Table:
    """Return the answers to both; two options of one question stand in one list."""
    both = {**one.given, **other.given}
    for question in one.given.keys() & other.given.keys():
        values = one.given[question], other.given[question]
        if all(isinstance(value, list) for value in values):
            both[question] = [*values[0], *values[1]]
    return both
