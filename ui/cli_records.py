"""The commands that work with a clinic's records, for scripts, support and tests.

Everything the window does with records can be done here. A passphrase is read from a
file or from standard input, never taken as an argument: others on the machine could
read it there.
"""

import argparse
import getpass
import json
import sys
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from intake.answers import AnswerChange
from intake.case_file import read_case
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.people import Person, passphrase_problem
from intake.ports import ClinicFolder, Clock, OpenRecords
from intake.protocol import Protocol as ClinicalProtocol
from intake.visit import Visit
from intake.workflow import Workflow
from ui.cli_backups import Backups

_FOUND_SOMETHING = 1
_KEPT = "keep one in the clinic's folder and its second place, and thin the older ones"
_NEWEST = "the newest sound one that is kept in the clinic's folder"


class Commands(Protocol):
    """What `argparse` gives to add commands to."""

    def add_parser(self, name: str, **how: Any) -> argparse.ArgumentParser:  # noqa: ANN401  (argparse's own)
        """Return the parser of a new command."""


@dataclass(frozen=True, slots=True)
class Records:
    """What these commands are handed."""

    clinic_at: Callable[[str | None], ClinicFolder]
    protocol: Callable[[], ClinicalProtocol]
    clock: Clock
    recovery_sheet: Callable[[str, str], bytes]
    write: Callable[[Path, bytes], None]

    def add_to(self, commands: Commands) -> None:
        """Add the commands to the program's others."""
        backups = Backups(
            self.clinic_at,
            lambda arguments: Signed(self, arguments),
            self._require,
            self.clock,
        )
        adding = (
            ("setup", "set up a clinic", self._setup),
            ("record", "store a case file as a patient and a visit", self._record),
            ("list", "list the visits, newest first", self._list),
            ("sign", "sign a visit", self._sign),
            ("backup", "write a backup", backups.back_up),
            ("backups", "list the backups that are kept", backups.list),
            ("restore", "put a backup in the place of the records", backups.restore),
            ("check", "look at every page of the records", self._check),
        )
        for name, what, run in adding:
            command = commands.add_parser(name, help=what)
            command.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
            command.set_defaults(run=run)
            _ARGUMENTS.get(name, _no_more)(command)
            if name != "restore":
                command.add_argument("--passphrase-file", metavar="FILE")
            if name not in ("setup", "restore"):
                command.add_argument("--as", metavar="PERSON", dest="person")

    # the commands

    def _setup(self, arguments: argparse.Namespace) -> int:
        clinic = self.clinic_at(arguments.data)
        if clinic.is_set_up:
            # Before a passphrase is asked for.
            clinic.set_up(Person("", "", frozenset()), "")
        passphrase = typed_passphrase(arguments)
        problems = [
            Problem(option, "It is empty, or holds what cannot be printed.")
            for option, text in (
                ("--clinic", arguments.clinic),
                ("--person", arguments.person),
            )
            if not text.strip() or not text.isprintable()
        ]
        chosen = arguments.take_over or arguments.leave_old
        if clinic.has_plain_records and not chosen:
            what = "Records of an earlier version lie here, not encrypted."
            problems.append(Problem("--take-over", what, "Say it, or --leave-old."))
        if why := passphrase_problem(passphrase, arguments.person):
            problems.append(Problem("passphrase", why))
        if problems:
            raise InputRefusedError(problems)
        first = Person(
            str(uuid.uuid4()),
            arguments.person.strip(),
            frozenset({"owner", "clinician"}),
        )
        opened, code = clinic.set_up(first, passphrase, take_over=arguments.take_over)
        is_kept = False
        try:
            with closing(opened):
                opened.store.settle("clinic_name", arguments.clinic.strip())
            if arguments.recovery_out:
                sheet = self.recovery_sheet(arguments.clinic.strip(), code)
                self.write(Path(arguments.recovery_out), sheet)
                is_kept = True
        finally:
            # Whatever went wrong after it: nobody can be told the code again.
            if not is_kept:
                sys.stdout.write(code + "\n")
        return 0

    def _record(self, arguments: argparse.Namespace) -> int:
        protocol = self.protocol()
        content = _content(arguments.file)
        today = self.clock.today()
        case = read_case(content, protocol, today=today, registration=True)
        with Signed(self, arguments) as (opened, person):
            workflow = Workflow(opened.store, protocol, self.clock)
            # Refused in the middle, a patient with an empty visit would stay.
            needed = ["register", "open_visit", "record_history"]
            if any(protocol.questions[q].who == "clinician" for q in case.answers):
                needed.append("record_examination")
            for use_case in needed:
                workflow.require(person, use_case)
            patient = replace(case.patient, id=str(uuid.uuid4()))
            workflow.register(person, patient)
            visit = Visit(
                id=str(uuid.uuid4()),
                patient_id=patient.id,
                on=case.on,
                opened_at=self.clock.now(),
                protocol_id=protocol.id,
                protocol_version=protocol.version,
                protocol_digest=protocol.digest,
            )
            workflow.open_visit(person, visit)
            now = self.clock.now()
            changes = [
                AnswerChange(q, None, value, person.name, "import", now, "import")
                for q, value in case.answers.items()
            ]
            if changes:
                workflow.record_history(person, visit.id, 0, changes)
        _print({"patient": patient.id, "visit": visit.id})
        return 0

    def _list(self, arguments: argparse.Namespace) -> int:
        with Signed(self, arguments) as (opened, person):
            workflow = Workflow(opened.store, self.protocol(), self.clock)
            for visit, patient in workflow.list_visits(person, 10_000):
                # As the other states are called, for whoever reads this by machine.
                state = f"{visit.state},entered_in_error" if visit.is_in_error else ""
                cells = (
                    visit.id,
                    visit.on.isoformat(),
                    patient.name,
                    state or visit.state,
                )
                sys.stdout.write("\t".join(map(one_line, cells)) + "\n")
        return 0

    def _sign(self, arguments: argparse.Namespace) -> int:
        with Signed(self, arguments) as (opened, person):
            workflow = Workflow(opened.store, self.protocol(), self.clock)
            try:
                visit = opened.store.visit(arguments.visit)
            except KeyError:
                what = "There is no visit with this id."
                raise InputRefusedError([Problem("VISIT", what)]) from None
            signed = workflow.sign(person, visit.id, visit.revision)
        digest = signed.signature.digest if signed.signature else ""
        _print({"visit": signed.id, "digest": digest})
        return 0

    def _require(self, opened: OpenRecords, person: Person, use_case: str) -> None:
        workflow = Workflow(opened.store, self.protocol(), self.clock)
        workflow.require(person, use_case)

    def _check(self, arguments: argparse.Namespace) -> int:
        with Signed(self, arguments) as (opened, _):
            return report(opened.faults(), "The records are sound.")


