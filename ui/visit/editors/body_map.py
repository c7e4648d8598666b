"""The editor for the body chart: two figures, and a list with the same effect.

A click adds a mark. A letter adds a mark in a region; where the region has no side of
its own, `L`, `R`, `B` or `M` says which. Each mark stands in words beside the figures,
with its quality.
"""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from intake.body_chart import (
    REGIONS,
    mark_at,
    mark_in,
    region,
    words_for,
)
from intake.protocol import Question
from ui.visit.body_figure_view import BodyFigureView
from ui.visit.chip import Chip
from ui.visit.editors.base import KeyEditor
from ui.visit.editors.body_mark_row import MarkRow, without_quality
from ui.visit.editors.body_marks import SITES, filled
from ui.visit.editors.context import EditorContext
from ui.visit.editors.keyed import Answer
from ui.visit.editors.option_readers import KEYS
from ui.visit.flow import FlowLayout

_TALL, _SHORT = 404, 236
_SIDE_KEYS = {
    "L": ("LEFT", ("left",)),
    "R": ("RIGHT", ("right",)),
    "B": ("Both sides", ("left", "right")),
    "M": ("Middle", ("midline",)),
}
#: The key of each region, in the order of the list.
REGION_KEYS = {found.id: KEYS[i] for i, found in enumerate(REGIONS)}


