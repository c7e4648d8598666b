"""Every single change of an expression: a comparison, a limit, a connective, a side.

The text is taken apart with `ast`, as the language itself does it, changed in one
place, and written again. What is not in the language is left out by whoever parses it.
"""

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from intake.protocol import Question
from intake.protocol_terms import GRADE_SCALES, UNKNOWN_OPTIONS

_COMPARED_ELSE: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_CALLED_ELSE: Mapping[str, tuple[str, ...]] = {
    "left": ("right",),
    "right": ("left",),
    "either": ("both",),
    "both": ("either",),
    "highest": ("lowest",),
    "lowest": ("highest",),
    "above_limit": ("below_limit",),
    "below_limit": ("above_limit",),
}
_HALF_ELSE: Mapping[str, str] = {"systolic": "diastolic", "diastolic": "systolic"}
_SEXES = ("female", "male")
#: Units in which one tenth matters; in all others the next whole number is next.
IN_TENTHS = frozenset({"Cel", "[degF]", "g/dL", "mg/dL", "mmol/L"})


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what it is, and the whole expression after it."""

    what: str
    text: str


def changes_of(text: str, questions: Mapping[str, Question]) -> Iterator[Change]:
    """Yield every single change of an expression, each once."""
    tree = ast.parse(" ".join(text.split()), mode="eval")
    before = ast.unparse(tree)
    seen = {before}
    for path, node in _nodes(tree.body, ()):
        for what, new in _changes(node, questions):
            changed = copy.deepcopy(tree)
            changed.body = _replaced(changed.body, path, new)
            after = ast.unparse(changed)
            if after not in seen:
                seen.add(after)
                yield Change(what, after)


_Path = tuple[tuple[str, int | None], ...]


def _nodes(node: ast.expr, path: _Path) -> Iterator[tuple[_Path, ast.expr]]:
    yield path, node
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            yield from _nodes(value, (*path, (field, None)))
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, ast.expr):
                    yield from _nodes(one, (*path, (field, number)))


def _replaced(root: ast.expr, path: _Path, new: ast.expr) -> ast.expr:
    if not path:
        return new
    (field, number), *rest = path
    inner = getattr(root, field)
    if number is None:
        setattr(root, field, _replaced(inner, tuple(rest), new))
    else:
        inner[number] = _replaced(inner[number], tuple(rest), new)
    return root


def _changes(
    node: ast.expr, questions: Mapping[str, Question]
) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.BoolOp():
            yield from _connectives(node)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"drop the not of {ast.unparse(operand)}", operand
        case ast.Compare(ops=[_], comparators=[_]):
            yield from _comparisons(node, questions)
        case ast.Call(func=ast.Name(id=name)):
            yield from _calls(node, name)
        case ast.Attribute(attr=half) if half in _HALF_ELSE:
            other = ast.Attribute(node.value, _HALF_ELSE[half], ast.Load())
            yield f"{ast.unparse(node)} to {_HALF_ELSE[half]}", other


def _connectives(node: ast.BoolOp) -> Iterator[tuple[str, ast.expr]]:
    is_and = isinstance(node.op, ast.And)
    other: ast.boolop = ast.Or() if is_and else ast.And()
    yield f"{'and' if is_and else 'or'} turned", ast.BoolOp(other, node.values)
    for number, part in enumerate(node.values):
        rest = [*node.values[:number], *node.values[number + 1 :]]
        left = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        yield f"drop {ast.unparse(part)}", left


def _comparisons(
    node: ast.Compare, questions: Mapping[str, Question]
) -> Iterator[tuple[str, ast.expr]]:
    (operator,), (right,) = node.ops, node.comparators
    for other in _COMPARED_ELSE[type(operator)]:
        new = ast.Compare(node.left, [other()], [right])
        yield f"{ast.unparse(node)} to {ast.unparse(new)}", new
    for value in _other_limits(node, questions):
        new = ast.Compare(node.left, [operator], [ast.Constant(value)])
        yield f"{ast.unparse(node)} to {ast.unparse(new)}", new
    if isinstance(node.left, ast.Constant):
        question = questions.get(ast.unparse(right))
        if question is not None and question.options:
            option = _next_option(question, str(node.left.value))
            new = ast.Compare(ast.Constant(option), [operator], [right])
            yield f"{ast.unparse(node)} to {ast.unparse(new)}", new
    if isinstance(right, ast.Tuple):
        question = questions[ast.unparse(node.left)]
        for what, options in _other_options(right.elts, question):
            new_tuple = ast.Tuple(options, ast.Load())
            yield what, ast.Compare(node.left, [operator], [new_tuple])


def _other_options(
    options: list[ast.expr], question: Question
) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield a list of options without one of them, and with another in its place."""
    named = {ast.literal_eval(option) for option in options}
    others = [o for o in question.options or () if o not in {*named, *UNKNOWN_OPTIONS}]
    for number, option in enumerate(options):
        before, after = options[:number], options[number + 1 :]
        text = ast.unparse(option)
        if len(options) > 1:
            yield f"drop {text}", [*before, *after]
        for other in others[:1]:
            new = ast.Constant(other)
            yield f"{text} to {ast.unparse(new)}", [*before, new, *after]


