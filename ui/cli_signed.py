"""The commands about signed visits: show one, add to one, assess one again."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from intake.answer_check import AnswerRefusedError, checked
from intake.answers import Value
from intake.as_signed import faults_of, readable
from intake.decisions import Decision, decision_json
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.people import Person
from intake.ports import OpenRecords
from intake.protocol import Protocol
from intake.signed_words import (
    Part,
    addendum_parts,
    in_error_parts,
    late_parts,
    signed_parts,
)
from intake.signing import Addendum, AddendumKind
from intake.spelling import did_you_mean
from intake.visit import Signature
from intake.workflow import Workflow
from ui.cli_records import Commands, Records, Signed, one_line, visit_argument

_FOUND_SOMETHING = 1
_KINDS: dict[str, AddendumKind] = {
    "note": "addendum",
    "result": "result",
    "correction": "correction",
}
Run = Callable[[OpenRecords, Person, argparse.Namespace], int]


class SignedVisits:
    """Commands beside those of `cli_records`, with the same ways of signing in."""

    def __init__(self, records: Records) -> None:
        """Open the records as `records` does."""
        self._records = records

    def add_to(self, commands: Commands) -> None:
        """Add the commands to the program's others."""
        adding: tuple[tuple[str, str, Run], ...] = (
            ("show", "show a signed visit as it was signed", self._show),
            ("addend", "add to a signed visit", self._addend),
            ("reassess", "assess a signed visit with today's protocol", self._reassess),
        )
        for name, what, run in adding:
            command = commands.add_parser(name, help=what)
            visit_argument(command)
            command.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
            command.add_argument("--passphrase-file", metavar="FILE")
            command.add_argument("--as", metavar="PERSON", dest="person")
            if name == "addend":
                command.add_argument("--kind", choices=list(_KINDS), required=True)
                command.add_argument("--text-file", metavar="FILE")
                command.add_argument("--answers", metavar="FILE.json")
            else:
                command.add_argument("--json", action="store_true", help="as JSON")
            command.set_defaults(run=self._runner(run))

    def _runner(self, run: Run) -> Callable[[argparse.Namespace], int]:
        def with_records(arguments: argparse.Namespace) -> int:
            with Signed(self._records, arguments) as (opened, person):
                return run(opened, person, arguments)

        return with_records

    def _workflow(self, opened: OpenRecords) -> tuple[Workflow, Protocol]:
        protocol = self._records.protocol()
        return Workflow(opened.store, protocol, self._records.clock), protocol

    # the commands

    def _show(
        self, opened: OpenRecords, person: Person, arguments: argparse.Namespace
    ) -> int:
        workflow, protocol = self._workflow(opened)
        addenda = workflow.addenda_of(person, arguments.visit)
        mark = _signature(workflow, person, arguments.visit)
        late = [
            one for one in workflow.decisions_of(person, arguments.visit) if one.is_late
        ]
        faults = faults_of(mark, addenda)
        if arguments.json:
            _print(_as_json(mark, addenda, faults, late))
        else:
            _print_parts(in_error_parts(addenda))
            if (signed := readable(mark)) is not None:
                _print_parts(signed_parts(signed, protocol))
            _print_parts(late_parts(late, protocol))
            _print_parts(addendum_parts(addenda, protocol))
        for fault in faults:
            sys.stderr.write(f"{fault}\n")
        return _FOUND_SOMETHING if faults else 0

    def _addend(
        self, opened: OpenRecords, person: Person, arguments: argparse.Namespace
    ) -> int:
        workflow, protocol = self._workflow(opened)
        text = _content(arguments.text_file).strip() if arguments.text_file else ""
        answers: dict[str, Value | None] = {}
        if arguments.answers:
            answers = _answers(_content(arguments.answers), protocol)
        _refuse_nothing(arguments.kind, text, answers)
        _signature(workflow, person, arguments.visit)
        kind = _KINDS[arguments.kind]
        one = workflow.add_addendum(
            person, arguments.visit, kind, text=text, answers=answers
        )
        _print({"visit": one.visit_id, "number": one.number, "digest": one.digest})
        return 0

    def _reassess(
        self, opened: OpenRecords, person: Person, arguments: argparse.Namespace
    ) -> int:
        workflow, _ = self._workflow(opened)
        workflow.require(person, "reassess")
        _signature(workflow, person, arguments.visit)
        again = workflow.reassess(person, arguments.visit)
        if arguments.json:
            table = [{"area": d.area, "text": d.words} for d in again.differences]
            _print({"differences": table, "assessment": again.assessment})
        else:
            words = [d.words for d in again.differences]
            sys.stdout.write("\n".join(words or ["No difference."]) + "\n")
        return 0


