"""Who may be the same patient as the one being registered, and what speaks against it.

Both are said in words, because a person decides: twins, and a father and a son of one
name, are told apart by what differs. Nobody is kept from registering anybody.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from intake.facts import span_of
from intake.folding import compact, folded
from intake.patient import Patient
from intake.phone import national
from intake.typed_dates import date_in_words, swapped

_MOST = 12
_MOST_OF_EACH = 20
#: Less in common than the family name is nothing to look at.
_FEWEST_POINTS = 3
_FEWEST_LETTERS = 2
_FEWEST_DIGITS = 7
_SHORTEST_MISSPELLED = 4
_LONG_WORD = 7
_SHORTEST_BEGINNING = 3
_WHOLE_DATE = len("1958-04-12")
_GENERATION = range(15, 51)
#: Two names that have nothing else in common have nothing in common.
_PARTICLES = frozenset(
    ("al", "bin", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la",
     "las", "le", "los", "ter", "van", "von", "y")
)  # fmt: skip
Find = Callable[[str, int], Sequence[Patient]]
Words = frozenset[str]


class Sign(NamedTuple):
    """Something that two registrations have in common, or in which they differ."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Likely:
    """A registered patient who may be the same, with what is the same and what not."""

    patient: Patient
    points: int
    same: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def why(self) -> str:
        """Return both in a sentence or two."""
        said = f"{_sentence(self.same)}."
        if not self.differs:
            return said
        # One that ends in a question asks it.
        but = f"But {'; '.join(sorted(self.differs, key=_is_question))}"
        return f"{said} {but}" if but.endswith("?") else f"{said} {but}."


def likely_same(typed: Patient, find: Find) -> list[Likely]:
    """Return who may be the same, those with most in common first.

    Args:
        typed: what was typed so far.
        find: looks for patients by a text, as many as it is told.
    """
    found: dict[str, Patient] = {}
    for text in _to_look_for(typed):
        found |= {one.id: one for one in find(text, _MOST_OF_EACH)}
    likely = [compared(typed, other) for other in found.values()]
    likely = [one for one in likely if one.points >= _FEWEST_POINTS]
    return sorted(likely, key=lambda one: -one.points)[:_MOST]


def compared(typed: Patient, other: Patient) -> Likely:
    """Return what a typed registration and a patient have in common."""
    signs = [*_of_names(typed, other), *_of_dates(typed, other)]
    signs += _of_numbers(typed, other)
    return Likely(
        other,
        sum(sign.points for sign in signs),
        tuple(sign.words for sign in signs if sign.points > 0),
        tuple(sign.words for sign in signs if sign.points < 0),
    )


def _to_look_for(typed: Patient) -> list[str]:
    """Return the texts along which somebody alike is found."""
    family, given = typed.family_name.strip(), typed.given_name.strip()
    wanted = [f"{family} {given}", family]
    # Registered with one of two names, nobody is found by both.
    wanted += [f"{one} {given}" for one in _words(family) if given]
    wanted += [f"{family} {one}" for one in _words(given) if family]
    if len(typed.birth_date) == _WHOLE_DATE:
        wanted += [typed.birth_date, swapped(typed.birth_date)]
    if len(national(typed.phone)) >= _FEWEST_DIGITS:
        wanted.append(typed.phone)
    wanted.append(typed.chart_number)
    texts = (text.strip() for text in wanted)
    return list(dict.fromkeys(text for text in texts if len(text) >= _FEWEST_LETTERS))


# names


def _of_names(typed: Patient, other: Patient) -> Iterator[Sign]:
    ours, theirs = _words(typed.family_name), _words(other.family_name)
    given = _words(f"{typed.given_name} {typed.preferred_name}")
    others = _words(f"{other.given_name} {other.preferred_name}")
    if _are_turned(ours, given, theirs, others):
        yield Sign(5, "the names, family and given name the other way round")
        return
    yield from _of_family(ours, theirs, typed, other)
    yield from _of_given(given, others, typed, other)


def _are_turned(ours: Words, given: Words, theirs: Words, others: Words) -> bool:
    """Return whether family and given name stand in each other's place."""
    if ours & theirs or not ours & others:
        return False
    return not given or bool(given & theirs)


