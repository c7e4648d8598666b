"""One visit with everything a document needs."""

from dataclasses import dataclass
from datetime import date, datetime

from intake.answers import Answers
from intake.confirmations import Entered
from intake.decisions import Decision
from intake.outcome import Assessment
from intake.patient import Patient


@dataclass(frozen=True, slots=True)
class Record:
    """A patient's visit, assessed. `assessment.protocol` is the protocol used.

    `printed_at` is the time printed on documents; the same record gives the same
    bytes. `declined` lists the questions a patient would not answer; `decisions` what
    was decided on suggestions, oldest first; `entered` the answers that no clinician
    entered. `signed_at` is when `clinician` signed it; None while nobody has.
    """

    patient: Patient
    on: date
    answers: Answers
    assessment: Assessment
    printed_at: datetime | None = None
    visit_id: str = ""
    clinician: str = ""
    declined: frozenset[str] = frozenset()
    decisions: tuple[Decision, ...] = ()
    entered: tuple[Entered, ...] = ()
    signed_at: datetime | None = None
    #: The clinician's own number, as it stands with the person.
    licence: str = ""
