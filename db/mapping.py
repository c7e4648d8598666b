"""Rows in, values of `intake` out, and back."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import cast

from db.folding import compact, digits, folded
from db.tables import AnswerChangeRow, PatientRow, VisitRow
from intake.answers import AnswerChange, Answers, Role, Way
from intake.errors import InputRefusedError, Problem
from intake.patient import Patient
from intake.visit import Visit, VisitState

_PATIENT_FIELDS = tuple(field.name for field in fields(Patient))


def patient_row(patient: Patient) -> PatientRow:
    """Return a patient as a row, with what the search reads."""
    values = asdict(patient)
    refuse_half_characters(values.items())
    return PatientRow(
        **values,
        search_name=folded(
            f"{patient.family_name} {patient.given_name} {patient.preferred_name}"
        ),
        search_chart=compact(patient.chart_number),
        search_phone=digits(patient.phone),
    )


def patient_of(row: PatientRow) -> Patient:
    """Return the patient of a row."""
    return Patient(**{name: getattr(row, name) for name in _PATIENT_FIELDS})


def visit_row(visit: Visit) -> VisitRow:
    """Return a visit as a row."""
    return VisitRow(
        id=visit.id,
        patient_id=visit.patient_id,
        on_day=visit.on.isoformat(),
        opened_at=_moment(visit.opened_at),
        opened_utc=visit.opened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        protocol_id=visit.protocol_id,
        protocol_version=visit.protocol_version,
        protocol_digest=visit.protocol_digest,
        revision=visit.revision,
        state=visit.state,
        answers=visit.answers.as_dict(),
    )


def visit_of(row: VisitRow) -> Visit:
    """Return the visit of a row."""
    return Visit(
        id=row.id,
        patient_id=row.patient_id,
        on=date.fromisoformat(row.on_day),
        opened_at=datetime.fromisoformat(row.opened_at),
        protocol_id=row.protocol_id,
        protocol_version=row.protocol_version,
        protocol_digest=row.protocol_digest,
        revision=row.revision,
        state=cast("VisitState", row.state),
        answers=Answers(row.answers),
    )


def change_row(change: AnswerChange, visit_id: str, revision: int) -> AnswerChangeRow:
    """Return a change as a row of the save that makes a revision."""
    refuse_half_characters([("question", change.question), ("who", change.who)])
    return AnswerChangeRow(
        visit_id=visit_id,
        revision=revision,
        question=change.question,
        old=change.old,
        new=change.new,
        who=change.who,
        role=change.role,
        at=_moment(change.at),
        way=change.way,
        declined=change.declined,
    )


def change_of(row: AnswerChangeRow) -> AnswerChange:
    """Return the change of a row."""
    return AnswerChange(
        question=row.question,
        old=row.old,
        new=row.new,
        who=row.who,
        role=cast("Role", row.role),
        at=datetime.fromisoformat(row.at),
        way=cast("Way", row.way),
        declined=row.declined,
    )


def refuse_half_characters(values: Iterable[tuple[str, object]]) -> None:
    """Refuse text with half of a surrogate pair: no database can hold it.

    Raises:
        InputRefusedError: names the fields, not what is in them.
    """
    problems = [
        Problem(name, "Holds a broken character.", "Type it again.")
        for name, value in values
        if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value)
    ]
    if problems:
        raise InputRefusedError(problems)


def _moment(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a moment without its zone")
    return at.isoformat()
