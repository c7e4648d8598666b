"""Damage the records, their backups and the key file, and see that it is found.

Each damage has to be refused at the door or found by the whole-file check; and no
value but the stored one may ever be shown, not even by a program that reads past every
check. An older page that was put back in its place is as authentic as the newer one:
how many of those are found is a figure, not a promise.
"""

import random
import shutil
from pathlib import Path
from unittest.mock import patch

from sqlalchemy.exc import DBAPIError

from db import backup_file, check
from db.clinic import KEY_FILE, Clinic
from db.location import FILE_NAME
from intake.errors import UserFacingError
from tests.db.made_up import patient
from tests.faults import damage
from tests.faults.everything import Everything
from tests.faults.house import backup_in, cheap_passphrases, clinic_in, signed_in
from tests.faults.operations import KEPT, prepare, save, sign
from tests.faults.report import Report

_SAVES = 6
_PATIENTS = 30
_CONTROL_TRIES = 40
#: Of all rounds.
_OF_RECORDS, _OF_BACKUPS, _OF_KEYS, _REPLAYS = 0.6, 0.2, 0.2, 0.1


def run(scratch: Path, count: int, chance: random.Random) -> Report:
    """Damage `count` files; then look at a whole one, and without looking."""
    with cheap_passphrases():
        harness = Flips(scratch, chance)
        faults: list[str] = []
        figures: list[str] = []
        for what, one, share in (
            ("records", harness.of_records, _OF_RECORDS),
            ("backups", harness.of_backup, _OF_BACKUPS),
            ("key file", harness.of_keys, _OF_KEYS),
        ):
            tries = round(count * share)
            found = [
                f"{what}, {kind}: {fault}"
                for kind in _kinds(tries)
                for fault in one(damage.KINDS[kind])
            ]
            faults += found
            figures.append(f"{what}: {tries} damaged, {len(found)} faults")
        replays = [harness.of_an_older_page() for _ in range(round(count * _REPLAYS))]
        figures.append(
            f"an older page put back: {sum(found for found, _ in replays)} of "
            f"{len(replays)} found; {sum(shown for _, shown in replays)} would show an "
            "older value to a reader without checks"
        )
        controls = {
            "whole files have no fault": harness.of_nothing(),
            "the check switched off": harness.without_check(),
        }
    return Report(faults, figures, controls)


class Flips:
    """A clinic that is whole, and a copy of it that is damaged again and again."""

    def __init__(self, scratch: Path, chance: random.Random) -> None:
        """Make the clinic."""
        self._chance = chance
        self._whole, self._tried = scratch / "whole", scratch / "tried"
        prepare(self._whole)
        clinic = clinic_in(self._whole, 1)
        self._older = (clinic.folder / FILE_NAME).read_bytes()
        opened = signed_in(clinic)
        for number in range(_SAVES):
            sign(opened, clinic, number)
            save(opened, clinic, opened.store.visit("v1").revision + 1)
        for number in range(_PATIENTS):
            opened.store.register(patient(f"n{number}", address="made up " * 50))
        self._key = opened.keys.key
        opened.close()
        self._everything = Everything(clinic.folder / FILE_NAME, self._key)

    def of_records(self, kind: damage.Damage) -> list[str]:
        """Damage the records; return what was not found, or shown."""
        clinic, file = self._copy()
        file.write_bytes(kind(file.read_bytes(), self._chance))
        wrong = self._everything.wrong_in(file, self._key)
        return [*wrong, *([] if _is_found(clinic) else ["not found"])]

    def of_backup(self, kind: damage.Damage) -> list[str]:
        """Damage a backup, and try to put it back."""
        clinic, file = self._copy()
        backup = backup_in(self._tried, KEPT)
        backup.write_bytes(kind(backup.read_bytes(), self._chance))
        before = file.read_bytes()
        try:
            clinic.restore(backup)
        except UserFacingError as error:
            is_found = error.code == "backup_damaged"
            return [] if is_found and file.read_bytes() == before else [error.code]
        return ["it was put back"]

    def of_keys(self, kind: damage.Damage) -> list[str]:
        """Damage the key file, and try to sign in."""
        clinic, _ = self._copy()
        keys = clinic.folder / KEY_FILE
        keys.write_bytes(kind(keys.read_bytes(), self._chance))
        return [] if _is_found(clinic) else ["not found"]

    def of_an_older_page(self) -> tuple[bool, bool]:
        """Put an older page back; return whether it is found, and whether it shows."""
        clinic, file = self._copy()
        content = file.read_bytes()
        file.write_bytes(damage.replayed(content, self._older, self._chance))
        is_shown = bool(self._everything.wrong_in(file, self._key))
        try:
            return _is_found(clinic), is_shown
        except DBAPIError:
            # What is noted next does not fit behind the older page: the program stops.
            return True, is_shown

    def of_nothing(self) -> bool:
        """Return whether whole files are called whole, and read as they are."""
        clinic, file = self._copy()
        wrong = self._everything.wrong_in(file, self._key)
        backup_file.read_header(backup_in(self._tried, KEPT))
        return not wrong and not _is_found(clinic)

    def without_check(self) -> bool:
        """Return whether damage is told as not found where nobody looks for it."""
        with patch.object(check, "faults", return_value=()):
            missed = (self.of_records(damage.flipped) for _ in range(_CONTROL_TRIES))
            return any("not found" in faults for faults in missed)

    def _copy(self) -> tuple[Clinic, Path]:
        shutil.rmtree(self._tried, ignore_errors=True)
        shutil.copytree(self._whole, self._tried)
        clinic = clinic_in(self._tried, 2)
        return clinic, clinic.folder / FILE_NAME


def _kinds(tries: int) -> list[str]:
    """Return the kinds of damage in turn."""
    names = [*damage.KINDS]
    return [names[number % len(names)] for number in range(tries)]


def _is_found(clinic: Clinic) -> bool:
    """Return whether the owner is told: at the door, or by the check."""
    try:
        opened = signed_in(clinic)
    except UserFacingError:
        return True
    try:
        return bool(opened.faults() or opened.store.audit_faults())
    except UserFacingError:
        return True
    finally:
        opened.close()
