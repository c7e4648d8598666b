"""One section of the clinic's settings: its fields, who changed it last, saving it.

A section is saved whole, at the revision it was read at. When somebody else was quicker
nothing typed is lost: it is asked whose settings are to hold.
"""

from dataclasses import replace
from datetime import tzinfo
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from intake.clinic_settings import Section, Settled, values_of
from intake.errors import InputRefusedError, UserFacingError
from intake.ports import Stationery
from ui.errands import in_words
from ui.setting_grid import SettingGrid
from ui.theme import roomy
from ui.words import PlainLabel, isolated

#: Sections whose fields stand on paper.
_PRINTED: tuple[Section, ...] = ("letterhead",)
_NOTHING_SAVED = "Nothing was saved."
_SAME_BEFORE = "Before the last change it was the same."
_BEFORE = (
    "This is how it was before the last change. Save it to take that change back, or "
    "drop it."
)


class SettingsSection(QWidget):
    """The fields of a section, as somebody changes them.

    Args:
        section: which.
        title: as it is called on the screen.
        words: what it is for.
        stationery: looks at what is printed.
    """

    #: It is to be saved as it stands.
    save_wanted = Signal()
    #: How it was before the last change is wanted.
    before_wanted = Signal()
    #: What somebody else saved is wanted.
    theirs_wanted = Signal()
    #: There is something that is not saved, or no more.
    unsaved_changed = Signal()

    def __init__(
        self, section: Section, title: str, words: str, stationery: Stationery
    ) -> None:
        """Show what is usual; see `show_settled`."""
        super().__init__()
        self.section: Section = section
        self.title = title
        self.settled = Settled(section)
        self._shown: dict[str, Any] = {}
        self._theirs: Settled | None = None
        self.fields = SettingGrid(section, stationery)
        self.said = PlainLabel(bold=True)
        self.said.setAccessibleName("What happened")
        self.who = PlainLabel(faint=True)
        self.who.setAccessibleName("Who changed it last")
        self.mine = QPushButton("Save &mine over it")
        self.theirs = QPushButton("Take &theirs")
        self.save = QPushButton("&Save")
        self.drop = QPushButton("&Drop what is not saved")
        self.before = QPushButton("As it was &before the last change")
        self._lay_out(words)
        self.fields.edited.connect(self._edited)
        self.fields.entered.connect(self.try_to_save)
        self.save.clicked.connect(self.try_to_save)
        self.drop.clicked.connect(self._drop)
        self.before.clicked.connect(self.before_wanted)
        self.theirs.clicked.connect(self.theirs_wanted)
        self.mine.clicked.connect(self._keep_mine)
        self.show_settled(self.settled, "")

    def _lay_out(self, words: str) -> None:
        buttons = (self.mine, self.theirs, self.save, self.drop, self.before)
        row = self._row = QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.addWidget(PlainLabel(self.title, bold=True, points=2))
        layout.addWidget(PlainLabel(words))
        layout.addSpacing(8)
        layout.addWidget(self.fields)
        layout.addSpacing(8)
        layout.addWidget(self.said)
        layout.addLayout(row)
        layout.addWidget(self.who)
        layout.addStretch(1)
        roomy(self)
        last = list(self.fields.editors.values())[-1]
        for one, following in pairwise((last, *buttons)):
            QWidget.setTabOrder(one, following)

    def add_button(self, button: QPushButton) -> None:
        """Add what can be done with this section alone, as the last."""
        self._row.insertWidget(self._row.count() - 1, button)
        roomy(self)
        QWidget.setTabOrder(self.before, button)

    # what stands there

    @property
    def values(self) -> dict[str, Any]:
        """Return what stands in the fields."""
        return self.fields.values

    @property
    def is_unsaved(self) -> bool:
        """Return whether something stands there that is not saved."""
        return self.values != self._shown

    def show_settled(
        self, settled: Settled, who: str, zone: tzinfo | None = None
    ) -> None:
        """Show a section as it is stored, and who changed it last (a name)."""
        self.settled, self._theirs = settled, None
        self.fields.fill(values_of(settled))
        # As it stands there: an empty list of lines is one empty line.
        self._shown = self.values
        self.said.clear()
        words = "Never changed."
        if settled.at is not None:
            at = settled.at.astimezone(zone)
            words = f"Changed last by {isolated(who)}, {at:%Y-%m-%d %H:%M}."
        self.who.setText(words)
        self._edited()

    def show_before(self, before: Settled) -> None:
        """Show how it was before the last change, to be saved or dropped."""
        self.fields.fill(values_of(before))
        self._edited()
        self.said.setText(_BEFORE if self.is_unsaved else _SAME_BEFORE)

    def show_conflict(self, theirs: Settled, who: str) -> None:
        """Say that somebody else was quicker; what is typed stays."""
        self._theirs = theirs
        self.said.setText(
            f"{isolated(who)} changed this meanwhile. Yours is not stored yet, and "
            "still stands here: save it over theirs, or take theirs."
        )
        self._edited()
        self.theirs.setFocus()

    def say(self, words: str) -> None:
        """Show what happened."""
        self.said.setText(words)

    def refuse(self, error: UserFacingError) -> None:
        """Show an error: at the fields that it names, else below."""
        if isinstance(error, InputRefusedError):
            self.fields.refuse(error)
            self.said.setText(_NOTHING_SAVED)
        else:
            self.said.setText(in_words(error))

    def try_to_save(self) -> None:
        """Ask to be saved, where paper can show what is typed."""
        self.said.clear()
        if self._theirs is not None:
            # Whose settings are to hold is asked, and Enter is no answer.
            self.show_conflict(self._theirs, "Somebody else")
        elif self.section in _PRINTED and not self.fields.can_be_printed():
            self.said.setText(_NOTHING_SAVED)
        else:
            self.save_wanted.emit()

    def begin(self) -> None:
        """Give the keys to the first field."""
        self.fields.begin()

    def _drop(self) -> None:
        self.fields.fill(values_of(self.settled))
        self.said.clear()
        self._edited()
        self.begin()

    def _keep_mine(self) -> None:
        """Save what stands here over what somebody else saved."""
        if self._theirs is not None:
            self.settled = replace(self.settled, revision=self._theirs.revision)
            self._theirs = None
            self._edited()
            self.try_to_save()

    def _edited(self) -> None:
        is_disputed = self._theirs is not None
        self.mine.setVisible(is_disputed)
        self.theirs.setVisible(is_disputed)
        self.save.setVisible(not is_disputed)
        self.drop.setVisible(not is_disputed)
        self.before.setVisible(not is_disputed)
        self.drop.setEnabled(self.is_unsaved)
        self.before.setEnabled(self.settled.revision > 0)
        self.unsaved_changed.emit()
