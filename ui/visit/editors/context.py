"""What an editor may know beside its own question."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from intake.answers import Value
from intake.clinic_settings import FirstUnits
from intake.protocol import Protocol

_AS_ASKED = FirstUnits()


@dataclass(frozen=True, slots=True)
class EditorContext:
    """The protocol, the day of the visit, and the answers as they are now."""

    protocol: Protocol
    on: date
    answer: Callable[[str], Value | None]
    is_declined: Callable[[str], bool] = lambda _question: False
    #: What was typed in a field and is no answer yet; see `ui.unfinished`.
    jotted: Callable[[str], str] = lambda _field: ""
    #: Which unit a bare number is in, of each measure.
    units: FirstUnits = _AS_ASKED
