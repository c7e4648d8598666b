"""Choosing one patient beside something else: a search field, and who fits below it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from intake.patient import Patient
from intake.ports import Clock
from ui.identity_band import facts_of
from ui.sizes import px
from ui.theme import roomy
from ui.words import PlainLabel, isolated

Find = Callable[[str], Sequence[Patient]]
#: Gives what else is to be said of patients who were found, in words, by their ids.
Also = Callable[[Sequence[Patient]], Mapping[str, str]]
_MOST = 20
_LIST_HEIGHT = 84
_NO_NAME = "Name not recorded"


def name_of(patient: Patient) -> str:
    """Return a patient's name inside a sentence, or that there is none."""
    return isolated(patient.name) if patient.name else _NO_NAME


class _Search(QLineEdit):
    """Where a name is typed; Down and Enter go to the list."""

    #: Somebody goes on to who fits.
    left_down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the list with Down or Enter."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left_down.emit()
        else:
            super().keyPressEvent(event)


class _Found(QListWidget):
    """Who fits; it leaves the room to what they are compared in."""

    def sizeHint(self) -> QSize:
        """Return the room for a few people."""
        return QSize(super().sizeHint().width(), px(_LIST_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return the same height: fewer cannot be compared."""
        return QSize(super().minimumSizeHint().width(), px(_LIST_HEIGHT))


class PatientFinder(QWidget):
    """Whoever is selected in the list is chosen; nobody is to begin with.

    Args:
        title: what the patient is chosen for; Alt and its letter go to the field.
        find: returns who fits.
        clock: tells ages.
        also: tells under which names they stood before a merge.
    """

    #: Another one is chosen, or nobody.
    changed = Signal()
    #: Enter on who is chosen: on to what comes next.
    entered = Signal()

    def __init__(
        self,
        title: str,
        find: Find,
        clock: Clock,
        also: Also = lambda _found: {},
        parent: QWidget | None = None,
    ) -> None:
        """Show nobody yet."""
        super().__init__(parent)
        self._find = find
        self._clock = clock
        self._also = also
        self._found: list[Patient] = []
        self.search = _Search()
        self.search.setPlaceholderText("Name, birth date, phone or chart number")
        self.search.setClearButtonEnabled(True)
        self.list = _Found()
        self.list.setAlternatingRowColors(True)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        plain = title.replace("&", "")
        self.search.setAccessibleName(plain)
        self.list.setAccessibleName(f"{plain}: who fits")
        label = PlainLabel(title, bold=True)
        label.setBuddy(self.search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        self.search.textChanged.connect(self._look)
        self.search.left_down.connect(self._go_down)
        self.list.itemSelectionChanged.connect(self.changed)
        self.list.itemActivated.connect(lambda _item: self.entered.emit())
        roomy(self)

    @property
    def patient(self) -> Patient | None:
        """Return who is chosen."""
        rows = [index.row() for index in self.list.selectedIndexes()]
        return self._found[rows[0]] if rows else None

    def choose(self, patient: Patient | None) -> None:
        """Begin with somebody chosen, or with nobody."""
        self.search.blockSignals(True)
        # Unlike clear(), this cannot be undone.
        self.search.setText("")
        self.search.blockSignals(False)
        self._show([patient] if patient is not None else [])
        if patient is not None:
            self.list.setCurrentRow(0)

    def take_keys(self) -> None:
        """Put the keys where one types."""
        self.search.setFocus()

    def _look(self, text: str) -> None:
        self._show(list(self._find(text))[:_MOST] if text.strip() else [])

    def _show(self, found: list[Patient]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self._found = found
        also = self._also(found)
        for one in found:
            more = (facts_of(one, self._clock), one.phone, also.get(one.id, ""))
            known = "   ".join(filter(None, more))
            self.list.addItem(f"{one.name or _NO_NAME}\n{known}")
        self.list.blockSignals(False)
        self.changed.emit()

    def _go_down(self) -> None:
        if self.list.count():
            self.list.setFocus()
            self.list.setCurrentRow(max(0, self.list.currentRow()))
