"""Rows in, values of `intake` out, and back."""

import re
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import cast

from db.tables import (
    AddendumRow,
    AnswerChangeRow,
    CallBackRow,
    CallRow,
    ConfirmationRow,
    DecisionRow,
    EarlierRegistrationRow,
    PatientMergeRow,
    PatientRow,
    PersonRow,
    SetAsideRow,
    StateChangeRow,
    ToldRow,
    VisitLinkRow,
    VisitRow,
)
from intake.answers import AnswerChange, Answers, Role, Way
from intake.call_backs import Call, CallBack, CallOutcome
from intake.confirmations import Confirmation
from intake.decisions import Choice, Decision, Grounds
from intake.errors import InputRefusedError, Problem
from intake.folding import folded
from intake.moves import StateChange
from intake.patient import Patient
from intake.people import Person, PersonRole
from intake.protocol import Tier
from intake.signing import Addendum, AddendumKind
from intake.tell_now import Told
from intake.visit import Signature, Visit, VisitState
from intake.whose import PatientMerge, VisitLink

_BROKEN = re.compile("[\0\ud800-\udfff]")
#: Bytes; PostgreSQL refuses a row of which an index would hold 2704.
_LONGEST_KEY = 2600
_PATIENT_FIELDS = tuple(field.name for field in fields(Patient))


def patient_row(patient: Patient) -> PatientRow:
    """Return a patient as a row, with what the search reads."""
    values = asdict(patient)
    refuse_half_characters(values.items())
    family, given = patient.family_name, patient.given_name
    preferred = patient.preferred_name
    return PatientRow(
        **values,
        search_name=indexed(folded(f"{family} {given} {preferred}")),
    )


def earlier_row(patient: Patient) -> EarlierRegistrationRow:
    """Return a registration that is about to be changed as the row that keeps it."""
    told = asdict(patient)
    return EarlierRegistrationRow(
        patient_id=told.pop("id"), revision=told.pop("revision"), registered=told
    )


def earlier_of(row: EarlierRegistrationRow) -> Patient:
    """Return a registration as it was."""
    return Patient(row.patient_id, **row.registered, revision=row.revision)


def indexed(text: str) -> str:
    """Return as much of a text as an index of PostgreSQL's takes."""
    return text.encode()[:_LONGEST_KEY].decode(errors="ignore")


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
        responsible=visit.responsible,
        **_signature_columns(visit.signature),
    )


def sign_row(row: VisitRow, signature: Signature) -> None:
    """Put a signature on a visit's row."""
    for name, value in _signature_columns(signature).items():
        setattr(row, name, value)
    row.state = "signed"


def _signature_columns(signature: Signature | None) -> dict[str, str | None]:
    if signature is None:
        return {}
    return {
        "signed_at": _moment(signature.at),
        "signed_by": signature.person_id,
        "signed_name": signature.name,
        "signed_content": signature.content,
        "signed_digest": signature.digest,
    }


def _signature_of(row: VisitRow) -> Signature | None:
    if row.signed_at is None:
        return None
    return Signature(
        row.signed_content or "",
        row.signed_digest or "",
        row.signed_by or "",
        row.signed_name or "",
        datetime.fromisoformat(row.signed_at),
    )


def set_aside_row(change: AnswerChange, visit_id: str) -> SetAsideRow:
    """Return an answer that lost a conflict as a row."""
    return SetAsideRow(
        visit_id=visit_id,
        question=change.question,
        value=change.new,
        who=change.who,
        role=change.role,
        at=_moment(change.at),
    )


def set_aside_of(row: SetAsideRow) -> AnswerChange:
    """Return an answer that lost a conflict as the change it would have been."""
    at = datetime.fromisoformat(row.at)
    role = cast("Role", row.role)
    way: Way = "desk" if role == "desk" else "clinician"
    return AnswerChange(row.question, None, row.value, row.who, role, at, way)


def state_change_row(
    change: StateChange, visit_id: str, revision: int
) -> StateChangeRow:
    """Return a move as a row of the save that makes a revision."""
    refuse_half_characters([("reason", change.reason)])
    return StateChangeRow(
        visit_id=visit_id,
        revision=revision,
        from_state=change.before,
        to_state=change.after,
        who=change.who,
        at=_moment(change.at),
        reason=change.reason,
    )


def state_change_of(row: StateChangeRow) -> StateChange:
    """Return the move of a row."""
    return StateChange(
        cast("VisitState", row.from_state),
        cast("VisitState", row.to_state),
        row.who,
        datetime.fromisoformat(row.at),
        row.reason,
    )


def call_back_row(one: CallBack) -> CallBackRow:
    """Return a call-back as a row; its calls are rows of their own."""
    return CallBackRow(
        id=one.id,
        visit_id=one.visit_id,
        on_day=one.on.isoformat(),
        asked_at=_moment(one.asked_at),
    )


def call_back_of(row: CallBackRow, calls: Iterable[CallRow]) -> CallBack:
    """Return the call-back of a row and of the rows of its calls."""
    return CallBack(
        row.id,
        row.visit_id,
        date.fromisoformat(row.on_day),
        datetime.fromisoformat(row.asked_at),
        tuple(_call_of(call) for call in calls),
    )


def call_row(call: Call, call_back_id: str) -> CallRow:
    """Return a call as a row."""
    refuse_half_characters([("note", call.note)])
    return CallRow(
        call_back_id=call_back_id,
        outcome=call.outcome,
        note=call.note,
        who=call.who,
        at=_moment(call.at),
    )


def _call_of(row: CallRow) -> Call:
    outcome = cast("CallOutcome", row.outcome)
    return Call(outcome, row.who, datetime.fromisoformat(row.at), row.note)


