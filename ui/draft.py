"""Changes that could not be stored, kept in a file until they can.

The file lies in the data folder, readable by its owner only, and is written whole or
not at all. It is applied at the next start and then removed.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from intake.answers import AnswerChange

FILE_NAME = "unsaved-answers.json"
Pending = Sequence[tuple[str, int, Sequence[AnswerChange]]]


def write(folder: Path, pending: Pending) -> None:
    """Keep batches of changes: visit, the revision they started from, changes.

    Raises:
        OSError: when even the draft cannot be written.
    """
    path = folder / FILE_NAME
    if not pending:
        path.unlink(missing_ok=True)
        return
    batches = [
        {"visit": visit, "revision": revision, "changes": [_plain(c) for c in changes]}
        for visit, revision, changes in pending
    ]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(batches, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read(folder: Path) -> list[tuple[str, int, list[AnswerChange]]]:
    """Return the batches kept, oldest first; none when there is no draft."""
    path = folder / FILE_NAME
    if not path.exists():
        return []
    batches = json.loads(path.read_text(encoding="utf-8"))
    return [
        (b["visit"], b["revision"], [_change(c) for c in b["changes"]]) for b in batches
    ]


def _plain(change: AnswerChange) -> dict[str, Any]:
    return {**asdict(change), "at": change.at.isoformat()}


def _change(plain: dict[str, Any]) -> AnswerChange:
    return AnswerChange(**{**plain, "at": datetime.fromisoformat(plain["at"])})
