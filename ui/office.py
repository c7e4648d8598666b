"""Connects the rooms: who works, the open visits, signing, the pages beside.

It decides what is shown when somebody begins, goes back or closes the window. What
happens inside a room is that room's; a new page is plugged in at `ui.pages_beside`.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from intake.patient import Patient
from intake.ports import VisitRecords
from intake.record import Record
from intake.worklist import WorklistEntry
from ui.day import Day
from ui.disputes import Disputes
from ui.end_of_day import EndOfDay
from ui.main_window import MainWindow
from ui.open_visits import OpenVisits
from ui.pages_beside import PagesBeside
from ui.records import Records
from ui.registration_changes import RegistrationChanges
from ui.save_state import SaveState
from ui.session import VisitSession
from ui.signing import Signing
from ui.tools import Tools
from ui.unfinished import in_registration
from ui.visit.workspace import Workspace
from ui.who_works import WhoWorks
from ui.whose_pages import WhosePages

if TYPE_CHECKING:
    from intake.ports import Documents
    from ui.audit_page import AuditPage
    from ui.entrance import Entrance
    from ui.home import Home
    from ui.passphrase_page import PassphrasePage
    from ui.people_page import PeoplePage
    from ui.presence import Presence
    from ui.registration import Registration
    from ui.sign_in import SignIn
    from ui.visit.documents import DocumentsPage

__all__ = ["Office", "Tools"]


class Office(QObject):
    """The rooms, and the ways between them."""

    def __init__(self, window: MainWindow, tools: Tools) -> None:
        """Connect the window's actions; nothing is shown yet."""
        super().__init__(window)
        self.window = window
        self._tools = tools
        self.records = Records(tools.saver.backlog, tools.clock, tools.teller)
        # Before SaveState, which has the pages drawn again when the store is open.
        tools.saver.opened.connect(self.records.use)
        self.works = WhoWorks(window, tools)
        self.disputes = Disputes(
            tools.saver, tools.clock, lambda: self.works.person_id, self
        )
        self.signing = Signing(
            window, tools, self.records, self.disputes, self.works.person
        )
        self.visits = OpenVisits(
            window, tools, self.records, self.works, self.disputes, self.signing
        )
        self.signing.addenda.clinic = self.works.clinic.read
        self._save_state = SaveState(
            window, tools.saver, self.disputes, tools.teller, self.visits.session_of
        )
        self.day = Day(window, tools, self.records, self.works, self.visits)
        self.day.chosen_in_list = self._chosen_in_list
        self.beside = PagesBeside(window, tools, self.works)
        self.end_of_day = EndOfDay(
            window,
            tools=tools,
            records=self.records,
            works=self.works,
            day=self.day,
            beside=self.beside,
        )
        self.whose = WhosePages(
            window,
            tools=tools,
            records=self.records,
            works=self.works,
            visits=self.visits,
            signing=self.signing,
            day=self.day,
            beside=self.beside,
        )
        self.changes = RegistrationChanges(
            window,
            tools=tools,
            records=self.records,
            works=self.works,
            visits=self.visits,
            whose=self.whose,
            day=self.day,
            beside=self.beside,
        )
        self._care_words = ""
        # The doors of the rooms that most callers use.
        works, visits = self.works, self.visits
        self.lock, self.begin, self.know_who = works.lock, works.begin, works.know
        self.open_new_visit, self.open_visit = visits.open_new, visits.open
        self.open_filled_visit = visits.open_filled
        self.show_visit, self.show_dispute = visits.show, visits.show_dispute
        self.ask_next, self.show_reasons = visits.ask_next, visits.show_reasons
        self.review_and_sign = visits.review_and_sign
        self._connect()

    def _connect(self) -> None:
        window = self.window
        window.show_home.connect(self.show_home)
        window.new_patient.connect(self.show_registration)
        window.show_visit.connect(self.visits.show)
        window.next_visit.connect(lambda: self.visits.go_round(1))
        window.visit_before.connect(lambda: self.visits.go_round(-1))
        window.close_visit.connect(self._close_visit)
        window.strip.chosen.connect(self.visits.go_to)
        window.hide_screen.connect(self.works.hide)
        window.show_documents.connect(self.show_documents)
        window.ask_next.connect(self.visits.ask_next)
        window.type_paper.connect(self.visits.type_paper)
        window.note_told.connect(self.visits.note_told)
        window.confirm_answers.connect(self.visits.confirm_answers)
        window.show_reasons.connect(self.visits.show_reasons)
        window.go_to_emergency.connect(self.visits.go_to_emergency)
        window.review_and_sign.connect(self.visits.review_and_sign)
        window.write_addendum.connect(self.signing.show_addendum)
        window.show_dispute.connect(self.visits.show_dispute)
        window.confirm_saved.connect(self._confirm_saved)
        window.lock.connect(self.works.lock)
        window.step_back.connect(self._step_back)
        window.may_close = self.close
        self._save_state.records_changed.connect(self._records_changed)
        self.signing.documents_wanted.connect(self._show_record)
        self.works.leaving.connect(self._keep_for_later)
        self.works.changed.connect(self._allow)
        self.works.visits_not_theirs.connect(self.visits.close_all)
        self.works.shown_again.connect(self._show_again)
        self.works.began.connect(self._begin)
        self.visits.changed.connect(self._allow)
        self.day.listed.connect(self._show_day)
        self.day.left.connect(self.show_home)
        self.whose.left.connect(self.show_home)
        self.changes.left.connect(self.show_home)
        self.beside.coming.connect(self.visits.flush)
        self.beside.done.connect(self.show_home)
        self.beside.records_warned.connect(self._warn_of_records)

    # what the rooms hold

    @property
    def session(self) -> VisitSession | None:
        """Return the open visit's session."""
        return self.visits.session

    @property
    def workspace(self) -> Workspace | None:
        """Return the open visit's form."""
        return self.visits.workspace

    @property
    def person_id(self) -> str:
        """Return whoever works, or worked last."""
        return self.works.person_id

    @property
    def presence(self) -> "Presence":
        """Return whether somebody is there."""
        return self.works.presence

    @property
    def sign_in(self) -> "SignIn":
        """Return the page of the demonstration that asks who works."""
        return self.works.sign_in

    @property
    def entrance(self) -> "Entrance":
        """Return what stands before the records."""
        return self.works.entrance

    @property
    def people(self) -> "PeoplePage":
        """Return the owner's page with the people who work here."""
        return self.beside.people

    @property
    def audit(self) -> "AuditPage":
        """Return the owner's page with the audit trail."""
        return self.beside.audit

    @property
    def passphrase(self) -> "PassphrasePage":
        """Return everybody's page for their own passphrase."""
        return self.beside.passphrase

    def records_of_who_works(self) -> VisitRecords | None:
        """Return the records on behalf of whoever works; None while they are shut."""
        store = self.records.store
        if store is None or not self.works.is_somebody_in:
            return None
        return store.on_behalf_of(self.works.person_id)

    # pages about patients, each made and imported when it is first shown

    @cached_property
    def home(self) -> "Home":
        """Return the page with visits and patients."""
        from ui.home import Home

        page = Home(
            self.records_of_who_works,
            self._tools.clock,
            lambda: self._save_state.records or self.day.why_none,
        )
        page.patient_chosen.connect(self.visits.open_new)
        page.visit_chosen.connect(self.day.open)
        self.whose.chosen_patient = page.chosen_patient
        page.new_patient.connect(self.show_registration)
        page.warn(self._care_words)
        return page

    @cached_property
    def registration(self) -> "Registration":
        """Return the form for a new patient."""
        from ui.registration import Registration

        page = Registration(self.records_of_who_works, self._tools.clock)
        page.registered.connect(self.register)
        # What was typed stays: it may be another one after all.
        page.chosen.connect(self.visits.open_new)
        page.typed.connect(self._keep_registration)
        return page

    @cached_property
    def documents(self) -> "DocumentsPage":
        """Return the page with preview and export."""
        from ui.visit.documents import DocumentsPage

        tools, house = self._tools, self.beside.house

        def documents(**more: bool) -> "Documents":
            return tools.documents(clinic=self.works.clinic.read(), **more)

        page = DocumentsPage(documents, tools.write, tools.teller)
        page.back.connect(self.visits.show)
        if tools.door is not None:
            # The demonstration has nobody to tell, and no trail.
            page.viewing = lambda visit, kind: house().view_document(visit, kind)
            page.saving = lambda visit, kind: house().export_document(visit, kind)
        return page

    def show_home(self) -> None:
        """Show visits and patients."""
        self.window.identity.show_nobody()
        self.home.offer_patients(self.works.sees_patients)
        self.home.refresh()
        self._show_day()
        self.day.watcher.look_now()
        self.window.show_page(self.home)
        self.home.take_keys()

    def show_registration(self) -> None:
        """Show the form for a new patient, to whom it is not refused in the end."""
        if not self.works.sees_patients:
            return
        self.window.identity.show_nobody()
        place = in_registration(self.works.person_id)
        self.registration.start(self._tools.saver.unfinished.of(place))
        self.window.show_page(self.registration)
        self.registration.form.take_keys()

    def register(self, patient: Patient) -> None:
        """Store a new patient and open a visit."""
        self._tools.saver.register(patient, self.works.person_id)
        self._tools.saver.unfinished.forget(in_registration(self.works.person_id))
        self.visits.open_new(patient)

    def _keep_registration(self, fields: dict[str, str]) -> None:
        """Keep a form that is not sent, for whoever types it."""
        place = in_registration(self.works.person_id)
        self._tools.saver.unfinished.keep(place, fields)

    def show_documents(self) -> None:
        """Make the documents of the open visit, or of the signed one in view."""
        record = self.visits.record()
        if record is not None:
            self._show_record(record)
        else:
            self.signing.make_documents()

    def _show_record(self, record: Record) -> None:
        self.window.show_page(self.documents)
        self.documents.show_record(record)

    # coming and going

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

    def _keep_for_later(self) -> None:
        """Keep what is being typed: somebody leaves, and may not come back."""
        self.interrupt()
        self._tools.saver.keep_draft_soon()

    def _begin(self, left: QWidget | None) -> None:
        """Show what is due to whoever begins: the page they left, if they left one."""
        if left is not None:
            self._come_back(left)
            return
        self._forget_who_left()
        if not self.visits.hand_over():
            self.show_home()

    def _show_again(self, page: QWidget | None) -> None:
        """Show the page that was hidden, whichever it was, unless it is gone."""
        pages = self.window.pages
        there = [pages.widget(place) for place in range(pages.count())]
        is_of_patient = page is self.workspace or page is vars(self).get("documents")
        if page is None or page not in there:
            self.show_home()
        elif is_of_patient or self.signing.is_page(page):
            self._come_back(page)
        else:
            self.window.show_page(page)

    def _come_back(self, page: QWidget) -> None:
        """Show the page that somebody left, as they left it."""
        if self.session is not None and page is self.workspace:
            self.visits.show()
        elif self.signing.is_page(page):
            self.signing.come_back(page)
        elif page in (vars(self).get("registration"), vars(self).get("documents")):
            if page is vars(self).get("documents"):
                self.visits.identify()
            self.window.show_page(page)
        else:
            self.show_home()

    def _forget_who_left(self) -> None:
        """Let go of what the last person looked for, typed half, or had open."""
        made = vars(self)
        if "home" in made:
            self.home.forget()
        if "registration" in made:
            self.registration.forget()
        if "documents" in made:
            self.documents.forget()
        self.whose.forget()
        self.end_of_day.forget()
        self.changes.forget()
        self.signing.forget()

    def _step_back(self) -> None:
        """Go back to the open visit, or from there to the first page.

        Not out of a form that is being typed in, nor away from a code shown once.
        """
        page = self.window.pages.currentWidget()
        if page is None or not (
            self.beside.may_step_out_of(page)
            or page is vars(self).get("documents")
            or self.signing.is_page(page)
        ):
            return
        self.visits.show()
        if self.window.pages.currentWidget() is page:
            self.show_home()

    def _close_visit(self) -> None:
        """Close the visit in view; the next open one takes its place."""
        self.visits.close()
        if not self.visits.go_round(1):
            self.show_home()

    def _allow(self) -> None:
        self.window.allow(
            signed_in=self.works.is_somebody_in,
            clinician=self.works.role == "clinician",
            visit=self.session is not None,
            visits=bool(self.visits.open_now),
            signed=self.signing.is_open,
            owner=self.works.is_owner,
            patients=self.works.sees_patients,
        )

    # the day

    def _chosen_in_list(self) -> WorklistEntry | None:
        """Return the visit that is chosen in a list in view."""
        home: Home | None = vars(self).get("home")
        return (home and home.selected()) or self.end_of_day.selected()

    def _show_day(self) -> None:
        """Show the list as it is now, where it is shown at all."""
        if "home" in vars(self) and self.works.is_somebody_in:
            self.home.show_day(
                self.day.entries(),
                self.day.not_stored(),
                is_clinicians=self.works.role == "clinician",
            )
            self.home.show_numbers(self.works.clinic.settings.services)

    # the records

    def _end_looking(self) -> None:
        """Ask the records for nobody any more."""
        if "home" in vars(self):
            self.home.patients.looking.end()
        if "registration" in vars(self):
            self.registration.likely.looking.end()

    def _warn_of_records(self, words: str) -> None:
        self._care_words = words
        if "home" in vars(self):
            self.home.warn(words)

    def _records_changed(self) -> None:
        if "home" in vars(self) and self.works.is_somebody_in:
            self.home.refresh()
            self._show_day()

    def _confirm_saved(self) -> None:
        self.visits.flush()
        self._save_state.confirm(f"{self._tools.clock.now():%H:%M:%S}")

    def close(self) -> bool:
        """Store everything or keep it as a draft; False when neither can be done."""
        self.interrupt()
        self._tools.settings.geometry = self.window.saveGeometry()
        self.day.end_watching()
        self._end_looking()
        try:
            self._tools.saver.close()
        except OSError:
            self._tools.teller.tell(
                "What you typed can be stored nowhere, so the window stays open.",
                "Free some space on the disk, then close it again.",
            )
            self.day.go_on_watching()
            return False
        return True
