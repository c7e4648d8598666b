"""Which answers a rule rests on, by way of which findings, and which are missing.

Everything is read off the evaluation that was made; nothing is tried out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from intake.amounts import Age
from intake.answer_tests import Compare, SexIs
from intake.answer_words import answer_in_words
from intake.answered import BIRTH_DATE, EVERYTHING, SEX_AT_BIRTH
from intake.answers import Answers, Value
from intake.conditions import AtLeast, BuiltIn, Condition, FindingIs, Not
from intake.facts import Facts
from intake.protocol import Protocol, Rule
from intake.protocol_terms import UNSURE_OPTIONS

State = Literal["not_asked", "unsure", "inexact", "conflicting"]

#: People say five weeks for 33 days, and a date says no hour: only what is further off
#: than a fifth and a day is a conflict.
_ROUNDING = 0.2
_ONE = 1.0
_REGISTERED = {BIRTH_DATE: "Date of birth", SEX_AT_BIRTH: "Sex at birth"}
#: What a rule says about the assessment itself, and how the card puts it.
_BUILT_INS = {
    "core_done": ("Every question in view", "answered"),
    "nothing_above_monitor": ("Every other rule", "none above monitor"),
}


@dataclass(frozen=True, slots=True)
class InputUsed:
    """An answer that made a rule true; `through` are the findings it made, if any."""

    question: str
    label: str
    value: str
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputMissing:
    """A question that settles nothing yet.

    `state`: not asked; asked, the patient was unsure; answered, but not exactly enough;
    or in conflict with another answer. `value` is what is recorded, in words.
    """

    question: str
    label: str
    state: State
    value: str = ""

    @property
    def is_question(self) -> bool:
        """Return whether the form asks it; age and sex come from registration."""
        return self.question not in _REGISTERED


def inputs_used(
    protocol: Protocol, condition: Condition, facts: Facts
) -> tuple[InputUsed, ...]:
    """Return what made a definite condition what it is, in the order of the form."""
    found: dict[str, InputUsed] = {}
    for leaf, through in _leaves(protocol, condition, facts, ()):
        for name, label, value in _read(protocol, leaf, facts):
            before = found[name].through if name in found else ()
            labels = tuple(dict.fromkeys((*before, *through)))
            found[name] = InputUsed(name, label, value, labels)
    last = len(protocol.places)
    names = sorted(found, key=lambda name: protocol.places.get(name, last))
    return tuple(found[name] for name in names)


def _leaves(
    protocol: Protocol, condition: Condition, facts: Facts, through: tuple[str, ...]
) -> Iterator[tuple[Condition, tuple[str, ...]]]:
    """Yield the smallest parts that made a value, with the findings passed."""
    match condition:
        case Not(part):
            yield from _leaves(protocol, part, facts, through)
        case AtLeast():
            value = condition.value(facts)
            for part in condition.of:
                if part.value(facts) is value:
                    yield from _leaves(protocol, part, facts, through)
        case FindingIs(name):
            finding = protocol.findings[name]
            labels = (*through, finding.label) if finding.label else through
            yield from _leaves(protocol, finding.when.condition, facts, labels)
        case _:
            yield condition, through


def _read(
    protocol: Protocol, leaf: Condition, facts: Facts
) -> Iterator[tuple[str, str, str]]:
    """Yield what one part read: name, label, value in words."""
    match leaf:
        case BuiltIn(name):
            yield (name, *_BUILT_INS[name])
        case SexIs():
            yield SEX_AT_BIRTH, _REGISTERED[SEX_AT_BIRTH], facts.sex_at_birth
        case Compare(left=Age()):
            low, high = facts.age
            years = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            yield BIRTH_DATE, "Age", f"{years} years"
        case _:
            for name in leaf.support(facts) & facts.answers.keys():
                question = protocol.questions[name]
                words = answer_in_words(question, facts.answers[name])
                yield name, question.label, words


def missing_input(protocol: Protocol, name: str, facts: Facts) -> InputMissing:
    """Return an undecided question, and why it decides nothing."""
    if name in _REGISTERED:
        return InputMissing(name, _REGISTERED[name], "not_asked")
    question = protocol.questions[name]
    value = facts.answers.get(name)
    if value is None:
        return InputMissing(name, question.label, "not_asked")
    words = answer_in_words(question, value)
    if has_unsure(value):
        return InputMissing(name, question.label, "unsure", words)
    # One side of two was examined: the other was not asked.
    one_sided = question.sided and len(value) == 1
    state: State = "not_asked" if one_sided else "inexact"
    return InputMissing(name, question.label, state, words)


def has_unsure(value: Value) -> bool:
    """Return whether an answer, or one side of it, is "asked, not known"."""
    if isinstance(value, dict) and value.keys() <= {"left", "right"}:
        return any(has_unsure(side) for side in value.values())
    return isinstance(value, str) and value in UNSURE_OPTIONS


def conflicting_inputs(
    protocol: Protocol,
    rules: Iterable[Rule],
    facts: Facts,
    answers: Answers,
    hidden: frozenset[str],
) -> Iterator[InputMissing]:
    """Yield the answers these rules would read that do not go with another answer.

    Either the parent excludes it now, or a number was entered that is not the one that
    other answers give.
    """
    names = frozenset().union(*(protocol.read_by_rule[rule.id] for rule in rules))
    for name in sorted(names, key=protocol.places.__getitem__):
        if name in hidden or (name in facts.answers and _is_overruled(name, facts)):
            question = protocol.questions[name]
            words = answer_in_words(question, answers[name])
            yield InputMissing(name, question.label, "conflicting", words)


def _is_overruled(name: str, facts: Facts) -> bool:
    """Return whether an entered number lies well outside what other answers give."""
    low, high = facts.derived(name)
    if (low, high) == EVERYTHING:
        return False
    entered, _ = facts.number(name, "", None)
    least, most = low * (1 - _ROUNDING) - _ONE, high * (1 + _ROUNDING) + _ONE
    return not least <= entered <= most
