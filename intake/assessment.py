"""From answers to the next step: `assess()`. Pure; the same input, the same output.

A rule is *fired*, *not fired*, *held back* (its `unless` is definitely true) or
*cannot tell*. The overall tier is the most urgent of the fired rules after raises,
and never below `monitor`. Nothing here knows a disease.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from intake.answered import BIRTH_DATE, NONE, SEX_AT_BIRTH, Ids
from intake.answers import Answers
from intake.expression import Expression
from intake.facts import Facts
from intake.outcome import (
    AskNext,
    Assessment,
    FiredRule,
    HeldBack,
    ManualTherapy,
    RaisedConcern,
    RedFlagState,
    Thrust,
)
from intake.patient import Patient
from intake.protocol import (
    Concern,
    Protocol,
    RedFlag,
    Rule,
    ScopeLimit,
    Tier,
)
from intake.protocol_terms import UNSURE_OPTIONS
from intake.suggestions import suggestions_of
from intake.visibility import Visibility, look

#: Asked of everyone when they are registered, so never a closed detail.
_AT_REGISTRATION = (BIRTH_DATE, SEX_AT_BIRTH)
_STRENGTHS = ("weak", "moderate", "strong")
_SET_ASIDE = "It rests on an answer that is set aside now: {}."


@dataclass(slots=True)
class _Evaluation:
    """How every rule came out for one set of facts."""

    fired: list[Rule]
    held_back: list[Rule]
    cannot_tell: list[Rule]
    failed: list[str]


def assess(
    protocol: Protocol,
    patient: Patient,
    answers: Answers,
    on: date,
    opened: Iterable[str] = (),
) -> Assessment:
    """Return the assessment of one patient's answers.

    Args:
        protocol: the checked protocol.
        patient: for age on the day and sex at birth.
        answers: as recorded; answers that are hidden now are left out of the rules.
        on: the day of the visit.
        opened: questions that a person opened by hand.
    """
    age, sex = patient.age_on(on), patient.sex_at_birth
    visibility, facts = look(
        protocol, answers, on=on, age=age, sex_at_birth=sex, opened=frozenset(opened)
    )
    done = visibility.core_done
    facts.tell("core_done", done, frozenset(visibility.missing), _all_asked(facts))
    outcome = _evaluate(protocol, facts)
    scope, undecided_scope = _scope(protocol, facts)
    tier = _overall(outcome.fired, scope)
    could = _could_raise(outcome, scope, undecided_scope, facts)
    asked = _ask_next(could, visibility, facts)
    concerns = _concerns(protocol, outcome.fired, facts)
    suggestions = suggestions_of(protocol, outcome.fired, scope)
    return Assessment(
        protocol=protocol,
        tier=tier,
        could_be=max([tier, *(a.could_raise_to for a in asked if a.is_open)]),
        concerns=concerns,
        suggestions=suggestions,
        not_suggested=tuple(
            n
            for n in protocol.not_suggested
            if n.action not in {s.action.id for s in suggestions}
            and n.when.condition.value(facts) is True
        ),
        manual_therapy=_manual_therapy(protocol, concerns, facts),
        ask_next=asked,
        red_flags={f.id: _red_flag(f, facts) for f in protocol.red_flags},
        held_back=_held_back(protocol, outcome, visibility, facts, answers),
        failed_rules=tuple(outcome.failed),
        out_of_scope=tuple(scope),
        hidden=visibility.hidden,
        open_questions=tuple(
            q for q in visibility.missing if protocol.questions[q].is_counted
        ),
        core_done=done,
    )


def _all_asked(facts: Facts) -> Ids:
    return frozenset(facts.answers)


def _evaluate(protocol: Protocol, facts: Facts) -> _Evaluation:
    """Sort the rules; those that look at the outcome itself come last."""
    outcome = _Evaluation([], [], [], [])
    late = []
    for rule in protocol.rules:
        if rule.reads_outcome:
            late.append(rule)
        else:
            _sort(rule, facts, outcome)
    quiet = all(rule.tier is Tier.MONITOR for rule in outcome.fired)
    # Other answers hold back what would make it untrue, so all of them support it.
    facts.tell("nothing_above_monitor", quiet, NONE, _all_asked(facts))
    for rule in late:
        _sort(rule, facts, outcome)
    return outcome


def _sort(rule: Rule, facts: Facts, outcome: _Evaluation) -> None:
    """Put one rule where it belongs; a rule that fails is listed, never skipped."""
    try:
        value = rule.when.condition.value(facts)
        held = value is not False and _is_true(rule.unless, facts)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        outcome.failed.append(rule.id)
        return
    if value is True:
        (outcome.held_back if held else outcome.fired).append(rule)
    elif value is None and not held:
        outcome.cannot_tell.append(rule)


def _is_true(expression: Expression | None, facts: Facts) -> bool:
    return expression is not None and expression.condition.value(facts) is True


def _scope(
    protocol: Protocol, facts: Facts
) -> tuple[list[ScopeLimit], list[ScopeLimit]]:
    values = [(limit, limit.when.condition.value(facts)) for limit in protocol.scope]
    out = [limit for limit, value in values if value is True]
    return out, [limit for limit, value in values if value is None]


def _overall(fired: Sequence[Rule], scope: Sequence[ScopeLimit]) -> Tier:
    """Return the most urgent tier after raises; outside the scope at least routine."""
    return _after_raises(_before_raises(fired, scope), _raising(fired))


def _before_raises(fired: Sequence[Rule], scope: Sequence[ScopeLimit]) -> Tier:
    tier = max((rule.tier for rule in fired), default=Tier.MONITOR)
    return max(tier, Tier.ROUTINE) if scope else tier


def _raising(rules: Iterable[Rule]) -> list[Rule]:
    """Return those that raise, the lowest top first.

    In another order a raise could stop short of where others would carry it.
    """
    raising = [rule for rule in rules if rule.raises]
    return sorted(raising, key=lambda rule: rule.never_above)


def _after_raises(tier: Tier, raising: Sequence[Rule]) -> Tier:
    for rule in raising:
        tier = _raised(tier, rule)
    return tier


def _raised(tier: Tier, rule: Rule) -> Tier:
    """Return the tier after a rule's raise, which never lowers and stops at its top."""
    if not rule.raises or tier >= rule.never_above:
        return tier
    return min(Tier(min(tier + rule.raises, Tier.EMERGENCY_NOW)), rule.never_above)


