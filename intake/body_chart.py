"""The body chart: which region lies where, and a mark in words.

One source for screen and paper. Everything is in the figure's box, 0 to 1, y downwards.
LEFT and RIGHT are the patient's: on the front view the patient's right is on the
viewer's left, on the back view on the viewer's right.

A mark is a plain mapping as it is stored (docs/protocol-format.md): ``region``,
``view``, ``x``, ``y``, and optionally ``quality`` and ``levels``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from intake import body_regions as data
from intake.body_bones import Point
from intake.body_figure import (
    ASPECT,
    CLOSE_UP,
    FIGURES,
    Figure,
    in_box,
    mirrored,
)

__all__ = [
    "ASPECT",
    "CLOSE_UP",
    "FIGURES",
    "LEVELS",
    "QUALITY_WORDS",
    "REGIONS",
    "Figure",
    "Region",
    "level_at",
    "levels_in_words",
    "mark_at",
    "mark_in",
    "pattern_of",
    "place_in_words",
    "region",
    "region_at",
    "side_of",
    "words_for",
]

Mark = Mapping[str, Any]
View = Literal["front", "back"]
Polygon = tuple[Point, ...]

#: How far from the midline (of the box) a mark still is on it.
_MIDLINE = 0.03

#: Where a level stands on the back view.
LEVELS: Mapping[str, float] = data.LEVEL_HEIGHTS

#: Qualities a mark may have beside those of the question on quality.
QUALITY_WORDS: Mapping[str, str] = {
    "dull": "dull",
    "aching": "aching",
    "sharp": "sharp",
    "stabbing": "stabbing",
    "burning": "burning",
    "tearing_or_ripping": "tearing or ripping",
    "pressure_or_tight": "pressure or tightness",
    "band_like": "like a band",
    "electric": "electric",
    "cramping": "cramping",
    "itching": "itching",
    "deep_boring": "deep, boring in",
    "throbbing": "throbbing",
    "stiff": "stiff",
    "hard_to_place": "hard to place",
    "numb": "numb",
    "tingling": "tingling",
}


Stroke = Literal["rising", "falling", "level", "upright"]
#: The pattern around a mark tells its quality where there is no colour: what lines it
#: is made of. Qualities that feel alike look alike; the words say which it is.
PATTERNS: Mapping[str, tuple[Stroke, ...]] = {
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
#: The pattern of every other quality.
_USUAL_PATTERN: tuple[Stroke, ...] = ("rising",)


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A named place on the body, with its written definition.

    `side` is left or right where the region has one, else empty. `shapes` holds its
    polygons on each view; a region without any is picked from the list only.
    """

    id: str
    name: str
    definition: str
    side: str = ""
    shapes: Mapping[str, tuple[Polygon, ...]] = field(default_factory=dict)


def _boxed(polygon: Iterable[Point]) -> Polygon:
    return tuple(in_box(*point) for point in polygon)


def _on_views(front: Sequence[Polygon], back: Sequence[Polygon]) -> dict[str, Any]:
    views = {"front": front, "back": back}
    return {
        view: tuple(_boxed(shape) for shape in shapes if shape)
        for view, shapes in views.items()
        if any(shapes)
    }


def _paired_regions() -> Iterable[Region]:
    for name, title, definition, front, back in data.PAIRED:
        for side in ("left", "right"):
            # The viewer's right half is the patient's left in front, right behind.
            ahead = front if side == "left" else mirrored(front)
            behind = back if side == "right" else mirrored(back)
            yield Region(
                f"{name}_{side}",
                title.format(side=side.upper()),
                definition,
                side,
                _on_views((ahead,), (behind,)),
            )


def _all_regions() -> Iterable[Region]:
    for name, title, definition, front, back in data.MIDLINE:
        yield Region(name, title, definition, "", _on_views((front,), (back,)))
    yield from _paired_regions()
    name, title, definition, ribs = data.RIBS_AT_THE_BACK
    yield Region(name, title, definition, "", _on_views((), (ribs, mirrored(ribs))))
    for name, title, definition in data.WITHOUT_A_PLACE:
        yield Region(name, title, definition)


_BY_ID = {found.id: found for found in _all_regions()}
#: Every region, in the order in which a list shows them.
REGIONS: tuple[Region, ...] = tuple(_BY_ID[name] for name in data.ORDER)


