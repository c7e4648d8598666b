"""Records to make documents of: the real protocol assessed, and one made by hand."""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypdf

from intake.answers import Answers
from intake.assessment import assess
from intake.case_file import read_case
from intake.outcome import Assessment, ManualTherapy
from intake.patient import Patient
from intake.protocol import Protocol, Question, Section, Tier
from intake.protocol_loader import default_protocol
from intake.record import Record
from intake.source_attributes import SourceAttributes
from reports.content import Document
from reports.documents import PdfDocuments

ON = date(2026, 11, 22)
#: Read once: it is frozen.
PROTOCOL = default_protocol()
_CASES = Path(__file__).parents[1] / "cases" / "published"
#: The names of the twelve published cases.
PUBLISHED = sorted(path.stem for path in _CASES.glob("*.json"))
SOMEBODY = Patient(
    id="p1",
    family_name="Example",
    given_name="Erin",
    birth_date="1958-03-14",
    sex_at_birth="female",
    chart_number="T-100",
)


def record(
    answers: Mapping[str, Any] | None = None,
    patient: Patient = SOMEBODY,
    declined: Iterable[str] = (),
) -> Record:
    """Return a record assessed with the program's own protocol."""
    given = Answers(answers or {})
    assessment = assess(PROTOCOL, patient, given, ON)
    return Record(patient, ON, given, assessment, declined=frozenset(declined))


def sample() -> Record:
    """Return the bundled sample visit, assessed."""
    content = (files("intake") / "samples" / "sample_visit.json").read_bytes()
    case = read_case(content, PROTOCOL, today=ON)
    assessment = assess(PROTOCOL, case.patient, case.answers, case.on)
    return Record(case.patient, case.on, case.answers, assessment)


def published(name: str) -> Record:
    """Return a published case, assessed."""
    case = json.loads((_CASES / f"{name}.json").read_text(encoding="utf-8"))
    content = {key: case[key] for key in ("patient", "on", "answers")}
    read = read_case(json.dumps(content).encode(), PROTOCOL, today=ON)
    assessment = assess(PROTOCOL, read.patient, read.answers, read.on)
    return Record(read.patient, read.on, read.answers, assessment)


def typed(text: str) -> Record:
    """Return a record in which everything a person can type is this text."""
    patient = replace(
        SOMEBODY,
        family_name=text,
        given_name=text,
        preferred_name=text,
        chart_number=text,
        phone=text,
        language=text,
        gender=text,
        interpreter=text,
        primary_care_provider=text,
    )
    answers = {
        "reason.in_patients_words": text,
        "reason.patients_concern": text,
        "background.medicines": [text, text],
        "background.allergies": [text],
        "care.earlier_tests_note": [text],
        "suspicion.level": 8,
        "suspicion.note": text,
        "function.psfs": [{"activity": text, "score": 3}],
        "result.report_note": text,
        "cancer.history": "yes",
    }
    return replace(record(answers, patient), clinician=text, visit_id=text)


def by_hand(questions: Iterable[Question] = (), **outcome: Any) -> Record:  # noqa: ANN401  (fields of Assessment)
    """Return a record of a protocol made here, with an outcome made here."""
    asked = {question.id: question for question in questions}
    protocol = Protocol(
        id="by_hand",
        version="1",
        title="Made by hand",
        status="proposed",
        digest="0" * 64,
        effective=ON,
        review_by=ON,
        reviewers=outcome.pop("reviewers", ()),
        source_attributes=SourceAttributes("", "", "", ON, (), {}),
        sections=(Section("only", "Only section", "history", "desk"),),
        questions=asked,
        findings={},
        red_flags=outcome.pop("flags", ()),
        scope=(),
        concerns={},
        thrust_cautions=(),
        not_suggested=(),
        actions={},
        sources=outcome.pop("sources", {}),
    )
    answers = Answers(outcome.pop("answers", {}))
    nothing = Assessment(
        protocol=protocol,
        tier=Tier.MONITOR,
        could_be=Tier.MONITOR,
        concerns=(),
        suggestions=(),
        not_suggested=(),
        manual_therapy=ManualTherapy("no_block_found"),
        ask_next=(),
        red_flags={},
        held_back=(),
        failed_rules=(),
        out_of_scope=(),
        hidden=frozenset(),
        open_questions=(),
        core_done=True,
    )
    return Record(SOMEBODY, ON, answers, replace(nothing, **outcome))


def summary_text(given: Record) -> str:
    """Return what a reader of the summary finds, on one line."""
    return text_of(PdfDocuments(code_points=True).summary(given))


def letter_text(given: Record) -> str:
    """Return what a reader of the letter finds, on one line."""
    return text_of(PdfDocuments(code_points=True).letter(given))


def text_of(content: bytes) -> str:
    """Return the text of all pages, every run of space as one space."""
    return " ".join(" ".join(page.split()) for page in pages_of(content))


def pages_of(content: bytes) -> list[str]:
    """Return the text of each page."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return [page.extract_text() for page in reader.pages]


def words_of(document: Document) -> str:
    """Return the text of a document before it has a layout."""
    return " ".join("".join(document.texts()).split())
