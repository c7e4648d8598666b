"""Patients walked from the history to the next step, answer by answer.

`walks.toml` says what is answered at each step and what has to come out; this runs it,
and proves that it can fail.
"""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from intake.answers import Answers
from intake.assessment import assess
from intake.outcome import Assessment
from intake.patient import Patient
from intake.protocol import Protocol, Question
from intake.protocol_loader import default_protocol

_FILE = tomllib.loads(Path(__file__).with_name("walks.toml").read_text("utf-8"))
WALKS: list[dict[str, Any]] = _FILE["walk"]
QUIET: Mapping[str, Any] = _FILE["quiet"]
ON: date = _FILE["on"]


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def _harmless(question: Question) -> object:
    """Return the answer of somebody with nothing to report; None for free text."""
    if question.id in QUIET:
        return QUIET[question.id]
    answer: object = None
    if question.kind == "flag":
        answer = "no"
    elif question.none_option:
        answer = [] if question.kind == "choices" else question.none_option
    if answer is not None and question.sided:
        return {"left": answer, "right": answer}
    return answer


def _assessed(protocol: Protocol, walk: Mapping[str, Any], given: Any) -> Assessment:  # noqa: ANN401  (as in the file)
    """Return the assessment; where the walk says so, the rest answered harmlessly."""
    patient = Patient(id="p", stated_age=walk["age"], sex_at_birth=walk["sex"])
    answers = {**QUIET, **given} if walk.get("rest") == "quiet" else dict(given)
    found = assess(protocol, patient, Answers(answers), ON)
    while walk.get("rest") == "quiet":
        new = {q: _harmless(protocol.questions[q]) for q in found.open_questions}
        new = {q: value for q, value in new.items() if value is not None}
        if not new:
            break
        answers |= new
        found = assess(protocol, patient, Answers(answers), ON)
    return found


def mistakes(protocol: Protocol, walk: Mapping[str, Any]) -> list[str]:
    """Return everything in which a walk comes out otherwise than written."""
    found: list[str] = []
    given: dict[str, Any] = {}
    for step in walk["step"]:
        given |= step["answers"]
        assessment = _assessed(protocol, walk, given)
        found += [f"{step['what']}: {m}" for m in _differences(assessment, step)]
    return found


def _differences(assessment: Assessment, step: Mapping[str, Any]) -> list[str]:
    suggested = {s.action.id: s for s in assessment.suggestions}
    left_out = [n.action for n in assessment.not_suggested]
    rows = {s.action.id: s.criteria for s in assessment.suggestions}
    rows |= {n.action: n.criteria for n in assessment.not_suggested}
    wrong = []
    if assessment.tier.code != step["tier"]:
        wrong.append(f"tier is {assessment.tier.code}, not {step['tier']}")
    wrong += [
        f"{a} is missing" for a in step.get("suggested", []) if a not in suggested
    ]
    wrong += [
        f"{a} is not left out"
        for a in step.get("not_suggested", [])
        if a not in left_out
    ]
    wrong += [
        f"{a} is suggested"
        for pattern in step.get("never", [])
        for a in suggested
        if fnmatch(a, pattern)
    ]
    for action, day in step.get("due", {}).items():
        due = suggested[action].due if action in suggested else None
        if due != day:
            wrong.append(f"{action} is due {due}, not {day}")
    for action, category in step.get("rated", {}).items():
        if category not in [r.category for r in rows.get(action, ())]:
            wrong.append(f"{action} is not rated {category}")
    wrong += [f"{a} is left out twice" for a in left_out if left_out.count(a) > 1]
    wrong += [f"{a} is suggested and left out" for a in left_out if a in suggested]
    return wrong


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk["name"])
def test_a_walk_comes_out_as_written(
    protocol: Protocol, walk: Mapping[str, Any]
) -> None:
    assert mistakes(protocol, walk) == []


def test_there_are_walks_enough() -> None:
    """A walk that is not collected cannot fail."""
    assert len(WALKS) == 13
    assert sum(len(walk["step"]) for walk in WALKS) == 39


def test_a_quiet_patient_has_answered_everything(protocol: Protocol) -> None:
    """Else "nothing suggested" would only mean "not asked"."""
    walk = WALKS[0]
    assert _assessed(protocol, walk, {}).core_done


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("tier", "same_day", "tier is monitor, not same_day"),
        ("suggested", ["imaging.bone_scan"], "imaging.bone_scan is missing"),
        ("not_suggested", ["imaging.ct_chest"], "imaging.ct_chest is not left out"),
        ("never", ["care.*"], "care.movement_and_exercise is suggested"),
        ("due", {"review.recheck_2_weeks": date(2026, 12, 8)}, "is due 2026-12-09"),
        ("rated", {"imaging.xray_thoracic": "usually_appropriate"}, "is not rated"),
    ],
)
def test_a_walk_that_is_written_wrongly_fails(
    protocol: Protocol, key: str, value: object, words: str
) -> None:
    """The negative control: the runner sees each kind of difference."""
    walk = deepcopy(WALKS[0])
    walk["step"][0][key] = value
    assert any(words in mistake for mistake in mistakes(protocol, walk))