def _of_family(
    ours: Words, theirs: Words, typed: Patient, other: Patient
) -> Iterator[Sign]:
    if not ours or not theirs:
        return
    there = other.family_name
    if ours == theirs or compact(typed.family_name) == compact(there):
        yield Sign(4, "family name")
    elif ours & theirs:
        yield Sign(3, f"one of two family names ({there} there)")
    elif _are_near(ours, theirs):
        yield Sign(2, f"family name but for the spelling ({there} there)")
    elif _begin_alike(ours, theirs, _SHORTEST_BEGINNING):
        yield Sign(2, f"beginning of the family name ({there} there)")
    elif typed.birth_date and typed.birth_date == other.birth_date:
        yield Sign(-2, f"the family name there is {there}: the name before a marriage?")
    else:
        yield Sign(-2, f"the family name there is {there}")


def _of_given(
    ours: Words, theirs: Words, typed: Patient, other: Patient
) -> Iterator[Sign]:
    if not ours or not theirs:
        return
    there = other.given_name or other.preferred_name
    if ours == theirs or compact(typed.given_name) == compact(other.given_name):
        yield Sign(2, "given name")
    elif ours & theirs:
        yield Sign(2, f"one given name ({there} there)")
    elif _are_near(ours, theirs):
        yield Sign(1, f"given name but for the spelling ({there} there)")
    elif _begin_alike(ours, theirs, 1):
        yield Sign(1, f"beginning of the given name ({there} there)")
    elif typed.birth_date and typed.birth_date == other.birth_date:
        yield Sign(-2, f"the given name there is {there}: a twin?")
    else:
        yield Sign(-2, f"the given name there is {there}")


def _words(name: str) -> Words:
    words = frozenset(folded(name).split())
    return words - _PARTICLES or words


def _are_near(ours: Words, theirs: Words) -> bool:
    """Return whether one of the words is a misspelling of one of the others."""
    return any(_is_near(one, other) for one in ours for other in theirs)


def _is_near(one: str, other: str) -> bool:
    shortest = min(len(one), len(other))
    if shortest < _SHORTEST_MISSPELLED:
        return False
    most = 2 if shortest >= _LONG_WORD else 1
    distance = DamerauLevenshtein.distance(one, other, score_cutoff=most)
    return bool(distance <= most)


def _begin_alike(ours: Words, theirs: Words, fewest: int) -> bool:
    """Return whether a word begins another: an initial, or one that is still typed."""
    return any(
        (one.startswith(other) or other.startswith(one))
        and min(len(one), len(other)) >= fewest
        for one in ours
        for other in theirs
    )


# dates and numbers


def _of_dates(typed: Patient, other: Patient) -> Iterator[Sign]:
    ours, theirs = typed.birth_date, other.birth_date
    if not ours or not theirs:
        return
    there = f"{date_in_words(theirs)} there"
    if ours == theirs:
        yield Sign(4, "birth date")
    elif {len(ours), len(theirs)} != {_WHOLE_DATE}:
        if _overlap(ours, theirs):
            yield Sign(2, f"birth date as far as it is known ({there})")
        else:
            yield Sign(-2, f"born {there}")
    elif swapped(ours) == theirs:
        yield Sign(3, f"birth date with day and month changed over ({there})")
    elif DamerauLevenshtein.distance(ours, theirs) == 1:
        yield Sign(1, f"birth date but for one figure ({there})")
    else:
        apart = abs(int(ours[:4]) - int(theirs[:4]))
        has_name = bool(_words(typed.given_name) & _words(other.given_name))
        is_next = has_name and apart in _GENERATION
        yield Sign(-2, f"born {there}" + (": a parent or child?" if is_next else ""))


def _overlap(one: str, other: str) -> bool:
    (first, last), (begin, end) = span_of(one), span_of(other)
    return first <= end and begin <= last


def _of_numbers(typed: Patient, other: Patient) -> Iterator[Sign]:
    phone, theirs = national(typed.phone), national(other.phone)
    if len(phone) >= _FEWEST_DIGITS and theirs.endswith(phone):
        yield Sign(3, "phone")
    for points, words, ours, there in (
        (9, "chart number", typed.chart_number, other.chart_number),
        (4, "member id", typed.member_id, other.member_id),
        (3, "e-mail", typed.email, other.email),
        (1, "address", typed.address, other.address),
    ):
        if compact(ours) and compact(ours) == compact(there):
            yield Sign(points, words)
    known = {typed.sex_at_birth, other.sex_at_birth}
    if len(known) > 1 and "unknown" not in known:
        yield Sign(-1, f"the sex at birth there is {other.sex_at_birth}")


def _is_question(words: str) -> bool:
    return words.endswith("?")


def _sentence(same: Iterable[str]) -> str:
    *first, last = same
    return f"Same {', '.join(first)} and {last}" if first else f"Same {last}"
