"""`assess()`: from answers to the next step, on the small protocol.

Each test reads as one promise of docs/command-line.md. Nothing clinical is decided
here; the published cases do that.
"""

from dataclasses import replace
from typing import Any

import pytest

from intake.answer_tests import FlagIs
from intake.expression import Expression
from intake.outcome import Assessment
from intake.protocol import Protocol, Rule, Tier
from tests.intake.small import (
    assessed,
    expression,
    fired,
    pressure,
    quantity,
    small_protocol,
)
from tests.intake.test_visibility import ALL_CORE

Answers = dict[str, Any]
BOTH_NO = {"left": "no", "right": "no"}
CORD: Answers = {"cancer.history": "yes", "neuro.bladder": ["retention"]}
CANCER_8_WEEKS: Answers = {
    "cancer.history": "yes",
    "pain.duration": quantity(8, "wk"),
}
FEVER: Answers = {"general.fever": "yes", "general.weight_loss": "yes"}
THIRD_VISIT: Answers = {"pain.visits": quantity(2, "1")}


def asked(assessment: Assessment) -> dict[str, str]:
    """Return the questions of `ask_next` and how far each could raise."""
    return {a.question: a.could_raise_to.code for a in assessment.ask_next}


def with_rules(*changed: Rule, reverse: bool = False) -> Protocol:
    """Return the small protocol with some rules replaced or added by their id."""
    protocol = small_protocol()
    new = {rule.id: rule for rule in changed}
    concerns = {}
    for concern in protocol.concerns.values():
        rules = [new.pop(rule.id, rule) for rule in concern.rules]
        rules += [rule for rule in new.values() if rule.concern == concern.id]
        for rule in rules:
            new.pop(rule.id, None)
        ordered = tuple(reversed(rules)) if reverse else tuple(rules)
        concerns[concern.id] = replace(concern, rules=ordered)
    return replace(protocol, concerns=concerns)


def rule(identity: str) -> Rule:
    """Return a rule of the small protocol."""
    return next(r for r in small_protocol().rules if r.id == identity)


# how a rule comes out


def test_a_rule_fires_when_its_condition_is_true() -> None:
    result = assessed(CORD)
    assert fired(result) == {"cord.cancer"}
    assert result.tier is Tier.SAME_DAY


def test_nothing_asked_is_monitor_and_never_an_all_clear() -> None:
    """The floor is a tier, and beside it stands what it could be."""
    result = assessed()
    assert result.tier is Tier.MONITOR
    assert result.could_be is Tier.EMERGENCY_NOW
    assert result.headline.startswith("Nothing urgent in what was asked so far, ")
    assert f"{len(result.open_questions)} questions open" in result.headline


def test_a_rule_that_cannot_tell_names_what_would_settle_it() -> None:
    result = assessed({"cancer.history": "yes"})
    assert fired(result) == set()
    assert asked(result)["neuro.bladder"] == "same_day"
    entry = next(a for a in result.ask_next if a.question == "neuro.bladder")
    assert (entry.state, entry.is_open) == ("not_asked", True)
    assert "cord.cancer" in entry.rules


def test_a_rule_that_is_untrue_asks_nothing() -> None:
    without = {"cancer.history": "no", "neuro.leg_weakness": BOTH_NO}
    assert "neuro.bladder" not in asked(assessed(without))


def test_a_rule_is_held_back_only_while_unless_is_true() -> None:
    """A no or an unknown in `unless` holds nothing back."""
    explained = {"exam.explains": "yes", "pain.with_movement": "yes"}
    held = assessed({**CANCER_8_WEEKS, **explained})
    assert fired(held) == set()
    assert [(h.rule.id, h.because) for h in held.held_back] == [
        ("malignancy.history", rule("malignancy.history").unless_because)
    ]
    assert held.tier is Tier.MONITOR
    for answers in ({}, {"exam.explains": "yes"}, {**explained, "exam.explains": "no"}):
        free = assessed({**CANCER_8_WEEKS, **answers})
        assert fired(free) == {"malignancy.history"}
        assert free.held_back == ()


