"""Addenda while they are written, and their way to the notary.

One that is not signed yet is kept, hidden, for whoever began it: also while the screen
is locked and somebody else works, and in the sealed draft when the program ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from intake.answers import Role
from intake.as_signed import SignedVisit
from intake.assessment import assess
from intake.clinic_settings import UNSETTLED, ClinicSettings
from intake.errors import UserFacingError
from intake.signing import Addendum, overlaid
from intake.visit import Visit
from ui.notary import Notary
from ui.session import VisitSession
from ui.unfinished import in_addendum

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.records import Records
    from ui.tools import Tools
    from ui.visit.addendum_page import AddendumPage


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """Who works now, as the pages need it."""

    id: str
    name: str
    role: Role


class Addenda(QObject):
    """Shows the page of an addendum and has it signed.

    Args:
        window: shows the pages.
        tools: what the office was handed.
        records: reads earlier addenda.
        notary: signs.
        person: returns who works now.
    """

    #: One is signed and stored (an Addendum).
    added = Signal(object)
    #: Somebody goes back to the signed visit.
    left = Signal()

    def __init__(
        self,
        window: "MainWindow",
        tools: "Tools",
        records: "Records",
        notary: Notary,
        person: Callable[[], SignedInPerson],
    ) -> None:
        """Show nothing yet."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        self._records = records
        self._notary = notary
        self._person = person
        #: Returns what the clinic settled: the units of what is typed.
        self.clinic: Callable[[], ClinicSettings] = lambda: UNSETTLED
        self._drafts: dict[tuple[str, str], AddendumPage] = {}
        #: The one in view, or that was.
        self.page: AddendumPage | None = None
        self._signing: AddendumPage | None = None
        notary.added.connect(self._added, Qt.ConnectionType.QueuedConnection)

    def show(self, signed: SignedVisit) -> None:
        """Go on with this person's addendum to a visit, or begin one."""
        key = (self._person().id, signed.visit_id)
        if key not in self._drafts:
            self._drafts[key] = self._new_page(signed)
        self.page = self._drafts[key]
        self._window.show_page(self.page)
        self.page.text.setFocus()

    def is_begun(self, visit_id: str) -> bool:
        """Return whether this person has an addendum to a visit that is not signed."""
        place = in_addendum(self._person().id, visit_id)
        return bool(self._tools.saver.unfinished.of(place))

    def interrupt(self) -> None:
        """Keep what is being typed in the addendum in view."""
        if self.page is not None:
            self.page.interrupt()

    def takes_refusal(self, error: UserFacingError) -> bool:
        """Say why an addendum was not signed; False when it was not about one."""
        page, self._signing = self._signing, None
        if page is not None:
            page.sign_row.refuse(error)
        return page is not None

    def _new_page(self, signed: SignedVisit) -> "AddendumPage":
        from ui.visit.addendum_page import AddendumPage

        page = AddendumPage(self._session(signed), asks=self._notary.asks_passphrase)
        page.wanted.connect(self._sign)
        page.back.connect(self.left)
        return page

    def _session(self, signed: SignedVisit) -> VisitSession:
        """Return the answers as they stand today, to be changed in the addendum."""
        protocol, person = self._tools.protocol, self._person()
        answers = overlaid(signed.answers, self._records.addenda_of(signed.visit_id))
        unknown = frozenset(answers) - protocol.questions.keys()
        visit = Visit(
            id=signed.visit_id,
            patient_id=signed.patient.id,
            on=signed.on,
            opened_at=signed.opened_at,
            protocol_id=signed.protocol_id,
            protocol_version=signed.protocol_version,
            protocol_digest=signed.protocol_digest,
            answers=answers.without(unknown),
        )
        return VisitSession(
            protocol,
            signed.patient,
            visit,
            clock=self._tools.clock,
            who=person.name,
            role=person.role,
            assess=assess,
            # Nothing is stored before it is signed.
            save=lambda _changes: None,
            jottings=self._tools.saver.unfinished.at(
                in_addendum(person.id, signed.visit_id)
            ),
            clinic=self.clinic(),
        )

    def _sign(self, passphrase: str) -> None:
        page, store = self.page, self._records.store
        if page is None or store is None or self._signing is not None:
            return
        text, answers = page.content()
        self._signing = page
        page.sign_row.wait()
        self._notary.add(
            store,
            self._person().id,
            passphrase,
            page.visit_id,
            page.kind,
            text=text,
            answers=answers,
        )

    def _added(self, one: Addendum) -> None:
        """Drop the page of what is signed now."""
        page, self._signing = self._signing, None
        if page is None:
            return
        page.forget()
        self._drafts = {k: kept for k, kept in self._drafts.items() if kept is not page}
        self._window.drop_page(page)
        if page is self.page:
            self.page = None
            self.added.emit(one)
