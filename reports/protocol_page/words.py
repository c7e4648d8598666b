"""What every part of the page says alike: conditions, sources, steps, review box."""

from collections.abc import Iterable, Sequence

from intake.codes import FORMS, Code
from intake.expression import Expression
from intake.expression_words import Words, in_words
from intake.imaging_criteria import CriteriaCited
from intake.outcome import TIER_WORDS
from intake.protocol import Citation, Protocol, Step, Tier
from intake.protocol_terms import VERIFIED_WORDS
from reports.protocol_page.markup import Html, bullets, joined, link, small, tag
from reports.wording import sentence

_HOURS_A_DAY = 24
_SYSTEMS = {form.url: name for name, form in FORMS.items()}


class Teller:
    """Says the entries of one protocol in markup."""

    def __init__(self, protocol: Protocol) -> None:
        """Tell of this protocol."""
        self.protocol = protocol

    def condition(self, expression: Expression | None) -> Html:
        """Return an expression in words, with its text in small type."""
        if expression is None:
            return Html()
        words = _lines(in_words(expression, self.protocol), top=True)
        return joined((words, tag("code", expression.text)))

    def citations(self, citations: Iterable[Citation]) -> Html:
        """Return sources with what they say and how far that was verified."""
        return bullets((self._citation(c) for c in citations), "plain")

    def _citation(self, citation: Citation) -> Html:
        source = self.protocol.sources[citation.source]
        year = str(source.year) if source.year else "not dated"
        name = f"{source.organisation or source.title}, {year}"
        parts: list[str] = [link(f"source-{source.id}", source.id), f" {name}"]
        if citation.at:
            parts.append(f", {citation.at}")
        if citation.says:
            parts.append(f": {citation.says}")
        verified = f"{citation.verified}, {VERIFIED_WORDS[citation.verified]}"
        marks = [tag("span", f" [{verified}]", class_="mark")]
        if source.low_back:
            marks.append(LOW_BACK)
        return joined((*parts, *marks))

    def steps(self, steps: Sequence[Step]) -> Html:
        """Return what is suggested, each with its own clock where it has one."""
        return bullets((self._step(step) for step in steps), "plain")

    def _step(self, step: Step) -> Html:
        action = self.action(step.action)
        if step.within_hours is None:
            return action
        return joined((action, tag("b", f" within {hours(step.within_hours)}")))

    def action(self, identity: str) -> Html:
        """Return the label of an action, linked to its text."""
        return link(f"action-{identity}", self.protocol.actions[identity].label)

    def criteria(self, cited: CriteriaCited, actions: Iterable[str]) -> Html:
        """Return how published criteria rate the imaging of an entry."""
        lines: list[str] = [
            rating.words
            for action in dict.fromkeys(actions)
            for rating in self.protocol.imaging.ratings(action, cited.ids)
        ]
        if cited.why_none:
            lines.append(f"No criterion fits: {cited.why_none}")
        if cited.why_against:
            lines.append(f"Suggested against the criterion: {cited.why_against}")
        return bullets(map(sentence, lines), "plain")

    def question(self, identity: str) -> Html:
        """Return the label of a question, linked to its place in the form."""
        label = self.protocol.questions[identity].label
        return link(f"question-{identity}", label)


LOW_BACK = tag("span", " [from low back pain]", class_="mark")


def tier_words(tier: Tier) -> str:
    """Return a tier as the program shows it."""
    return TIER_WORDS[tier]


def hours(number: int) -> str:
    """Return hours as people say them: in days where they are whole."""
    days, rest = divmod(number, _HOURS_A_DAY)
    if rest or not days:
        return f"{number} hour{'s' if number != 1 else ''}"
    return f"{days} day{'s' if days != 1 else ''}" if days > 1 else "24 hours"


def codes(found: Sequence[Code]) -> Html:
    """Return codes of public systems with the names those give them."""
    return bullets(
        (f"{_SYSTEMS[c.system]} {c.code}, {c.display} [{c.verified}]" for c in found),
        "plain",
    )


def review_box() -> Html:
    """Return the place where a reviewer says what becomes of an entry."""
    choices = joined(
        tag("span", f"\u2610 {choice}", class_="choice")
        for choice in ("agree", "change", "remove")
    )
    blanks = (
        "Initials ", tag("span", class_="blank"), " Date ", tag("span", class_="blank"),
    )  # fmt: skip
    return tag("div", choices, *blanks, tag("div", class_="remark"), class_="review")


def identity(name: str) -> Html:
    """Return the id of an entry as it stands in the files."""
    return small(tag("code", name))


def _lines(words: Words, *, top: bool = False) -> Html:
    text: str = words.text
    if words.finding:
        text = link(f"finding-{words.finding}", text)
    line = tag("p", text, class_="when") if top else joined((text,))
    return joined((line, bullets(map(_lines, words.under), "when")))
