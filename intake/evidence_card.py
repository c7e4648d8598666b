"""Evidence cards: what a concern or a suggestion rests on, for whoever has to judge it.

A card holds the reasons with their sources, the figures with the group they come from,
this patient's answers that were used, what is missing, what would change it, and whom
it does not fit. It is made when somebody asks for it, from one evaluation; `assess()`
knows nothing of it. No probability for this patient is computed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from intake.card_changes import (
    CouldRaise,
    HeldBackWhen,
    ResultMatters,
    could_raise,
    held_back_when,
    result_questions,
    results_that_matter,
)
from intake.card_inputs import (
    InputMissing,
    conflicting_inputs,
    has_unsure,
    missing_input,
)
from intake.card_reasons import Reason, reason_of_limit, reason_of_rule, status_of
from intake.card_sources import Cited, Figure, figure
from intake.evaluation import Evaluation, evaluate
from intake.facts import Facts
from intake.outcome import RaisedConcern, Suggestion
from intake.protocol import Action, Concern, Protocol, Rule, Tier
from intake.record import Record


@dataclass(frozen=True, slots=True)
class OutsideScope:
    """A group the protocol was not written for. `applies` is None: cannot be told."""

    words: str
    applies: bool | None


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """Everything behind one concern (`id` of a concern) or suggestion (of an action).

    `status` is "proposed" until every rule on the card was reviewed; `ratings` are what
    published imaging criteria say of a suggested study.
    """

    id: str
    title: str
    protocol: Protocol
    warnings: tuple[str, ...]
    tier: Tier
    strength: str
    status: str
    text: str
    note: str
    reasons: tuple[Reason, ...]
    figures: tuple[Figure, ...]
    ratings: tuple[str, ...]
    inputs_missing: tuple[InputMissing, ...]
    could_raise: tuple[CouldRaise, ...]
    held_back_when: tuple[HeldBackWhen, ...]
    results: tuple[ResultMatters, ...]
    against: tuple[str, ...]
    does_not_fit: tuple[str, ...]
    outside_scope: tuple[OutsideScope, ...]

    @property
    def sources(self) -> tuple[Cited, ...]:
        """Return every citation on the card, reasons first, each once."""
        cited = [c for reason in self.reasons for c in reason.sources]
        cited += [c for figure in self.figures for c in figure.sources]
        return tuple(dict.fromkeys(cited))


def card_of_concern(record: Record, concern: str) -> EvidenceCard:
    """Return the card of a concern that is raised; KeyError where it is not."""
    raised = {r.concern.id: r for r in record.assessment.concerns}[concern]
    return _CardMaker(record).of_concern(raised)


def card_of_suggestion(record: Record, action: str) -> EvidenceCard:
    """Return the card of an action that is suggested; KeyError where it is not."""
    suggested = {s.action.id: s for s in record.assessment.suggestions}[action]
    return _CardMaker(record).of_suggestion(suggested)


def cards_of(
    record: Record,
) -> tuple[tuple[EvidenceCard, ...], tuple[EvidenceCard, ...]]:
    """Return the cards of all concerns and of all suggestions, in their order."""
    maker, assessment = _CardMaker(record), record.assessment
    return (
        tuple(map(maker.of_concern, assessment.concerns)),
        tuple(map(maker.of_suggestion, assessment.suggestions)),
    )


class _CardMaker:
    """One record evaluated once, to make cards from."""

    def __init__(self, record: Record) -> None:
        assessment = record.assessment
        self._record = record
        self._assessment = assessment
        self._protocol = assessment.protocol
        self._facts = Facts(
            assessment.protocol,
            record.answers.without(assessment.hidden).as_dict(),
            on=record.on,
            age=record.patient.age_on(record.on),
            sex_at_birth=record.patient.sex_at_birth,
        )
        everything = frozenset(self._facts.answers)
        awaited = frozenset(assessment.open_questions)
        self._facts.tell("core_done", assessment.core_done, awaited, everything)
        self._outcome: Evaluation = evaluate(assessment.protocol, self._facts)

    def of_concern(self, raised: RaisedConcern) -> EvidenceCard:
        concern = raised.concern
        reasons = tuple(
            reason_of_rule(self._protocol, fired.rule, self._facts)
            for fired in raised.rules
        )
        open_rules = [r for r in self._outcome.cannot_tell if r.concern == concern.id]
        return EvidenceCard(
            id=concern.id,
            title=concern.title,
            protocol=self._protocol,
            warnings=self._protocol.warnings(self._record.on),
            tier=raised.tier,
            strength=raised.strength,
            status=status_of(reasons),
            text="",
            note=concern.note,
            reasons=reasons,
            figures=tuple(figure(self._protocol, e) for e in concern.evidence),
            ratings=(),
            inputs_missing=self._missing(open_rules, concern.rules),
            could_raise=could_raise(
                self._protocol, open_rules, raised.tier, self._facts
            ),
            held_back_when=held_back_when(
                self._protocol, [f.rule for f in raised.rules], self._facts
            ),
            results=results_that_matter(
                self._protocol, open_rules, concern.against, self._facts
            ),
            against=raised.against,
            does_not_fit=_does_not_fit((concern,)),
            outside_scope=tuple(self._outside_scope()),
        )

    def of_suggestion(self, suggestion: Suggestion) -> EvidenceCard:
        protocol, action, facts = self._protocol, suggestion.action, self._facts
        fired = [r for r in protocol.rules if r.id in suggestion.because]
        fired.sort(key=lambda rule: -rule.tier)
        limits = [m for m in protocol.scope if m.id in suggestion.because]
        concerns = [protocol.concerns[name] for name in suggestion.concerns]
        reasons = (
            *(reason_of_rule(protocol, rule, facts) for rule in fired),
            *(reason_of_limit(protocol, limit, facts) for limit in limits),
        )
        # What could ask for the same thing, and sooner.
        asking = [
            rule
            for rule in self._outcome.cannot_tell
            if any(step.action == action.id for step in rule.steps)
        ]
        sooner = [rule for rule in asking if rule.tier > suggestion.tier]
        theirs = [
            r for r in self._outcome.cannot_tell if r.concern in suggestion.concerns
        ]
        against = [one for concern in concerns for one in concern.against]
        results = results_that_matter(protocol, theirs, against, facts)
        return EvidenceCard(
            id=action.id,
            title=action.label,
            protocol=protocol,
            warnings=protocol.warnings(self._record.on),
            tier=suggestion.tier,
            strength="",
            status=status_of(reasons, action.status),
            text=action.text,
            note=action.note,
            reasons=reasons,
            figures=tuple(figure(protocol, e) for c in concerns for e in c.evidence),
            ratings=tuple(rating.words for rating in suggestion.criteria),
            inputs_missing=self._missing(sooner, fired),
            could_raise=could_raise(protocol, sooner, suggestion.tier, facts),
            held_back_when=held_back_when(protocol, fired, facts),
            results=tuple(r for r in results if _may_bring(action, r.question)),
            against=tuple(
                text
                for raised in self._assessment.concerns
                if raised.concern.id in suggestion.concerns
                for text in raised.against
            ),
            does_not_fit=_does_not_fit(concerns),
            outside_scope=tuple(self._outside_scope()),
        )

    def _missing(
        self, open_rules: Sequence[Rule], read_by: Iterable[Rule]
    ) -> tuple[InputMissing, ...]:
        """Return what open rules wait for, and what is unsure or in conflict."""
        protocol, facts = self._protocol, self._facts
        read_by = tuple(read_by)
        found = {
            one.question: one
            for one in conflicting_inputs(
                protocol,
                read_by,
                facts,
                self._record.answers,
                self._assessment.hidden,
            )
        }
        read = frozenset().union(*(protocol.read_by_rule[rule.id] for rule in read_by))
        unsure = (q for q in protocol.places if q in read)
        for name in filter(lambda q: has_unsure(facts.answers.get(q)), unsure):
            found.setdefault(name, missing_input(protocol, name, facts))
        # Then what open rules wait for: most urgent rule first, then fewest missing.
        waiting = [(rule, rule.when.condition.undecided(facts)) for rule in open_rules]
        waiting.sort(key=lambda pair: (-pair[0].tier, len(pair[1])))
        last = len(protocol.places)
        for _, undecided in waiting:
            for name in sorted(undecided, key=lambda q: protocol.places.get(q, last)):
                found.setdefault(name, missing_input(protocol, name, facts))
        # What can be asked now goes before what a study has to bring.
        results = result_questions(protocol)
        return tuple(sorted(found.values(), key=lambda one: one.question in results))

    def _outside_scope(self) -> Iterator[OutsideScope]:
        for limit in self._protocol.scope:
            value = limit.when.condition.value(self._facts)
            yield OutsideScope(limit.because, value)


def _may_bring(action: Action, result: str) -> bool:
    """Return whether a study may bring a result; all, where it names none."""
    if action.result:
        return action.result == result
    return action.kind in ("imaging", "laboratory")


def _does_not_fit(concerns: Iterable[Concern]) -> tuple[str, ...]:
    return tuple(c.does_not_fit for c in concerns if c.does_not_fit)
