"""Documents that were issued under the wrong name, and have to be called back.

The audit trail knows each document that was shown or left the records; this says of
each which it was, when, by whom, and whose name it bore.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from intake.audit import AuditEntry, Event

#: How a document left, by what the trail calls it; the worst first.
LEFT: Mapping[Event, str] = {
    "document_exported": "saved as a file",
    "document_printed": "printed",
    "document_viewed": "shown on the screen",
}
_KINDS = {"summary": "visit summary", "letter": "letter"}


@dataclass(frozen=True, slots=True)
class Issued:
    """One document of a visit.

    `bore` is the name it carried, and `is_wrong` says that this is not the name of the
    patient whose visit it is, or that the whole visit was entered in error.
    """

    kind: str
    how: Event
    at: datetime
    who: str
    bore: str
    is_wrong: bool

    @property
    def words(self) -> str:
        """Return it as one line."""
        kind = _KINDS.get(self.kind, self.kind or "document")
        when = f"{self.at:%Y-%m-%d %H:%M}"
        return f"{when}  {kind}, {LEFT[self.how]} by {self.who}, for {self.bore}"


def patient_on(entry: AuditEntry, opened_for: str) -> str:
    """Return the id of the patient whose name a document bore.

    Notes of earlier versions do not tell it; visits were never moved then.
    """
    return str(entry.note.detail.get("patient") or opened_for)


def in_order(entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """Return what left, in the order in which it did."""
    left = (entry for entry in entries if entry.note.event in LEFT)
    return sorted(left, key=lambda entry: entry.number)


def as_text(issued: Iterable[Issued], on: date) -> str:
    """Return a list to print, or to copy into a message."""
    lines = [one.words for one in issued]
    if not lines:
        return f"No document of the visit of {on:%Y-%m-%d} was issued."
    head = f"Documents of the visit of {on:%Y-%m-%d} to call back:"
    return "\n".join([head, *(f"- {line}" for line in lines)])