def _signature(workflow: Workflow, person: Person, visit_id: str) -> Signature:
    """Return what a visit was signed with; refuse one that is not signed."""
    try:
        visit = workflow.read_visit(person, visit_id)
    except KeyError:
        what = "There is no visit with this id."
        raise InputRefusedError([Problem("VISIT", what)]) from None
    if visit.signature is None:
        raise InputRefusedError(
            [Problem("VISIT", "It is not signed.", "Sign it first.")]
        )
    return visit.signature


def _as_json(
    mark: Signature,
    addenda: Sequence[Addendum],
    faults: Sequence[str],
    late: Sequence[Decision],
) -> dict[str, Any]:
    return {
        "signed": _table(mark.content),
        "digest": mark.digest,
        "matches": mark.is_whole,
        "addenda": [
            {
                "id": one.id,
                "number": one.number,
                "signed": _table(one.content),
                "digest": one.digest,
                "matches": one.is_whole,
            }
            for one in addenda
        ],
        "late_decisions": [decision_json(one) for one in late],
        "faults": list(faults),
    }


def _table(content: str) -> Any:  # noqa: ANN401  (as it was signed)
    """Return signed content; null where it was altered beyond reading."""
    try:
        return json.loads(content)
    except ValueError:
        return None


def _refuse_nothing(kind: str, text: str, answers: dict[str, Value | None]) -> None:
    problems = []
    if not text and not answers:
        problems.append(Problem("--text-file", "There is nothing to add."))
    if kind == "note" and answers:
        what = "A note holds no answers."
        problems.append(Problem("--answers", what, "Use --kind result or correction."))
    if problems:
        raise InputRefusedError(problems)


def _answers(content: str, protocol: Protocol) -> dict[str, Value | None]:
    """Return checked answers; null takes one back."""
    try:
        table = json.loads(content)
    except (ValueError, RecursionError):
        raise InputRefusedError([Problem("--answers", "This is not JSON.")]) from None
    if not isinstance(table, dict):
        what = "It has to be one object, question to answer."
        raise InputRefusedError([Problem("--answers", what)])
    found: dict[str, Value | None] = {}
    problems = []
    for key, value in table.items():
        question = protocol.questions.get(key)
        if question is None:
            hint = did_you_mean(key, protocol.questions)
            problems.append(Problem(key, "There is no such question.", hint))
            continue
        try:
            taken_back = value is None
            found[key] = None if taken_back else checked(protocol, question, value)
        except AnswerRefusedError as error:
            problems.append(Problem(key, error.what, error.suggestion))
    if problems:
        raise InputRefusedError(problems)
    return found


def _content(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputRefusedError([Problem(file, "It is not UTF-8.")]) from None
    except OSError as error:
        raise UserFacingError(
            "file_unreadable",
            f"The file cannot be read: {error.strerror}.",
            "Check its name and permissions; nothing was stored.",
        ) from None


def _print_parts(parts: Sequence[Part]) -> None:
    for part in parts:
        rows = (f"  {one_line(line)}\n" for line in part.lines)
        sys.stdout.write(f"{one_line(part.title)}\n{''.join(rows)}\n")


def _print(table: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(table, indent=2, ensure_ascii=False) + "\n")
