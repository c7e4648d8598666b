"""How pages look: paper, margins, styles, and what stands on every page.

Everything is readable in grey and after a fax: black on white, body text of 11 points,
nothing said by colour alone.
"""

from dataclasses import dataclass
from typing import Any, Final

from reportlab.lib.colors import Color, black, white
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from reports.content import Frame
from reports.fonts import BOLD, REGULAR

MARGIN: Final = inch
BODY_SIZE: Final = 11
CELL_SIZE: Final = 10
_FRAME_SIZE: Final = 9
_ELLIPSIS: Final = "…"
INK: Final = black
PAPER: Final = white
#: The lightest grey that survives a fax as a tint, and one dark enough for a line.
TINT: Final = Color(0.9, 0.9, 0.9)
RULE: Final = Color(0.35, 0.35, 0.35)

PAGES: Final = {"letter": LETTER, "a4": A4}


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:  # noqa: ANN401  (what ReportLab takes)
    settings = {
        "fontName": REGULAR,
        "bulletFontName": REGULAR,
        "fontSize": size,
        "leading": size * 1.17,
        "textColor": INK,
        "bulletFontSize": size,
        "allowWidows": 0,
        "allowOrphans": 0,
    }
    return ParagraphStyle(name, **{**settings, **more})


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of one document."""

    body: ParagraphStyle
    small: ParagraphStyle
    bullet: ParagraphStyle
    cell: ParagraphStyle
    cell_head: ParagraphStyle
    clinic: ParagraphStyle
    heading: ParagraphStyle
    subheading: ParagraphStyle
    notice: ParagraphStyle


def styles() -> Styles:
    """Return the styles."""
    return Styles(
        body=_style("body", BODY_SIZE, spaceAfter=2.5),
        small=_style("small", CELL_SIZE, spaceAfter=1.5),
        bullet=_style(
            "bullet", BODY_SIZE, leftIndent=12, bulletIndent=2, spaceAfter=1.5
        ),
        cell=_style("cell", CELL_SIZE),
        cell_head=_style("cell_head", CELL_SIZE, fontName=BOLD),
        clinic=_style("clinic", 13, fontName=BOLD, spaceAfter=1),
        heading=_style(
            "heading", 12, fontName=BOLD, spaceBefore=5, spaceAfter=2
        ),
        subheading=_style(
            "subheading", BODY_SIZE, fontName=BOLD, spaceBefore=3, spaceAfter=1,
        ),
        notice=_style("notice", BODY_SIZE),
    )  # fmt: skip


def draw_head(canvas: Canvas, frame: Frame, size: tuple[float, float]) -> None:
    """Draw who the patient is and what this is, at the top of a page."""
    width, height = size
    room = width - 2 * MARGIN
    top = height - MARGIN + 26
    canvas.saveState()
    canvas.setFillColor(INK)
    name_room = room - stringWidth(frame.title, BOLD, BODY_SIZE) - 12
    canvas.setFont(BOLD, BODY_SIZE)
    canvas.drawString(MARGIN, top, cut(frame.patient, BOLD, BODY_SIZE, name_room))
    canvas.drawRightString(width - MARGIN, top, frame.title)
    canvas.setFont(REGULAR, _FRAME_SIZE)
    who = f"{frame.born}   Chart number: {frame.chart_number}"
    canvas.drawString(MARGIN, top - 12, cut(who, REGULAR, _FRAME_SIZE, room))
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.8)
    canvas.line(MARGIN, top - 17, width - MARGIN, top - 17)
    canvas.restoreState()


def draw_foot(
    canvas: Canvas, frame: Frame, size: tuple[float, float], page: tuple[int, int]
) -> None:
    """Draw status, warnings, digest and ``Page 1 of 3`` at the bottom of a page."""
    width, _ = size
    room = width - 2 * MARGIN
    number = f"Page {page[0]} of {page[1]}"
    canvas.saveState()
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.8)
    canvas.line(MARGIN, MARGIN - 12, width - MARGIN, MARGIN - 12)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, _FRAME_SIZE)
    left = room - stringWidth(number, BOLD, _FRAME_SIZE) - 12
    canvas.drawString(MARGIN, MARGIN - 23, cut(frame.status, BOLD, _FRAME_SIZE, left))
    canvas.drawRightString(width - MARGIN, MARGIN - 23, number)
    canvas.setFont(REGULAR, _FRAME_SIZE)
    record = f"Record {frame.digest}"
    left = room - stringWidth(record, REGULAR, _FRAME_SIZE) - 12
    canvas.drawString(
        MARGIN, MARGIN - 35, cut(frame.warning, REGULAR, _FRAME_SIZE, left)
    )
    canvas.drawRightString(width - MARGIN, MARGIN - 35, record)
    canvas.drawString(
        MARGIN, MARGIN - 47, cut(frame.outdated, REGULAR, _FRAME_SIZE, room)
    )
    canvas.restoreState()


def cut(text: str, font: str, size: float, room: float) -> str:
    """Return as much of a text as fits, with an ellipsis where it was cut."""
    if len(text) < 500 and stringWidth(text, font, size) <= room:
        return text
    low, high = 0, min(len(text), 500)
    while low < high:
        middle = (low + high + 1) // 2
        if stringWidth(text[:middle] + _ELLIPSIS, font, size) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _ELLIPSIS
