"""What holds for every patient: unknown is not no, and nothing lowers a tier unseen.

Each property is a function that returns what breaks it. It runs over made-up cases of
the small protocol and of the real one, and once over something that does break it:
a property that cannot fail protects nobody.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.deduction import Deduction
from intake.expression import parse
from intake.outcome import Assessment
from intake.protocol import Concern, Protocol, Rule, Tier
from tests.property.random_answers import PROTOCOLS, Case, cases, take_unknown_for_no

both = pytest.mark.parametrize("which", PROTOCOLS)


def fired(assessment: Assessment) -> set[str]:
    """Return the ids of the rules that fired and do not look at the outcome itself."""
    return {
        one.rule.id
        for concern in assessment.concerns
        for one in concern.rules
        if not one.rule.reads_outcome
    }


def one_less(case: Case) -> Iterator[tuple[str, Case]]:
    """Yield the case with one answer, or one side of it, not asked."""
    for question, value in case.answers.items():
        yield question, case.without(question)
        if isinstance(value, dict) and value.keys() == {"left", "right"}:
            for side in ("left", "right"):
                half = {side: value[side]}
                yield question, case.with_answers({**case.answers, question: half})


# the order of rules


def comparable(assessment: Assessment) -> dict[str, Any]:
    """Return what was said, without the order in which equals stand."""
    return {
        "tier": assessment.tier,
        "could_be": assessment.could_be,
        "fired": {
            one.rule.id: dict(one.answers)
            for concern in assessment.concerns
            for one in concern.rules
        },
        "concerns": {
            (c.concern.id, c.tier, c.strength, c.against) for c in assessment.concerns
        },
        "suggestions": {
            (s.action.id, s.tier, s.within_hours, frozenset(s.concerns))
            for s in assessment.suggestions
        },
        "not_suggested": {n.action for n in assessment.not_suggested},
        "thrust": assessment.manual_therapy.thrust,
        "ask_next": {
            (a.question, a.could_raise_to, a.state, a.is_open)
            for a in assessment.ask_next
        },
        "red_flags": dict(assessment.red_flags),
        "held_back": {held.rule.id for held in assessment.held_back},
        "scope": {limit.id for limit in assessment.out_of_scope},
    }


def turned(protocol: Protocol) -> Protocol:
    """Return the protocol with concerns and rules in the opposite order."""
    concerns: dict[str, Concern] = {
        name: replace(concern, rules=tuple(reversed(concern.rules)))
        for name, concern in reversed(list(protocol.concerns.items()))
    }
    return replace(
        protocol,
        concerns=concerns,
        scope=tuple(reversed(protocol.scope)),
        thrust_cautions=tuple(reversed(protocol.thrust_cautions)),
        red_flags=tuple(reversed(protocol.red_flags)),
        not_suggested=tuple(reversed(protocol.not_suggested)),
    )


@both
@given(data=st.data())
def test_the_order_of_rules_does_not_matter(which: str, data: st.DataObject) -> None:
    protocol = PROTOCOLS[which]()
    case = data.draw(cases(which))
    expected = comparable(case.assessed(protocol))
    assert comparable(case.assessed(turned(protocol))) == expected


def test_the_comparison_of_orders_can_fail() -> None:
    """With one rule left out, two assessments are not called the same."""
    protocol = PROTOCOLS["small"]()
    case = Case(50, "male", {"cancer.history": "yes", "neuro.bladder": ["retention"]})
    cord = protocol.concerns["cord_compression"]
    shorter = replace(cord, rules=cord.rules[1:])
    other = replace(protocol, concerns={**protocol.concerns, cord.id: shorter})
    assert comparable(case.assessed(protocol)) != comparable(case.assessed(other))


# an answer taken back


def not_asked_back(protocol: Protocol, case: Case) -> list[str]:
    """Return the answers whose loss lowers the tier without being asked for.

    A number entered over one that other answers give is no loss: they answer instead.
    """
    before = case.assessed(protocol)
    return [
        f"{question}: {before.tier.code} to {after.tier.code}"
        for question, fewer in one_less(case)
        if (after := fewer.assessed(protocol)).tier < before.tier
        and question not in {asked.question for asked in after.ask_next}
        and not _answered_otherwise(protocol, fewer, question)
    ]


def _answered_otherwise(protocol: Protocol, case: Case, question: str) -> bool:
    derive = protocol.questions[question].derive
    return derive is not None and all(q in case.answers for q in derive.sources)


@both
@given(data=st.data())
def test_a_tier_lost_with_an_answer_is_asked_back(
    which: str, data: st.DataObject
) -> None:
    """Unknown is not no: what was not asked must show up in ask next."""
    case = data.draw(cases(which))
    assert not_asked_back(PROTOCOLS[which](), case) == []


def test_the_search_for_lost_answers_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """An evaluator that takes "not asked" for no is found out."""
    protocol = PROTOCOLS["small"]()
    case = Case(50, "male", {"cancer.history": "yes", "neuro.bladder": ["retention"]})
    assert not_asked_back(protocol, case) == []
    take_unknown_for_no(monkeypatch)
    assert not_asked_back(protocol, case) == [
        "cancer.history: same_day to monitor",
        "neuro.bladder: same_day to monitor",
    ]


# an answer more


def lowered_unseen(protocol: Protocol, case: Case) -> list[str]:
    """Return the rules that an additional answer silenced without a word."""
    after = case.assessed(protocol)
    held = {one.rule.id for one in after.held_back}
    scope = {limit.id for limit in after.out_of_scope}
    found = []
    for question, fewer in one_less(case):
        before = fewer.assessed(protocol)
        found += [f"{question}: {r}" for r in fired(before) - fired(after) - held]
        found += [
            f"{question}: scope {limit.id}"
            for limit in before.out_of_scope
            if limit.id not in scope
        ]
        if after.tier < before.tier and not fired(before) - fired(after):
            found.append(f"{question}: the tier")
    return found


@both
@given(data=st.data())
def test_an_answer_silences_a_rule_only_in_view(
    which: str, data: st.DataObject
) -> None:
    """Only through `unless` or an answer set aside, and then it is in held_back."""
    case = data.draw(cases(which))
    assert lowered_unseen(PROTOCOLS[which](), case) == []


def test_the_search_for_silenced_rules_can_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An evaluator that takes "not asked" for no makes every `not` fire too early."""
    protocol = PROTOCOLS["small"]()
    concern = protocol.concerns["spinal_infection"]
    hasty = replace(
        concern.rules[0],
        when=parse("not pain.with_movement", protocol.questions, protocol.findings),
    )
    concerns = {**protocol.concerns, concern.id: replace(concern, rules=(hasty,))}
    changed = replace(protocol, concerns=concerns)
    case = Case(50, "male", {"pain.with_movement": "yes"})
    assert lowered_unseen(changed, case) == []
    take_unknown_for_no(monkeypatch)
    assert lowered_unseen(changed, case) == ["pain.with_movement: infection.fever"]


