"""A house that keeps settings in memory, and stationery that takes a made-up logo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from intake.clinic_settings import SECTIONS, Section, Settled, checked_section
from intake.errors import UserFacingError
from intake.people import Person
from tests.ui.fakes import SAM
from tests.ui.visits import StoppedClock

KIM = replace(SAM, id="kim", name="Kim Achterberg-Okonkwo")
#: A small picture, as a PNG.
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAADAAAAAUCAIAAABEXSnwAAAASElEQVR42mP8//8/w2ACTAyDDLBA"
    "KNHoygF3yuul7YMxhEYdNOqgUQfRqRzCLA/oAzDLv6EQQgNbao8m6lEHDTsHMY62GAkAACJkDRCv"
    "p1FlAAAAAElFTkSuQmCC"
)


class SettledHouse:
    """Keeps settings as the records do."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Settled]] = {}
        self.by = SAM.id
        self.failing: UserFacingError | None = None
        typed = {
            "name": "Lake Chiropractic & Spine",
            "address": ["12 Lake Road, Suite 4", "Jacksonville, FL 32202"],
            "phone": "(904) 555-0100",
            "fax": "(904) 555-0101",
            "licences": ["CH 4711"],
        }
        self.settle("letterhead", 0, typed)
        self.settle("logo", 0, {"png": PICTURE})

    def people(self) -> Sequence[Person]:
        return (SAM, KIM)

    def settings(self) -> Sequence[Settled]:
        if self.failing is not None:
            raise self.failing
        return [self.kept.get(one, [Settled(one)])[-1] for one in SECTIONS]

    def settings_before(self, section: Section, revision: int) -> Settled:
        if self.failing is not None:
            raise self.failing
        earlier = [s for s in self.kept.get(section, []) if s.revision < revision]
        return earlier[-1] if earlier else Settled(section)

    def settle(
        self, section: Section, revision: int, values: Mapping[str, Any]
    ) -> Settled:
        if self.failing is not None:
            raise self.failing
        values = checked_section(section, values)
        kept = self.kept.setdefault(section, [])
        if len(kept) != revision:
            raise UserFacingError("setting_changed", "It was changed.", "Look again.")
        now = StoppedClock().now()
        kept.append(Settled(section, revision + 1, values, self.by, now))
        return kept[-1]


class PlainStationery:
    """Takes any PNG as it is, and prints everything but a smile."""

    def logo(self, content: bytes) -> bytes:
        if not content.startswith(b"\x89PNG"):
            raise UserFacingError("logo_unreadable", "This is none.", "Choose another.")
        return content

    def unprintable(self, text: str) -> str:
        return "U+1F600 (grinning face)" if "\U0001f600" in text else ""
