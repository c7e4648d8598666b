"""The page as a whole: what the protocol is, how to read it, and all its parts."""

from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from intake.protocol import Protocol
from reports.protocol_page import concerns, form, lists
from reports.protocol_page.changes import changes_part
from reports.protocol_page.head import identity_part, reading_part, uses_part
from reports.protocol_page.imaging import imaging_part
from reports.protocol_page.markup import Html, bullets, joined, link, tag
from reports.protocol_page.words import Teller, codes

if TYPE_CHECKING:
    from collections.abc import Callable

_STYLE = files("reports") / "protocol_page" / "page.css"


def protocol_page(protocol: Protocol, changes: str, on: date) -> bytes:
    """Return the page as UTF-8.

    Args:
        protocol: the checked protocol.
        changes: the text of its `CHANGES.md`; empty without one.
        on: the day on which the page is made, for the review-by date.
    """
    teller = Teller(protocol)
    parts = _parts(teller, changes)
    title = f"{protocol.title}: protocol {protocol.version} for review"
    head = tag(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", title),
        tag("style", Html(_STYLE.read_text(encoding="utf-8"))),
    )
    body = tag(
        "body",
        tag(
            "header",
            tag("h1", protocol.title),
            *(tag("p", words, class_="warning") for words in protocol.warnings(on)),
            identity_part(protocol, on),
        ),
        tag("nav", tag("h2", "Contents"), _contents(protocol, parts), id="contents"),
        tag("main", *(part for _, _, part in parts)),
    )
    page = tag("html", head, body, lang="en-US")
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _parts(teller: Teller, changes: str) -> list[tuple[str, str, Html]]:
    """Return the parts: place, title, and the part with its heading."""
    protocol = teller.protocol
    made: list[tuple[str, str, Callable[[], Html]]] = [
        ("reading", "How to read this page", reading_part),
        (
            "attributes",
            "Where it comes from, what it uses",
            lambda: uses_part(protocol),
        ),
        ("overview", "Overview", lambda: concerns.overview(teller)),
        ("scope", "Whom it was not written for", lambda: lists.scope(teller)),
        ("concerns", "Concerns and their rules", lambda: _concerns(teller)),
        ("thrust", "Manual therapy", lambda: lists.thrust_cautions(teller)),
        ("not-suggested", "Not suggested", lambda: lists.not_suggested(teller)),
        ("red-flags", "Red flags", lambda: lists.red_flags(teller)),
        ("confirm-rows", "Confirmed row by row", lambda: lists.confirm_rows(teller)),
        ("findings", "Findings", lambda: lists.findings(teller)),
        ("actions", "Actions", lambda: lists.actions(teller)),
        ("criteria", "Imaging criteria", lambda: imaging_part(teller)),
        ("form", "Questions of the form", lambda: _form(teller)),
        ("codes", "Codes", lambda: _codes(protocol)),
        ("sources", "Sources", lambda: lists.sources(protocol)),
        ("changes", "Clinical history", lambda: changes_part(changes)),
    ]
    parts = []
    for place, title, part in made:
        inside = part()
        if inside:
            head = tag("h2", title, id=place)
            parts.append((place, title, tag("section", head, inside, class_="part")))
    return parts


def _contents(protocol: Protocol, parts: list[tuple[str, str, Html]]) -> Html:
    inner = {
        "concerns": [
            joined(
                (
                    link(f"concern-{c.id}", concerns.title_of(c)),
                    f" ({len(c.rules)} rule{'s' if len(c.rules) != 1 else ''})",
                )
            )
            for c in protocol.concerns.values()
        ],
        "form": [link(f"section-{s.id}", s.title) for s in protocol.sections],
    }
    return bullets(
        joined((link(place, title), bullets(inner.get(place, ()))))
        for place, title, _ in parts
    )


def _concerns(teller: Teller) -> Html:
    return joined(
        concerns.concern_part(teller, c) for c in teller.protocol.concerns.values()
    )


def _form(teller: Teller) -> Html:
    return joined(form.section_part(teller, s) for s in teller.protocol.sections)


def _codes(protocol: Protocol) -> Html:
    presenting = codes(protocol.presenting)
    intro = tag("p", "What every patient of this protocol comes with:")
    documents = codes(tuple(protocol.documents.values()))
    told = tag("p", "The documents:")
    return joined(
        (
            *((intro, presenting) if presenting else ()),
            *((told, documents) if documents else ()),
            lists.code_systems(protocol),
        )
    )
