"""The list of the day: who is here, in which state, and how long already.

The tier is computed from the stored answers; each visit's is remembered until it
changes, so that a list that nobody changed costs next to nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from intake.assessment import assess
from intake.call_backs import CallBack
from intake.fitting import fitting
from intake.outcome import Assessment
from intake.patient import Patient
from intake.protocol import Protocol, Tier
from intake.visit import FINISHED, Visit, VisitState

_ORDER: tuple[VisitState, ...] = (
    "history", "ready_for_clinician", "in_examination", "to_sign",
    "left_before_seen", "cancelled", "entered_in_error", "signed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """A visit of the list as it is stored; `since` is when it got into its state."""

    visit: Visit
    patient: Patient
    since: datetime
    call_back: CallBack | None = None


@dataclass(frozen=True, slots=True)
class WorklistEntry:
    """A visit of the list as one person may see it.

    Attributes:
        visit: as that person may read it.
        patient: whose it is.
        tier: how urgent; None at the desk, and where it cannot be assessed.
        call_back: an open one; None where nobody has to call.
        history_by: the names of who took the history.
        examined_by: the names of who examined.
        responsible: the name of who sees to it that it is finished; empty for nobody.
        since: when it got into its state.
    """

    visit: Visit
    patient: Patient
    tier: Tier | None
    call_back: CallBack | None
    history_by: tuple[str, ...]
    examined_by: tuple[str, ...]
    responsible: str
    since: datetime

    @property
    def is_finished(self) -> bool:
        """Return whether nobody has to do anything about it any more."""
        return self.visit.state in FINISHED and self.call_back is None


def by_danger(entries: Iterable[WorklistEntry]) -> list[WorklistEntry]:
    """Return a list as the clinician works it: the gravest first, then who waits.

    What could not be assessed is unknown, which is not harmless: it comes first.
    """

    def place(one: WorklistEntry) -> tuple[object, ...]:
        tier = Tier.EMERGENCY_NOW + 1 if one.tier is None else one.tier
        return one.is_finished, -tier, one.since, one.visit.id

    return sorted(entries, key=place)


def by_state(entries: Iterable[WorklistEntry]) -> list[WorklistEntry]:
    """Return a list as the desk works it: calls to make, then by state and waiting."""

    def place(one: WorklistEntry) -> tuple[object, ...]:
        return (
            one.call_back is None,
            _ORDER.index(one.visit.state),
            one.since,
            one.visit.id,
        )

    return sorted(entries, key=place)


class Tiers:
    """How urgent visits are with one protocol; computed once for each state of each.

    What is remembered is a number per visit, so that a year of visits is a small table.
    """

    def __init__(self, protocol: Protocol) -> None:
        """Remember nothing yet."""
        self._protocol = protocol
        self._known: dict[str, tuple[int, Patient, Tier | None]] = {}

    def of(self, visit: Visit, patient: Patient) -> Tier | None:
        """Return the tier of a visit as it is stored; None where it cannot be told."""
        known = self._known.get(visit.id)
        if known is not None and known[:2] == (visit.revision, patient):
            return known[2]
        found = self.assessed(visit, patient)
        tier = found.tier if found is not None else None
        self._known[visit.id] = (visit.revision, patient, tier)
        return tier

    def assessed(self, visit: Visit, patient: Patient) -> Assessment | None:
        """Return the assessment of a visit; None where it cannot be assessed."""
        try:
            read = fitting(self._protocol, visit.answers)
            found = assess(self._protocol, patient, read, visit.on)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return None
        # What cannot be read of an older protocol may be what is urgent.
        is_told = not found.failed_rules and (read == visit.answers or found.tier)
        return found if is_told else None
