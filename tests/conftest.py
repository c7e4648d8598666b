"""What every test runs under, with Qt installed or without."""

import importlib.util
import os

# Before any Qt import: without a display, Qt aborts the whole run.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import start

if TYPE_CHECKING:
    from tests.db.places import Server

HAS_QT = importlib.util.find_spec("PySide6") is not None

# The window's tests need Qt, and so does typing into it; all others pass without.
collect_ignore = [] if HAS_QT else [n.removeprefix("tests/") for n in start.NEEDS_QT]

# No deadline: on two busy cores it would measure the neighbours.
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=50,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("full", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare pytest-qt's options where it is missing, or strict config fails."""
    if importlib.util.find_spec("pytestqt") is not None:
        return
    for name in ("qt_api", "qt_log_level_fail"):
        parser.addini(name, "read by pytest-qt")
    parser.addini("qt_log_ignore", "read by pytest-qt", type="linelist")


@pytest.fixture(scope="session")
def server() -> Iterator["Server"]:
    """Return a PostgreSQL server.

    Not below pytest's own folder, which it closes to others: run by root, the server
    works as somebody else.
    """
    from tests.db.places import Server

    with TemporaryDirectory(prefix="server-") as folder:
        server = Server(Path(folder) / "data")
        yield server
        server.stop()
