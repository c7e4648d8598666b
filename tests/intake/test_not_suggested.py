"""Studies left out: once each, with every reason, and none that is suggested."""

from dataclasses import replace
from typing import Any

import pytest

from intake.outcome import Assessment
from intake.protocol import Citation, NotSuggested
from tests.intake.small import assessed, expression, quantity, small_protocol

EARLY: dict[str, Any] = {"pain.duration": quantity(2, "wk")}


def _with(*entries: NotSuggested, answers: dict[str, Any] = EARLY) -> Assessment:
    protocol = replace(small_protocol(), not_suggested=entries)
    return assessed(answers, protocol=protocol)


@pytest.fixture(scope="module")
def early() -> NotSuggested:
    """Return "not before six weeks", for the MRI."""
    return small_protocol().not_suggested[1]


def test_two_reasons_for_one_study_stand_together(early: NotSuggested) -> None:
    """A study listed twice would read like two studies."""
    other = replace(early, why="Done before.", sources=(Citation("PROPOSAL", "P"),))
    (mri,) = _with(early, other).not_suggested
    assert mri.why == "Too early. Done before."
    assert [s.source for s in mri.sources] == ["BOOK", "PROPOSAL"]
    assert len(mri.criteria) == 1


def test_the_same_reason_is_said_once(early: NotSuggested) -> None:
    (mri,) = _with(early, replace(early)).not_suggested
    assert mri.why == "Too early."


def test_a_study_that_is_suggested_is_not_left_out(early: NotSuggested) -> None:
    fever = {**EARLY, "general.fever": "yes", "general.weight_loss": "yes"}
    found = _with(early, answers=fever)
    assert "imaging.mri" in [s.action.id for s in found.suggestions]
    assert found.not_suggested == ()


def test_an_entry_can_wait_until_nothing_else_is_above_monitor(
    early: NotSuggested,
) -> None:
    """After failed care the tier is routine, and the advice on imaging still holds."""
    alone = replace(early, only_with=("mechanical",))
    assert _with(alone).not_suggested
    smoker = {
        **EARLY,
        "risk.pack_years": quantity(30, "{pack-years}"),
        "general.weight_loss": "yes",
    }
    assert _with(early, answers=smoker).not_suggested
    assert _with(alone, answers=smoker).not_suggested == ()


def test_what_is_unknown_leaves_nothing_out(early: NotSuggested) -> None:
    unknown = replace(early, when=expression("exam.explains"))
    assert _with(unknown).not_suggested == ()
