"""What the clinic has settled, as it is known at this computer.

It is read when somebody begins to work, when a visit is opened, when a document is made
and when a section was changed here; so each computer follows the others within a visit.
"""

import logging
from typing import TYPE_CHECKING

from intake.clinic_settings import UNSETTLED, ClinicSettings, in_force
from intake.errors import UserFacingError
from ui.tools import Tools

if TYPE_CHECKING:
    from intake.house import House

_LOG = logging.getLogger("thoracic_intake")


def house_of(tools: Tools) -> "House":
    """Return the house on behalf of whoever is signed in."""
    from intake.house import House
    from intake.workflow import Workflow

    door = tools.door
    if door is None or door.records is None:
        raise RuntimeError("the demonstration has no house")
    workflow = Workflow(door.records.store, tools.protocol, tools.clock)
    return House(door.records, workflow, door.whoever_is_in)


class ClinicNow:
    """Reads the settings, and keeps the last that could be read."""

    def __init__(self, tools: Tools) -> None:
        """Know of nothing settled yet."""
        self._tools = tools
        self.settings: ClinicSettings = UNSETTLED

    def read(self) -> ClinicSettings:
        """Return the settings as they are now; as they were where none can be read.

        Nobody is kept from working by a letterhead: what is wrong with the records is
        told where patients are read.
        """
        door = self._tools.door
        if door is None or door.records is None or door.person is None:
            return self.settings
        try:
            self.settings = in_force(house_of(self._tools).settings())
        except UserFacingError as error:
            _LOG.warning("The clinic's settings could not be read: %s", error.code)
        return self.settings
