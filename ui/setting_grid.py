"""The fields of a section of the clinic's settings, each with label and error."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from intake.clinic_settings import FIELDS, Section
from intake.errors import InputRefusedError
from intake.ports import Stationery
from ui.setting_editors import (
    ChoiceEditor,
    Editor,
    LineEditor,
    LinesEditor,
    NumberEditor,
    SwitchEditor,
    editor_of,
    show_in,
    value_in,
)
from ui.sizes import px
from ui.words import PlainLabel

_LABEL_WIDTH = 190
_WIDE, _SHORT, _PAIRED, _LISTED = 380, 180, 220, 640


class SettingGrid(QWidget):
    """Shows the fields of a section.

    Args:
        section: which.
        stationery: looks at what is printed.
    """

    #: Something else stands in a field.
    edited = Signal()
    #: Enter, in a line.
    entered = Signal()

    def __init__(self, section: Section, stationery: Stationery) -> None:
        """Lay the fields out, still empty."""
        super().__init__()
        self._fields = FIELDS[section]
        self._stationery = stationery
        self.editors: dict[str, Editor] = {}
        self.wrong: dict[str, PlainLabel] = {}
        for name, kind in self._fields.items():
            editor = self.editors[name] = editor_of(kind, stationery)
            editor.edited.connect(self.edited)
            if isinstance(editor, LineEditor):
                editor.returnPressed.connect(self.entered)
            wrong = self.wrong[name] = PlainLabel(bold=True)
            wrong.setAccessibleName(f"What is wrong with: {kind.label}")
            wrong.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, px(_LABEL_WIDTH))
        kinds = [type(editor) for editor in self.editors.values()]
        if SwitchEditor in kinds:
            self._lay_out_list()
        elif any("." in name for name in self._fields):
            self._lay_out_pairs()
        else:
            self._lay_out_rows()
        self._grid.setColumnStretch(self._grid.columnCount(), 1)
        for one, following in pairwise(self.editors.values()):
            QWidget.setTabOrder(one, following)

    def _lay_out_rows(self) -> None:
        for row, (name, kind) in enumerate(self._fields.items()):
            editor = self.editors[name]
            if isinstance(editor, LineEditor | LinesEditor):
                editor.setFixedWidth(px(_WIDE))
            elif isinstance(editor, ChoiceEditor | NumberEditor):
                editor.setFixedWidth(px(_SHORT))
            self._put(name, _label(kind.label, editor), 2 * row, 1)

    def _lay_out_pairs(self) -> None:
        """Lay out what is ``role.what``: a row for each role."""
        for column, words in enumerate(("Who", "Name", "Phone")):
            self._grid.addWidget(PlainLabel(words, bold=True), 0, column)
        roles: dict[str, list[str]] = {}
        for name in self._fields:
            roles.setdefault(name.partition(".")[0], []).append(name)
        for row, names in enumerate(roles.values()):
            role = self._fields[names[0]].label.rpartition(",")[0]
            label: PlainLabel | None = _label(role, self.editors[names[0]])
            for column, name in enumerate(names, 1):
                self.editors[name].setFixedWidth(px(_PAIRED))
                self._put(name, label, 2 * row + 1, column)
                label = None

    def _lay_out_list(self) -> None:
        """Lay out switches, each with its words, and the clinic's own words below."""
        self._grid.setColumnMinimumWidth(0, 0)
        for row, (name, editor) in enumerate(self.editors.items()):
            if isinstance(editor, SwitchEditor):
                label = PlainLabel(self._fields[name].label)
                label.setFixedWidth(px(_LISTED))
                self._grid.addWidget(editor, 2 * row, 0)
                self._grid.addWidget(label, 2 * row, 1)
            elif isinstance(editor, LineEditor):
                editor.setFixedWidth(px(_LISTED))
                editor.setPlaceholderText("In the clinic's own words")
                self._put(name, None, 2 * row, 1)

    def _put(self, name: str, label: PlainLabel | None, row: int, column: int) -> None:
        if label is not None:
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.editors[name], row, column)
        self._grid.addWidget(self.wrong[name], row + 1, column)

    @property
    def values(self) -> dict[str, Any]:
        """Return what stands in the fields, as it is stored."""
        return {name: value_in(editor) for name, editor in self.editors.items()}

    def fill(self, values: Mapping[str, Any]) -> None:
        """Show stored values, and no errors."""
        for name, editor in self.editors.items():
            editor.blockSignals(True)
            show_in(editor, values[name])
            editor.blockSignals(False)
        self.tell_no_errors()

    def refuse(self, error: InputRefusedError) -> None:
        """Show each problem at its field, and give the keys to the first."""
        self._tell(
            {
                one.where: f"{one.what} {one.suggestion}".strip()
                for one in error.problems
            }
        )

    def can_be_printed(self) -> bool:
        """Return whether paper can show what is typed; where not, say so beside it."""
        wrong: dict[str, str] = {}
        for name, value in self.values.items():
            text = value if isinstance(value, str) else "\n".join(value)
            if found := self._stationery.unprintable(text):
                wrong[name] = f"No font here can print {found}. Leave it out."
        self._tell(wrong)
        return not wrong

    def tell_no_errors(self) -> None:
        """Show no error any more."""
        for label in self.wrong.values():
            label.clear()
            label.hide()

    def begin(self) -> None:
        """Give the keys to the first field."""
        next(iter(self.editors.values())).setFocus()

    def _tell(self, wrong: Mapping[str, str]) -> None:
        self.tell_no_errors()
        for name in [name for name in self.editors if name in wrong][::-1]:
            self.wrong[name].setText(wrong[name])
            self.wrong[name].show()
            self.editors[name].setFocus()


def _label(words: str, beside: QWidget) -> PlainLabel:
    label = PlainLabel(words)
    label.setBuddy(beside)
    label.setMargin(4)
    return label
