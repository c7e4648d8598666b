"""What earlier visits said is shown with its day, and never filled in."""

from datetime import date

import pytest

from intake.answers import Answers
from intake.earlier import Earlier, last_values, trends
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol

SEPTEMBER, OCTOBER, TODAY = date(2026, 9, 3), date(2026, 10, 2), date(2026, 11, 24)
EARLIER = [
    Earlier("v1", SEPTEMBER, Answers({"pain.now": 7, "risk.smoking": "current"})),
    Earlier(
        "v2",
        OCTOBER,
        Answers({"pain.now": 5, "function.psfs": [{"activity": "lift", "score": 4}]}),
    ),
]


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def test_the_last_visit_that_asked_counts_for_each_question() -> None:
    found = last_values(EARLIER)
    assert found["pain.now"] == (OCTOBER, 5)
    assert found["risk.smoking"] == (SEPTEMBER, "current")
    assert "pain.side" not in found


def test_a_trend_holds_today_and_is_told_in_words(protocol: Protocol) -> None:
    (trend,) = trends(protocol, EARLIER, TODAY, {"pain.now": 3})
    assert trend.points == ((SEPTEMBER, 7.0), (OCTOBER, 5.0), (TODAY, 3.0))
    assert trend.in_words == (
        "Pain right now, 0 to 10: 7 on 2026-09-03, 5 on 2026-10-02, 3 on 2026-11-24"
    )


def test_activities_are_a_trend_of_their_average(protocol: Protocol) -> None:
    now = [{"activity": "lift", "score": 6}, {"activity": "sit", "score": 9}]
    found = trends(protocol, EARLIER[1:], TODAY, {"function.psfs": now})
    assert [one.points[-1] for one in found] == [(TODAY, 7.5)]


def test_one_value_is_no_trend_and_an_opinion_is_none(protocol: Protocol) -> None:
    alone = [Earlier("v1", OCTOBER, Answers({"suspicion.level": 3}))]
    answers = {"pain.now": 3, "suspicion.level": 8}
    assert trends(protocol, alone, TODAY, answers) == []
