"""What happens when people do something: sign in, find, register, open, export.

It owns the open visit and connects the pages with the store; it is handed everything it
uses.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject

from intake.answers import AnswerChange, Answers, Role
from intake.assessment import assess
from intake.patient import Patient
from intake.ports import Clock, Documents
from intake.protocol import Protocol
from intake.record import Record
from intake.visit import Visit
from ui.main_window import MainWindow
from ui.messages import Teller
from ui.records import Records
from ui.save_state import SaveState
from ui.saving import Saver
from ui.session import VisitSession
from ui.settings import Settings
from ui.visit.workspace import Workspace

if TYPE_CHECKING:
    from intake.people import Person
    from ui.caretaker import Caretaker
    from ui.door import Door
    from ui.entrance import Entrance
    from ui.home import Home
    from ui.registration import Registration
    from ui.sign_in import SignIn
    from ui.visit.documents import DocumentsPage


_LOG = logging.getLogger("thoracic_intake")
_ROLES: dict[Role, str] = {"desk": "front desk", "clinician": "clinician"}


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


class Office(QObject):
    """One signed-in person at a time, one open visit at a time."""

    def __init__(self, window: MainWindow, tools: Tools) -> None:
        """Connect the window's actions; nothing is shown yet."""
        super().__init__(window)
        self.window = window
        self._tools = tools
        self.records = Records(tools.saver.backlog, tools.clock, tools.teller)
        # Before SaveState, which has the pages drawn again when the store is open.
        tools.saver.opened.connect(self.records.use)
        self._who = ""
        self._role: Role = "desk"
        self.session: VisitSession | None = None
        self.workspace: Workspace | None = None
        self._save_state = SaveState(
            window, tools.saver, tools.protocol, tools.teller, lambda: self.session
        )
        self._care_words = ""
        if tools.caretaker is not None and tools.door is not None:
            from ui.care_notice import CareNotice

            whoever, clock = tools.door.whoever_is_in, tools.clock
            show = self._warn_of_records
            self.care = CareNotice(window, tools.caretaker, show, whoever, clock)
        self._connect()

    def _warn_of_records(self, words: str) -> None:
        self._care_words = words
        if "home" in vars(self):
            self.home.warn(words)

    # pages, each made and imported when it is first shown

    @cached_property
    def sign_in(self) -> "SignIn":
        """Return the page that asks who works."""
        from ui.sign_in import SignIn

        page = SignIn()
        page.signed_in.connect(self.begin)
        return page

    @cached_property
    def entrance(self) -> "Entrance":
        """Return what stands before the records: set-up, sign-in, recovery."""
        from ui.entrance import Entrance

        entrance = Entrance(self.window, self._tools)
        entrance.entered.connect(self._enter)
        return entrance

    @cached_property
    def home(self) -> "Home":
        """Return the page with visits and patients."""
        from ui.home import Home

        page = Home(
            self.records.find,
            self.records.recent,
            self._tools.clock,
            lambda: self._save_state.records,
        )
        page.patient_chosen.connect(self.open_new_visit)
        page.visit_chosen.connect(self.open_visit)
        page.new_patient.connect(self.show_registration)
        page.warn(self._care_words)
        return page

    @cached_property
    def registration(self) -> "Registration":
        """Return the form for a new patient."""
        from ui.registration import Registration

        page = Registration(self.records.find, self._tools.clock)
        page.registered.connect(self.register)
        page.chosen.connect(self.open_new_visit)
        return page

    @cached_property
    def documents(self) -> "DocumentsPage":
        """Return the page with preview and export."""
        from ui.visit.documents import DocumentsPage

        tools = self._tools
        page = DocumentsPage(tools.documents, tools.write, tools.teller)
        page.back.connect(self.show_visit)
        return page

    def _connect(self) -> None:
        self._save_state.records_changed.connect(self._records_changed)
        window = self.window
        window.show_home.connect(self.show_home)
        window.new_patient.connect(self.show_registration)
        window.show_visit.connect(self.show_visit)
        window.show_documents.connect(self.show_documents)
        window.ask_next.connect(self.ask_next)
        window.show_reasons.connect(self.show_reasons)
        window.confirm_saved.connect(self._confirm_saved)
        window.lock.connect(self.lock)
        window.may_close = self.close

    # who works

    def lock(self) -> None:
        """Hide the data and ask who works now; what was typed is kept."""
        if self.workspace is not None:
            self.workspace.page.flush()
        self.window.identity.show_nobody()
        self.window.user.setText("Nobody signed in")
        self._who = ""
        self._allow()
        if self._tools.door is not None:
            self.entrance.ask()
            return
        self.sign_in.ask(self._warnings(), self._tools.settings.last_user)
        self.window.show_page(self.sign_in)

    def _warnings(self) -> str:
        """Return what must be said of the rules today; log that they are too old."""
        protocol, today = self._tools.protocol, self._tools.clock.today()
        if protocol.outdated(today):
            _LOG.warning(
                "Protocol %s %s is past its review-by date %s",
                protocol.id,
                protocol.version,
                protocol.review_by,
            )
        return "\n".join(protocol.warnings(today))

    def _enter(self, person: "Person") -> None:
        """Start working as a person; who may examine works as clinician."""
        self.begin(person.name, "clinician" if "clinician" in person.roles else "desk")

    def begin(self, who: str, role: str) -> None:
        """Start working as somebody; an open visit is shown in the new role."""
        self.know_who(who, cast("Role", role))
        if self.session is None:
            self.show_home()
            return
        # Read anew: another role may read more of it, or less.
        session = self.session
        visit, declined = self.records.as_it_stands(session.visit, session.patient)
        self._show(visit, session.patient, visit.answers.as_dict(), declined)

    def know_who(self, who: str, role: Role) -> None:
        """Remember who works and in which role; nothing is shown yet."""
        self._who, self._role = who, role
        self._tools.settings.last_user = who
        self.window.user.setText(f"{who}, {_ROLES[role]}")
        self._allow()

    def _allow(self) -> None:
        self.window.allow(
            signed_in=bool(self._who),
            clinician=self._role == "clinician",
            visit=self.session is not None,
        )

    # patients and visits

    def show_home(self) -> None:
        """Show visits and patients."""
        self.window.identity.show_nobody()
        self.home.refresh()
        self.window.show_page(self.home)
        self.home.search.setFocus()

    def show_registration(self) -> None:
        """Show the form for a new patient."""
        self.window.identity.show_nobody()
        self.registration.start()
        self.window.show_page(self.registration)
        self.registration.fields["family_name"].setFocus()

    def register(self, patient: Patient) -> None:
        """Store a new patient and open a visit."""
        self._tools.saver.register(patient)
        self.open_new_visit(patient)

    def open_new_visit(self, patient: Patient) -> None:
        """Open a visit of today, or go on with today's where there is one."""
        visit = self.records.todays_visit(patient)
        if visit is not None:
            self.open_visit(visit, patient)
            return
        self._open(patient)

    def open_filled_visit(self, patient: Patient, answers: Answers) -> None:
        """Register a patient and open a visit that begins with imported answers."""
        self._tools.saver.register(patient)
        self._open(patient, answers)

    def _open(self, patient: Patient, answers: Answers | None = None) -> None:
        protocol = self._tools.protocol
        visit = Visit(
            id=str(uuid.uuid4()),
            patient_id=patient.id,
            on=self._tools.clock.today(),
            opened_at=self._tools.clock.now(),
            protocol_id=protocol.id,
            protocol_version=protocol.version,
            protocol_digest=protocol.digest,
        )
        self._tools.saver.open_visit(visit)
        if answers is not None:
            self._tools.saver.save(visit.id, self._imported(answers))
        self._show(visit, patient, answers.as_dict() if answers is not None else None)

    def _imported(self, answers: Answers) -> list[AnswerChange]:
        now = self._tools.clock.now()
        return [
            AnswerChange(question, None, value, self._who, "import", now, "import")
            for question, value in answers.items()
        ]

    def open_visit(self, visit: Visit, patient: Patient) -> None:
        """Go on with a stored visit."""
        if self.session is not None and self.session.visit.id == visit.id:
            self.show_visit()
            return
        visit, declined = self.records.as_it_stands(visit, patient)
        self._show(visit, patient, visit.answers.as_dict(), declined)

    def _show(
        self,
        visit: Visit,
        patient: Patient,
        answers: dict[str, Any] | None = None,
        declined: frozenset[str] = frozenset(),
    ) -> None:
        if self.workspace is not None:
            self.workspace.page.flush()
            self.window.drop_page(self.workspace)
        saver = self._tools.saver
        saver.backlog.know(visit)
        if answers is not None:
            visit = replace(visit, answers=Answers(answers))

        def save(changes: list[AnswerChange]) -> None:
            saver.save(visit.id, changes)

        self.session = VisitSession(
            self._tools.protocol,
            patient,
            visit,
            clock=self._tools.clock,
            who=self._who,
            role=self._role,
            assess=assess,
            save=save,
            declined=declined,
        )
        self.session.answers_changed.connect(self._answers_changed)
        self.workspace = Workspace(self.session)
        self._allow()
        self.show_visit()

    def show_visit(self) -> None:
        """Show the open visit."""
        if self.session is None or self.workspace is None:
            return
        self.window.identity.show_patient(self.session.patient, self.session.answers)
        self.window.show_page(self.workspace)
        self.workspace.page.start()

    def ask_next(self) -> None:
        """Go to the open question that could raise the tier most."""
        if self.session is None or self.workspace is None:
            return
        here = self.workspace.page.active_question
        asked = [a.question for a in self.session.assessment.ask_next if a.is_open]
        # Again on the same one: somebody wants the next.
        wanted = asked[(asked.index(here) + 1) % len(asked)] if here in asked else ""
        if asked:
            self.show_visit()
            self.workspace.page.go_to(wanted or asked[0])

    def show_reasons(self) -> None:
        """Go to what the assessment rests on; the desk has no assessment."""
        if self.workspace is not None and self.workspace.panel is not None:
            self.show_visit()
            self.workspace.panel.focus_reasons()

    def _answers_changed(self, questions: frozenset[str]) -> None:
        if self.session is not None and "background.allergies" in questions:
            self.window.identity.show_patient(
                self.session.patient, self.session.answers
            )

    def show_documents(self) -> None:
        """Make the documents of the open visit from its answers as they are now."""
        if self.session is None or self.workspace is None:
            return
        self.workspace.page.flush()
        session = self.session
        record = Record(
            patient=session.patient,
            on=session.visit.on,
            answers=session.answers,
            assessment=session.assessment,
            printed_at=self._tools.clock.now().replace(microsecond=0),
            visit_id=session.visit.id,
            clinician=self._who,
            declined=session.declined,
        )
        self.window.show_page(self.documents)
        self.documents.show_record(record)

    # saving

    def _records_changed(self) -> None:
        if "home" in vars(self):
            self.home.refresh()

    def _confirm_saved(self) -> None:
        if self.workspace is not None:
            self.workspace.page.flush()
        self._save_state.confirm(f"{self._tools.clock.now():%H:%M:%S}")

    def close(self) -> bool:
        """Store everything or keep it as a draft; False when neither can be done."""
        if self.workspace is not None:
            self.workspace.page.flush()
        self._tools.settings.geometry = self.window.saveGeometry()
        try:
            self._tools.saver.close()
        except OSError:
            self._tools.teller.tell(
                "What you typed can be stored nowhere, so the window stays open.",
                "Free some space on the disk, then close it again.",
            )
            return False
        return True
