"""The outline of the figure on the body chart, as points, and how it is drawn.

Screen and paper draw the same curves: each outline is a closed line of cubic Bézier
curves through the points below. The figure stands upright, arms a little away from
the trunk, palms forward.

The points are measured from the midline in units of the figure's height, so that the
proportions can be checked against a ruler; everything that leaves this module is in
the figure's box, 0 to 1 in both directions, y downwards.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from intake import body_bones
from intake.body_bones import Point, Points

#: Two control points and the end of a cubic Bézier curve.
Curve = tuple[Point, Point, Point]

#: Width of the figure's box for a height of 1.
ASPECT = 0.48

#: One half of the outline, from the crown down the outside and up the inside.
_HALF_OUTLINE: tuple[Point, ...] = (
    (0.0000, 0.0100),
    (0.0220, 0.0140),
    (0.0385, 0.0300),
    (0.0450, 0.0540),
    (0.0455, 0.0680),
    (0.0500, 0.0700),  # ear
    (0.0495, 0.0830),
    (0.0445, 0.0930),
    (0.0410, 0.1080),
    (0.0330, 0.1240),  # jaw
    (0.0292, 0.1350),
    (0.0290, 0.1500),  # neck
    (0.0345, 0.1640),
    (0.0520, 0.1750),
    (0.0780, 0.1835),
    (0.1040, 0.1905),  # shoulder
    (0.1245, 0.2040),
    (0.1360, 0.2290),
    (0.1415, 0.2600),
    (0.1460, 0.2920),
    (0.1525, 0.3240),
    (0.1590, 0.3540),
    (0.1665, 0.3800),  # elbow
    (0.1785, 0.4110),
    (0.1890, 0.4450),
    (0.1965, 0.4800),
    (0.2010, 0.5080),  # wrist
    (0.2090, 0.5230),
    (0.2215, 0.5400),
    (0.2310, 0.5570),
    (0.2325, 0.5680),  # thumb
    (0.2255, 0.5690),
    (0.2170, 0.5590),
    (0.2165, 0.5730),
    (0.2175, 0.5900),
    (0.2155, 0.6040),
    (0.2105, 0.6120),  # fingertips
    (0.2040, 0.6150),
    (0.1970, 0.6100),
    (0.1900, 0.5990),
    (0.1845, 0.5800),
    (0.1815, 0.5570),
    (0.1800, 0.5350),
    (0.1790, 0.5120),
    (0.1725, 0.4800),
    (0.1610, 0.4450),
    (0.1490, 0.4120),
    (0.1400, 0.3830),
    (0.1320, 0.3540),
    (0.1215, 0.3200),
    (0.1120, 0.2880),
    (0.1060, 0.2660),
    (0.1030, 0.2560),  # armpit
    (0.1022, 0.2640),
    (0.1020, 0.2880),
    (0.0985, 0.3220),
    (0.0920, 0.3560),
    (0.0875, 0.3880),  # waist
    (0.0895, 0.4200),
    (0.0970, 0.4520),
    (0.1040, 0.4860),
    (0.1065, 0.5200),
    (0.1050, 0.5620),
    (0.0990, 0.6120),
    (0.0905, 0.6610),
    (0.0825, 0.7030),  # knee
    (0.0800, 0.7350),
    (0.0825, 0.7680),
    (0.0805, 0.8070),
    (0.0715, 0.8580),
    (0.0605, 0.9080),
    (0.0570, 0.9370),  # ankle
    (0.0605, 0.9530),
    (0.0700, 0.9690),
    (0.0745, 0.9810),
    (0.0690, 0.9885),
    (0.0540, 0.9905),
    (0.0400, 0.9880),
    (0.0315, 0.9780),
    (0.0300, 0.9590),
    (0.0320, 0.9360),
    (0.0300, 0.9060),
    (0.0240, 0.8600),
    (0.0180, 0.8110),
    (0.0170, 0.7760),
    (0.0205, 0.7370),
    (0.0195, 0.7040),
    (0.0145, 0.6550),
    (0.0090, 0.6000),
    (0.0045, 0.5560),
    (0.0000, 0.5400),
)

#: Between the fingers, one half, seen from both sides.
_FINGERS: tuple[Points, ...] = (
    ((0.2118, 0.6070), (0.2105, 0.5900), (0.2075, 0.5700)),
    ((0.2045, 0.6110), (0.2030, 0.5920), (0.2005, 0.5710)),
    ((0.1960, 0.6050), (0.1950, 0.5900), (0.1930, 0.5720)),
)
#: Folds and creases of the front: groin, knee, toes (one half each), and the navel.
_FRONT_HALF_LINES: tuple[Points, ...] = (
    ((0.0790, 0.4640), (0.0480, 0.5010), (0.0140, 0.5330)),
    (
        (0.0360, 0.7000),
        (0.0420, 0.7120),
        (0.0515, 0.7155),
        (0.0610, 0.7110),
        (0.0665, 0.7000),
    ),
    *_FINGERS,
)
_FRONT_LINES: tuple[Points, ...] = (
    ((-0.0035, 0.4080), (0.0000, 0.4120), (0.0035, 0.4080)),
)
#: Those of the back: elbow, buttock, knee, heel (one half each), and the cleft.
_BACK_HALF_LINES: tuple[Points, ...] = (
    ((0.1470, 0.3790), (0.1530, 0.3830), (0.1590, 0.3790)),
    ((0.0040, 0.5370), (0.0350, 0.5510), (0.0740, 0.5400)),
    ((0.0340, 0.7120), (0.0500, 0.7070), (0.0660, 0.7120)),
    ((0.0380, 0.9500), (0.0375, 0.9300), (0.0390, 0.9100)),
    ((0.0520, 0.9500), (0.0520, 0.9300), (0.0500, 0.9100)),
    *_FINGERS,
)
_BACK_LINES: tuple[Points, ...] = (((0.0, 0.5060), (0.0, 0.5220), (0.0, 0.5360)),)
#: What the close-up shows, from the base of the neck to the hip bones: left, top,
#: right, bottom from the midline, in units of the figure's height.
_CLOSE = (-0.1300, 0.1480, 0.1300, 0.4480)


@dataclass(frozen=True, slots=True)
class Line:
    """A smooth line: where it starts, and the curves that follow."""

    start: Point
    curves: tuple[Curve, ...]
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One view of the body: its outline, and lines that help to find a place.

    `lines` are folds of the skin, `bones` what can be felt under it: closed ones hide
    what is drawn before them. `window` is the part of the box that is shown: left,
    top, right, bottom.
    """

    view: str
    title: str
    outline: Line
    lines: tuple[Line, ...]
    bones: tuple[Line, ...]
    window: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)

    @property
    def aspect(self) -> float:
        """Return the width of what is shown for a height of 1."""
        left, top, right, bottom = self.window
        return (right - left) * ASPECT / (bottom - top)

    @property
    def is_part(self) -> bool:
        """Return whether it shows a part of the body only."""
        return self.window != (0.0, 0.0, 1.0, 1.0)


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


