"""What a clinic settles for itself: its letterhead, units, lock, local numbers, lists.

Settings come in sections, each stored whole and only added to: a section as it is now
is the one with the highest revision. Nothing here is about a patient, and nothing
changes what is asked or what follows from it.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, Protocol, get_args

from intake.audit import AuditNote
from intake.errors import InputRefusedError, Problem
from intake.local_services import LocalService, service_roles
from intake.setting_fields import (
    Choice,
    Field,
    FieldRefusedError,
    Line,
    Lines,
    Phone,
    Picture,
    Switch,
    Whole,
)
from intake.tell_now import TellNow, tell_now
from intake.units import UNITS

Section = Literal[
    "letterhead", "logo", "paper", "units", "lock", "services", "tell_now"
]  # fmt: skip
SECTIONS: tuple[Section, ...] = get_args(Section)
Page = Literal["letter", "a4"]
#: What a logo is brought to, and what is taken in: see `reports.stationery`.
LOGO_SIZE = (800, 400)
LOGO_BYTES = 150_000
#: A lock that comes later is none.
SHORTEST_IDLE, LONGEST_IDLE = 1, 60
#: In the open, at the desk, sooner than behind the door of a treatment room.
_IDLE = {"desk": 5, "clinician": 10}
_NAME, _LINE = 60, 160

_UNIT_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "temperature": ("Temperature", ("Cel", "[degF]")),
    "mass": ("Weight", ("kg", "[lb_av]")),
    "length": ("Height and length", ("cm", "[in_i]")),
}


def _fields() -> dict[Section, Mapping[str, Field]]:
    return {
        "letterhead": {
            "name": Line("Name of the clinic", _NAME),
            "address": Lines("Address", most=3),
            "phone": Phone("Phone"),
            "fax": Phone("Fax"),
            "licences": Lines("License numbers of the clinic", most=2),
        },
        "logo": {"png": Picture("Logo", *LOGO_SIZE, LOGO_BYTES)},
        "paper": {
            "page": Choice(
                "Paper of documents",
                {
                    "letter": "US Letter (8.5 \u00d7 11 in)",
                    "a4": "A4 (210 \u00d7 297 mm)",
                },
            )
        },
        "units": {
            name: Choice(
                label,
                {"": "as it is typed", **{code: UNITS[code].name for code in codes}},
            )
            for name, (label, codes) in _UNIT_FIELDS.items()
        },
        "lock": {
            "desk": Whole(
                "Minutes at the front desk", SHORTEST_IDLE, LONGEST_IDLE, _IDLE["desk"]
            ),
            "clinician": Whole(
                "Minutes for a clinician",
                SHORTEST_IDLE,
                LONGEST_IDLE,
                _IDLE["clinician"],
            ),
        },
        "services": {
            f"{role.id}.{what}": kind
            for role in service_roles()
            for what, kind in (
                ("name", Line(f"{role.label}, name", _NAME)),
                ("phone", Phone(f"{role.label}, phone")),
            )
        },
        "tell_now": {
            f"{line.id}.{what}": kind
            for line in tell_now().lines
            for what, kind in (
                ("on", Switch(line.text)),
                ("words", Line(f"Own words for: {line.text}", _LINE)),
            )
        },
    }


#: The fields of each section, in the order in which they are shown.
FIELDS: Mapping[Section, Mapping[str, Field]] = MappingProxyType(_fields())


@dataclass(frozen=True, slots=True)
class Settled:
    """A section as somebody settled it.

    `who` is a person's id. What was never settled has revision 0 and no values.
    """

    section: Section
    revision: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the head of the first page; all of it may be empty."""

    name: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    fax: str = ""
    licences: tuple[str, ...] = ()
    logo: bytes = b""

    @property
    def reached_at(self) -> str:
        """Return ``Phone 904 555 0100, fax 904 555 0101``, as far as it is known."""
        known = (("phone", self.phone), ("fax", self.fax))
        words = ", ".join(f"{what} {number}" for what, number in known if number)
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class FirstUnits:
    """The unit that a bare number is in, and that stands first, of each measure.

    An empty one is not settled: the protocol's own order holds.
    """

    temperature: str = ""
    mass: str = ""
    length: str = ""

    def settled(self, units: Sequence[str]) -> str:
        """Return which of a question's units the clinic wants first, or nothing."""
        mine = (self.temperature, self.mass, self.length)
        return next((unit for unit in units if unit in mine), "")

    def of(self, units: Sequence[str]) -> str:
        """Return which of a question's units comes first."""
        return self.settled(units) or units[0]

    def in_order(self, units: Sequence[str]) -> Sequence[str]:
        """Return a question's units with the first one in front."""
        first = self.of(units) if units else ""
        return sorted(units, key=lambda unit: unit != first)


