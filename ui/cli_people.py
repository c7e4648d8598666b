"""The commands with which the owner runs the house: people, recovery code, audit.

They take a new passphrase from a file, for the reason in `ui/cli_records.py`.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intake.audit import EVENTS, AuditEntry, AuditFilter, moments_of
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.house import House
from intake.people import PERSON_ROLES, Person
from intake.workflow import Workflow
from ui.cli_records import (
    Commands,
    Records,
    Signed,
    file_passphrase,
    one_line,
    report,
)

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class PeopleCommands:
    """What the owner does; handed what the commands of the records are."""

    records: Records

    def add_to(self, commands: Commands) -> None:
        """Add the commands to the program's others."""
        people = _command(commands, "people", "list the people, or change them")
        people.set_defaults(run=self._list)
        actions = people.add_subparsers(metavar="ACTION")
        add = _action(actions, "add", "take somebody in")
        add.set_defaults(run=self._add)
        add.add_argument("name", metavar="NAME")
        _person_arguments(add, required=True)
        _new_passphrase(add)
        change = _action(actions, "change", "change a name, roles or a licence")
        change.set_defaults(run=self._change)
        _who(change)
        change.add_argument("--name", metavar="NAME")
        _person_arguments(change, required=False)
        remove = _action(actions, "remove", "let somebody go")
        remove.set_defaults(run=self._remove)
        _who(remove)
        remove.add_argument(
            "--hand-to", metavar="PERSON", help="who gets the open visits"
        )
        reset = _action(actions, "passphrase", "give a new passphrase")
        reset.set_defaults(run=self._passphrase)
        _who(reset)
        _new_passphrase(reset)

        code = _command(commands, "recovery-code", "make a new recovery code")
        code.set_defaults(run=self._recovery_code)
        code.add_argument("--out", metavar="FILE.pdf", help="write the sheet instead")

        audit = _command(commands, "audit", "read or check the audit trail")
        actions = audit.add_subparsers(metavar="ACTION", required=True)
        verify = _action(actions, "verify", "check that nobody altered it")
        verify.set_defaults(run=self._verify)
        listing = _action(actions, "list", "list entries, newest first")
        listing.set_defaults(run=self._audit)
        _audit_arguments(listing)
        listing.add_argument("--json", action="store_true", help="as JSON")
        export = _action(actions, "export", "write entries as CSV, oldest first")
        export.set_defaults(run=self._export)
        _audit_arguments(export)
        export.add_argument("output", metavar="OUT.csv")

    # people

    def _list(self, arguments: argparse.Namespace) -> int:
        with self._house(arguments) as (house, _):
            for one in house.people():
                state = "works here" if one.is_active else "left"
                roles = "+".join(sorted(one.roles))
                _line(one.id, one.name, roles, one.licence, state)
        return 0

    def _add(self, arguments: argparse.Namespace) -> int:
        new = file_passphrase(arguments.new_passphrase_file, "--new-passphrase-file")
        with self._house(arguments) as (house, _):
            roles = frozenset(arguments.role)
            licence = arguments.licence or ""
            person = house.take_in(arguments.name, roles, licence, new)
        sys.stdout.write(f"{person.id}\n")
        return 0

    def _change(self, arguments: argparse.Namespace) -> int:
        with self._house(arguments) as (house, _):
            before = _found(house, arguments.whom)
            given = arguments.licence
            house.change(
                before.id,
                before.name if arguments.name is None else arguments.name,
                frozenset(arguments.role) if arguments.role else before.roles,
                before.licence if given is None else given,
            )
        return 0

    def _remove(self, arguments: argparse.Namespace) -> int:
        with self._house(arguments) as (house, _):
            to = arguments.hand_to
            successor = "" if to is None else _found(house, to, "--hand-to").id
            house.remove(_found(house, arguments.whom).id, successor)
        return 0

    def _passphrase(self, arguments: argparse.Namespace) -> int:
        new = file_passphrase(arguments.new_passphrase_file, "--new-passphrase-file")
        with self._house(arguments) as (house, signed):
            whom = _found(house, arguments.whom)
            if whom.id == signed.person_id:
                house.change_own_passphrase(signed.passphrase, new)
            else:
                house.reset_passphrase(whom.id, new)
        return 0

    def _recovery_code(self, arguments: argparse.Namespace) -> int:
        with self._house(arguments) as (house, _):
            code = house.new_recovery_code()
            clinic = house.clinic_name()
        if arguments.out:
            try:
                sheet = self.records.recovery_sheet(clinic, code)
                self.records.write(Path(arguments.out), sheet)
            except UserFacingError:
                # The older code opens nothing any more: this one must not be lost.
                sys.stdout.write(f"{code}\n")
                raise
        else:
            sys.stdout.write(f"{code}\n")
        return 0

    # the audit trail

    def _verify(self, arguments: argparse.Namespace) -> int:
        with self._house(arguments) as (house, _):
            return report(house.verify_audit(), "The audit trail is sound.")

    def _audit(self, arguments: argparse.Namespace) -> int:
        with self._house(arguments) as (house, _):
            names = {one.id: one.name for one in house.people()}
            entries = house.read_audit(self._filter(house, arguments))
        if arguments.json:
            table = [_as_json(entry, names) for entry in entries]
            sys.stdout.write(json.dumps(table, indent=2, ensure_ascii=False) + "\n")
            return 0
        for entry in entries:
            note = entry.note
            detail = json.dumps(dict(note.detail)) if note.detail else ""
            at = note.at.isoformat(timespec="seconds")
            who = names.get(note.who, note.who)
            _line(str(entry.number), at, note.event, who, note.subject, detail)
        return 0

    def _export(self, arguments: argparse.Namespace) -> int:
        with self._house(arguments) as (house, _):
            content = house.export_audit(self._filter(house, arguments))
            self.records.write(Path(arguments.output), content.encode())
        return 0

    def _filter(self, house: House, arguments: argparse.Namespace) -> AuditFilter:
        zone = self.records.clock.now().tzinfo
        since, before = moments_of(arguments.first, arguments.last, zone)
        person = arguments.whom
        return AuditFilter(
            event=arguments.event,
            who=None if person is None else _found(house, person, "--person").id,
            subject=arguments.about,
            since=since,
            before=before,
            limit=_MOST,
        )

    @contextmanager
    def _house(self, arguments: argparse.Namespace) -> Iterator[tuple[House, Signed]]:
        """Give the house with somebody signed in; shut whatever happens."""
        signed = Signed(self.records, arguments)
        with signed as (opened, person):
            protocol, clock = self.records.protocol(), self.records.clock
            workflow = Workflow(opened.store, protocol, clock)
            yield House(opened, workflow, lambda: person), signed


