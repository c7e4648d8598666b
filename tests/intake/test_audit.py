"""Whoever lacks the key cannot alter the trail unseen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intake.audit import AuditEntry, AuditNote, Head, entry_after, faults

_KEY = b"k" * 32
_NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def chain(length: int, key: bytes = _KEY) -> tuple[list[AuditEntry], Head]:
    """Return a sound chain and its head."""
    entries, head = [], Head()
    for number in range(length):
        at = _NOON + timedelta(seconds=number)
        note = AuditNote("patient_read", "ann", at, "desk", f"p{number}")
        entry = entry_after(key, head, note)
        entries.append(entry)
        head = Head(entry.number, entry.mac)
    return entries, head


def found(entries: list[AuditEntry], head: Head | None) -> list[str]:
    """Return the faults of a chain."""
    return list(faults(_KEY, entries, head))


def test_a_sound_chain_has_no_fault() -> None:
    entries, head = chain(5)

    assert found(entries, head) == []


def test_a_head_written_a_little_late_is_no_fault() -> None:
    """The program may end between the record and its head."""
    entries, _ = chain(5)
    _, earlier = chain(3)

    assert found(entries, earlier) == []


def test_an_edit_shows() -> None:
    entries, head = chain(5)
    entries[2] = replace(entries[2], note=replace(entries[2].note, who="bob"))

    assert "Entry 3" in found(entries, head)[0]


@pytest.mark.parametrize("gone", [0, 2])
def test_a_deletion_shows(gone: int) -> None:
    entries, head = chain(5)
    del entries[gone]

    assert found(entries, head)


def test_reordering_shows() -> None:
    entries, head = chain(5)
    entries[1], entries[2] = entries[2], entries[1]

    assert found(entries, head)


def test_an_insertion_shows() -> None:
    entries, head = chain(5)
    entries.insert(2, replace(entries[2], number=3))

    assert found(entries, head)


def test_a_cut_off_end_shows() -> None:
    entries, head = chain(5)

    assert "2 entries are missing" in found(entries[:3], head)[0]


def test_a_chain_rebuilt_without_the_key_shows() -> None:
    rebuilt, _ = chain(5, b"guess")
    _, head = chain(5)

    assert found(rebuilt, head)


def test_another_sound_chain_is_not_ours() -> None:
    """Somebody with the key who starts over has another head than the one outside."""
    entries, _ = chain(5)
    note = AuditNote("opened", "eve", _NOON)
    first = entry_after(_KEY, Head(), note)

    assert "not the ones" in found([first], Head(1, entries[0].mac))[0]


def test_a_missing_head_shows() -> None:
    entries, _ = chain(2)

    assert "missing" in found(entries, None)[0]
