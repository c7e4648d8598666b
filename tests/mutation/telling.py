"""Find answers on which a mutant and its original differ, or prove that there are none.

Both are written as decision diagrams over the values that matter of all they read, and
the diagrams are compared: that goes through every combination of answers without
walking them one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intake.protocol import Protocol, Question, Rule
from intake.tristate import Truth
from tests.mutation.comparing import Comparison, Pair, facts_of
from tests.mutation.mutants import Laboratory, Mutant, status

_WORDS: Mapping[Truth, str] = {
    True: "holds",
    False: "does_not_hold",
    None: "cannot_tell",
}
#: How a case has a fact about the whole visit; the other way is how it is anyway.
_FACTS = {
    "core_done": (True, 'rest = "quiet"'),
    "nothing_above_monitor": (False, "(and what makes a rule above monitor fire)"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """The fewest answers on which a mutant comes out otherwise than its original.

    Age, sex and facts about the whole visit are among them, under their names.
    """

    answers: Mapping[str, Any]
    original: str
    mutant: str


def difference(laboratory: Laboratory, mutant: Mutant) -> Difference | None:
    """Return what tells a mutant from its original; None: it changes nothing."""
    protocol = laboratory.protocol
    pairs = _pair_of(protocol, mutant, changed=False), _pair_of(protocol, mutant)
    comparison = Comparison(protocol, [c for pair in pairs for c in pair if c])
    answers = comparison.plainest_difference(*pairs)
    if answers is None:
        return None
    return Difference(
        answers,
        comes_out(protocol, mutant, answers, changed=False),
        comes_out(protocol, mutant, answers),
    )


def comes_out(
    protocol: Protocol,
    mutant: Mutant,
    answers: Mapping[str, Any],
    *,
    changed: bool = True,
) -> str:
    """Return how a mutant, or its original, comes out in the engine itself."""
    facts = facts_of(protocol, answers)
    if mutant.rule is not None:
        rule = mutant.rule if changed else _original(protocol, mutant)
        return status(facts, rule)
    when, _ = _pair_of(protocol, mutant, changed=changed)
    return _WORDS[when.value(facts)]


def _pair_of(protocol: Protocol, mutant: Mutant, *, changed: bool = True) -> Pair:
    if mutant.rule is not None:
        rule = mutant.rule if changed else _original(protocol, mutant)
        return rule.when.condition, rule.unless.condition if rule.unless else None
    original = protocol.findings[mutant.of].when
    expression = mutant.expression if changed else original
    assert expression is not None
    return expression.condition, None


def _original(protocol: Protocol, mutant: Mutant) -> Rule:
    (rule,) = (rule for rule in protocol.rules if rule.id == mutant.of)
    return rule


def as_line(protocol: Protocol, found: Difference) -> str:
    """Return a difference as a line of a case file, to be judged and completed."""
    parts = ['case = "…"']
    more = []
    for name, value in found.answers.items():
        if name in _FACTS:
            special, words = _FACTS[name]
            if value is special:
                more.append(words)
        elif name in protocol.questions:
            parts.append(f'"{name}" = {_toml(protocol.questions[name], value)}')
        else:
            parts.append(f"{name} = {_plain(value)}")
    return f"{{ {', '.join(parts + more)} }},"


def _toml(question: Question, value: Any) -> str:  # noqa: ANN401  (a stored value)
    if isinstance(value, Mapping):
        if "systolic" in value:
            upper, lower = value["systolic"], value["diastolic"]
            return f'"{upper["value"]:g}/{lower["value"]:g} {upper["unit"]}"'
        if value.keys() == {"value", "unit"}:
            return f'"{value["value"]:g} {value["unit"]}"'
        parts = (f"{k} = {_toml(question, v)}" for k, v in value.items())
        return f"{{ {', '.join(parts)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    return _plain(value)


def _plain(value: object) -> str:
    return str(value) if isinstance(value, int | float) else f'"{value}"'