@dataclass(frozen=True, slots=True)
class ClinicSettings:
    """Everything that is settled, ready for use."""

    letterhead: Letterhead = Letterhead()
    page: Page = "letter"
    units: FirstUnits = FirstUnits()
    idle_minutes: Mapping[str, int] = field(default_factory=lambda: dict(_IDLE))
    services: tuple[LocalService, ...] = ()
    tell_now: TellNow = field(default_factory=tell_now)


#: Nothing is settled: everything is as is usual.
UNSETTLED = ClinicSettings()


class SettingsStore(Protocol):
    """What the records keep of settings. It raises what `RecordStore` raises."""

    def settled(self) -> Sequence[Settled]:
        """Return the sections that were ever settled, each as it is now."""

    def settled_before(self, section: Section, revision: int) -> Settled | None:
        """Return a section as it was just before a revision, or None."""

    def settle_section(self, settled: Settled, notes: Sequence[AuditNote] = ()) -> None:
        """Store a section as the revision that follows on the one it was read at."""


def checked_section(section: Section, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a section as they are stored, whole.

    Raises:
        InputRefusedError: a field is none, is missing, or holds what it cannot; the
            problems name the fields.
    """
    fields = FIELDS[section]
    problems = [
        Problem(name, "There is no such field.") for name in values.keys() - fields
    ]
    found: dict[str, Any] = {}
    for name, kind in fields.items():
        if name not in values:
            problems.append(Problem(name, "This is missing."))
            continue
        try:
            found[name] = kind.checked(values[name])
        except FieldRefusedError as error:
            problems.append(Problem(name, error.what, error.suggestion))
    if problems:
        raise InputRefusedError(problems)
    return found


def values_of(settled: Settled) -> dict[str, Any]:
    """Return every field of a section: as it was settled, else as is usual.

    What today's program would refuse counts as not settled: an older or newer one may
    have had another idea of it, and nobody is kept from working by that.
    """
    return {
        name: _or_usual(kind, settled.values.get(name))
        for name, kind in FIELDS[settled.section].items()
    }


def in_force(settled: Iterable[Settled]) -> ClinicSettings:
    """Return the settings that sections make together."""
    by_section = {one.section: one for one in settled}
    values = {
        section: values_of(by_section.get(section, Settled(section)))
        for section in SECTIONS
    }
    head = values["letterhead"]
    return ClinicSettings(
        Letterhead(
            head["name"],
            tuple(head["address"]),
            head["phone"],
            head["fax"],
            tuple(head["licences"]),
            base64.b64decode(values["logo"]["png"]),
        ),
        values["paper"]["page"],
        FirstUnits(**values["units"]),
        values["lock"],
        tuple(_services(values["services"])),
        _tell_now(values["tell_now"]),
    )


def _or_usual(kind: Field, value: object) -> Any:  # noqa: ANN401  (of the field's own kind)
    try:
        return kind.checked(value)
    except FieldRefusedError:
        return kind.usual


def _services(values: Mapping[str, str]) -> Iterable[LocalService]:
    for role in service_roles():
        if phone := values[f"{role.id}.phone"]:
            yield LocalService(role, values[f"{role.id}.name"], phone)


def _tell_now(values: Mapping[str, Any]) -> TellNow:
    shipped = tell_now()
    ids = [line.id for line in shipped.lines]
    off = {one for one in ids if not values[f"{one}.on"]}
    return shipped.settled(off, {one: values[f"{one}.words"] for one in ids})
