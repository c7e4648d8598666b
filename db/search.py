"""Find a patient by whatever the desk was told.

The text is cut into terms: dates, telephone numbers, words. Every term has to be
found, in whichever field and in whichever order. Keys are kept beside each patient
(`db.search_keys`), so that every step but the last two goes along an index to the first
few that match:

1. who was here lately;
2. whose name begins with all of it, or with the first term;
3. who has a word, a number or a birth date that begins with a term;
4. where few were found, who has a term somewhere inside the name;
5. where nobody was found, whose name is spelled nearly so.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeVar

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from db.search_keys import CHART, NAME, PHONE, TURNED, cut
from db.tables import PatientRow, SearchKeyRow, VisitRow
from intake.folding import compact, folded
from intake.phone import national
from intake.search_terms import search_terms
from intake.typed_dates import birth_dates

Row = TypeVar("Row", str, PatientRow)
#: Id and revision of whom a condition is about: a patient, or who a key is of.
_Who = tuple[InstrumentedAttribute[str], InstrumentedAttribute[int]]
_PATIENT: _Who = (PatientRow.id, PatientRow.revision)
_KEY_OF: _Who = (SearchKeyRow.patient_id, SearchKeyRow.revision)
#: The keys of a set, beside those that a query goes along. Made once: it takes long.
_Key = aliased(SearchKeyRow)
_KEYS = select(_Key.patient_id, _Key.revision)
#: What is typed beyond this is not looked at; SQLite takes no endless conditions.
_LONGEST = 200
#: A term counts for as many as it has words: each is a condition in every step, and a
#: statement with a hundred of them takes most of a second to be made.
_MOST_WORDS = 8
#: Fewer digits than this are not looked for in telephone numbers.
_PHONE_DIGITS = 3
#: Where fewer were found, they are looked for inside of names too.
_FEW = 5
_SHORTEST_INSIDE = 3
#: The visits that count as lately.
_LATELY = 200
#: Shorter words have too many that are nearly the same.
_SHORTEST_MISSPELLED = 4
#: From this length on two letters may be wrong instead of one.
_LONG_WORD = 7
_MOST_SIMILAR = 400
#: Greater than every character that a key can hold.
_LAST = "\U0010ffff"
_NEWEST_FIRST = (
    VisitRow.on_day.desc(),
    VisitRow.opened_utc.desc(),
    VisitRow.id.desc(),
)
#: No database takes half of a surrogate pair, nor NUL, not even to look for it.
_NEVER_STORED = re.compile("[\0\ud800-\udfff]")


def find(session: Session, text: str, limit: int) -> list[PatientRow]:
    """Return the patients who match, best first; by name for an empty text."""
    text = _NEVER_STORED.sub("\N{REPLACEMENT CHARACTER}", text[:_LONGEST])
    terms = _few(search_terms(text))
    if not terms:
        return list(session.scalars(_by_name(select(PatientRow), limit)))
    found: dict[str, None] = {}
    for step in _steps(session, terms, limit, found):
        found |= dict.fromkeys(session.scalars(step))
        if len(found) >= limit:
            break
    wanted = list(found)[:limit]
    if not wanted:
        return []
    rows = session.scalars(select(PatientRow).where(PatientRow.id.in_(wanted)))
    by_id = {row.id: row for row in rows}
    return [by_id[one] for one in wanted]


def _steps(
    session: Session, terms: Sequence[str], limit: int, found: dict[str, None]
) -> Iterator[Select[str]]:
    """Give one query of ids after the other; `found` says what they gave so far."""
    is_alone = len(terms) == 1
    matches = [_matches(term, is_alone=is_alone) for term in terms]
    ids = select(PatientRow.id)
    yield _lately(ids.where(*matches), limit)
    if together := cut(folded(" ".join(terms))):
        yield _by_name(ids.where(_begins(PatientRow.search_name, together)), limit)
    leading = _rarest(terms)
    rest = [term for place, term in enumerate(terms) if place != leading]
    for one, who in _along(terms[leading], is_alone=is_alone):
        others = (_matches(term, is_alone=False, who=who) for term in rest)
        yield one.where(*others).limit(limit)
    words = [term for term in terms if _is_word(term)]
    if len(found) < _FEW and any(len(word) >= _SHORTEST_INSIDE for word in words):
        # Where a word begins so, it is inside as well.
        conditions = (
            _inside(term) if term in words else match
            for term, match in zip(terms, matches, strict=True)
        )
        yield _by_name(ids.where(*conditions), limit)
    if not found and (similar := _similar(session, terms)) is not None:
        yield _by_name(similar, limit)


def _rarest(terms: Sequence[str]) -> int:
    """Return the place of the term along whose index there is least to read."""

    def rarity(place: int) -> tuple[bool, int]:
        return bool(birth_dates(terms[place])), len(terms[place])

    return max(range(len(terms)), key=rarity)


def _is_word(term: str) -> bool:
    """Return whether a term may stand inside of a name: a number does not."""
    return bool(folded(term)) and any(c.isalpha() for c in term)


def _by_name(query: Select[Row], limit: int) -> Select[Row]:
    return query.order_by(PatientRow.search_name, PatientRow.id).limit(limit)


def _lately(query: Select[str], limit: int) -> Select[str]:
    """Return who of the last visits matches, the newest first."""
    last = select(VisitRow.patient_id, VisitRow.on_day, VisitRow.opened_utc)
    visits = last.order_by(*_NEWEST_FIRST).limit(_LATELY).subquery("lately")
    return (
        query.join(visits, visits.c.patient_id == PatientRow.id)
        .order_by(visits.c.on_day.desc(), visits.c.opened_utc.desc())
        .limit(max(limit, _LATELY))
    )


def _begins(key: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a key begins so, in a form that uses its index."""
    return and_(key >= text, key < text + _LAST)


