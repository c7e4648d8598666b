"""Read one patient's answers from a JSON file, as the command line takes them.

``{"patient": {…}, "on": "2026-11-22", "answers": {…}}``. Every problem is named at
once, and a file with any problem is refused whole.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from intake.answer_check import (
    AnswerRefusedError,
    checked,
    is_partial_date,
    is_storable,
)
from intake.answers import Answers
from intake.errors import InputRefusedError, Problem
from intake.facts import span_of
from intake.patient import Patient, SexAtBirth
from intake.protocol import Protocol
from intake.spelling import did_you_mean

_TOP_KEYS = ("patient", "on", "answers")
_TEXTS = (
    "family_name", "given_name", "preferred_name", "chart_number", "phone", "email",
    "address", "language",
)  # fmt: skip
#: What only a registration holds, in the records.
_REGISTRATION_TEXTS = (
    "gender", "interpreter", "emergency_contact", "primary_care_provider", "insurer",
    "member_id", "occupation",
)  # fmt: skip
_OTHER_KEYS = ("birth_date", "age", "sex_at_birth")
_SEXES = ("female", "male", "unknown")
_OLDEST = 130
#: As many characters as a field of the registration takes on the screen.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Case:
    """One patient, one day, one set of answers."""

    patient: Patient
    on: date
    answers: Answers


def read_case(
    content: bytes, protocol: Protocol, *, today: date, registration: bool = False
) -> Case:
    """Return the case written in a file.

    Args:
        content: UTF-8 JSON; a byte-order mark is allowed.
        protocol: whose questions the answers belong to.
        today: the day used when `on` is absent; later days are refused.
        registration: whether `patient` may hold all fields of a registration.

    Raises:
        InputRefusedError: with every problem in the file.
    """
    texts = (*_TEXTS, *_REGISTRATION_TEXTS) if registration else _TEXTS
    return _Reader(protocol, today, texts).read(content)


class _Reader:
    """Collects the problems of one file while reading it."""

    def __init__(self, protocol: Protocol, today: date, texts: tuple[str, ...]) -> None:
        self._texts = texts
        self._protocol = protocol
        self._today = today
        self._problems: list[Problem] = []

    def read(self, content: bytes) -> Case:
        table = self._parse(content)
        self._unknown_keys(table, _TOP_KEYS, "")
        on = self._day(table)
        patient = self._patient(table.get("patient", {}), on)
        answers = self._answers(table.get("answers"), on)
        if self._problems:
            raise InputRefusedError(self._problems)
        return Case(patient, on, answers)

    def _problem(self, where: str, what: str, suggestion: str = "") -> None:
        self._problems.append(Problem(where, what, suggestion))

    def _parse(self, content: bytes) -> Mapping[str, Any]:
        try:
            table = json.loads(
                content.decode("utf-8-sig"), object_pairs_hook=self._no_twins
            )
        except UnicodeDecodeError:
            raise InputRefusedError([Problem("file", "It is not UTF-8.")]) from None
        except (ValueError, RecursionError) as error:
            # A number of more than 4300 digits is a bare ValueError.
            where = (
                f"line {error.lineno}"
                if isinstance(error, json.JSONDecodeError)
                else "file"
            )
            problem = Problem(where, "This is not JSON.")
            raise InputRefusedError([problem]) from None
        if not isinstance(table, dict):
            problem = Problem(
                "file", "It has to be one object with patient and answers."
            )
            raise InputRefusedError([problem])
        return table

    def _no_twins(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Refuse a key given twice: JSON would silently keep the last."""
        table: dict[str, Any] = {}
        for key, value in pairs:
            if key in table:
                self._problem(key, "It is given twice.")
            table[key] = value
        return table

    def _unknown_keys(
        self, table: Mapping[str, Any], known: tuple[str, ...], where: str
    ) -> None:
        for key in table:
            if key not in known:
                place = f"{where}.{key}" if where else key
                self._problem(place, "It is not known here.", did_you_mean(key, known))

    def _day(self, table: Mapping[str, Any]) -> date:
        text = table.get("on")
        if text is None:
            return self._today
        if not is_partial_date(text) or len(text) != len("2026-11-22"):
            self._problem("on", "This is not a date.", 'Write "2026-11-22".')
            return self._today
        day = date.fromisoformat(text)
        if day > self._today:
            self._problem("on", "The day of the visit lies in the future.")
        return day

    # the patient

    def _patient(self, table: Any, on: date) -> Patient:  # noqa: ANN401  (from outside)
        if not isinstance(table, dict):
            self._problem("patient", "It has to be an object.")
            return Patient(id="")
        self._unknown_keys(table, (*self._texts, *_OTHER_KEYS), "patient")
        texts: dict[str, Any] = {}
        for key in self._texts:
            value = table.get(key, "")
            if not isinstance(value, str) or not is_storable(value):
                self._problem(f"patient.{key}", "It has to be a text.")
                value = ""
            elif len(value) > _LONGEST:
                what = f"It is longer than {_LONGEST} characters."
                self._problem(f"patient.{key}", what, "Shorten it.")
            texts[key] = value
        sex = table.get("sex_at_birth", "unknown")
        if sex not in _SEXES:
            self._problem(
                "patient.sex_at_birth",
                "It is not known.",
                f"Use one of {', '.join(_SEXES)}.",
            )
            sex = "unknown"
        return Patient(
            id="",
            birth_date=self._birth_date(table, on),
            stated_age=self._age(table),
            sex_at_birth=cast("SexAtBirth", sex),
            **texts,
        )

    def _birth_date(self, table: Mapping[str, Any], on: date) -> str:
        value = table.get("birth_date")
        if value is None:
            return ""
        if not is_partial_date(value):
            self._problem("patient.birth_date", "This is not a date.")
            return ""
        born = str(value)
        if span_of(born)[0] > on:
            self._problem("patient.birth_date", "It lies after the visit.")
            return ""
        low, high = Patient(id="", birth_date=born).age_on(on)
        age = table.get("age")
        if isinstance(age, int | float) and not low <= age <= high:
            self._problem("patient", "The age and the birth date do not agree.")
        return born

    def _age(self, table: Mapping[str, Any]) -> int | None:
        age = table.get("age")
        if age is None:
            return None
        if isinstance(age, bool) or not isinstance(age, int) or not 0 <= age <= _OLDEST:
            self._problem("patient.age", "It has to be whole years, 0 to 130.")
            return None
        return age

    # the answers

    def _answers(self, table: Any, on: date) -> Answers:  # noqa: ANN401  (from outside)
        if table is None:
            self._problem("answers", "They are missing.")
            return Answers()
        if not isinstance(table, dict):
            self._problem("answers", "They have to be an object.")
            return Answers()
        found = {}
        for key, value in table.items():
            question = self._protocol.questions.get(key)
            if question is None:
                hint = did_you_mean(key, self._protocol.questions)
                self._problem(key, "There is no such question.", hint)
                continue
            try:
                found[key] = checked(self._protocol, question, value)
            except AnswerRefusedError as error:
                self._problem(key, error.what, error.suggestion)
        self._check_not_later(found, on)
        return Answers(found)

    def _check_not_later(self, found: Mapping[str, Any], on: date) -> None:
        """Refuse what is said to have been after the visit; results come later."""
        for question in found:
            is_date = self._protocol.questions[question].kind == "date"
            is_past = is_date and not question.startswith("result.")
            if is_past and span_of(found[question])[0] > on:
                self._problem(question, "It lies after the day of the visit.")
