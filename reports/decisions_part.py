"""What the clinician decided, on paper: beside each suggestion, and in the letter.

Where nobody decided anything, nothing is said about it; what is open is never told as
declined, nor the other way round.
"""

from intake.decisions import EMERGENCY, Decision, Standing, state_of
from intake.outcome import Suggestion
from reports.content import Block, Bullets, Paragraph, Run, Text, labelled, strong, text
from reports.record_view import RecordView
from reports.wording import in_sentence, time_words, without_stop

_GONE = "not suggested any more"
_MOST_IN_FRAME = 160
_TO_ARRANGE = ("call", "referral", "imaging", "laboratory")


def decision_runs(view: RecordView, suggestion: Suggestion) -> list[Run]:
    """Return what was decided on a suggestion, as it stands behind it."""
    if not view.record.decisions:
        return []
    standing = view.decided[suggestion.action.id]
    if standing.decision is not None:
        return [strong(f" {_said(standing.decision)}"), *_by(standing.decision)]
    if standing.latest is None:
        return [Run(" Not decided.")]
    return _asks_again(standing, standing.latest)


def decision_note(view: RecordView, suggestion: Suggestion) -> str:
    """Return the same within a list, in brackets; nothing where nothing was decided."""
    words = "".join(run.text for run in decision_runs(view, suggestion)).strip()
    return f" [{without_stop(words)}]" if words else ""


def beside_blocks(view: RecordView) -> list[Block]:
    """Return the emergency set aside, and decisions on what is suggested no more."""
    record = view.record
    blocks: list[Block] = []
    aside = _emergency(view)
    if aside is not None:
        words = f"{without_stop(aside.words)} ({_who(aside)})."
        blocks.append(Paragraph(labelled("Emergency checklist set aside", words)))
    gone = [
        text(f"{_label(view, one)}: ", strong(_said(one)), *_by(one))
        for one in record.decisions
        if state_of(one, record.assessment, record.decisions) == _GONE
        and one.subject != EMERGENCY
    ]
    if gone:
        told = "Decided earlier in the visit, and not suggested any more:"
        blocks += [Paragraph(text(told)), Bullets(tuple(gone))]
    return blocks


def letter_lines(view: RecordView) -> list[Text]:
    """Return what was decided, a line a kind, as whoever reads a letter needs it.

    What was accepted is told where it is to be arranged; adapted and declined ones are
    told in full, with their words.
    """
    lines = []
    aside = _emergency(view)
    if aside is not None:
        words = f"{without_stop(aside.words)}."
        lines.append(labelled("Emergency checklist set aside by the clinician", words))
    found = [
        (suggestion, decision)
        for suggestion in view.record.assessment.suggestions
        if (decision := view.decided[suggestion.action.id].decision) is not None
    ]
    for choice in ("accepted", "adapted", "declined"):
        items = [
            _in_letter(suggestion, decision)
            for suggestion, decision in found
            if decision.choice == choice
            and (choice != "accepted" or suggestion.action.kind in _TO_ARRANGE)
        ]
        if items:
            told = labelled(f"Suggested and {choice}", f"{'; '.join(items)}.")
            lines.append(told)
    return lines


def adapted_words(view: RecordView, suggestion: Suggestion) -> str:
    """Return what is done instead of a suggestion, in brackets; else nothing.

    It stands in a frame that has to fit on one page: what is long stands below in full.
    """
    standing = view.decided[suggestion.action.id]
    if standing.decision is None or not standing.is_("adapted"):
        return ""
    words = " ".join(standing.decision.words.split())
    if len(words) > _MOST_IN_FRAME:
        words = f"{words[:_MOST_IN_FRAME]}\u2026, in full below"
    return f" (adapted: {without_stop(words)})"


def has_declined_route(view: RecordView) -> bool:
    """Return whether a call or a referral is left out because it was declined."""
    return any(
        view.decided[one.action.id].is_("declined")
        for one in view.record.assessment.suggestions
        if one.action.kind in ("call", "referral")
    )


def is_all_decided(view: RecordView) -> bool:
    """Return whether no suggestion is left to be decided on by hand."""
    record = view.record
    return bool(record.decisions) and all(
        one.decision is not None for one in view.decided.values()
    )


def _emergency(view: RecordView) -> Decision | None:
    standing = view.emergency_decided
    is_there = standing.decision is not None and standing.decision.grounds.rules
    return standing.decision if is_there else None


def _asks_again(standing: Standing, latest: Decision) -> list[Run]:
    before = f"{without_stop(latest.in_words)} ({_who(latest)})"
    return [strong(" Not decided anew: "), Run(f"{standing.lapsed}; before: {before}.")]


def _said(decision: Decision) -> str:
    return without_stop(decision.in_words)


def _by(decision: Decision) -> list[Run]:
    return [Run(f" ({_who(decision)}).")]


def _who(decision: Decision) -> str:
    return f"{decision.who}, {time_words(decision.at)}"


def _label(view: RecordView, decision: Decision) -> str:
    action = view.record.assessment.protocol.actions.get(decision.subject)
    return without_stop(action.label) if action else decision.subject


def _in_letter(suggestion: Suggestion, decision: Decision) -> str:
    label = in_sentence(without_stop(suggestion.action.label))
    return f"{label}: {without_stop(decision.words)}" if decision.words else label
