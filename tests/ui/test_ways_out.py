"""No way out of a form loses what is typed in it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.db.made_up import raw
from tests.ui.keyboard import press, type_keys
from tests.ui.visits import say_whose
from tests.ui.ways_out import (
    RECORDS,
    TYPINGS,
    Running,
    in_view,
    open_new_visit,
    remains,
    shown,
    start,
    type_in,
)
from ui import draft
from ui.endings import Endings
from ui.error_hook import ErrorHook
from ui.unfinished import in_registration
from ui.visit.editors.amount import AmountEditor

Way = Callable[[QtBot, Running], None]


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path, protocol: Protocol) -> Iterator[Running]:
    """Return the program with a clinician at work."""
    running = start(qtbot, tmp_path / "records", protocol)
    yield running
    running.window.close()


# ways that come back in the same window


def _another_page(_qtbot: QtBot, running: Running) -> None:
    running.office.show_home()
    running.office.show_visit()


def _lock(_qtbot: QtBot, running: Running) -> None:
    running.office.lock()
    running.office.begin("Dr. Rivera", "clinician")


def _idle_lock(_qtbot: QtBot, running: Running) -> None:
    running.office.presence.idle_lock.idle.emit()
    assert running.window.is_locked
    running.office.begin("Dr. Rivera", "clinician")


def _somebody_else(_qtbot: QtBot, running: Running) -> None:
    running.office.lock()
    running.office.begin("Dr. Okafor", "clinician")


def _another_patient(qtbot: QtBot, running: Running) -> None:
    session = running.office.session
    name = session.patient.id if session is not None else "nobody"
    open_new_visit(qtbot, running, f"other of {name}")
    if session is not None:
        running.office.open_visit(session.visit, session.patient)


def _hidden(_qtbot: QtBot, running: Running) -> None:
    press(Qt.Key.Key_F12)
    assert running.window.is_locked
    press(Qt.Key.Key_F12)


def _closed(qtbot: QtBot, running: Running) -> None:
    session = running.office.session
    if session is not None:
        running.window.close_visit.emit()
        qtbot.waitUntil(lambda: running.saver.pending() == [], timeout=5000)
        running.office.open_visit(session.visit, session.patient)


BACK: dict[str, Way] = {
    "another page": _another_page,
    "hidden screen": _hidden,
    "closed visit": _closed,
    "lock": _lock,
    "idle lock": _idle_lock,
    "somebody else": _somebody_else,
    "another patient": _another_patient,
}


def lost(qtbot: QtBot, running: Running, way: Way) -> list[str]:
    """Take a way out of every kind of editor and come back; return what is lost."""
    found = []
    for name, typing in TYPINGS.items():
        open_new_visit(qtbot, running, name)
        type_in(running, typing)
        way(qtbot, running)
        view, now = shown(running, typing), in_view(running)
        # On a way that one chose, what is whole by now is taken.
        is_taken = typing.question in now.answers and way in _CHOSEN
        missing = "" if is_taken else now.lacks(typing)
        is_half = typing.is_seen and typing.field in now.jottings
        if not missing and is_half and typing.half not in view:
            missing = f"not put back: {view}"
        if missing:
            found.append(f"{name}: {missing}")
    return found


_CHOSEN = (_another_page, _another_patient, _closed)


@pytest.mark.parametrize("name", BACK)
def test_whoever_comes_back_finds_what_was_typed(
    qtbot: QtBot, running: Running, name: str
) -> None:
    assert lost(qtbot, running, BACK[name]) == []


def test_an_editor_that_forgets_is_caught(
    qtbot: QtBot, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what is no number yet is dropped by its editor."""
    monkeypatch.setattr(AmountEditor, "jot", lambda *_args: None)
    assert len(lost(qtbot, running, _somebody_else)) >= 3


# ways that end the program; each leaves the folder as the next start finds it


def _session_end(_qtbot: QtBot, _running: Running) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.commitDataRequest.emit(None)


def _quit(_qtbot: QtBot, _running: Running) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.aboutToQuit.emit()


def _mistake_in_a_slot(qtbot: QtBot, running: Running) -> None:
    told = len(running.teller.messages)
    hook = ErrorHook(running.saver.keep_draft, running.teller, running.office.interrupt)

    def slot() -> None:
        try:
            int("a mistake of ours")
        except ValueError as error:
            hook.handle(type(error), error, error.__traceback__)

    QTimer.singleShot(0, slot)
    qtbot.waitUntil(lambda: len(running.teller.messages) > told)


_FEW = ("number that asks for its unit", "yes without its side", "text")
ENDS: dict[str, Way] = {
    "session end": _session_end,
    "quit": _quit,
    "mistake in a slot": _mistake_in_a_slot,
}


