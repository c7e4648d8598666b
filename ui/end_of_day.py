"""Plugs in the page that closes the day, and keeps it as fresh as the list."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from intake.close_of_day import for_the_desk
from intake.local_services import for_calls
from intake.worklist import WorklistEntry
from ui.day import Day
from ui.main_window import MainWindow
from ui.pages_beside import PagesBeside
from ui.records import Records
from ui.tools import Tools
from ui.who_works import WhoWorks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.close_of_day import Part
    from ui.close_of_day import Beside, CloseOfDay

_NOT_STORED = (
    "What was typed here waits to be stored: keep the program open until then."
)
_NO_BACKUPS = "The demonstration keeps none: everything is forgotten at its end."


class EndOfDay(QObject):
    """Makes the page when it is first wanted.

    Args:
        window: tells that it is wanted.
        tools: what the office was handed.
        records: reads what is left.
        works: who works now.
        day: opens a line, and tells when the list changed.
        beside: shows the page, and knows of the backups.
    """

    def __init__(
        self,
        window: MainWindow,
        *,
        tools: Tools,
        records: Records,
        works: WhoWorks,
        day: Day,
        beside: PagesBeside,
    ) -> None:
        """Make no page yet."""
        super().__init__(window)
        self._window = window
        self._tools = tools
        self._records = records
        self._works = works
        self._day = day
        self._beside = beside
        window.show_close_of_day.connect(self.show)
        day.listed.connect(self._refresh)

    @cached_property
    def page(self) -> "CloseOfDay":
        """Return the page with what is left of the day."""
        from ui.close_of_day import CloseOfDay

        page = CloseOfDay(self._left_over, self._beside_it, self._tools.clock)
        page.chosen.connect(self._day.open)
        page.backups_wanted.connect(self._window.show_backups)
        return page

    def show(self) -> None:
        """Show what is left, to whom patients are shown at all."""
        if self._works.sees_patients:
            self._beside.show(self.page)

    def selected(self) -> WorklistEntry | None:
        """Return the visit that is chosen, while the page is in view."""
        return self.page.selected() if "page" in vars(self) else None

    def forget(self) -> None:
        """Hold nothing of anybody."""
        if "page" in vars(self):
            self.page.forget()

    def _left_over(self) -> "Sequence[Part]":
        """Return what is left; why somebody has to be called, to clinicians alone.

        Whoever has both roles and works at the desk just now is shown what the desk is.
        """
        parts = self._records.left_over()
        if self._works.role == "clinician":
            return parts
        return for_the_desk(parts)

    def _refresh(self) -> None:
        if "page" in vars(self) and self.page.isVisible():
            self.page.refresh()

    def _beside_it(self) -> "Sequence[Beside]":
        """Return what is told below the visits."""
        from ui.close_of_day import Beside

        care, told = self._beside.care, []
        if self._tools.saver.pending():
            told.append(Beside("Not stored yet", _NOT_STORED))
        words = _NO_BACKUPS if care is None else care.last_backup()
        if numbers := for_calls(self._works.clinic.settings.services):
            told.append(Beside("Local numbers", numbers))
        return [*told, Beside("Backup", words, leads_to_backups=care is not None)]
