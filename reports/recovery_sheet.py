"""The recovery sheet: the code that opens the records when every passphrase is lost."""

import io

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from reports import fonts, layout
from reports.unprintable import UnprintableTextError

_STEPS = (
    "Print this sheet, or copy the code by hand, and delete the file.",
    "Keep it where the clinic keeps its deeds, not beside the computer.",
    (
        "Whoever holds it can open every record. Whoever loses it and every passphrase "
        "cannot open any: nobody else has the key, neither we nor the maker."
    ),
    (
        "To use it, choose \u201cI have the recovery sheet\u201d when the "
        "program asks who works. Capital letters and hyphens do not matter."
    ),
    "Afterwards the owner can print a new sheet; this one opens nothing then.",
)
_CODE_SIZE = 20


def recovery_sheet(clinic: str, code: str) -> bytes:
    """Return the sheet as PDF bytes; the code is on it and nowhere else.

    Raises:
        UnprintableTextError: the clinic's name has a character no font can draw.
    """
    if missing := fonts.missing_characters(clinic):
        raise UnprintableTextError(missing)
    size = layout.PAGES["letter"]
    width, height = size
    room = width - 2 * layout.MARGIN
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=size, invariant=1, lang="en-US")
    canvas.setTitle("Recovery sheet")
    canvas.setAuthor("Thoracic Intake")
    top = height - layout.MARGIN
    canvas.setFont(fonts.BOLD, _CODE_SIZE)
    canvas.drawString(layout.MARGIN, top - 20, "Recovery sheet")
    canvas.setFont(fonts.REGULAR, layout.BODY_SIZE)
    shown = layout.cut(clinic, fonts.REGULAR, layout.BODY_SIZE, room)
    canvas.drawString(layout.MARGIN, top - 44, shown)
    canvas.setStrokeColor(layout.RULE)
    canvas.rect(layout.MARGIN, top - 130, room, 56)
    canvas.setFont(fonts.BOLD, _CODE_SIZE)
    canvas.drawCentredString(width / 2, top - 109, code)
    below = top - 160
    for number, step in enumerate(_STEPS, 1):
        paragraph = Paragraph(f"{number}. {step}", layout.styles().body)
        _, used = paragraph.wrap(room, below)
        below -= used
        paragraph.drawOn(canvas, layout.MARGIN, below)
        below -= 6
    canvas.save()
    return output.getvalue()
