"""HTML from Python values: whatever is not markup already is escaped."""

from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Text that is markup; nothing else is ever taken for markup."""

    __slots__ = ()


def tag(name: str, *inside: str, **attributes: str) -> Html:
    """Return an element; ``class_`` and ``data_label`` name attributes, empty ones go.

    Text among `inside` is escaped, markup is taken as it is.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value
    )
    return Html(f"<{name}{written}>{joined(inside)}</{name}>")


def joined(parts: Iterable[str]) -> Html:
    """Return text and markup one after the other."""
    return Html("".join(p if isinstance(p, Html) else escape(p) for p in parts))


def bullets(items: Iterable[str], class_: str = "") -> Html:
    """Return a list; nothing when there are no items."""
    rows = [tag("li", item) for item in items]
    return tag("ul", *rows, class_=class_) if rows else Html()


def link(target: str, words: str) -> Html:
    """Return a link to a place on this page."""
    return tag("a", words, href=f"#{target}")


def entry_table(rows: Iterable[tuple[str, str]]) -> Html:
    """Return one entry as a table of names and values; empty values are left out."""
    made = [
        tag("tr", tag("th", name, scope="row"), tag("td", value))
        for name, value in rows
        if value
    ]
    return tag("table", tag("tbody", *made), class_="entry")


def list_table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]
) -> Html:
    """Return a table with a head; the first cell of each row names it.

    Where a heading stands just above, the table needs no caption of its own.
    """
    top = tag("tr", *(tag("th", name, scope="col") for name in head))
    body = []
    for first, *others in rows:
        cells = [
            tag("td", cell, data_label=name)
            for name, cell in zip(head[1:], others, strict=True)
        ]
        body.append(tag("tr", tag("th", first, scope="row"), *cells))
    return tag(
        "table",
        tag("caption", caption) if caption else "",
        tag("thead", top),
        tag("tbody", *body),
        class_="list",
    )


def small(*words: str) -> Html:
    """Return something said in small type; nothing when there is nothing."""
    return tag("span", *words, class_="small") if any(words) else Html()