def _could_raise(
    outcome: _Evaluation,
    scope: Sequence[ScopeLimit],
    undecided_scope: Sequence[ScopeLimit],
    facts: Facts,
) -> list[tuple[str, Tier, Ids]]:
    """Return what cannot be told yet and could raise the tier: id, tier, questions."""
    found = []
    base = _before_raises(outcome.fired, scope)
    raising = _raising(outcome.fired)
    tier = _after_raises(base, raising)
    for rule in outcome.cannot_tell:
        # A raise that fired already would lift the new tier, too.
        raises = _raising((*raising, rule)) if rule.raises else raising
        reach = _after_raises(max(base, rule.tier), raises)
        if reach > tier:
            found.append((rule.id, reach, rule.when.condition.undecided(facts)))
    reach = _after_raises(max(base, Tier.ROUTINE), raising)
    if reach > tier:
        for limit in undecided_scope:
            questions = limit.when.condition.undecided(facts)
            found.append((limit.id, reach, questions))
    return found


def _ask_next(
    could: Sequence[tuple[str, Tier, Ids]], visibility: Visibility, facts: Facts
) -> tuple[AskNext, ...]:
    """Return the undecided questions: open first, then by tier, then fewest missing."""
    found: dict[str, tuple[Tier, int, list[str]]] = {}
    for rule, tier, questions in could:
        size = len(questions)
        for question in questions:
            if question not in found:
                found[question] = (tier, size, [rule])
                continue
            best, fewest, rules = found[question]
            rules.append(rule)
            if tier > best or (tier == best and size < fewest):
                found[question] = (tier, size, rules)
    shown = (*visibility.open, *_AT_REGISTRATION)
    place = {question: number for number, question in enumerate(shown)}
    last = len(place)
    ranked = sorted(
        (question not in place, -tier, fewest, place.get(question, last), question)
        for question, (tier, fewest, _) in found.items()
    )
    return tuple(
        AskNext(
            question,
            found[question][0],
            "unsure" if _is_unsure(question, facts) else "not_asked",
            not is_closed,
            tuple(found[question][2]),
        )
        for is_closed, _tier, _fewest, _place, question in ranked
    )