def test_a_rule_that_cannot_tell_and_is_held_back_asks_nothing() -> None:
    """Whatever the answer, it would not fire."""
    result = assessed(
        {"cancer.history": "yes", "exam.explains": "yes", "pain.with_movement": "yes"}
    )
    assert "pain.duration" not in asked(result)


def test_unsure_is_not_no_and_is_asked_again() -> None:
    result = assessed({"cancer.history": "unsure", "neuro.bladder": ["retention"]})
    entry = next(a for a in result.ask_next if a.question == "cancer.history")
    assert (entry.state, entry.could_raise_to) == ("unsure", Tier.SAME_DAY)


def test_a_side_not_examined_is_not_asked_rather_than_unsure() -> None:
    """The patient was not unsure: nobody looked at the other leg."""
    half = {"cancer.history": "yes", "neuro.leg_weakness": {"left": "no"}}
    entry = next(
        a for a in assessed(half).ask_next if a.question == "neuro.leg_weakness"
    )
    assert entry.state == "not_asked"


# tiers and raises


def test_the_most_urgent_rule_sets_the_tier() -> None:
    result = assessed({**CORD, **FEVER})
    assert fired(result) == {"cord.cancer", "infection.fever"}
    assert result.tier is Tier.SAME_DAY


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (THIRD_VISIT, "within_14_days"),  # routine by itself, raised by one
        ({**THIRD_VISIT, **CANCER_8_WEEKS}, "within_7_days"),
        ({**THIRD_VISIT, **FEVER}, "within_7_days"),  # already at the top of the raise
        ({**THIRD_VISIT, **CORD}, "same_day"),  # never lowered to that top
    ],
)
def test_a_third_visit_raises_by_one_and_never_above_its_top(
    answers: Answers, expected: str
) -> None:
    assert assessed(answers).tier.code == expected


def test_a_raise_that_fired_counts_in_what_an_answer_could_do() -> None:
    """With the third visit, cancer for a month would mean within 7 days, not 14."""
    result = assessed({**THIRD_VISIT, "pain.duration": quantity(8, "wk"),
                       "neuro.leg_weakness": BOTH_NO, "neuro.bladder": ["none"],
                       "exam.strength.hip": {"left": "5", "right": "5"},
                       "exam.strength.knee": {"left": "5", "right": "5"},
                       "general.fever": "no", "general.weight_loss": "no"})  # fmt: skip
    assert result.tier is Tier.WITHIN_14_DAYS
    assert asked(result)["cancer.history"] == "within_7_days"


@pytest.mark.parametrize("reverse", [False, True])
def test_several_raises_do_not_depend_on_their_order(reverse: bool) -> None:
    """One stops at 14 days, one at 7: together they reach 7, whoever comes first."""
    small = replace(
        rule("malignancy.third_visit"),
        id="malignancy.low_raise",
        never_above=Tier.WITHIN_14_DAYS,
    )
    result = assessed(THIRD_VISIT, protocol=with_rules(small, reverse=reverse))
    assert result.tier is Tier.WITHIN_7_DAYS


def test_could_be_counts_open_questions_only() -> None:
    """A detail that never opened holds nobody up, and stays in `ask_next`."""
    quiet = {
        **ALL_CORE,
        "vitals.bp_left": pressure(120),
        "pain.duration": quantity(2, "wk"),
    }
    result = assessed(quiet)
    assert result.tier is Tier.MONITOR
    assert result.could_be is Tier.MONITOR
    assert result.ask_next
    assert [a.question for a in result.ask_next if a.is_open] == []


def test_an_age_nobody_registered_is_an_open_question() -> None:
    """It is asked at the desk, not opened by an answer: could_be must count it."""
    protocol = with_rules(
        replace(rule("mechanical.pressure"), when=expression("age >= 60"))
    )
    result = assessed(ALL_CORE, age=None, protocol=protocol)
    assert result.tier is Tier.MONITOR
    assert result.could_be is Tier.ROUTINE
    assert asked(result)["patient.birth_date"] == "routine"


# ask next


def test_ask_next_puts_open_and_urgent_questions_first() -> None:
    result = assessed({"cancer.history": "yes", "neuro.leg_weakness": {"left": "yes"}})
    keys = [(not a.is_open, -a.could_raise_to) for a in result.ask_next]
    assert keys == sorted(keys)
    assert result.ask_next[0].question == "neuro.progressing"


