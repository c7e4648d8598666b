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
from PySide6.QtWidgets import QWidget

from intake.answers import AnswerChange, Answers, Role
from intake.assessment import assess
from intake.patient import Patient
from intake.ports import Clock, Documents
from intake.protocol import Protocol
from intake.record import Record
from intake.visit import Visit
from ui.addenda import SignedInPerson
from ui.disputes import Disputes
from ui.main_window import MainWindow
from ui.messages import Teller
from ui.presence import Presence
from ui.records import Records
from ui.save_state import SaveState
from ui.saving import Saver
from ui.session import VisitSession
from ui.settings import Settings
from ui.signing import Signing
from ui.unfinished import in_registration, in_visit
from ui.visit.workspace import Workspace
from ui.words import isolated

if TYPE_CHECKING:
    from intake.house import House
    from intake.people import Person
    from ui.audit_page import AuditPage
    from ui.caretaker import Caretaker
    from ui.door import Door
    from ui.entrance import Entrance
    from ui.home import Home
    from ui.passphrase_page import PassphrasePage
    from ui.people_page import PeoplePage
    from ui.registration import Registration
    from ui.sign_in import SignIn
    from ui.visit.documents import DocumentsPage


_LOG = logging.getLogger("thoracic_intake")
_NAME_ROOM = 32
_ROLES: dict[Role, str] = {"desk": "front desk", "clinician": "clinician"}


