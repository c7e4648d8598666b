"""A stored answer in words: sides in capitals, every number with its unit."""

from collections.abc import Mapping

from intake.answers import Value
from intake.protocol import Question
from intake.units import Quantity

_FLAGS = {"yes": "yes", "no": "no", "unsure": "asked, not known"}


def answer_in_words(question: Question, value: Value) -> str:
    """Return an answer as people read it; empty text for "not asked"."""
    if value is None:
        return ""
    if question.sided:
        sides = [
            f"{side.upper()} {_one(question, value[side])}"
            for side in ("left", "right")
            if side in value
        ]
        return ", ".join(sides)
    return _one(question, value)


def _one(question: Question, value: Value) -> str:
    match value:
        case {"value": number, "unit": str(unit)}:
            return str(Quantity(number, unit))
        case {"systolic": Mapping() as high, "diastolic": Mapping() as low}:
            return f"{high['value']:g}/{low['value']:g} mmHg"
        case list():
            return _list(question, value)
    if question.kind == "flag":
        return _FLAGS[value]
    return (question.options or {}).get(value, str(value))


def _list(question: Question, value: list[Value]) -> str:
    if not value:
        return "none"
    if question.kind == "psfs":
        return "; ".join(f"{item['activity']}: {item['score']} of 10" for item in value)
    if question.kind == "map":
        return f"{len(value)} mark{'s' if len(value) != 1 else ''}"
    options = question.options or {}
    return ", ".join(options.get(item, str(item)) for item in value)
