"""What must hold inside the records and no plain SQL can tell: digests, dates, answers.

Each check reads its rows one by one, so that a large clinic needs no large memory.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from intake.visit import digest_of

_AT_ONCE = 1000


def altered_signatures(connection: Connection) -> int:
    """Count signatures whose digest is not that of what was signed."""
    rows = _rows(
        connection,
        "SELECT signed_content, signed_digest FROM visits "
        "WHERE signed_content IS NOT NULL",
    )
    return sum(digest_of(content) != digest for content, digest in rows)


def altered_addenda(connection: Connection) -> int:
    """Count addenda that are not what was signed, or follow on another one."""
    rows = _rows(
        connection,
        "SELECT a.visit_id, a.content, a.digest, v.signed_digest FROM addenda a "
        "JOIN visits v ON v.id = a.visit_id ORDER BY a.visit_id, a.number",
    )
    wrong = 0
    for _, addenda in groupby(rows, key=lambda row: row[0]):
        before = None
        for _, content, digest, signed in addenda:
            follows = _after(content) == (before or signed)
            wrong += digest_of(content) != digest or not follows
            before = digest
    return wrong


def altered_signed_visits(connection: Connection) -> int:
    """Count signed visits whose answers or day are not the ones that were signed."""
    rows = _rows(
        connection,
        "SELECT id, on_day, answers, signed_content FROM visits "
        "WHERE signed_content IS NOT NULL",
    )
    return sum(
        _signed(content) != (identity, day, _json(answers))
        for identity, day, answers, content in rows
    )


def altered_decisions(connection: Connection) -> int:
    """Count signed visits whose decisions are not the ones that were signed."""
    rows = _rows(
        connection,
        "SELECT v.id, v.signed_content, d.id, d.choice, d.words FROM visits v "
        "LEFT JOIN decisions d ON d.visit_id = v.id AND NOT d.late "
        "WHERE v.signed_content IS NOT NULL ORDER BY v.id, d.revision",
    )
    wrong = 0
    for _, of_one in groupby(rows, key=lambda row: row[0]):
        decided = [(content, *cells) for _, content, *cells in of_one]
        stored = [(d, choice, _json(words)) for _, d, choice, words in decided if d]
        wrong += _signed_decisions(decided[0][0]) != stored
    return wrong


def altered_confirmations(connection: Connection) -> int:
    """Count signed visits that were signed with confirmations nobody gave so.

    Those that were taken back, or are of an answer that was changed, are not signed.
    """
    rows = _rows(
        connection,
        "SELECT v.id, v.signed_content, c.id, c.question, c.who FROM visits v "
        "LEFT JOIN confirmations c ON c.visit_id = v.id AND NOT c.late "
        "AND NOT c.taken_back WHERE v.signed_content IS NOT NULL ORDER BY v.id",
    )
    wrong = 0
    for _, of_one in groupby(rows, key=lambda row: row[0]):
        confirmed = [(content, tuple(cells)) for _, content, *cells in of_one]
        signed = _signed_confirmations(confirmed[0][0])
        stored = {cells for _, cells in confirmed}
        wrong += signed is None or not signed <= stored
    return wrong


def unfounded_answers(connection: Connection) -> int:
    """Count visits whose answers are not what their changes lead to."""
    changes = _rows(
        connection,
        "SELECT c.visit_id, c.question, c.new FROM answer_changes c "
        "JOIN visits v ON v.id = c.visit_id ORDER BY c.visit_id, c.id",
    )
    led_to = ((visit, _folded(own)) for visit, own in groupby(changes, lambda r: r[0]))
    visits = _rows(connection, "SELECT id, answers FROM visits ORDER BY id")
    return sum(
        _json(answers) != _json(expected)
        for answers, expected in _side_by_side(visits, led_to)
        # Nearly always the texts are the same, and need not be read.
        if answers != expected
    )


def patients_in_a_circle(connection: Connection) -> int:
    """Count merges that lead nowhere: back to where they began."""
    merges = _rows(
        connection, "SELECT patient_id, into_id FROM patient_merges ORDER BY id"
    )
    # The newest of a patient counts.
    into: dict[str, str | None] = dict(merges)
    return sum(_comes_back(patient, into) for patient in into)


def impossible_days(connection: Connection) -> int:
    """Count visits, changes and notes whose day or time cannot be."""
    visits = _rows(connection, "SELECT on_day, opened_at, opened_utc FROM visits")
    wrong = sum(not _is_possible(*row) for row in visits)
    for query in (
        "SELECT DISTINCT at FROM answer_changes",
        "SELECT DISTINCT at FROM set_aside",
        "SELECT DISTINCT at FROM state_changes",
        "SELECT asked_at FROM call_backs",
        "SELECT DISTINCT at FROM calls",
        "SELECT DISTINCT at FROM decisions",
        "SELECT DISTINCT at FROM confirmations",
        "SELECT at FROM told",
        "SELECT DISTINCT answered_at FROM confirmations",
        "SELECT at FROM audit",
        "SELECT at FROM visit_links",
        "SELECT at FROM clinic_settings",
        "SELECT at FROM patient_merges",
        "SELECT signed_at FROM visits WHERE signed_at IS NOT NULL",
    ):
        wrong += sum(_moment(at) is None for (at,) in _rows(connection, query))
    return wrong


#: What must be none, in words, and what counts it.
CHECKS: tuple[tuple[str, Callable[[Connection], int]], ...] = (
    ("signatures that do not fit what was signed", altered_signatures),
    ("addenda that do not fit what was signed", altered_addenda),
    ("signed visits that are not as they were signed", altered_signed_visits),
    ("signed visits with other decisions than were signed", altered_decisions),
    ("signed visits with confirmations that nobody gave", altered_confirmations),
    ("visits whose answers are not those that were entered", unfounded_answers),
    ("merges that lead round in a circle", patients_in_a_circle),
    ("days or times that cannot be", impossible_days),
)


def _rows(connection: Connection, query: str) -> Iterator[Any]:
    # Of the statement: on the connection it would hold for everything that follows.
    yield from connection.exec_driver_sql(
        query, execution_options={"yield_per": _AT_ONCE}
    )


def _side_by_side(
    visits: Iterable[Any], led_to: Iterator[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Pair each visit's answers with what its changes lead to.

    Both come in the same order, whichever that is to this database.
    """
    visit_led, expected = next(led_to, ("", ""))
    for visit, answers in visits:
        if visit == visit_led:
            yield answers, expected
            visit_led, expected = next(led_to, ("", ""))
        else:
            yield answers, "{}"


