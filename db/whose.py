"""Whose a visit is and who a patient is now: the one place that reads both.

A visit is its newest link's patient's, or the one's it was opened for; a patient who
was merged is whoever they went into, and so on. Each statement here follows indices, so
it costs what one patient has and not what the clinic has.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    select,
    union,
)
from sqlalchemy.orm import Session, aliased

from db import mapping
from db.tables import (
    AddendumRow,
    PatientMergeRow,
    PatientRow,
    VisitLinkRow,
    VisitRow,
)
from intake.visit import Visit


def owners(session: Session, visit_ids: Iterable[str]) -> dict[str, str]:
    """Return the patient of each of some visits, by the visit's id."""
    newest = (
        select(VisitLinkRow.patient_id)
        .where(VisitLinkRow.visit_id == VisitRow.id)
        .order_by(VisitLinkRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = VisitRow.id.in_(list(visit_ids))
    first = func.coalesce(newest, VisitRow.patient_id)
    start = select(VisitRow.id.label("what"), first.label("patient"))
    return _ends(session, start.where(wanted))


def living(session: Session, patient_ids: Iterable[str]) -> dict[str, str]:
    """Return who each of some patients is now; themselves where nobody merged them."""
    wanted = PatientRow.id.in_(list(patient_ids))
    start = select(PatientRow.id.label("what"), PatientRow.id.label("patient"))
    return _ends(session, start.where(wanted))


def visits_of(session: Session, patient_id: str) -> Select[VisitRow]:
    """Return the query for the visits of a patient and of all who went into them."""
    family = _family(session, living(session, [patient_id]).get(patient_id, patient_id))
    later = aliased(VisitLinkRow)
    opened = select(VisitRow.id).where(
        VisitRow.patient_id.in_(family),
        ~exists().where(VisitLinkRow.visit_id == VisitRow.id),
    )
    moved = select(VisitLinkRow.visit_id).where(
        VisitLinkRow.patient_id.in_(family),
        ~exists().where(
            later.visit_id == VisitLinkRow.visit_id, later.id > VisitLinkRow.id
        ),
    )
    return select(VisitRow).where(VisitRow.id.in_(union(opened, moved)))


def last_days(session: Session, patient_ids: Sequence[str]) -> dict[str, date]:
    """Return the day of the last visit of each of some patients who were here."""
    now = _families(session, patient_ids)
    if not now:
        return {}
    later = aliased(VisitLinkRow)
    day = func.max(VisitRow.on_day)
    was_here = and_(
        VisitRow.state.not_in(("cancelled", "entered_in_error")),
        ~exists().where(
            AddendumRow.visit_id == VisitRow.id,
            AddendumRow.kind == "entered_in_error",
        ),
    )
    opened = select(VisitRow.patient_id, day).where(
        VisitRow.patient_id.in_(now),
        was_here,
        ~exists().where(VisitLinkRow.visit_id == VisitRow.id),
    )
    moved = (
        select(VisitLinkRow.patient_id, day)
        .join(VisitRow, VisitRow.id == VisitLinkRow.visit_id)
        .where(
            VisitLinkRow.patient_id.in_(now),
            was_here,
            ~exists().where(
                later.visit_id == VisitLinkRow.visit_id, later.id > VisitLinkRow.id
            ),
        )
    )
    found = [
        *session.execute(opened.group_by(VisitRow.patient_id)),
        *session.execute(moved.group_by(VisitLinkRow.patient_id)),
    ]
    # In order, so that the last one stays.
    in_order = sorted(found, key=lambda row: row[1])
    return {now[who]: date.fromisoformat(on) for who, on in in_order}


def as_they_are(session: Session, rows: Sequence[VisitRow]) -> list[Visit]:
    """Return visits with the patient they have now, and whether they are in error."""
    ids = [row.id for row in rows]
    whose, wrong = owners(session, ids), _in_error(session, ids)
    return [
        mapping.visit_of(row, whose[row.id], is_in_error=row.id in wrong)
        for row in rows
    ]


def as_it_is(session: Session, row: VisitRow) -> Visit:
    """Return one visit in the same way."""
    (visit,) = as_they_are(session, [row])
    return visit


def found_as(session: Session, rows: Sequence[PatientRow]) -> list[PatientRow]:
    """Return patients that were found as who they are now, each once, in order."""
    if not rows:
        return []
    now = living(session, [row.id for row in rows])
    known = {row.id: row for row in rows}
    if missing := set(now.values()) - known.keys():
        wanted = select(PatientRow).where(PatientRow.id.in_(missing))
        known |= {row.id: row for row in session.scalars(wanted)}
    return list({now[row.id]: known[now[row.id]] for row in rows}.values())


def standing_merge(session: Session, patient_id: str) -> PatientMergeRow | None:
    """Return the merge by which somebody is another one now, or None."""
    wanted = select(PatientMergeRow).where(
        PatientMergeRow.patient_id == patient_id, _stands()
    )
    return session.scalars(wanted).first()


def merged_into(session: Session, patient_id: str) -> Sequence[PatientMergeRow]:
    """Return the merges that brought somebody straight to a patient, newest first."""
    wanted = select(PatientMergeRow).where(
        PatientMergeRow.into_id == patient_id, _stands()
    )
    return session.scalars(wanted.order_by(PatientMergeRow.id.desc())).all()


def who_went_into(
    session: Session, patient_ids: Sequence[str]
) -> dict[str, list[PatientRow]]:
    """Return everybody who went into some patients, straight or not, by their ids.

    It is asked of patients as a search finds them: of nobody who is another one now.
    """
    now = _families(session, patient_ids)
    went = {one: stays for one, stays in now.items() if one != stays}
    found: dict[str, list[PatientRow]] = {}
    if not went:
        # Almost always; and a database that joined both would read all patients.
        return found
    wanted = select(PatientRow).where(PatientRow.id.in_(went))
    order = (PatientRow.search_name, PatientRow.id)
    for row in session.scalars(wanted.order_by(*order)):
        found.setdefault(went[row.id], []).append(row)
    return found


def _ends(session: Session, start: Select[str, str]) -> dict[str, str]:
    """Follow merges from patients to who they are now, in one statement."""
    way = start.cte("way", recursive=True)
    way = way.union(
        select(way.c.what, PatientMergeRow.into_id)
        .join(PatientMergeRow, PatientMergeRow.patient_id == way.c.patient)
        .where(_stands())
    )
    goes_on = exists().where(PatientMergeRow.patient_id == way.c.patient, _stands())
    found = session.execute(select(way.c.what, way.c.patient).where(~goes_on))
    return {str(thing): str(end) for thing, end in found}


def _family(session: Session, patient_id: str) -> Sequence[str]:
    """Return a patient and everybody who went into them, straight or not.

    Read before what is theirs: a database that has to guess how many these are reads
    all visits for them.
    """
    alone = select(PatientRow.id.label("patient")).where(PatientRow.id == patient_id)
    family = alone.cte("family", recursive=True)
    family = family.union(
        select(PatientMergeRow.patient_id)
        .join(family, PatientMergeRow.into_id == family.c.patient)
        .where(_stands())
    )
    return session.scalars(select(family.c.patient)).all()


def _families(session: Session, patient_ids: Sequence[str]) -> dict[str, str]:
    """Return some patients and all who went into them, with the one of these."""
    wanted = PatientRow.id.in_(patient_ids)
    start = select(PatientRow.id.label("patient"), PatientRow.id.label("now"))
    family = start.where(wanted).cte("family", recursive=True)
    family = family.union(
        select(PatientMergeRow.patient_id, family.c.now)
        .join(family, PatientMergeRow.into_id == family.c.patient)
        .where(_stands())
    )
    found = session.execute(select(family.c.patient, family.c.now))
    return {str(patient): str(now) for patient, now in found}


def _stands() -> ColumnElement[bool]:
    """Return the condition that a merge is the newest of its patient, and none undone.

    Each use has an alias of its own: the condition goes into one inside another.
    """
    later = aliased(PatientMergeRow)
    is_newest = ~exists().where(
        later.patient_id == PatientMergeRow.patient_id, later.id > PatientMergeRow.id
    )
    return and_(PatientMergeRow.into_id.is_not(None), is_newest)


def _in_error(session: Session, visit_ids: Collection[str]) -> set[str]:
    wanted = select(AddendumRow.visit_id).where(
        AddendumRow.visit_id.in_(visit_ids), AddendumRow.kind == "entered_in_error"
    )
    return set(session.scalars(wanted))
