"""The command line: the same core as the window, without Qt.

Standard output holds only the result; words go to standard error. Exit codes: 0 done,
1 a check found something, 2 input refused, 3 surroundings.
"""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from intake.assessment import assess
from intake.card_json import cards_json
from intake.case_file import Case, read_case
from intake.due import due_words
from intake.errors import InputRefusedError, Problem, ProtocolError, UserFacingError
from intake.outcome import Assessment, suspected
from intake.outcome_json import assessment_json, inventory_json
from intake.protocol import Protocol
from intake.protocol_loader import DEFAULT_FOLDER, load_protocol
from intake.record import Record
from intake.tell_now import tell_now
from ui.cli_people import PeopleCommands
from ui.cli_records import Records
from ui.cli_server import ServerCommands

if TYPE_CHECKING:
    from db.clinic import Clinic
    from db.upgrade_server import Upgraded
from ui.cli_signed import SignedVisits

_SAMPLE = files("intake") / "samples" / "sample_visit.json"
_SAMPLE_PDF = "thoracic-intake-sample-summary.pdf"
_PROTOCOL_PAGE = "thoracic-intake-protocol.html"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _speak_utf8()
    arguments = _parser().parse_args(argv)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()
    except UserFacingError as error:
        _say(error)
        return error.exit_code
    except KeyboardInterrupt:
        _tell("Stopped; what was stored before is whole.")
        return 130  # what a shell reports for Ctrl+C
    except BrokenPipeError:
        # Whoever read the output has gone; there is nobody left to tell.
        sys.stderr.close()
        return 3
    except OSError as error:
        _tell(f"The result cannot be written: {error.strerror}. Nothing else was done.")
        # What is left in the buffer would fail again when Python ends.
        sys.stdout = _nowhere()
        return 3
    return code


def _speak_utf8() -> None:
    """Write names as they are, also where the console's own encoding is narrower."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, _nowhere())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _nowhere() -> TextIO:
    """Return a stream that takes everything, open until the program ends."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="thoracic-intake",
        description="Intake and referral for upper back pain. "
        "Without a command it opens the window.",
    )
    parser.set_defaults(run=_window)
    parser.add_argument("--data", metavar="FOLDER", help="keep the records here")
    parser.add_argument(
        "--open-sample", action="store_true", help="open the bundled sample visit"
    )
    parser.add_argument(
        "--demo", action="store_true", help="try it out; everything is forgotten"
    )
    commands = parser.add_subparsers(metavar="COMMAND")

    command = commands.add_parser("assess", help="assess a case file, print JSON")
    command.add_argument("file", metavar="FILE.json")
    command.add_argument(
        "--cards", action="store_true", help="with what each result rests on"
    )
    command.set_defaults(run=_assess)

    command = commands.add_parser(
        "tell-now", help="print the desk's list of what a clinician hears of at once"
    )
    command.set_defaults(run=_tell_now)

    command = commands.add_parser("questions", help="print the question inventory")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=_questions)

    for name, what, run in (
        ("summary", "the visit summary", _summary),
        ("letter", "the referral letter", _letter),
    ):
        command = commands.add_parser(name, help=f"write {what} of a case file as PDF")
        command.add_argument("file", metavar="FILE.json")
        command.add_argument("-o", "--output", metavar="OUT.pdf", required=True)
        command.add_argument(
            "--code-points",
            action="store_true",
            help="print characters no font can draw as [U+1F600]",
        )
        command.set_defaults(run=run)

    command = commands.add_parser("protocol", help="work with the protocol's files")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="name every problem of a protocol folder")
    check.add_argument("folder", metavar="DIR", nargs="?", default=str(DEFAULT_FOLDER))
    check.set_defaults(run=_check)
    show = actions.add_parser("show", help="write the whole protocol as an HTML page")
    show.add_argument("folder", metavar="DIR", nargs="?", default=str(DEFAULT_FOLDER))
    show.add_argument("-o", "--output", metavar="OUT.html", default=_PROTOCOL_PAGE)
    show.set_defaults(run=_show)

    command = commands.add_parser(
        "sample", help="assess the bundled sample visit and write its summary"
    )
    command.add_argument("-o", "--output", metavar="OUT.pdf", default=_SAMPLE_PDF)
    command.set_defaults(run=_sample)

    records = Records(_clinic_at, _protocol, _Clock(), _recovery_sheet, _write_file)
    records.add_to(commands)
    SignedVisits(records).add_to(commands)
    PeopleCommands(records).add_to(commands)
    ServerCommands(records, _follow_server, _upgrade_server).add_to(commands)
    return parser


