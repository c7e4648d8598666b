"""The commands that keep backups, list them and put one back."""

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.caretaking import CareState, FoundBackup, age_in_words, warnings
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.people import Person
from intake.ports import ClinicFolder, Clock, OpenRecords

_FOUND_SOMETHING = 1
Signed = Callable[
    [argparse.Namespace], AbstractContextManager[tuple[OpenRecords, Person]]
]


@dataclass(frozen=True, slots=True)
class Backups:
    """What these commands are handed.

    `signed` opens the records for whoever a command names, `require` refuses what
    their role may not do.
    """

    clinic_at: Callable[[str | None], ClinicFolder]
    signed: Signed
    require: Callable[[OpenRecords, Person, str], None]
    clock: Clock

    def back_up(self, arguments: argparse.Namespace) -> int:
        """Write a backup to a file, or keep one by itself."""
        if bool(arguments.output) == arguments.kept:
            what = "Name the file to write, or say --kept."
            raise InputRefusedError([Problem("OUT", what)])
        with self.signed(arguments) as (opened, person):
            self.require(opened, person, "back_up")
            if arguments.output:
                opened.back_up(Path(arguments.output), by=person.id)
                return 0
            return self._told(opened.caretaking().go_round(at_once=True))

    def list(self, arguments: argparse.Namespace) -> int:
        """List what is kept, and name the second place where that is asked for."""
        chosen = arguments.second_place or arguments.no_second_place
        if chosen:
            with self.signed(arguments) as (opened, person):
                self.require(opened, person, "choose_second_place")
                place = arguments.second_place
                state = opened.caretaking().choose_second_place(
                    Path(place) if place else None, by=person.id
                )
                return self._told(state)
        for one in self.clinic_at(arguments.data).backups():
            sys.stdout.write("\t".join(_cells(one, self.clock.now())) + "\n")
        return 0

    def restore(self, arguments: argparse.Namespace) -> int:
        """Put a backup in the place of the records: a file, or the newest sound one."""
        if bool(arguments.file) == arguments.newest:
            what = "Name the backup, or say --newest."
            raise InputRefusedError([Problem("FILE", what)])
        clinic = self.clinic_at(arguments.data)
        if arguments.file:
            clinic.restore(Path(arguments.file))
            return 0
        for one in clinic.backups():
            if one.state == "sound":
                clinic.restore(one.path)
                sys.stderr.write(f"Restored: {one.path.name}\n")
                return 0
        raise UserFacingError(
            "no_backup",
            "There is no sound backup beside the records.",
            "Name the file of one that is kept elsewhere; nothing was changed.",
        )

    def _told(self, state: CareState) -> int:
        told = warnings(state, self.clock.now())
        for words in told:
            sys.stderr.write(f"{words}\n")
        return _FOUND_SOMETHING if told else 0


def _cells(one: FoundBackup, now: datetime) -> tuple[str, ...]:
    kind = "kept" if one.is_automatic else "before a migration"
    moment = f"{one.at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
    return one.path.name, moment, age_in_words(one.at, now), one.state, kind