def _both_halves(halves: Iterable[Points], *, close: bool = False) -> list[Line]:
    return [
        _smooth(side, close=close) for half in halves for side in (half, mirrored(half))
    ]


def _whole(shapes: Iterable[Points], *, close: bool = False) -> list[Line]:
    return [_smooth(shape, close=close) for shape in shapes]


def _outline() -> Line:
    inner = mirrored(_HALF_OUTLINE[1:-1])[::-1]
    return _smooth((*_HALF_OUTLINE, *inner), close=True)


def _front() -> Figure:
    lines, breastbone = body_bones.ahead()
    return Figure(
        "front",
        "Front",
        _outline(),
        (*_both_halves(_FRONT_HALF_LINES), *_whole(_FRONT_LINES)),
        (*_both_halves(lines), *_whole(breastbone, close=True)),
    )


def _back() -> Figure:
    lines, (blade, spine_of_it), tips = body_bones.behind()
    return Figure(
        "back",
        "Back",
        _outline(),
        (*_both_halves(_BACK_HALF_LINES), *_whole(_BACK_LINES)),
        (
            *_both_halves(lines),
            *_both_halves([blade], close=True),
            *_both_halves([spine_of_it]),
            *_whole(tips, close=True),
        ),
    )


FIGURES = {"front": _front(), "back": _back()}
#: The back once more, large enough to tell one vertebra from the next.
CLOSE_UP = replace(
    FIGURES["back"],
    title="Back, enlarged",
    window=(*in_box(*_CLOSE[:2]), *in_box(*_CLOSE[2:])),
)
