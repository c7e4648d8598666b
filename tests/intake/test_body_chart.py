"""Screen, paper and rules share these regions: a wrong side would be wrong in all."""

import pytest

from intake.body_chart import (
    CLOSE_UP,
    FIGURES,
    LEVELS,
    REGIONS,
    Figure,
    level_at,
    levels_in_words,
    mark_at,
    mark_in,
    pattern_of,
    place_in_words,
    region,
    region_at,
    side_of,
    words_for,
)

PAIRED = ("arm", "hand", "leg", "foot", "buttock")
LIMBS = {f"{part}_{side}" for part in PAIRED for side in ("left", "right")}


def test_every_region_of_the_inventory_is_there_once() -> None:
    ids = [found.id for found in REGIONS]

    assert len(ids) == len(set(ids)) == 33
    assert set(ids) >= {*LIMBS, "head", "groin"}


def test_every_region_has_a_name_and_a_written_definition() -> None:
    assert all(found.name and found.definition.endswith(".") for found in REGIONS)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("name", [r.id for r in REGIONS if r.shapes])
def test_a_mark_picked_from_the_list_lies_in_its_region(name: str, side: str) -> None:
    mark = mark_in(name, "" if region(name).side else side)
    found = region_at(mark["view"], mark["x"], mark["y"])

    if name in ("upper_thoracic", "mid_thoracic"):
        # Beside the spine, these two lie within the next region of the picture.
        assert found is not None
    else:
        assert found is region(name)


def test_left_and_right_are_the_patients() -> None:
    assert region_at("back", 0.64, 0.24).id == "scapula_right"  # type: ignore[union-attr]  # on the body
    assert region_at("front", 0.30, 0.22).id == "shoulder_right"  # type: ignore[union-attr]  # on the body
    assert region_at("front", 0.66, 0.8).id == "leg_left"  # type: ignore[union-attr]  # on the body
    assert region_at("back", 0.66, 0.8).id == "leg_right"  # type: ignore[union-attr]  # on the body


def test_beside_the_body_there_is_no_region() -> None:
    assert region_at("front", 0.02, 0.02) is None
    assert mark_at("back", 0.99, 0.9) is None


def test_a_mark_on_the_back_knows_its_level() -> None:
    assert mark_at("back", 0.5, LEVELS["T5"]) == {
        "region": "mid_thoracic",
        "view": "back",
        "x": 0.5,
        "y": 0.242,
        "levels": ["T5"],
    }


def test_a_mark_in_front_or_low_down_has_no_level() -> None:
    assert "levels" not in (mark_at("front", 0.5, 0.25) or {})
    assert "levels" not in (mark_at("back", 0.5, 0.44) or {})
    assert level_at(0.44) is None


def test_levels_follow_each_other_down_the_back() -> None:
    heights = list(LEVELS.values())

    assert heights == sorted(heights)
    assert next(iter(LEVELS)) == "T1"
    assert list(LEVELS)[-1] == "L2"


@pytest.mark.parametrize("side", ["left", "right", "midline"])
def test_a_region_without_a_side_is_marked_on_the_side_that_was_said(side: str) -> None:
    mark = mark_in("interscapular", side)

    assert side_of(mark) == side
    assert region_at(mark["view"], mark["x"], mark["y"]) in (
        region("interscapular"),
        region("mid_thoracic"),
    )


def test_a_mark_reads_as_the_clinician_would_say_it() -> None:
    mark = {
        "region": "scapula_right",
        "view": "back",
        "x": 0.61,
        "y": 0.24,
        "quality": "burning",
        "levels": ["T4", "T5"],
    }

    assert words_for(mark) == "burning, back, RIGHT, T4 to T5"


def test_a_mark_without_levels_names_its_region() -> None:
    hand = {"region": "hand_left", "view": "front", "x": 0.9, "y": 0.55}

    assert words_for({**hand, "quality": "numb"}) == "numb, front, LEFT hand"
    assert words_for(mark_in("chest_front", "left")) == (
        "front, Front of the chest, LEFT"
    )
    assert words_for(mark_in("back_unspecified")) == "back, Back, place not given"


def test_levels_are_said_as_runs() -> None:
    assert levels_in_words(["T6", "T4", "T5", "T9", "L1"]) == "T4 to T6, T9, L1"


def test_both_figures_are_closed_and_mirror_themselves() -> None:
    for figure in FIGURES.values():
        ends = {end for _, _, end in figure.outline.curves}

        assert figure.outline.is_closed
        assert figure.outline.curves[-1][2] == figure.outline.start
        assert all(
            any(abs(x + other - 1) < 1e-9 and y == height for other, height in ends)
            for x, y in ends
        )


def test_every_place_on_the_body_has_a_name() -> None:
    steps = [n / 50 for n in range(51)]
    nameless = {
        (view, x, y)
        for view, figure in FIGURES.items()
        for x in steps
        for y in steps
        if _is_on(figure, x, y) and region_at(view, x, y) is None
    }

    assert nameless == set()


def test_beside_the_body_the_check_of_places_would_find_something() -> None:
    assert not _is_on(FIGURES["front"], 0.02, 0.02)
    assert _is_on(FIGURES["front"], 0.5, 0.3)


def test_the_close_up_shows_the_same_back_with_every_level_apart() -> None:
    _left, top, _right, bottom = CLOSE_UP.window

    assert CLOSE_UP.outline == FIGURES["back"].outline
    assert CLOSE_UP.is_part
    assert not FIGURES["back"].is_part
    assert all(top < height < bottom for height in LEVELS.values())


def test_what_is_pointed_at_is_named_with_its_level() -> None:
    assert place_in_words("back", 0.5, LEVELS["T6"]) == "Middle of the back, T6"
    assert place_in_words("front", 0.5, 0.25) == "Front of the chest"
    assert place_in_words("front", 0.02, 0.02) == ""


def test_a_mark_has_a_pattern_when_its_quality_is_known() -> None:
    place = mark_in("mid_thoracic")

    assert pattern_of(place) == ()
    assert pattern_of({**place, "quality": "aching"}) == ("rising",)
    assert pattern_of({**place, "quality": "numb"}) == ("level",)


def _is_on(figure: Figure, x: float, y: float) -> bool:
    """Return whether a point lies within the outline, taken along its points."""
    ends = [end for _, _, end in figure.outline.curves]
    crossed = [
        y1
        for (x1, y1), (x2, y2) in zip(ends, [*ends[1:], ends[0]], strict=True)
        if (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1)
    ]
    return len(crossed) % 2 == 1
