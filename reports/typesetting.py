"""Content to ReportLab's flowables: escaped text, tables, frames, two columns."""

from collections.abc import Collection, Sequence
from html import escape
from io import BytesIO
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, Image, KeepTogether, Spacer
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as Grid

from reports.body_chart import BodyChart
from reports.content import (
    Block,
    Bullets,
    Chart,
    ClinicHead,
    Columns,
    Heading,
    Notice,
    Paragraph,
    Signature,
    Table,
    Text,
    Together,
)
from reports.fonts import REGULAR
from reports.layout import CELL_SIZE, INK, RULE, TINT, styles
from reports.unprintable import cleaned, with_code_points

_BULLET = "•"
_GUTTER = 14
#: A heading this near to the end of a page goes to the next one.
_ROOM_AFTER_HEADING = 64
#: A logo is no larger than this: wide, high.
_LOGO = (150, 54)


class Line(Flowing):
    """A paragraph whose lines end in a space, so that extracted words stay apart."""

    def breakLines(self, width: Any) -> Any:  # noqa: N802, ANN401  (ReportLab's own hook)
        """Break the lines, and end each but the last with a space."""
        broken = super().breakLines(width)
        for line in broken.lines[:-1]:
            words = line[1] if broken.kind == 0 else line.words
            if not words:
                continue
            if broken.kind == 0:
                words[-1] = f"{words[-1]} "
            elif words[-1].text and not words[-1].text.endswith(" "):
                words[-1].text += " "
        return broken


class Typesetter:
    """Turns blocks into flowables for one width; `missing` print as code points."""

    def __init__(self, width: float, missing: Collection[str]) -> None:
        """Keep the width of the text and what no font can draw."""
        self._width = width
        self._missing = missing
        self._styles = styles()

    def flowables(self, blocks: Sequence[Block]) -> list[Flowable]:
        """Return the flowables of blocks, in the order in which they are read."""
        return self._flow(blocks, self._width)

    def _flow(self, blocks: Sequence[Block], width: float) -> list[Flowable]:
        found: list[Flowable] = []
        for block in blocks:
            found += self._one(block, width)
        return found

    def _one(self, block: Block, width: float) -> list[Flowable]:  # noqa: C901, PLR0911  (one line a kind)
        look = self._styles
        match block:
            case ClinicHead():
                return [self._clinic_head(block, width), Spacer(0, 6)]
            case Heading(words=words, level=level):
                style = look.heading if level == 1 else look.subheading
                return [
                    CondPageBreak(_ROOM_AFTER_HEADING),
                    Line(self._plain(words), style),
                ]
            case Paragraph(words=words, kind=kind):
                style = look.small if kind == "small" else look.body
                return [Line(self._markup(words), style)]
            case Bullets(items=items):
                return [
                    Line(self._markup(item), look.bullet, bulletText=_BULLET)
                    for item in items
                ]
            case Notice():
                return self._notice(block, width)
            case Table():
                return [self._table(block, width), Spacer(0, 4)]
            case Columns():
                return [self._columns(block, width), Spacer(0, 4)]
            case Chart(marks=marks):
                return [BodyChart(marks, width)]
            case Signature():
                return [self._signature(block, width)]
            case Together(blocks=inner):
                flowing = self._flow(inner, width)
                return [
                    KeepTogether(
                        [f for f in flowing if not isinstance(f, CondPageBreak)]
                    )
                ]

    def _clinic_head(self, head: ClinicHead, width: float) -> Flowable:
        """Return the logo at the left, and beside it who and where the clinic is."""
        look = self._styles
        words = [Line(self._plain(head.name), look.clinic)] if head.name else []
        words += [Line(self._plain(line), look.small) for line in head.lines]
        logo = _picture(head.logo) if head.logo else ""
        left = logo.drawWidth + _GUTTER if isinstance(logo, Image) else 0.0
        return Grid(
            [[logo, words]],
            [left, width - left],
            style=[
                ("FONT", (0, 0), (-1, -1), REGULAR, CELL_SIZE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.8, RULE),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
                *((f"{side}PADDING", (0, 0), (-1, -1), 0)
                  for side in ("LEFT", "RIGHT", "TOP")),
            ],
        )  # fmt: skip

    def _plain(self, words: str) -> str:
        """Return typed text for ReportLab: cleaned, escaped, its lines kept."""
        shown = with_code_points(cleaned(words), self._missing)
        return escape(shown, quote=False).replace("\n", "<br/>")

    def _markup(self, words: Text) -> str:
        return "".join(
            f"<b>{self._plain(run.text)}</b>" if run.strong else self._plain(run.text)
            for run in words
        )

    def _notice(self, notice: Notice, width: float) -> list[Flowable]:
        lines = [
            [Line(self._markup(line), self._styles.notice)] for line in notice.lines
        ]
        heavy = notice.kind == "warning"
        look: list[tuple[Any, ...]] = [
            ("FONT", (0, 0), (-1, -1), REGULAR, CELL_SIZE),
            ("BOX", (0, 0), (-1, -1), 2 if heavy else 1.2, INK),
            ("TOPPADDING", (0, 0), (-1, -1), 0.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
        if not heavy:
            look.append(("BACKGROUND", (0, 0), (-1, -1), TINT))
        return [Spacer(0, 2), Grid(lines, [width], style=look), Spacer(0, 4)]

    def _table(self, table: Table, width: float) -> Flowable:
        look = self._styles
        rows: list[list[Any]] = [
            [Line(self._plain(h), look.cell_head) for h in table.head]
        ]
        rows += [
            [Line(self._markup(cell), look.cell) for cell in row] for row in table.rows
        ]
        return Grid(
            rows,
            [share * width for share in table.shares],
            repeatRows=1,
            splitInRow=1,
            style=[
                ("FONT", (0, 0), (-1, -1), REGULAR, CELL_SIZE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), TINT),
                ("GRID", (0, 0), (-1, -1), 0.5, RULE),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ],
        )

    def _columns(self, columns: Columns, width: float) -> Flowable:
        left = (width - _GUTTER) * columns.share
        right = width - _GUTTER - left
        row = [self._flow(columns.left, left), "", self._flow(columns.right, right)]
        return Grid(
            [row],
            [left, _GUTTER, right],
            splitInRow=1,
            style=[
                ("FONT", (0, 0), (-1, -1), REGULAR, CELL_SIZE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                *((f"{side}PADDING", (0, 0), (-1, -1), 0)
                  for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
            ],
        )  # fmt: skip

    def _signature(self, signature: Signature, width: float) -> Flowable:
        cells = [
            Line(self._plain(words), self._styles.body)
            for field in signature.fields
            for words in field
        ]
        rows = [cells[start : start + 4] for start in range(0, len(cells), 4)]
        return Grid(
            rows,
            [width * share for share in (0.16, 0.36, 0.16, 0.32)],
            style=[
                ("FONT", (0, 0), (-1, -1), REGULAR, CELL_SIZE),
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("LINEBELOW", (1, 0), (1, -1), 0.8, INK),
                ("LINEBELOW", (3, 0), (3, -1), 0.8, INK),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
            ],
        )


def _picture(png: bytes) -> Image:
    """Return a logo as large as it may be, in its own shape."""
    return Image(BytesIO(png), *_LOGO, kind="proportional", hAlign="LEFT")
