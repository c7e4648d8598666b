"""Every question of the real protocol, on each side, in both documents."""

from datetime import date
from typing import Any

import pytest

from intake.answers import Answers
from intake.assessment import assess
from intake.patient import Patient
from intake.protocol import Protocol, Question
from intake.protocol_loader import default_protocol
from intake.record import Record
from reports.pdf import build
from reports.referral_letter import referral_letter
from reports.summary import summary

_DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


def _value(  # noqa: C901, PLR0911  (one line for each kind)
    question: Question, place: int
) -> Any:  # noqa: ANN401  (an answer of any kind)
    options = list(question.options or ())
    unit = question.units[0] if question.units else ""
    number = {"value": 1, "unit": unit}
    match question.kind:
        case "flag":
            return ("yes", "no", "unsure")[place % 3]
        case "choice":
            return options[place % len(options)]
        case "choices":
            return [options[place % len(options)]]
        case "pair":
            return {"systolic": {"value": 120, "unit": unit}, "diastolic": number}
        case "number":
            return number
        case "scale":
            return place % 11
        case "grade":
            return str(place % 5)
        case "date":
            return "2026"
        case "text":
            return "a text"
        case "rows":
            return ["a row"]
        case "psfs":
            return [{"activity": "reach", "score": 4}]
        case "map":
            return [{"region": "groin", "view": "front", "x": 0.5, "y": 0.5}]


@pytest.mark.parametrize("sides", [("left",), ("right",), ("left", "right")])
def test_no_answer_stops_a_document(protocol: Protocol, sides: tuple[str, ...]) -> None:
    """One test of a straight leg raise once stopped the whole summary."""
    patient = Patient("p", "Moreno", birth_date="1960-01-01", sex_at_birth="female")
    for place, question in enumerate(protocol.questions.values()):
        one = _value(question, place)
        answer = dict.fromkeys(sides, one) if question.sided else one
        answers = Answers({question.id: answer})
        record = Record(
            patient, _DAY, answers, assess(protocol, patient, answers, _DAY)
        )
        made = (summary(record), referral_letter(record))
    assert len(made) == 2
    assert build(summary(record), page="letter", code_points=False)
