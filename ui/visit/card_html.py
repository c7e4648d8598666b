"""An evidence card as HTML; everything from outside is escaped.

Sources are numbered; what each says stands where it is used, where to find it below.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from PySide6.QtGui import QPalette

from intake.card_changes import CouldRaise, ResultMatters
from intake.card_inputs import InputMissing, InputUsed, State
from intake.card_reasons import Reason
from intake.card_sources import Cited, Figure
from intake.evidence_card import EvidenceCard, OutsideScope
from intake.protocol import Tier
from ui.visit.link_browser import style_of
from ui.visit.tier_marks import MARKS, SHORT

#: What a question could lead to: "up to now" would not say what.
COULD_BE: Mapping[Tier, str] = {**SHORT, Tier.EMERGENCY_NOW: "an emergency"}
_STATUS = {
    "proposed": "Proposed, not reviewed by a clinician",
    "reviewed": "Reviewed by a clinician",
}
_MISSING: Sequence[tuple[State, str]] = (
    ("conflicting", "In conflict with another answer"),
    ("unsure", "Asked, not known"),
    ("inexact", "Answered, not exactly enough"),
    ("not_asked", "Not asked"),
)
_MOST_MISSING = 12
_MOST_CHANGES = 5
_LOW_BACK = "From low back pain."


def card_html(
    card: EvidenceCard, warnings: Iterable[str], palette: QPalette, *, outdated: str
) -> str:
    """Return a card; `outdated` says why it is not of this moment, or is empty."""
    numbers = _numbers(card)
    parts = [style_of(palette)]
    parts += [
        f"<p><b>{escape(words)}</b></p>" for words in (outdated, *warnings) if words
    ]
    parts += _head(card)
    parts += ["<h3>This patient's answers</h3>"]
    parts += [_reason(reason, numbers) for reason in card.reasons]
    parts += _section("Speaks against", map(escape, card.against))
    parts += _missing(card.inputs_missing)
    parts += _changes(card)
    parts += _section(
        "Figures from studies", (_figure(f, numbers) for f in card.figures)
    )
    parts += _section("Published imaging criteria", map(escape, card.ratings))
    parts += _section("Whom it does not fit", map(escape, card.does_not_fit))
    parts += _section("Not written for", map(_outside, card.outside_scope))
    parts += _section("Sources", (_source(c, n) for c, n in _first_of_each(numbers)))
    parts += [_foot(card)]
    return "".join(parts)


def _numbers(card: EvidenceCard) -> dict[str, tuple[int, Cited]]:
    """Return a number for each source, in the order in which they are first used."""
    found: dict[str, tuple[int, Cited]] = {}
    for one in card.sources:
        found.setdefault(one.id, (len(found) + 1, one))
    return found


def _first_of_each(
    numbers: dict[str, tuple[int, Cited]],
) -> Iterable[tuple[Cited, int]]:
    return ((one, number) for number, one in numbers.values())


def _head(card: EvidenceCard) -> list[str]:
    strength = f", {card.strength}" if card.strength else ""
    words = f"{MARKS[card.tier]} {SHORT[card.tier]}{strength}. {_STATUS[card.status]}."
    parts = [f"<p class='f'>{escape(words)}</p>"]
    parts += [f"<p>{escape(text)}</p>" for text in (card.text, card.note) if text]
    return parts


def _reason(reason: Reason, numbers: dict[str, tuple[int, Cited]]) -> str:
    answers = "".join(f"<li>{_used(used)}</li>" for used in reason.inputs)
    status = _STATUS[reason.status]
    if reason.reviewer:
        status += f" ({reason.reviewer})"
    number = f", {reason.number}" if reason.number else ""
    note = f"<p class='f'>Why so: {escape(reason.note)}</p>" if reason.note else ""
    says = "".join(f"<p class='f'>{_says(c, numbers)}</p>" for c in reason.sources)
    foot = f"{SHORT[reason.tier]}. {status}. Rule {reason.id}{number}."
    return (
        f"<h4>{escape(reason.statement)}</h4><ul>{answers}</ul>{says}{note}"
        f"<p class='f'>{escape(foot)}</p>"
    )


def _used(used: InputUsed) -> str:
    through = ", ".join(used.through)
    counts = f" <span class='f'>({escape(through)})</span>" if through else ""
    return f"{escape(used.label)}: <b>{escape(used.value)}</b>{counts}"


def _says(one: Cited, numbers: dict[str, tuple[int, Cited]]) -> str:
    at = f", {one.at}" if one.at else ""
    low_back = f" {_LOW_BACK}" if one.low_back else ""
    words = f"[{numbers[one.id][0]}{at}] {one.says} ({one.verified_words}).{low_back}"
    return escape(words)


def _figure(figure: Figure, numbers: dict[str, tuple[int, Cited]]) -> str:
    group = figure.group
    if figure.setting.lower() not in group.lower():
        group = f"{group} ({figure.setting})"
    low_back = f" <b>{_LOW_BACK}</b>" if figure.low_back else ""
    cited = "; ".join(
        f"[{numbers[c.id][0]}] {escape(c.verified_words)}" for c in figure.sources
    )
    note = f" {escape(figure.note)}" if figure.note else ""
    return (
        f"{escape(figure.text)}{low_back}"
        f"<br><span class='f'>Found in: {escape(group)}. {cited}.{note}</span>"
    )


def _missing(missing: Sequence[InputMissing]) -> list[str]:
    parts = []
    for state, words in _MISSING:
        ones = [one for one in missing if one.state == state]
        rows = "".join(f"<li>{_asked(one)}</li>" for one in ones[:_MOST_MISSING])
        if rows:
            parts.append(f"<h4>{words}</h4><ul>{rows}</ul>{_more(ones, _MOST_MISSING)}")
    return ["<h3>Missing</h3>", *parts] if parts else []


def _asked(one: InputMissing) -> str:
    """Return a link to a question; what is known from registration has none."""
    label, value = escape(one.label), f": {escape(one.value)}" if one.value else ""
    if one.is_question:
        label = f"<a href='ask:{escape(one.question)}'>{label}</a>"
    return f"{label}{value}"


def _changes(card: EvidenceCard) -> list[str]:
    raises = [_could_raise(one) for one in card.could_raise[:_MOST_CHANGES]]
    held = [
        f"Held back when: {escape(one.words)}"
        f"{' Ruled out by the answers so far.' if one.now is False else ''}"
        for one in card.held_back_when
    ]
    results = [_result(one) for one in card.results]
    rows = _rows(raises)
    rows += _more(card.could_raise, _MOST_CHANGES)
    rows += _rows(list(dict.fromkeys(held)))
    if results:
        rows += f"<h4>Results</h4>{_rows(results)}"
    return [f"<h3>What would change it</h3>{rows}"] if rows else []


def _could_raise(one: CouldRaise) -> str:
    waits_for = ", ".join(map(_asked, one.waits_for[:_MOST_MISSING]))
    rest = len(one.waits_for) - _MOST_MISSING
    more = f" and {rest} more" if rest > 0 else ""
    return (
        f"Up to <b>{COULD_BE[one.tier]}</b>: {escape(one.because)} "
        f"<span class='f'>Open:</span> {waits_for}{more}"
    )


def _result(one: ResultMatters) -> str:
    leads = "".join(
        f"<br>{SHORT[tier]}: {escape(because)}"
        for tier, because in one.leads_to[:_MOST_CHANGES]
    )
    rest = len(one.leads_to) - _MOST_CHANGES
    leads += f"<br><span class='f'>and {rest} more</span>" if rest > 0 else ""
    leads += "".join(f"<br>Against: {escape(text)}" for text in one.against)
    return f"<b>{escape(one.label)}</b>{leads}"


def _outside(one: OutsideScope) -> str:
    state = {True: "<b>Applies here.</b>", False: "Not so here.", None: "Not known."}
    return f"{escape(one.words)} <span class='f'>{state[one.applies]}</span>"


def _source(one: Cited, number: int) -> str:
    checked = f", checked {one.checked}" if one.checked else ""
    parts = (one.title.rstrip("."), one.organisation, one.year)
    where = f" {one.link}" if one.link else ""
    note = f" {one.note}" if one.note else ""
    words = (
        f"[{number}] {'. '.join(filter(None, parts))}. {one.read_words.capitalize()}"
    )
    return escape(f"{words}{checked}.{where}{note}")


def _foot(card: EvidenceCard) -> str:
    protocol = card.protocol
    words = (
        f"{protocol.title}, version {protocol.version}, effective "
        f"{protocol.effective}, to be reviewed by {protocol.review_by}. "
        f"{protocol.source_attributes.developer}"
    )
    return f"<p class='f'>{escape(words)}</p>"


def _section(title: str, rows: Iterable[str]) -> list[str]:
    found = _rows(list(rows))
    return [f"<h3>{title}</h3>{found}"] if found else []


def _rows(rows: Sequence[str]) -> str:
    inside = "".join(f"<li>{row}</li>" for row in rows)
    return f"<ul>{inside}</ul>" if inside else ""


def _more(ones: Sequence[object], most: int) -> str:
    rest = len(ones) - most
    return f"<p class='f'>and {rest} more</p>" if rest > 0 else ""
