"""Numbers with units as people type them: ``101 F``, ``10d``; no widget here."""

import re
from dataclasses import dataclass

from intake.clinic_settings import FirstUnits
from intake.protocol import Question
from intake.units import UNITS, Quantity

#: What people write for a unit, in small letters.
_SPELLINGS = {
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
    "wk": ("w", "wk", "wks", "week", "weeks"),
    "mo": ("m", "mo", "mos", "month", "months"),
    "a": ("y", "a", "yr", "yrs", "year", "years"),
    "min": ("min", "mins", "minute", "minutes"),
    "Cel": ("c", "°c", "cel", "celsius"),
    "[degF]": ("f", "°f", "degf", "fahrenheit"),
    "kg": ("kg", "k", "kilo", "kilos"),
    "[lb_av]": ("lb", "lbs", "l", "pound", "pounds"),
    "cm": ("cm", "c"),
    "[in_i]": ("in", "i", '"', "inch", "inches"),
}
_ONE = {"h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
#: Number, unit (which may begin with a power of ten: 10*3/uL), limits.
_NUMBER = re.compile(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*((?:10\*\d+)?[^\d(<>]*)\s*(.*)")
_LIMITS = re.compile(r"\(?\s*(?:(\d+(?:\.\d+)?)\s*-\s*|<\s*)(\d+(?:\.\d+)?)\s*\)?")
_TIMES = frozenset(_ONE)
#: Nothing settled: the first unit is the question's own.
_AS_ASKED = FirstUnits()


@dataclass(frozen=True, slots=True)
class Typed:
    """A number that was understood, with the laboratory's limits where typed."""

    quantity: Quantity
    low: float | None = None
    high: float | None = None


def asks_for_unit(question: Question) -> bool:
    """Return whether a bare number says nothing: a length of time of any size."""
    return len(_TIMES.intersection(question.units)) > 1


def read_amount(
    text: str, question: Question, units: FirstUnits = _AS_ASKED
) -> Typed | None:
    """Return what was typed, or None if it is no number in one of the units.

    A bare number is in the clinic's first unit, except where the question asks for a
    time.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    unit = read_unit(match[2], question, units)
    if unit is None:
        return None
    quantity = Quantity(float(match[1].replace(",", ".")), unit)
    if not match[3]:
        return Typed(quantity)
    limits = _LIMITS.fullmatch(match[3])
    if limits is None or question.limits is None:
        return None
    return Typed(quantity, float(limits[1]) if limits[1] else None, float(limits[2]))


def read_unit(
    text: str, question: Question, units: FirstUnits = _AS_ASKED
) -> str | None:
    """Return the unit that a spelling stands for in this question."""
    text = text.strip().lower()
    if not text:
        return None if asks_for_unit(question) else units.of(question.units)
    for unit in question.units:
        known = (unit.lower(), UNITS[unit].name.lower(), *_SPELLINGS.get(unit, ()))
        if text in known:
            return unit
    return None


def is_complete(text: str, question: Question) -> bool:
    """Return whether the unit letter has ended the entry: ``10d``."""
    ends = re.fullmatch(r"\d+(?:[.,]\d+)?([a-z])", text.lower())
    return (
        asks_for_unit(question)
        and ends is not None
        and read_unit(ends[1], question) is not None
    )


def in_words(quantity: Quantity) -> str:
    """Return a quantity as people say it: ``10 days``, ``38.3 °C``."""
    number = (
        f"{quantity.value:.4g}" if quantity.value < 10_000 else f"{quantity.value:g}"
    )
    if quantity.unit in _ONE:
        word = _ONE[quantity.unit]
        return f"{number} {word}{'' if quantity.value == 1 else 's'}"
    return f"{number} {UNITS[quantity.unit].name}".strip()


def beside(quantity: Quantity, question: Question) -> str:
    """Return the same amount in the other units, to read beside it."""
    if asks_for_unit(question) or len(question.units) == 1:
        return ""
    others = [unit for unit in question.units if unit != quantity.unit]
    return ", ".join(
        f"{round(other.value, 1):g} {UNITS[unit].name}"
        for unit in others
        for other in (quantity.to(unit, question.molar_mass),)
        if round(other.value, 1) != round(quantity.value, 1)
    )


def is_possible(quantity: Quantity, question: Question) -> bool:
    """Return whether a value can be at all."""
    return _is_within(quantity, question, question.possible)


def is_plausible(quantity: Quantity, question: Question) -> bool:
    """Return whether a value is likely enough not to ask."""
    return _is_within(quantity, question, question.plausible)


def meant(quantity: Quantity, question: Question) -> Quantity | None:
    """Return the plausible value that was probably meant: a point lost, or the unit."""
    shifted = [Quantity(quantity.value / 10, quantity.unit)]
    shifted += [Quantity(quantity.value, unit) for unit in question.units]
    shifted += [Quantity(quantity.value * 10, quantity.unit)]
    return next((q for q in shifted if is_plausible(q, question)), None)


def _is_within(
    quantity: Quantity, question: Question, limits: tuple[float, float] | None
) -> bool:
    if limits is None:
        return True
    value = quantity.to(question.units[0], question.molar_mass).value
    return limits[0] <= value <= limits[1]
