"""What a document says, before it has a layout: plain data.

Text here is as people typed it; `typesetting` escapes it. A `Text` is a line of runs,
so that a word can be strong without markup.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple


class Run(NamedTuple):
    """Some words, plain or strong."""

    text: str
    strong: bool = False


Text = tuple[Run, ...]


def text(*parts: str | Run) -> Text:
    """Return a text of plain words and runs, without the empty ones."""
    runs = (Run(part) if isinstance(part, str) else part for part in parts)
    return tuple(run for run in runs if run.text)


def strong(words: str) -> Run:
    """Return words that stand out."""
    return Run(words, strong=True)


def labelled(label: str, words: str) -> Text:
    """Return ``Label: words`` with the label strong."""
    return text(strong(f"{label}: "), words)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a part (1) or of something in it (2)."""

    words: str
    level: Literal[1, 2] = 1

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        yield self.words


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `small` one says where something comes from."""

    words: Text
    kind: Literal["body", "small"] = "body"

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        return _words_of((self.words,))


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of things of one kind."""

    items: tuple[Text, ...]

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        return _words_of(self.items)


@dataclass(frozen=True, slots=True)
class Notice:
    """What must not be overlooked, in a frame."""

    lines: tuple[Text, ...]
    kind: Literal["warning", "result"] = "result"

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        return _words_of(self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head row. `shares` are the widths of its columns."""

    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    shares: tuple[float, ...]

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        yield from self.head
        yield from _words_of(cell for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Columns:
    """Two columns side by side: the left one is read first."""

    left: "tuple[Block, ...]"
    right: "tuple[Block, ...]"
    share: float = 0.5

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        return _all_texts((*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Chart:
    """The body chart with its marks, numbered as the list beside it."""

    marks: tuple[Mapping[str, Any], ...]

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        return ()


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines to be filled in by hand, two a row: what is asked, what is known."""

    fields: tuple[tuple[str, str], ...]

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        return (words for field in self.fields for words in field)


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stay on one page where they fit on one."""

    blocks: "tuple[Block, ...]"

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        return _all_texts(self.blocks)


@dataclass(frozen=True, slots=True)
class ClinicHead:
    """The clinic, at the head of the first page. `logo` is a PNG, or empty."""

    name: str
    lines: tuple[str, ...]
    logo: bytes = b""

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        yield self.name
        yield from self.lines


Block = (
    ClinicHead
    | Heading
    | Paragraph
    | Bullets
    | Notice
    | Table
    | Columns
    | Chart
    | Signature
    | Together
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands on every page. `warning` is empty once the rules are reviewed.

    `outdated` is empty as long as they are in date.
    """

    title: str
    patient: str
    born: str
    chart_number: str
    status: str
    warning: str
    outdated: str
    digest: str

    def texts(self) -> Iterable[str]:
        """Yield every piece of text."""
        yield from (self.title, self.patient, self.born, self.chart_number)
        yield from (self.status, self.warning, self.outdated, self.digest)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document."""

    frame: Frame
    blocks: tuple[Block, ...]
    language: str = "en-US"

    def texts(self) -> Iterable[str]:
        """Yield every piece of text of the document, the frame first."""
        yield from self.frame.texts()
        yield from _all_texts(self.blocks)


def _words_of(lines: Iterable[Text]) -> Iterable[str]:
    return (run.text for line in lines for run in line)


def _all_texts(blocks: "Iterable[Block]") -> Iterable[str]:
    return (words for block in blocks for words in block.texts())
