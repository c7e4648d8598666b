"""Check one answer from outside and bring it into its stored shape.

The shapes are those of docs/protocol-format.md. Values that cannot be are refused;
unlikely ones are accepted (the screen asks about them, see `is_unlikely`).
"""

import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from intake.answers import Value
from intake.body_chart import REGIONS
from intake.protocol import Kind, Protocol, Question
from intake.protocol_terms import GRADE_SCALES
from intake.spelling import did_you_mean
from intake.units import ALIASES, UNITS, Quantity

_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_NEVER_STORED = re.compile("[\0\ud800-\udfff]")
_HALVES: Final = ("systolic", "diastolic")
_SIDES: Final = ("left", "right")
_MOST_ACTIVITIES = 5
_TOP = 10
#: Far above anything measured, far below what a float cannot hold; NaN fails it too.
_LARGEST = 1e15
_MARK_KEYS = {"region", "view", "x", "y", "quality", "levels"}
_SENSATIONS = ("numb", "tingling")


class AnswerRefusedError(ValueError):
    """A value that the question cannot hold: what is wrong, and what to write."""

    def __init__(self, what: str, suggestion: str = "") -> None:
        """Keep both sentences."""
        super().__init__(f"{what} {suggestion}".strip())
        self.what = what
        self.suggestion = suggestion


def checked(protocol: Protocol, question: Question, value: Value) -> Value:
    """Return the value in its stored shape.

    Raises:
        AnswerRefusedError: the kind, an option, a unit or the value is wrong.
    """
    check = _CHECKS[question.kind]
    if not question.sided:
        return check(protocol, question, value)
    if not isinstance(value, Mapping) or not value or value.keys() - set(_SIDES):
        raise AnswerRefusedError(
            "This question has sides.", 'Write {"left": …, "right": …}.'
        )
    return {
        side: check(protocol, question, value[side]) for side in _SIDES if side in value
    }


def is_unlikely(question: Question, value: Value) -> bool:
    """Return whether a stored number lies outside what is plausible."""
    if question.plausible is None or not isinstance(value, Mapping):
        return False
    if "value" in value:
        low, high = question.plausible
        usual = _in_first_unit(question, value)
        return not low <= usual <= high
    return any(is_unlikely(question, part) for part in value.values())


def _in_first_unit(question: Question, value: Mapping[str, Any]) -> float:
    quantity = Quantity(value["value"], value["unit"])
    return quantity.to(question.units[0], question.molar_mass).value


def _flag(_protocol: Protocol, _question: Question, value: Value) -> Value:
    if value not in ("yes", "no", "unsure") or not isinstance(value, str):
        raise AnswerRefusedError(
            "This is a yes/no question.", 'Write "yes", "no" or "unsure".'
        )
    return value


def _option(question: Question, value: Value) -> str:
    options = question.options or {}
    if not isinstance(value, str):
        raise AnswerRefusedError("An option has to be a text in quotes.")
    if value not in options:
        hint = did_you_mean(value, options) or f"Options: {', '.join(options)}."
        raise AnswerRefusedError(f'"{value}" is not an option.', hint)
    return value


def _choice(_protocol: Protocol, question: Question, value: Value) -> Value:
    return _option(question, value)


def _choices(_protocol: Protocol, question: Question, value: Value) -> Value:
    if not isinstance(value, list):
        raise AnswerRefusedError("This question takes a list.", 'Write ["…", "…"].')
    chosen = list(dict.fromkeys(_option(question, item) for item in value))
    if not chosen and question.none_option:
        return [question.none_option]
    if question.none_option in chosen and len(chosen) > 1:
        raise AnswerRefusedError(
            f'"{question.none_option}" cannot stand beside another option.'
        )
    return chosen


def _number(_protocol: Protocol, question: Question, value: Value) -> Value:
    allowed = {"value", "unit"}
    if question.limits is not None:
        allowed |= {"low", "high"}
    match value:
        case {"value": int() | float() as number, "unit": str(unit)} if not isinstance(
            number, bool
        ):
            unit = ALIASES.get(unit, unit)
        case _:
            raise AnswerRefusedError(
                "This question takes a number with its unit.",
                f'Write {{"value": …, "unit": "{question.units[0]}"}}.',
            )
    if value.keys() - allowed:
        unknown = ", ".join(sorted(map(str, value.keys() - allowed)))
        raise AnswerRefusedError(f"A number has no {unknown}.")
    if unit not in question.units:
        raise AnswerRefusedError(
            f'The unit "{unit}" is wrong here.', f"Use {' or '.join(question.units)}."
        )
    stored: dict[str, Any] = {"value": number, "unit": unit}
    for limit in ("low", "high"):
        if value.get(limit) is not None:
            stored[limit] = _real(value[limit])
    if stored.get("low", -math.inf) > stored.get("high", math.inf):
        raise AnswerRefusedError("The low limit is above the high one.")
    _check_possible(question, {"value": _real(number), "unit": unit})
    return stored


def _real(number: Any) -> int | float:  # noqa: ANN401  (from outside)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise AnswerRefusedError("This has to be a number.")
    if not -_LARGEST <= number <= _LARGEST:
        raise AnswerRefusedError("The number is too large, or none at all.")
    return number


def _check_possible(question: Question, value: Mapping[str, Any]) -> None:
    if question.possible is None:
        return
    low, high = question.possible
    if not low <= _in_first_unit(question, value) <= high:
        unit = UNITS[value["unit"]].name
        text = f"{value['value']:g} {unit}".strip()
        first = UNITS[question.units[0]].name
        raise AnswerRefusedError(
            f"{text} cannot be.",
            f"Possible is {f'{low:g} to {high:g} {first}'.strip()}.",
        )


