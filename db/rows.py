"""A row of the records, or a clear word why not: shared by the parts of the store."""

from typing import TypeVar

from sqlalchemy.orm import Session

from db.tables import PatientRow, PersonRow, VisitRow
from intake.errors import UserFacingError
from intake.visit import ENDED

_Row = TypeVar("_Row", PatientRow, PersonRow, VisitRow)


def row_of(
    session: Session, table: type[_Row], key: str, *, lock: bool = False
) -> _Row:
    """Return a row, held until the end where it is to change; KeyError for none."""
    row = session.get(table, key, with_for_update=lock or None)
    if row is None:
        raise KeyError(key)
    return row


def refuse_finished(row: VisitRow) -> None:
    """Refuse a visit that is signed, or ended without.

    Raises:
        UserFacingError: (visit_signed, visit_ended) which of both.
    """
    if row.signed_at is not None:
        raise signed()
    if row.state in ENDED:
        raise UserFacingError(
            "visit_ended",
            "This visit ended and takes nothing more.",
            "Take its end back first, if that was a mistake; nothing is lost.",
        )


def signed() -> UserFacingError:
    """Return the error that a visit is signed."""
    return UserFacingError(
        "visit_signed",
        "This visit is signed and does not change any more.",
        "Write an addendum instead; the signed visit is untouched.",
    )
