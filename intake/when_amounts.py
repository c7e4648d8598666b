"""Numbers in a `when` expression: syntax in, checked amounts out."""

import ast
from typing import TYPE_CHECKING, Literal

from intake.amounts import Age, Amount, Combined, Constant, Count, NumberOf, Since
from intake.answered import SIDES, Side
from intake.protocol_terms import GRADE_SCALES
from intake.units import UNITS, parse_quantity
from intake.when_names import ExpressionError, QuestionNames

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.protocol import Question


class AmountReader:
    """Translates syntax into amounts against one protocol's questions."""

    def __init__(self, names: QuestionNames) -> None:
        """Look questions up among these names."""
        self._names = names

    def amount(
        self, node: ast.expr
    ) -> "tuple[Question | None, Callable[[Side | None], Amount], str]":
        """Return the question if it is one, the amount for a side, its dimension."""
        match node:
            case ast.Name(id="age"):
                return None, lambda _: Age(), "count"
            case ast.Attribute():
                return self._number(node)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                amount, dimension = self._made_amount(name, args)
                return None, lambda _: amount, dimension
        msg = f"{ast.unparse(node)} is not a number."
        raise ExpressionError(msg)

    def _number(
        self, node: ast.Attribute
    ) -> "tuple[Question, Callable[[Side | None], Amount], str]":
        half = ""
        question = self._names.maybe_question(node)
        if question is None and node.attr in ("systolic", "diastolic"):
            half = node.attr
            question = self._names.question(node.value)
        if question is None:
            question = self._names.question(node)
        dimension = _dimension(question)
        if not dimension or (question.kind == "pair") is not bool(half):
            msg = f"{question.id} is a {question.kind}, not a number."
            raise ExpressionError(msg)
        return question, lambda side: NumberOf(question.id, half, side), dimension

    def _made_amount(self, name: str, args: list[ast.expr]) -> tuple[Amount, str]:
        match name, args:
            case "worst", [pattern]:
                graded = self._names.matching(pattern, "grade")
                scales = {_dimension(q) for q in graded}
                if len(scales) > 1 or "" in scales:
                    msg = "worst() needs grades of one scale."
                    raise ExpressionError(msg)
                amounts: tuple[Amount, ...] = tuple(
                    NumberOf(q.id, "", side)
                    for q in graded
                    for side in (SIDES if q.sided else (None,))
                )
                return Combined("lowest", amounts), _dimension(graded[0])
            case "count", [inner]:
                question = self._names.without_sides(inner)
                if question.kind not in ("choices", "rows"):
                    msg = f"count() takes a list, not {question.id}."
                    raise ExpressionError(msg)
                return Count(question.id, question.none_option), "count"
            case "since", [inner]:
                question = self._names.without_sides(inner)
                if question.kind != "date":
                    msg = f"since() takes a date, not {question.id}."
                    raise ExpressionError(msg)
                return Since(question.id), "time"
            case (("difference" | "highest" | "lowest"), [_, _, *_]):
                return self._combined(name, args)
        msg = f"{name}() with {len(args)} parts is not a number."
        raise ExpressionError(msg)

    def _combined(
        self, how: Literal["difference", "highest", "lowest"], args: list[ast.expr]
    ) -> tuple[Amount, str]:
        made = [self.amount(arg) for arg in args]
        if len({dimension for _, _, dimension in made}) > 1:
            msg = f"{how}() needs numbers of one kind."
            raise ExpressionError(msg)
        if any(question is not None and question.sided for question, _, _ in made):
            msg = f"{how}() takes no question with sides."
            raise ExpressionError(msg)
        if how == "difference" and len(made) != len(SIDES):
            msg = "difference() takes two numbers."
            raise ExpressionError(msg)
        return Combined(how, tuple(amount(None) for _, amount, _ in made)), made[0][2]

    def constant(
        self, node: ast.expr, question: "Question | None", dimension: str
    ) -> Constant:
        """Return the number that an amount is compared with, in base units."""
        match node:
            case ast.Constant(value=int() | float() as number) if dimension == "count":
                return Constant(float(number))
            case ast.Constant(value=str(text)) if dimension in GRADE_SCALES:
                if text in GRADE_SCALES[dimension]:
                    return Constant(float(GRADE_SCALES[dimension].index(text)))
            case ast.Constant(value=str(text)):
                quantity = parse_quantity(text)
                molar = question.molar_mass if question else None
                if quantity and _same_dimension(quantity.dimension, dimension, molar):
                    return Constant(quantity.in_base(molar))
        expected = (
            "a bare number"
            if dimension == "count"
            else f"one of {', '.join(GRADE_SCALES[dimension])}, in quotes"
            if dimension in GRADE_SCALES
            else f'a {dimension} with its unit, like "5 {_unit_of(dimension)}"'
        )
        msg = f"{ast.unparse(node)} is not {expected}."
        raise ExpressionError(msg)


def _dimension(question: "Question") -> str:
    if question.kind == "scale":
        return "count"
    if question.kind == "grade":
        return question.scale if question.scale in GRADE_SCALES else ""
    return UNITS[question.units[0]].dimension if question.units else ""


def _same_dimension(written: str, wanted: str, molar_mass: float | None) -> bool:
    concentrations = {"mass concentration", "amount concentration"}
    if molar_mass is not None and {written, wanted} <= concentrations:
        return True
    return written == wanted


def _unit_of(dimension: str) -> str:
    return next(unit.code for unit in UNITS.values() if unit.dimension == dimension)
