"""A `when` expression in words that a clinician can read, as nested lists.

Questions and options are said by their labels; a finding is named, to be looked up
where it is defined. Nothing is left out: what the words say, the expression says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from intake.amount_words import amount_in_words, constant_in_words
from intake.amounts import NumberOf
from intake.answer_tests import (
    ChoiceIn,
    ChoicesHold,
    Compare,
    FlagIs,
    OutsideLimit,
    Possible,
    SexIs,
)
from intake.conditions import AtLeast, BuiltIn, Condition, FindingIs, Not
from intake.expression import Expression
from intake.protocol import Protocol, Question

_BUILT_INS = {
    "core_done": "Every core question and every open detail is answered",
    "nothing_above_monitor": "No rule above monitor has fired",
}
_ANY = "Any of:"
_COMPARED = {
    ">=": "is {} or more",
    ">": "is more than {}",
    "<": "is less than {}",
    "<=": "is {} or less",
    "==": "is {}",
    "!=": "is not {}",
}
#: As many questions tested for the same options are said as one list.
_MANY = 3
_SIDES = 2


@dataclass(frozen=True, slots=True)
class Words:
    """One line, the lines under it, and the finding it names, if it does."""

    text: str
    under: "tuple[Words, ...]" = ()
    finding: str = ""

    def lines(self) -> list[str]:
        """Return the text of this line and of all under it."""
        return [self.text, *(line for part in self.under for line in part.lines())]


def in_words(expression: Expression, protocol: Protocol) -> Words:
    """Return an expression of a protocol in words."""
    return _Teller(protocol).words(expression.condition)


class _Teller:
    """Says the parts of an expression with one protocol's labels."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol

    def words(self, part: Condition) -> Words:
        """Return one part in words."""
        match part:
            case AtLeast():
                return self._list(part)
            case Not(part=inner):
                return self._opposite(inner)
            case FindingIs(finding=name):
                label = self._protocol.findings[name].label or name.replace("_", " ")
                return Words(_capital(label), finding=name)
            case BuiltIn(name=name):
                return Words(_BUILT_INS[name])
        return Words(self._leaf(part))

    def _list(self, part: AtLeast) -> Words:
        if len(part.of) == 1:
            return self.words(part.of[0])
        sides = self._on_sides(part) or self._same_side(part) or self._many(part)
        if sides is not None:
            return sides
        tests = _merged(part.of) if part.number == 1 else part.of
        if len(tests) == 1:
            return self.words(tests[0])
        return Words(f"{_quantity(part)}:", tuple(map(self.words, tests)))

    def _on_sides(self, part: AtLeast) -> Words | None:
        """Return a test of both sides as one line; None if it is no such test."""
        if len(part.of) != _SIDES or not _are_two_sides(*part.of):
            return None
        which = "either side" if part.number == 1 else "both sides"
        return Words(f"{self._leaf(_without_side(part.of[0]))} ({which})")

    def _same_side(self, part: AtLeast) -> Words | None:
        """Return tests that have to hold on one and the same side."""
        match part:
            case AtLeast(number=1, of=(AtLeast(of=one), AtLeast(of=other))) if len(
                one
            ) == len(other) and all(map(_are_two_sides, one, other)):
                under = (Words(self._leaf(_without_side(test))) for test in one)
                return Words("All of these on one and the same side:", tuple(under))
        return None

    def _many(self, part: AtLeast) -> Words | None:
        """Return many choices tested for the same options in one line."""
        tests = [_one_test(inner) for inner in part.of]
        if part.number != 1 or len(tests) < _MANY:
            return None
        choices = [test for test in tests if isinstance(test, ChoiceIn)]
        if len(choices) < len(tests) or len({t.options for t in choices}) > 1:
            return None
        if any(test.negated for test in choices):
            return None
        options = self._options(choices[0].question, self._in_order(choices[0]))
        under = tuple(Words(self._label(test.question)) for test in choices)
        sided = any(isinstance(inner, AtLeast) for inner in part.of)
        where = ", on either side" if sided else ""
        return Words(f"{options} in any of these{where}:", under)

    def _opposite(self, part: Condition) -> Words:
        match part:
            case Not(part=twice):
                return self.words(twice)
            case FlagIs(question=question, side=side):
                return Words(f"{self._named(question, side)}: no")
            case AtLeast(number=1) if self.words(part).text == _ANY:
                return Words("None of:", self.words(part).under)
        inner = self.words(part)
        return Words(f"Not: {inner.text}", inner.under, inner.finding)

    # one test

    def _leaf(self, part: Condition) -> str:  # noqa: PLR0911  (one for each test)
        match part:
            case FlagIs(question=question, side=side):
                return f"{self._named(question, side)}: yes"
            case Possible(question=question, side=side):
                return f"{self._named(question, side)}: yes or not sure"
            case ChoiceIn(question=question, side=side, negated=negated):
                options = self._options(question, self._in_order(part))
                name = self._named(question, side)
                return f"{name}: {'anything but ' if negated else ''}{options}"
            case ChoicesHold() | _HoldsAny():
                return self._held(part)
            case SexIs(options=options, negated=negated):
                sexes = " or ".join(sorted(options))
                return f"Sex at birth: {'not ' if negated else ''}{sexes}"
            case Compare():
                return self._comparison(part)
            case OutsideLimit(question=question, which=which):
                return f"{self._label(question)} {which} the laboratory's limit"
        msg = f"There are no words for {type(part).__name__}."
        raise TypeError(msg)

    def _held(self, part: "ChoicesHold | _HoldsAny") -> str:
        name = self._named(part.question, part.side)
        if isinstance(part, _HoldsAny):
            return f"{name}: includes {self._options(part.question, part.options)}"
        option = self._options(part.question, [part.option])
        if part.is_none:
            return f"{name}: {'anything but ' if part.negated else ''}{option}"
        return f"{name}: {'asked, without ' if part.negated else 'includes '}{option}"

    def _comparison(self, part: Compare) -> str:
        questions = self._protocol.questions
        amount = amount_in_words(part.left, questions)
        wanted = constant_in_words(part.right, part.left, questions)
        return f"{_capital(amount)} {_COMPARED[part.operator].format(wanted)}"

    # names

    def _label(self, question: str) -> str:
        return self._protocol.questions[question].label

    def _named(self, question: str, side: Literal["left", "right"] | None) -> str:
        label = self._label(question)
        return f"{label}, {side.upper()}" if side else label

    def _in_order(self, part: ChoiceIn) -> list[str]:
        """Return the options in the order in which the form shows them."""
        asked: Question = self._protocol.questions[part.question]
        return [option for option in asked.options or {} if option in part.options]

    def _options(self, question: str, options: Sequence[str]) -> str:
        labels: Mapping[str, str] = self._protocol.questions[question].options or {}
        return " or ".join(f"\u201c{labels[option]}\u201d" for option in options)