class BodyMapEditor(KeyEditor):
    """The body chart with its list."""

    is_wide = True

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Build the figures; the list comes up while it is being answered."""
        super().__init__(question, context, parent)
        self._waits_for_side: str = self.half()
        self._figures = [BodyFigureView(view, self) for view in ("front", "back")]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for figure, view in zip(self._figures, ("front", "back"), strict=True):
            figure.set_height(_SHORT)
            figure.pointed.connect(lambda x, y, v=view: self._point(v, x, y))
            figure.hovered.connect(self._tell_region)
            layout.addWidget(figure, 0, Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(4)
        layout.addLayout(side, 1)
        self._where = Answer(self.blank, self)
        side.addWidget(self._where)
        self._marks_box = QVBoxLayout()
        self._marks_box.setSpacing(2)
        side.addLayout(self._marks_box)
        self._rows: list[MarkRow] = []
        self._sides = self._side_chips()
        side.addWidget(self._sides)
        self._list: QWidget | None = None
        self._list_place = side
        side.addStretch(1)
        self._chips: dict[str, Chip] = {}
        self._shown: object = None
        self.refresh()

    @property
    def watches(self) -> frozenset[str]:
        """Return also the list of places, which tints the regions."""
        return frozenset((self.question.id, SITES))

    def refresh(self) -> None:
        """Show marks and places."""
        marks = self._marks()
        places = frozenset(self.context.answer(SITES) or ()) | {
            mark["region"] for mark in marks
        }
        for figure in self._figures:
            figure.show_marks(marks, places)
        for name, chip in self._chips.items():
            chip.setChecked(name in places)
        places_only = [without_quality(mark) for mark in marks]
        if places_only != self._shown:
            self._shown = places_only
            self._show_rows(marks)
        for row, mark in zip(self._rows, marks, strict=True):
            row.quality.show_quality(mark.get("quality", ""))
        self._ask_side()
        words = "; ".join(words_for(mark) for mark in marks)
        self.tell_state(words or self.blank)
        self._tell_region("")

    def set_active(self, active: bool) -> None:
        """Grow and show the list while it is being answered."""
        if active and self._list is None:
            self._list = self._region_list()
            self._list_place.insertWidget(self._list_place.count() - 1, self._list)
            self.refresh()
        if self._list is not None:
            self._list.setVisible(active)
        for figure in self._figures:
            figure.set_height(_TALL if active else _SHORT)

    def press(self, key: str) -> bool:
        """Take the key of a region, of a side, Enter, or Delete for the last mark."""
        if self._waits_for_side and key.upper() in _SIDE_KEYS:
            self._mark_sides(*_SIDE_KEYS[key.upper()][1])
        elif key == "Enter":
            self.leave()
            self.done.emit()
        elif key == "Delete":
            self._store(self._marks()[:-1])
        else:
            found = next((n for n, k in REGION_KEYS.items() if k == key), None)
            if found is None:
                return False
            self.leave()
            self._toggle(found)
        return True

    def leave(self) -> None:
        """Mark a region whose side was not said; the side stays not asked."""
        if self._waits_for_side:
            name, self._waits_for_side = self._waits_for_side, ""
            self._store([*self._marks(), mark_in(name)], side_known=False)

    def _marks(self) -> list[dict[str, Any]]:
        return list(self.value or [])

    def _point(self, view: str, x: float, y: float) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        mark = mark_at(view, x, y)
        if mark is not None:
            self._store([*self._marks(), mark])

    def _toggle(self, name: str) -> None:
        marks = self._marks()
        others = [mark for mark in marks if mark["region"] != name]
        if len(others) < len(marks):
            self._store(others)
        elif region(name).side or not region(name).shapes:
            self._store([*marks, mark_in(name)], side_known=bool(region(name).side))
        else:
            self._waits_for_side = name
            self.jot(name)
            self.refresh()

    def _mark_sides(self, *sides: str) -> None:
        name, self._waits_for_side = self._waits_for_side, ""
        self._store([*self._marks(), *(mark_in(name, side) for side in sides)])

    def _store(self, marks: list[dict[str, Any]], *, side_known: bool = True) -> None:
        old = self._marks()
        self.jot(self._waits_for_side)
        if marks != old:
            context = self.context
            self.record_many(
                filled(
                    context.protocol, context.answer, old, marks, side_known=side_known
                )
            )
        self.refresh()

    def _show_rows(self, marks: list[dict[str, Any]]) -> None:
        for row in self._rows:
            self._marks_box.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(i, mark) for i, mark in enumerate(marks)]
        for row in self._rows:
            self._marks_box.addWidget(row)

    def _row(self, index: int, mark: dict[str, Any]) -> MarkRow:
        row = MarkRow(index + 1, mark, self)
        row.quality_chosen.connect(
            lambda quality, i=index: self._set_quality(i, quality)
        )
        row.taken_away.connect(lambda i=index: self._take_away(i))
        return row

    def _set_quality(self, index: int, quality: str) -> None:
        marks = self._marks()
        marks[index] = without_quality(marks[index])
        if quality:
            marks[index]["quality"] = quality
        self._store(marks)

    def _take_away(self, index: int) -> None:
        self._store([mark for i, mark in enumerate(self._marks()) if i != index])

    def _region_list(self) -> QWidget:
        holder = QWidget(self)
        layout = FlowLayout(holder, spacing=3)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        for found in REGIONS:
            chip = Chip(REGION_KEYS[found.id], found.name, parent=holder)
            chip.setAccessibleDescription(found.definition)
            chip.setToolTip(found.definition)
            chip.clicked.connect(lambda _on=False, n=found.id: self._clicked(n))
            self._chips[found.id] = chip
            layout.addWidget(chip)
        return holder

    def _side_chips(self) -> QWidget:
        holder = QWidget(self)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        for key, (words, sides) in _SIDE_KEYS.items():
            chip = Chip(key, words, parent=holder)
            chip.clicked.connect(lambda _on=False, s=sides: self._mark_sides(*s))
            line.addWidget(chip)
        line.addStretch(1)
        holder.hide()
        return holder

    def _clicked(self, name: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.leave()
        self._toggle(name)

    def _ask_side(self) -> None:
        self._sides.setVisible(bool(self._waits_for_side))

    def _tell_region(self, name: str) -> None:
        if self._waits_for_side:
            self._where.show_words(f"{region(self._waits_for_side).name}: which side?")
        elif name:
            self._where.show_words(name)
        else:
            self._where.show_words("" if not self._rows else "Marked:")
