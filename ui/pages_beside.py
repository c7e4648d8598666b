"""The pages beside the visits: people, audit, settings, passphrase, backups.

To plug in a page:

1. `ui/actions.py` and a signal of `MainWindow`: the words, the keys, for whom.
2. Here, a cached property that imports and makes the page when it is first wanted. The
   page has `start()`, which shows what is due now and takes the keys.
3. A line in `_connect` that has the window's signal `show` it.

Esc leads out of it by itself. What a page wants of the rest of the office it says with
a signal, and `ui/office.py` connects that.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.clinic_now import house_of
from ui.main_window import MainWindow
from ui.tools import Tools
from ui.who_works import WhoWorks

if TYPE_CHECKING:
    from intake.house import House
    from ui.audit_page import AuditPage
    from ui.care_notice import CareNotice
    from ui.passphrase_page import PassphrasePage
    from ui.people_page import PeoplePage
    from ui.settings_page import SettingsPage


class PageBeside(Protocol):
    """A page that fills itself when it is shown."""

    def start(self) -> None:
        """Show what is due now, and take the keys."""


class PagesBeside(QObject):
    """Makes these pages, shows them, and knows when Esc leads out of one.

    Args:
        window: shows the pages.
        tools: what the office was handed.
        works: who works now.
    """

    #: A page comes in front of what somebody is typing.
    coming = Signal()
    #: A page is done with.
    done = Signal()
    #: What is wrong with the records, in words; empty when nothing is.
    records_warned = Signal(str)

    def __init__(self, window: MainWindow, tools: Tools, works: WhoWorks) -> None:
        """Make no page yet."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        self._works = works
        self._forms: list[QWidget] = []
        self._shown: list[QWidget] = []
        self.care: CareNotice | None = None
        self._connect()

    def _connect(self) -> None:
        window, tools = self._window, self._tools
        window.show_people.connect(lambda: self.show_of_house("people"))
        window.show_audit.connect(lambda: self.show_of_house("audit"))
        window.show_settings.connect(lambda: self.show_of_house("settings"))
        window.change_passphrase.connect(
            lambda: self.show_of_house("passphrase", is_form=True)
        )
        if tools.caretaker is None or tools.door is None:
            window.show_backups.connect(self._tell_of_demonstration)
            return
        from ui.care_notice import CareNotice

        self.care = CareNotice(
            window,
            tools.caretaker,
            self.records_warned.emit,
            tools.door.whoever_is_in,
            tools.clock,
        )

    @cached_property
    def people(self) -> "PeoplePage":
        """Return the owner's page with the people who work here."""
        from ui.people_page import PeoplePage

        page = PeoplePage(self.house, self._works.id_at_door)
        page.code_made.connect(self._show_recovery_code)
        page.myself_changed.connect(self._works.enter_anew)
        return page

    @cached_property
    def audit(self) -> "AuditPage":
        """Return the owner's page with the audit trail."""
        from ui.audit_page import AuditPage

        return AuditPage(self.house, self._tools.clock, self._tools.write)

    @cached_property
    def settings(self) -> "SettingsPage":
        """Return the owner's page with the clinic's settings."""
        from ui.settings_page import SettingsPage

        stationery = self._tools.stationery
        if stationery is None:
            raise RuntimeError("a clinic has its stationery")
        tools = self._tools
        page = SettingsPage(
            self.house, self._works.id_at_door, stationery, tools.clock, tools.write
        )
        page.changed.connect(self._works.clinic.read)
        return page

    @cached_property
    def passphrase(self) -> "PassphrasePage":
        """Return everybody's page for their own passphrase."""
        from ui.passphrase_page import PassphrasePage

        page = PassphrasePage(self.house)
        page.done.connect(self.done)
        return page

    def house(self) -> "House":
        """Return the house on behalf of whoever is signed in."""
        return house_of(self._tools)

    def show_of_house(self, name: str, *, is_form: bool = False) -> None:
        """Show a page that needs a clinic, by its name; the demonstration has none."""
        if self._tools.door is None:
            self._tell_of_demonstration()
            return
        self.show(getattr(self, name), is_form=is_form)

    def show(self, page: QWidget, *, is_form: bool = False) -> None:
        """Show a page (a `PageBeside`); what was typed in a visit is kept.

        Args:
            page: is started when it is in front.
            is_form: it is typed in, so Esc must not lead out of it.
        """
        self.coming.emit()
        known = self._forms if is_form else self._shown
        if page not in known:
            known.append(page)
        self._window.identity.show_nobody()
        self._window.show_page(page)
        cast("PageBeside", page).start()

    def may_step_out_of(self, page: QWidget) -> bool:
        """Return whether Esc leads out of a page: not of a form."""
        care = self.care.page if self.care is not None else None
        return page in self._shown or page is care

    def _tell_of_demonstration(self) -> None:
        told = "The demonstration has no people, no passphrases and no backups."
        self._tools.teller.tell(told, "They come with a clinic of your own.")

    def _show_recovery_code(self, clinic: str, code: str) -> None:
        if not self._works.is_somebody_in:
            self._tools.teller.tell(
                "A new recovery code was made while the screen was being locked, and "
                "was not shown.",
                "Make another one: the sheet there is opens nothing any more.",
            )
            return
        page = self._works.entrance.show_new_code(clinic, code)
        page.done.connect(lambda: self.show(self.people))