class _Clock:
    """The computer's time, for the records."""

    def now(self) -> datetime:
        return datetime.now().astimezone()  # noqa: TID251  (the one clock here)

    def today(self) -> date:
        return _today()


def _follow_server(folder: str | None, who: str, passphrase: str, text: str) -> None:
    from db.follow_server import follow

    follow(_clinic_at(folder), who, passphrase, text)


def _upgrade_server(
    folder: str | None, who: str, passphrase: str, text: str
) -> "Upgraded":
    from db.upgrade_server import upgrade

    return upgrade(_clinic_at(folder), who, passphrase, text)


def _clinic_at(folder: str | None) -> "Clinic":
    from db.clinic import Clinic
    from db.location import data_folder, head_files

    path = Path(folder) if folder is not None else data_folder()
    return Clinic(path, _Clock(), head_files(path))


def _recovery_sheet(clinic: str, code: str) -> bytes:
    from reports.recovery_sheet import recovery_sheet

    return recovery_sheet(clinic, code)


def _write_file(path: Path, content: bytes) -> None:
    """Write a result whole or not at all, and never over a file of the records."""
    from db.location import lies_with_records
    from reports.files import write_atomically

    if lies_with_records(path):
        raise UserFacingError(
            "export_failed",
            "It would take the place of a file that lies with the records.",
            "Choose another name; the records are untouched.",
        )
    write_atomically(path, content)


def _window(arguments: argparse.Namespace) -> int:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(map(os.environ.get, screens)):
        # Qt would abort the process without a word of ours.
        raise UserFacingError(
            "no_screen",
            "There is no screen to open the window on.",
            "Use a command instead, see --help; nothing was changed.",
        )
    from ui import app

    options = [] if arguments.data is None else ["--data", arguments.data]
    if arguments.open_sample:
        options.append("--open-sample")
    if arguments.demo:
        options.append("--demo")
    return app.run(options)


def _assess(arguments: argparse.Namespace) -> int:
    protocol = _protocol()
    record = _record(protocol, _case(arguments.file, protocol))
    result = assessment_json(record.assessment)
    if arguments.cards:
        result["cards"] = cards_json(record)
    _print_json(result)
    return 0


def _tell_now(_arguments: argparse.Namespace) -> int:
    print(tell_now().in_print)
    return 0


def _questions(arguments: argparse.Namespace) -> int:
    protocol = _protocol()
    if arguments.json:
        _print_json(inventory_json(protocol))
    else:
        for question in protocol.questions.values():
            sys.stdout.write(f"{question.id}\t{question.kind}\t{question.label}\n")
    return 0


def _summary(arguments: argparse.Namespace) -> int:
    return _document(arguments, "summary")


def _letter(arguments: argparse.Namespace) -> int:
    return _document(arguments, "letter")


def _document(arguments: argparse.Namespace, kind: str) -> int:
    protocol = _protocol()
    case = _case(arguments.file, protocol)
    output = Path(arguments.output)
    if output.exists() and output.samefile(arguments.file):
        what = "The document would take the place of the case file."
        raise InputRefusedError([Problem("-o", what, "Choose another name.")])
    record = _record(protocol, case)
    _write(record, kind, Path(arguments.output), code_points=arguments.code_points)
    _tell(f"Written: {arguments.output}")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    protocol = load_protocol(Path(arguments.folder))
    sys.stdout.write(
        f"{protocol.id} {protocol.version}: no problem found. "
        f"{len(protocol.questions)} questions, {len(protocol.findings)} findings, "
        f"{len(protocol.rules)} rules in {len(protocol.concerns)} concerns, "
        f"{len(protocol.sources)} sources.\n"
    )
    for words in protocol.warnings(_today()):
        _tell(words)
    return 0


