"""One person who was registered twice: both side by side, merged, and taken back."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from intake.errors import UserFacingError
from intake.patient import Patient
from intake.ports import Clock, VisitRecords
from intake.whose import MergedPatient, MergePreview
from ui.earlier_merges import EarlierMerges
from ui.errands import Errands, in_words
from ui.patient_finder import Also, Find, PatientFinder, name_of
from ui.theme import roomy
from ui.two_patients import TwoPatients
from ui.words import PlainLabel

_CHOOSE = (
    "Choose both registrations. A merge changes neither of them, and can be undone at "
    "any time: whoever stays has a list of their merges here."
)
_ONE_PERSON = "It is &one person all the same: I made sure"


class MergePage(QWidget):
    """The registration that goes at the left, the one that stays at the right.

    Args:
        store: gives the records on behalf of whoever works now; None while they are
            not open, or nobody works.
        find: returns the patients that a text fits.
        also: tells under which names they stood before a merge.
        clock: tells ages.
    """

    #: Patients were merged, or a merge was undone; the ids (a frozenset) of both. What
    #: is shown of them elsewhere is old.
    merged = Signal(object)

    def __init__(
        self,
        store: Callable[[], VisitRecords | None],
        find: Find,
        also: Also,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        """Show nobody yet; see `start`."""
        super().__init__(parent)
        self._store = store
        self._preview: MergePreview | None = None
        #: Whose merges are listed: each reading of them is written down.
        self._listed = ""
        #: Who is chosen to stay when the page is next shown.
        self.begin_with: Patient | None = None
        self.goes = PatientFinder("Registration that &goes", find, clock, also)
        self.stays = PatientFinder("Registration that s&tays", find, clock, also)
        self.swap = QPushButton("S&wap the two")
        self.both = TwoPatients(("Goes", "Stays"), clock)
        self.says = PlainLabel()
        self.says.setAccessibleName("What a merge does")
        self.warning = PlainLabel(bold=True)
        self.warning.setAccessibleName("Warning")
        self.sure = QCheckBox(_ONE_PERSON)
        self.merge = QPushButton("&Merge them")
        self.said = PlainLabel(bold=True)
        self.said.setAccessibleName("What happened")
        self.earlier = EarlierMerges(clock)
        self.errands = Errands(self)
        self._lay_out()
        self.goes.changed.connect(self._compare)
        self.stays.changed.connect(self._compare)
        self.goes.entered.connect(self.stays.take_keys)
        self.stays.entered.connect(self.both.setFocus)
        self.swap.clicked.connect(self._swap)
        self.sure.toggled.connect(lambda _on: self._offer())
        self.merge.clicked.connect(self._merge)
        self.earlier.undo_wanted.connect(self._undo)

    def _lay_out(self) -> None:
        two = QHBoxLayout()
        two.setSpacing(20)
        two.addWidget(self.goes)
        two.addWidget(self.stays)
        keys = QHBoxLayout()
        keys.addWidget(self.sure)
        keys.addWidget(self.merge)
        keys.addWidget(self.swap)
        keys.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 12)
        layout.addWidget(
            PlainLabel("Merge a patient who was registered twice", bold=True, points=4)
        )
        layout.addLayout(two, 2)
        layout.addWidget(self.both, 5)
        layout.addWidget(self.warning)
        layout.addWidget(self.says)
        layout.addLayout(keys)
        layout.addWidget(self.said)
        layout.addWidget(self.earlier)
        roomy(self)

    def start(self) -> None:
        """Begin with whoever was in view as the one who stays."""
        self.forget()
        self.stays.choose(self.begin_with)
        self.begin_with = None
        (self.goes if self.stays.patient is not None else self.stays).take_keys()

    def forget(self) -> None:
        """Hold nobody who was looked for."""
        self.goes.choose(None)
        self.stays.choose(None)
        self._say("")

    # what a merge would do

    def _compare(self) -> None:
        goes, stays = self.goes.patient, self.stays.patient
        self._preview = None
        if goes is not None and stays is not None and goes.id != stays.id:
            self._preview = self._read_preview(goes, stays)
        if self._preview is not None:
            goes, stays = self._preview.goes, self._preview.stays
        self.both.show_two(goes, stays)
        self._list_earlier(stays)
        self.says.setText(self._words(goes, stays))
        telling = " and ".join(self.both.telling) if self._preview is not None else ""
        self.warning.setText(
            f"\u26a0 \u2260 {telling.capitalize()}: not the same. These may well be "
            "two people."
        )
        self.sure.setChecked(False)
        for part in (self.warning, self.sure):
            part.setVisible(bool(telling))
        self._offer()

    def _words(self, goes: Patient | None, stays: Patient | None) -> str:
        seen = self._preview
        if seen is None:
            is_same = goes is not None and stays is not None and goes.id == stays.id
            return "This is one and the same registration." if is_same else _CHOOSE
        return (
            f"{name_of(seen.goes)} goes with {_visits(seen.visits_of_goes)}; "
            f"{name_of(seen.stays)} stays with {_visits(seen.visits_of_stays)} of "
            "their own, keeps this registration, and is found by both names. It can be "
            "undone at any time."
        )

    def _read_preview(self, goes: Patient, stays: Patient) -> MergePreview | None:
        store = self._store()
        if store is None:
            return None
        try:
            return store.preview_merge(goes.id, stays.id)
        except UserFacingError as error:
            self._say(in_words(error))
        except KeyError:
            self._say("One of them is not stored yet. Wait until \u201cSaved\u201d.")
        return None

    def _offer(self) -> None:
        is_sure = self.sure.isChecked() or not self.both.telling
        self.merge.setEnabled(self._preview is not None and is_sure)
        self.swap.setEnabled(bool(self.goes.patient or self.stays.patient))

    def _swap(self) -> None:
        goes, stays = self.goes.patient, self.stays.patient
        self.goes.choose(stays)
        self.stays.choose(goes)

    # doing it

    def _merge(self) -> None:
        seen, store = self._preview, self._store()
        if seen is None or store is None:
            return
        goes, stays = name_of(seen.goes), name_of(seen.stays)
        self.errands.run(
            lambda: store.merge_patients(seen.goes, seen.stays),
            lambda _none: self._done(
                seen.goes,
                seen.stays,
                f"Merged: {goes} is {stays} now, and is found by both names.",
            ),
            self._refuse,
        )

    def _undo(self, one: MergedPatient) -> None:
        store, stays = self._store(), self.stays.patient
        if store is None:
            return
        name = name_of(one.patient)
        self.errands.run(
            lambda: store.undo_merge(one.merge),
            lambda _none: self._done(
                one.patient, stays, f"Undone: {name} is a patient of their own again."
            ),
            self._refuse,
        )

    def _done(self, goes: Patient, stays: Patient | None, words: str) -> None:
        self.merged.emit(frozenset({goes.id, stays.id if stays is not None else ""}))
        if not self.isVisible():
            # Locked meanwhile; it is listed at the patient.
            return
        self._listed = ""
        self.goes.choose(None)
        self.stays.choose(stays)
        self._say(words)
        self.goes.take_keys()

    def _refuse(self, error: UserFacingError) -> None:
        """Say why nothing was done, and show both as they are now."""
        if self.isVisible():
            self._listed = ""
            self._compare()
            self._say(in_words(error))

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _list_earlier(self, stays: Patient | None) -> None:
        """List what was merged into who stays, to be undone."""
        store, who = self._store(), stays.id if stays is not None else ""
        if who and who == self._listed:
            return
        self._listed = who
        if stays is None or store is None:
            self.earlier.show_merges("", ())
            return
        try:
            self.earlier.show_merges(name_of(stays), store.merged_patients(stays.id))
        except UserFacingError as error:
            self.earlier.show_merges("", ())
            self._say(in_words(error))


def _visits(count: int) -> str:
    if count == 0:
        return "no visit"
    return "1 visit" if count == 1 else f"{count} visits"
