"""Each action once, and none that another one makes needless."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from intake.outcome import Suggestion
from intake.protocol import Protocol, Rule, Step, Tier
from intake.protocol_loader import default_protocol
from intake.suggestions import suggestions_of

ON = date(2026, 11, 25)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def _rule(
    protocol: Protocol, tier: Tier, *steps: Step, concern: str = "myeloma"
) -> Rule:
    return replace(
        protocol.rules[0],
        id=f"rule.{tier.code}",
        concern=concern,
        tier=tier,
        steps=steps,
    )


def _of(protocol: Protocol, rules: Sequence[Rule]) -> dict[str, Suggestion]:
    return {s.action.id: s for s in suggestions_of(protocol, rules, [], ON)}


def test_a_later_appointment_is_left_out_beside_a_sooner_one(
    protocol: Protocol,
) -> None:
    """Two appointments with the same physician would only confuse."""
    found = _of(
        protocol,
        [
            _rule(protocol, Tier.WITHIN_14_DAYS, Step("referral.pcp_14_days")),
            _rule(
                protocol,
                Tier.WITHIN_7_DAYS,
                Step("referral.pcp_7_days"),
                concern="spinal_infection",
            ),
            _rule(
                protocol, Tier.ROUTINE, Step("referral.pcp_routine"), concern="zoster"
            ),
        ],
    )
    assert list(found) == ["referral.pcp_7_days", "review.call_back"]
    sooner = found["referral.pcp_7_days"]
    assert sooner.concerns == ("spinal_infection", "myeloma", "zoster")
    assert len(sooner.because) == 3


def test_what_is_less_urgent_covers_nothing(protocol: Protocol) -> None:
    """An MRI in 14 days does not replace a film within 7."""
    found = _of(
        protocol,
        [
            _rule(protocol, Tier.WITHIN_7_DAYS, Step("imaging.xray_thoracic")),
            _rule(protocol, Tier.WITHIN_14_DAYS, Step("imaging.mri_thoracic")),
        ],
    )
    assert set(found) == {"imaging.xray_thoracic", "imaging.mri_thoracic"}


def test_the_shortest_clock_goes_to_what_covers(protocol: Protocol) -> None:
    """Blood tests within 48 hours stay within 48 hours in the larger panel."""
    found = _of(
        protocol,
        [
            _rule(
                protocol,
                Tier.WITHIN_7_DAYS,
                Step("laboratory.esr_crp", within_hours=48),
                Step("laboratory.cancer_panel"),
            )
        ],
    )
    assert found["laboratory.cancer_panel"].within_hours == 48
    assert len(found) == 1


def test_no_action_covers_itself_in_a_circle(protocol: Protocol) -> None:
    """Then both would be left out."""
    for action in protocol.actions.values():
        for other in action.covered_by:
            assert action.id not in protocol.actions[other].covered_by


def test_what_was_done_is_not_asked_for_again(protocol: Protocol) -> None:
    """A film that is back, whatever it shows, is not taken twice."""
    rules = [
        _rule(
            protocol,
            Tier.WITHIN_7_DAYS,
            Step("imaging.xray_thoracic"),
            Step("imaging.mri_lumbar"),
        )
    ]
    left = suggestions_of(protocol, rules, [], ON, {"result.xray_thoracic"})
    assert [s.action.id for s in left] == ["imaging.mri_lumbar"]
    assert len(suggestions_of(protocol, rules, [], ON, {"result.mri"})) == 2


def test_a_suggestion_says_by_which_day(protocol: Protocol) -> None:
    """The day is that of the highest tier and the shortest clock."""
    found = _of(
        protocol,
        [
            _rule(protocol, Tier.WITHIN_14_DAYS, Step("imaging.mri_lumbar")),
            _rule(protocol, Tier.WITHIN_7_DAYS, Step("imaging.mri_lumbar")),
            _rule(protocol, Tier.ROUTINE, Step("review.recheck_2_weeks")),
            _rule(protocol, Tier.ROUTINE, Step("care.heat_or_cold")),
        ],
    )
    assert found["imaging.mri_lumbar"].due == date(2026, 12, 2)
    assert found["review.recheck_2_weeks"].due == date(2026, 12, 9)
    assert found["care.heat_or_cold"].due is None


def test_what_is_urgent_is_followed_up(protocol: Protocol) -> None:
    """Referrals get lost; the most urgent one sets the day of the call."""
    urgent = [
        _rule(protocol, Tier.WITHIN_14_DAYS, Step("referral.cancer_pathway")),
        _rule(protocol, Tier.SAME_DAY, Step("call.ed_same_day"), concern="zoster"),
    ]
    call_back = _of(protocol, urgent)["review.call_back"]
    assert (call_back.tier, call_back.due) == (Tier.SAME_DAY, date(2026, 11, 26))
    assert set(call_back.concerns) == {"myeloma", "zoster"}
    routine = [_rule(protocol, Tier.ROUTINE, Step("referral.spine_surgeon"))]
    assert "review.call_back" not in _of(protocol, routine)


def test_a_follow_up_that_a_rule_asks_for_stands_once(protocol: Protocol) -> None:
    steps = (Step("referral.pcp_7_days"), Step("review.call_back"))
    found = _of(protocol, [_rule(protocol, Tier.WITHIN_7_DAYS, *steps)])
    assert found["review.call_back"].due == date(2026, 11, 28)
    assert found["review.call_back"].because.count("rule.within_7_days") == 1
