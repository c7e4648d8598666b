"""The editor for the body chart: three figures, and a list with the same effect.

A click or a tap adds a mark. By keyboard Space begins: it opens the list, in which a
letter marks a region, or the arrows go to one and Space marks it; where a region has
no side of its own, `L`, `R`, `B` or `M` says which. Without Space no letter marks
anything: somebody who types on, at the top of a new visit, has drawn nothing. Each
mark stands in words below the figures, with its quality.
"""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from intake.body_chart import (
    CLOSE_UP,
    FIGURES,
    REGIONS,
    mark_at,
    mark_in,
    region,
    words_for,
)
from intake.protocol import Question
from ui.sizes import px
from ui.visit.body_figure_view import BodyFigureView
from ui.visit.chip import Chip
from ui.visit.editors.base import KeyEditor
from ui.visit.editors.body_mark_row import MarkRow, without_quality
from ui.visit.editors.body_marks import SITES, filled
from ui.visit.editors.context import EditorContext
from ui.visit.editors.keyed import Answer
from ui.visit.editors.option_readers import KEYS
from ui.visit.flow import FlowLayout

_TALL, _SHORT = 372, 216
#: With large letters the figures grow less than they: a screen still holds one whole.
_TALLEST = 520
_GAP = 10
_SIDE_KEYS = {
    "L": ("LEFT", ("left",)),
    "R": ("RIGHT", ("right",)),
    "B": ("Both sides", ("left", "right")),
    "M": ("Middle", ("midline",)),
}
_ARROWS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
}
_BEGIN = "Space, then a letter or the arrows and Space, marks a region. Enter goes on."
#: The key of each region, in the order of the list.
REGION_KEYS = {found.id: KEYS[i] for i, found in enumerate(REGIONS)}


class BodyMapEditor(KeyEditor):
    """The body chart with its list."""

    is_wide = True
    keys_help = _BEGIN

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Build the figures; the list comes up while it is being answered."""
        super().__init__(question, context, parent)
        self._waits_for_side: str = self.half()
        #: Whether letters mark; what the arrows are on, as a place in the list.
        self._is_marking = bool(self._waits_for_side)
        self._at: int | None = None
        self._close_up = BodyFigureView(CLOSE_UP, self)
        self._figures = [
            *(BodyFigureView(figure, self) for figure in FIGURES.values()),
            self._close_up,
        ]
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP)
        self._layout.addWidget(self._picture(), 0, Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(4)
        self._layout.addLayout(side, 1)
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
        self._size_figures(active=False)
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
        self._size_figures(active=active)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the list with the arrows, once the keys mark."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is not None and self._is_marking:
            self._step_in_list(step)
        else:
            super().keyPressEvent(event)

    def press(self, key: str) -> bool:
        """Take Space to begin and then the keys of regions; Delete, and Enter.

        Delete takes the last mark away.
        """
        if self._waits_for_side and key.upper() in _SIDE_KEYS:
            self._mark_sides(*_SIDE_KEYS[key.upper()][1])
        elif key == "Enter":
            self.leave()
            self.done.emit()
        elif key == "Delete":
            self._store(self._marks()[:-1])
        elif key == " ":
            self._press_space()
        else:
            return self._press_letter(key)
        return True

    def _press_space(self) -> None:
        if self._is_marking and self._at is not None:
            self.leave_side()
            self._toggle(REGIONS[self._at].id)
        self._mark_by_keys(on=True)

    def _press_letter(self, key: str) -> bool:
        found = next((n for n, k in REGION_KEYS.items() if k == key), None)
        if found is None or not self._is_marking:
            self._tell_region("")
            return False
        self.leave_side()
        self._toggle(found)
        return True

    def _step_in_list(self, step: int) -> None:
        start = -1 if step > 0 else 0
        at = start if self._at is None else self._at
        self._at = (at + step) % len(REGIONS)
        self._show_held()

    def _show_held(self) -> None:
        """Show what the arrows are on: in the list, on the figures, and in words."""
        found = None if self._at is None else REGIONS[self._at]
        for figure in self._figures:
            figure.hold_out(found)
        for name, chip in self._chips.items():
            chip.set_held(found is not None and name == found.id)
        self._tell_region(found.name if found else "")
        if found is not None:
            is_marked = any(m["region"] == found.id for m in self._marks())
            self.tell_state(f"{found.name}, {'marked' if is_marked else 'not marked'}")

    def _mark_by_keys(self, *, on: bool) -> None:
        """Let letters mark, or no more."""
        if on != self._is_marking or not on:
            self._is_marking = on
            if not on and self._at is not None:
                self._at = None
                self._show_held()
            for name, chip in self._chips.items():
                chip.show_key(REGION_KEYS[name] if on else "")
        self._tell_region("")

    def leave(self) -> None:
        """End marking by keys; a region waits no longer for its side."""
        self.leave_side()
        self._mark_by_keys(on=False)

    def leave_side(self) -> None:
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
            self._is_marking = True
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
        before: QWidget = self
        for row in self._rows:
            self._marks_box.addWidget(row)
            # They came last: Tab would come to them behind everything else.
            for part in (row.quality, row.away):
                self.setTabOrder(before, part)
                before = part

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
            chip.show_key(REGION_KEYS[found.id] if self._is_marking else "")
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
        self.leave_side()
        self._toggle(name)

    def _ask_side(self) -> None:
        self._sides.setVisible(bool(self._waits_for_side))

    def _tell_region(self, name: str) -> None:
        if self._waits_for_side:
            self._where.show_words(f"{region(self._waits_for_side).name}: which side?")
        elif name:
            self._where.show_words(name)
        elif self._is_marking:
            self._where.show_words("Which region?")
        else:
            self._where.show_words("" if not self._rows else "Marked:")

    def _picture(self) -> QWidget:
        holder = QWidget(self)
        layout = FlowLayout(holder, spacing=_GAP)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        for figure in self._figures:
            figure.pointed.connect(
                lambda x, y, view=figure.figure.view: self._point(view, x, y)
            )
            figure.hovered.connect(self._tell_region)
            layout.addWidget(figure)
        self._holder = holder
        return holder

    def _size_figures(self, *, active: bool) -> None:
        """Show all figures large above the words, or two small ones beside them."""
        way = QBoxLayout.Direction
        for figure in self._figures:
            figure.set_height(min(px(_TALL if active else _SHORT), _TALLEST))
        self._close_up.setVisible(active)
        small = sum(figure.width() for figure in self._figures[:2]) + _GAP
        self._holder.setMinimumWidth(0 if active else small)
        self._layout.setDirection(way.TopToBottom if active else way.LeftToRight)
        self._layout.setAlignment(
            self._holder,
            Qt.AlignmentFlag(0) if active else Qt.AlignmentFlag.AlignTop,
        )