def decision_row(
    decision: Decision, visit_id: str, revision: int, *, late: bool
) -> DecisionRow:
    """Return a decision as a row of the save that makes a revision."""
    grounds = decision.grounds
    return DecisionRow(
        id=decision.id,
        visit_id=visit_id,
        revision=revision,
        subject=decision.subject,
        choice=decision.choice,
        words=decision.words,
        reason=decision.reason,
        tier=grounds.tier.code,
        rules=list(grounds.rules),
        findings=dict(grounds.findings),
        protocol=grounds.protocol,
        who=decision.who,
        at=_moment(decision.at),
        late=late,
    )


def decision_of(row: DecisionRow) -> Decision:
    """Return the decision of a row."""
    tier = Tier.from_code(row.tier)
    return Decision(
        id=row.id,
        subject=row.subject,
        choice=cast("Choice", row.choice),
        grounds=Grounds(tier, tuple(row.rules), row.findings, row.protocol),
        who=row.who,
        at=datetime.fromisoformat(row.at),
        words=row.words,
        reason=row.reason,
        is_late=row.late,
    )


def confirmation_row(
    one: Confirmation, visit_id: str, revision: int, *, late: bool
) -> ConfirmationRow:
    """Return a confirmation as a row of the save that makes a revision."""
    return ConfirmationRow(
        id=one.id,
        visit_id=visit_id,
        revision=revision,
        question=one.question,
        value=one.value,
        answered_at=_moment(one.answered_at),
        who=one.who,
        at=_moment(one.at),
        taken_back=one.is_taken_back,
        late=late,
    )


def confirmation_of(row: ConfirmationRow) -> Confirmation:
    """Return the confirmation of a row."""
    return Confirmation(
        id=row.id,
        question=row.question,
        value=row.value,
        answered_at=datetime.fromisoformat(row.answered_at),
        who=row.who,
        at=datetime.fromisoformat(row.at),
        is_taken_back=row.taken_back,
        is_late=row.late,
    )


def told_row(told: Told, visit_id: str) -> ToldRow:
    """Return who was told as a row."""
    return ToldRow(
        id=told.id,
        visit_id=visit_id,
        line=told.line,
        answers=list(told.answers),
        told_to=told.to,
        who=told.who,
        at=_moment(told.at),
    )


def told_of(row: ToldRow) -> Told:
    """Return who was told, of a row."""
    at = datetime.fromisoformat(row.at)
    return Told(row.id, row.line, tuple(row.answers), row.told_to, row.who, at)


def addendum_row(addendum: Addendum) -> AddendumRow:
    """Return an addendum as a row."""
    return AddendumRow(**asdict(addendum))


def addendum_of(row: AddendumRow) -> Addendum:
    """Return the addendum of a row."""
    kind = cast("AddendumKind", row.kind)
    return Addendum(row.id, row.visit_id, row.number, kind, row.content, row.digest)


def person_row(person: Person, revision: int = 0) -> PersonRow:
    """Return a person as a row."""
    refuse_half_characters([("name", person.name), ("licence", person.licence)])
    return PersonRow(
        id=person.id,
        name=person.name,
        roles=sorted(person.roles),
        licence=person.licence,
        is_active=person.is_active,
        revision=revision,
    )


def person_of(row: PersonRow) -> Person:
    """Return the person of a row."""
    roles = frozenset(cast("list[PersonRole]", row.roles))
    return Person(row.id, row.name, roles, row.licence, row.is_active)


def visit_of(row: VisitRow, patient_id: str, *, is_in_error: bool) -> Visit:
    """Return the visit of a row, with whose it is now; see db.whose."""
    return Visit(
        id=row.id,
        patient_id=patient_id,
        on=date.fromisoformat(row.on_day),
        opened_at=datetime.fromisoformat(row.opened_at),
        protocol_id=row.protocol_id,
        protocol_version=row.protocol_version,
        protocol_digest=row.protocol_digest,
        revision=row.revision,
        state=cast("VisitState", row.state),
        answers=Answers(row.answers),
        signature=_signature_of(row),
        responsible=row.responsible,
        is_in_error=is_in_error,
    )


def link_row(link: VisitLink) -> VisitLinkRow:
    """Return a visit's move to a patient as a row."""
    refuse_half_characters([("reason", link.reason)])
    return VisitLinkRow(
        visit_id=link.visit_id,
        patient_id=link.patient_id,
        who=link.who,
        at=_moment(link.at),
        reason=link.reason,
    )


def link_of(row: VisitLinkRow) -> VisitLink:
    """Return a visit's move of a row."""
    at = datetime.fromisoformat(row.at)
    return VisitLink(row.visit_id, row.patient_id, row.who, at, row.reason)


def merge_row(merge: PatientMerge) -> PatientMergeRow:
    """Return a merge, or one undone, as a row; the database gives its number."""
    return PatientMergeRow(
        patient_id=merge.patient_id,
        into_id=merge.into or None,
        who=merge.who,
        at=_moment(merge.at),
    )


def merge_of(row: PatientMergeRow) -> PatientMerge:
    """Return the merge of a row."""
    at = datetime.fromisoformat(row.at)
    return PatientMerge(row.patient_id, row.into_id or "", row.who, at, row.id)


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
    """Refuse text with NUL or half of a surrogate pair: not every database holds it.

    Raises:
        InputRefusedError: names the fields, not what is in them.
    """
    problems = [
        Problem(name, "Holds a broken character.", "Type it again.")
        for name, value in values
        if isinstance(value, str) and _BROKEN.search(value)
    ]
    if problems:
        raise InputRefusedError(problems)


def _moment(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("a moment without its zone")
    return at.isoformat()
