"""How answers, numbers and dates are said on paper.

Four states are kept apart: present, absent, "asked, not known" and "not asked". A
negative is said only where somebody recorded it. Sides are LEFT and RIGHT. Every
value has its unit.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final, Literal

from intake.answers import Value
from intake.body_chart import words_for
from intake.clinic_settings import FirstUnits
from intake.protocol import Kind, Question, Tier
from intake.protocol_terms import UNKNOWN_OPTIONS, UNSURE_OPTIONS
from intake.units import UNITS, Quantity
from reports.medical_words import LABELS, OPTIONS

NOT_ASKED: Final = "not asked"
NOT_EXAMINED: Final = "not examined"
NOT_KNOWN: Final = "asked, not known"
DECLINED: Final = "declined to answer"
SIDES: Final[tuple[Literal["left", "right"], ...]] = ("left", "right")

#: Options that say "nothing found", where they are the first of their list.
_NEGATIVE_OPTIONS: Final = frozenset(
    {
        "no", "none", "normal", "absent", "negative", "can_lie", "clear", "equal",
        "regular", "flexor", "never",
    }
)  # fmt: skip
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_PLURALS: Final[Mapping[str, tuple[str, str]]] = {
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "d": ("day", "days"),
    "wk": ("week", "weeks"),
    "mo": ("month", "months"),
    "a": ("year", "years"),
    "/min": ("per minute", "per minute"),
    "/d": ("a day", "a day"),
    "deg": ("degree", "degrees"),
}
#: Said in both units, since the reader may think in the other one.
_ALSO_IN: Final = {
    "Cel": "[degF]", "[degF]": "Cel",
    "kg": "[lb_av]", "[lb_av]": "kg",
    "cm": "[in_i]", "[in_i]": "cm",
}  # fmt: skip
_USUAL: Final = FirstUnits()
_DAYS: Final[Mapping[Tier, int]] = {
    Tier.SAME_DAY: 0,
    Tier.WITHIN_7_DAYS: 7,
    Tier.WITHIN_14_DAYS: 14,
}
#: Words that keep their capital inside a sentence.
_NAMES: Final = frozenset({"Hoffmann", "Horner", "Marfan,", "Murphy", "Romberg"})
_FULL_STRENGTH: Final = "5"
_USUAL_REFLEX: Final = "2"


class Standing(Enum):
    """What a recorded answer amounts to."""

    FOUND = "found"
    NEGATIVE = "negative"
    UNKNOWN = "unknown"


def standing(question: Question, value: Value) -> Standing:
    """Return whether an answer is a finding, a negative, or not known.

    With two sides a finding on one of them counts; a side that is not known keeps
    the whole from being a negative.
    """
    if not question.sided:
        return _standing(question, value)
    found = [_standing(question, value[side]) for side in SIDES if side in value]
    for worst in (Standing.FOUND, Standing.UNKNOWN):
        if worst in found:
            return worst
    return Standing.NEGATIVE


def _standing(question: Question, value: Value) -> Standing:
    negative = False
    if question.kind == "flag":
        if value == "unsure":
            return Standing.UNKNOWN
        negative = value == "no"
    elif question.kind == "choice":
        if value in UNSURE_OPTIONS:
            return Standing.UNKNOWN
        negative = value in _NEGATIVE_OPTIONS and value == _first(question)
    elif question.kind == "choices":
        if UNSURE_OPTIONS.intersection(value):
            return Standing.UNKNOWN
        negative = not value or (
            value == [_first(question)] and value[0] in _NEGATIVE_OPTIONS
        )
    elif question.kind == "grade":
        usual = _FULL_STRENGTH if question.scale == "strength" else _USUAL_REFLEX
        negative = value == usual
    return Standing.NEGATIVE if negative else Standing.FOUND


def _first(question: Question) -> str:
    return next(iter(question.options or {}), "")


def is_not_done(question: Question, value: Value) -> bool:
    """Return whether an answer says that something was left out, not what it showed."""
    sides = value.values() if isinstance(value, dict) else (value,)
    left_out = UNKNOWN_OPTIONS - UNSURE_OPTIONS
    return question.kind == "choice" and all(side in left_out for side in sides)


def label_of(question: Question) -> str:
    """Return what a question is called on paper, in plain medical words."""
    return LABELS.get(question.id, question.label)


def in_sentence(words: str) -> str:
    """Return words as they stand inside a sentence; names and ``MRI`` stay as is."""
    first_word = words.partition(" ")[0]
    rest = first_word[1:]
    is_plain = not rest or (rest.islower() and rest[0].isalpha())
    if first_word in _NAMES or not is_plain:
        return words
    return words[:1].lower() + words[1:]


def sentence(words: str) -> str:
    """Return words with a capital at their start and one full stop at their end."""
    words = words.strip()
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "?", "!")) else f"{words}."


def without_stop(words: str) -> str:
    """Return words without a full stop at their end, to go on after them."""
    words = words.rstrip()
    return words[:-1] if words.endswith(".") else words


def joined(items: Collection[str], last: str = "and") -> str:
    """Return ``a, b and c``."""
    *before, end = items
    return f"{', '.join(before)} {last} {end}" if before else end


def answer_words(
    question: Question,
    value: Value,
    *,
    declined: bool = False,
    units: FirstUnits = _USUAL,
) -> str:
    """Return an answer in words; both sides are named where there are sides.

    A number is said in both units, the clinic's first; what was typed stands there as
    it was typed.
    """
    if value is None:
        return NOT_ASKED
    if question.kind == "number" and not question.sided:
        return number_words(value, question, units)
    if not question.sided:
        return _words(question, value, declined=declined)
    if len({str(value[side]) for side in SIDES if side in value}) == 1 and all(
        side in value for side in SIDES
    ):
        both = _words(question, value["left"], declined=declined)
        return f"LEFT and RIGHT {in_sentence(both)}"
    blank = NOT_EXAMINED if is_examination(question) else NOT_ASKED
    return ", ".join(
        f"{side.upper()} "
        + (
            in_sentence(_words(question, value[side], declined=declined))
            if side in value
            else blank
        )
        for side in SIDES
    )


def is_examination(question: Question) -> bool:
    """Return whether a question is answered by examining, not by asking."""
    return question.id.startswith(("exam.", "vitals."))


def side_words(question: Question, value: Value, side: str) -> str:
    """Return the answer of one side, for a table, or "not examined"."""
    if value is None or side not in value:
        return NOT_EXAMINED
    return _words(question, value[side], declined=False)


def _words(question: Question, value: Value, *, declined: bool) -> str:
    """Return one answer, of one side where there are sides."""
    if question.kind in ("flag", "choice") and value in UNSURE_OPTIONS:
        return DECLINED if declined else NOT_KNOWN
    return _WORDS[question.kind](question, value)


def _pair_words(_question: Question, value: Value) -> str:
    high, low = value["systolic"], value["diastolic"]
    return f"{high['value']:g}/{low['value']:g} mmHg"


def _typed_words(_question: Question, value: Value) -> str:
    """Return what was typed; an empty list was asked and is none."""
    return "; ".join([value] if isinstance(value, str) else value) or "none"


def _activity_words(_question: Question, value: Value) -> str:
    return "; ".join(f"{i['activity']}: {i['score']} of 10" for i in value) or "none"


def _map_words(_question: Question, value: Value) -> str:
    return "; ".join(words_for(mark) for mark in value) or "no mark"


def option_words(question: Question, option: str) -> str:
    """Return an option in plain medical words, as it stands inside a sentence."""
    own = OPTIONS.get(question.id, {}).get(option)
    if own is not None:
        return own
    return in_sentence((question.options or {}).get(option, option))


def _list_words(question: Question, value: list[str]) -> str:
    if UNSURE_OPTIONS.intersection(value):
        return NOT_KNOWN
    if not value:
        return option_words(question, question.none_option) or "none"
    return ", ".join(option_words(question, item) for item in value)


def grade_words(scale: str, grade: str) -> str:
    """Return a grade with its scale: ``4/5``, ``2+``."""
    if scale == "strength":
        return f"{grade}/5"
    return f"{grade}+" if grade != "0" else "0"


def number_words(
    value: Mapping[str, float | str], question: Question, units: FirstUnits = _USUAL
) -> str:
    """Return a number with its unit, and the limits of the laboratory if there are."""
    number, code = float(value["value"]), str(value["unit"])
    words = quantity_words(Quantity(number, code))
    other = _ALSO_IN.get(code)
    if other and other in question.units:
        converted = Quantity(number, code).to(other, question.molar_mass)
        also = f"{converted.value:.1f} {UNITS[other].name}"
        is_other_first = units.settled(question.units) == other
        words = f"{also} ({words})" if is_other_first else f"{words} ({also})"
    low, high = value.get("low"), value.get("high")
    if low is not None or high is not None:
        words += f" (laboratory's limits: {_limits(low, high)} {UNITS[code].name})"
    return words


def _limits(low: float | str | None, high: float | str | None) -> str:
    if low is None:
        return f"up to {high:g}"
    if high is None:
        return f"from {low:g}"
    return f"{low:g} to {high:g}"


def quantity_words(quantity: Quantity) -> str:
    """Return value and unit: ``1 week``, ``76 per minute``, ``97%``."""
    number = f"{quantity.value:.12g}"
    if quantity.value == 0 and quantity.dimension == "time":
        return f"less than 1 {_PLURALS[quantity.unit][0]}"
    if quantity.unit == "%":
        return f"{number}%"
    if quantity.unit in _PLURALS:
        one, many = _PLURALS[quantity.unit]
        return f"{number} {one if quantity.value == 1 else many}"
    return f"{number} {UNITS[quantity.unit].name}".strip()


def date_words(day: date | str) -> str:
    """Return a day, month or year in a form no country misreads: ``Nov 20, 2026``."""
    parts = day.isoformat().split("-") if isinstance(day, date) else day.split("-")
    match [int(part) for part in parts]:
        case [year, month, number]:
            return f"{_MONTHS[month - 1]} {number}, {year}"
        case [year, month]:
            return f"{_MONTHS[month - 1]} {year}"
        case [year]:
            return str(year)
    msg = "A date has a year, and at most a month and a day."
    raise ValueError(msg)


def time_words(moment: datetime) -> str:
    """Return day and time, with the zone where it is known."""
    zone = f" {moment:%Z}" if moment.tzinfo else ""
    return f"{date_words(moment.date())}, {moment:%H:%M}{zone}"


def urgency_words(tier: Tier, on: date, within_hours: int | None = None) -> str:
    """Return by when, with the day where there is one."""
    if tier is Tier.EMERGENCY_NOW:
        return "now"
    if within_hours is not None and tier is not Tier.SAME_DAY:
        due = on + timedelta(hours=within_hours)
        return f"within {within_hours} hours (by {date_words(due)})"
    if tier is Tier.SAME_DAY:
        return f"today ({date_words(on)})"
    if tier in _DAYS:
        days = _DAYS[tier]
        return f"within {days} days (by {date_words(on + timedelta(days=days))})"
    return "within 2 to 6 weeks" if tier is Tier.ROUTINE else "no fixed time"


_WORDS: Final[Mapping[Kind, Callable[[Question, Value], str]]] = {
    "flag": lambda _question, value: str(value),
    "choice": option_words,
    "choices": _list_words,
    "number": lambda question, value: number_words(value, question),
    "scale": lambda _question, value: f"{value} of 10",
    "grade": lambda question, value: grade_words(question.scale, value),
    "pair": _pair_words,
    "date": lambda _question, value: date_words(value),
    "text": _typed_words,
    "rows": _typed_words,
    "psfs": _activity_words,
    "map": _map_words,
}
