"""The outline of the figure on the body chart, as points, and how it is drawn.

Screen and paper draw the same curves: each outline is a closed line of cubic Bézier
curves through the points below. The figure stands upright, arms a little away from
the trunk, palms forward.

The points are measured from the midline in units of the figure's height, so that the
proportions can be checked against a ruler; everything that leaves this module is in
the figure's box, 0 to 1 in both directions, y downwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
#: Two control points and the end of a cubic Bézier curve.
Curve = tuple[Point, Point, Point]

#: Width of the figure's box for a height of 1.
ASPECT = 0.48

#: One half of the outline, from the crown down the outside and up the inside.
_HALF_OUTLINE: tuple[Point, ...] = (
    (0.0000, 0.0100),
    (0.0260, 0.0160),
    (0.0420, 0.0370),
    (0.0450, 0.0620),
    (0.0490, 0.0690),  # ear
    (0.0480, 0.0850),
    (0.0435, 0.0930),
    (0.0400, 0.1080),
    (0.0325, 0.1260),  # jaw
    (0.0290, 0.1360),
    (0.0285, 0.1500),  # neck
    (0.0330, 0.1640),
    (0.0520, 0.1760),
    (0.0800, 0.1845),
    (0.1060, 0.1925),  # shoulder
    (0.1260, 0.2090),
    (0.1360, 0.2390),
    (0.1410, 0.2750),
    (0.1480, 0.3120),
    (0.1570, 0.3500),
    (0.1650, 0.3830),  # elbow
    (0.1770, 0.4140),
    (0.1880, 0.4520),
    (0.1960, 0.4900),
    (0.2010, 0.5120),  # wrist
    (0.2110, 0.5250),
    (0.2220, 0.5440),
    (0.2275, 0.5600),  # thumb
    (0.2235, 0.5660),
    (0.2160, 0.5580),
    (0.2130, 0.5640),
    (0.2130, 0.5850),
    (0.2090, 0.6020),
    (0.2030, 0.6090),  # fingertips
    (0.1950, 0.6060),
    (0.1870, 0.5930),
    (0.1820, 0.5700),
    (0.1800, 0.5450),
    (0.1800, 0.5180),
    (0.1740, 0.4900),
    (0.1600, 0.4500),
    (0.1470, 0.4160),
    (0.1385, 0.3880),
    (0.1290, 0.3520),
    (0.1170, 0.3100),
    (0.1080, 0.2760),
    (0.1030, 0.2560),  # armpit
    (0.1010, 0.2640),
    (0.1010, 0.2900),
    (0.0975, 0.3260),
    (0.0905, 0.3620),
    (0.0860, 0.3920),  # waist
    (0.0890, 0.4220),
    (0.0975, 0.4560),
    (0.1045, 0.4900),
    (0.1070, 0.5220),
    (0.1050, 0.5640),
    (0.0985, 0.6130),
    (0.0900, 0.6610),
    (0.0820, 0.7050),  # knee
    (0.0790, 0.7370),
    (0.0815, 0.7720),
    (0.0790, 0.8090),
    (0.0700, 0.8600),
    (0.0600, 0.9080),
    (0.0565, 0.9380),  # ankle
    (0.0610, 0.9560),
    (0.0720, 0.9730),
    (0.0735, 0.9830),
    (0.0620, 0.9885),
    (0.0420, 0.9870),
    (0.0310, 0.9770),
    (0.0300, 0.9580),
    (0.0315, 0.9360),
    (0.0295, 0.9060),
    (0.0235, 0.8600),
    (0.0170, 0.8110),
    (0.0160, 0.7760),
    (0.0205, 0.7370),
    (0.0195, 0.7040),
    (0.0145, 0.6550),
    (0.0090, 0.6000),
    (0.0045, 0.5560),
    (0.0000, 0.5380),
)

#: Lines inside the front: collarbone, breast, navel, groin, kneecap (one half each).
_FRONT_HALF_LINES: tuple[tuple[Point, ...], ...] = (
    ((0.0090, 0.1790), (0.0350, 0.1810), (0.0620, 0.1830), (0.0980, 0.1950)),
    ((0.0130, 0.2760), (0.0400, 0.2830), (0.0680, 0.2750), (0.0850, 0.2500)),
    ((0.0130, 0.3150), (0.0350, 0.3290), (0.0600, 0.3560)),
    ((0.0780, 0.4560), (0.0480, 0.4960), (0.0170, 0.5300)),
    ((0.0360, 0.7000), (0.0500, 0.7100), (0.0650, 0.7000)),
)
_FRONT_LINES: tuple[tuple[Point, ...], ...] = (
    ((-0.0035, 0.4180), (0.0000, 0.4215), (0.0035, 0.4180)),
)

#: Lines inside the back: shoulder blade, lower ribs, pelvis, buttock, knee.
_BACK_HALF_LINES: tuple[tuple[Point, ...], ...] = (
    (
        (0.0940, 0.2080),
        (0.0700, 0.2090),
        (0.0480, 0.2150),
        (0.0440, 0.2350),
        (0.0510, 0.2640),
        (0.0610, 0.2860),
        (0.0730, 0.2700),
        (0.0870, 0.2450),
    ),
    ((0.0230, 0.3520), (0.0480, 0.3450), (0.0700, 0.3300)),
    ((0.0120, 0.4460), (0.0400, 0.4330), (0.0760, 0.4400)),
    ((0.0100, 0.5400), (0.0380, 0.5500), (0.0760, 0.5360)),
    ((0.0360, 0.7120), (0.0500, 0.7060), (0.0640, 0.7120)),
)
_BACK_LINES: tuple[tuple[Point, ...], ...] = (
    ((0.0, 0.4700), (0.0, 0.5000), (0.0, 0.5300)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A smooth line: where it starts, and the curves that follow."""

    start: Point
    curves: tuple[Curve, ...]
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One view of the body: its outline, and lines that help to find a place."""

    view: str
    title: str
    outline: Line
    lines: tuple[Line, ...]


def in_box(x: float, y: float) -> Point:
    """Return a point measured from the midline as a point of the box."""
    return (0.5 + x / ASPECT, y)


def mirrored(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return points measured from the midline on the other side of it."""
    return tuple((-x, y) for x, y in points)


