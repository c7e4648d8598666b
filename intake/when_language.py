"""The `when` language: syntax in, checked conditions out.

An expression is written in a small subset of Python's own syntax, parsed with `ast`
and translated, part by part, into `conditions`; nothing is ever executed. Names and
options are checked while parsing, and a misspelling gets a suggestion. Numbers are
read by `when_amounts`.
docs/protocol-format.md lists the language.
"""

import ast
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Literal, cast

from intake.answer_tests import (
    ChoiceIn,
    ChoicesHold,
    Compare,
    FlagIs,
    Operator,
    OutsideLimit,
    Possible,
    SexIs,
)
from intake.answered import SIDES, Side
from intake.conditions import AtLeast, BuiltIn, Condition, FindingIs, Not
from intake.protocol_terms import UNKNOWN_OPTIONS
from intake.spelling import did_you_mean
from intake.when_amounts import AmountReader
from intake.when_names import ExpressionError, QuestionNames, text_of

if TYPE_CHECKING:
    from intake.protocol import Question

BUILT_INS = ("core_done", "nothing_above_monitor")
SEXES = ("female", "male", "unknown")
_OPERATORS: Mapping[type[ast.cmpop], Operator] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
#: A sided test still waiting to be told the side; `None` for questions without sides.
_Test = Callable[[Side | None], Condition]


def read(
    text: str, questions: "Mapping[str, Question]", findings: Collection[str]
) -> Condition:
    """Return the condition written in `text`.

    Raises:
        ExpressionError: for anything that is not in the language, an unknown name or
            option, unlike units, or a bare choice.
    """
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        msg = f"cannot be read: {getattr(error, 'msg', 'it is too deep')}."
        raise ExpressionError(msg) from None
    return _Reader(questions, findings).condition(tree)


