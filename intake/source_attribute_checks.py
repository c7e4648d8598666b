"""Hold the declared source attributes against the rules: a protocol must not lie."""

from collections.abc import Iterator

from intake.all_expressions import all_expressions
from intake.amounts import Age, Amount, Combined
from intake.answer_tests import Compare, SexIs
from intake.conditions import Condition
from intake.errors import Problem
from intake.protocol import Protocol
from intake.source_attributes import PLACE

#: Facts that expressions read by themselves; the others are answers to questions.
_BY_NAME = ("sex", "date_of_birth")


def source_attribute_problems(protocol: Protocol) -> Iterator[Problem]:
    """Yield each declared use that the rules contradict."""
    read = _read(protocol)
    for name, use in protocol.source_attributes.uses.items():
        where = f"protocol.toml, {PLACE}, {name}"
        facts = (name,) if name in _BY_NAME else use.questions
        readers = [read[fact] for fact in facts if fact in read]
        if use.is_used and not facts:
            hint = "Name the questions that tell it."
            yield Problem(where, "used is true, but nothing reads it.", hint)
        for fact in facts if use.is_used else ():
            if fact not in read:
                yield Problem(where, f"used is true, but nothing reads {fact}.")
        if not use.is_used and readers:
            yield Problem(where, f"used is false, but {readers[0]} reads it.")
        for question in use.questions:
            if question not in protocol.questions:
                yield Problem(where, f'There is no question "{question}".')


def _read(protocol: Protocol) -> dict[str, str]:
    """Return each question and fact that something reads, with one of its readers."""
    read: dict[str, str] = {}
    for where, expression in all_expressions(protocol):
        for part, _ in expression.walk():
            for fact in (*part.reads(), *_facts(part)):
                read.setdefault(fact, where)
    for question in [protocol.questions[q] for q in read if q in protocol.questions]:
        for source in question.derive.sources if question.derive else ():
            read.setdefault(source, f"question {question.id}")
    return read


def _facts(part: Condition) -> Iterator[str]:
    if isinstance(part, SexIs):
        yield "sex"
    if isinstance(part, Compare) and any(map(_is_age, (part.left, part.right))):
        yield "date_of_birth"


def _is_age(amount: Amount) -> bool:
    if isinstance(amount, Combined):
        return any(map(_is_age, amount.of))
    return isinstance(amount, Age)