def region(region_id: str) -> Region:
    """Return a region; KeyError if there is none of that id."""
    return _BY_ID[region_id]


def region_at(view: str, x: float, y: float) -> Region | None:
    """Return the region at a point of a view, or None beside the body."""
    for found in _BY_ID.values():
        if any(_is_inside(shape, x, y) for shape in found.shapes.get(view, ())):
            return found
    return None


def level_at(y: float) -> str | None:
    """Return the vertebral level at a height on the back view; None below L2."""
    if y > data.LOWEST_LEVEL:
        return None
    return min(LEVELS, key=lambda level: abs(LEVELS[level] - y))


def mark_at(view: str, x: float, y: float) -> dict[str, Any] | None:
    """Return a new mark at a point, with its level on the back; None off the body."""
    found = region_at(view, x, y)
    if found is None:
        return None
    mark: dict[str, Any] = {
        "region": found.id,
        "view": view,
        "x": round(x, 3),
        "y": round(y, 3),
    }
    level = level_at(y)
    if view == "back" and found.id in data.WITH_LEVELS and level:
        mark["levels"] = [level]
    return mark


def mark_in(region_id: str, side: str = "") -> dict[str, Any]:
    """Return a new mark in a region picked from a list.

    `side` (left, right or midline) says where in a region that has no side of its
    own. The mark has no level: a list says no more than the region.
    """
    found = region(region_id)
    view = "back" if "back" in found.shapes or not found.shapes else "front"
    shapes = found.shapes.get(view, ())
    x, y = _centre(shapes[0]) if shapes else (0.5, LEVELS["T6"])
    if not found.side:
        reach = [abs(px - 0.5) for shape in shapes for px, _ in shape] or [0.05]
        away = max(max(reach) * 0.6, _MIDLINE * 1.5)
        on_viewers_right = (side == "right") == (view == "back")
        x = (
            0.5
            if side not in ("left", "right")
            else 0.5 + away * (1 if on_viewers_right else -1)
        )
    return {"region": region_id, "view": view, "x": round(x, 3), "y": round(y, 3)}


def pattern_of(mark: Mark) -> tuple[Stroke, ...]:
    """Return the lines around a mark; none where no quality was said."""
    quality = mark.get("quality")
    return PATTERNS.get(quality, _USUAL_PATTERN) if quality else ()


def place_in_words(view: str, x: float, y: float) -> str:
    """Return what is at a point: its region, on the back with its level; or nothing."""
    mark = mark_at(view, x, y)
    if mark is None:
        return ""
    levels = mark.get("levels", ())
    return ", ".join((region(mark["region"]).name, *levels))


def side_of(mark: Mark) -> str:
    """Return the patient's side of a mark: left, right or midline."""
    own = region(mark["region"]).side
    if own:
        return own
    offset = float(mark["x"]) - 0.5
    if abs(offset) <= _MIDLINE:
        return "midline"
    return "right" if (offset > 0) == (mark["view"] == "back") else "left"


def levels_in_words(levels: Sequence[str]) -> str:
    """Return levels as people say them: ``T4 to T6, T9``."""
    order = list(LEVELS)
    places = sorted(order.index(level) for level in set(levels))
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(
        order[run[0]] if len(run) == 1 else f"{order[run[0]]} to {order[run[-1]]}"
        for run in runs
    )


def words_for(mark: Mark) -> str:
    """Return a mark in words: ``burning, back, RIGHT, T4 to T5``.

    A mark without levels names its region: ``numb, front, LEFT hand``.
    """
    words = [QUALITY_WORDS.get(mark.get("quality", ""), ""), str(mark["view"])]
    side = side_of(mark)
    levels = mark.get("levels") or ()
    if levels:
        words += [side if side == "midline" else side.upper(), levels_in_words(levels)]
    else:
        found = region(mark["region"])
        words.append(found.name)
        if not found.side and found.shapes and found.id not in ("head", "groin"):
            words.append(side if side == "midline" else side.upper())
    return ", ".join(word for word in words if word)


def _is_inside(polygon: Polygon, x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1):
            inside = not inside
    return inside


def _centre(polygon: Polygon) -> Point:
    area = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross
        cx += (x1 + x2) * cross
        cy += (y1 + y2) * cross
    return (cx / (3 * area), cy / (3 * area))
