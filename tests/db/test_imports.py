"""What is imported when: the first paint waits for none of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from db.store import open_store
from tests.db.made_up import KEY

_MODULES = "sys.modules.keys() & {'sqlalchemy', 'alembic', 'platformdirs'}"


def imported_after(statement: str) -> set[str]:
    """Return which of the slow packages a new process has imported after that."""
    told = subprocess.run(
        [sys.executable, "-c", f"import sys\n{statement}\nprint(*{_MODULES})"],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(told.stdout.split())


@pytest.mark.parametrize("module", ["db", "db.location"])
def test_to_know_where_the_records_lie_needs_no_database_package(module: str) -> None:
    assert imported_after(f"import {module}") == set()


def test_making_and_opening_records_needs_no_alembic(file: Path) -> None:
    """It costs as much again as opening the records, and is rarely of use."""
    use = f"from db.store import open_store\nopen_store({str(file)!r}, {KEY!r}).close()"
    assert imported_after(use) == {"sqlalchemy"}
    open_store(file, KEY).close()
    assert imported_after(use) == {"sqlalchemy"}
