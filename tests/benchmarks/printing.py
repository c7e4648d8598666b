"""How long the summary of a full visit takes to make.

The floor is the same text, line by line, as plain Platypus paragraphs in the same
embedded font: no tables, no chart, no page frame.
"""

import io
from datetime import date
from html import escape
from importlib.resources import files

from tests.benchmarks.measure import line, paired

_DAY = date(2026, 11, 24)
_ROUNDS = 30


def lines() -> list[str]:
    """Return the row: summary PDF against its text alone."""
    import pypdf
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

    from intake.assessment import assess
    from intake.case_file import read_case
    from intake.protocol_loader import default_protocol
    from intake.record import Record
    from reports.documents import PdfDocuments

    protocol = default_protocol()
    sample = (files("intake") / "samples" / "sample_visit.json").read_bytes()
    case = read_case(sample, protocol, today=_DAY)
    assessment = assess(protocol, case.patient, case.answers, case.on)
    record = Record(case.patient, case.on, case.answers, assessment)
    documents = PdfDocuments()

    def ours() -> object:
        return documents.summary(record)

    pages = pypdf.PdfReader(io.BytesIO(documents.summary(record))).pages
    text = [row for page in pages for row in page.extract_text().splitlines()]
    style = ParagraphStyle("plain", fontName=_registered_font(), fontSize=11)

    def floor() -> object:
        story: list[Flowable] = [Paragraph(escape(row), style) for row in text]
        buffer = io.BytesIO()
        SimpleDocTemplate(buffer, initialFontName=style.fontName).build(story)
        return buffer.getvalue()

    made, plain = paired(ours, floor, _ROUNDS)
    return [
        line(
            f"summary PDF, {len(pages)} pages",
            f"{made.median:.0f} ms",
            f"its text alone {plain.median:.0f} ms",
            f"{made.median / plain.median:.2f}x",
            "target under 3x",
        )
    ]


def _registered_font() -> str:
    """Return the font that the summary uses; making one has registered it."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in pdfmetrics.getRegisteredFontNames():
        if isinstance(pdfmetrics.getFont(name), TTFont):
            return str(name)
    msg = "no embedded font is registered"
    raise RuntimeError(msg)
