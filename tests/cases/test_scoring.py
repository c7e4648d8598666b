"""The scoring itself can fail: a runner that cannot is no test."""

from typing import Any

import pytest

from tests.cases.scoring import mistakes


def _result(tier: str = "monitor", **more: Any) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
    return {
        "tier": tier,
        "concerns": [],
        "suggestions": [],
        "manual_therapy": {"thrust": "no_block_found"},
        **more,
    }


def _case(**expected: Any) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
    usual = {"min_urgency": "conservative", "max_urgency": "emergency", "must_not": []}
    return {"expected": {**usual, **expected}}


@pytest.mark.parametrize(
    ("expected", "result", "mistake"),
    [
        ({"min_urgency": "same_day"}, _result("routine"), "under-triage: routine"),
        ({"max_urgency": "routine"}, _result("same_day"), "over-triage: same_day"),
        ({"must_suspect": ["aortic"]}, _result(), "does not suspect aortic"),
        ({"suspect_any_of": ["pe", "acs"]}, _result(), "suspects none of pe, acs"),
        (
            {"must_not": ["spinal manipulation"]},
            _result(),
            "must not: spinal manipulation",
        ),
        ({"must_not": ["no imaging"]}, _result(), "must not: no imaging"),
        (
            {"must_not": ["routine imaging"]},
            _result(suggestions=[{"kind": "imaging", "tier": "routine", "for": []}]),
            "must not: routine imaging",
        ),
        (
            {"must_not": ["urgent cancer referral"]},
            _result(
                suggestions=[
                    {
                        "kind": "referral",
                        "tier": "within_14_days",
                        "for": ["lung_cancer"],
                    }
                ]
            ),
            "must not: urgent cancer referral",
        ),
        (
            {"must_not": ["emergency referral"]},
            _result("emergency_now"),
            "must not: emergency referral",
        ),
        (
            {"must_not": ["NSAID advice"]},
            _result(
                suggestions=[
                    {
                        "kind": "advice",
                        "tier": "monitor",
                        "for": [],
                        "anti_inflammatory": True,
                    }
                ]
            ),
            "must not: NSAID advice",
        ),
    ],
)
def test_a_wrong_outcome_is_named(
    expected: dict[str, Any], result: dict[str, Any], mistake: str
) -> None:
    """Every kind of mistake is found, each by its own words."""
    assert mistakes(_case(**expected), result) == [mistake]


def test_an_unknown_ban_is_an_error() -> None:
    """A misspelt expectation must not pass for a kept one."""
    with pytest.raises(ValueError, match="not a known ban"):
        mistakes(_case(must_not=["no imagin"]), _result())
