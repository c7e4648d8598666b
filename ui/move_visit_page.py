"""A visit on the wrong patient: moved; or once it is signed, marked and entered again.

The page asks for the next step only, and lists the documents that left under the wrong
name, to be called back.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.ports import Clock, VisitRecords
from intake.visit import Visit
from intake.whose import LONGEST_REASON, ReEntered
from ui.errands import Errands, in_words
from ui.identity_band import facts_of
from ui.move_steps import ASKS_REASON, CHOOSES, STEPS, Step, first_step
from ui.patient_finder import Also, Find, PatientFinder, name_of
from ui.recall_list import RecallList
from ui.sizes import px
from ui.theme import roomy
from ui.two_patients import TwoPatients
from ui.unfinished import Jottings
from ui.words import PlainLabel

if TYPE_CHECKING:
    from intake.recall import Issued

#: Under which name half a reason is kept.
_KEPT = "reason"
_PASSPHRASE_WIDTH = 260


class MoveVisitPage(QWidget):
    """The visit of one patient, and whose it really is.

    Args:
        store: gives the records on behalf of whoever works now; None while they are
            not open, or nobody works.
        find: returns the patients that a text fits.
        also: tells under which names they stood before a merge.
        clock: tells ages.
        confirm: asks for the passphrase of whoever is signed in; None where there are
            none.
    """

    #: The visit (Visit) was moved to its right patient (Patient).
    moved = Signal(object, object)
    #: The visit (Visit) that took the place of a marked one, and its patient (Patient).
    entered_again = Signal(object, object)

    def __init__(
        self,
        store: Callable[[], VisitRecords | None],
        find: Find,
        also: Also,
        clock: Clock,
        confirm: Callable[[str], None] | None,
        parent: QWidget | None = None,
    ) -> None:
        """Show nobody yet; see `take`."""
        super().__init__(parent)
        self._store = store
        self._clock = clock
        self._confirm = confirm
        #: Returns a question in words, by its id.
        self.words_of: Callable[[str], str] = str
        #: Returns where half a reason is kept, by the visit's id.
        self.jottings_of: Callable[[str], Jottings] = lambda _visit_id: Jottings()
        self._jottings = Jottings()
        self._visit: Visit | None = None
        self._patient: Patient | None = None
        #: The visit that takes the place of a marked one, and its patient.
        self._again: tuple[Visit, Patient] | None = None
        self._issued: Sequence[Issued] = ()
        self._step: Step = "closed"
        self.title = PlainLabel(bold=True, points=4)
        self.told = PlainLabel(bold=True)
        self.told.setAccessibleName("The visit")
        self.words = PlainLabel()
        self.words.setAccessibleName("What happens")
        self.finder = PatientFinder("Whose visit is it &really?", find, clock, also)
        self.both = TwoPatients(("Listed for", "Really of"), clock)
        self.reason = QLineEdit()
        self.reason.setMaxLength(LONGEST_REASON)
        self.reason.setAccessibleName("Why, in a few words")
        self.reason_label = _label("Wh&y, in a few words", self.reason)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName("Your passphrase, again")
        self.passphrase.setMaxLength(200)
        self.passphrase.setFixedWidth(px(_PASSPHRASE_WIDTH))
        self.passphrase_label = _label("Your &passphrase, again", self.passphrase)
        self.go_on = QPushButton()
        self.said = PlainLabel(bold=True)
        self.said.setAccessibleName("What happened")
        self.recall = RecallList()
        self.errands = Errands(self)
        self._lay_out()
        self.finder.changed.connect(self._compare)
        self.finder.entered.connect(self.reason.setFocus)
        self.reason.textChanged.connect(lambda _text: self._offer())
        self.reason.textEdited.connect(lambda text: self._jottings.keep({_KEPT: text}))
        self.reason.returnPressed.connect(self.go_on.click)
        self.passphrase.returnPressed.connect(self.go_on.click)
        self.go_on.clicked.connect(self._go_on)
        self.recall.copied.connect(self._say_copied)

    def _lay_out(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(20)
        both.addWidget(self.finder, 2)
        both.addWidget(self.both, 3)
        keys = QGridLayout()
        keys.addWidget(self.reason_label, 0, 0)
        keys.addWidget(self.passphrase_label, 0, 1)
        keys.addWidget(self.reason, 1, 0)
        keys.addWidget(self.passphrase, 1, 1)
        keys.addWidget(self.go_on, 1, 2, Qt.AlignmentFlag.AlignLeft)
        keys.setColumnStretch(0, 1)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 12)
        for part in (self.title, self.told, self.words):
            layout.addWidget(part)
        layout.addSpacing(6)
        layout.addLayout(both, 1)
        self._both_at = layout.count() - 1
        layout.addLayout(keys)
        layout.addWidget(self.said)
        layout.addWidget(self.recall)
        # Keeps the rest at the top where there is nobody to choose.
        self._blank = QWidget()
        layout.addWidget(self._blank, 1)
        roomy(self)

    def take(
        self,
        visit: Visit,
        patient: Patient,
        again: tuple[Visit, Patient] | None,
        *,
        is_clinician: bool,
    ) -> None:
        """Take the visit that this is about; see `start`.

        Args:
            visit: as it is stored now.
            patient: whose it is now.
            again: the visit that took its place when it was marked, if there is one.
            is_clinician: it is a clinician who wants it.
        """
        self._visit, self._patient, self._again = visit, patient, again
        self._jottings = self.jottings_of(visit.id)
        self._step = first_step(
            visit, is_clinician=is_clinician, is_entered_again=again is not None
        )

    def start(self) -> None:
        """Ask for the next step, with nobody chosen and no more than half a reason."""
        self.finder.choose(None)
        # Unlike clear(), this cannot be undone.
        self.reason.setText(str(self._jottings[_KEPT]))
        self.passphrase.setText("")
        self._say("")
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hold no passphrase while another page is in front."""
        super().hideEvent(event)
        self.passphrase.setText("")

    def forget(self) -> None:
        """Hold nothing of a visit any more."""
        self._visit = self._patient = self._again = None
        self._jottings = Jottings()
        self._issued = ()
        self.finder.choose(None)
        self.both.show_two(None, None)
        self.reason.setText("")
        self.recall.forget()
        self.told.clear()
        self._say("")
        self._offer()

    def _show(self) -> None:
        visit, patient = self._visit, self._patient
        if visit is None or patient is None:
            return
        step = STEPS[self._step]
        self.title.setText(step.title)
        self.words.setText(step.words)
        count = len(visit.answers)
        answers = "1 answer" if count == 1 else f"{count} answers"
        facts = facts_of(patient, self._clock)
        self.told.setText(
            f"Visit of {visit.on:%Y-%m-%d} with {answers}, listed for "
            f"{name_of(patient)}   {facts}"
        )
        chooses = self._step in CHOOSES
        self.finder.setVisible(chooses)
        self.both.setVisible(chooses)
        self._blank.setVisible(not chooses)
        self._column.setStretch(self._both_at, int(chooses))
        asks = self._step in ASKS_REASON
        asks_passphrase = self._step == "mark" and self._confirm is not None
        for part in (self.reason, self.reason_label):
            part.setVisible(asks)
        for part in (self.passphrase, self.passphrase_label):
            part.setVisible(asks_passphrase)
        self.go_on.setVisible(bool(step.key))
        self.go_on.setText(step.key)
        self._list_documents(visit)
        self._compare()
        self._take_keys()

    def _take_keys(self) -> None:
        if self._step in CHOOSES:
            self.finder.take_keys()
        elif self._step in ASKS_REASON:
            self.reason.setFocus()
        elif self.go_on.isVisibleTo(self):
            self.go_on.setFocus()
        else:
            self.recall.documents.setFocus()

    def _list_documents(self, visit: Visit) -> None:
        store = self._store()
        # Before a visit is moved or marked, none of them looks wrong yet.
        is_done = self._step not in ("move", "mark")
        self._issued = ()
        try:
            issued = store.documents_of(visit.id) if store is not None else ()
        except UserFacingError as error:
            self._say(in_words(error))
        else:
            self._issued = [one for one in issued if one.is_wrong or not is_done]
        self.recall.show_issued(
            self._issued,
            visit.on,
            is_done=is_done,
            says_none=self._step == "closed",
        )

    def _compare(self) -> None:
        self.both.show_two(self._patient, self.finder.patient)
        self._offer()

    def _offer(self) -> None:
        other, patient = self.finder.patient, self._patient
        is_other = other is not None and patient is not None and other.id != patient.id
        has_reason = bool(self.reason.text().strip())
        self.go_on.setEnabled(
            patient is not None
            and (is_other or self._step not in CHOOSES)
            and (has_reason or self._step not in ASKS_REASON)
        )

    # doing it

    def _go_on(self) -> None:
        visit, patient, store = self._visit, self._patient, self._store()
        other, reason = self.finder.patient, self.reason.text()
        if visit is None or patient is None or store is None:
            return
        if self._step == "call_back":
            self.moved.emit(visit, patient)
        elif self._step in ("again", "left_out") and self._again is not None:
            self.entered_again.emit(*self._again)
        elif self._step == "move" and other is not None:
            self.errands.run(
                lambda: store.move_visit(
                    visit.id, visit.revision, patient.id, other.id, reason
                ),
                lambda moved: self._moved(moved, other),
                self._refuse,
            )
        elif self._step == "re_enter" and other is not None:
            self.errands.run(
                lambda: store.re_enter_visit(visit.id, other.id),
                lambda again: self._re_entered(visit, again, other),
                self._refuse,
            )
        elif self._step == "mark":
            passphrase = self.passphrase.text()
            self.errands.run(
                lambda: self._mark(store, visit, reason, passphrase),
                self._marked,
                self._refuse,
            )

    def _mark(
        self, store: VisitRecords, visit: Visit, reason: str, passphrase: str
    ) -> Visit:
        if self._confirm is not None:
            self._confirm(passphrase)
        store.mark_entered_in_error(visit.id, reason)
        return store.visit(visit.id)

    def _moved(self, visit: Visit, patient: Patient) -> None:
        if self._is_gone(visit):
            return
        self._jottings.forget()
        self._visit, self._patient, self._step = visit, patient, "call_back"
        self._list_documents(visit)
        if self.isVisible() and not self._issued:
            self.moved.emit(visit, patient)
        else:
            self.start()

    def _re_entered(self, wrong: Visit, again: ReEntered, patient: Patient) -> None:
        if self._is_gone(wrong):
            return
        self._again, self._step = (again.visit, patient), "left_out"
        if self.isVisible() and not again.left_out:
            self.entered_again.emit(again.visit, patient)
            return
        self.start()
        asked = "; ".join(self.words_of(one) for one in again.left_out)
        self._say(f"To be asked anew: {asked}." if asked else "")

    def _marked(self, visit: Visit) -> None:
        if self._is_gone(visit):
            return
        self._jottings.forget()
        self._visit, self._step = visit, "re_enter"
        self.start()
        self._say("Marked as entered in error. Now enter it for the right patient.")

    def _is_gone(self, visit: Visit) -> bool:
        """Return whether somebody else is here by now, or another visit."""
        return self._visit is None or self._visit.id != visit.id

    def _refuse(self, error: UserFacingError) -> None:
        self.passphrase.setText("")
        self._say(in_words(error))

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _say_copied(self) -> None:
        self._say("Copied. It names patients: paste it only where that may be read.")


def _label(words: str, field: QWidget) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setBuddy(field)
    return label
