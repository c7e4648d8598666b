"""When which imaging study fits: published ratings, and which one speaks of a step.

A criterion is one row of a published rating table, a study one of the things it rates.
The tables are data (`criteria.toml`); `criteria_reader` reads them, `criteria_checks`
holds the rules to them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

Category = Literal[
    "usually_appropriate", "may_be_appropriate", "usually_not_appropriate"
]
VERIFIED_WORDS: Mapping[str, str] = {
    "V": "read in the source",
    "V2": "read in a secondary copy",
    "U": "not verified",
}


@dataclass(frozen=True, slots=True)
class Study:
    """A study that is rated. `part_of` names actions that take in more than it.

    `radiation` is the published level for an adult; empty where it was not read.
    """

    id: str
    label: str
    action: str = ""
    part_of: tuple[str, ...] = ()
    radiation: str = ""
    radiation_source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Criterion:
    """A situation, and how each study is rated in it.

    `disputed` are the studies about which the panel disagreed, `completed` those of
    which the name was not read. `year` is 0 where the edition was not noted.
    """

    id: str
    by: str
    source: str
    document: str
    year: int
    topic: str
    variant: str
    situation: str
    population: str
    verified: str
    ratings: Mapping[str, Category]
    disputed: frozenset[str] = frozenset()
    completed: frozenset[str] = frozenset()
    note: str = ""


class Rating(NamedTuple):
    """How a criterion rates the study behind an action.

    `is_part` says that the action takes in more than the study that was rated.
    """

    criterion: Criterion
    study: Study
    category: Category
    verified: str
    is_disputed: bool
    is_part: bool

    @property
    def category_words(self) -> str:
        """Return the category as people read it, with a disagreement of the panel."""
        words = self.category.replace("_", " ")
        return f"{words}, the panel disagreed" if self.is_disputed else words

    @property
    def words(self) -> str:
        """Return the rating in one short line, with how far it was verified."""
        row = self.criterion
        year = row.year or "(edition not noted)"
        part = f" for {self.study.label}" if self.is_part else ""
        return (
            f"{row.by} {year}, {row.topic}, {row.situation}: "
            f"{self.category_words}{part} ({VERIFIED_WORDS[self.verified]})"
        )


@dataclass(frozen=True, slots=True)
class CriteriaCited:
    """The criteria that speak of the imaging named beside them.

    `why_none` says why a study has no criterion, `why_against` why one is suggested (or
    left out) against its criterion.
    """

    ids: tuple[str, ...] = ()
    why_none: str = ""
    why_against: str = ""


NO_CRITERIA = CriteriaCited()


@dataclass(frozen=True)
class ImagingCriteria:
    """All studies and criteria of a protocol."""

    studies: Mapping[str, Study] = field(default_factory=dict)
    criteria: Mapping[str, Criterion] = field(default_factory=dict)

    def ratings(self, action: str, criteria: Iterable[str]) -> tuple[Rating, ...]:
        """Return how these criteria rate an action; those that do not are left out."""
        rated = self._by_action
        return tuple(rated[c, action] for c in criteria if (c, action) in rated)

    @cached_property
    def _by_action(self) -> Mapping[tuple[str, str], Rating]:
        """Return each rating by criterion and action; the study itself goes first."""
        found: dict[tuple[str, str], Rating] = {}
        for row in self.criteria.values():
            rated = [(self.studies[s], c) for s, c in row.ratings.items()]
            for study, category in rated:
                if study.action:
                    found[row.id, study.action] = _rating(row, study, category)
            for study, category in rated:
                for wider in study.part_of:
                    part = _rating(row, study, category, is_part=True)
                    found.setdefault((row.id, wider), part)
        return found


def _rating(
    row: Criterion, study: Study, category: Category, *, is_part: bool = False
) -> Rating:
    completed = study.id in row.completed
    return Rating(
        row,
        study,
        category,
        "U" if completed else row.verified,
        study.id in row.disputed,
        is_part,
    )
