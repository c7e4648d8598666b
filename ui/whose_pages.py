"""Plugs in the pages about whose visit it is, and has what is open follow a change.

A visit may be moved, or its patient merged, here or at another workstation; a form that
is open goes on as the right patient's.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from intake.patient import Patient
from intake.ports import VisitRecords
from intake.visit import Visit
from intake.whose import re_entered_id
from ui.day import Day
from ui.main_window import MainWindow
from ui.open_visits import OpenVisits
from ui.pages_beside import PagesBeside
from ui.patient_finder import name_of
from ui.records import Records
from ui.signing import Signing
from ui.tools import Tools
from ui.unfinished import in_move
from ui.who_works import WhoWorks

if TYPE_CHECKING:
    from ui.merge_page import MergePage
    from ui.move_visit_page import MoveVisitPage

Shown = tuple[Visit, Patient]


class WhosePages(QObject):
    """Makes the two pages when they are first wanted, and shows them.

    Args:
        window: tells what is wanted.
        tools: what the office was handed.
        records: reads visits and patients.
        works: who works now.
        visits: the visits that are open.
        signing: the signed visit that is shown.
        day: the list, and the visit chosen in it.
        beside: shows the pages.
    """

    #: A page is done with, and what it was about is not open: back to the list.
    left = Signal()

    def __init__(  # noqa: PLR0913  (the rooms it connects)
        self,
        window: MainWindow,
        *,
        tools: Tools,
        records: Records,
        works: WhoWorks,
        visits: OpenVisits,
        signing: Signing,
        day: Day,
        beside: PagesBeside,
    ) -> None:
        """Make no page yet."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        self._records = records
        self._works = works
        self._visits = visits
        self._signing = signing
        self._day = day
        self._beside = beside
        #: Returns the patient who is chosen in a search that is in view.
        self.chosen_patient: Callable[[], Patient | None] = lambda: None
        window.merge_patients.connect(self.show_merge)
        window.move_visit.connect(self.show_move)
        signing.move_wanted.connect(self.show_move)
        day.listed.connect(self._follow_list)

    @cached_property
    def merge(self) -> "MergePage":
        """Return the page where patients are merged."""
        from ui.merge_page import MergePage

        records = self._records
        page = MergePage(
            self._store, records.find, records.merged_names, self._tools.clock
        )
        page.merged.connect(self._follow_merge)
        return page

    @cached_property
    def move(self) -> "MoveVisitPage":
        """Return the page where a visit is moved, marked or entered again."""
        from ui.move_visit_page import MoveVisitPage

        records, tools = self._records, self._tools
        page = MoveVisitPage(
            self._store,
            records.find,
            records.merged_names,
            tools.clock,
            self._confirm(),
        )
        page.jottings_of = lambda visit_id: tools.saver.unfinished.at(
            in_move(self._works.person_id, visit_id)
        )
        page.words_of = lambda question: tools.protocol.questions[question].label
        page.moved.connect(self._moved)
        page.entered_again.connect(self._visits.open_as_it_stands)
        return page

    def forget(self) -> None:
        """Hold nobody who was looked for or compared."""
        for name in ("merge", "move"):
            if name in vars(self):
                getattr(self, name).forget()

    def show_merge(self) -> None:
        """Show both registrations; whoever is in view stays."""
        if not self._works.sees_patients:
            return
        self.merge.begin_with = self.patient_in_view()
        self._beside.show(self.merge)

    def patient_in_view(self) -> Patient | None:
        """Return who is chosen in a search, or whose visit is in view or chosen."""
        shown = self._in_view()
        return self.chosen_patient() or (shown[1] if shown else None)

    def show_move(self) -> None:
        """Ask whose the visit in view is, once everything typed in it is stored."""
        shown = self._in_view()
        if not self._works.sees_patients or self._window.pages.currentWidget() is vars(
            self
        ).get("move"):
            return
        if shown is None:
            self._day.say("Open the visit first, or choose it in the list.")
            return
        self._visits.flush()
        visit = shown[0]
        stored = None
        if not self._tools.saver.backlog.waits_for(visit.id):
            stored = self._records.stored(visit)
        if stored is None:
            self._day.say(
                "This visit is still being stored. Wait for \u201cSaved\u201d, then "
                "try again."
            )
            return
        patient = self._records.patient_of(stored, shown[1])
        is_clinician = self._works.role == "clinician"
        self.move.take(
            stored, patient, self._entered_again(stored), is_clinician=is_clinician
        )
        self._beside.show(self.move)

    def _in_view(self) -> Shown | None:
        """Return the visit in view, open or as it was signed, or chosen in the list."""
        page, session = self._window.pages.currentWidget(), self._visits.session
        if self._visits.is_in_view and session is not None:
            return session.visit, session.patient
        if page is not None and self._signing.is_page(page):
            return self._signing.shown
        one = self._day.chosen_in_list()
        return (one.visit, one.patient) if one is not None else None

    def _entered_again(self, visit: Visit) -> Shown | None:
        """Return the visit that took the place of a marked one, if there is one."""
        if not visit.is_in_error:
            return None
        again = self._records.stored(replace(visit, id=re_entered_id(visit.id)))
        if again is None:
            return None
        return again, self._records.patient_of(again, Patient(""))

    def _moved(self, visit: Visit, patient: Patient) -> None:
        """Go on with a visit as the right patient's: in its form, or in the list."""
        self._day.watcher.look_now()
        self._day.say(f"Moved to {name_of(patient)}.")
        if self._visits.session_of(visit.id) is None:
            self.left.emit()
            return
        self._visits.follow(visit.id, patient)
        self._visits.go_to(visit.id)

    # what is open follows

    def _follow_list(self) -> None:
        """Have open visits follow what somebody else did, as the list tells it."""
        listed = {one.visit.id: one for one in self._day.entries()}
        for one in tuple(self._visits.open_now):
            entry = listed.get(one.visit_id)
            if entry is None:
                continue
            known = one.session.patient
            if entry.patient.id != known.id:
                self._follow(one.session.visit, known)
            elif entry.patient.revision > known.revision:
                self._visits.follow(one.visit_id, entry.patient)
        shown = self._signing.shown
        if shown is not None and (entry := listed.get(shown[0].id)) is not None:
            is_same = entry.patient.id == shown[1].id
            if not is_same or entry.visit.is_in_error != shown[0].is_in_error:
                self._show_signed_anew()

    def _follow_merge(self, patient_ids: frozenset[str]) -> None:
        """Have what is open of two patients follow a merge, or its undoing.

        Also of who stays: their earlier visits are others.
        """
        for one in tuple(self._visits.open_now):
            visit, patient = one.session.visit, one.session.patient
            if patient.id in patient_ids:
                stored = self._records.stored(visit) or visit
                now = self._records.patient_of(stored, patient)
                self._visits.follow(visit.id, now)
        self._day.watcher.look_now()

    def _follow(self, visit: Visit, patient: Patient) -> None:
        """Follow what is stored: a list may be older than that."""
        stored = self._records.stored(visit)
        if stored is None or stored.patient_id == patient.id:
            return
        now = self._records.patient_of(stored, patient)
        if now.id != patient.id:
            self._visits.follow(visit.id, now)
            self._day.say(
                f"The visit of {name_of(patient)} is of {name_of(now)} now: it was "
                "moved, or they were merged."
            )

    def _show_signed_anew(self) -> None:
        if self._signing.page.isVisible():
            self._signing.show_again()

    def _store(self) -> VisitRecords | None:
        """Return the records for whoever works now, also when they lock meanwhile."""
        store = self._records.store
        if store is None or not self._works.is_somebody_in:
            return None
        return store.on_behalf_of(self._works.person_id)

    def _confirm(self) -> Callable[[str], None] | None:
        door = self._tools.door
        if door is None:
            return None

        def confirm(passphrase: str) -> None:
            if door.records is None:
                raise RuntimeError("nobody signs before the records are open")
            door.records.confirm(self._works.person_id, passphrase)

        return confirm
