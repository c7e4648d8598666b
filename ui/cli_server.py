"""The command that moves a clinic's records to a server.

The address comes from a file, because it may hold a password, which others on the
machine could read among a command's arguments.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from intake.errors import InputRefusedError, Problem
from intake.workflow import Workflow
from ui.cli_records import Commands, Records, Signed

_DONE = (
    "The records are on the server now, and every row was compared. Its files are not "
    "encrypted by this program: have its disk encrypted. Delete the file with the "
    "address if it holds a password. The old records are kept beside, encrypted, under "
    "another name."
)


@dataclass(frozen=True, slots=True)
class ServerCommands:
    """What is done with a server; handed what the commands of the records are."""

    records: Records

    def add_to(self, commands: Commands) -> None:
        """Add the command to the program's others."""
        command = commands.add_parser("move-to", help="move the records to a server")
        command.add_argument("file", metavar="FILE", help="holds the server's address")
        command.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
        command.add_argument("--passphrase-file", metavar="FILE")
        command.add_argument("--as", metavar="PERSON", dest="person")
        command.set_defaults(run=self._move)

    def _move(self, arguments: argparse.Namespace) -> int:
        address = _text_of(arguments.file)
        with Signed(self.records, arguments) as (opened, person):
            protocol, clock = self.records.protocol(), self.records.clock
            workflow = Workflow(opened.store, protocol, clock)
            workflow.require(person, "move_records")
            rows = opened.move_to(address, by=person.id)
        sys.stdout.write(json.dumps(dict(rows)) + "\n")
        sys.stderr.write(f"{_DONE}\n")
        return 0


def _text_of(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        what = "The file with the address cannot be read."
        raise InputRefusedError([Problem("FILE", what)]) from None
