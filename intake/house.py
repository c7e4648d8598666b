"""Running the house: people come, change, forget passphrases and leave; the audit.

Some of this touches the records and some the keys beside them. The order is such that
breaking off anywhere leaves nothing wrong: who is taken in without a passphrase cannot
sign in, who left without the key renewed cannot either, and the next sign-in renews it.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from intake.audit import LATEST, AuditEntry, AuditFilter
from intake.clinic_settings import Section, Settled, in_force
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.people import Person, PersonRole, passphrase_problem
from intake.ports import OpenRecords
from intake.workflow import Workflow


class House:
    """What the owner does, and everybody with their own passphrase.

    Every call raises what the use case of its name does (`intake.workflow`).

    Args:
        records: open.
        workflow: asks who may, on the same records.
        person: tells who is signed in.
    """

    def __init__(
        self, records: OpenRecords, workflow: Workflow, person: Callable[[], Person]
    ) -> None:
        """Do nothing yet."""
        self._records = records
        self._workflow = workflow
        self._person = person

    # people

    def people(self) -> Sequence[Person]:
        """Return everybody, also who left, by name."""
        return self._workflow.list_people(self._person())

    def open_visits_of(self, person_id: str) -> int:
        """Return how many visits somebody still has to finish."""
        return len(self._workflow.open_visits_of(self._person(), person_id))

    def take_in(
        self,
        name: str,
        roles: frozenset[PersonRole],
        licence: str,
        passphrase: str,
    ) -> Person:
        """Take somebody new in, and return them.

        Raises:
            InputRefusedError: name, roles or passphrase will not do; nothing was done.
        """
        by = self._person()
        new = Person(str(uuid.uuid4()), name.strip(), roles, licence.strip())
        self._workflow.require(by, "add_person")
        _refuse_poor(passphrase, new)
        self._workflow.add_person(by, new)
        self._records.give_passphrase(new, passphrase, by=by.id)
        return new

    def change(
        self,
        person_id: str,
        name: str,
        roles: frozenset[PersonRole],
        licence: str,
    ) -> Person:
        """Change somebody's name, roles and licence; return them as they are now."""
        before = self._of(person_id)
        after = replace(before, name=name.strip(), roles=roles, licence=licence.strip())
        self._workflow.change_person(self._person(), after)
        self._records.know(after)
        return after

    def reset_passphrase(self, person_id: str, passphrase: str) -> None:
        """Give somebody a new passphrase; it ends a lock, too.

        Raises:
            InputRefusedError: it will not do, or it is one's own: that takes the old.
        """
        by = self._person()
        self._workflow.require(by, "reset_passphrase")
        person = self._of(person_id)
        if person_id == by.id:
            what = "Your own passphrase is changed with the old one."
            raise InputRefusedError([Problem("person", what)])
        _refuse_poor(passphrase, person)
        self._records.give_passphrase(person, passphrase, by=by.id)

    def change_own_passphrase(self, old: str, new: str) -> None:
        """Change the passphrase of whoever is signed in.

        Raises:
            InputRefusedError: the new one will not do.
            UserFacingError: (wrong_passphrase, sign_in_wait) the old one is not theirs.
        """
        by = self._person()
        self._workflow.require(by, "change_own_passphrase")
        _refuse_poor(new, by)
        self._records.confirm(by.id, old)
        self._records.give_passphrase(self._of(by.id), new, by=by.id)

    def remove(self, person_id: str, successor: str = "") -> None:
        """Let somebody go: their visits to the successor, their slot away, a new key.

        Raises:
            UserFacingError: (key_not_renewed) they are gone and cannot sign in, but
                another window has the records open, so the key is renewed later.
        """
        by = self._person()
        self._workflow.remove_person(by, person_id, successor)
        try:
            self._records.shut_out(person_id, by=by.id)
        except UserFacingError as error:
            if error.code != "records_in_use":
                raise
            raise UserFacingError(
                "key_not_renewed",
                "They are removed and cannot sign in any more. Another window has the "
                "records open, so these keep their key for now.",
                "Close the other windows; the next sign-in renews the key.",
            ) from None

    def new_recovery_code(self) -> str:
        """Return a recovery code that takes the place of the older one."""
        by = self._person()
        self._workflow.require(by, "new_recovery_code")
        return self._records.new_recovery_code(by=by.id)

    def clinic_name(self) -> str:
        """Return the clinic's name, for the recovery sheet: as on its letters."""
        return in_force(self.settings()).letterhead.name

    # the clinic's settings

    def settings(self) -> Sequence[Settled]:
        """Return every section of the clinic's settings as it is now."""
        return self._workflow.read_settings(self._person())

    def settings_before(self, section: Section, revision: int) -> Settled:
        """Return a section as it was just before a revision."""
        return self._workflow.settings_before(self._person(), section, revision)

    def settle(
        self, section: Section, revision: int, values: Mapping[str, Any]
    ) -> Settled:
        """Settle a section as it was read at a revision; return it as stored."""
        return self._workflow.change_settings(self._person(), section, revision, values)

    # the audit trail

    def read_audit(self, wanted: AuditFilter = LATEST) -> Sequence[AuditEntry]:
        """Return the entries that match."""
        return self._workflow.read_audit(self._person(), wanted)

    def verify_audit(self) -> Sequence[str]:
        """Return what is wrong with the audit trail; nothing when it is sound."""
        return self._workflow.verify_audit(self._person())

    def export_audit(self, wanted: AuditFilter = LATEST) -> str:
        """Return every entry that matches as CSV."""
        return self._workflow.export_audit(self._person(), wanted)

    # documents

    def view_document(self, visit_id: str, kind: str) -> None:
        """Write down that a document is about to be shown."""
        self._document(self._workflow.view_document, visit_id, kind)

    def export_document(self, visit_id: str, kind: str) -> None:
        """Write down that a document is about to become a file."""
        self._document(self._workflow.export_document, visit_id, kind)

    def _document(
        self, use_case: Callable[[Person, str, str], None], visit_id: str, kind: str
    ) -> None:
        try:
            use_case(self._person(), visit_id, kind)
        except KeyError:
            raise UserFacingError(
                "visit_not_stored",
                "This visit is not stored yet, so what is done with its documents "
                "cannot be written down.",
                "Wait until \u201cSaved\u201d stands below; nothing typed is lost.",
            ) from None

    def _of(self, person_id: str) -> Person:
        try:
            return self._records.person(person_id)
        except KeyError:
            what = "There is nobody of this name."
            raise InputRefusedError([Problem("person", what)]) from None


def _refuse_poor(passphrase: str, person: Person) -> None:
    if problem := passphrase_problem(passphrase, person.name):
        raise InputRefusedError([Problem("passphrase", problem)])