def _is_unsure(question: str, facts: Facts) -> bool:
    """Return whether an undecided question was asked.

    A side that nobody examined makes it not asked, not unsure.
    """
    match facts.answers.get(question):
        case None:
            return False
        case {"left": _, "right": _}:
            return True
        case {"left": value} | {"right": value}:
            return isinstance(value, str) and value in UNSURE_OPTIONS
    return True


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
    ids = rule.when.condition.support(facts)
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
    for caution in cautions:
        effects.add(caution.effect)
        because.append(caution.because)
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
    if value is True or _is_true(flag.also, facts):
        return "present"
    if value is False:
        return "absent"
    undecided = flag.when.condition.undecided(facts)
    unsure = any(_is_unsure(question, facts) for question in undecided)
    return "unsure" if unsure else "not_asked"


def _held_back(
    protocol: Protocol,
    outcome: _Evaluation,
    visibility: Visibility,
    facts: Facts,
    answers: Answers,
) -> tuple[HeldBack, ...]:
    """Return the rules held back: by their `unless`, or by an answer set aside.

    An answer is set aside when its parent excludes it now, or when an entered number
    stands in for one that other answers would give. A rule that would fire if the
    answer counted is shown, so that no answer lowers the tier silently.
    """
    held = [HeldBack(rule, rule.unless_because) for rule in outcome.held_back]
    overruled = frozenset(
        q
        for q in facts.answers
        if (derive := protocol.questions[q].derive)
        and all(source in facts.answers for source in derive.sources)
    )
    set_aside = visibility.hidden | overruled
    rules = _resting_on(protocol, set_aside)
    if not rules:
        return tuple(held)
    known = {rule.id for rule in (*outcome.fired, *outcome.held_back)}
    names = ", ".join(protocol.questions[q].label for q in sorted(set_aside))
    # Each number by itself too: a rule may need one as derived and another as entered.
    ways = {overruled, *(frozenset((q,)) for q in overruled)}
    if visibility.hidden:
        ways.add(NONE)
    would_fire = {
        rule.id
        for left_out in ways
        for rule in _fired_without(protocol, facts, answers, left_out, rules)
    }
    held += [
        HeldBack(rule, _SET_ASIDE.format(names))
        for rule in protocol.rules
        if rule.id in would_fire - known
    ]
    return tuple(held)


def _resting_on(protocol: Protocol, set_aside: Ids) -> list[Rule]:
    """Return the rules that read an answer that is set aside."""
    if not set_aside:
        return []
    return [
        rule
        for rule in protocol.rules
        if not rule.reads_outcome
        and not set_aside.isdisjoint(protocol.read_by_rule[rule.id])
    ]


def _fired_without(
    protocol: Protocol,
    facts: Facts,
    answers: Answers,
    left_out: Ids,
    rules: Sequence[Rule],
) -> list[Rule]:
    """Return which rules fire on all answers but some, hidden ones included."""
    other = Facts(
        protocol,
        answers.without(left_out).as_dict(),
        on=facts.on,
        age=facts.age,
        sex_at_birth=facts.sex_at_birth,
    )
    outcome = _Evaluation([], [], [], [])
    for rule in rules:
        _sort(rule, other, outcome)
    return outcome.fired
