"""A patient with nothing to report, for cases that need a whole visit answered."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from intake.answers import Answers
from intake.assessment import assess
from intake.patient import Patient
from intake.protocol import Protocol, Question

_FILE = tomllib.loads(Path(__file__).with_name("walks.toml").read_text("utf-8"))
QUIET: Mapping[str, Any] = _FILE["quiet"]


def filled_in(
    protocol: Protocol, patient: Patient, given: Mapping[str, Any], on: date
) -> Answers:
    """Return the answers given, and the harmless one to every question still open."""
    answers = {**QUIET, **given}
    while True:
        found = assess(protocol, patient, Answers(answers), on)
        new = {q: harmless(protocol.questions[q]) for q in found.open_questions}
        new = {q: value for q, value in new.items() if value is not None}
        if not new:
            return Answers(answers)
        answers |= new


def harmless(question: Question) -> object:
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
