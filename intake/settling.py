"""The use cases of the clinic's settings: everybody reads, the owner changes.

Part of `intake.workflow.Workflow`, and bound to its rules.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from intake.audit import AuditNote, Event
from intake.clinic_settings import SECTIONS, Section, Settled, checked_section
from intake.people import Person
from intake.ports import Clock, RecordStore


class _UseCases(Protocol):
    """What this part needs of the workflow."""

    _store: RecordStore
    _clock: Clock

    def _allow(self, by: Person, use_case: str) -> Person: ...

    def _note(
        self, event: Event, by: Person, subject: str = "", **detail: str | int
    ) -> AuditNote: ...


class Settling:
    """What people do with the settings of their clinic."""

    def read_settings(self: _UseCases, by: Person) -> Sequence[Settled]:
        """Return every section as it is now, also those never settled.

        It is read whenever somebody begins, so it is not written down.
        """
        by = self._allow(by, "read_settings")
        known = {one.section: one for one in self._store.settled()}
        if "letterhead" not in known:
            # The name that was given when the clinic was set up.
            name = {"name": self._store.setting("clinic_name") or ""}
            known["letterhead"] = Settled("letterhead", values=name)
        return [known.get(section, Settled(section)) for section in SECTIONS]

    def settings_before(
        self: _UseCases, by: Person, section: Section, revision: int
    ) -> Settled:
        """Return a section as it was just before a revision; nothing is changed."""
        by = self._allow(by, "settings_before")
        before = self._store.settled_before(section, revision)
        return Settled(section) if before is None else before

    def change_settings(
        self: _UseCases,
        by: Person,
        section: Section,
        revision: int,
        values: Mapping[str, Any],
    ) -> Settled:
        """Settle a section as it was read at a revision, whole; return it as stored.

        Raises:
            InputRefusedError: a field holds what it cannot; nothing was stored.
            UserFacingError: (setting_changed) somebody else settled it since.
        """
        by = self._allow(by, "change_settings")
        values = checked_section(section, values)
        made = Settled(section, revision + 1, values, by.id, self._clock.now())
        note = self._note(
            "settings_changed", by, section=section, revision=made.revision
        )
        self._store.settle_section(made, [note])
        return made