def _folded(changes: Iterable[Any]) -> str:
    """Return answers as the text that is stored, without reading each value."""
    answers: dict[str, str] = {}
    for _, question, new in changes:
        if new is None:
            answers.pop(question, None)
        else:
            answers[question] = new
    cells = (f"{json.dumps(name)}:{answers[name]}" for name in sorted(answers))
    return "{" + ",".join(cells) + "}"


def _signed(content: str) -> tuple[str, str, object] | None:
    table = _json(content)
    try:
        return table["visit"]["id"], table["visit"]["on"], table["answers"]
    except (KeyError, TypeError):
        return None


def _signed_decisions(content: str) -> list[tuple[str, str, str]] | None:
    """Return the decisions that were signed; visits of before had none."""
    table = _json(content)
    try:
        told = table.get("decisions", [])
        return [(one["id"], one["choice"], one["words"]) for one in told]
    except (AttributeError, KeyError, TypeError):
        return None


def _signed_confirmations(content: str) -> set[tuple[str, str, str]] | None:
    """Return the confirmations that were signed; visits of before had none."""
    table = _json(content)
    try:
        return {
            (one["confirmation"], one["question"], one["confirmed_by"])
            for one in table.get("entered", [])
            if one["confirmation"]
        }
    except (AttributeError, KeyError, TypeError):
        return None


def _after(content: str) -> str | None:
    table = _json(content)
    return table.get("after") if isinstance(table, dict) else None


def _comes_back(patient: str, into: dict[str, str | None]) -> bool:
    passed = {patient}
    while (after := into.get(patient)) is not None:
        if after in passed:
            return True
        passed.add(after)
        patient = after
    return False


def _json(text: str) -> Any:  # noqa: ANN401  (whatever JSON holds)
    """Return what a text holds, or the text where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _is_possible(day: str, opened_at: str, opened_utc: str) -> bool:
    opened = _moment(opened_at)
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return opened is not None and _in_utc(opened) == opened_utc


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime | None:
    """Return the moment a text tells, with its zone; None where it tells none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
