"""What would change a concern or a suggestion, read off the rules that are open.

Three things can: an answer still missing, the `unless` of a rule that fired, and a
result that comes back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.card_inputs import InputMissing, missing_input
from intake.facts import Facts
from intake.protocol import Against, Protocol, Rule, Tier
from intake.tristate import Truth


@dataclass(frozen=True, slots=True)
class CouldRaise:
    """A rule that cannot be told yet: how far it would go, why, what it waits for."""

    rule: str
    tier: Tier
    because: str
    waits_for: tuple[InputMissing, ...]


@dataclass(frozen=True, slots=True)
class HeldBackWhen:
    """What would hold a fired rule back, and whether it is ruled out already."""

    rule: str
    because: str
    words: str
    now: Truth
    waits_for: tuple[InputMissing, ...]


@dataclass(frozen=True, slots=True)
class ResultMatters:
    """A result not in yet, what brings it, what it can lead to, what it speaks against.

    `leads_to` are tier and reason of each rule that waits for it.
    """

    question: str
    label: str
    brought_by: tuple[str, ...]
    leads_to: tuple[tuple[Tier, str], ...]
    against: tuple[str, ...]


def could_raise(
    protocol: Protocol, open_rules: Iterable[Rule], above: Tier, facts: Facts
) -> tuple[CouldRaise, ...]:
    """Return the open rules above a tier: most urgent first, then fewest missing.

    A rule that waits for results alone is left to `results_that_matter`.
    """
    results = result_questions(protocol)
    found = []
    for rule in open_rules:
        undecided = rule.when.condition.undecided(facts)
        if rule.tier > above and undecided - results:
            waits_for = _inputs(protocol, undecided, facts)
            found.append(CouldRaise(rule.id, rule.tier, rule.because, waits_for))
    found.sort(key=lambda one: (-one.tier, len(one.waits_for)))
    return tuple(found)


def held_back_when(
    protocol: Protocol, fired: Iterable[Rule], facts: Facts
) -> tuple[HeldBackWhen, ...]:
    """Return what would hold back each rule that fired and can be."""
    return tuple(
        HeldBackWhen(
            rule.id,
            rule.because,
            rule.unless_because,
            rule.unless.condition.value(facts),
            _inputs(protocol, rule.unless.condition.undecided(facts), facts),
        )
        for rule in fired
        if rule.unless is not None
    )


def results_that_matter(
    protocol: Protocol,
    open_rules: Sequence[Rule],
    against: Iterable[Against],
    facts: Facts,
) -> tuple[ResultMatters, ...]:
    """Return the results not in yet that open rules wait for, in the form's order."""
    results = result_questions(protocol)
    leads: dict[str, list[tuple[Tier, str]]] = {}
    for rule in sorted(open_rules, key=lambda rule: -rule.tier):
        for question in rule.when.condition.undecided(facts) & results:
            leads.setdefault(question, []).append((rule.tier, rule.because))
    counters: dict[str, list[str]] = {}
    for one in against:
        for question in one.when.condition.undecided(facts) & results:
            counters.setdefault(question, []).append(one.text)
    wanted = leads.keys() | counters.keys()
    return tuple(
        ResultMatters(
            question,
            protocol.questions[question].label,
            tuple(a.label for a in protocol.actions.values() if a.result == question),
            tuple(dict.fromkeys(leads.get(question, ()))),
            tuple(dict.fromkeys(counters.get(question, ()))),
        )
        for question in sorted(wanted, key=protocol.places.__getitem__)
    )


def _inputs(
    protocol: Protocol, names: Iterable[str], facts: Facts
) -> tuple[InputMissing, ...]:
    last = len(protocol.places)
    ordered = sorted(names, key=lambda name: (protocol.places.get(name, last), name))
    return tuple(missing_input(protocol, name, facts) for name in ordered)


def result_questions(protocol: Protocol) -> frozenset[str]:
    """Return the questions of the step in which results are entered."""
    sections = {s.id for s in protocol.sections if s.step == "results"}
    return frozenset(q.id for q in protocol.questions.values() if q.section in sections)
