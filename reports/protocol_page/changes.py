"""The clinical history (`CHANGES.md`) as markup: headings, lists, paragraphs, bold."""

import re

from reports.protocol_page.markup import Html, joined, tag

_BOLD = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`")
#: The page's own headings stand above those of the file.
_LOWEST = 6


def changes_part(text: str) -> Html:
    """Return the text of the file; what is not understood stays plain text."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    level, made = 1, []
    for block in blocks:
        heading = re.fullmatch(r"(#+)\s+(.+)", block.strip())
        if heading is None:
            made.append(_block(block))
        elif len(heading[1]) > 1:
            # The first heading names the file: the page has said that already.
            level = min(len(heading[1]) + 1, level + 2 if level == 1 else level + 1)
            made.append(tag(f"h{min(level, _LOWEST)}", _inline(heading[2])))
    return joined(made)


def _block(block: str) -> Html:
    items = re.split(r"^[-*] ", block, flags=re.MULTILINE)
    before, *listed = (" ".join(item.split()) for item in items)
    paragraph = tag("p", _inline(before)) if before else Html()
    if not listed:
        return paragraph
    return joined((paragraph, tag("ul", *(tag("li", _inline(i)) for i in listed))))


def _inline(text: str) -> Html:
    parts: list[str] = []
    end = 0
    for found in _BOLD.finditer(text):
        parts.append(text[end : found.start()])
        bold, italic, code = found.groups()
        name = "b" if bold else "i" if italic else "code"
        parts.append(tag(name, bold or italic or code))
        end = found.end()
    return joined((*parts, text[end:]))