def _scale(_protocol: Protocol, _question: Question, value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _TOP:
        raise AnswerRefusedError("This is a scale.", "Write a whole number, 0 to 10.")
    return value


def _grade(_protocol: Protocol, question: Question, value: Value) -> Value:
    grades = GRADE_SCALES[question.scale]
    text = (
        str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    )
    if text not in grades:
        raise AnswerRefusedError(
            "This is not a grade.", f"Use one of {', '.join(grades)}."
        )
    return text


def _pair(protocol: Protocol, question: Question, value: Value) -> Value:
    if not isinstance(value, Mapping) or set(value) != set(_HALVES):
        raise AnswerRefusedError(
            "This question takes a pair.", 'Write {"systolic": …, "diastolic": …}.'
        )
    pair = {half: _number(protocol, question, value[half]) for half in _HALVES}
    if pair["systolic"]["value"] < pair["diastolic"]["value"]:
        raise AnswerRefusedError("The systolic value is below the diastolic one.")
    return pair


def _date(_protocol: Protocol, _question: Question, value: Value) -> Value:
    if not is_partial_date(value):
        raise AnswerRefusedError(
            "This is not a date.", 'Write "2026-11-22", "2026-11" or "2026".'
        )
    return value


def is_partial_date(value: object) -> bool:
    """Return whether a value is an ISO 8601 date, possibly without day or month."""
    if not isinstance(value, str) or not _PARTIAL_DATE.fullmatch(value):
        return False
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _text(_protocol: Protocol, _question: Question, value: Value) -> Value:
    if not isinstance(value, str):
        raise AnswerRefusedError("This question takes a text in quotes.")
    return _storable(value)


def _storable(text: str) -> str:
    """Refuse what no database or document can hold: NUL and lone surrogates."""
    if not is_storable(text):
        raise AnswerRefusedError("The text holds a character that cannot be stored.")
    return text


def is_storable(text: str) -> bool:
    """Return whether a text has no NUL and no lone surrogate."""
    return _NEVER_STORED.search(text) is None


def storable(text: str) -> str:
    """Return a text with a sign in the place of each character that is not stored."""
    return _NEVER_STORED.sub("\N{REPLACEMENT CHARACTER}", text)


def _rows(_protocol: Protocol, _question: Question, value: Value) -> Value:
    if not isinstance(value, list) or not all(isinstance(row, str) for row in value):
        raise AnswerRefusedError("This question takes a list of texts, one a row.")
    return [_storable(row) for row in value]


def _psfs(_protocol: Protocol, _question: Question, value: Value) -> Value:
    shape = 'Write up to five of {"activity": "…", "score": 0 to 10}.'
    if not isinstance(value, list) or len(value) > _MOST_ACTIVITIES:
        raise AnswerRefusedError("This question takes a list of activities.", shape)
    for item in value:
        match item:
            case {"activity": str(), "score": int(score), **rest} if (
                not rest and not isinstance(score, bool) and 0 <= score <= _TOP
            ):
                _storable(item["activity"])
            case _:
                raise AnswerRefusedError("An activity is not complete.", shape)
    return [dict(item) for item in value]


def _map(protocol: Protocol, _question: Question, value: Value) -> Value:
    if not isinstance(value, list):
        raise AnswerRefusedError("The body chart takes a list of marks.")
    return [_mark(protocol, mark) for mark in value]


def _mark(protocol: Protocol, mark: Value) -> Value:
    if not isinstance(mark, Mapping) or mark.keys() - _MARK_KEYS:
        raise AnswerRefusedError(
            "A mark has region, view, x, y, quality and levels, nothing else."
        )
    regions = {region.id for region in REGIONS}
    if not _is_one_of(mark.get("region"), regions):
        hint = did_you_mean(str(mark.get("region")), regions)
        raise AnswerRefusedError(f'"{mark.get("region")}" is not a region.', hint)
    if mark.get("view") not in ("front", "back"):
        raise AnswerRefusedError("The view of a mark is front or back.")
    for key in ("x", "y"):
        if not 0 <= _real(mark.get(key)) <= 1:
            raise AnswerRefusedError(f"{key} of a mark lies between 0 and 1.")
    qualities = {*(protocol.questions["pain.quality"].options or {}), *_SENSATIONS}
    if "quality" in mark and not _is_one_of(mark["quality"], qualities):
        hint = did_you_mean(str(mark["quality"]), qualities)
        raise AnswerRefusedError(f'"{mark["quality"]}" is not a quality.', hint)
    levels = protocol.questions["pain.levels"].options or {}
    given = mark.get("levels", [])
    if not isinstance(given, list) or not all(_is_one_of(v, levels) for v in given):
        raise AnswerRefusedError("A level of a mark is not known.")
    return dict(mark)


def _is_one_of(value: Value, known: Collection[str]) -> bool:
    """Return whether a value from outside, of whatever type, is a known word."""
    return isinstance(value, str) and value in known


_CHECKS: Mapping[Kind, Callable[[Protocol, Question, Value], Value]] = {
    "flag": _flag,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "scale": _scale,
    "grade": _grade,
    "pair": _pair,
    "date": _date,
    "text": _text,
    "rows": _rows,
    "psfs": _psfs,
    "map": _map,
}