def test_among_equals_the_question_with_fewest_missing_comes_first() -> None:
    """One answer from a decision is worth more than the first of three."""
    result = assessed(
        {
            "general.fever": "yes",
            "neuro.bladder": ["none"],
            "cancer.history": "no",
            "neuro.leg_weakness": BOTH_NO,
        }
    )
    same = [
        a.question
        for a in result.ask_next
        if a.is_open and a.could_raise_to is Tier.WITHIN_7_DAYS
    ]
    assert set(same[:2]) == {"general.weight_loss", "exam.percussion"}


def test_ask_next_holds_each_question_once_with_all_its_rules() -> None:
    result = assessed()
    questions = [a.question for a in result.ask_next]
    assert len(questions) == len(set(questions))
    entry = next(a for a in result.ask_next if a.question == "cancer.history")
    assert set(entry.rules) == {"cord.cancer", "malignancy.history"}


def test_what_cannot_raise_the_tier_is_not_asked() -> None:
    result = assessed(CORD)
    assert {a.could_raise_to for a in result.ask_next} == {Tier.EMERGENCY_NOW}


# suggestions


def test_a_suggestion_stands_once_at_its_highest_tier_with_its_shortest_clock() -> None:
    answers = {**CORD, **FEVER, **CANCER_8_WEEKS}
    result = assessed(answers)
    (mri,) = [s for s in result.suggestions if s.action.id == "imaging.mri"]
    assert mri.tier is Tier.SAME_DAY
    assert mri.within_hours == 24
    assert set(mri.concerns) == {
        "cord_compression",
        "spinal_infection",
        "spinal_malignancy",
    }
    assert set(mri.because) == {"cord.cancer", "infection.fever", "malignancy.history"}
    identities = [s.action.id for s in result.suggestions]
    assert len(identities) == len(set(identities))


def test_the_shortest_clock_wins_even_from_the_same_concern() -> None:
    fast = {"neuro.leg_weakness": {"left": "yes"}, "neuro.progressing": "over_hours"}
    result = assessed({**CORD, **fast})
    (mri,) = [s for s in result.suggestions if s.action.id == "imaging.mri"]
    assert (mri.tier, mri.within_hours) == (Tier.EMERGENCY_NOW, 4)
    assert mri.concerns == ("cord_compression",)


def test_suggestions_stand_by_tier_then_by_kind() -> None:
    fast = {"neuro.leg_weakness": {"left": "yes"}, "neuro.progressing": "over_hours"}
    result = assessed({**CORD, **fast, **FEVER})
    tiers = [s.tier for s in result.suggestions]
    assert tiers == sorted(tiers, reverse=True)
    assert result.suggestions[0].action.id == "call.emergency"


def test_what_is_suggested_is_not_listed_as_not_suggested() -> None:
    """MRI for a fever after two weeks: the early "not yet" has to go."""
    early = {"pain.duration": quantity(2, "wk")}
    assert [n.action for n in assessed(early).not_suggested] == ["imaging.mri"]
    assert assessed({**early, **FEVER}).not_suggested == ()


# scope


def test_outside_the_scope_adds_a_referral_and_the_routine_tier() -> None:
    result = assessed({}, age=12)
    assert [limit.id for limit in result.out_of_scope] == ["under_18"]
    assert result.tier is Tier.ROUTINE
    assert [(s.action.id, s.tier) for s in result.suggestions] == [
        ("referral.paediatrician", Tier.ROUTINE)
    ]
    assert result.suggestions[0].concerns == ()


def test_outside_the_scope_silences_nothing() -> None:
    result = assessed(CORD, age=12)
    assert fired(result) == {"cord.cancer"}
    assert result.tier is Tier.SAME_DAY
    assert "referral.paediatrician" in {s.action.id for s in result.suggestions}


def test_a_raise_starts_from_the_tier_of_the_scope() -> None:
    result = assessed({**THIRD_VISIT, "pregnancy.status": "pregnant"}, sex="female")
    assert result.tier is Tier.WITHIN_14_DAYS