# a red flag more


def redder(protocol: Protocol, case: Case) -> Iterator[tuple[str, Case]]:
    """Yield the case with each red flag set, whatever was answered before."""
    for question in protocol.questions.values():
        if not question.red_flag:
            continue
        if question.kind == "flag":
            before = case.answers.get(question.id, {})
            values: list[Any] = (
                [{**before, side: "yes"} for side in ("left", "right")]
                if question.sided
                else ["yes"]
            )
        elif question.kind == "choices" and not question.sided:
            chosen = [
                o
                for o in case.answers.get(question.id, [])
                if o != question.none_option
            ]
            values = [
                [*chosen, option]
                for option in question.options or ()
                if option != question.none_option and option not in chosen
            ]
        else:
            msg = f"how to worsen a {question.kind}, {question.id}, is not known"
            raise NotImplementedError(msg)
        for value in values:
            yield question.id, case.with_answers({**case.answers, question.id: value})


def reassured_by_red(protocol: Protocol, case: Case) -> list[str]:
    """Return the red flags that lower the tier or silence a rule."""
    before = case.assessed(protocol)
    found = []
    for question, worse in redder(protocol, case):
        after = worse.assessed(protocol)
        held = {one.rule.id for one in after.held_back}
        if after.tier < before.tier:
            found.append(f"{question}: {before.tier.code} to {after.tier.code}")
        found += [f"{question}: {r}" for r in fired(before) - fired(after) - held]
    return found


