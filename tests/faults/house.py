"""The made-up clinic that the harnesses break: one owner, one visit to save to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from db import keys
from db.clinic import Clinic
from db.open_clinic import OpenClinic
from intake.people import Person
from tests.db.made_up import patient, visit

ANN = Person("ann", "Ann Ash", frozenset({"owner", "clinician"}))
BOB = Person("bob", "Bob Birch", frozenset({"desk"}))
ANNS = "kettle moss river nine"
BOBS = "lamp under the stairs"
#: The visit that is saved to again and again.
VISIT = "v1"
BACKUPS = "backups"
_START = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass
class Ticking:
    """A clock that moves on a second at each look, so that no two times are alike.

    Each program of a harness starts in an hour of its own.
    """

    hour: int = 0
    looks: int = 0

    def now(self) -> datetime:
        """Return the next second."""
        self.looks += 1
        return _START + timedelta(hours=self.hour, seconds=self.looks)

    def today(self) -> date:
        """Return the day."""
        return self.now().date()


@contextmanager
def cheap_passphrases() -> Iterator[None]:
    """Take a quarter of a second from each sign-in: guessing is not tried here."""
    with patch.multiple(keys, _MEMORY_KIB=64, _PASSES=1, _LANES=1):
        yield


def clinic_in(folder: Path, hour: int = 0) -> Clinic:
    """Return the clinic of a folder; all it keeps is below that folder."""
    return Clinic(folder / "clinic", Ticking(hour), [folder / "state" / "head"])


def set_up(folder: Path) -> None:
    """Make the clinic, with Ann and a visit without answers."""
    opened, _ = clinic_in(folder).set_up(ANN, ANNS)
    opened.store.register(patient())
    opened.store.open_visit(visit(VISIT))
    opened.close()


def signed_in(clinic: Clinic) -> OpenClinic:
    """Return the clinic open for Ann."""
    return clinic.sign_in(ANN.id, ANNS)


def backup_in(folder: Path, name: str) -> Path:
    """Return where a backup lies."""
    return folder / BACKUPS / f"{name}.backup"