class _Reader:
    """Translates syntax into conditions against one protocol's names."""

    def __init__(
        self, questions: "Mapping[str, Question]", findings: Collection[str]
    ) -> None:
        self._names = QuestionNames(questions)
        self._amounts = AmountReader(self._names)
        self._findings = findings

    # conditions

    def condition(self, node: ast.expr) -> Condition:  # noqa: PLR0911  (one for each form)
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                parts = tuple(self.condition(v) for v in values)
                return AtLeast(len(parts), parts)
            case ast.BoolOp(values=values):
                return AtLeast(1, tuple(self.condition(v) for v in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.condition(operand))
            case ast.Call(
                func=ast.Name(id="at_least"), args=[number, *rest], keywords=[]
            ):
                return self._at_least(number, rest)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(name, args)
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute() | ast.Compare():
                question, test = self._test(node)
                return _on_either_side(question, test)
        msg = f"{ast.unparse(node)} is not part of the language."
        raise ExpressionError(msg)

    def _at_least(self, number: ast.expr, rest: list[ast.expr]) -> Condition:
        parts = tuple(self.condition(part) for part in rest)
        match number:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int(count)) if 0 < count <= len(parts):
                return AtLeast(count, parts)
        msg = "at_least needs a number first, from 1 to the number of its parts."
        raise ExpressionError(msg)

    def _name(self, name: str) -> Condition:
        if name in BUILT_INS:
            return BuiltIn(name)
        if name in self._findings:
            return FindingIs(name)
        if name in ("age", "sex_at_birth"):
            msg = f"{name} needs a comparison."
            raise ExpressionError(msg)
        known = [*self._findings, *BUILT_INS, "age", "sex_at_birth"]
        msg = f"{name} is not a finding. {did_you_mean(name, known)}".strip()
        raise ExpressionError(msg)

    def _call(self, name: str, args: list[ast.expr]) -> Condition:
        match name, args:
            case "possible", [inner]:
                question = self._names.question(inner)
                if question.kind != "flag":
                    msg = f"possible() takes a yes/no question, not {question.id}."
                    raise ExpressionError(msg)
                return _on_either_side(question, lambda s: Possible(question.id, s))
            case (("left" | "right" | "either" | "both"), [inner]):
                return self._on_side(name, inner)
            case "same_side", [first, second]:
                one, other = self._sided(first), self._sided(second)
                sides = (AtLeast(2, (one(s), other(s))) for s in SIDES)
                return AtLeast(1, tuple(sides))
            case "some", [pattern, *options]:
                return self._some(pattern, options)
            case (("above_limit" | "below_limit"), [inner]):
                question = self._names.question(inner)
                if question.kind != "number" or not question.id.startswith("result."):
                    msg = f"{name}() takes a laboratory value, not {question.id}."
                    raise ExpressionError(msg)
                which: Literal["above", "below"] = (
                    "above" if name == "above_limit" else "below"
                )
                return OutsideLimit(question.id, which)
        known = (
            "at_least",
            "possible",
            "left",
            "right",
            "either",
            "both",
            "same_side",
            "some",
            "above_limit",
            "below_limit",
            "worst",
            "difference",
            "highest",
            "lowest",
            "count",
            "since",
        )
        hint = did_you_mean(name, known)
        msg = f"{name}() with {len(args)} parts is not in the language. {hint}".strip()
        raise ExpressionError(msg)

    def _on_side(self, name: str, inner: ast.expr) -> Condition:
        test = self._sided(inner)
        if name in ("left", "right"):
            return test(cast("Side", name))
        both = (test("left"), test("right"))
        return AtLeast(2 if name == "both" else 1, both)

    def _sided(self, node: ast.expr) -> _Test:
        question, test = self._test(node)
        if not question.sided:
            msg = f"{question.id} has no sides."
            raise ExpressionError(msg)
        return test

    def _some(self, pattern: ast.expr, options: list[ast.expr]) -> Condition:
        questions = self._names.matching(pattern, "choice")
        wanted = [text_of(option) for option in options]
        if not wanted:
            msg = "some() needs an option after the pattern."
            raise ExpressionError(msg)
        parts = tuple(
            _on_either_side(q, _choice_test(q, wanted, negated=False))
            for q in questions
        )
        return AtLeast(1, parts)

    # one question, compared

    def _test(self, node: ast.expr) -> "tuple[Question, _Test]":
        """Return the question a comparison is about, and the test for a side."""
        match node:
            case ast.Attribute():
                question = self._names.question(node)
                if question.kind != "flag":
                    msg = f"{question.id} is a {question.kind}: compare it."
                    raise ExpressionError(msg)
                return question, lambda side: FlagIs(question.id, side)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as op]):
                return self._membership(left, op, node.comparators[0])
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(left, op, right)
        msg = f"{ast.unparse(node)} is not a test of a question."
        raise ExpressionError(msg)

    def _membership(
        self, left: ast.expr, op: ast.cmpop, right: ast.expr
    ) -> "tuple[Question, _Test]":
        negated = isinstance(op, ast.NotIn)
        if isinstance(right, ast.Tuple):
            question = self._names.question(left)
            wanted = [text_of(item) for item in right.elts]
            return question, _choice_test(question, wanted, negated=negated)
        question, option = self._names.question(right), text_of(left)
        if question.kind != "choices":
            msg = f"{question.id} is not a list of choices: write == for a choice."
            raise ExpressionError(msg)
        _check_options(question, [option])
        is_none = option == question.none_option
        return question, lambda side: ChoicesHold(
            question.id, option, side, negated, is_none
        )

    def _comparison(
        self, left: ast.expr, op: ast.cmpop, right: ast.expr
    ) -> "tuple[Question, _Test]":
        if isinstance(left, ast.Name) and left.id == "sex_at_birth":
            return _no_question(self._sex(op, right))
        if isinstance(left, ast.Attribute) and isinstance(op, ast.Eq | ast.NotEq):
            question = self._names.maybe_question(left)
            if question is not None and question.kind in ("choice", "choices", "flag"):
                wanted = [text_of(right)]
                negated = isinstance(op, ast.NotEq)
                return question, _choice_test(question, wanted, negated=negated)
        operator = _OPERATORS.get(type(op))
        if operator is None:
            msg = f"{ast.unparse(left)} cannot be compared like that."
            raise ExpressionError(msg)
        question, amount, dimension = self._amounts.amount(left)
        other = self._amounts.constant(right, question, dimension)
        if question is None:
            return _no_question(Compare(amount(None), operator, other))
        needs = "" if question.derive else question.id
        return question, lambda side: Compare(amount(side), operator, other, needs)

    def _sex(self, op: ast.cmpop, right: ast.expr) -> Condition:
        sex = text_of(right)
        if sex not in SEXES or not isinstance(op, ast.Eq | ast.NotEq):
            msg = (
                f"sex_at_birth is compared with == or != and one of {', '.join(SEXES)}."
            )
            raise ExpressionError(msg)
        return SexIs(frozenset((sex,)), negated=isinstance(op, ast.NotEq))


def _no_question(condition: Condition) -> "tuple[Question, _Test]":
    """Return a test that is about no question: it has no sides."""
    return cast("Question", None), lambda _side: condition


def _on_either_side(question: "Question | None", test: _Test) -> Condition:
    if question is None or not question.sided:
        return test(None)
    return AtLeast(1, (test("left"), test("right")))


def _choice_test(question: "Question", wanted: list[str], *, negated: bool) -> _Test:
    if question.kind == "flag":
        msg = f"{question.id} is a yes/no question: write its bare name."
        raise ExpressionError(msg)
    if question.kind != "choice":
        msg = f'{question.id} is a list: write "option" in {question.id}.'
        raise ExpressionError(msg)
    _check_options(question, wanted)
    options = frozenset(wanted)
    return lambda side: ChoiceIn(question.id, options, side, negated)


def _check_options(question: "Question", wanted: list[str]) -> None:
    for option in wanted:
        if option not in (question.options or {}):
            hint = did_you_mean(option, question.options or {})
            msg = f'"{option}" is not an option of {question.id}. {hint}'.strip()
            raise ExpressionError(msg)
        if option in UNKNOWN_OPTIONS:
            msg = f'"{option}" of {question.id} is unknown to rules: do not ask for it.'
            raise ExpressionError(msg)
