"""A document's content to PDF bytes. The same content gives the same bytes."""

import io
from typing import Any, Literal

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, PageTemplate
from reportlab.platypus import Frame as Area

from reports import fonts, layout
from reports.content import Document, Frame
from reports.typesetting import Typesetter
from reports.unprintable import UnprintableTextError, cleaned, with_code_points

Page = Literal["letter", "a4"]


def build(
    document: Document, *, page: Page = "letter", code_points: bool = False
) -> bytes:
    """Return the document as PDF bytes.

    Raises:
        UnprintableTextError: a character cannot be drawn and `code_points` is False.
    """
    missing = fonts.missing_characters(document.texts())
    if missing and not code_points:
        raise UnprintableTextError(missing)
    size = layout.PAGES[page]
    width, height = size[0] - 2 * layout.MARGIN, size[1] - 2 * layout.MARGIN
    frame = _printable(document.frame, missing)
    output = io.BytesIO()
    template = BaseDocTemplate(
        output,
        pagesize=size,
        title=f"{frame.title}, {frame.patient}",
        author="Thoracic Intake",
        subject=frame.status,
        creator="Thoracic Intake",
        lang=document.language,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
        displayDocTitle=True,
    )
    area = Area(
        layout.MARGIN, layout.MARGIN, width, height,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    template.addPageTemplates(
        PageTemplate(
            frames=[area],
            onPage=lambda canvas, _: layout.draw_head(canvas, frame, size),
        )
    )
    story = Typesetter(width, missing).flowables(document.blocks)
    template.build(story, canvasmaker=_counting(frame, size))
    return output.getvalue()


def _printable(frame: Frame, missing: frozenset[str]) -> Frame:
    """Return the frame with every text on one line and drawable."""

    def one_line(words: str) -> str:
        return with_code_points(" ".join(cleaned(words).split()), missing)

    return Frame(
        *(
            one_line(getattr(frame, name))
            for name in (
                "title", "patient", "born", "chart_number", "status", "warning",
                "outdated", "digest",
            )
        )
    )  # fmt: skip


def _counting(frame: Frame, size: tuple[float, float]) -> type[Canvas]:
    """Return a canvas that draws every page's foot once all pages are known."""

    class CountingCanvas(Canvas):
        def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401  (ReportLab's)
            super().__init__(*args, **settings)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802  (ReportLab's own hook)
            self._pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # not in the stubs

        def save(self) -> None:
            for number, state in enumerate(self._pages, 1):
                self.__dict__.update(state)
                layout.draw_foot(self, frame, size, (number, len(self._pages)))
                super().showPage()
            super().save()

    return CountingCanvas
