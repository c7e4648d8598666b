"""Two registrations side by side, with what differs marked in words and weight."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from intake.patient import Patient
from intake.ports import Clock
from ui.identity_band import birth_of, sex_of
from ui.sizes import px

_WORDS = {
    "family_name": "Family name(s)",
    "given_name": "Given name(s)",
    "preferred_name": "Preferred name",
    "born": "Born",
    "sex": "Sex at birth",
    "chart_number": "Chart number",
    "phone": "Phone",
    "email": "E-mail",
    "address": "Address",
    "gender": "Gender",
    "language": "Language",
    "interpreter": "Interpreter",
    "emergency_contact": "Emergency contact",
    "primary_care_provider": "Primary care provider",
    "insurer": "Insurer",
    "member_id": "Member id",
    "occupation": "Occupation",
}
#: Told also where both are empty: by these people tell who somebody is.
_ALWAYS = ("family_name", "given_name", "born", "sex", "chart_number", "phone")
#: Where these differ, it is more likely two people.
_TELLING = ("born", "sex")
_ROW = 26
_NOTHING = "not recorded"


class TwoPatients(QTableWidget):
    """A row for each field that one of the two has."""

    def __init__(
        self, heads: tuple[str, str], clock: Clock, parent: QWidget | None = None
    ) -> None:
        """Show nobody yet; `heads` stand above the two."""
        super().__init__(0, 4, parent)
        self._clock = clock
        self._telling: list[str] = []
        self.setHorizontalHeaderLabels(["", heads[0], "", heads[1]])
        self.setAccessibleName("The two registrations side by side")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(px(_ROW))
        header = self.horizontalHeader()
        header.setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    @property
    def telling(self) -> Sequence[str]:
        """Return what differs and makes it likely that these are two people."""
        return self._telling

    def show_two(self, one: Patient | None, other: Patient | None) -> None:
        """Compare two patients; with one of them missing there is nothing to mark."""
        left, right = self._fields(one), self._fields(other)
        names = [
            name
            for name in _WORDS
            if left[name] or right[name] or (name in _ALWAYS and (one or other))
        ]
        are_two = one is not None and other is not None
        self._telling = []
        self.setRowCount(len(names))
        for row, name in enumerate(names):
            differs = are_two and left[name] != right[name]
            if differs and name in _TELLING and left[name] and right[name]:
                self._telling.append(_WORDS[name].lower())
            mark = "\u2260 differs" if differs else "same" if are_two else ""
            cells = [left[name], mark, right[name]]
            if are_two:
                cells = [text or _NOTHING for text in cells]
            for column, text in enumerate((_WORDS[name], *cells)):
                self.setItem(row, column, _cell(text, is_bold=differs and column > 0))

    def _fields(self, patient: Patient | None) -> dict[str, str]:
        if patient is None:
            return dict.fromkeys(_WORDS, "")
        made = {"born": birth_of(patient, self._clock), "sex": sex_of(patient)}
        return {
            name: made[name] if name in made else str(getattr(patient, name)).strip()
            for name in _WORDS
        }


def _cell(text: str, *, is_bold: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip("")
    if is_bold:
        font = QFont()
        font.setBold(True)
        item.setFont(font)
    return item
