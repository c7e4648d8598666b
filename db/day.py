"""The day in the database: where visits are, how they got there, who has to be called.

What a call-back is, and when a visit is finished, is told by `intake`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import cast, get_args

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from db import mapping, whose
from db.tables import (
    AnswerChangeRow,
    CallBackRow,
    CallRow,
    PatientRow,
    PersonRow,
    StateChangeRow,
    VisitRow,
)
from intake.call_backs import SETTLED, CallBack
from intake.errors import UserFacingError
from intake.moves import STATE_WORDS, StateChange
from intake.patient import Patient
from intake.visit import FINISHED, VisitState
from intake.worklist import ListedVisit

#: Named one by one, so that an index finds them.
_UNFINISHED = sorted(set(get_args(VisitState)) - FINISHED)


def make_move(
    session: Session, row: VisitRow, change: StateChange, revision: int
) -> None:
    """Move a visit whose row is locked, in the save that makes a revision."""
    session.add(mapping.state_change_row(change, row.id, revision))
    row.state = change.after


def refuse_if_moved(
    session: Session, row: VisitRow, change: StateChange, seen: int
) -> None:
    """Refuse a move of a visit that somebody else moved after a revision was read.

    Answers that came in meanwhile are no reason: they stay, wherever the visit goes.

    Raises:
        UserFacingError: (visit_moved) where it is now.
    """
    last = session.scalar(
        select(func.max(StateChangeRow.revision)).where(
            StateChangeRow.visit_id == row.id
        )
    )
    if row.state != change.before or (last or 0) > seen:
        now = cast("VisitState", row.state)
        raise UserFacingError(
            "visit_moved",
            f"Somebody else moved this visit: it is {STATE_WORDS[now]!r} now.",
            "Look at it again; nothing of yours is lost.",
        )


def is_here(session: Session, person_id: str) -> bool:
    """Return whether somebody works here."""
    row = session.get(PersonRow, person_id) if person_id else None
    return row is not None and row.is_active


def moves_of(session: Session, visit_id: str) -> list[StateChange]:
    """Return the moves of a visit, oldest first."""
    wanted = select(StateChangeRow).where(StateChangeRow.visit_id == visit_id)
    rows = session.scalars(wanted.order_by(StateChangeRow.id))
    return [mapping.state_change_of(row) for row in rows]


def listed(session: Session, today: date) -> list[ListedVisit]:
    """Return the visits of a day, older ones that are not finished, and open calls."""
    is_on_it = _is_on_the_list(today)
    call_backs = open_call_backs(session)
    found = session.scalars(select(VisitRow).where(is_on_it)).all()
    moved = select(StateChangeRow.visit_id, StateChangeRow.at).join(
        VisitRow, VisitRow.id == StateChangeRow.visit_id
    )
    # The latest last, so that it is the one that stays.
    ordered = moved.where(is_on_it).order_by(StateChangeRow.id)
    since = {visit: at for visit, at in session.execute(ordered)}  # noqa: C416  (rows)
    by_visit = {one.visit_id: one for one in call_backs}
    entries = []
    visits = whose.as_they_are(session, found)
    patients = _patients(session, {visit.patient_id for visit in visits})
    for visit in visits:
        at = visit.opened_at
        if visit.signature is not None:
            at = visit.signature.at
        elif visit.id in since:
            at = datetime.fromisoformat(since[visit.id])
        patient = patients[visit.patient_id]
        entries.append(ListedVisit(visit, patient, at, by_visit.get(visit.id)))
    return entries


def first_authors(
    session: Session, visit_ids: Sequence[str]
) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return who answered which question first: question and name, oldest first."""
    row = AnswerChangeRow
    wanted = select(row.visit_id, row.question, row.who).where(
        row.visit_id.in_(visit_ids)
    )
    first: dict[str, dict[str, str]] = defaultdict(dict)
    for visit_id, question, who in session.execute(wanted.order_by(row.id)):
        first[visit_id].setdefault(question, who)
    return {visit_id: tuple(first[visit_id].items()) for visit_id in visit_ids}


def open_call_backs(session: Session, visit_id: str | None = None) -> list[CallBack]:
    """Return the patients who have still to be called, oldest first."""
    wanted = select(CallBackRow).where(_is_open())
    if visit_id is not None:
        wanted = wanted.where(CallBackRow.visit_id == visit_id)
    rows = session.scalars(wanted.order_by(CallBackRow.asked_at, CallBackRow.id)).all()
    return _with_calls(session, rows)


def patients_to_call(session: Session) -> list[tuple[CallBack, Patient]]:
    """Return the patients who have still to be called, oldest first."""
    found = open_call_backs(session)
    owners = whose.owners(session, [one.visit_id for one in found])
    patients = _patients(session, set(owners.values()))
    return [(one, patients[owners[one.visit_id]]) for one in found]


def _patients(session: Session, ids: Collection[str]) -> dict[str, Patient]:
    wanted = select(PatientRow).where(PatientRow.id.in_(ids))
    return {row.id: mapping.patient_of(row) for row in session.scalars(wanted)}


def call_back(session: Session, call_back_id: str) -> CallBack:
    """Return a call-back, while no other call can be added to it.

    Raises:
        KeyError: there is none.
    """
    row = session.get(CallBackRow, call_back_id)
    if row is None:
        raise KeyError(call_back_id)
    # Rows that are written once cannot be locked; whoever calls takes the visit's.
    session.get(VisitRow, row.visit_id, with_for_update=True)
    return _with_calls(session, [row])[0]


def _with_calls(session: Session, rows: Sequence[CallBackRow]) -> list[CallBack]:
    wanted = select(CallRow).where(CallRow.call_back_id.in_([row.id for row in rows]))
    calls: dict[str, list[CallRow]] = defaultdict(list)
    for call in session.scalars(wanted.order_by(CallRow.id)) if rows else ():
        calls[call.call_back_id].append(call)
    return [mapping.call_back_of(row, calls[row.id]) for row in rows]


def _is_on_the_list(today: date) -> ColumnElement[bool]:
    waiting = select(CallBackRow.visit_id).where(_is_open())
    return or_(
        VisitRow.on_day == today.isoformat(),
        VisitRow.state.in_(_UNFINISHED),
        VisitRow.id.in_(waiting),
    )


def _is_open() -> ColumnElement[bool]:
    settles = (
        CallRow.call_back_id == CallBackRow.id,
        CallRow.outcome.in_(sorted(SETTLED)),
    )
    return ~exists().where(*settles)
