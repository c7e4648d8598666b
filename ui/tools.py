"""What the office and its rooms are handed: they fetch nothing themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from intake.ports import Clock, Documents, Stationery
from intake.protocol import Protocol
from ui.messages import Teller
from ui.saving import Saver
from ui.settings import Settings

if TYPE_CHECKING:
    from ui.caretaker import Caretaker
    from ui.door import Door


@dataclass(frozen=True, slots=True)
class Tools:
    """What the office is handed."""

    protocol: Protocol
    clock: Clock
    saver: Saver
    settings: Settings
    teller: Teller
    documents: Callable[..., Documents]
    write: Callable[[Path, bytes], None]
    #: None in the demonstration, where a name is enough.
    door: "Door | None" = None
    recovery_sheet: Callable[[str, str], bytes] | None = None
    #: Looks after the records; None in the demonstration, which keeps none.
    caretaker: "Caretaker | None" = None
    #: Looks at logo and letterhead; None in the demonstration, which settles nothing.
    stationery: Stationery | None = None
