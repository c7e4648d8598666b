"""What could not be stored, kept in a file until it can; and what is not finished.

The file lies in the data folder, readable by its owner only, sealed like the records,
and is written whole or not at all. The next start stores what is in it, and then
removes it.
"""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from intake.answers import AnswerChange, Answers
from intake.confirmations import (
    Confirmation,
    confirmation_json,
    confirmation_of,
)
from intake.decisions import Decision, decision_json, decision_of
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.ports import VisitRecords
from intake.tell_now import Told
from intake.visit import Visit

FILE_NAME = "unsaved-answers.json"


@dataclass(frozen=True, slots=True)
class NewPatient:
    """A patient who was registered, and by whom (a person's id)."""

    patient: Patient
    by: str = ""

    def store_in(self, store: VisitRecords) -> None:
        """Register the patient, unless an earlier run got that far."""
        try:
            store.patient(self.patient.id)
        except KeyError:
            store.register(self.patient)


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit that was opened, and by whom."""

    visit: Visit
    by: str = ""

    def store_in(self, store: VisitRecords) -> None:
        """Open the visit, unless an earlier run got that far."""
        try:
            store.visit(self.visit.id)
        except KeyError:
            store.open_visit(self.visit)


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of one visit, the revision they were made from, and by whom."""

    visit_id: str
    revision: int
    changes: list[AnswerChange] = field(default_factory=list)
    by: str = ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """An answer that somebody did not choose, of two that were in conflict."""

    visit_id: str
    loser: AnswerChange
    by: str = ""

    def store_in(self, store: VisitRecords) -> None:
        """Keep it; once, also where an earlier run got that far."""
        store.settle_conflict(self.visit_id, self.loser)


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What somebody decided on a suggestion."""

    visit_id: str
    decision: Decision
    by: str = ""

    def store_in(self, store: VisitRecords) -> Visit:
        """Store it; once, also where an earlier run got that far."""
        return store.decide(self.visit_id, self.decision)


@dataclass(frozen=True, slots=True)
class NewConfirmations:
    """What a clinician confirmed with one key."""

    visit_id: str
    confirmations: list[Confirmation]
    by: str = ""

    def store_in(self, store: VisitRecords) -> Visit:
        """Store them; once, also where an earlier run got that far."""
        return store.confirm(self.visit_id, self.confirmations)


@dataclass(frozen=True, slots=True)
class NewTold:
    """Whom somebody told of an answer."""

    visit_id: str
    told: Told
    by: str = ""

    def store_in(self, store: VisitRecords) -> None:
        """Store it; once, also where an earlier run got that far."""
        store.note_told(self.visit_id, self.told)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in a place and is no record yet; see `ui.unfinished`."""

    place: str
    fields: dict[str, Any]


#: What waits to be stored.
Entry = (
    NewPatient
    | NewVisit
    | Changes
    | SetAside
    | NewDecision
    | NewConfirmations
    | NewTold
)
#: What a draft holds.
Kept = Entry | Typed


def _as_it_is(content: bytes) -> bytes:
    return content


@dataclass(frozen=True, slots=True)
class Seal:
    """How a draft is closed before it is written, and opened when it is read."""

    close: Callable[[bytes], bytes] = _as_it_is
    #: Raises ValueError for what it cannot open.
    open: Callable[[bytes], bytes] = _as_it_is


#: For records in the clear, which only the demonstration has.
UNSEALED = Seal()


