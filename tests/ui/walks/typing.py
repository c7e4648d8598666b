"""What can be typed into the form: keys for every kind of question, and what they mean.

Whoever draws a `Typing` gets the keys a person would press and the answer that has to
be there afterwards; None where the keys are pressed at random and mean nothing to us.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from intake.protocol import Protocol, Question
from intake.protocol_terms import GRADE_SCALES
from intake.units import Quantity
from tests.ui.visits import TODAY
from ui.visit.editors import amounts_typed
from ui.visit.editors.option_readers import ChoiceReader, ChoicesReader, is_level
from ui.visit.editors.readers import Offer

Strategy = st.SearchStrategy[Any]
Keys = tuple[str, Any]

DELETE = "\x7f"
#: Every character somebody can type: no controls, no halves of one, no non-characters.
TYPABLE = st.characters(
    exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), max_codepoint=0x1FFFF
)
_JUNK = st.text(
    st.sampled_from([*"abcdyndulrbm0123456789-,/. T", "\n", DELETE]) | TYPABLE,
    min_size=1,
    max_size=8,
)
_UNIT_KEYS = {"wk": "w", "mo": "m", "a": "y", "Cel": "c", "[degF]": "f"}
_FLAGS = {"y": "yes", "n": "no", "u": "unsure"}
_SIDED_FLAGS = {
    "n": {"left": "no", "right": "no"},
    "u": {"left": "unsure", "right": "unsure"},
    "yl": {"left": "yes", "right": "no"},
    "yr": {"left": "no", "right": "yes"},
    "yb": {"left": "yes", "right": "yes"},
}


@dataclass(frozen=True, slots=True)
class Typing:
    """Keys for one question, and the answer they give; None: whatever they give."""

    question: str
    keys: str
    answer: Any = None


def typings(protocol: Protocol, questions: Sequence[Question]) -> Strategy:
    """Return a strategy for one question answered, or met with any keys at all."""
    return st.sampled_from(questions).flatmap(
        lambda one: st.one_of(*_ways(protocol, one))
    )


def _ways(protocol: Protocol, question: Question) -> list[Strategy]:
    junk = _JUNK.map(lambda keys: Typing(question.id, keys))
    meant = _meant(protocol, question)
    if meant is None:
        return [junk]
    # Three sensible ones for each that is not.
    typed = meant.map(lambda found: Typing(question.id, *found))
    return [typed, typed, typed, junk]


def _meant(protocol: Protocol, question: Question) -> Strategy | None:
    if question.kind == "map":
        # The figure is pressed at random: what a mark fills is no business of ours.
        return None
    if question.kind == "flag":
        return st.sampled_from(
            sorted((_SIDED_FLAGS if question.sided else _FLAGS).items())
        )
    one = _KINDS[question.kind](question)
    if not question.sided:
        return one
    return st.tuples(one, one).map(
        lambda two: (
            two[0][0] + two[1][0],
            {"left": two[0][1], "right": two[1][1]},
        )
    )


def _choice(question: Question) -> Strategy:
    return st.sampled_from(
        [
            (_level_keys(o) if is_level(o.option) else o.key, o.option)
            for o in ChoiceReader(question).offers
        ]
    )


def _level_keys(offer: Offer) -> str:
    number = offer.option.removeprefix("T")
    return f"{number}\n" if number == "1" else number


def _choices(question: Question) -> Strategy:
    reader = ChoicesReader(question)
    order = [offer.option for offer in reader.offers]
    none = [offer for offer in reader.offers if offer.key == "0"]
    rest = [offer for offer in reader.offers if offer.key != "0"]

    def keys(chosen: list[Offer]) -> Keys:
        letters = "".join(o.key for o in chosen if not is_level(o.option))
        levels = [o.option.removeprefix("T") for o in chosen if is_level(o.option)]
        typed = ",".join(levels)
        found = {offer.option for offer in chosen}
        return f"{letters}{typed}\n", [o for o in order if o in found]

    several = st.lists(
        st.sampled_from(rest), min_size=1, max_size=4, unique_by=lambda o: o.option
    ).map(keys)
    return several | st.just(("0", [none[0].option] if none else []))


def _number(question: Question) -> Strategy:
    low, high = question.plausible or question.possible or (0, 100)
    first = question.units[0]

    def keys(drawn: tuple[float, str]) -> Keys | None:
        number = Quantity(drawn[0], first).to(drawn[1], question.molar_mass).value
        text = f"{number:.1f}".removesuffix(".0")
        quantity = Quantity(float(text), drawn[1])
        if not amounts_typed.is_possible(quantity, question):
            return None
        unit = "" if drawn[1] == first else _UNIT_KEYS.get(drawn[1], drawn[1])
        ends_itself = amounts_typed.asks_for_unit(question)
        if ends_itself:
            unit = _UNIT_KEYS.get(drawn[1], drawn[1])
        # A unit that begins with a digit (10*3/uL) would run into the number.
        unit = f" {unit}" if unit[:1].isdigit() else unit
        insists = not amounts_typed.is_plausible(quantity, question)
        ends = "" if ends_itself and not insists else "\n\n" if insists else "\n"
        value = float(text)
        stored = int(value) if value == int(value) else value
        return f"{text}{unit}{ends}", {"value": stored, "unit": drawn[1]}

    known = [u for u in question.units if amounts_typed.read_unit(u, question) == u]
    return (
        st.tuples(st.floats(low, high), st.sampled_from(known))
        .map(keys)
        .filter(lambda found: found is not None)
    )


def _scale(_question: Question) -> Strategy:
    return st.integers(0, 10).map(lambda n: (f"{n}\n" if n == 1 else str(n), n))


def _grade(question: Question) -> Strategy:
    codes = GRADE_SCALES[question.scale]

    def keys(code: str) -> Keys:
        goes_on = any(c != code and c.startswith(code) for c in codes)
        return f"{code}\n" if goes_on else code, code

    return st.sampled_from([keys(code) for code in codes])


def _pair(question: Question) -> Strategy:
    unit = question.units[0]

    def keys(two: tuple[int, int]) -> Keys:
        low, high = sorted(two)
        answer = {
            "systolic": {"value": high, "unit": unit},
            "diastolic": {"value": low, "unit": unit},
        }
        # The second Enter insists, where it is asked for; elsewhere it goes on.
        return f"{high}/{low}\n\n", answer

    number = st.integers(60, 180)
    return st.tuples(number, number).filter(lambda two: two[0] != two[1]).map(keys)


def _date(_question: Question) -> Strategy:
    def keys(drawn: tuple[int, str]) -> Keys:
        day, way = TODAY - timedelta(days=drawn[0]), drawn[1]
        return f"{_written(day, way)}\n", _stored(day, way)

    ways = st.sampled_from(["iso", "month", "year", "american", "words"])
    return st.tuples(st.integers(0, 20_000), ways).map(keys)


def _written(day: date, way: str) -> str:
    forms = {"iso": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y", "words": "%b %d %Y"}
    return day.strftime(forms.get(way, "%m/%d/%Y"))


def _stored(day: date, way: str) -> str:
    return day.isoformat()[: {"month": 7, "year": 4}.get(way, 10)]


def _line(most: int = 30) -> Strategy:
    """Return words in one line, as they are stored."""
    return st.text(TYPABLE, max_size=most).map(str.strip).filter(_is_line)


def _is_line(text: str) -> bool:
    return bool(text) and not text.startswith("0")


def _text(_question: Question) -> Strategy:
    return _line(60).map(lambda text: (f"{text}\n", text))


def _rows(_question: Question) -> Strategy:
    rows = st.lists(_line(), min_size=1, max_size=3).map(
        lambda typed: ("".join(f"{row}\n" for row in typed) + "\n", typed)
    )
    return rows | st.just(("0", []))


def _activities(_question: Question) -> Strategy:
    def keys(rows: list[tuple[str, int]]) -> Keys:
        typed = "".join(f"{name} {score}\n" for name, score in rows)
        return f"{typed}\n", [{"activity": n, "score": s} for n, s in rows]

    words = st.sampled_from(["lifting the child", "digging", "über Kopf arbeiten"])
    row = st.tuples(words, st.integers(0, 10))
    return st.lists(row, min_size=1, max_size=5).map(keys)


_KINDS: dict[str, Callable[[Question], Strategy]] = {
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "scale": _scale,
    "grade": _grade,
    "pair": _pair,
    "date": _date,
    "text": _text,
    "rows": _rows,
    "psfs": _activities,
}