@both
@given(data=st.data())
def test_a_red_flag_never_reassures(which: str, data: st.DataObject) -> None:
    """A yes to a warning sign lowers no tier and silences no rule."""
    case = data.draw(cases(which))
    assert reassured_by_red(PROTOCOLS[which](), case) == []


def test_the_search_for_reassuring_red_flags_can_fail() -> None:
    """A rule that needs a red flag to be absent (it would not load) is found out."""
    protocol = PROTOCOLS["small"]()
    concern = protocol.concerns["spinal_infection"]
    wrong: Rule = replace(
        concern.rules[0],
        when=parse(
            "possible(pain.with_movement) and not general.fever",
            protocol.questions,
            protocol.findings,
        ),
    )
    concerns = {**protocol.concerns, concern.id: replace(concern, rules=(wrong,))}
    case = Case(50, "male", {"pain.with_movement": "yes", "general.fever": "no"})
    found = reassured_by_red(replace(protocol, concerns=concerns), case)
    assert found[0] == "general.fever: within_7_days to monitor"


# the reasons shown


def unexplained(protocol: Protocol, case: Case) -> list[str]:
    """Return the rules whose answers, assessed alone, do not fire them again."""
    return [
        one.rule.id
        for concern in case.assessed(protocol).concerns
        for one in concern.rules
        if one.rule.id
        not in {
            again.rule.id
            for other in case.with_answers(one.answers).assessed(protocol).concerns
            for again in other.rules
        }
    ]


@both
@given(data=st.data())
def test_the_answers_shown_are_the_whole_reason(
    which: str, data: st.DataObject
) -> None:
    case = data.draw(cases(which))
    assert unexplained(PROTOCOLS[which](), case) == []


def test_the_search_for_missing_reasons_can_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With support that forgets everything, a rule cannot explain itself."""
    case = Case(50, "male", {"cancer.history": "yes", "neuro.bladder": ["retention"]})
    protocol = PROTOCOLS["small"]()
    assert unexplained(protocol, case) == []
    monkeypatch.setattr(Deduction, "support", lambda *_: frozenset())
    assert unexplained(protocol, case) == ["cord.cancer"]


# what is always there


@both
@given(data=st.data())
def test_the_tier_is_one_of_six_and_could_be_is_never_below_it(
    which: str, data: st.DataObject
) -> None:
    """There is no "all clear", and out of scope is at least routine."""
    result = data.draw(cases(which)).assessed(PROTOCOLS[which]())
    assert result.tier in Tier
    assert result.could_be >= result.tier
    assert all(asked.could_raise_to > result.tier for asked in result.ask_next)
    if result.out_of_scope:
        assert result.tier >= Tier.ROUTINE
    assert set(result.red_flags.values()) <= {
        "present",
        "absent",
        "unsure",
        "not_asked",
    }


def test_assessing_twice_gives_the_same() -> None:
    """Pure: nothing is remembered from one patient to the next."""
    case = Case(50, "male", {"cancer.history": "yes", "neuro.bladder": ["retention"]})
    protocol = PROTOCOLS["small"]()
    first = comparable(case.assessed(protocol))
    Case(70, "female", {}).assessed(protocol)
    assert comparable(case.assessed(protocol)) == first
