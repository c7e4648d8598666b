"""The form's questions, section by section, as a reviewer needs to see them."""

from collections.abc import Iterator

from intake.protocol import Question, Section
from intake.protocol_terms import GRADE_SCALES
from intake.units import UNITS
from reports.protocol_page.markup import Html, bullets, joined, list_table, small, tag
from reports.protocol_page.words import Teller, codes, identity

_KINDS = {
    "flag": "yes, no or not sure",
    "choice": "one of",
    "choices": "any of",
    "number": "a number",
    "scale": "0 to 10",
    "grade": "a grade",
    "pair": "blood pressure",
    "date": "a date",
    "text": "free text, read by no rule",
    "rows": "lines of text, read by no rule",
    "psfs": "activities, each scored 0 to 10",
    "map": "marks on the body chart",
}
_WHO = {"desk": "front desk", "clinician": "clinician", "both": "desk or clinician"}
_CLASSES = {
    "core": "asked of everyone",
    "detail": "opens when there is a reason",
    "extra": "opened by hand only",
}


def section_part(teller: Teller, section: Section) -> Html:
    """Return one section of the form with its questions."""
    questions = teller.protocol.by_section[section.id]
    title = joined(
        (
            f"{section.title} ({section.step}, {_WHO[section.who]}) ",
            identity(section.id),
        )
    )
    rows = [
        (
            joined((tag("span", q.label, id=f"question-{q.id}"), _under(q))),
            joined((_answers(teller, q), codes(q.codes))),
            joined((_CLASSES[q.question_class], teller.condition(q.opens))),
            bullets(_marks(teller, q), "plain"),
        )
        for q in questions
    ]
    head = ("Question", "Answers", "Asked", "By whom, marks")
    return tag(
        "section",
        tag("h3", title, id=f"section-{section.id}"),
        list_table("", head, rows),
    )


def _under(question: Question) -> Html:
    helped = tag("p", question.help) if question.help else Html()
    by_hand = tag("p", question.by_hand) if question.by_hand else Html()
    return joined((tag("p", identity(question.id)), small(helped, by_hand)))


def _answers(teller: Teller, question: Question) -> Html:
    kind = _KINDS[question.kind]
    if question.kind == "grade":
        kind = f"a grade: {', '.join(GRADE_SCALES[question.scale])}"
    if question.sided:
        kind += ", LEFT and RIGHT"
    options = bullets((question.options or {}).values(), "flow")
    return joined((kind, options, bullets(_numbers(teller, question), "plain")))


def _numbers(teller: Teller, question: Question) -> Iterator[str]:
    """Yield units, limits and derivation of a number."""
    names = [_unit(unit) for unit in question.units]
    if names:
        yield f"in {' or '.join(names)}"
    for words, limits in (
        ("asked again outside", question.plausible),
        ("refused outside", question.possible),
    ):
        if limits:
            yield f"{words} {limits[0]:g} to {limits[1]:g} {names[0] if names else ''}"
    if question.limits:
        limits_of = question.limits
        low = "" if limits_of.low is None else f"from {limits_of.low:g} "
        high = "" if limits_of.high is None else f"to {limits_of.high:g} "
        unit = UNITS[limits_of.unit].name
        yield f"limits where the laboratory gives none: {low}{high}{unit}"
    if question.derive:
        derived = [teller.question(q) for q in question.derive.sources]
        how = "worked out from: " if question.derive.product else "counted from: "
        times = (
            f", multiplied by {question.derive.by:g}" if question.derive.by != 1 else ""
        )
        yield joined((how, *_with_commas(derived), times))


def _unit(code: str) -> str:
    name = UNITS[code].name or "a count"
    return name.replace("/min", "a minute") if code == "/min" else name


def _with_commas(parts: list[Html]) -> Iterator[str]:
    for place, part in enumerate(parts):
        yield from (", ", part) if place else (part,)


def _marks(teller: Teller, question: Question) -> Iterator[str]:
    yield _WHO[question.who]
    if question.red_flag:
        yield tag("b", "red flag: a yes can only make danger likelier")
    if question.private:
        yield "private"
    if question.child:
        yield "kept but not read when what opens it is a definite no"
    if question.may_stay_blank:
        yield "may stay blank"
    for other in question.answered_by:
        yield joined(("answered by: ", teller.question(other)))
