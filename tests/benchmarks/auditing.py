"""How long a page of the audit trail takes where the trail is long, and checking it."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.audit import AuditLog
from db.store import Store, open_store
from intake.audit import EVENTS, AuditFilter, AuditNote, Event
from tests.benchmarks.measure import Timing, line, timed
from tests.db.made_up import KEY

_ENTRIES = 1_000_000
_AT_ONCE = 20_000
_FIRST = datetime(2021, 1, 4, 8, tzinfo=UTC)
_PAGE = AuditFilter(limit=101)
_PAGES = {
    "as it opens": _PAGE,
    "sorted by person": replace(_PAGE, order="who"),
    "sorted by role, upwards": replace(_PAGE, order="role", is_descending=False),
    "sorted by time": replace(_PAGE, order="at"),
    "of one event": replace(_PAGE, event="signed"),
    "of one person, sorted by event": replace(_PAGE, who="p7", order="event"),
    "about one patient": replace(_PAGE, subject="s77"),
    "of one day, sorted by number": replace(
        _PAGE, since=_FIRST + timedelta(days=30), before=_FIRST + timedelta(days=31)
    ),
    "since a day, of one event, sorted by subject": replace(
        _PAGE, since=_FIRST + timedelta(days=30), event="signed", order="subject"
    ),
    "of an event there is none of": replace(_PAGE, event="moved", order="at"),
    "the last one": replace(_PAGE, start=_ENTRIES - 100),
}


def lines() -> list[str]:
    """Return a row for each page, and for the check of the whole trail."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clinic.db"
        store = open_store(file, KEY, AuditLog(KEY, [Path(folder) / "head"]))
        for start in range(0, _ENTRIES, _AT_ONCE):
            store.note([_note(number) for number in range(start, start + _AT_ONCE)])
        rows = [
            _row(what, timed(_reading(store, page), 5)) for what, page in _PAGES.items()
        ]
        checking = timed(store.audit_faults, 1, warm_up=0)
        store.close()
    told = f"{checking.median / 1000:.0f} s"
    return [*rows, line("checking all of it", told, "", "", "target under 60 s")]


def _reading(store: Store, page: AuditFilter) -> Callable[[], object]:
    return lambda: store.audit_entries(page)


def _row(what: str, timing: Timing) -> str:
    figure = f"audit page of {_ENTRIES:,} entries, {what}"
    took = f"{timing.percentile(95):.0f} ms"
    return line(figure, took, "", "", "target under 1,000 ms")


def _note(number: int) -> AuditNote:
    """Return a note: mostly reading and recording, as in a clinic."""
    often: tuple[Event, ...] = ("patient_read", "visit_read", "answers_recorded")
    seldom = [event for event in EVENTS if event not in ("moved", *often)]
    event = often[number % 3] if number % 7 else seldom[number // 7 % len(seldom)]
    at = _FIRST + timedelta(seconds=40 * number)
    role = ("desk", "clinician", "clinician+owner")[number % 3]
    return AuditNote(event, f"p{number % 12}", at, role, f"s{number % 20_000}")
