"""The people who work here: who they are, their passphrases, their leaving.

The forms stand beside the list and not over it, so that a lock hides all of it.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from intake.errors import UserFacingError
from intake.house import House
from intake.people import PERSON_ROLES, Person
from ui.errands import Errands, in_words
from ui.people_forms import ROLE_WORDS, Form, LeavingForm, PersonForm, ResetForm
from ui.sizes import px
from ui.theme import roomy
from ui.visit.flow import FlowLayout
from ui.words import PlainLabel, isolated

#: What is done in the background, with what the form held when it was asked for.
Work = Callable[[], Person]
_COLUMNS = ("Name", "Roles", "Licence", "")
_FORM_WIDTH = 420
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PeoplePage(QWidget):
    """The list at the left; at the right, what is done with whoever is chosen.

    Args:
        house: gives the house on behalf of whoever is signed in.
        myself: tells whose id that is.
    """

    #: A recovery code was made (clinic's name, code), to be shown once.
    code_made = Signal(str, str)
    #: Whoever is signed in changed themselves.
    myself_changed = Signal()

    def __init__(
        self,
        house: Callable[[], House],
        myself: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        """Show nobody yet; see `start`."""
        super().__init__(parent)
        self._house = house
        self._myself = myself
        self._people: Sequence[Person] = ()
        self.form: Form | None = None
        self.said = PlainLabel()
        self.errands = Errands(self)
        self.errands.begun.connect(lambda: self.said.setText("One moment \u2026"))
        self.errands.over.connect(self.said.clear)
        self.table = _table()
        self.table.itemSelectionChanged.connect(self._chosen_changed)
        self.table.cellActivated.connect(lambda _row, _column: self._change())
        self.add = QPushButton("Take somebody &in \u2026")
        self.change = QPushButton("C&hange \u2026")
        self.reset = QPushButton("New pa&ssphrase \u2026")
        self.remove = QPushButton("Lea&ving \u2026")
        self.code = QPushButton("New recovery c&ode \u2026")
        self.said.setAccessibleName("What happened")
        for button, act in (
            (self.add, self._add),
            (self.change, self._change),
            (self.reset, self._reset),
            (self.remove, self._remove),
            (self.code, self._make_code),
        ):
            button.clicked.connect(act)
        self._lay_out()

    def _lay_out(self) -> None:
        # With large letters they take two lines.
        row = QWidget()
        buttons = FlowLayout(row, spacing=6)
        for button in (self.add, self.change, self.reset, self.remove):
            buttons.addWidget(button)
        buttons.addWidget(self.code)
        left = QVBoxLayout()
        left.addWidget(PlainLabel("People", bold=True, points=4))
        left.addWidget(row)
        left.addWidget(self.said)
        left.addWidget(self.table, 1)
        self._beside = QWidget()
        self._beside.setFixedWidth(px(_FORM_WIDTH))
        self._room = QVBoxLayout(self._beside)
        self._room.setContentsMargins(16, 0, 0, 0)
        self._beside.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.addLayout(left, 1)
        layout.addWidget(self._beside)
        roomy(self)

    def start(self) -> None:
        """Show who works here now, and nothing of what was begun before."""
        self._close_form()
        self.said.clear()
        self._read()
        self.table.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was typed when another page comes, or a lock."""
        super().hideEvent(event)
        # The system hides a window that is made small; that is no other page.
        if not event.spontaneous():
            self._close_form()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the form first with Esc, then the page."""
        if event.key() == Qt.Key.Key_Escape and self.form is not None:
            self._leave()
            return
        super().keyPressEvent(event)

    def _read(self) -> None:
        chosen = self._chosen()
        try:
            people = self._house().people()
        except UserFacingError as error:
            self.said.setText(in_words(error))
            people = ()
        self._people = sorted(people, key=lambda one: not one.is_active)
        self.table.setRowCount(len(self._people))
        for row, one in enumerate(self._people):
            roles = (ROLE_WORDS[role] for role in PERSON_ROLES if role in one.roles)
            state = "" if one.is_active else "left"
            cells = (one.name, ", ".join(roles), one.licence, state)
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))
        ids = [one.id for one in self._people]
        if ids:
            self.table.selectRow(
                ids.index(chosen.id) if chosen and chosen.id in ids else 0
            )
        self._chosen_changed()

    def _chosen(self) -> Person | None:
        row = self.table.currentRow()
        return self._people[row] if 0 <= row < len(self._people) else None

    def _chosen_changed(self) -> None:
        one = self._chosen()
        is_here = one is not None and one.is_active
        is_me = one is not None and one.id == self._myself()
        for button in (self.change, self.remove):
            button.setEnabled(is_here)
        # One's own takes the old one: see `PassphrasePage`.
        self.reset.setEnabled(is_here and not is_me)

    # what can be done

    def _add(self) -> None:
        form = PersonForm(None)
        passphrase = form.passphrase
        if passphrase is None:
            raise RuntimeError("a newcomer has a passphrase")

        def know_name(name: str) -> None:
            passphrase.name = name

        form.name.textChanged.connect(know_name)

        def asked() -> Work:
            name, licence = form.name.text(), form.licence.text()
            roles, typed = form.chosen_roles, passphrase.typed.text()
            return lambda: self._house().take_in(name, roles, licence, typed)

        self._open(form, asked, "{} can sign in now.")

    def _change(self) -> None:
        one = self._chosen()
        if one is None or not one.is_active:
            return
        form = PersonForm(one)

        def asked() -> Work:
            name, licence, roles = (
                form.name.text(),
                form.licence.text(),
                form.chosen_roles,
            )
            return lambda: self._house().change(one.id, name, roles, licence)

        self._open(form, asked, "{} is changed; it counts from their next action.")

    def _reset(self) -> None:
        one = self._chosen()
        if one is None or not self.reset.isEnabled():
            return
        form = ResetForm(one)

        def asked() -> Work:
            typed = form.passphrase.typed.text()

            def work() -> Person:
                self._house().reset_passphrase(one.id, typed)
                return one

            return work

        self._open(form, asked, "{} has a new passphrase.")

    def _remove(self) -> None:
        one = self._chosen()
        if one is None or not one.is_active:
            return
        try:
            waiting = self._house().open_visits_of(one.id)
        except UserFacingError as error:
            self.said.setText(in_words(error))
            return
        others = [p for p in self._people if p.may("sign") and p.id != one.id]
        form = LeavingForm(one, waiting, others)

        def asked() -> Work:
            successor = form.successor.currentData() or ""

            def work() -> Person:
                self._house().remove(one.id, successor)
                return one

            return work

        self._open(form, asked, "{} has left.")

    def _make_code(self) -> None:
        """Ask first: the older sheet opens nothing afterwards."""
        form = Form("New recovery code", "Make it &now")
        form.fields.addRow(
            PlainLabel(
                "The sheet that lies with the clinic's deeds opens nothing any more as "
                "soon as there is a new code. Print the new sheet at once."
            )
        )
        form.settle()

        def work() -> tuple[str, str]:
            house = self._house()
            return house.clinic_name(), house.new_recovery_code()

        def then(made: tuple[str, str]) -> None:
            self._close_form()
            self.code_made.emit(*made)

        self._show_form(form)
        form.wanted.connect(lambda: self.errands.run(work, then, self._refuse))

    # how

    def _open(self, form: Form, asked: Callable[[], Work], said: str) -> None:
        """Show a form. `asked` reads its fields before the work begins elsewhere."""

        def then(person: Person) -> None:
            self._close_form()
            self.said.setText(said.format(isolated(person.name)))
            self._read()
            self.table.setFocus()
            if person.id == self._myself():
                self.myself_changed.emit()

        self._show_form(form)
        form.wanted.connect(lambda: self.errands.run(asked(), then, self._refuse))

    def _show_form(self, form: Form) -> None:
        self._close_form()
        self.said.clear()
        self.form = form
        form.left.connect(self._leave)
        self._room.addWidget(form)
        self._beside.show()
        form.begin()

    def _leave(self) -> None:
        self._close_form()
        self.table.setFocus()

    def _close_form(self) -> None:
        if self.form is not None:
            self._room.removeWidget(self.form)
            self.form.hide()
            # With it goes what was typed, a passphrase too.
            self.form.deleteLater()
            self.form = None
        self._beside.hide()

    def _refuse(self, error: UserFacingError) -> None:
        if error.code == "key_not_renewed":
            # It was done, but for the rest that comes later.
            self._close_form()
            self._read()
            self.said.setText(in_words(error))
        elif self.form is not None:
            self.form.said.setText(in_words(error))


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setAccessibleName("People")
    table.setHorizontalHeaderLabels(list(_COLUMNS))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(px(28))
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(_LEFT)
    header.setHighlightSections(False)
    return table
