"""A decision holds exactly as long as nothing more speaks for what was decided on.

Each property is a function that returns what breaks it, and runs once over a broken
kind of lapsing: a property that cannot fail protects nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from intake import decisions
from intake.decisions import (
    Choice,
    Decision,
    decision_json,
    decision_of,
    emergency_grounds,
    grounds_of,
    lapsed,
    open_suggestions,
    standing,
    standings,
    without_declined,
)
from intake.outcome import Assessment, Suggestion
from intake.protocol import Tier
from tests.property.random_answers import PROTOCOLS, Case, cases

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
both = pytest.mark.parametrize("which", PROTOCOLS)
Lapses = Callable[[Decision, decisions.Grounds], str]


def decided(
    assessment: Assessment,
    choice: Choice = "declined",
    who: str = "Sam",
    minute: int = 0,
) -> list[Decision]:
    """Return the same decision on every suggestion."""
    return [
        Decision(
            f"{one.action.id}/{who}/{minute}",
            one.action.id,
            choice,
            grounds_of(assessment, one),
            who,
            NOON + timedelta(minutes=minute),
            words="" if choice == "accepted" else "why",
        )
        for one in assessment.suggestions
    ]


def speaks_for(
    assessment: Assessment, one: Suggestion
) -> dict[str, tuple[object, dict[str, object]]]:
    """Return the rules behind a suggestion, each with tier and answers; by hand."""
    return {
        fired.rule.id: (fired.rule.tier, dict(fired.answers))
        for raised in assessment.concerns
        for fired in raised.rules
        if fired.rule.id in one.because
    }


def wrongly_settled(
    before: Assessment, after: Assessment, lapses: Lapses = lapsed
) -> list[str]:
    """Return what is settled though more speaks for it than when it was declined."""
    earlier = {one.action.id: one for one in before.suggestions}
    wrong = []
    for one in after.suggestions:
        then = earlier.get(one.action.id)
        mine = [d for d in decided(before) if d.subject == one.action.id]
        if then is None or not mine:
            continue
        grew = one.tier > then.tier or bool(set(one.because) - set(then.because))
        answers = {
            question: value
            for _, found in speaks_for(before, then).values()
            for question, value in found.items()
        }
        changed = any(
            answers.get(question) != value
            for _, found in speaks_for(after, one).values()
            for question, value in found.items()
        )
        if (grew or changed) and not lapses(mine[0], grounds_of(after, one)):
            wrong.append(one.action.id)
    return wrong


@both
@given(data=st.data())
def test_what_came_to_say_more_asks_again(which: str, data: st.DataObject) -> None:
    protocol = PROTOCOLS[which]()
    before, after = data.draw(cases(which)), data.draw(cases(which))
    later = before.with_answers({**before.answers, **after.answers})
    assert not wrongly_settled(before.assessed(protocol), later.assessed(protocol))


@both
@pytest.mark.parametrize(
    "broken",
    [
        lambda *_: "",
        lambda one, now: lapsed(one, replace(now, findings={})),
        lambda one, now: lapsed(one, replace(now, rules=(), findings={})),
    ],
    ids=["nothing", "no answers", "tier alone"],
)
def test_one_that_looks_at_less_is_found_out(which: str, broken: Lapses) -> None:
    protocol = PROTOCOLS[which]()

    def is_wrong(pair: tuple[Case, Case]) -> bool:
        before, after = pair
        later = before.with_answers({**before.answers, **after.answers})
        found = before.assessed(protocol), later.assessed(protocol)
        return bool(wrongly_settled(*found, broken))

    both_of_them = st.tuples(cases(which), cases(which))
    quick = settings(max_examples=300, phases=[Phase.generate], derandomize=True)
    assert find(both_of_them, is_wrong, settings=quick)


@both
@given(data=st.data())
def test_nobody_is_asked_twice_about_the_same(which: str, data: st.DataObject) -> None:
    """Every suggestion is settled once decided, and stays so when read back."""
    assessment = data.draw(cases(which)).assessed(PROTOCOLS[which]())
    kept = [decision_of(decision_json(one)) for one in decided(assessment, "accepted")]
    assert open_suggestions(assessment, kept) == []
    assert kept == decided(assessment, "accepted")


@both
@given(data=st.data())
def test_declining_keeps_the_tier_and_all_that_was_found(
    which: str, data: st.DataObject
) -> None:
    assessment = data.draw(cases(which)).assessed(PROTOCOLS[which]())
    left = without_declined(assessment, decided(assessment))
    assert left == replace(assessment, suggestions=())
    assert without_declined(assessment, decided(assessment, "adapted")) == assessment


@given(
    choices=st.lists(
        st.tuples(
            st.sampled_from(["accepted", "adapted", "declined", "taken_back"]),
            st.sampled_from(["Ash", "Kim"]),
        ),
        max_size=8,
    )
)
def test_the_last_one_counts_and_the_other_person_is_named(
    choices: Sequence[tuple[Choice, str]],
) -> None:
    now = decisions.Grounds(Tier.ROUTINE, ("r",), {"q": "yes"}, "d")
    kept = [
        Decision(str(number), "a", choice, now, who, NOON)
        for number, (choice, who) in enumerate(choices)
    ]
    found = standing("a", now, kept)
    if not kept or kept[-1].choice == "taken_back":
        assert found.decision is None
        return
    assert found.decision == kept[-1]
    if len(kept) > 1 and kept[-2].choice != "taken_back":
        differs = kept[-2].who != kept[-1].who
        assert found.other == (kept[-2] if differs else None)


def test_fewer_reasons_ask_nobody_again_and_more_say_why() -> None:
    then = decisions.Grounds(Tier.SAME_DAY, ("a", "b"), {"q": "yes", "p": 3}, "d")
    (one,) = [Decision("1", "x", "declined", then, "Sam", NOON, "why")]
    fewer = decisions.Grounds(Tier.ROUTINE, ("a",), {"q": "yes"}, "d")
    assert lapsed(one, then) == lapsed(one, fewer) == ""
    more = (
        (replace(then, tier=Tier.EMERGENCY_NOW), "more urgent now: emergency now"),
        (replace(then, rules=("a", "b", "c")), "other reasons"),
        (replace(then, findings={"q": "yes", "p": 4}), "an answer it rests on"),
        (replace(then, findings={**then.findings, "new": 1}), "an answer it rests on"),
        (replace(then, protocol="e"), "the rules were changed"),
    )
    for now, why in more:
        assert why in lapsed(one, now)


def test_what_came_in_after_the_signature_counts_for_nothing() -> None:
    now = decisions.Grounds(Tier.ROUTINE, ("r",), {}, "d")
    late = Decision("1", "x", "declined", now, "Sam", NOON, "why", is_late=True)
    assert standing("x", now, [late]).latest is None


def test_an_emergency_set_aside_is_no_decision_on_a_suggestion() -> None:
    protocol = PROTOCOLS["real"]()
    assert decisions.EMERGENCY not in protocol.actions
    assessment = Case(50, "male", {}).assessed(protocol)
    grounds = emergency_grounds(assessment)
    assert grounds.rules == ()
    aside = Decision("1", decisions.EMERGENCY, "set_aside", grounds, "S", NOON, "why")
    assert decisions.problems_of(aside) == []
    assert decisions.problems_of(replace(aside, subject="call.emergency_services"))
    assert decisions.problems_of(replace(aside, choice="accepted"))
    assert decisions.problems_of(replace(aside, words="  "))
    assert all(s.decision is None for s in standings(assessment, [aside]).values())