def test_a_scope_that_is_not_known_yet_is_asked() -> None:
    answers = {k: v for k, v in ALL_CORE.items() if k != "men.flow"}
    result = assessed(answers, sex="female")
    entry = next(a for a in result.ask_next if a.question == "pregnancy.status")
    assert (entry.could_raise_to, entry.rules) == (Tier.ROUTINE, ("pregnant",))


# manual therapy


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "no_block_found"),
        ({"risk.osteoporosis": "yes"}, "caution"),
        ({"skin.rash": "yes"}, "blocked"),
        ({"skin.rash": "yes", "risk.osteoporosis": "yes"}, "blocked"),
        ({"risk.osteoporosis": "unsure"}, "no_block_found"),
        (FEVER, "blocked"),
        ({"vitals.bp_left": pressure(80)}, "no_block_found"),
    ],
)
def test_a_thrust_is_blocked_by_a_concern_or_a_finding(
    answers: Answers, expected: str
) -> None:
    """Blocked whenever a concern that forbids it has fired above `monitor`."""
    result = assessed(answers)
    assert result.manual_therapy.thrust == expected
    assert bool(result.manual_therapy.because) is (expected != "no_block_found")


def test_beside_a_block_nothing_is_said_of_what_a_caution_leaves_open() -> None:
    """Soft-tissue methods beside "no hands-on treatment" would contradict it."""
    result = assessed({**CORD, "risk.osteoporosis": "yes"})
    assert result.manual_therapy.because == (
        "Findings listed for suspected spinal cord compression.",
        "Brittle bones.",
    )
    assert result.manual_therapy.instead == ("No thrust anywhere.",)


# red flags


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "not_asked"),
        ({"general.fever": "yes"}, "present"),
        ({"general.fever": "no"}, "not_asked"),
        ({"general.fever": "no", "general.weight_loss": "no"}, "not_asked"),
        (
            {
                "general.fever": "no",
                "general.weight_loss": "no",
                "vitals.temperature": quantity(37, "Cel"),
            },
            "absent",
        ),
        ({"general.fever": "unsure"}, "unsure"),
        ({"general.fever": "no", "general.weight_loss": "unsure"}, "unsure"),
        ({"general.fever": "unsure", "general.weight_loss": "yes"}, "present"),
    ],
)
def test_a_red_flag_has_four_states(answers: Answers, expected: str) -> None:
    """Not asked never reads as absent."""
    assert assessed(answers).red_flags["systemic"] == expected


# what else is said


def test_what_speaks_against_is_shown_and_changes_nothing() -> None:
    with_it = assessed({**CORD, "exam.explains": "yes"})
    without = assessed(CORD)
    assert [c.against for c in with_it.concerns] == [
        ("The examination explains the pain.",)
    ]
    assert [c.against for c in without.concerns] == [()]
    assert with_it.tier is without.tier


def test_a_concern_takes_tier_and_strength_from_its_best_rules() -> None:
    fast = {"neuro.leg_weakness": {"left": "yes"}, "neuro.progressing": "over_hours"}
    (cord,) = [
        c
        for c in assessed({**CORD, **fast}).concerns
        if c.concern.id == "cord_compression"
    ]
    assert (cord.tier, cord.strength) == (Tier.EMERGENCY_NOW, "strong")
    assert [f.rule.id for f in cord.rules] == ["cord.fast", "cord.cancer"]


def test_benign_care_waits_until_everything_was_asked() -> None:
    """form_flow 1.2: on core_done and nothing above monitor."""
    assert "mechanical.nothing_else" not in fired(assessed({"pain.now": 3}))
    done = assessed(ALL_CORE)
    assert done.core_done is True
    assert fired(done) == {"mechanical.nothing_else"}
    assert [n.action for n in done.not_suggested] == ["imaging.xray", "imaging.mri"]
    assert done.headline == "Monitor: recheck on a fixed date"


def test_benign_care_does_not_stand_beside_a_concern() -> None:
    result = assessed({**ALL_CORE, "vitals.bp_left": pressure(80)})
    assert fired(result) == {"mechanical.pressure"}