def _keys_for(term: str, *, is_alone: bool) -> Iterator[tuple[str, str]]:
    """Give the kinds of keys a term may be found in, and what they begin with then.

    Beside something else a chart number is looked for only where there is a digit.
    """
    if words := folded(term):
        # Of several words the longest is the rarest.
        yield NAME, cut(max(words.split(), key=len))
        if is_alone or any(c.isdigit() for c in term):
            yield CHART, cut(compact(term))
    number = national(term)
    if len(number) >= _PHONE_DIGITS and not any(c.isalpha() for c in term):
        yield PHONE, cut(number)


def _along(term: str, *, is_alone: bool) -> Iterator[tuple[Select[str], _Who]]:
    """Give the queries that go along an index to what begins with a term.

    Each comes with the columns that say there whom else is asked about: what is known
    from a key is looked at before its patient is read.
    """
    words = folded(term).split()
    if not words:
        # No key is made of it ("%"), so there is none to go along.
        whole = select(PatientRow.id).where(_as_typed(term))
        yield whole.order_by(PatientRow.search_name), _PATIENT
    for day in sorted(birth_dates(term)):
        born = select(PatientRow.id).where(_born(day))
        yield born.order_by(PatientRow.birth_date, PatientRow.search_name), _PATIENT
    for kind, text in _keys_for(term, is_alone=is_alone):
        along = (
            select(PatientRow.id)
            .join(SearchKeyRow, _is_key_of(SearchKeyRow))
            .where(SearchKeyRow.kind == kind, _begins(SearchKeyRow.key, text))
            .order_by(SearchKeyRow.key, SearchKeyRow.patient_id)
        )
        if kind == NAME and len(words) > 1:
            along = along.where(*(_has(NAME, cut(word), _KEY_OF) for word in words))
        yield along, _KEY_OF


def _matches(term: str, *, is_alone: bool, who: _Who = _PATIENT) -> ColumnElement[bool]:
    """Return the condition that a patient has something that begins with a term.

    Of a term that is several words (a double name) each has to be there. A birth date
    is looked at first: that costs nothing.
    """
    found = [_born(day) for day in sorted(birth_dates(term))]
    words = [cut(word) for word in folded(term).split()]
    found += [and_(*(_has(NAME, word, who) for word in words))] if words else []
    others = (pair for pair in _keys_for(term, is_alone=is_alone) if pair[0] != NAME)
    found += [_has(kind, text, who) for kind, text in others]
    return or_(*found) if found else _as_typed(term)


