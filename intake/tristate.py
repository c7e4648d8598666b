"""Yes, no and unknown: Kleene's three-valued logic.

`True` is yes, `False` is no, `None` is unknown. An unanswered question is unknown,
never no. Every function here is monotone: filling in an unknown never turns a
definite result into another one.
"""

from collections.abc import Iterable

Truth = bool | None


def negate(value: Truth) -> Truth:
    """Return the opposite; the opposite of unknown is unknown."""
    return None if value is None else not value


def all_of(values: Iterable[Truth]) -> Truth:
    """Return no if any is no, else unknown if any is unknown, else yes."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Return yes if any is yes, else unknown if any is unknown, else no."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def at_least(number: int, values: Iterable[Truth]) -> Truth:
    """Return whether at least `number` of the values are yes."""
    certain = possible = 0
    for value in values:
        if value is True:
            certain += 1
        if value is not False:
            possible += 1
    if certain >= number:
        return True
    return None if possible >= number else False