class Signed:
    """Opens the records for a person, and shuts them whatever happens."""

    def __init__(self, records: Records, arguments: argparse.Namespace) -> None:
        self._clinic = records.clinic_at(arguments.data)
        self._arguments = arguments
        self._opened: OpenRecords | None = None
        #: Who it is, and what they typed.
        self.person_id = self.passphrase = ""

    def ask(self) -> None:
        """Find out who it is, and have the passphrase typed."""
        staff = self._clinic.staff()
        named = self._arguments.person
        chosen = [one for one in staff if named in (None, one.id, one.name)]
        if len(chosen) != 1:
            names = ", ".join(one.name for one in staff)
            what = "There is nobody of this name." if named else "Say who you are."
            what = "There are several of this name." if len(chosen) > 1 else what
            raise InputRefusedError([Problem("--as", what, f"One of {names}.")])
        self.passphrase = typed_passphrase(self._arguments)
        self.person_id = chosen[0].id

    def __enter__(self) -> tuple[OpenRecords, Person]:
        self.ask()
        self._opened = self._clinic.sign_in(self.person_id, self.passphrase)
        return self._opened, self._opened.person(self.person_id)

    def __exit__(self, *_: object) -> None:
        if self._opened is not None:
            self._opened.close()


def _setup_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--clinic", metavar="NAME", required=True)
    command.add_argument("--person", metavar="NAME", required=True)
    command.add_argument(
        "--recovery-out",
        metavar="FILE.pdf",
        help="write the recovery sheet instead of printing the code",
    )

    choice = command.add_mutually_exclusive_group()
    choice.add_argument(
        "--take-over",
        action="store_true",
        help="make the records of an earlier version, which lie there, the clinic's",
    )
    choice.add_argument(
        "--leave-old", action="store_true", help="put them aside and begin empty"
    )


def _file_argument(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE")


def _one_of(
    command: argparse.ArgumentParser, name: str, shown: str, option: str, what: str
) -> None:
    command.add_argument(name, metavar=shown, nargs="?")
    command.add_argument(option, action="store_true", help=what)


def _second_place_arguments(command: argparse.ArgumentParser) -> None:
    choice = command.add_mutually_exclusive_group()
    choice.add_argument(
        "--second-place", metavar="DIR", help="copy each backup there from now on"
    )
    choice.add_argument(
        "--no-second-place", action="store_true", help="copy them nowhere"
    )


def visit_argument(command: argparse.ArgumentParser) -> None:
    """Have a command take the id of a visit."""
    command.add_argument("visit", metavar="VISIT", type=visit_id)


def _no_more(_command: argparse.ArgumentParser) -> None:
    pass


_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "setup": _setup_arguments,
    "record": _file_argument,
    "restore": lambda command: _one_of(command, "file", "FILE", "--newest", _NEWEST),
    "sign": visit_argument,
    "backup": lambda command: _one_of(command, "output", "OUT", "--kept", _KEPT),
    "backups": _second_place_arguments,
}


def typed_passphrase(arguments: argparse.Namespace) -> str:
    """Return the passphrase of a file, or of standard input, without its line end.

    At a terminal it is asked for and not shown. An empty one is no attempt.
    """
    if arguments.passphrase_file is None and sys.stdin.isatty():
        text = getpass.getpass("Passphrase: ")
    elif arguments.passphrase_file is None:
        text = sys.stdin.readline().rstrip("\r\n")
    else:
        text = file_passphrase(arguments.passphrase_file, "--passphrase-file")
    if not text:
        how = "Give it on standard input, or in a file with --passphrase-file."
        raise InputRefusedError([Problem("passphrase", "There is none.", how)])
    return text


def file_passphrase(file: str, option: str) -> str:
    """Return the passphrase in a file that an option names, without its line end."""
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        what = "The passphrase file cannot be read."
        raise InputRefusedError([Problem(option, what)]) from None
    return text.removesuffix("\n").removesuffix("\r")


def visit_id(text: str) -> str:
    """Return an id as it was typed, for `argparse`; half a character is in none."""
    if not text.isprintable():
        raise argparse.ArgumentTypeError("it cannot be the id of a visit")
    return text


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise UserFacingError(
            "file_unreadable",
            f"The file cannot be read: {error.strerror}.",
            "Check its name and permissions; nothing was stored.",
        ) from None


def report(faults: Sequence[str], sound: str) -> int:
    """Print what is wrong, or say that nothing is; return the exit code."""
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if not faults:
        sys.stderr.write(f"{sound}\n")
    return _FOUND_SOMETHING if faults else 0


def one_line(text: str) -> str:
    """Return text that stays in its cell and says nothing to a terminal."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _print(table: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(table) + "\n")
