"""A record as documents read it: answers with their questions, in words.

It keeps what was set aside (hidden) apart, so that no document mixes it in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from intake import decisions
from intake.answered import BIRTH_DATE, SEX_AT_BIRTH
from intake.answers import Answers, Value
from intake.body_chart import words_for
from intake.clinic_settings import UNSETTLED, ClinicSettings
from intake.expression import Expression
from intake.facts import Facts
from intake.outcome import Suggestion
from intake.protocol import Question, Tier
from intake.record import Record
from intake.visibility import look
from reports.content import Frame
from reports.medical_words import DETAILS
from reports.record_digest import short_digest
from reports.wording import (
    NOT_ASKED,
    Standing,
    answer_words,
    date_words,
    in_sentence,
    label_of,
    standing,
    time_words,
    urgency_words,
)

_NO_NAME = "Name not recorded"
DRAFT = "DRAFT, not signed"


#: What is asked at registration and not in the form.
_AT_REGISTRATION = {BIRTH_DATE: "Birth date", SEX_AT_BIRTH: "Sex at birth"}


@dataclass(frozen=True)
class RecordView:
    """A record, and short ways to ask it something."""

    record: Record
    clinic: ClinicSettings = UNSETTLED

    @cached_property
    def protocol_questions(self) -> dict[str, Question]:
        """Return the questions of the protocol by id."""
        return dict(self.record.assessment.protocol.questions)

    @cached_property
    def values(self) -> dict[str, Value]:
        """Return the answers that count: not set aside, and known to the protocol."""
        hidden = self.record.assessment.hidden
        return {
            question: value
            for question, value in self.record.answers.items()
            if question not in hidden and question in self.protocol_questions
        }

    @cached_property
    def facts(self) -> Facts:
        """Return the answers as rules read them, to ask what a row rests on."""
        record = self.record
        _, facts = look(
            record.assessment.protocol,
            Answers(self.values),
            on=record.on,
            age=record.patient.age_on(record.on),
            sex_at_birth=record.patient.sex_at_birth,
        )
        return facts

    @cached_property
    def decided(self) -> dict[str, decisions.Standing]:
        """Return how it stands with each suggestion, by action."""
        return decisions.standings(self.record.assessment, self.record.decisions)

    @cached_property
    def emergency_decided(self) -> decisions.Standing:
        """Return how it stands with the emergency checklist."""
        record = self.record
        return decisions.emergency_standing(record.assessment, record.decisions)

    @cached_property
    def asked_for(self) -> tuple[Suggestion, ...]:
        """Return the suggestions without those that are declined."""
        record = self.record
        left = decisions.without_declined(record.assessment, record.decisions)
        return left.suggestions

    def has(self, question: str) -> bool:
        """Return whether a question was asked."""
        return question in self.values

    def is_open(self, question: str) -> bool:
        """Return whether a question is in view and has no answer yet."""
        return question in self._open

    @cached_property
    def _open(self) -> frozenset[str]:
        return frozenset(self.record.assessment.open_questions)

    def read_by(self, expression: Expression) -> frozenset[str]:
        """Return every question an expression rests on, through its findings too."""
        findings = self.record.assessment.protocol.findings
        return expression.questions().union(
            *(self.read_by(findings[name].when) for name in expression.findings())
        )

    def standing(self, question: str) -> Standing | None:
        """Return what an answer amounts to; None for "not asked"."""
        if question not in self.values:
            return None
        return standing(self.protocol_questions[question], self.values[question])

    def label(self, question: str) -> str:
        """Return what a question is called on paper."""
        found = self.protocol_questions.get(question)
        return label_of(found) if found else _AT_REGISTRATION.get(question, question)

    def words(self, question: str) -> str:
        """Return the answer to a question in words; "not asked" where there is none."""
        if question not in self.values:
            return NOT_ASKED
        return answer_words(
            self.protocol_questions[question],
            self.values[question],
            declined=question in self.record.declined,
            units=self.clinic.units,
        )

    def said(self, question: str) -> str:
        """Return ``label answer`` as it stands in a list."""
        words = self.words(question)
        found = self.protocol_questions.get(question)
        label = in_sentence(self.label(question))
        if found is not None and found.kind == "flag":
            if words == "yes":
                return label
            if words in ("LEFT yes", "RIGHT yes", "LEFT and RIGHT yes"):
                return f"{label}, {words.removesuffix(' yes')}"
        return f"{label} {words}" if words in ("no", NOT_ASKED) else f"{label}: {words}"

    def said_in_full(self, question: str) -> str:
        """Return an answer, with the details that belong to a finding."""
        words = self.said(question)
        if self.standing(question) is not Standing.FOUND:
            return words
        details = [
            f"{in_sentence(self.label(detail))} {self.words(detail)}"
            for detail in DETAILS.get(question, ())
            if self.standing(detail) is Standing.FOUND
        ]
        return f"{words} ({'; '.join(details)})" if details else words

    def all_said(self, questions: Iterable[str]) -> str:
        """Return several answers, one after the other."""
        return "; ".join(self.said(question) for question in questions)

    @property
    def marks(self) -> list[dict[str, Value]]:
        """Return the marks on the body chart."""
        return list(self.values.get("pain.map", []))

    @property
    def marks_in_words(self) -> list[str]:
        """Return each mark in words, in the order of their numbers."""
        return [words_for(mark) for mark in self.marks]

    @property
    def age(self) -> str:
        """Return the age in years, as exactly as it is known."""
        patient = self.record.patient
        if not patient.birth_date and patient.stated_age is None:
            return "age not recorded"
        low, high = patient.age_on(self.record.on)
        if patient.age_is_estimated:
            return f"about {patient.stated_age} years, estimated ({low:g} to {high:g})"
        years = f"{low:g}" if low == high else f"{low:g} or {high:g}"
        return f"{years} years"

    @property
    def sex(self) -> str:
        """Return the sex at birth, or that it is not recorded."""
        sex = self.record.patient.sex_at_birth
        return "sex at birth not recorded" if sex == "unknown" else sex

    @property
    def born(self) -> str:
        """Return the birth date, or the stated age, or that neither is known."""
        patient = self.record.patient
        if patient.birth_date:
            return f"born {date_words(patient.birth_date)}"
        if patient.age_is_estimated:
            return "birth date not known, age estimated"
        if patient.stated_age is not None:
            return f"age stated as {patient.stated_age} years"
        return "birth date not recorded"

    def due(self, tier: Tier, within_hours: int | None = None) -> str:
        """Return by when, counted from the day of the visit."""
        return urgency_words(tier, self.record.on, within_hours)

    @property
    def outdated(self) -> str:
        """Return what must be said when it is printed after the review-by date."""
        record = self.record
        printed = record.printed_at.date() if record.printed_at else record.on
        return record.assessment.protocol.outdated(max(record.on, printed))

    def frame(self, title: str) -> Frame:
        """Return what stands on every page."""
        record = self.record
        printed = (
            f", printed {time_words(record.printed_at)}" if record.printed_at else ""
        )
        status = DRAFT
        if record.signed_at is not None:
            status = f"Signed by {record.clinician}, {time_words(record.signed_at)}"
        return Frame(
            title=title,
            patient=record.patient.name or _NO_NAME,
            born=self.born,
            chart_number=record.patient.chart_number or "not recorded",
            status=f"{status}{printed}",
            warning=record.assessment.protocol.warning,
            outdated=self.outdated,
            digest=short_digest(record),
        )
