"""The commands that move records to a server, follow it, and bring it up to date.

The address comes from a file, because it may hold a password, which others on the
machine could read among a command's arguments.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from intake.errors import InputRefusedError, Problem
from intake.workflow import Workflow
from ui.cli_records import Commands, Records, Signed

_DONE = (
    "The records are on the server now, and every row was compared. Its files are not "
    "encrypted by this program: have its disk encrypted. Delete the file with the "
    "address if it holds a password. The old records are kept beside, encrypted, under "
    "another name."
)
_UPGRADED = (
    "The tables on the server are up to date, and were checked. Start this version on "
    "every computer. The backup of before opens with this version and the older one. "
    "Delete the file with the address if it holds a password."
)
_UP_TO_DATE = "The tables on the server are up to date already; nothing was changed."


class Upgraded(Protocol):
    """From which revision to which, and the backup that was taken, if one was."""

    @property
    def before(self) -> str:
        """Return the revision that was there."""

    @property
    def after(self) -> str:
        """Return the revision that is there now."""

    @property
    def backup(self) -> Path | None:
        """Return the backup of before; None where nothing had to be done."""


@dataclass(frozen=True, slots=True)
class ServerCommands:
    """What is done with a server; handed what the commands of the records are.

    `follow` remembers another address: folder, person's id, passphrase, address.
    `upgrade`, given the same, brings the tables there up to date.
    """

    records: Records
    follow: Callable[[str | None, str, str, str], None]
    upgrade: Callable[[str | None, str, str, str], Upgraded]

    def add_to(self, commands: Commands) -> None:
        """Add the commands to the program's others."""
        for name, what, run in (
            ("move-to", "move the records to a server", self._move),
            ("follow", "go on at another address of the server", self._follow),
            ("upgrade-server", "bring the server's tables up to date", self._upgrade),
        ):
            command = commands.add_parser(name, help=what)
            command.add_argument("file", metavar="FILE", help="holds the address")
            command.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
            command.add_argument("--passphrase-file", metavar="FILE")
            command.add_argument("--as", metavar="PERSON", dest="person")
            command.set_defaults(run=run)

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

    def _follow(self, arguments: argparse.Namespace) -> int:
        address = _text_of(arguments.file)
        # The records cannot be opened yet: their address is not right any more.
        who = Signed(self.records, arguments)
        who.ask()
        self.follow(arguments.data, who.person_id, who.passphrase, address)
        return 0

    def _upgrade(self, arguments: argparse.Namespace) -> int:
        address = _text_of(arguments.file)
        # The records cannot be opened yet: their tables are not this program's.
        who = Signed(self.records, arguments)
        who.ask()
        done = self.upgrade(arguments.data, who.person_id, who.passphrase, address)
        told = {"from": done.before, "to": done.after}
        if done.backup is not None:
            told["backup"] = str(done.backup)
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stderr.write(f"{_UP_TO_DATE if done.backup is None else _UPGRADED}\n")
        return 0


def _text_of(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        what = "The file with the address cannot be read."
        raise InputRefusedError([Problem("FILE", what)]) from None
