"""Mutants of the rules and findings, and which of them no case tells from the original.

A mutant of a rule is judged by that rule's own cases alone; a mutant of a finding by
its own cases, and those of every rule that reads it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from intake.evaluation import Evaluation, sort_rule
from intake.expression import Expression, parse
from intake.facts import Facts
from intake.protocol import Protocol, Rule, Tier
from intake.when_names import ExpressionError
from tests.cases.case_file import (
    FOLDER,
    ON,
    VALUES,
    Case,
    RuleCases,
    read_file,
    seen,
    status_of,
    value_of,
)
from tests.mutation.changes import changes_of

if TYPE_CHECKING:
    from intake.tristate import Truth

#: Whose mutants must all be killed.
URGENT = (Tier.EMERGENCY_NOW, Tier.SAME_DAY)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed rule or finding. `tier` is the highest of the rules it belongs to."""

    of: str
    part: str
    what: str
    tier: Tier
    concern: str
    rule: Rule | None = None
    expression: Expression | None = None

    @property
    def name(self) -> str:
        """Return what tells it from all others."""
        return f"{self.of}, {self.part}: {self.what}"


class Laboratory:
    """A protocol with its cases, in which mutants are made and tried."""

    def __init__(
        self,
        protocol: Protocol,
        cases: Mapping[str, RuleCases] | None = None,
        finding_cases: Mapping[str, RuleCases] | None = None,
    ) -> None:
        """Read the case files, unless cases are given."""
        self.protocol = protocol
        known = finding_cases if finding_cases is not None else _of_findings(protocol)
        self.finding_cases = {n: self._sound_finding(one) for n, one in known.items()}
        found = cases if cases is not None else _all_cases(protocol)
        # A case that is wrong already would "notice" every mutant.
        self.cases = {rule: self._sound(one) for rule, one in found.items()}
        #: By the identity of a case; `cases` keeps them alive.
        self._told: dict[int, tuple[Facts, Truth, bool]] = {}

    @cached_property
    def readers(self) -> Mapping[str, list[Rule]]:
        """Return the rules that read each finding, through other findings, too."""
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.protocol.rules:
            ahead = [rule.when, rule.unless] if rule.unless else [rule.when]
            names: set[str] = set()
            while ahead:
                new = ahead.pop().findings() - names
                names |= new
                ahead += [self.protocol.findings[name].when for name in new]
            for name in names:
                found[name].append(rule)
        return found

    def _sound_finding(self, one: RuleCases) -> RuleCases:
        finding = self.protocol.findings.get(one.rule)
        sound = (
            case
            for case in one.cases
            if finding
            and value_of(finding, self.protocol, case) is VALUES[case.expected]
        )
        return replace(one, cases=tuple(sound))

    def _sound(self, one: RuleCases) -> RuleCases:
        rules = [rule for rule in self.protocol.rules if rule.id == one.rule]
        sound = (
            case
            for case in one.cases
            if rules and status_of(rules[0], self.protocol, case) == case.expected
        )
        return replace(one, cases=tuple(sound))

    # making

    def mutants(self) -> Iterator[Mutant]:
        """Yield every mutant of the rules and findings that have cases."""
        for rule in self.protocol.rules:
            if rule.id in self.cases:
                yield from self._of_rule(rule)
        for name in self.protocol.findings:
            readers = [r for r in self.readers.get(name, []) if r.id in self.cases]
            if readers:
                yield from self._of_finding(name, readers)

    def _of_rule(self, rule: Rule) -> Iterator[Mutant]:
        def mutant(part: str, what: str, changed: Rule) -> Mutant:
            return Mutant(rule.id, part, what, rule.tier, rule.concern, changed)

        for what, changed in _otherwise_stated(rule):
            yield mutant("tier", what, changed)
        for what, expression in self._changed(rule.when):
            yield mutant("when", what, replace(rule, when=expression))
        if rule.unless is not None:
            yield mutant("unless", "taken away", replace(rule, unless=None))
            for what, expression in self._changed(rule.unless):
                yield mutant("unless", what, replace(rule, unless=expression))

    def _of_finding(self, name: str, readers: list[Rule]) -> Iterator[Mutant]:
        first = max(readers, key=lambda rule: rule.tier)
        for what, expression in self._changed(self.protocol.findings[name].when):
            yield Mutant(
                name, "finding", what, first.tier, "findings", expression=expression
            )

    def _changed(self, expression: Expression) -> Iterator[tuple[str, Expression]]:
        questions, findings = self.protocol.questions, self.protocol.findings
        for change in changes_of(expression.text, questions):
            try:
                yield change.what, parse(change.text, questions, findings)
            except ExpressionError:
                continue

    # trying

    def kills(self, mutant: Mutant) -> bool:
        """Return whether a case, or the tier beside the cases, tells the mutant."""
        if mutant.rule is not None:
            stated = self.cases[mutant.of]
            if _stated_of(mutant.rule) != (
                stated.tier,
                stated.raises,
                stated.never_above,
            ):
                return True
            return any(
                self._status(case, mutant.rule) != case.expected
                for case in stated.cases
            )
        changed = self.changed_protocol(mutant)
        own = self.finding_cases.get(mutant.of)
        assert mutant.expression is not None
        condition = mutant.expression.condition
        if own is not None and any(
            condition.value(self.facts_of(case, changed)) is not VALUES[case.expected]
            for case in own.cases
        ):
            return True
        return any(
            self._status(case, rule, changed) != case.expected
            for rule in self.readers[mutant.of]
            if rule.id in self.cases
            for case in self.cases[rule.id].cases
        )

    def changed_protocol(self, mutant: Mutant) -> Protocol:
        """Return the protocol with a mutant of a finding in place."""
        assert mutant.expression is not None
        finding = self.protocol.findings[mutant.of]
        changed = replace(finding, when=mutant.expression)
        findings = MappingProxyType({**self.protocol.findings, mutant.of: changed})
        return replace(self.protocol, findings=findings)

    def _status(self, case: Case, rule: Rule, protocol: Protocol | None = None) -> str:
        """Return how a changed rule, or one over a changed finding, comes out."""
        return status(self.facts_of(case, protocol), rule)

    def facts_of(self, case: Case, protocol: Protocol | None = None) -> Facts:
        """Return the facts of a case, with nothing worked out yet.

        New ones for every mutant: what facts remember belongs to the expressions they
        have met. What says something of the whole visit stays as in the original.
        """
        if id(case) not in self._told:
            _, told = seen(self.protocol, case)
            done = told.built_in("core_done")
            self._told[id(case)] = (told, done, _is_quiet(self.protocol, told))
        told, done, quiet = self._told[id(case)]
        fresh = Facts(
            protocol or self.protocol,
            told.answers,
            on=ON,
            age=told.age,
            sex_at_birth=told.sex_at_birth,
        )
        everything = frozenset(told.answers)
        fresh.tell("core_done", done, frozenset(), everything)
        fresh.tell("nothing_above_monitor", quiet, frozenset(), everything)
        return fresh