@dataclass(frozen=True, slots=True)
class _HoldsAny(ChoicesHold):
    """A list of choices holds one of several options: one line instead of many."""

    options: tuple[str, ...] = ()


def _merged(tests: Sequence[Condition]) -> Sequence[Condition]:
    """Return alternatives with those about one question's options put together."""
    merged: list[Condition] = []
    for test in tests:
        before = merged[-1] if merged else None
        if (
            isinstance(test, ChoiceIn)
            and isinstance(before, ChoiceIn)
            and replace(test, options=before.options) == before
            and not test.negated
        ):
            merged[-1] = replace(test, options=before.options | test.options)
            continue
        if (
            isinstance(test, ChoicesHold)
            and isinstance(before, ChoicesHold)
            and (test.question, test.side) == (before.question, before.side)
            and not any(t.negated or t.is_none for t in (test, before))
        ):
            first = before.options if isinstance(before, _HoldsAny) else ()
            options = (*(first or (before.option,)), test.option)
            merged[-1] = _HoldsAny(
                test.question, test.option, test.side, options=options
            )
        else:
            merged.append(test)
    return merged


def _quantity(part: AtLeast) -> str:
    if part.number == 1:
        return "Any of"
    return "All of" if part.number == len(part.of) else f"At least {part.number} of"


def _one_test(part: Condition) -> Condition | None:
    """Return the test itself of a part that tests one question, on whatever side."""
    if isinstance(part, AtLeast):
        if len(part.of) == _SIDES and part.number == 1 and _are_two_sides(*part.of):
            return _without_side(part.of[0])
        return None
    return part


def _are_two_sides(left: Condition, right: Condition) -> bool:
    """Return whether two tests are one test, of the left and of the right."""
    return left != right and _without_side(left) == _without_side(right) != left


def _without_side(part: Condition) -> Condition:
    match part:
        case FlagIs() | Possible() | ChoiceIn() | ChoicesHold():
            return replace(part, side=None)
        case Compare(left=NumberOf() as number):
            return replace(part, left=replace(number, side=None))
    return part


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
