"""Plugs in the page where a registration is changed; open visits follow the change."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from intake.patient import Patient
from intake.ports import VisitRecords
from ui.day import Day
from ui.main_window import MainWindow
from ui.open_visits import OpenVisits
from ui.pages_beside import PagesBeside
from ui.patient_finder import name_of
from ui.records import Records
from ui.tools import Tools
from ui.unfinished import in_changed_registration
from ui.who_works import WhoWorks
from ui.whose_pages import WhosePages

if TYPE_CHECKING:
    from ui.change_registration import ChangeRegistration


class RegistrationChanges(QObject):
    """Makes the page when it is first wanted.

    Args:
        window: tells that it is wanted.
        tools: what the office was handed.
        records: reads on behalf of whoever works.
        works: who works now.
        visits: the visits that are open.
        whose: tells who is in view.
        day: the list, and the line where something is said.
        beside: shows the page.
    """

    #: The page is done with, and no visit of the patient is open: back to the list.
    left = Signal()

    def __init__(  # noqa: PLR0913  (the rooms it connects)
        self,
        window: MainWindow,
        *,
        tools: Tools,
        records: Records,
        works: WhoWorks,
        visits: OpenVisits,
        whose: WhosePages,
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
        self._whose = whose
        self._day = day
        self._beside = beside
        window.change_registration.connect(self.show)

    @cached_property
    def page(self) -> "ChangeRegistration":
        """Return the form."""
        from ui.change_registration import ChangeRegistration

        page = ChangeRegistration(self._acting, self._tools.clock)
        page.changed.connect(self._follow)
        page.left.connect(self._go_back)
        page.typed.connect(self._keep)
        return page

    def show(self) -> None:
        """Show the form for whoever is in view, or say how to choose somebody."""
        if not self._works.sees_patients:
            return
        patient = self._whose.patient_in_view()
        if patient is None:
            self._day.say("Find the patient first, or open the visit.")
            return
        self.page.take(patient, self._tools.saver.unfinished.of(self._place(patient)))
        self._beside.show(self.page, is_form=True)
        self._window.identity.show_registered(patient)

    def forget(self) -> None:
        """Hold nobody; what is typed is kept for whoever typed it."""
        if "page" in vars(self):
            self.page.forget()

    def _acting(self) -> VisitRecords | None:
        store = self._records.store
        if store is None or not self._works.is_somebody_in:
            return None
        return store.on_behalf_of(self._works.person_id)

    def _place(self, patient: Patient) -> str:
        return in_changed_registration(self._works.person_id, patient.id)

    def _keep(self, fields: dict[str, str]) -> None:
        """Keep what is not stored, for whoever types it."""
        self._tools.saver.unfinished.keep(self._place(self.page.patient), fields)

    def _follow(self, patient: Patient) -> None:
        """Go on with open visits of the patient as registered now."""
        for one in tuple(self._visits.open_now):
            if one.session.patient.id == patient.id:
                self._visits.follow(one.visit_id, patient)
        self._day.watcher.look_now()
        self._day.say(f"The registration of {name_of(patient)} is changed.")
        self._go_back()

    def _go_back(self) -> None:
        session = self._visits.session
        if session is not None and session.patient.id == self.page.patient.id:
            self._visits.show()
        else:
            self.left.emit()