def left_behind(qtbot: QtBot, running: Running, way: Way, scratch: Path) -> list[str]:
    """End the program while each kind of editor is typed in; return what is lost."""
    found = []
    endings = Endings(running.office.keep_typed, lambda: None)
    for name, typing in TYPINGS.items():
        open_new_visit(qtbot, running, name)
        type_in(running, typing)
        way(qtbot, running)
        missing = remains(running.folder, running.visit_id, scratch).lacks(typing)
        if missing:
            found.append(f"{name}: {missing}")
    endings.stop()
    return found


@pytest.mark.parametrize("name", ENDS)
def test_the_next_start_finds_what_was_typed(
    qtbot: QtBot, running: Running, tmp_path: Path, name: str
) -> None:
    assert left_behind(qtbot, running, ENDS[name], tmp_path) == []


def test_a_program_that_keeps_no_draft_is_caught(
    qtbot: QtBot, running: Running, tmp_path: Path
) -> None:
    """Negative control: it is told to end and does nothing."""
    lost_things = left_behind(qtbot, running, lambda *_args: None, tmp_path)
    assert len(lost_things) >= 8


def open_again(
    qtbot: QtBot, running: Running, protocol: Protocol, visit_id: str
) -> Running:
    """Start the program anew on the same folder, and open a visit."""
    again = start(qtbot, running.folder, protocol)
    again.office.begin("Dr. Rivera", "clinician")
    found = again.office.records.visit_of(visit_id)
    assert found is not None
    again.office.open_visit(*found)
    return again


@pytest.mark.parametrize("name", TYPINGS)
def test_a_window_that_is_closed_and_opened_shows_what_was_typed(
    qtbot: QtBot, running: Running, protocol: Protocol, name: str
) -> None:
    """Half of it is said to be not finished, and becomes an answer only with Enter."""
    typing = TYPINGS[name]
    open_new_visit(qtbot, running, "p1")
    visit_id = running.visit_id
    type_in(running, typing)
    running.window.close()
    again = open_again(qtbot, running, protocol, visit_id)

    assert in_view(again).lacks(typing) == ""
    if typing.half and typing.is_seen:
        assert typing.half in shown(again, typing)
        assert again.office.workspace is not None
        again.office.workspace.page.go_to("general.fever")
        assert in_view(again).lacks(typing) == ""
    again.window.close()


def test_what_was_put_back_is_finished_with_the_keys_that_were_missing(
    qtbot: QtBot, running: Running, protocol: Protocol
) -> None:
    open_new_visit(qtbot, running, "p1")
    visit_id = running.visit_id
    type_in(running, TYPINGS["number that asks for its unit"])
    running.window.close()
    again = open_again(qtbot, running, protocol, visit_id)
    assert again.office.workspace is not None
    again.office.workspace.page.go_to("pain.duration")
    editor = again.office.workspace.page.form.rows["pain.duration"].editor
    assert isinstance(editor, AmountEditor)
    assert "Not finished" in editor.hint.text()
    editor.line.end(False)
    type_keys("d")

    now = in_view(again)
    assert now.answers["pain.duration"] == {"value": 10, "unit": "d"}
    assert now.jottings == {}
    again.window.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Unix only: Windows has no such")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
def test_a_signal_of_the_system_closes_and_keeps(
    qtbot: QtBot, running: Running, tmp_path: Path, number: str
) -> None:
    open_new_visit(qtbot, running, "p1")
    visit_id = running.visit_id
    type_in(running, TYPINGS["half a date"])
    endings = Endings(running.office.keep_typed, running.window.close)
    os.kill(os.getpid(), getattr(signal, number))
    qtbot.waitUntil(lambda: not running.window.isVisible(), timeout=3000)
    endings.stop()

    left = remains(running.folder, visit_id, tmp_path)
    assert left.lacks(TYPINGS["half a date"]) == ""


@pytest.mark.parametrize("name", _FEW)
def test_a_kill_a_second_later_loses_nothing(
    qtbot: QtBot, running: Running, tmp_path: Path, name: str
) -> None:
    """What is typed is on the disk by itself, whether or not anything is told."""
    open_new_visit(qtbot, running, "p1")
    type_in(running, TYPINGS[name])
    qtbot.waitUntil(
        lambda: (
            not remains(running.folder, running.visit_id, tmp_path).lacks(TYPINGS[name])
        ),
        timeout=3000,
    )


# the records or the disk are gone


@pytest.mark.parametrize("name", _FEW)
def test_what_is_typed_while_the_records_are_locked_waits(
    qtbot: QtBot, running: Running, protocol: Protocol, tmp_path: Path, name: str
) -> None:
    """Another program holds them, and this one is closed meanwhile."""
    open_new_visit(qtbot, running, "p1")
    visit_id = running.visit_id
    with closing(raw(running.folder / RECORDS)) as other:
        other.execute("BEGIN EXCLUSIVE")
        type_in(running, TYPINGS[name])
        running.window.close()
    assert not running.window.isVisible()
    left = remains(running.folder, visit_id, tmp_path)
    assert left.lacks(TYPINGS[name]) == ""
    again = open_again(qtbot, running, protocol, visit_id)
    assert in_view(again).lacks(TYPINGS[name]) == ""
    again.window.close()


