"""The body chart on paper: the figures, the marks with number and pattern.

Outlines and places come from `intake.body_chart`, as on the screen. A quality is told
by its pattern and by the words beside the chart, never by colour.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from intake.body_chart import CLOSE_UP, FIGURES, LEVELS, Figure, pattern_of
from intake.body_figure import Line
from reports.fonts import BOLD, REGULAR
from reports.layout import INK, PAPER

_HEIGHT: Final = 166.0
_EDGE: Final = 26.0
_RADIUS: Final = 4.6
#: How far a pattern reaches, in the close-up and on the whole figures.
_HALO: Final = 8.0
_HALO_ON_WHOLE: Final = 6.8
_STEP: Final = 2.6
_NAMED_LEVELS: Final = ("T1", "T4", "T8", "T12")
_LETTER: Final = 5.6
#: Where the names of the levels end in the close-up, in the figure's box.
_BESIDE_THE_SPINE: Final = 0.485
_BONE: Final = Color(0.72, 0.72, 0.72)
_FOLD: Final = Color(0.55, 0.55, 0.55)


class BodyChart(Flowable):
    """Front, back and the back enlarged beside each other, in a box of a width."""

    def __init__(self, marks: Sequence[Mapping[str, Any]], width: float) -> None:
        """Keep the marks; their numbers are their places in the list."""
        super().__init__()
        self.width, self.height = width, _HEIGHT
        self._marks = marks

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size, which does not depend on the room there is."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the figures and the marks of each."""
        figures = (*FIGURES.values(), CLOSE_UP)
        widths = [(_HEIGHT - _EDGE) * figure.aspect for figure in figures]
        gap = (self.width - sum(widths)) / (len(figures) - 1)
        left = 0.0
        for figure, width in zip(figures, widths, strict=True):
            _Drawing(self.canv, figure, left).draw(self._marks)
            left += width + gap


class _Drawing:
    """One figure, from a place of the canvas to the right."""

    def __init__(self, canvas: Canvas, figure: Figure, left: float) -> None:
        self._canvas = canvas
        self._figure = figure
        self._left = left
        self._height = _HEIGHT - _EDGE
        self._width = self._height * figure.aspect

    def draw(self, marks: Sequence[Mapping[str, Any]]) -> None:
        """Draw the body, sides, levels and marks."""
        figure, canvas = self._figure, self._canvas
        canvas.saveState()
        if figure.is_part:
            frame = canvas.beginPath()
            frame.rect(self._left, _EDGE / 2, self._width, self._height)
            canvas.setLineWidth(0.4)
            canvas.setStrokeColor(_FOLD)
            canvas.clipPath(frame, stroke=1, fill=0)
        for bone in figure.bones:
            self._stroke((bone,), 0.4, _BONE, hides=bone.is_closed)
        self._stroke(figure.lines, 0.4, _FOLD)
        self._stroke((figure.outline,), 0.9, INK)
        canvas.restoreState()
        self._write_sides()
        if figure.is_part:
            self._name_every_level()
        elif figure.view == "back":
            self._name_levels()
        for number, mark in enumerate(marks, 1):
            if mark["view"] == figure.view and self._shows(mark):
                self._mark(number, mark)

    def _shows(self, mark: Mapping[str, Any]) -> bool:
        left, top, right, bottom = self._figure.window
        return left <= float(mark["x"]) <= right and top <= float(mark["y"]) <= bottom

    def _at(self, x: float, y: float) -> tuple[float, float]:
        left, top, right, bottom = self._figure.window
        return (
            self._left + (x - left) / (right - left) * self._width,
            _EDGE / 2 + (bottom - y) / (bottom - top) * self._height,
        )

    def _stroke(
        self,
        lines: Sequence[Line],
        width: float,
        color: Color,
        *,
        hides: bool = False,
    ) -> None:
        path = self._canvas.beginPath()
        for line in lines:
            self._trace(path, line)
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeColor(color)
        self._canvas.setFillColor(PAPER)
        self._canvas.drawPath(path, stroke=1, fill=int(hides))

    def _trace(self, path: PDFPathObject, line: Line) -> None:
        path.moveTo(*self._at(*line.start))
        for first, second, end in line.curves:
            path.curveTo(*self._at(*first), *self._at(*second), *self._at(*end))
        if line.is_closed:
            path.close()

    def _write_sides(self) -> None:
        """Write the patient's sides: in front the viewer's left is the RIGHT."""
        canvas, figure = self._canvas, self._figure
        sides = ("RIGHT", "LEFT") if figure.view == "front" else ("LEFT", "RIGHT")
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, 7)
        canvas.drawString(self._left, _HEIGHT - 9, sides[0])
        canvas.drawRightString(self._left + self._width, _HEIGHT - 9, sides[1])
        canvas.setFont(REGULAR, 8)
        canvas.drawCentredString(self._left + self._width / 2, 2, figure.title)

    def _name_every_level(self) -> None:
        canvas = self._canvas
        canvas.setFont(REGULAR, _LETTER)
        for level, height in LEVELS.items():
            x, y = self._at(_BESIDE_THE_SPINE, height)
            canvas.drawRightString(x, y - 0.36 * _LETTER, level)

    def _name_levels(self) -> None:
        canvas = self._canvas
        canvas.setFont(REGULAR, _LETTER)
        canvas.setLineWidth(0.4)
        for level in _NAMED_LEVELS:
            x, y = self._at(0.90, LEVELS[level])
            canvas.line(x - 5, y, x - 1, y)
            canvas.drawString(x, y - 0.36 * _LETTER, level)

    def _mark(self, number: int, mark: Mapping[str, Any]) -> None:
        canvas = self._canvas
        x, y = self._at(float(mark["x"]), float(mark["y"]))
        pattern = pattern_of(mark)
        if pattern:
            self._pattern(x, y, pattern)
        canvas.saveState()
        canvas.setFillColor(PAPER)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.circle(x, y, _RADIUS, stroke=1, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, 7)
        canvas.drawCentredString(x, y - 2.5, str(number))
        canvas.restoreState()

    def _pattern(self, x: float, y: float, pattern: Sequence[str]) -> None:
        canvas = self._canvas
        reach = _HALO if self._figure.is_part else _HALO_ON_WHOLE
        canvas.saveState()
        ring = canvas.beginPath()
        ring.circle(x, y, reach)
        canvas.setFillColor(PAPER)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.clipPath(ring, stroke=1, fill=1)
        canvas.setLineWidth(0.5)
        for direction in pattern:
            self._hatch(x, y, direction)
        canvas.restoreState()

    def _hatch(self, x: float, y: float, direction: str) -> None:
        steps = int(_HALO / _STEP)
        for step in range(-2 * steps, 2 * steps + 1):
            off = step * _STEP
            ends = {
                "level": (x - _HALO, y + off, x + _HALO, y + off),
                "upright": (x + off, y - _HALO, x + off, y + _HALO),
                "rising": (x - _HALO + off, y - _HALO, x + _HALO + off, y + _HALO),
                "falling": (x - _HALO + off, y + _HALO, x + _HALO + off, y - _HALO),
            }
            self._canvas.line(*ends[direction])
