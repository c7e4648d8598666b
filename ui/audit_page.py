"""The audit trail for the owner: page by page, filtered, sorted, checked, exported."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from intake.audit import AUDIT_COLUMNS, EVENTS, AuditEntry, AuditFilter, moments_of
from intake.errors import InputRefusedError, Problem, UserFacingError
from intake.house import House
from intake.ports import Clock
from ui.errands import Errands, in_words
from ui.sizes import px
from ui.theme import keep_narrow, roomy
from ui.visit.flow import FlowLayout
from ui.words import PlainLabel

_PAGE = 100
#: Column of the table to what the trail is sorted by.
_COLUMNS = ("Number", "Time", "What", "Who", "Role", "About", "Detail")
_SORTED_BY = dict(zip(_COLUMNS, AUDIT_COLUMNS, strict=False))
_FIELD_WIDTH = 100
_WIDTHS = (80, 150, 150, 160, 130, 300)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def ask_for_file(parent: QWidget, suggested: str) -> str:
    """Ask where to save; an empty text means no."""
    name, _ = QFileDialog.getSaveFileName(
        parent, "Export the audit trail", suggested, "CSV (*.csv)"
    )
    return name


class AuditPage(QWidget):
    """A page of entries below the filters. Reading and exporting are entries, too."""

    def __init__(
        self,
        house: Callable[[], House],
        clock: Clock,
        write: Callable[[Path, bytes], None],
        parent: QWidget | None = None,
    ) -> None:
        """Show nothing yet; see `start`."""
        super().__init__(parent)
        self._house = house
        self._clock = clock
        self._write = write
        self._start = 0
        self._names: dict[str, str] = {}
        self.said = PlainLabel()
        self.errands = Errands(self)
        self.errands.begun.connect(lambda: self.said.setText("One moment \u2026"))
        self.what = _choice("What happened")
        self.who = _choice("Who did it")
        self.about = _line("Id of a patient, visit or person", "id")
        self.first = _line("From day", "2026-01-31")
        self.last = _line("To day", "2026-01-31")
        keep_narrow(self.who)
        self.order = _choice("Sorted by")
        for column, order in _SORTED_BY.items():
            self.order.addItem(column.lower(), order)
        self.upwards = QCheckBox("upwar&ds")
        self.what.addItem("everything", None)
        for event in EVENTS:
            self.what.addItem(event.replace("_", " "), event)
        self.table = _table()
        self.said.setAccessibleName("What happened with the trail")
        self.before = QPushButton("Pa&ge before")
        self.after = QPushButton("Ne&xt page")
        self.verify = QPushButton("&Verify")
        self.export = QPushButton("&Export as CSV \u2026")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        filters = FlowLayout(spacing=8)
        for label, field in (
            ("Wha&t", self.what),
            ("Wh&o", self.who),
            ("&About", self.about),
            ("&From", self.first),
            ("unt&il", self.last),
            ("&Sorted by", self.order),
        ):
            words = QLabel(label)
            words.setBuddy(field)
            pair = QWidget()
            line = QHBoxLayout(pair)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(words)
            line.addWidget(field)
            filters.addWidget(pair)
        filters.addWidget(self.upwards)
        buttons = QHBoxLayout()
        for button in (self.before, self.after):
            buttons.addWidget(button)
        buttons.addWidget(self.said, 1)
        for button in (self.verify, self.export):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.addWidget(PlainLabel("Audit trail", bold=True, points=4))
        layout.addLayout(filters)
        layout.addLayout(buttons)
        layout.addWidget(self.table, 1)
        roomy(self)

    def _connect(self) -> None:
        for choice in (self.what, self.who, self.order):
            choice.activated.connect(self._from_the_start)
        for line in (self.about, self.first, self.last):
            line.returnPressed.connect(self._from_the_start)
        self.upwards.clicked.connect(self._from_the_start)
        self.before.clicked.connect(lambda: self._turn(-_PAGE))
        self.after.clicked.connect(lambda: self._turn(_PAGE))
        self.verify.clicked.connect(self._verify)
        self.export.clicked.connect(self._export)
        self.table.horizontalHeader().sectionClicked.connect(self._sort_by)

    def start(self) -> None:
        """Show the latest entries."""
        self.who.clear()
        self.who.addItem("everybody", None)
        self._show(())
        try:
            people = self._house().people()
        except UserFacingError as error:
            self.said.setText(in_words(error))
            return
        self._names = {one.id: one.name for one in people}
        for one in people:
            self.who.addItem(one.name, one.id)
        self._from_the_start()
        self.what.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hold no entries when another page or a lock comes."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._show(())

    def _from_the_start(self) -> None:
        self._start = 0
        self._read()

    def _turn(self, entries: int) -> None:
        self._start = max(0, self._start + entries)
        self._read()

    def _sort_by(self, column: int) -> None:
        """Sort by a column that was clicked; once more turns it around."""
        order = _SORTED_BY.get(_COLUMNS[column])
        if order is None:
            return
        if order == self.order.currentData():
            self.upwards.setChecked(not self.upwards.isChecked())
        self.order.setCurrentIndex(self.order.findData(order))
        self._from_the_start()

    def _wanted(self) -> AuditFilter:
        zone = self._clock.now().tzinfo
        first, last = _day(self.first.text()), _day(self.last.text())
        since, before = moments_of(first, last, zone)
        return AuditFilter(
            event=self.what.currentData(),
            who=self.who.currentData(),
            subject=self.about.text().strip() or None,
            since=since,
            before=before,
            order=self.order.currentData(),
            is_descending=not self.upwards.isChecked(),
            start=self._start,
            # One more tells whether there is a next page.
            limit=_PAGE + 1,
        )

    def _read(self) -> None:
        try:
            found = self._house().read_audit(self._wanted())
        except UserFacingError as error:
            self._show(())
            self.said.setText(in_words(error))
            return
        self._show(found[:_PAGE])
        self.after.setEnabled(len(found) > _PAGE)
        last = self._start + min(len(found), _PAGE)
        words = f"Entries {self._start + 1} to {last}" if found else "No entry fits."
        self.said.setText(words)

    def _show(self, entries: Sequence[AuditEntry]) -> None:
        self.before.setEnabled(self._start > 0)
        self.after.setEnabled(False)
        self.table.setRowCount(len(entries))
        zone = self._clock.now().tzinfo
        for row, entry in enumerate(entries):
            note = entry.note
            cells = (
                f"{entry.number:,}",
                f"{note.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                note.event.replace("_", " "),
                self._names.get(note.who, note.who),
                note.role.replace("+", ", "),
                self._names.get(note.subject, note.subject),
                ", ".join(f"{name} {value}" for name, value in note.detail.items()),
            )
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def _verify(self) -> None:
        def then(faults: Sequence[str]) -> None:
            sound = "The trail is whole: nobody altered, removed or added anything."
            self.said.setText(" ".join(faults) or sound)

        self.errands.run(
            lambda: self._house().verify_audit(),
            then,
            self._refuse,
            words="Checking the audit trail \u2026",
            may_break_off=True,
        )

    def _export(self) -> None:
        try:
            wanted = self._wanted()
        except UserFacingError as error:
            self._refuse(error)
            return
        name = ask_for_file(self, f"audit-{self._clock.today():%Y-%m-%d}.csv")
        if not name:
            return

        def work() -> str:
            # For a spreadsheet: the mark tells it that this is UTF-8.
            content = self._house().export_audit(wanted).encode("utf-8-sig")
            self._write(Path(name), content)
            return name

        self.errands.run(
            work,
            lambda saved: self.said.setText(f"Saved: {saved}"),
            self._refuse,
            words="Exporting the audit trail \u2026",
            may_break_off=True,
        )

    def _refuse(self, error: UserFacingError) -> None:
        self.said.setText(in_words(error))


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        what = "A day is written like 2026-01-31."
        raise InputRefusedError([Problem("day", what)]) from None


def _choice(name: str) -> QComboBox:
    choice = QComboBox()
    choice.setAccessibleName(name)
    return choice


def _line(name: str, hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    line.setFixedWidth(px(_FIELD_WIDTH))
    line.setMaxLength(64)
    return line


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setAccessibleName("Audit trail")
    table.setHorizontalHeaderLabels(list(_COLUMNS))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.verticalHeader().setVisible(False)
    table.verticalHeader().setDefaultSectionSize(px(24))
    header = table.horizontalHeader()
    header.setDefaultAlignment(_LEFT)
    header.setHighlightSections(False)
    header.setStretchLastSection(True)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width in enumerate(_WIDTHS):
        table.setColumnWidth(column, px(width))
    return table
