"""The amounts of an expression in words: what is compared, and with what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from intake.amounts import Age, Amount, Combined, Constant, Count, NumberOf, Since
from intake.protocol import Question
from intake.protocol_terms import GRADE_SCALES
from intake.units import UNITS, Quantity

Questions = Mapping[str, Question]
#: Read in either unit: both are said.
_BOTH_UNITS = ("temperature", "length", "mass")
_PLURALS = {"h": "hours", "d": "days", "min": "minutes", "/min": "a minute"}
_TIMES = ("a", "mo", "wk", "d", "h", "min")
_DIGITS = 6
_ROUND = 2


def amount_in_words(amount: Amount, questions: Questions) -> str:
    """Return what an amount is."""
    match amount:
        case Age():
            return "age"
        case NumberOf(question=question, half=half, side=side):
            parts = (questions[question].label, half, side.upper() if side else "")
            return ", ".join(filter(None, parts))
        case Count(question=question):
            return f"number of answers to \u201c{questions[question].label}\u201d"
        case Since(question=question):
            return f"time since \u201c{questions[question].label}\u201d"
        case Combined(how=how, of=of):
            said = dict.fromkeys(amount_in_words(_of_both(a), questions) for a in of)
            if how == "difference":
                return f"difference between {' and '.join(said)}"
            return f"the {how} of: {'; '.join(said)},"
    msg = f"There are no words for {type(amount).__name__}."
    raise TypeError(msg)


def constant_in_words(constant: Amount, compared: Amount, questions: Questions) -> str:
    """Return a number of an expression in the unit in which people think."""
    if not isinstance(constant, Constant):
        return amount_in_words(constant, questions)
    number = constant.number
    match next(_leaves(compared)):
        case Age():
            return f"{number:g} years"
        case Since():
            return _in_unit(number, _TIMES, None)
        case NumberOf(question=question):
            return _answer(number, questions[question])
    return f"{number:g}"


def _answer(number: float, question: Question) -> str:
    """Return a number as an answer to a question."""
    if question.kind == "grade":
        return f"grade {GRADE_SCALES[question.scale][int(number)]}"
    if not question.units:
        return f"{number:g}"
    said = _in_unit(number, question.units, question.molar_mass)
    others = [u for u in question.units[1:] if UNITS[u].dimension in _BOTH_UNITS]
    for unit in others[:1]:
        said += f" ({round(_quantity(number, unit).value, 1):g} {UNITS[unit].name})"
    return said


def _leaves(amount: Amount) -> Iterator[Amount]:
    if isinstance(amount, Combined):
        for part in amount.of:
            yield from _leaves(part)
    else:
        yield amount


def _of_both(amount: Amount) -> Amount:
    """Return an amount of one side without its side: a list names both together."""
    return replace(amount, side=None) if isinstance(amount, NumberOf) else amount


def _quantity(base: float, unit: str, molar_mass: float | None = None) -> Quantity:
    """Return a number in base units as a quantity in a unit."""
    dimension = UNITS[unit].dimension
    if molar_mass is not None and dimension == "amount concentration":
        base /= molar_mass
    target = UNITS[unit]
    return Quantity(round((base - target.offset) / target.factor, _DIGITS), unit)


def _in_unit(base: float, units: Sequence[str], molar_mass: float | None) -> str:
    """Return a number in the first unit in which it is round, or in the first.

    Time is said in the longest unit in which it is whole.
    """
    is_time = UNITS[units[0]].dimension == "time"
    made = [_quantity(base, u, molar_mass) for u in (_TIMES if is_time else units)]
    digits = 0 if is_time else _ROUND
    round_ones = [q for q in made if 0 < abs(q.value) == round(abs(q.value), digits)]
    quantity = (round_ones or made)[0]
    name = _PLURALS.get(quantity.unit, UNITS[quantity.unit].name)
    if is_time and quantity.value == 1:
        name = name.removesuffix("s")
    return f"{quantity.value:g} {name}".strip()