def _smooth(points: Sequence[Point], *, close: bool = False) -> Line:
    """Return the line through all points (Catmull-Rom, as Bézier curves)."""
    boxed = [in_box(*point) for point in points]
    last = len(boxed) - 1

    def at(index: int) -> Point:
        return boxed[index % len(boxed)] if close else boxed[min(max(index, 0), last)]

    curves = []
    for i in range(len(boxed) if close else last):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = (at(i + k) for k in (-1, 0, 1, 2))
        curves.append(
            (
                (x1 + (x2 - x0) / 6, y1 + (y2 - y0) / 6),
                (x2 - (x3 - x1) / 6, y2 - (y3 - y1) / 6),
                (x2, y2),
            )
        )
    return Line(boxed[0], tuple(curves), close)


def _both_halves(
    halves: Sequence[Sequence[Point]], whole: Sequence[Sequence[Point]]
) -> tuple[Line, ...]:
    lines = [*halves, *(mirrored(half) for half in halves), *whole]
    return tuple(_smooth(line) for line in lines)


def _outline() -> Line:
    inner = mirrored(_HALF_OUTLINE[1:-1])[::-1]
    return _smooth((*_HALF_OUTLINE, *inner), close=True)


FIGURES = {
    "front": Figure(
        "front", "Front", _outline(), _both_halves(_FRONT_HALF_LINES, _FRONT_LINES)
    ),
    "back": Figure(
        "back", "Back", _outline(), _both_halves(_BACK_HALF_LINES, _BACK_LINES)
    ),
}
