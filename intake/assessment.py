"""From answers to the next step: `assess()`. Pure; the same input, the same output.

A rule is *fired*, *not fired*, *held back* (its `unless` is definitely true) or
*cannot tell*. The overall tier is the most urgent of the fired rules after raises,
and never below `monitor`. Nothing here knows a disease.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from intake.answers import Answers
from intake.ask_next import ask_next, could_raise, is_unsure
from intake.evaluation import evaluate, is_true, overall
from intake.facts import Facts
from intake.held_back import held_back
from intake.not_suggested import not_suggested
from intake.outcome import (
    Assessment,
    FiredRule,
    ManualTherapy,
    RaisedConcern,
    RedFlagState,
    Thrust,
)
from intake.patient import Patient
from intake.protocol import Concern, Protocol, RedFlag, Rule, ScopeLimit, Tier
from intake.suggestions import suggestions_of
from intake.visibility import Visibility, look

_STRENGTHS = ("weak", "moderate", "strong")


def assess(
    protocol: Protocol,
    patient: Patient,
    answers: Answers,
    on: date,
    opened: Iterable[str] = (),
    seen: tuple[Visibility, Facts] | None = None,
) -> Assessment:
    """Return the assessment of one patient's answers.

    Args:
        protocol: the checked protocol.
        patient: for age on the day and sex at birth.
        answers: as recorded; answers that are hidden now are left out of the rules.
        on: the day of the visit.
        opened: questions that a person opened by hand.
        seen: what `look` said of the same answers, where somebody has looked already:
            it is a third of the work.
    """
    age, sex = patient.age_on(on), patient.sex_at_birth
    visibility, facts = seen or look(
        protocol, answers, on=on, age=age, sex_at_birth=sex, opened=frozenset(opened)
    )
    done = visibility.core_done
    everything = frozenset(facts.answers)
    facts.tell("core_done", done, frozenset(visibility.missing), everything)
    outcome = evaluate(protocol, facts)
    scope, undecided_scope = _scope(protocol, facts)
    tier = overall(outcome.fired, scope)
    could = could_raise(outcome, scope, undecided_scope, facts)
    asked = ask_next(could, visibility, facts)
    concerns = _concerns(protocol, outcome.fired, facts)
    suggestions = suggestions_of(protocol, outcome.fired, scope, on, facts.answers)
    return Assessment(
        protocol=protocol,
        tier=tier,
        could_be=max([tier, *(a.could_raise_to for a in asked if a.is_open)]),
        concerns=concerns,
        suggestions=suggestions,
        not_suggested=not_suggested(protocol, suggestions, concerns, facts),
        manual_therapy=_manual_therapy(protocol, concerns, facts),
        ask_next=asked,
        red_flags={f.id: _red_flag(f, facts) for f in protocol.red_flags},
        held_back=held_back(protocol, outcome, visibility, facts, answers),
        failed_rules=tuple(outcome.failed),
        out_of_scope=tuple(scope),
        hidden=visibility.hidden,
        open_questions=tuple(
            q for q in visibility.missing if protocol.questions[q].is_counted
        ),
        core_done=done,
        outdated=protocol.outdated(on),
    )


def _scope(
    protocol: Protocol, facts: Facts
) -> tuple[list[ScopeLimit], list[ScopeLimit]]:
    values = [(limit, limit.when.condition.value(facts)) for limit in protocol.scope]
    out = [limit for limit, value in values if value is True]
    return out, [limit for limit, value in values if value is None]


def _concerns(
    protocol: Protocol, fired: Sequence[Rule], facts: Facts
) -> tuple[RaisedConcern, ...]:
    raised = []
    for concern in protocol.concerns.values():
        mine = [rule for rule in fired if rule.concern == concern.id]
        if not mine:
            continue
        mine.sort(key=lambda rule: -rule.tier)
        raised.append(
            RaisedConcern(
                concern,
                mine[0].tier,
                max((r.strength for r in mine), key=_STRENGTHS.index),
                tuple(FiredRule(r, _answers_of(protocol, r, facts)) for r in mine),
                tuple(
                    a.text
                    for a in concern.against
                    if a.when.condition.value(facts) is True
                ),
            )
        )
    raised.sort(key=lambda concern: -concern.tier)
    return tuple(raised)


def _answers_of(protocol: Protocol, rule: Rule, facts: Facts) -> dict[str, object]:
    """Return the answers that made a rule fire, in the order of the form."""
    ids = rule.when.condition.support(facts) & facts.answers.keys()
    place = protocol.places
    return {q: facts.answers[q] for q in sorted(ids, key=place.__getitem__)}


def _manual_therapy(
    protocol: Protocol, concerns: Sequence[RaisedConcern], facts: Facts
) -> ManualTherapy:
    because: list[str] = []
    instead: list[str] = []
    effects: set[str] = set()
    for raised in concerns:
        concern: Concern = raised.concern
        if raised.tier > Tier.MONITOR and concern.thrust != "allowed":
            effects.add(concern.thrust)
            because.append(f"Findings listed for suspected {concern.title}.")
            instead.append(concern.manual_therapy)
    cautions = tuple(
        c for c in protocol.thrust_cautions if c.when.condition.value(facts) is True
    )
    blocking = effects | {caution.effect for caution in cautions}
    for caution in cautions:
        effects.add(caution.effect)
        because.append(caution.because)
        # Beside a block, what a mere caution leaves open would contradict it.
        if caution.effect == "blocked" or "blocked" not in blocking:
            instead.append(caution.instead)
    thrust: Thrust = "no_block_found"
    if "blocked" in effects:
        thrust = "blocked"
    elif "caution" in effects:
        thrust = "caution"
    return ManualTherapy(
        thrust,
        tuple(dict.fromkeys(because)),
        tuple(dict.fromkeys(text for text in instead if text)),
        cautions,
    )


def _red_flag(flag: RedFlag, facts: Facts) -> RedFlagState:
    value = flag.when.condition.value(facts)
    if value is True or is_true(flag.also, facts):
        return "present"
    if value is False:
        return "absent"
    undecided = flag.when.condition.undecided(facts)
    unsure = any(is_unsure(question, facts) for question in undecided)
    return "unsure" if unsure else "not_asked"
