"""What a source says on one point, with everything needed to judge and to find it."""

from dataclasses import dataclass
from datetime import date

from intake.protocol import Citation, Evidence, Protocol
from intake.protocol_terms import READ_WORDS, VERIFIED_WORDS


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation together with its source, in words for people.

    `year` is "not dated" where the source has none; `at` and `checked` may be missing,
    and so may `link` (a DOI or an address).
    """

    id: str
    title: str
    organisation: str
    year: str
    at: str
    says: str
    verified: str
    verified_words: str
    read_words: str
    checked: date | None
    link: str
    low_back: bool
    note: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure from the literature: of how many, in which group, in which setting."""

    text: str
    group: str
    setting: str
    low_back: bool
    sources: tuple[Cited, ...]
    note: str


def cited(protocol: Protocol, citation: Citation, otherwise: str = "") -> Cited:
    """Return a citation with its source; `otherwise` is said where it says nothing."""
    source = protocol.sources[citation.source]
    link = f"doi:{source.doi}" if source.doi else source.url
    return Cited(
        source.id,
        source.title,
        source.organisation,
        str(source.year) if source.year else "not dated",
        citation.at,
        citation.says or otherwise,
        citation.verified,
        VERIFIED_WORDS[citation.verified],
        READ_WORDS[source.read],
        source.checked,
        link,
        source.low_back,
        source.note,
    )


def figure(protocol: Protocol, evidence: Evidence) -> Figure:
    """Return a figure with its sources; what a source says is the figure itself."""
    sources = tuple(cited(protocol, c, evidence.text) for c in evidence.sources)
    return Figure(
        evidence.text,
        evidence.group,
        evidence.setting,
        evidence.low_back,
        sources,
        evidence.note,
    )
