"""What nothing else caught: the draft first, then a message without patient data."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fakes import Recorder
from ui.error_hook import ErrorHook

PRIVATE = "Moreno has a fever"


@pytest.fixture
def hooks() -> Iterator[None]:
    """Put Python's own hooks back afterwards."""
    before = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = before


def _fail() -> None:
    raise ValueError(PRIVATE)


def _raise_into(hook: ErrorHook) -> None:
    try:
        _fail()
    except ValueError as error:
        hook.handle(type(error), error, error.__traceback__)


def test_the_draft_is_kept_before_anybody_is_told(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    """And neither message nor log says what the answers were."""
    order: list[str] = []
    teller = Recorder()
    hook = ErrorHook(lambda: order.append("draft"), teller)
    with caplog.at_level(logging.ERROR):
        _raise_into(hook)
    assert order == ["draft"]
    qtbot.waitUntil(lambda: bool(teller.messages))
    assert PRIVATE not in str(teller.messages)
    assert "kept" in teller.messages[0][1]
    assert PRIVATE not in caplog.text
    assert "ValueError at _fail" in caplog.text


def test_a_draft_that_cannot_be_kept_is_said(qtbot: QtBot) -> None:
    """Then the screen is the only copy."""

    def full() -> None:
        raise OSError(28, "No space left on device")

    teller = Recorder()
    hook = ErrorHook(full, teller)
    _raise_into(hook)
    qtbot.waitUntil(lambda: bool(teller.messages))
    assert "do not close" in teller.messages[0][1]


@pytest.mark.usefixtures("hooks")
def test_a_mistake_in_a_thread_is_told_in_the_window(qtbot: QtBot) -> None:
    """The background writer must not die unheard."""
    teller = Recorder()
    hook = ErrorHook(lambda: None, teller)
    hook.install()
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(teller.messages))