@pytest.mark.parametrize("name", _FEW)
def test_on_a_full_disk_the_window_stays_and_keeps_what_it_shows(
    qtbot: QtBot,
    running: Running,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    open_new_visit(qtbot, running, "p1")
    visit_id = running.visit_id

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk, closing(raw(running.folder / RECORDS)) as other:
        disk.setattr(draft, "write", full)
        other.execute("BEGIN EXCLUSIVE")
        type_in(running, TYPINGS[name])
        running.window.close()
        assert running.window.isVisible()
        assert "stays open" in running.teller.messages[-1][0]
        assert in_view(running).lacks(TYPINGS[name]) == ""
    running.window.close()
    assert not running.window.isVisible()
    assert remains(running.folder, visit_id, tmp_path).lacks(TYPINGS[name]) == ""


def test_records_that_are_removed_while_open_are_not_said_to_be_saved(
    qtbot: QtBot, running: Running, tmp_path: Path
) -> None:
    """An unlinked file takes every write, and is gone when it is closed."""
    open_new_visit(qtbot, running, "p1")
    visit_id, records = running.visit_id, running.folder / RECORDS
    kept = tmp_path / "elsewhere"
    records.rename(kept)
    type_in(running, TYPINGS["text"])
    line = running.window.save_state
    qtbot.waitUntil(lambda: line.text().startswith("Not saved"), timeout=5000)
    running.window.close()
    kept.rename(records)

    assert remains(running.folder, visit_id, tmp_path).lacks(TYPINGS["text"]) == ""


# forms that are sent as a whole


def _half_register(running: Running) -> None:
    running.office.begin("Sam", "desk")
    running.office.show_registration()
    running.office.registration.fields["family_name"].setFocus()
    type_keys("Okafor\nNg")


def _half_registered(running: Running) -> tuple[str, str]:
    running.office.show_registration()
    fields = running.office.registration.fields
    return fields["family_name"].text(), fields["given_name"].text()


def test_a_registration_that_was_not_sent_is_put_back(
    qtbot: QtBot, running: Running, protocol: Protocol
) -> None:
    """After another page, after a lock, after somebody else, after a restart."""
    office = running.office
    _half_register(running)
    office.show_home()
    assert _half_registered(running) == ("Okafor", "Ng")
    office.lock()
    office.begin("Kim", "desk")
    assert _half_registered(running) == ("", "")
    office.lock()
    office.begin("Sam", "desk")
    assert _half_registered(running) == ("Okafor", "Ng")
    running.window.close()
    again = start(qtbot, running.folder, protocol)
    again.office.begin("Sam", "desk")
    assert _half_registered(again) == ("Okafor", "Ng")
    assert "not registered" in again.office.registration.hint.text().lower()
    again.office.registration.register.click()
    assert again.saver.unfinished.everything() == []
    assert _half_registered(again) == ("", "")
    again.window.close()


def test_a_registration_is_thrown_away_on_purpose(running: Running) -> None:
    _half_register(running)
    running.office.registration.empty.click()

    assert running.saver.unfinished.of(in_registration("desk/Sam")) == {}
    assert _half_registered(running) == ("", "")


def test_an_addendum_that_was_not_signed_is_put_back_after_a_restart(
    qtbot: QtBot, running: Running, protocol: Protocol
) -> None:
    """Its kind, its words, its answers, and half a number among them."""
    open_new_visit(qtbot, running, "p1")
    visit_id = running.visit_id
    sign(qtbot, running)
    running.office.signing.show_addendum()
    page = running.office.signing.addenda.page
    assert page is not None
    page.kinds.button(2).click()
    page.text.setFocus()
    type_keys("Seen again")
    page.answers.add("general.fever")
    type_keys("y")
    page.answers.add("pain.duration")
    type_keys("10")
    running.window.close()
    again = open_again(qtbot, running, protocol, visit_id)
    assert "not signed yet" in again.office.signing.page.said.text()
    again.office.signing.show_addendum()
    page = again.office.signing.addenda.page
    assert page is not None

    assert page.kind == "correction"
    assert page.text.toPlainText() == "Seen again"
    assert page.answers.changed() == {"general.fever": "yes"}
    editor = page.answers.rows["pain.duration"].editor
    assert isinstance(editor, AmountEditor)
    assert editor.line.text() == "10"
    page.sign_row.sign.click()
    qtbot.waitUntil(lambda: again.office.signing.addenda.page is None, timeout=5000)
    assert again.saver.unfinished.everything() == []
    again.window.close()


def sign(qtbot: QtBot, running: Running) -> None:
    running.office.review_and_sign()
    review = running.office.signing.review
    qtbot.waitUntil(review.row.sign.isEnabled, timeout=5000)
    say_whose(review.row)
    review.row.sign.click()
    qtbot.waitUntil(lambda: running.office.signing.is_open, timeout=5000)
