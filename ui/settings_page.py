"""The clinic's settings: the sections at the left, the one that is chosen at the right.

The owner's page. What is typed and not saved stays in its section while other sections,
other pages or a lock come in between, for whoever typed it and for nobody else.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from intake.clinic_settings import SECTIONS, Section, Settled, in_force
from intake.errors import UserFacingError
from intake.house import House
from intake.ports import Clock, Stationery
from ui.errands import Errands, in_words
from ui.room import scrolling
from ui.settings_section import SettingsSection
from ui.sizes import px
from ui.words import PlainLabel

_LIST_WIDTH = 230
_TITLES: dict[Section, str] = {
    "letterhead": "Letterhead",
    "logo": "Logo",
    "paper": "Paper",
    "units": "Units",
    "lock": "Lock",
    "services": "Local numbers",
    "tell_now": "Tell the clinician now",
}
#: What each section is for.
_WORDS: dict[Section, str] = {
    "letterhead": "Stands at the head of the visit summary and the letter. A "
    "clinician's own license number stands with the person, among the people.",
    "logo": "Stands beside the letterhead. A PNG or JPEG; it is kept as a small "
    "picture, without anything else that is in the file.",
    "paper": "What the summary and the letter are made for.",
    "units": "A number typed without a unit is in the first one, and it stands first "
    "on paper. Both can always be typed. It counts from the next visit that is opened.",
    "lock": "After so many minutes without a key or the mouse the screen locks. It "
    "counts from the next time somebody signs in.",
    "services": "Stand beside the emergency checklist, and where patients have to be "
    "called. What has no number is not shown.",
    "tell_now": "What the front desk has to tell a clinician at once. A line that is "
    "switched off is shown to nobody at the desk; a clinician decides that. It counts "
    "from the next visit that is opened. Print it anew then.",
}


class SettingsPage(QWidget):
    """Shows the sections, and saves them one by one.

    Args:
        house: gives the house on behalf of whoever is signed in.
        myself: tells whose id that is.
        stationery: looks at what is printed.
        clock: tells in which zone times are said.
        write: writes a file whole.
    """

    #: A section was saved.
    changed = Signal()

    def __init__(
        self,
        house: Callable[[], House],
        myself: Callable[[], str],
        stationery: Stationery,
        clock: Clock,
        write: Callable[[Path, bytes], None],
    ) -> None:
        """Show nothing yet; see `start`."""
        super().__init__()
        self._house = house
        self._myself = myself
        self._clock = clock
        self._write = write
        self._typed_by = ""
        self._names: dict[str, str] = {}
        self.errands = Errands(self)
        self.said = PlainLabel(bold=True)
        self.said.setAccessibleName("Settings that cannot be read")
        self.list = QListWidget()
        self.list.setAccessibleName("Sections")
        self.list.setFixedWidth(px(_LIST_WIDTH))
        self.list.setSpacing(4)
        self.stack = QStackedWidget()
        self.sections: dict[Section, SettingsSection] = {}
        for section in SECTIONS:
            title, words = _TITLES[section], _WORDS[section]
            self._add(SettingsSection(section, title, words, stationery))
        self.post = QPushButton("Save the list to &print \u2026")
        self.post.clicked.connect(self._save_list)
        self.sections["tell_now"].add_button(self.post)
        self.list.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.list.itemActivated.connect(lambda _item: self.shown.begin())
        right = QVBoxLayout()
        right.addWidget(self.said)
        right.addWidget(self.stack, 1)
        left = QVBoxLayout()
        left.addWidget(PlainLabel("Clinic's settings", bold=True, points=4))
        left.addWidget(self.list, 1)
        left.addWidget(
            PlainLabel("Enter goes into a section, Esc comes back.", faint=True)
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(18)
        layout.addLayout(left)
        layout.addLayout(right, 1)

    def _add(self, one: SettingsSection) -> None:
        self.sections[one.section] = one
        self.list.addItem(one.title)
        area = scrolling(one)
        area.setAccessibleName(one.title)
        self.stack.addWidget(area)
        one.save_wanted.connect(lambda: self._save(one))
        one.before_wanted.connect(lambda: self._show_before(one))
        one.theirs_wanted.connect(lambda: self._reload(one))
        one.unsaved_changed.connect(lambda: self._mark(one))

    @property
    def shown(self) -> SettingsSection:
        """Return the section in view."""
        return list(self.sections.values())[max(0, self.list.currentRow())]

    def start(self) -> None:
        """Show what is settled now; what this person had not saved stays."""
        is_mine = self._typed_by == self._myself()
        self._typed_by = self._myself()
        self.said.clear()
        for settled in self._read():
            one = self.sections[settled.section]
            if not (is_mine and one.is_unsaved):
                self._show(one, settled)
        self.list.setCurrentRow(max(0, self.list.currentRow()))
        self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back from the fields to the list with Esc, then out of the page."""
        if event.key() == Qt.Key.Key_Escape and not self.list.hasFocus():
            self.list.setFocus()
            return
        super().keyPressEvent(event)

    def _read(self) -> Sequence[Settled]:
        try:
            house = self._house()
            self._names = {one.id: one.name for one in house.people()}
            return house.settings()
        except UserFacingError as error:
            self.said.setText(in_words(error))
            return ()

    def _show(self, one: SettingsSection, settled: Settled) -> None:
        one.show_settled(settled, self._name_of(settled), self._clock.now().tzinfo)

    def _name_of(self, settled: Settled) -> str:
        return self._names.get(settled.who, "somebody")

    def _save(self, one: SettingsSection) -> None:
        values, revision = one.values, one.settled.revision

        def then(settled: Settled) -> None:
            self._show(one, settled)
            one.say("Saved.")
            self.changed.emit()

        def refuse(error: UserFacingError) -> None:
            if error.code == "setting_changed":
                self._tell_conflict(one)
            else:
                one.refuse(error)

        self.errands.run(
            lambda: self._house().settle(one.section, revision, values), then, refuse
        )

    def _tell_conflict(self, one: SettingsSection) -> None:
        for settled in self._read():
            if settled.section == one.section:
                one.show_conflict(settled, self._name_of(settled))

    def _reload(self, one: SettingsSection) -> None:
        for settled in self._read():
            if settled.section == one.section:
                self._show(one, settled)
        one.begin()

    def _show_before(self, one: SettingsSection) -> None:
        try:
            before = self._house().settings_before(one.section, one.settled.revision)
        except UserFacingError as error:
            one.say(in_words(error))
            return
        one.show_before(before)

    def _save_list(self) -> None:
        """Write the desk's list as it is saved, to be posted."""
        one = self.sections["tell_now"]
        name, _ = QFileDialog.getSaveFileName(
            self, one.title, "tell-the-clinician-now.txt", "Text (*.txt)"
        )
        if not name:
            return
        words = in_force([one.settled]).tell_now.in_print
        try:
            self._write(Path(name), f"{words}\n".encode())
        except UserFacingError as error:
            one.say(in_words(error))
        else:
            one.say(f"The list as it is saved: {name}")

    def _mark(self, one: SettingsSection) -> None:
        """Say in the list what is not saved."""
        row = list(self.sections).index(one.section)
        mark = ", not saved" if one.is_unsaved else ""
        self.list.item(row).setText(f"{one.title}{mark}")
