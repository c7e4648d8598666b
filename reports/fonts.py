"""The embedded font family: DejaVu Sans Condensed (free licence in `fonts/LICENSE`).

It draws Latin with Vietnamese, Greek and Cyrillic, and the signs that clinicians type
(arrows, comparisons). It is narrow, and stays readable at 10 points after a fax.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from reports.unprintable import cleaned

REGULAR = "DejaVuSansCondensed"
BOLD = "DejaVuSansCondensed-Bold"
_FOLDER = Path(__file__).parent / "fonts"
#: Scripts written from right to left, and those whose letters join or stack: the font
#: has some of these letters, but without shaping they would stand in a wrong order.
_NEED_SHAPING = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC))
#: What lies beyond ReportLab draws, but writes wrong into the table that copying and
#: searching read: no text of the whole font could then be read back.
_LAST_COPIED = 0xFFFF


@cache
def _faces() -> tuple[TTFont, ...]:
    """Read both faces and make them known to ReportLab, once."""
    faces = tuple(TTFont(n, str(_FOLDER / f"{n}.ttf")) for n in (REGULAR, BOLD))
    for face in faces:
        pdfmetrics.registerFont(face)
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD
    )
    return faces


@cache
def _drawable() -> frozenset[int]:
    """Return the code points that both faces can draw, in their right order."""
    both = frozenset.intersection(*(frozenset(f.face.charToGlyph) for f in _faces()))
    shaped = {c for first, last in _NEED_SHAPING for c in range(first, last + 1)}
    return frozenset(c for c in both - shaped if c <= _LAST_COPIED)


def missing_characters(text: str | Iterable[str]) -> frozenset[str]:
    """Return the characters of a text that cannot be drawn, after cleaning."""
    pieces = [text] if isinstance(text, str) else text
    used = set().union(*(cleaned(piece) for piece in pieces)) - {"\n"}
    drawable = _drawable()
    return frozenset(c for c in used if ord(c) not in drawable)