def _has(kind: str, text: str, who: _Who) -> ColumnElement[bool]:
    keys = _KEYS.where(_Key.kind == kind, _begins(_Key.key, text))
    return _is_among(keys, who)


def _has_one_of(words: Sequence[str], who: _Who) -> ColumnElement[bool]:
    return _is_among(_KEYS.where(_Key.kind == NAME, _Key.key.in_(words)), who)


def _is_among(keys: Select[str, int], who: _Who) -> ColumnElement[bool]:
    """Return the condition that one of some keys is a patient's, as registered now.

    They are read once as a set, however many patients are looked at; asked of each
    patient by itself, two names that many people have took a hundred times as long.
    """
    return tuple_(*who).in_(keys)


def _is_key_of(key: type[SearchKeyRow]) -> ColumnElement[bool]:
    """Return the condition that a key is one of a patient's registration as it is."""
    return and_(key.patient_id == PatientRow.id, key.revision == PatientRow.revision)


def _as_typed(term: str) -> ColumnElement[bool]:
    """Return the condition for what no key is made of ("%")."""
    names = (PatientRow.family_name, PatientRow.given_name, PatientRow.preferred_name)
    return or_(*(name.contains(term, autoescape=True) for name in names))


def _inside(term: str) -> ColumnElement[bool]:
    """Return the condition that a term stands anywhere in the name."""
    return PatientRow.search_name.contains(folded(term), autoescape=True)


def _similar(session: Session, terms: Sequence[str]) -> Select[str] | None:
    """Return the query for names with words spelled nearly so; None where none are.

    It goes along the keys of the words that are like the longest term of those.
    """
    near = [
        [like for one in folded(term).split() for like in _spelled_nearly(session, one)]
        for term in terms
    ]
    if not any(near):
        return None
    leading = max(
        range(len(terms)), key=lambda place: (bool(near[place]), len(terms[place]))
    )
    wanted = (
        select(PatientRow.id)
        .join(SearchKeyRow, _is_key_of(SearchKeyRow))
        .where(SearchKeyRow.kind == NAME, SearchKeyRow.key.in_(near[leading]))
    )
    for place, words in enumerate(near):
        match = _matches(terms[place], is_alone=len(terms) == 1, who=_KEY_OF)
        like = or_(match, _has_one_of(words, _KEY_OF)) if words else match
        if place != leading:
            wanted = wanted.where(like)
    return wanted


def _spelled_nearly(session: Session, word: str) -> list[str]:
    """Return the words in the records that differ by a letter or two.

    Where one letter is wrong, the other half of the word is right: the words that begin
    with its first half, and those that end with its second, are compared.
    """
    if len(word) < _SHORTEST_MISSPELLED or word.isdigit():
        return []
    most = 2 if len(word) >= _LONG_WORD else 1
    half = len(word) // 2
    turned = word[::-1]
    near = partial(DamerauLevenshtein.distance, score_cutoff=most)
    found = [w for w in _words(session, NAME, word[:half]) if near(word, w) <= most]
    found += [
        w[::-1]
        for w in _words(session, TURNED, turned[:half])
        if near(turned, w) <= most
    ]
    return sorted(set(found))[:_MOST_SIMILAR]


def _words(session: Session, kind: str, start: str) -> Iterator[str]:
    wanted = select(SearchKeyRow.key).where(
        SearchKeyRow.kind == kind, _begins(SearchKeyRow.key, start)
    )
    yield from session.scalars(wanted.distinct())


def _few(terms: Iterator[str]) -> list[str]:
    """Return the first terms, up to a few words; of one with more its first words.

    They find whom all of them do, and more.
    """
    found: list[str] = []
    left = _MOST_WORDS
    for term in terms:
        words = folded(term).split()
        found.append(term if len(words) <= left else " ".join(words[:left]))
        left -= max(1, len(words))
        if left <= 0:
            break
    return found


def _born(day: str) -> ColumnElement[bool]:
    """Return the condition for a birth date; a partial one stands for its days.

    In a form that goes along the index on every database: LIKE does so on none.
    """
    year, *rest = day.split("-")
    wider = [year, "-".join([year, *rest[:1]])]
    born = PatientRow.birth_date
    # Greater than every month of a year, and every day of a month.
    return or_(and_(born >= day, born < f"{day}-99"), born.in_(wider))
