"""The wrong passphrases, counted beside the records: those are shut meanwhile.

The file holds nothing of a patient. The audit trail hears of them at the next sign-in
of anybody.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from db.private_files import write_private
from intake.attempts import Attempts

#: Under whom wrong recovery codes are counted.
NOBODY = ""


class AttemptsFile:
    """The counts of one clinic, by person."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self._path = path

    def of(self, person_id: str) -> Attempts:
        """Return the count of one person."""
        return self._read().get(person_id, Attempts())

    def count(self, person_id: str, at: datetime) -> None:
        """Count one more."""
        counts = self._read()
        counts[person_id] = counts.get(person_id, Attempts()).failed_at(at)
        self._write(counts)

    def forget(self, person_id: str) -> None:
        """Begin to count anew."""
        counts = self._read()
        if counts.pop(person_id, None) is not None:
            self._write(counts)

    def not_noted(self) -> Mapping[str, int]:
        """Return how many wrong ones of whom the audit trail does not tell yet."""
        return {
            who: one.failed - one.noted
            for who, one in self._read().items()
            if one.failed > one.noted
        }

    def all_noted(self) -> None:
        """Remember that the audit trail tells of all of them."""
        counts = self._read().items()
        self._write({who: replace(one, noted=one.failed) for who, one in counts})

    def _read(self) -> dict[str, Attempts]:
        """Return the counts; a file that cannot be read counts nothing."""
        try:
            text = self._path.read_text(encoding="utf-8")
            # Earlier versions noted all of them at once and kept no third number.
            return {
                str(who): Attempts(
                    int(failed), datetime.fromisoformat(last), *map(int, noted)
                )
                for who, (failed, last, *noted) in json.loads(text).items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _write(self, counts: Mapping[str, Attempts]) -> None:
        plain = {
            who: (one.failed, one.last.isoformat(), one.noted)
            for who, one in counts.items()
            if one.last is not None
        }
        write_private(self._path, json.dumps(plain).encode())