def _other_limits(
    node: ast.Compare, questions: Mapping[str, Question]
) -> Iterator[str | int | float]:
    """Yield the next limit up and down, or the next option."""
    match node.comparators[0]:
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int() | float() as number):
            yield from (number + 1, number - 1)
        case ast.Constant(value=str(text)):
            question = questions.get(ast.unparse(node.left))
            options = question.options if question is not None else None
            if question is not None and options and text in options:
                yield _next_option(question, text)
                return
            if text in _SEXES:
                yield _SEXES[1 - _SEXES.index(text)]
                return
            scale = _scale(text, question)
            if scale:
                at = scale.index(text)
                yield from (scale[i] for i in (at - 1, at + 1) if 0 <= i < len(scale))
                return
            amount, _, unit = text.partition(" ")
            whole = float(amount).is_integer() and unit not in IN_TENTHS
            step = 1.0 if whole else 0.1
            for value in (float(amount) + step, float(amount) - step):
                yield f"{value:g} {unit}"


def _scale(text: str, question: Question | None) -> tuple[str, ...]:
    if question is not None and question.scale:
        return tuple(GRADE_SCALES[question.scale])
    # worst() reads several questions; a bare grade is one of strength.
    return tuple(GRADE_SCALES["strength"]) if " " not in text else ()


def _next_option(question: Question, option: str) -> str:
    """Return the next option that rules may ask for."""
    options = [o for o in question.options or () if o not in UNKNOWN_OPTIONS]
    return options[(options.index(option) + 1) % len(options)]


def _calls(node: ast.Call, name: str) -> Iterator[tuple[str, ast.expr]]:
    for other in _CALLED_ELSE.get(name, ()):
        called = ast.Call(ast.Name(other, ast.Load()), node.args, [])
        yield f"{ast.unparse(node)} to {other}", called
    if name in ("at_least", "some", "highest", "lowest", "same_side"):
        yield from _fewer_parts(node, first=int(name in ("at_least", "some")))
    if name == "possible":
        yield f"only if sure of {ast.unparse(node.args[0])}", node.args[0]
    if name == "at_least" and isinstance(node.args[0], ast.Constant):
        count = int(str(node.args[0].value))
        for other_count in (count + 1, count - 1):
            counted = [ast.Constant(other_count), *node.args[1:]]
            what = f"at least {count} to at least {other_count}"
            yield what, ast.Call(node.func, counted, [])


def _fewer_parts(node: ast.Call, *, first: int) -> Iterator[tuple[str, ast.expr]]:
    """Yield a call without one of its parts; `first` is the place of the first."""
    for number, part in enumerate(node.args[first:], first):
        rest = [*node.args[:number], *node.args[number + 1 :]]
        left = rest[0] if len(rest) == 1 else ast.Call(node.func, rest, [])
        yield f"drop {ast.unparse(part)}", left
