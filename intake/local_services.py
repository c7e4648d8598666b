"""Whom the clinic can reach nearby: a fixed list of roles, and its own numbers.

The roles are data (`local_services.toml`): no code knows one of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import tomli

from intake.errors import Problem, ProtocolError
from intake.protocol_files import named
from intake.toml_entry import Entry

_FILE = "local_services.toml"


@dataclass(frozen=True, slots=True)
class ServiceRole:
    """Somebody a clinic may have to reach. `label` is what they are for."""

    id: str
    label: str
    is_for_emergencies: bool = False
    is_for_calls: bool = False


@dataclass(frozen=True, slots=True)
class LocalService:
    """Who has a role near this clinic: a name, which may be empty, and a number."""

    role: ServiceRole
    name: str
    phone: str

    def __str__(self) -> str:
        """Return ``Emergency department (St. Luke's): 904 555 0100``."""
        name = f" ({self.name})" if self.name else ""
        return f"{self.role.label}{name}: {self.phone}"


def for_emergencies(services: Iterable[LocalService]) -> str:
    """Return the numbers for an emergency, in one line."""
    return _in_one_line(one for one in services if one.role.is_for_emergencies)


def for_calls(services: Iterable[LocalService]) -> str:
    """Return the numbers for when patients are called, in one line."""
    return _in_one_line(one for one in services if one.role.is_for_calls)


def _in_one_line(services: Iterable[LocalService]) -> str:
    return " \u00b7 ".join(map(str, services))


@cache
def service_roles() -> Sequence[ServiceRole]:
    """Return the roles, in the order in which they are shown."""
    content = (files("intake") / _FILE).read_text("utf-8")
    return roles_from(tomli.loads(content))


def roles_from(table: Mapping[str, Any]) -> Sequence[ServiceRole]:
    """Return the roles that a table holds.

    Raises:
        ProtocolError: an entry has a mistake; all of them are listed.
    """
    problems: list[Problem] = []
    file = Entry(table, _FILE, problems)
    found: dict[str, ServiceRole] = {}
    for entry in file.entries("service", named("service")):
        role = ServiceRole(
            entry.text("id"),
            entry.text("label"),
            entry.yes_no("emergency"),
            entry.yes_no("calls"),
        )
        if role.id in found:
            entry.problem("There is another service with this id.")
        found[role.id] = role
        entry.done()
    file.done()
    if problems:
        raise ProtocolError(problems)
    return tuple(found.values())
