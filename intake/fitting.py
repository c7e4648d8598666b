"""Which answers the protocol of today can read, of those that an earlier one took.

A later version may ask a question in another way, or not at all. What was answered then
stays in the record as it is; no rule reads it, and whoever opens the visit is told.
"""

import json
from collections.abc import Mapping

from intake.answer_check import AnswerRefusedError, checked
from intake.answer_words import answer_in_words
from intake.answers import Answers, Value
from intake.protocol import Protocol


def fits(protocol: Protocol, question_id: str, value: Value | None) -> bool:
    """Return whether a protocol can read an answer; one that is not there, always."""
    if value is None:
        return True
    question = protocol.questions.get(question_id)
    if question is None:
        return False
    try:
        checked(protocol, question, value)
    except AnswerRefusedError:
        return False
    return True


def misfits(protocol: Protocol, answers: Mapping[str, Value]) -> frozenset[str]:
    """Return the questions whose answers a protocol cannot read."""
    return frozenset(q for q, value in answers.items() if not fits(protocol, q, value))


def fitting(protocol: Protocol, answers: Answers) -> Answers:
    """Return the answers that a protocol can read."""
    return answers.without(misfits(protocol, answers))


def said(protocol: Protocol, question_id: str, value: Value) -> str:
    """Return an answer in words; as it is stored where the question changed since."""
    if not fits(protocol, question_id, value):
        return json.dumps(value, ensure_ascii=False)
    return answer_in_words(protocol.questions[question_id], value)
