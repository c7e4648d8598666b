"""Sign in the background: first the passphrase again, then what is signed.

Asking for the passphrase takes a good part of a second on purpose, so that nobody can
guess fast; the window goes on meanwhile.
"""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from intake.answers import Value
from intake.errors import UserFacingError
from intake.ports import VisitRecords
from intake.signing import AddendumKind
from intake.visit import Visit

#: Asks for a person's passphrase: id and passphrase; an error when it is wrong.
Confirm = Callable[[str, str], None]


class Notary(QObject):
    """Signs one thing at a time, on behalf of whoever asked for it.

    Args:
        confirm: asks for the passphrase; None where there are none.
    """

    #: It is signed: the Visit.
    signed = Signal(object)
    #: It is signed: the Addendum.
    added = Signal(object)
    #: Nothing was signed: the error.
    refused = Signal(object)

    def __init__(self, confirm: Confirm | None, parent: QObject) -> None:
        """Sign nothing yet."""
        super().__init__(parent)
        self._confirm = confirm
        self._busy = threading.Lock()

    @property
    def asks_passphrase(self) -> bool:
        """Return whether signing needs a passphrase."""
        return self._confirm is not None

    def sign(
        self,
        store: VisitRecords,
        person_id: str,
        passphrase: str,
        visit: Visit,
        revision: int,
    ) -> None:
        """Sign a visit as it was read at a revision, as the patient's it had then."""

        def act() -> None:
            self._ask(person_id, passphrase)
            acting = store.on_behalf_of(person_id)
            self.signed.emit(acting.sign(visit.id, revision, visit.patient_id))

        self._in_background(act)

    def add(  # noqa: PLR0913  (each is part of what is signed)
        self,
        store: VisitRecords,
        person_id: str,
        passphrase: str,
        visit_id: str,
        kind: AddendumKind,
        *,
        text: str,
        answers: dict[str, Value | None],
    ) -> None:
        """Sign an addendum."""

        def act() -> None:
            self._ask(person_id, passphrase)
            acting = store.on_behalf_of(person_id)
            one = acting.add_addendum(visit_id, kind, text=text, answers=answers)
            self.added.emit(one)

        self._in_background(act)

    def _ask(self, person_id: str, passphrase: str) -> None:
        if self._confirm is not None:
            self._confirm(person_id, passphrase)

    def _in_background(self, act: Callable[[], None]) -> None:
        """Do one thing after the other."""

        def run() -> None:
            with self._busy:
                try:
                    act()
                except UserFacingError as error:
                    self.refused.emit(error)

        threading.Thread(target=run, name="notary", daemon=True).start()
