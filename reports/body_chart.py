"""The body chart on paper: both figures, the marks with number and pattern.

Outlines and places come from `intake.body_chart`, as on the screen. A quality is told
by its pattern and by the words beside the chart, never by colour.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from intake.body_chart import ASPECT, FIGURES, LEVELS
from intake.body_figure import Line
from reports.fonts import BOLD, REGULAR
from reports.layout import INK, PAPER, RULE

_HEIGHT: Final = 196.0
_EDGE: Final = 26.0
_RADIUS: Final = 5.5
_HALO: Final = 9.5
_STEP: Final = 3.0
_NAMED_LEVELS: Final = ("T1", "T4", "T8", "T12")

#: Directions of the hatching of each quality: rising, falling, level, upright.
_HATCHING: Final[Mapping[str, tuple[str, ...]]] = {
    "burning": ("rising", "falling"),
    "sharp": ("upright",),
    "stabbing": ("upright",),
    "tearing_or_ripping": ("upright", "rising"),
    "electric": ("falling",),
    "numb": ("level",),
    "tingling": ("level", "upright"),
    "band_like": ("level",),
    "pressure_or_tight": ("level", "falling"),
}
_OTHER: Final = ("rising",)


class BodyChart(Flowable):
    """Front and back beside each other, in a box of the given width."""

    def __init__(self, marks: Sequence[Mapping[str, Any]], width: float) -> None:
        """Keep the marks; their numbers are their places in the list."""
        super().__init__()
        self.width, self.height = width, _HEIGHT
        self._marks = marks

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Return the size, which does not depend on the room there is."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw both figures and the marks of each."""
        for number, view in enumerate(("front", "back")):
            _Figure(self.canv, view, self.width * (0.25 + 0.5 * number)).draw(
                self._marks
            )


class _Figure:
    """One figure, its middle at a place of the canvas."""

    def __init__(self, canvas: Canvas, view: str, middle: float) -> None:
        self._canvas = canvas
        self._view = view
        self._middle = middle
        self._height = _HEIGHT - _EDGE
        self._left = middle - self._height * ASPECT / 2

    def draw(self, marks: Sequence[Mapping[str, Any]]) -> None:
        """Draw outline, sides, levels and marks."""
        figure = FIGURES[self._view]
        self._stroke(figure.lines, 0.4, RULE)
        self._stroke((figure.outline,), 0.9, INK)
        self._write(figure.title)
        if self._view == "back":
            self._name_levels()
        for number, mark in enumerate(marks, 1):
            if mark["view"] == self._view:
                self._mark(number, mark)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (
            self._left + x * self._height * ASPECT,
            _EDGE / 2 + (1 - y) * self._height,
        )

    def _stroke(self, lines: Sequence[Line], width: float, color: Color) -> None:
        path = self._canvas.beginPath()
        for line in lines:
            self._trace(path, line)
        self._canvas.setLineWidth(width)
        self._canvas.setStrokeColor(color)
        self._canvas.drawPath(path, stroke=1, fill=0)

    def _trace(self, path: PDFPathObject, line: Line) -> None:
        path.moveTo(*self._at(*line.start))
        for first, second, end in line.curves:
            path.curveTo(*self._at(*first), *self._at(*second), *self._at(*end))
        if line.is_closed:
            path.close()

    def _write(self, title: str) -> None:
        """Write the patient's sides: in front the viewer's left is the RIGHT."""
        canvas = self._canvas
        sides = ("RIGHT", "LEFT") if self._view == "front" else ("LEFT", "RIGHT")
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, 8)
        reach = self._height * ASPECT / 2
        canvas.drawString(self._middle - reach, _HEIGHT - 9, sides[0])
        canvas.drawRightString(self._middle + reach, _HEIGHT - 9, sides[1])
        canvas.setFont(REGULAR, 9)
        canvas.drawCentredString(self._middle, 1, title)

    def _name_levels(self) -> None:
        canvas = self._canvas
        canvas.setFont(REGULAR, 7)
        canvas.setLineWidth(0.4)
        for level in _NAMED_LEVELS:
            x, y = self._at(0.93, LEVELS[level])
            canvas.line(x - 6, y, x - 1, y)
            canvas.drawString(x, y - 2.5, level)

    def _mark(self, number: int, mark: Mapping[str, Any]) -> None:
        canvas = self._canvas
        x, y = self._at(float(mark["x"]), float(mark["y"]))
        canvas.saveState()
        ring = canvas.beginPath()
        ring.circle(x, y, _HALO)
        canvas.setLineWidth(0.8)
        canvas.setStrokeColor(INK)
        canvas.clipPath(ring, stroke=1, fill=0)
        canvas.setLineWidth(0.5)
        for direction in _HATCHING.get(str(mark.get("quality", "")), _OTHER):
            self._hatch(x, y, direction)
        canvas.restoreState()
        canvas.saveState()
        canvas.setFillColor(PAPER)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.circle(x, y, _RADIUS, stroke=1, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, 8)
        canvas.drawCentredString(x, y - 2.9, str(number))
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
