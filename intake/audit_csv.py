"""The audit trail as CSV (RFC 4180) that a spreadsheet cannot be made to run."""

import csv
import io
import json
from collections.abc import Iterable, Mapping

from intake.audit import AuditEntry
from intake.waiting import counted

_COLUMNS = ("number", "time", "event", "person", "name", "role", "about", "detail")
#: What a spreadsheet takes for the beginning of a formula.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(entries: Iterable[AuditEntry], names: Mapping[str, str]) -> str:
    """Return entries as CSV, with a head line and the people's names."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for entry in counted(entries):
        note = entry.note
        cells = (
            str(entry.number),
            note.at.isoformat(),
            note.event,
            note.who,
            names.get(note.who, ""),
            note.role,
            note.subject,
            json.dumps(dict(note.detail), sort_keys=True) if note.detail else "",
        )
        writer.writerow(map(harmless, cells))
    return output.getvalue()


def harmless(cell: str) -> str:
    """Return a cell behind a quote where it would be taken for a formula."""
    return f"'{cell}" if cell.startswith(_BEGINS_FORMULA) else cell
