"""The bones that show through on the body chart, as points to find a place by.

They hint at what can be felt under the skin: the shoulder blades, the ribs, the tips
of the vertebrae. Measured like the outline in `body_figure`: from the midline, in
units of the figure's height, one half each where both halves are alike.
"""

from collections.abc import Iterator

Point = tuple[float, float]
Points = tuple[Point, ...]

#: Tips of the vertebrae on the back, C7 to L5.
VERTEBRAE = {
    "C7": 0.1685,
    "T1": 0.1830,
    "T2": 0.1975,
    "T3": 0.2125,
    "T4": 0.2275,
    "T5": 0.2425,
    "T6": 0.2580,
    "T7": 0.2735,
    "T8": 0.2895,
    "T9": 0.3060,
    "T10": 0.3230,
    "T11": 0.3405,
    "T12": 0.3585,
    "L1": 0.3770,
    "L2": 0.3960,
    "L3": 0.4150,
    "L4": 0.4335,
    "L5": 0.4510,
}

#: How far each rib reaches to the side on the back, and how far down on its way.
_RIBS_BEHIND = {
    "T1": (0.040, 0.008),
    "T2": (0.060, 0.014),
    "T3": (0.074, 0.021),
    "T4": (0.084, 0.027),
    "T5": (0.090, 0.032),
    "T6": (0.093, 0.036),
    "T7": (0.094, 0.039),
    "T8": (0.093, 0.041),
    "T9": (0.090, 0.041),
    "T10": (0.085, 0.038),
    "T11": (0.064, 0.026),
    "T12": (0.046, 0.019),
}
#: Where the ribs meet the breastbone, and how far each reaches to the side.
_RIBS_AHEAD = (
    (0.2060, 0.064),
    (0.2200, 0.078),
    (0.2345, 0.087),
    (0.2490, 0.091),
    (0.2630, 0.093),
    (0.2760, 0.093),
)
_SPINE_OF_THE_BLADE: Points = (
    (0.0475, 0.2230),
    (0.0640, 0.2165),
    (0.0840, 0.2070),
    (0.1040, 0.2000),
    (0.1180, 0.2030),
    (0.1240, 0.2120),
)
SHOULDER_BLADE: Points = (
    (0.0510, 0.1985),
    (0.0640, 0.2020),
    (0.0800, 0.2065),
    (0.0960, 0.2120),
    (0.1000, 0.2210),
    (0.0945, 0.2330),
    (0.0860, 0.2500),
    (0.0760, 0.2690),
    (0.0670, 0.2835),
    (0.0605, 0.2865),
    (0.0545, 0.2760),
    (0.0490, 0.2520),
    (0.0465, 0.2260),
    (0.0475, 0.2080),
)
_HIP_BONE_BEHIND: Points = (
    (0.0170, 0.4640),
    (0.0240, 0.4450),
    (0.0430, 0.4290),
    (0.0690, 0.4270),
    (0.0900, 0.4420),
)
_SACRUM: Points = (
    (-0.0190, 0.4640),
    (0.0000, 0.4610),
    (0.0190, 0.4640),
    (0.0130, 0.4840),
    (0.0000, 0.5040),
    (-0.0130, 0.4840),
)
_COLLARBONE: Points = (
    (0.0110, 0.1890),
    (0.0300, 0.1845),
    (0.0560, 0.1855),
    (0.0820, 0.1905),
    (0.1080, 0.1970),
)
_BREASTBONE: Points = (
    (0.0000, 0.1880),
    (0.0120, 0.1870),
    (0.0105, 0.1990),
    (0.0070, 0.2080),
    (0.0085, 0.2300),
    (0.0085, 0.2620),
    (0.0050, 0.2780),
    (0.0000, 0.2930),
)
_EDGE_OF_THE_RIBS: Points = (
    (0.0050, 0.2800),
    (0.0200, 0.2960),
    (0.0400, 0.3140),
    (0.0640, 0.3340),
    (0.0860, 0.3500),
)


def behind() -> tuple[list[Points], list[Points], list[Points]]:
    """Return lines, shapes and vertebrae of the back, lines and shapes of one half.

    A shape hides the lines behind it.
    """
    lines = [*_ribs_behind(), _HIP_BONE_BEHIND]
    return lines, [SHOULDER_BLADE, _SPINE_OF_THE_BLADE], [*_tips(), _SACRUM]


def ahead() -> tuple[list[Points], list[Points]]:
    """Return the lines of one half of the front, and the breastbone whole."""
    lines = [_COLLARBONE, _EDGE_OF_THE_RIBS, *_ribs_ahead()]
    other_half = tuple((-x, y) for x, y in _BREASTBONE[-2:0:-1])
    return lines, [(*_BREASTBONE, *other_half)]


def _ribs_behind() -> Iterator[Points]:
    for level, (reach, drop) in _RIBS_BEHIND.items():
        top = VERTEBRAE[level]
        yield (
            (0.0225, top - 0.0005),
            (0.0225 + 0.12 * reach, top - 0.0012),
            (0.0060 + 0.60 * reach, top + 0.18 * drop),
            (0.86 * reach, top + 0.55 * drop),
            (reach, top + drop),
        )


def _ribs_ahead() -> Iterator[Points]:
    for top, reach in _RIBS_AHEAD:
        yield (
            (0.0110, top),
            (0.0100 + 0.45 * reach, top + 0.0010),
            (0.82 * reach, top - 0.0080),
            (reach, top - 0.0180),
        )


def _tips() -> Iterator[Points]:
    """Yield each vertebra as the drop that its tip makes, larger in the low back."""
    for level, middle in VERTEBRAE.items():
        wide, high = (0.0062, 0.0062) if level[0] == "L" else (0.0048, 0.0052)
        yield (
            (-wide, middle - 0.55 * high),
            (0.0, middle - 0.80 * high),
            (wide, middle - 0.55 * high),
            (0.40 * wide, middle + 0.45 * high),
            (0.0, middle + high),
            (-0.40 * wide, middle + 0.45 * high),
        )
