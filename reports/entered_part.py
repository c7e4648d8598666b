"""Who entered what no clinician entered, and who confirmed it, on paper."""

from collections.abc import Iterable

from intake.confirmations import Entered
from reports.content import Block, Heading, Paragraph, labelled
from reports.record_view import RecordView
from reports.wording import in_sentence


def entered_blocks(view: RecordView) -> list[Block]:
    """Return both names for each kind of answer; nothing where a clinician asked all.

    What nobody confirmed is listed by itself: it stands above as it was entered.
    """
    known = [e for e in view.record.entered if e.question in view.protocol_questions]
    if not known:
        return []
    open_ones = [one for one in known if not one.is_confirmed]
    confirmed = [one for one in known if one.is_confirmed]
    blocks: list[Block] = [Heading("Who asked, and who confirmed")]
    for title, found in (("Not confirmed", open_ones), ("Confirmed", confirmed)):
        for words, labels in _by_words(view, found):
            count = f"{len(labels)} answer{'s' if len(labels) != 1 else ''}"
            told = count if title == "Confirmed" else "; ".join(labels)
            blocks.append(Paragraph(labelled(words, f"{told}.")))
    return blocks


def _by_words(
    view: RecordView, found: Iterable[Entered]
) -> Iterable[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for one in found:
        words = f"E{one.in_words[1:]}"
        groups.setdefault(words, []).append(in_sentence(view.label(one.question)))
    return groups.items()
