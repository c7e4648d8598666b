"""Visits to test with: made-up patients, a clock that stands still, no store."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from intake.answers import AnswerChange, Answers, Role
from intake.assessment import assess
from intake.confirmations import Confirmation
from intake.decisions import Decision
from intake.earlier import Earlier
from intake.patient import Patient
from intake.protocol import Protocol
from intake.second_look import meant
from intake.tell_now import Told
from intake.visit import Visit
from ui.session import VisitSession
from ui.visit.sign_row import SignRow

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


class StoppedClock:
    """A clock at ten o'clock."""

    def now(self) -> datetime:
        return NOW

    def today(self) -> date:
        return TODAY


def session_of(
    protocol: Protocol,
    *,
    role: Role = "clinician",
    answers: Mapping[str, Any] | None = None,
    birth_date: str = "1992-03-01",
    saved: list[AnswerChange] | None = None,
    decisions: Sequence[Decision] = (),
    decided: list[Decision] | None = None,
    changes: Sequence[AnswerChange] = (),
    confirmed: list[Confirmation] | None = None,
    told: list[Told] | None = None,
    earlier: Sequence[Earlier] = (),
) -> VisitSession:
    """Return a session; what it saves is added to `saved` and `decided`."""
    kept = saved if saved is not None else []
    patient = Patient(
        "p1", "Moreno", "Ana", birth_date=birth_date, sex_at_birth="female"
    )
    visit = Visit(
        id="v1",
        patient_id="p1",
        on=TODAY,
        opened_at=NOW,
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_digest=protocol.digest,
        answers=Answers(answers),
    )
    return VisitSession(
        protocol,
        patient,
        visit,
        clock=StoppedClock(),
        who="Sam",
        role=role,
        assess=assess,
        save=kept.extend,
        decisions=decisions,
        keep=(decided if decided is not None else []).append,
        changes=changes,
        keep_confirmed=(confirmed if confirmed is not None else []).extend,
        earlier=earlier,
        keep_told=(told if told is not None else []).append,
    )


def say_whose(row: SignRow) -> None:
    """Type whose visit is signed, where that is asked."""
    if row.patient is not None:
        row.whose.setText(meant(row.patient))


def by_the_desk(answers: Mapping[str, Any], who: str = "Dee") -> list[AnswerChange]:
    """Return the changes by which the desk entered answers, a minute ago."""
    at = NOW - timedelta(minutes=1)
    return [
        AnswerChange(q, None, v, who, "desk", at, "desk") for q, v in answers.items()
    ]