def _found(house: House, named: str, where: str = "PERSON") -> Person:
    """Return who has an id, or a name; who works here comes before who left."""
    people = sorted(house.people(), key=lambda one: not one.is_active)
    found = [one for one in people if named in (one.id, one.name)]
    if not found:
        names = ", ".join(one.name for one in people if one.is_active)
        what = "There is nobody of this name."
        raise InputRefusedError([Problem(where, what, f"One of {names}.")])
    return found[0]


def _as_json(entry: AuditEntry, names: Mapping[str, str]) -> dict[str, object]:
    note = entry.note
    return {
        "number": entry.number,
        "at": note.at.isoformat(),
        "event": note.event,
        "person": note.who,
        "name": names.get(note.who, ""),
        "role": note.role,
        "about": note.subject,
        "detail": dict(note.detail),
    }


def _line(*cells: str) -> None:
    sys.stdout.write("\t".join(map(one_line, cells)) + "\n")


def _command(commands: Commands, name: str, what: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what)
    command.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
    _who_asks(command, default=None)
    return command


def _action(actions: Commands, name: str, what: str) -> argparse.ArgumentParser:
    """Return an action's parser; who asks may stand before its name or behind."""
    action = actions.add_parser(name, help=what)
    action.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
    _who_asks(action, default=argparse.SUPPRESS)
    return action


def _who_asks(command: argparse.ArgumentParser, default: str | None) -> None:
    command.add_argument("--passphrase-file", metavar="FILE", default=default)
    command.add_argument("--as", metavar="PERSON", dest="person", default=default)


def _who(action: argparse.ArgumentParser) -> None:
    action.add_argument("whom", metavar="PERSON", help="a name or an id")


def _person_arguments(action: argparse.ArgumentParser, *, required: bool) -> None:
    action.add_argument(
        "--role", action="append", choices=PERSON_ROLES, required=required
    )
    action.add_argument("--licence", metavar="L")


def _new_passphrase(action: argparse.ArgumentParser) -> None:
    action.add_argument("--new-passphrase-file", metavar="FILE", required=True)


def _audit_arguments(action: argparse.ArgumentParser) -> None:
    action.add_argument("--event", metavar="E", choices=EVENTS)
    action.add_argument("--person", metavar="P", dest="whom")
    action.add_argument("--about", metavar="ID")
    for option, name in (("--from", "first"), ("--to", "last")):
        action.add_argument(option, metavar="D", dest=name, type=date.fromisoformat)
