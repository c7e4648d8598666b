"""From the open visit to the signed one, and what comes after: the pages about signing.

It shows the review, hands a signature to the notary, shows a signed visit as it was
signed, takes addenda and assesses again. Only what is stored is signed, and only as it
was read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from intake.answers import Answers
from intake.as_signed import SignedVisit, faults_of, readable
from intake.assessment import assess
from intake.fitting import fitting
from intake.patient import Patient
from intake.record import Record
from intake.signed_words import (
    Part,
    addendum_parts,
    answer_parts,
    late_confirmation_parts,
    late_parts,
    signed_parts,
)
from intake.signing import Addendum
from intake.visit import Signature, Visit
from ui.addenda import Addenda, SignedInPerson
from ui.disputes import Disputes
from ui.notary import Notary
from ui.session import VisitSession
from ui.signed_whose import whose_warnings
from ui.visit.set_aside import SetAsideLine

if TYPE_CHECKING:
    from intake.errors import UserFacingError
    from ui.main_window import MainWindow
    from ui.records import Records
    from ui.tools import Tools
    from ui.visit.review_page import ReviewPage
    from ui.visit.signed_page import SignedPage

_UNREADABLE = (
    "The signed text was altered and cannot be read any more. Restore a backup."
)


@dataclass(frozen=True, slots=True)
class _Open:
    """The signed visit that is shown."""

    visit: Visit
    patient: Patient


class Signing(QObject):
    """Owns the review and the signed visit; addenda are in `ui.addenda`.

    Args:
        window: shows the pages.
        tools: what the office was handed.
        records: reads visits and addenda.
        disputes: what waits for a choice.
        person: returns who works now.
    """

    #: A visit was signed: Visit and Patient.
    signed = Signal(object, object)
    #: A visit was signed that is not in view any more: Visit.
    signed_unseen = Signal(object)
    #: Somebody goes back to the form.
    left = Signal()
    #: Somebody goes to a question of the form (its id).
    question_wanted = Signal(str)
    #: Somebody goes to a suggestion of the panel (the action's id).
    suggestion_wanted = Signal(str)
    #: Somebody wants the documents of a signed visit: a Record.
    documents_wanted = Signal(object)
    #: Somebody says that the signed visit should not be there.
    move_wanted = Signal()

    def __init__(
        self,
        window: "MainWindow",
        tools: "Tools",
        records: "Records",
        disputes: Disputes,
        person: Callable[[], SignedInPerson],
    ) -> None:
        """Show nothing yet."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        self._records = records
        self._disputes = disputes
        self._person = person
        self._reviewed: VisitSession | None = None
        self._open: _Open | None = None
        self.notary = Notary(_confirmed_by(tools), self)
        queued = Qt.ConnectionType.QueuedConnection
        self.notary.signed.connect(self._signed, queued)
        self.notary.refused.connect(self._refuse, queued)
        self.addenda = Addenda(window, tools, records, self.notary, person)
        self.addenda.added.connect(self._show_added)
        self.addenda.left.connect(self.show_again)
        tools.saver.saved.connect(self._stored)

    @cached_property
    def review(self) -> "ReviewPage":
        """Return the page that shows what is signed."""
        from ui.visit.review_page import ReviewPage

        page = ReviewPage(asks=self.notary.asks_passphrase)
        page.wanted.connect(self._sign)
        page.back.connect(self.left)
        page.question_wanted.connect(self.question_wanted)
        page.suggestion_wanted.connect(self.suggestion_wanted)
        return page

    @cached_property
    def page(self) -> "SignedPage":
        """Return the page that shows a signed visit."""
        from ui.visit.signed_page import SignedPage

        page = SignedPage()
        page.addendum_wanted.connect(self.show_addendum)
        page.again_wanted.connect(self._show_again)
        page.documents_wanted.connect(self.make_documents)
        page.move_wanted.connect(self.move_wanted)
        return page

    def is_page(self, page: QWidget) -> bool:
        """Return whether a page is one of these, with something on it."""
        made = vars(self)
        is_empty = self._open is None and self._reviewed is None
        return not is_empty and page in (
            made.get("page"),
            made.get("review"),
            self.addenda.page,
        )

    def come_back(self, page: QWidget) -> None:
        """Show a page as it was left, with whose it is."""
        if self._open is not None:
            self._identify(self._open.patient, self._open.visit.answers)
        elif self._reviewed is not None:
            self._identify(self._reviewed.patient, self._reviewed.answers)
        self._window.show_page(page)

    @property
    def is_open(self) -> bool:
        """Return whether a signed visit is shown."""
        return self._open is not None

    @property
    def shown(self) -> tuple[Visit, Patient] | None:
        """Return the signed visit that is shown, and whose it is now."""
        return (self._open.visit, self._open.patient) if self._open else None

    # before the signature

    def show_review(self, session: VisitSession) -> None:
        """Show what would be signed; everything typed was flushed before."""
        self._reviewed = session
        self.review.row.start()
        self._show_review()
        self._window.show_page(self.review)
        self.review.row.take_keys()

    def _show_review(self) -> None:
        session = self._reviewed
        if session is None:
            return
        revision = None
        if not self._tools.saver.backlog.waits_for(session.visit.id):
            stored = self._records.stored(session.visit)
            if stored is not None:
                asked = {*stored.answers, *session.answers}
                asked -= {one.question for one in self._disputes.of(stored.id)}
                session.take_in({q: stored.answers.get(q) for q in asked})
                session.decided.take_in(self._records.decisions_of(stored.id))
                session.confirmed.take_in(
                    self._records.changes_of(stored.id),
                    self._records.confirmations_of(stored.id),
                )
                revision = stored.revision
        disputes = self._disputes.of(session.visit.id)
        self.review.show_session(session, disputes, revision)

    def _stored(self) -> None:
        """Look again where the review waited for the store."""
        is_shown = self._reviewed is not None and self.review.isVisible()
        if is_shown and self.review.revision is None:
            self._show_review()

    def _sign(self, passphrase: str) -> None:
        session, revision = self._reviewed, self.review.revision
        store = self._records.store
        if session is None or revision is None or store is None:
            return
        self.review.row.wait()
        visit = replace(session.visit, patient_id=session.patient.id)
        self.notary.sign(store, self._person().id, passphrase, visit, revision)

    def _signed(self, visit: Visit) -> None:
        session = self._reviewed
        self._reviewed = None
        if session is not None and session.visit.id == visit.id:
            self.review.forget()
            self.signed.emit(visit, session.patient)
        else:
            self._reviewed = session
            self.signed_unseen.emit(visit)

    def _refuse(self, error: "UserFacingError") -> None:
        """Say why nothing was signed; what changed meanwhile is shown at once."""
        if self.addenda.takes_refusal(error):
            return
        if error.code == "visit_changed":
            self._show_review()
        self.review.row.refuse(error)

    # after it

    def show(self, visit: Visit, patient: Patient) -> None:
        """Show a signed visit."""
        self._open = _Open(visit, patient)
        is_clinician = self._person().role == "clinician"
        title = f"Signed visit of {visit.on:%Y-%m-%d}"
        if visit.signature is not None:
            title += f", signed by {visit.signature.name}"
        line = SetAsideLine(
            self._tools.protocol.questions,
            lambda: self._records.set_aside_of(visit.id),
        )
        self.page.start(title, line, is_clinician=is_clinician)
        self._show_as_signed()
        self._show_page()
        if is_clinician and self.addenda.is_begun(visit.id):
            self.page.say(_NOT_SIGNED)

    def show_again(self) -> None:
        """Go back to the signed visit that is open, as it stands now."""
        if self._open is not None:
            self._read_again(self._open)
            self._show_as_signed()
            self._show_page()

    def forget(self) -> None:
        """Hold nothing of the visit that was open; unsigned addenda stay hidden."""
        self._open = self._reviewed = None
        self.addenda.page = None
        for name in ("page", "review"):
            if name in vars(self):
                getattr(self, name).forget()

    def _read_again(self, shown: _Open) -> None:
        """Take in a mark as entered in error, and a merge of its patient."""
        stored = self._records.stored(shown.visit)
        if stored is not None:
            patient = self._records.patient_of(stored, shown.patient)
            self._open = _Open(stored, patient)

    def _show_page(self) -> None:
        if self._open is not None:
            self._identify(self._open.patient, self._open.visit.answers)
        self._window.show_page(self.page)
        self.page.view.setFocus()

    def _identify(self, patient: Patient, answers: Answers) -> None:
        if not self._window.is_locked:
            self._window.identity.show_patient(patient, answers)

    def _show_as_signed(self) -> None:
        """Show the signed text; to the desk the history that was taken."""
        if self._open is None:
            return
        protocol, visit = self._tools.protocol, self._open.visit
        if self._person().role != "clinician":
            theirs = frozenset(
                q for q, question in protocol.questions.items() if question.private
            )
            told = Part("Signed", ("The clinician signed this visit: it is closed.",))
            history = answer_parts(visit.answers.without(theirs), protocol)
            self.page.show_parts([told, *history], self._whose())
            return
        mark, addenda = visit.signature, self._records.addenda_of(visit.id)
        signed = None if mark is None else readable(mark)
        if mark is None or signed is None:
            self.page.show_parts((), [_UNREADABLE, *self._whose()])
            return
        added = addendum_parts(addenda, protocol)
        late = [
            *late_parts(self._records.decisions_of(visit.id), protocol),
            *late_confirmation_parts(
                self._records.confirmations_of(visit.id), protocol
            ),
        ]
        # Below the signature and above the answers: whoever reads must not miss them.
        first, *rest = signed_parts(signed, protocol)
        if added:
            count = len(added)
            words = f"{count} addend{'um' if count == 1 else 'a'} below, at the end"
            first = replace(first, lines=(words, *first.lines))
        warnings = [*faults_of(mark, addenda), *self._whose()]
        self.page.show_parts([first, *rest, *late, *added], warnings)

    def _whose(self) -> list[str]:
        """Return what has to be said of whose visit it is, to who may know."""
        if self._open is None:
            return []
        is_clinician = self._person().role == "clinician"
        signed = self._signed_visit() if is_clinician else None
        signed_for = signed.patient if signed is not None else None
        return whose_warnings(self._open.visit, signed_for, self._open.patient)

    def _show_again(self, is_on: bool) -> None:
        if self._open is None:
            return
        self.page.say("")
        again = self._records.reassessed(self._open.visit.id) if is_on else None
        if again is None:
            self._show_as_signed()
            return
        words = tuple(one.words for one in again.differences)
        note = "The signed answers, with what addenda say over them, as of the day of "
        parts = [
            Part(
                "Assessed again with today's protocol",
                (f"{note}the visit. Nothing of this is stored.",),
            ),
            Part(
                f"Differences: {len(words)}",
                words or ("None: today's protocol says the same.",),
            ),
        ]
        outdated = self._tools.protocol.warnings(self._tools.clock.today())
        self.page.show_parts(parts, [*self._whose(), *outdated])

    def make_documents(self) -> None:
        """Make documents of what was signed, where they can be made the same."""
        signed = self._signed_visit()
        if signed is None or self._open is None:
            return
        if self._open.visit.is_in_error:
            self.page.say(
                "This visit is marked as entered in error: no document is made of it "
                "any more."
            )
            return
        protocol = self._tools.protocol
        if signed.protocol_digest != protocol.digest:
            self.page.say(
                "It was signed with another version of the protocol: its documents "
                "cannot be made anew. Read it here, or assess it again."
            )
            return
        answers = fitting(protocol, signed.answers)
        assessment = assess(protocol, signed.patient, answers, signed.on)
        now = self._tools.clock.now().replace(microsecond=0)
        self.documents_wanted.emit(
            Record(
                patient=signed.patient,
                on=signed.on,
                answers=answers,
                assessment=assessment,
                printed_at=now,
                visit_id=signed.visit_id,
                clinician=signed.signer,
                licence=signed.licence,
                decisions=signed.decisions,
                entered=signed.entered,
                # What was altered since is not what was signed.
                signed_at=signed.at if signed.is_whole else None,
            )
        )

    def _signed_visit(self) -> SignedVisit | None:
        mark: Signature | None = self._open.visit.signature if self._open else None
        return None if mark is None else readable(mark)

    # addenda

    def show_addendum(self) -> None:
        """Go on with an addendum to the open visit, or begin one."""
        signed = self._signed_visit()
        if self._open is not None and signed is not None:
            self._identify(self._open.patient, self._open.visit.answers)
            self.addenda.show(signed)

    def _show_added(self, one: Addendum) -> None:
        """Show the visit with what was added, if it is the one in view."""
        if self._open is not None and self._open.visit.id == one.visit_id:
            self.show_again()
            self.page.say(f"Addendum {one.number} is signed and stored.")


_NOT_SIGNED = "An addendum that you began is not signed yet: Ctrl+D goes on with it."


def _confirmed_by(tools: "Tools") -> Callable[[str, str], None] | None:
    """Return what asks for the passphrase; the demonstration has none."""
    door = tools.door
    if door is None:
        return None

    def confirm(person_id: str, passphrase: str) -> None:
        if door.records is None:
            raise RuntimeError("nobody signs before the records are open")
        door.records.confirm(person_id, passphrase)

    return confirm
