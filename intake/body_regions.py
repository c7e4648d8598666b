"""The regions of the body chart: names, written definitions, and polygons.

Polygons are measured from the midline in units of the figure's height, like the
outline in `body_figure`, for the viewer's right half (a midline region is whole). They
may reach past the outline; what draws them clips them to it. Where two overlap, the
one listed first wins, so that the spine stands before what lies beside it.
"""

from intake.body_bones import SHOULDER_BLADE, VERTEBRAE, Point

Polygon = tuple[Point, ...]


def _band(half_width: float, top: float, bottom: float) -> Polygon:
    return (
        (-half_width, top),
        (half_width, top),
        (half_width, bottom),
        (-half_width, bottom),
    )


#: The levels that a mark on the back can have, T1 to L2, and where each stands.
LEVEL_HEIGHTS = {
    level: height
    for level, height in VERTEBRAE.items()
    if level not in ("C7", "L3", "L4", "L5")
}

#: Regions in which a mark on the back has a vertebral level.
WITH_LEVELS = frozenset(
    {
        "cervicothoracic",
        "upper_thoracic",
        "mid_thoracic",
        "interscapular",
        "lower_thoracic",
        "thoracolumbar",
        "low_back",
        "scapula_left",
        "scapula_right",
        "chest_wall_back",
    }
)
#: Below this height a mark in the low back has no level that the form knows.
LOWEST_LEVEL = 0.406

#: Regions on the midline: id, name, definition, front polygon, back polygon.
MIDLINE: tuple[tuple[str, str, str, Polygon, Polygon], ...] = (
    (
        "head",
        "Head",
        "Above the jaw in front and the base of the skull behind.",
        _band(0.056, 0.0, 0.136),
        _band(0.056, 0.0, 0.128),
    ),
    (
        "neck",
        "Neck",
        "From the jaw and the base of the skull down to the collarbones and C6.",
        _band(0.050, 0.136, 0.176),
        _band(0.050, 0.128, 0.166),
    ),
    (
        "cervicothoracic",
        "Base of the neck",
        "Over the neck bone that stands out most and the first of the chest: C7, T1.",
        (),
        _band(0.046, 0.166, 0.190),
    ),
    (
        "upper_thoracic",
        "Upper back, top part",
        "Over the spine from T1 to T4, down to the middle of the shoulder blades.",
        (),
        (
            (-0.052, 0.190),
            (0.052, 0.190),
            (0.024, 0.235),
            (-0.024, 0.235),
        ),
    ),
    (
        "mid_thoracic",
        "Middle of the back",
        "Over the spine from T5 to T8, down to the tips of the shoulder blades.",
        (),
        (
            (-0.024, 0.235),
            (0.024, 0.235),
            (0.024, 0.268),
            (0.046, 0.2975),
            (-0.046, 0.2975),
            (-0.024, 0.268),
        ),
    ),
    (
        "interscapular",
        "Between the shoulder blades",
        "Between the inner edges of the shoulder blades, beside the spine.",
        (),
        (
            (-0.046, 0.198),
            (0.046, 0.198),
            (0.048, 0.245),
            (0.0565, 0.281),
            (-0.0565, 0.281),
            (-0.048, 0.245),
        ),
    ),
    (
        "lower_thoracic",
        "Back at the lower ribs",
        "Over the spine from T9 to T12.",
        (),
        _band(0.046, 0.2975, 0.354),
    ),
    (
        "thoracolumbar",
        "Where the ribs end",
        "Over the spine where chest and low back meet: T12 to L1.",
        (),
        _band(0.046, 0.354, 0.386),
    ),
    (
        "low_back",
        "Low back",
        "Below the ribs, between the flanks, down to the sacrum.",
        (),
        (
            (-0.046, 0.386),
            (0.046, 0.386),
            (0.050, 0.425),
            (0.100, 0.425),
            (0.104, 0.452),
            (-0.104, 0.452),
            (-0.100, 0.425),
            (-0.050, 0.425),
        ),
    ),
    (
        "chest_front",
        "Front of the chest",
        "From the collarbones to the edge of the ribs, between the armpit folds.",
        (
            (-0.060, 0.176),
            (0.060, 0.176),
            (0.072, 0.245),
            (0.072, 0.318),
            (0.030, 0.326),
            (-0.030, 0.326),
            (-0.072, 0.318),
            (-0.072, 0.245),
        ),
        (),
    ),
    (
        "abdomen",
        "Belly",
        "From the lower edge of the ribs to the groin, between the flanks.",
        (
            (-0.072, 0.318),
            (-0.030, 0.326),
            (0.030, 0.326),
            (0.072, 0.318),
            (0.066, 0.400),
            (0.078, 0.452),
            (-0.078, 0.452),
            (-0.066, 0.400),
        ),
        (),
    ),
    (
        "groin",
        "Groin",
        "The folds between belly and thighs, and what lies between them.",
        ((-0.082, 0.452), (0.082, 0.452), (0.022, 0.552), (-0.022, 0.552)),
        (),
    ),
)

