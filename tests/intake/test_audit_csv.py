"""The exported trail is CSV as the standard has it, and no formula runs."""

import csv
import io
from datetime import UTC, datetime

import pytest

from intake.audit import AuditEntry, AuditNote
from intake.audit_csv import csv_of, harmless

_NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
_FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("text", _FORMULAS)
def test_a_cell_that_would_run_stands_behind_a_quote(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ann", "1", " =1", "'=1", "a=b"])
def test_other_cells_are_as_they_were(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    "text", [*_FORMULAS, 'a "quoted" name', "a,b", "two\r\nlines", "Żółć"]
)
def test_what_stands_in_a_cell_stays_in_it(text: str) -> None:
    note = AuditNote("patient_read", "ann", _NOON, text, text, {"use_case": text})
    content = csv_of([AuditEntry(1, note, b"")] * 2, {"ann": text})

    assert content.count("\r\n") >= 3
    head, *rows = csv.reader(io.StringIO(content, newline=""))
    assert head == [
        "number", "time", "event", "person", "name", "role", "about", "detail",
    ]  # fmt: skip
    assert len(rows) == 2
    for row in rows:
        assert [row[4], row[5], row[6]] == [harmless(text)] * 3
        assert not any(
            cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row
        )
