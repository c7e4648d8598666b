"""How answers are said: four states apart, sides in capitals, values with units."""

from datetime import UTC, date, datetime

import pytest

from intake.answers import Value
from intake.protocol import Tier
from intake.protocol_loader import default_protocol
from reports.medical_words import DETAILS, LABELS, OPTIONS
from reports.wording import (
    Standing,
    answer_words,
    date_words,
    in_sentence,
    standing,
    time_words,
    urgency_words,
)

QUESTIONS = default_protocol().questions


def said(question: str, value: Value, *, declined: bool = False) -> str:
    return answer_words(QUESTIONS[question], value, declined=declined)


@pytest.mark.parametrize(
    ("question", "value", "words"),
    [
        ("general.fever", None, "not asked"),
        ("general.fever", "unsure", "asked, not known"),
        ("general.fever", "no", "no"),
        ("general.fever", "yes", "yes"),
        ("pain.onset", "unknown", "asked, not known"),
        ("pregnancy.status", "unsure", "asked, not known"),
        ("neuro.leg_weakness", {"left": "yes", "right": "no"}, "LEFT yes, RIGHT no"),
        ("neuro.leg_weakness", {"left": "yes"}, "LEFT yes, RIGHT not asked"),
        (
            "neuro.leg_weakness",
            {"left": "unsure", "right": "no"},
            "LEFT asked, not known, RIGHT no",
        ),
        ("exam.plantar", {"right": "extensor"}, "LEFT not examined, RIGHT EXTENSOR"),
        (
            "exam.strength.leg_overall",
            {"left": "4-", "right": "5"},
            "LEFT 4-/5, RIGHT 5/5",
        ),
        ("exam.reflex.knee", {"left": "3", "right": "0"}, "LEFT 3+, RIGHT 0"),
        ("pain.duration", {"value": 1, "unit": "wk"}, "1 week"),
        ("pain.duration", {"value": 5, "unit": "wk"}, "5 weeks"),
        ("pain.duration", {"value": 0, "unit": "d"}, "less than 1 day"),
        ("vitals.temperature", {"value": 38.2, "unit": "Cel"}, "38.2 °C (100.8 °F)"),
        ("vitals.pulse", {"value": 76, "unit": "/min"}, "76 per minute"),
        ("vitals.spo2", {"value": 97, "unit": "%"}, "97%"),
        (
            "vitals.bp_left",
            {
                "systolic": {"value": 138, "unit": "mm[Hg]"},
                "diastolic": {"value": 82, "unit": "mm[Hg]"},
            },
            "138/82 mmHg",
        ),
        (
            "result.esr",
            {"value": 60, "unit": "mm/h", "low": 0, "high": 20},
            "60 mm/h (laboratory's limits: 0 to 20 mm/h)",
        ),
        ("pain.now", 7, "7 of 10"),
        ("pain.onset_date", "2026-11", "Nov 2026"),
        ("background.medicines", [], "none"),
        ("background.medicines", ["aspirin", "insulin"], "aspirin; insulin"),
        ("neuro.bladder", ["none"], "none"),
        ("general.weight_change", {"value": 10, "unit": "[lb_av]"}, "10 lb (4.5 kg)"),
    ],
)  # fmt: skip
def test_an_answer_is_said_with_side_unit_and_state(
    question: str, value: Value, words: str
) -> None:
    assert said(question, value) == words


def test_a_patient_who_would_not_answer_declined() -> None:
    assert said("risk.iv_drug_use", "unsure", declined=True) == "declined to answer"
    assert said("general.fever", "unsure", declined=True) == "declined to answer"


@pytest.mark.parametrize(
    ("question", "value", "expected"),
    [
        ("general.fever", "no", Standing.NEGATIVE),
        ("general.fever", "unsure", Standing.UNKNOWN),
        ("neuro.leg_weakness", {"left": "no", "right": "no"}, Standing.NEGATIVE),
        ("neuro.leg_weakness", {"left": "no", "right": "unsure"}, Standing.UNKNOWN),
        ("neuro.leg_weakness", {"left": "unsure", "right": "yes"}, Standing.FOUND),
        ("exam.clonus", {"left": "absent", "right": "absent"}, Standing.NEGATIVE),
        ("exam.sensation.T4", {"left": "absent"}, Standing.FOUND),
        ("exam.reflex.abdominal", {"left": "absent"}, Standing.FOUND),
        ("exam.supine", "can_lie", Standing.NEGATIVE),
        ("pain.eased_by", ["nothing"], Standing.FOUND),
        ("care.response", "none", Standing.FOUND),
        ("exam.strength.leg_overall", {"left": "5", "right": "4"}, Standing.FOUND),
        ("risk.smoking", "never", Standing.NEGATIVE),
    ],
)
def test_an_answer_is_a_finding_a_negative_or_not_known(
    question: str, value: Value, expected: Standing
) -> None:
    """Of clonus "absent" is a good thing, of a reflex or a feeling a bad one."""
    assert standing(QUESTIONS[question], value) is expected


def test_dates_are_written_so_that_no_country_misreads_them() -> None:
    assert date_words(date(2026, 4, 3)) == "Apr 3, 2026"
    assert date_words("1958") == "1958"
    assert (
        time_words(datetime(2026, 4, 3, 9, 5, tzinfo=UTC)) == "Apr 3, 2026, 09:05 UTC"
    )


def test_urgency_names_the_day() -> None:
    on = date(2026, 11, 22)
    assert urgency_words(Tier.EMERGENCY_NOW, on) == "now"
    assert urgency_words(Tier.SAME_DAY, on) == "today (Nov 22, 2026)"
    assert urgency_words(Tier.WITHIN_7_DAYS, on) == "within 7 days (by Nov 29, 2026)"
    assert (
        urgency_words(Tier.WITHIN_7_DAYS, on, 24) == "within 24 hours (by Nov 23, 2026)"
    )


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        ("Fever", "fever"),
        ("MRI of the neck", "MRI of the neck"),
        ("SpO2", "SpO2"),
        ("LEFT arm", "LEFT arm"),
        ("X-ray", "X-ray"),
        ("Hoffmann", "Hoffmann"),
        ("A lot", "a lot"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_loses_its_capital_but_no_name_does(
    words: str, inside: str
) -> None:
    assert in_sentence(words) == inside


def test_every_medical_word_belongs_to_a_question_of_the_protocol() -> None:
    """A renamed question must not leave its words behind."""
    named = {*LABELS, *OPTIONS, *DETAILS, *(q for ids in DETAILS.values() for q in ids)}
    assert named - QUESTIONS.keys() == set()
    for question, options in OPTIONS.items():
        assert options.keys() <= (QUESTIONS[question].options or {}).keys(), question