def _show(arguments: argparse.Namespace) -> int:
    from reports.protocol_page.page import protocol_page

    folder, output = Path(arguments.folder), Path(arguments.output)
    protocol = load_protocol(folder)
    if output.exists() and folder.resolve() in output.resolve().parents:
        what = "The page would take the place of a file of the protocol."
        raise InputRefusedError([Problem("-o", what, "Choose another name.")])
    changes = folder / "CHANGES.md"
    text = _content(changes).decode("utf-8-sig", "replace") if changes.exists() else ""
    _write_file(output, protocol_page(protocol, text, _today()))
    for words in protocol.warnings(_today()):
        _tell(words)
    _tell(f"Written: {output}")
    return 0


def _sample(arguments: argparse.Namespace) -> int:
    protocol = _protocol()
    case = read_case(_SAMPLE.read_bytes(), protocol, today=_today())
    record = _record(protocol, case)
    sys.stdout.write(_in_words(record.assessment))
    output = Path(arguments.output)
    _write(record, "summary", output, code_points=False)
    sys.stdout.write(f"\nSummary of the sample visit: {output.resolve()}\n")
    return 0


def _protocol() -> Protocol:
    """Return the program's own protocol; say so when it is past its review-by date."""
    protocol = load_protocol(DEFAULT_FOLDER)
    if outdated := protocol.outdated(_today()):
        _tell(outdated)
    return protocol


def _case(name: str, protocol: Protocol) -> Case:
    return read_case(_content(Path(name)), protocol, today=_today())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserFacingError(
            "file_unreadable",
            f"{path} cannot be read: {error.strerror}.",
            "Check the name and the permissions; nothing was written.",
        ) from None


def _record(protocol: Protocol, case: Case) -> Record:
    assessment = assess(protocol, case.patient, case.answers, case.on)
    return Record(case.patient, case.on, case.answers, assessment)


def _write(record: Record, kind: str, output: Path, *, code_points: bool) -> None:
    """Make a document and write it whole or not at all."""
    from reports.documents import PdfDocuments

    documents = PdfDocuments(code_points=code_points)
    content = getattr(documents, kind)(record)
    _write_file(output, content)


def _in_words(assessment: Assessment) -> str:
    said = filter(None, (assessment.protocol.warning, assessment.outdated))
    lines = [*said, assessment.headline]
    for raised in assessment.concerns:
        lines.append(
            "\nFindings listed in referral criteria for suspected "
            f"{suspected(raised.concern.title)}:"
        )
        lines += [f"  - {fired.rule.because}" for fired in raised.rules]
    lines.append("\nSuggested:")
    for suggestion in assessment.suggestions:
        by = f" (by {due_words(suggestion.due)})" if suggestion.due else ""
        lines.append(f"  - {suggestion.action.label}{by}: {suggestion.action.text}")
        lines += [f"      {rating.words}" for rating in suggestion.criteria]
    thrust = assessment.manual_therapy.thrust.replace("_", " ")
    if assessment.is_thrust_undecided:
        thrust = "cannot be judged yet"
    lines.append(f"\nThrust: {thrust}")
    return "\n".join(lines) + "\n"


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _tell(text: str) -> None:
    # Where nobody can read it, the exit code has to do.
    with contextlib.suppress(OSError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _say(error: UserFacingError) -> None:
    _tell(f"{error.text} {error.action}")
    if isinstance(error, InputRefusedError | ProtocolError):
        for problem in error.problems:
            _tell(f"  {problem}")


def _today() -> date:
    return datetime.now().astimezone().date()  # noqa: TID251  (the one clock here)


if __name__ == "__main__":
    sys.exit(main())
