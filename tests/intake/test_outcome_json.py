"""The JSON of the command line: the keys and shapes other programs rely on."""

import json
from datetime import date
from typing import Any

import pytest

from intake.answers import Answers
from intake.assessment import assess
from intake.outcome_json import assessment_json, inventory_json
from intake.patient import Patient
from tests.intake.small import assessed, quantity, small_protocol

FULL: dict[str, Any] = {
    "cancer.history": "yes",
    "neuro.bladder": ["retention"],
    "general.fever": "yes",
    "general.weight_loss": "yes",
    "pain.duration": quantity(8, "wk"),
    "exam.explains": "yes",
    "pain.with_movement": "yes",
    "risk.osteoporosis": "yes",
}


def test_the_assessment_has_the_keys_of_the_contract() -> None:
    """architecture.md, "What comes out"; more keys may stand beside them."""
    found = assessment_json(assessed(FULL))
    contract = {
        "protocol", "tier", "could_be", "scope", "concerns", "suggestions",
        "not_suggested", "manual_therapy", "ask_next", "red_flags", "held_back",
        "failed_rules",
    }  # fmt: skip
    assert contract <= found.keys()
    assert found["tier"] == "same_day"
    assert found["could_be"] == "emergency_now"
    assert found["scope"] == {"in": True, "because": []}
    assert found["held_back"] == [
        {
            "rule": "malignancy.history",
            "because": "The examination explains the pain, and movement brings it on.",
        }
    ]
    assert found["red_flags"]["bladder"] == "present"
    assert found["manual_therapy"]["thrust"] == "blocked"
    assert found["protocol"]["digest"] == small_protocol().digest


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2027, 1, 1), ""),
        (
            date(2027, 1, 2),
            "Rules out of date: they were to be reviewed by 2027-01-01.",
        ),
    ],
)
def test_rules_past_their_review_by_date_are_said_to_be(on: date, words: str) -> None:
    """From the day after; the day itself is the last good one."""
    patient = Patient(id="p", stated_age=50)
    assessment = assess(small_protocol(), patient, Answers({}), on)
    assert assessment_json(assessment)["protocol"]["outdated"] == words


def test_a_concern_holds_its_rules_reasons_and_sources() -> None:
    found = assessment_json(assessed(FULL))
    (cord,) = [c for c in found["concerns"] if c["id"] == "cord_compression"]
    assert cord["tier"] == "same_day"
    assert cord["strength"] == "strong"
    assert cord["against"] == ["The examination explains the pain."]
    assert cord["evidence"] == ["Three of four had it. (four people)"]
    (rule,) = cord["rules"]
    assert rule == {
        "id": "cord.cancer",
        "tier": "same_day",
        "because": "Cancer and a nerve symptom.",
        "answers": {"cancer.history": "yes", "neuro.bladder": ["retention"]},
        "sources": ["BOOK"],
        "status": "proposed",
    }


def test_a_study_has_its_day_and_its_ratings() -> None:
    """Only imaging is rated; what has no clock has no day."""
    found = assessment_json(assessed(FULL))
    (mri,) = [s for s in found["suggestions"] if s["id"] == "imaging.mri"]
    assert mri["due"] == "2026-11-22"
    (rating,) = mri["criteria"]
    assert rating["text"].startswith("BODY 2020, back pain, suspected cancer: usually")
    assert {k: v for k, v in rating.items() if k != "text"} == {
        "id": "book.cancer",
        "topic": "back pain",
        "variant": "2",
        "year": 2020,
        "category": "usually_appropriate",
        "panel_disagreed": False,
        "rated_for": "MRI",
        "radiation": "none",
        "verified": "V",
    }
    rated = [s["id"] for s in found["suggestions"] if "criteria" in s]
    assert rated == ["imaging.mri"]
    early = assessment_json(assessed({"pain.duration": quantity(2, "wk")}))
    (left_out,) = early["not_suggested"]
    assert left_out["criteria"][0]["category"] == "usually_not_appropriate"


def test_a_suggestion_names_all_its_concerns_once() -> None:
    found = assessment_json(assessed(FULL))
    (mri,) = [s for s in found["suggestions"] if s["id"] == "imaging.mri"]
    assert mri["kind"] == "imaging"
    assert mri["tier"] == "same_day"
    assert sorted(mri["for"]) == ["cord_compression", "spinal_infection"]
    assert mri["within_hours"] == 24


@pytest.mark.parametrize("answers", [{}, FULL])
def test_it_survives_being_written_and_read(answers: dict[str, Any]) -> None:
    """Strict JSON: no NaN, no tuples, no objects."""
    found = assessment_json(assessed(answers))
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_inventory_names_every_question_with_what_a_program_needs() -> None:
    inventory = inventory_json(small_protocol())
    assert [q["id"] for q in inventory] == list(small_protocol().questions)
    assert all(
        q.keys()
        == {"id", "kind", "sided", "options", "units", "section", "class", "text"}
        for q in inventory
    )
    (bladder,) = [q for q in inventory if q["id"] == "neuro.bladder"]
    assert bladder == {
        "id": "neuro.bladder",
        "kind": "choices",
        "sided": False,
        "options": ["none", "retention", "incontinence"],
        "units": [],
        "section": "story",
        "class": "core",
        "text": "Bladder",
    }
