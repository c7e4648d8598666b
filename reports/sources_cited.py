"""Numbers the sources a document cites, and says how far each was verified."""

from collections.abc import Iterable

from intake.protocol import Citation, Protocol
from intake.protocol_terms import READ_WORDS, VERIFIED_WORDS
from reports.content import Text, strong, text

_PROPOSAL = "P"
_IN_SOURCE = VERIFIED_WORDS["V"]


class SourcesCited:
    """The sources of one document, in the order in which they are first cited."""

    def __init__(self, protocol: Protocol) -> None:
        """Start with no source."""
        self._sources = protocol.sources
        self._verified: dict[str, dict[str, None]] = {}
        self._has_proposal = False

    def cite(self, citations: Iterable[Citation]) -> str:
        """Return the numbers of sources: ``[1, 2, proposal]``; empty without any."""
        parts: dict[str, None] = {}
        proposed = False
        for citation in citations:
            if citation.verified == _PROPOSAL:
                proposed = True
            else:
                parts[str(self._number(citation))] = None
        if proposed:
            self._has_proposal = True
            parts["proposal"] = None
        return f"[{', '.join(parts)}]" if parts else ""

    def _number(self, citation: Citation) -> int:
        verified = self._verified.setdefault(citation.source, {})
        verified[VERIFIED_WORDS[citation.verified]] = None
        return list(self._verified).index(citation.source) + 1

    def listed(self) -> list[Text]:
        """Return the bibliography: title, year, how far it was verified."""
        lines = [
            text(strong(f"[{number}] "), self._described(source, tuple(verified)))
            for number, (source, verified) in enumerate(self._verified.items(), 1)
        ]
        if self._has_proposal:
            lines.append(
                text(
                    strong("[proposal] "), VERIFIED_WORDS[_PROPOSAL].capitalize() + "."
                )
            )
        return lines

    def _described(self, source: str, verified: tuple[str, ...]) -> str:
        found = self._sources.get(source)
        read = READ_WORDS.get(found.read, _IN_SOURCE) if found else _IN_SOURCE
        how = " or ".join(read if word == _IN_SOURCE else word for word in verified)
        if found is None:
            return f"{source}: {how}."
        year = str(found.year) if found.year else "not dated"
        parts = [found.title.rstrip("."), found.organisation, year]
        words = f"{', '.join(part for part in parts if part)}: {how}"
        return words + ("; patients with low back pain." if found.low_back else ".")