@pytest.mark.parametrize(
    "answers",
    [
        CORD,
        {**CORD, **FEVER, **CANCER_8_WEEKS, **THIRD_VISIT},
        {"neuro.leg_weakness": {"left": "yes", "right": "no"},
         "neuro.progressing": "over_hours", "pain.now": 4},
        {"neuro.arm_numb": {"left": "yes"},
         "neuro.arm_numb_where": {"left": ["inner"]}, "cancer.history": "no"},
        {"general.fever": "no", "vitals.temperature": quantity(39, "Cel"),
         "result.esr": quantity(40, "mm/h"), "exam.percussion": "not_done"},
        {"risk.smoking_years": quantity(40, "a"), "risk.cigarettes": quantity(20, "/d"),
         "risk.smoking": "former", "general.weight_loss": "yes"},
        {"cancer.treatment_ended": "2024", "cancer.types": ["breast"],
         "cancer.history": "yes", "cancer.treatments": ["surgery"]},
        {"pain.onset_date": "2026-06", "cancer.history": "yes"},
        {"vitals.bp_left": pressure(140), "vitals.bp_right": pressure(110)},
        ALL_CORE,
    ],
)  # fmt: skip
def test_the_answers_of_a_rule_fire_it_again_alone(answers: Answers) -> None:
    """They are printed as the reason, so nothing else may have been needed."""
    rules = [f for c in assessed(answers).concerns for f in c.rules]
    assert rules
    for one in rules:
        assert one.rule.id in fired(assessed(dict(one.answers)))


def test_a_rule_that_fails_is_listed_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Never skipped in silence: what was not looked at must be seen."""
    broken = expression("general.tired").condition
    assert isinstance(broken, FlagIs)

    def fail(self: FlagIs, answer: object) -> object:
        if self == broken:
            raise KeyError(self.question)
        return original(self, answer)

    original: Any = FlagIs.of
    monkeypatch.setattr(FlagIs, "of", fail)
    protocol = with_rules(replace(rule("cord.fast"), when=Expression("x", broken)))
    result = assessed({**CORD, "general.tired": "no"}, protocol=protocol)
    assert result.failed_rules == ("cord.fast",)
    assert fired(result) == {"cord.cancer"}


# answers set aside


def test_a_rule_on_a_hidden_answer_is_held_back_in_words() -> None:
    """A "no" that hides an answer must not lower the tier in silence."""
    treated = {"cancer.types": ["breast"], "cancer.treatment_ended": "2025"}
    assert fired(assessed(treated)) == {"malignancy.treated"}
    result = assessed({**treated, "cancer.history": "no"})
    assert fired(result) == set()
    assert result.hidden == {"cancer.types"}
    assert [h.rule.id for h in result.held_back] == ["malignancy.treated"]
    assert "Which cancer" in result.held_back[0].because


def test_a_duration_typed_over_the_date_is_held_back_in_words() -> None:
    """An entered duration wins; the rule the date would have fired is shown."""
    by_date = {"cancer.history": "yes", "pain.onset_date": "2026-06"}
    assert fired(assessed(by_date)) == {"malignancy.history"}
    result = assessed({**by_date, "pain.duration": quantity(1, "wk")})
    assert fired(result) == set()
    assert [h.rule.id for h in result.held_back] == ["malignancy.history"]
    assert "How long" in result.held_back[0].because


def test_a_hidden_answer_and_a_typed_number_do_not_cancel_each_other() -> None:
    """The rule needs the hidden answer and the number as typed, not as derived."""
    both = replace(
        rule("malignancy.treated"),
        when=expression('"breast" in cancer.types and pain.duration >= "4 wk"'),
    )
    answers = {
        "cancer.types": ["breast"],
        "pain.onset_date": "2026-11-20",
        "pain.duration": quantity(8, "wk"),
    }
    protocol = with_rules(both)
    assert fired(assessed(answers, protocol=protocol)) == {"malignancy.treated"}
    result = assessed({**answers, "cancer.history": "no"}, protocol=protocol)
    assert [h.rule.id for h in result.held_back] == ["malignancy.treated"]


def test_an_answer_to_what_is_not_asked_any_more_changes_nothing() -> None:
    """An open visit may be older than the protocol."""
    known = assessed({"cancer.history": "yes"})
    assert assessed({"cancer.history": "yes", "gone.question": 7.0}) == known