def write(folder: Path, entries: Sequence[Kept], seal: Seal = UNSEALED) -> None:
    """Keep what is not stored; an empty list removes the file.

    Raises:
        OSError: when even the draft cannot be written.
    """
    path = folder / FILE_NAME
    if not entries:
        path.unlink(missing_ok=True)
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    # ASCII, so that even half of a surrogate pair comes back as it went in.
    text = json.dumps([_plain(entry) for entry in entries])
    with os.fdopen(descriptor, "wb") as file:
        file.write(seal.close(text.encode("ascii")))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read(folder: Path, seal: Seal = UNSEALED) -> list[Kept]:
    """Return what was kept, oldest first; nothing when there is no draft.

    Raises:
        UserFacingError: it cannot be read; the file was put aside, not removed.
    """
    path = folder / FILE_NAME
    try:
        content = seal.open(path.read_bytes())
        return [_entry(plain) for plain in json.loads(content)]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        aside = _free_name(path)
        with suppress(OSError):
            path.replace(aside)
        raise UserFacingError(
            "draft_unreadable",
            "Answers kept from the last time cannot be read.",
            f"The file was put aside as {aside.name} beside the records; it holds "
            "patient data.",
        ) from None


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}-unreadable-{number}.json")).exists():
        number += 1
    return aside


def _plain(  # noqa: C901, PLR0911  (one case for each kind of entry)
    entry: Kept,
) -> dict[str, Any]:
    match entry:
        case Typed(place, fields):
            return {"place": place, "fields": fields}
        case NewPatient(patient, by):
            return {"patient": asdict(patient), "by": by}
        case NewVisit(visit, by):
            return {
                "by": by,
                "new_visit": {
                    "id": visit.id,
                    "patient_id": visit.patient_id,
                    "on": visit.on.isoformat(),
                    "opened_at": visit.opened_at.isoformat(),
                    "protocol_id": visit.protocol_id,
                    "protocol_version": visit.protocol_version,
                    "protocol_digest": visit.protocol_digest,
                    "state": visit.state,
                    "answers": visit.answers.as_dict(),
                },
            }
        case SetAside(visit_id, loser, by):
            return {"visit": visit_id, "loser": _plain_change(loser), "by": by}
        case NewDecision(visit_id, decision, by):
            return {"visit": visit_id, "decision": decision_json(decision), "by": by}
        case NewConfirmations(visit_id, confirmations, by):
            told = [confirmation_json(one) for one in confirmations]
            return {"visit": visit_id, "confirmations": told, "by": by}
        case NewTold(visit_id, told, by):
            fields = {**asdict(told), "at": told.at.isoformat()}
            return {"visit": visit_id, "told": fields, "by": by}
        case Changes(visit_id, revision, changes, by):
            return {
                "visit": visit_id,
                "revision": revision,
                "changes": [_plain_change(change) for change in changes],
                "by": by,
            }


def _plain_change(change: AnswerChange) -> dict[str, Any]:
    return {**asdict(change), "at": change.at.isoformat()}


def _change(plain: dict[str, Any]) -> AnswerChange:
    return AnswerChange(**{**plain, "at": datetime.fromisoformat(plain["at"])})


def _told(plain: dict[str, Any]) -> Told:
    at = datetime.fromisoformat(plain["at"])
    return Told(**{**plain, "answers": tuple(plain["answers"]), "at": at})


def _entry(plain: dict[str, Any]) -> Kept:  # noqa: PLR0911  (one for each kind)
    if "place" in plain:
        return Typed(str(plain["place"]), dict(plain["fields"]))
    # Drafts of the first version do not say who.
    by = str(plain.get("by", ""))
    if "patient" in plain:
        return NewPatient(Patient(**plain["patient"]), by)
    if "new_visit" in plain:
        fields = dict(plain["new_visit"])
        fields["on"] = date.fromisoformat(fields["on"])
        fields["opened_at"] = datetime.fromisoformat(fields["opened_at"])
        fields["answers"] = Answers(fields["answers"])
        return NewVisit(Visit(**fields), by)
    if "loser" in plain:
        return SetAside(str(plain["visit"]), _change(plain["loser"]), by)
    if "decision" in plain:
        return NewDecision(str(plain["visit"]), decision_of(plain["decision"]), by)
    if "confirmations" in plain:
        found = [confirmation_of(one) for one in plain["confirmations"]]
        return NewConfirmations(str(plain["visit"]), found, by)
    if "told" in plain:
        return NewTold(str(plain["visit"]), _told(plain["told"]), by)
    changes = [_change(one) for one in plain["changes"]]
    return Changes(str(plain["visit"]), int(plain["revision"]), changes, by)