def status(facts: Facts, rule: Rule) -> str:
    """Return how one rule comes out."""
    outcome = Evaluation()
    sort_rule(rule, facts, outcome)
    if outcome.fired:
        return "fires"
    if outcome.held_back:
        return "held_back"
    if outcome.cannot_tell:
        return "cannot_tell"
    return "failed" if outcome.failed else "does_not_fire"


def _otherwise_stated(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield a rule of the next tiers, and with another raise where it raises."""
    for tier in Tier:
        if abs(tier - rule.tier) == 1:
            yield f"{rule.tier.code} to {tier.code}", replace(rule, tier=tier)
    if not rule.raises:
        return
    for raised in (rule.raises - 1, rule.raises + 1):
        yield f"raises {rule.raises} to {raised}", replace(rule, raises=raised)
    for top in Tier:
        if abs(top - rule.never_above) == 1:
            what = f"never above {rule.never_above.code} to {top.code}"
            yield what, replace(rule, never_above=top)


def _stated_of(rule: Rule) -> tuple[str, int, str]:
    return rule.tier.code, rule.raises, rule.never_above.code


def _is_quiet(protocol: Protocol, facts: Facts) -> bool:
    outcome = Evaluation()
    for rule in protocol.rules:
        if not rule.reads_outcome:
            sort_rule(rule, facts, outcome)
    return all(rule.tier is Tier.MONITOR for rule in outcome.fired)


def _of_findings(protocol: Protocol) -> dict[str, RuleCases]:
    read, _ = read_file(FOLDER / "findings.toml", protocol, "finding")
    return {one.rule: one for one in read}


def _all_cases(protocol: Protocol) -> dict[str, RuleCases]:
    found = {}
    for concern in protocol.concerns:
        path = FOLDER / f"{concern}.toml"
        if path.exists():
            read, _ = read_file(path, protocol)
            found.update({one.rule: one for one in read})
    return found