#: Regions with a LEFT and a RIGHT: id without side, name with {side}, definition,
#: front polygon, back polygon.
PAIRED: tuple[tuple[str, str, str, Polygon, Polygon], ...] = (
    (
        "scapula",
        "{side} shoulder blade",
        "Over the shoulder blade.",
        (),
        SHOULDER_BLADE,
    ),
    (
        "shoulder",
        "{side} shoulder",
        "From beside the neck over the shoulder joint to the armpit.",
        (
            (0.045, 0.160),
            (0.150, 0.175),
            (0.150, 0.252),
            (0.072, 0.252),
            (0.060, 0.176),
        ),
        (
            (0.045, 0.160),
            (0.150, 0.175),
            (0.150, 0.252),
            (0.090, 0.252),
            (0.090, 0.225),
            (0.046, 0.225),
        ),
    ),
    (
        "arm",
        "{side} arm",
        "From the armpit to the wrist.",
        ((0.102, 0.252), (0.160, 0.252), (0.225, 0.513), (0.162, 0.513)),
        ((0.102, 0.252), (0.160, 0.252), (0.225, 0.513), (0.162, 0.513)),
    ),
    (
        "hand",
        "{side} hand",
        "From the wrist to the fingertips.",
        ((0.162, 0.513), (0.240, 0.513), (0.240, 0.620), (0.162, 0.620)),
        ((0.162, 0.513), (0.240, 0.513), (0.240, 0.620), (0.162, 0.620)),
    ),
    (
        "chest_side",
        "{side} side of the chest",
        "Below the armpit, over the ribs.",
        (
            (0.072, 0.245),
            (0.106, 0.245),
            (0.106, 0.345),
            (0.069, 0.345),
            (0.072, 0.318),
        ),
        (
            (0.085, 0.236),
            (0.106, 0.236),
            (0.106, 0.345),
            (0.082, 0.349),
            (0.062, 0.280),
        ),
    ),
    (
        "flank",
        "{side} flank",
        "Between the last rib and the hip bone, at the side.",
        (
            (0.069, 0.345),
            (0.110, 0.345),
            (0.110, 0.452),
            (0.078, 0.452),
            (0.066, 0.400),
        ),
        (
            (0.046, 0.354),
            (0.110, 0.345),
            (0.110, 0.425),
            (0.050, 0.425),
            (0.046, 0.386),
        ),
    ),
    (
        "buttock",
        "{side} buttock",
        "From the hip bone to the fold below the buttock.",
        (),
        ((0.0, 0.452), (0.115, 0.452), (0.118, 0.545), (0.0, 0.545)),
    ),
    (
        "leg",
        "{side} leg",
        "From the hip or the fold below the buttock to the ankle.",
        (
            (0.082, 0.452),
            (0.120, 0.452),
            (0.115, 0.945),
            (0.0, 0.945),
            (0.0, 0.552),
            (0.022, 0.552),
        ),
        ((0.0, 0.545), (0.118, 0.545), (0.115, 0.945), (0.0, 0.945)),
    ),
    (
        "foot",
        "{side} foot",
        "From the ankle down.",
        ((0.0, 0.945), (0.115, 0.945), (0.115, 1.0), (0.0, 1.0)),
        ((0.0, 0.945), (0.115, 0.945), (0.115, 1.0), (0.0, 1.0)),
    ),
)

#: On both sides, but one region: ribs at the back beside the spine.
RIBS_AT_THE_BACK: tuple[str, str, str, Polygon] = (
    "chest_wall_back",
    "Ribs at the back",
    "Over the ribs beside the spine, below the shoulder blades.",
    (
        (0.046, 0.2975),
        (0.034, 0.281),
        (0.0520, 0.262),
        (0.070, 0.278),
        (0.082, 0.349),
        (0.046, 0.354),
    ),
)

#: In the list only, when no nearer place can be given.
WITHOUT_A_PLACE: tuple[tuple[str, str, str], ...] = (
    (
        "thoracic_unspecified",
        "Upper back, place not given",
        "Somewhere in the upper back; nothing nearer could be said.",
    ),
    (
        "back_unspecified",
        "Back, place not given",
        "Somewhere in the back; nothing nearer could be said.",
    ),
)

#: The order of lists: the back first, from the neck down, then front, then limbs.
ORDER = (
    "interscapular",
    "upper_thoracic",
    "mid_thoracic",
    "lower_thoracic",
    "thoracolumbar",
    "cervicothoracic",
    "neck",
    "scapula_left",
    "scapula_right",
    "shoulder_left",
    "shoulder_right",
    "chest_wall_back",
    "chest_side_left",
    "chest_side_right",
    "chest_front",
    "flank_left",
    "flank_right",
    "low_back",
    "abdomen",
    "arm_left",
    "arm_right",
    "hand_left",
    "hand_right",
    "buttock_left",
    "buttock_right",
    "leg_left",
    "leg_right",
    "foot_left",
    "foot_right",
    "groin",
    "head",
    "thoracic_unspecified",
    "back_unspecified",
)