def _in_short(name: str) -> str:
    """Return a name that leaves the rest of the status bar its room."""
    is_long = len(name) > _NAME_ROOM
    return isolated(f"{name[:_NAME_ROOM]}\u2026" if is_long else name)


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
        self._person_id = ""
        self.presence = Presence(window, tools.settings, tools.door)
        self.session: VisitSession | None = None
        self.workspace: Workspace | None = None
        self.disputes = Disputes(
            tools.saver, tools.clock, lambda: self._person_id, self
        )
        self.signing = Signing(
            window, tools, self.records, self.disputes, self._whoever_works
        )
        self._save_state = SaveState(
            window, tools.saver, self.disputes, tools.teller, lambda: self.session
        )
        self._care_words = ""
        if tools.caretaker is not None and tools.door is not None:
            from ui.care_notice import CareNotice

            whoever, clock = tools.door.whoever_is_in, tools.clock
            show = self._warn_of_records
            self.care = CareNotice(window, tools.caretaker, show, whoever, clock)
        else:
            window.show_backups.connect(self._tell_of_demonstration)
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
        page.chosen.connect(self._choose_registered)
        page.typed.connect(self._keep_registration)
        return page

    @cached_property
    def documents(self) -> "DocumentsPage":
        """Return the page with preview and export."""
        from ui.visit.documents import DocumentsPage

        tools = self._tools
        page = DocumentsPage(tools.documents, tools.write, tools.teller)
        page.back.connect(self.show_visit)
        if tools.door is not None:
            # The demonstration has nobody to tell, and no trail.
            page.viewing = lambda visit, kind: self._house().view_document(visit, kind)
            page.saving = lambda visit, kind: self._house().export_document(visit, kind)
        return page

    @cached_property
    def people(self) -> "PeoplePage":
        """Return the owner's page with the people who work here."""
        from ui.people_page import PeoplePage

        page = PeoplePage(self._house, self._my_id)
        page.code_made.connect(self._show_recovery_code)
        page.myself_changed.connect(self._enter_anew)
        return page

    @cached_property
    def audit(self) -> "AuditPage":
        """Return the owner's page with the audit trail."""
        from ui.audit_page import AuditPage

        return AuditPage(self._house, self._tools.clock, self._tools.write)

    @cached_property
    def passphrase(self) -> "PassphrasePage":
        """Return everybody's page for their own passphrase."""
        from ui.passphrase_page import PassphrasePage

        page = PassphrasePage(self._house)
        page.done.connect(self.show_home)
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
        window.review_and_sign.connect(self.review_and_sign)
        window.write_addendum.connect(self.signing.show_addendum)
        window.show_dispute.connect(self.show_dispute)
        window.confirm_saved.connect(self._confirm_saved)
        window.show_people.connect(lambda: self._show_of_house(self.people))
        window.show_audit.connect(lambda: self._show_of_house(self.audit))
        window.change_passphrase.connect(lambda: self._show_of_house(self.passphrase))
        window.lock.connect(self.lock)
        window.step_back.connect(self._step_back)
        window.may_close = self.close
        self.presence.idle_lock.idle.connect(self.lock)
        self.signing.signed.connect(self._close_signed)
        self.signing.left.connect(self.show_visit)
        self.signing.question_wanted.connect(self._go_to_question)
        self.signing.documents_wanted.connect(self._show_record)

    # who works

    def lock(self) -> None:
        """Hide the data and ask who works now; what was typed is kept."""
        self.interrupt()
        self._tools.saver.keep_draft_soon()
        left, self._who = self._person_id if self._who else "", ""
        self.presence.end(left, self._role)
        self._allow()
        if self._tools.door is not None:
            self.entrance.ask()
            return
        self.sign_in.ask(self._warnings(), self._tools.settings.last_user)
        self.window.show_page(self.sign_in, outside=True)

    def _flush(self) -> None:
        """Take what is being typed in the form."""
        if self.workspace is not None:
            self.workspace.page.flush()

    def interrupt(self) -> None:
        """Keep what is being typed, wherever that is, as it is."""
        if self.workspace is not None:
            self.workspace.page.interrupt()
        self.signing.addenda.interrupt()

    def keep_typed(self) -> None:
        """Have everything typed on the disk when this returns.

        Raises:
            OSError: the disk does not take it.
        """
        self.interrupt()
        self._tools.saver.keep_draft()

    def _whoever_works(self) -> SignedInPerson:
        return SignedInPerson(self._person_id, self._who, self._role)

    @property
    def person_id(self) -> str:
        """Return whoever works, or worked last."""
        return self._person_id

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
        if not person.may("read_visit"):
            self._close_form()
        role = "clinician" if "clinician" in person.roles else "desk"
        self.begin(person.name, role, person.id)

    def begin(self, who: str, role: str, person_id: str = "") -> None:
        """Start working as somebody.

        Whoever comes back goes on where they were. Somebody else finds the open visit
        in their own role (the desk hands over), and nothing else of who left.
        """
        self.know_who(who, cast("Role", role), person_id)
        page = self.presence.page_left_by(self._person_id, self._role)
        if page is not None:
            self._come_back(page)
            return
        self._forget_who_left()
        if self.session is None:
            self.show_home()
            return
        self._open_as_it_stands(self.session.visit, self.session.patient)

    def know_who(self, who: str, role: Role, person_id: str = "") -> None:
        """Remember who works and in which role; nothing is shown yet."""
        self._who, self._role = who, role
        # In the demonstration a role and a name are somebody.
        self._person_id = person_id or f"{role}/{who}"
        self._tools.settings.last_user = who
        works_as = _ROLES[role] if self._sees_patients() else "owner"
        self.window.user.setText(f"{_in_short(who)}, {works_as}")
        self.presence.begin(role)
        self._allow()

    def _come_back(self, page: QWidget) -> None:
        """Show the page that somebody left, as they left it."""
        if self.session is not None and page is self.workspace:
            self.show_visit()
        elif self.signing.is_page(page):
            self.signing.come_back(page)
        elif page in (vars(self).get("registration"), vars(self).get("documents")):
            if page is vars(self).get("documents") and self.session is not None:
                self._identify(self.session.patient, self.session.answers)
            self.window.show_page(page)
        else:
            self.show_home()

    def _forget_who_left(self) -> None:
        """Let go of what the last person looked for, typed half, or had open."""
        made = vars(self)
        if "home" in made:
            self.home.forget()
        if "registration" in made:
            self.registration.start()
        if "documents" in made:
            self.documents.forget()
        self.signing.forget()

    def _allow(self) -> None:
        self.window.allow(
            signed_in=bool(self._who),
            clinician=self._role == "clinician",
            visit=self.session is not None,
            signed=self.signing.is_open,
            owner=self._is_owner(),
            patients=self._sees_patients(),
        )

    def _identify(self, patient: Patient, answers: Answers) -> None:
        """Show whose page it is, unless the screen was locked meanwhile."""
        if self._who:
            self.window.identity.show_patient(patient, answers)

    # the house

    def _house(self) -> "House":
        """Return the house on behalf of whoever is signed in."""
        from intake.house import House
        from intake.workflow import Workflow

        tools, door = self._tools, self._tools.door
        if door is None or door.records is None:
            raise RuntimeError("the demonstration has no house")
        workflow = Workflow(door.records.store, tools.protocol, tools.clock)
        return House(door.records, workflow, door.whoever_is_in)

    def _my_id(self) -> str:
        door = self._tools.door
        return door.whoever_is_in().id if door is not None else ""

    def _is_owner(self) -> bool:
        door = self._tools.door
        return bool(door and door.person and "owner" in door.person.roles)

    def _sees_patients(self) -> bool:
        """Return whether patients are whoever works' business: not an owner's alone."""
        person = self._tools.door.person if self._tools.door is not None else None
        return person is None or person.may("find_patients")

    def _show_of_house(self, page: "PeoplePage | AuditPage | PassphrasePage") -> None:
        """Show a page of the house; what was typed in a visit is kept."""
        if self._tools.door is None:
            self._tell_of_demonstration()
            return
        self._flush()
        self.window.identity.show_nobody()
        self.window.show_page(page)
        page.start()

    def _tell_of_demonstration(self) -> None:
        told = "The demonstration has no people, no passphrases and no backups."
        self._tools.teller.tell(told, "They come with a clinic of your own.")

    def _enter_anew(self) -> None:
        """Go on in the roles somebody has now; lock where they have left."""
        door = self._tools.door
        if door is None or door.records is None or not self._who:
            # Locked meanwhile: whoever comes in next is read anew.
            return
        door.person = door.records.person(door.whoever_is_in().id)
        if door.person.is_active:
            self._enter(door.person)
        else:
            self.lock()

    def _show_recovery_code(self, clinic: str, code: str) -> None:
        if not self._who:
            self._tools.teller.tell(
                "A new recovery code was made while the screen was being locked, and "
                "was not shown.",
                "Make another one: the sheet there is opens nothing any more.",
            )
            return
        page = self.entrance.show_new_code(clinic, code)
        page.done.connect(lambda: self._show_of_house(self.people))

    # patients and visits

    def show_home(self) -> None:
        """Show visits and patients."""
        self.window.identity.show_nobody()
        self.home.offer_patients(self._sees_patients())
        self.home.refresh()
        self.window.show_page(self.home)
        self.home.take_keys()

    def show_registration(self) -> None:
        """Show the form for a new patient, to whom it is not refused in the end."""
        if not self._sees_patients():
            return
        self.window.identity.show_nobody()
        place = in_registration(self._person_id)
        self.registration.start(self._tools.saver.unfinished.of(place))
        self.window.show_page(self.registration)
        self.registration.fields["family_name"].setFocus()

    def register(self, patient: Patient) -> None:
        """Store a new patient and open a visit."""
        self._tools.saver.register(patient, self._person_id)
        self._choose_registered(patient)

    def _choose_registered(self, patient: Patient) -> None:
        """Open a visit of a patient of the form; there is nothing left to register."""
        self._tools.saver.unfinished.forget(in_registration(self._person_id))
        self.open_new_visit(patient)

    def _keep_registration(self, fields: dict[str, str]) -> None:
        """Keep a form that is not sent, for whoever types it."""
        self._tools.saver.unfinished.keep(in_registration(self._person_id), fields)

    def open_new_visit(self, patient: Patient) -> None:
        """Open a visit of today, or go on with today's where there is one."""
        visit = self.records.todays_visit(patient)
        if visit is not None:
            self.open_visit(visit, patient)
            return
        self._open(patient)

    def open_filled_visit(self, patient: Patient, answers: Answers) -> None:
        """Register a patient and open a visit that begins with imported answers."""
        self._tools.saver.register(patient, self._person_id)
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
        self._tools.saver.open_visit(visit, self._person_id)
        if answers is not None:
            self._tools.saver.save(visit.id, self._imported(answers), self._person_id)
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
        self._open_as_it_stands(visit, patient)

    def _open_as_it_stands(self, visit: Visit, patient: Patient) -> None:
        """Read a visit anew: to go on with it, or as it was signed."""
        visit, declined = self.records.as_it_stands(visit, patient)
        if visit.state == "signed":
            self._close_signed(visit, patient)
        else:
            self._show(visit, patient, visit.answers.as_dict(), declined)

    def _close_signed(self, visit: Visit, patient: Patient) -> None:
        """Close the form; the signed visit is shown as it was signed."""
        self._close_form()
        self._tools.saver.backlog.know(visit)
        if self._who:
            self.signing.show(visit, patient)
        self._allow()

    def _close_form(self) -> None:
        self._flush()
        if self.workspace is not None:
            self.window.drop_page(self.workspace)
        self.session = self.workspace = None

    def review_and_sign(self) -> None:
        """Show what is signed, once everything typed is on its way to the store."""
        if self.session is not None and self._role == "clinician":
            self._flush()
            self._identify(self.session.patient, self.session.answers)
            self.signing.show_review(self.session)

    def show_dispute(self) -> None:
        """Go to the visit of the first answer that waits for a choice."""
        waiting = self.disputes.all()
        if not waiting:
            return
        if self.session is None or self.session.visit.id != waiting[0].visit_id:
            found = self.records.visit_of(waiting[0].visit_id)
            if found is None:
                return
            self.open_visit(*found)
        self.show_visit()
        if self.workspace is not None and self.workspace.disputes is not None:
            self.workspace.disputes.take_keys()

    def _go_to_question(self, question: str) -> None:
        if self.workspace is not None:
            self.show_visit()
            self.workspace.page.go_to(question)

    def _show(
        self,
        visit: Visit,
        patient: Patient,
        answers: dict[str, Any] | None = None,
        declined: frozenset[str] = frozenset(),
    ) -> None:
        self._flush()
        if self.workspace is not None:
            self.window.drop_page(self.workspace)
        self.signing.forget()
        # Bound here: what is typed in this session is stored for who typed it.
        saver, by = self._tools.saver, self._person_id
        saver.backlog.know(visit)
        if answers is not None:
            visit = replace(visit, answers=Answers(answers))

        def save(changes: list[AnswerChange]) -> None:
            saver.save(visit.id, changes, by)

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
            jottings=saver.unfinished.at(in_visit(visit.id)),
        )
        self.session.answers_changed.connect(self._answers_changed)
        self.workspace = Workspace(self.session)
        self.workspace.show_disputes(
            self.disputes, lambda: self.records.set_aside_of(visit.id)
        )
        self._allow()
        self.show_visit()

    def show_visit(self) -> None:
        """Show the open visit."""
        if self.session is None or self.workspace is None:
            self.signing.show_again()
            return
        self._identify(self.session.patient, self.session.answers)
        self.window.show_page(self.workspace)
        self.workspace.page.start()

    def _step_back(self) -> None:
        """Go back to the open visit, or from there to the first page.

        Not out of a form that is being typed in, nor away from a code shown once.
        """
        page, made = self.window.pages.currentWidget(), vars(self)
        beside = [made.get(name) for name in ("people", "audit", "documents")]
        if "care" in made:
            beside.append(self.care.page)
        if page is None or not (page in beside or self.signing.is_page(page)):
            return
        self.show_visit()
        if self.window.pages.currentWidget() is page:
            self.show_home()

    def ask_next(self) -> None:
        """Go to the open question that could raise the tier most."""
        if self.session is None or self.workspace is None:
            return
        here = self.workspace.page.active_question
        # What registration asks is no question of the form.
        form = self.session.protocol.questions
        asked = [
            a.question
            for a in self.session.assessment.ask_next
            if a.is_open and a.question in form
        ]
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
            self._identify(self.session.patient, self.session.answers)

    def show_documents(self) -> None:
        """Make the documents of the open visit from its answers as they are now."""
        if self.session is None:
            return
        self._flush()
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
        self._show_record(record)

    def _show_record(self, record: Record) -> None:
        self.window.show_page(self.documents)
        self.documents.show_record(record)

    # saving

    def _records_changed(self) -> None:
        if "home" in vars(self) and self._who:
            self.home.refresh()

    def _confirm_saved(self) -> None:
        self._flush()
        self._save_state.confirm(f"{self._tools.clock.now():%H:%M:%S}")

    def close(self) -> bool:
        """Store everything or keep it as a draft; False when neither can be done."""
        self.interrupt()
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
