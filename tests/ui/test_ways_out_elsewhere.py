"""No way out loses what is typed outside the form's own questions.

The registration and a change of it, an addendum, the words of a decision, the reason to
set an emergency aside, why a visit ended or is moved, and who was told: each on every
way out of `test_ways_out`. What is typed into the search looks for somebody and is kept
by nobody.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.store import Store
from intake.errors import UserFacingError
from intake.patient import Patient
from intake.ports import VisitRecords
from intake.protocol import Protocol
from tests.db.made_up import as_everybody, raw
from tests.ui.keyboard import press, type_keys
from tests.ui.test_ways_out import BACK, ENDS, protocol, running, sign
from tests.ui.ways_out import RECORDS, SEAL, Running, open_new_visit, start
from ui import draft
from ui.draft import Typed
from ui.endings import Endings
from ui.unfinished import Unfinished
from ui.visit.decision_row import DecisionRow

__all__ = ["protocol", "running"]
_HALF = "half a rea"
_TEARING: dict[str, Any] = {"pain.onset": "sudden_seconds", "pain.now": 10}


@dataclass(frozen=True)
class Place:
    """Somewhere to type: how one gets there, and what stands there later."""

    go_to: Callable[[QtBot, Running], None]
    keys: str
    shown: Callable[[Running], str]


def _to_registration(_qtbot: QtBot, running: Running) -> None:
    running.office.begin("Dr. Rivera", "clinician")
    running.office.show_registration()


def _registration(running: Running) -> str:
    running.office.show_registration()
    return running.office.registration.fields["family_name"].text()


def _to_addendum(qtbot: QtBot, running: Running) -> None:
    open_new_visit(qtbot, running, "p1")
    sign(qtbot, running)
    running.office.signing.show_addendum()


def _addendum(running: Running) -> str:
    if not running.office.signing.is_open:
        signed = [
            one for one in running.office.records.recent() if one[0].state == "signed"
        ]
        running.office.open_visit(*signed[0])
    running.office.signing.show_addendum()
    page = running.office.signing.addenda.page
    assert page is not None
    return page.text.toPlainText()


def _to_suggestions(qtbot: QtBot, running: Running) -> None:
    open_new_visit(qtbot, running, "p1")
    assert running.office.session is not None
    running.office.session.record_many(_TEARING)
    qtbot.waitUntil(lambda: running.saver.pending() == [], timeout=5000)
    running.office.show_reasons()


def _words(running: Running) -> str:
    """Return what stands in the row of the panel, where it is shown unasked."""
    assert running.office.workspace is not None
    panel = running.office.workspace.panel
    assert panel is not None
    return "" if panel.row.isHidden() else panel.row.field.text()


def _to_banner(qtbot: QtBot, running: Running) -> None:
    _to_suggestions(qtbot, running)
    running.office.visits.go_to_emergency()


def _banner(running: Running) -> str:
    assert running.office.workspace is not None
    banner = running.office.workspace.banner
    assert banner is not None
    return banner.reason.text()


def _to_end(qtbot: QtBot, running: Running) -> None:
    open_new_visit(qtbot, running, "p1")
    running.window.end_visit.emit()


def _end(running: Running) -> str:
    running.window.end_visit.emit()
    return running.window.ask_bar.field.text()


def _to_change(qtbot: QtBot, running: Running) -> None:
    open_new_visit(qtbot, running, "p1")
    running.window.change_registration.emit()
    # It is read anew first.
    field = running.office.changes.page.form.fields["email"]
    qtbot.waitUntil(field.isEnabled, timeout=5000)
    field.setFocus()


def _changed(running: Running) -> str:
    running.office.show_visit()
    running.window.change_registration.emit()
    return running.office.changes.page.form.fields["email"].text()


def _to_move(qtbot: QtBot, running: Running) -> None:
    open_new_visit(qtbot, running, "p1")
    running.window.move_visit.emit()
    running.office.whose.move.reason.setFocus()


def _move(running: Running) -> str:
    running.window.move_visit.emit()
    return running.office.whose.move.reason.text()


def _to_tell(qtbot: QtBot, running: Running) -> None:
    running.office.begin("Sam", "desk")
    running.office.register(Patient("p1", "Moreno"))
    assert running.office.session is not None
    assert running.office.workspace is not None
    weak = {"left": "yes", "right": "no"}
    running.office.session.record("neuro.leg_weakness", weak)
    qtbot.waitUntil(lambda: running.saver.pending() == [], timeout=5000)
    running.office.workspace.tell.take_keys()


def _told(running: Running) -> str:
    assert running.office.workspace is not None
    return running.office.workspace.tell.name.text()


PLACES = {
    "registration": Place(_to_registration, _HALF, _registration),
    "addendum": Place(_to_addendum, _HALF, _addendum),
    "reason to decline": Place(_to_suggestions, f"d{_HALF}", _words),
    "adapted text": Place(_to_suggestions, f"e{_HALF}", _words),
    "reason to set aside": Place(_to_banner, _HALF, _banner),
    "reason why it ended": Place(_to_end, _HALF, _end),
    "change of a registration": Place(_to_change, _HALF, _changed),
    "reason to move it": Place(_to_move, _HALF, _move),
    "who was told": Place(_to_tell, _HALF, _told),
}


def _type_in(qtbot: QtBot, running: Running, name: str) -> None:
    PLACES[name].go_to(qtbot, running)
    type_keys(PLACES[name].keys)


def _kept(folder: Path) -> bool:
    """Return whether the next start would find what was typed."""
    typed = [one for one in draft.read(folder, SEAL) if isinstance(one, Typed)]
    return any(_HALF in one.fields.values() for one in typed)


@pytest.fixture(params=PLACES)
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of a place; every test is about each of them."""
    return str(request.param)


def test_whoever_comes_back_finds_it_where_it_was(
    qtbot: QtBot, running: Running, name: str
) -> None:
    """After somebody else, too: what is one person's own is not shown to another."""
    _type_in(qtbot, running, name)
    lost = []
    for way, go in BACK.items():
        if (name, way) == ("registration", "another patient"):
            # That is how the form is sent.
            continue
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        go(qtbot, running)
        if running.office.works.name != "Dr. Rivera":
            running.office.lock()
            running.office.begin("Dr. Rivera", "clinician")
        if PLACES[name].shown(running) != _HALF:
            lost.append(way)

    assert lost == []


def test_the_next_start_finds_it(qtbot: QtBot, running: Running, name: str) -> None:
    endings = Endings(running.office.keep_typed, lambda: None)
    _type_in(qtbot, running, name)
    file = running.folder / draft.FILE_NAME
    lost = []
    for end, come in ENDS.items():
        file.unlink(missing_ok=True)
        come(qtbot, running)
        if not _kept(running.folder):
            lost.append(end)
    endings.stop()

    assert lost == []


def test_a_restart_puts_it_back(
    qtbot: QtBot, running: Running, protocol: Protocol, name: str
) -> None:
    _type_in(qtbot, running, name)
    running.window.close()
    again = start(qtbot, running.folder, protocol)
    again.office.begin("Dr. Rivera", "clinician")
    if name not in ("registration", "addendum"):
        ((visit, patient),) = again.office.records.recent()
        again.office.open_visit(visit, patient)

    assert PLACES[name].shown(again) == _HALF
    again.window.close()


def test_with_a_full_disk_and_locked_records_the_window_stays(
    qtbot: QtBot, running: Running, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It stays open with what was typed; closed later, it is kept."""

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk, closing(raw(running.folder / RECORDS)) as other:
        _type_in(qtbot, running, name)
        disk.setattr(draft, "write", full)
        other.execute("BEGIN EXCLUSIVE")
        running.window.close()
        assert running.window.isVisible()
        assert PLACES[name].shown(running) == _HALF
    running.window.close()
    assert _kept(running.folder)


_GONE = {
    "server_unreachable": "The clinic's server does not answer.",
    "database_read_only": "The records cannot be changed.",
    "disk_full": "The disk is full.",
}


class Failing:
    """Records that fail at every write, once they are told to, as the real ones say."""

    def __init__(self, records: VisitRecords) -> None:
        self._records = records
        self.code = ""

    def on_behalf_of(self, _person_id: str) -> "Failing":
        return self

    def record(self, *args: Any, **words: Any) -> Any:  # noqa: ANN401  (passed on)
        if self.code:
            raise UserFacingError(self.code, _GONE[self.code], "Nothing is lost.")
        return self._records.record(*args, **words)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (passed on)
        return getattr(self._records, name)


@dataclass
class Broken:
    """The program on records that can be made to fail."""

    running: Running
    records: list[Failing]


@pytest.fixture
def broken(qtbot: QtBot, tmp_path: Path, protocol: Protocol) -> Iterator[Broken]:
    """Return the program with a clinician at work."""
    made: list[Failing] = []

    def failing(store: Store) -> Any:  # noqa: ANN401  (it stands in for the records)
        made.append(Failing(as_everybody(store, protocol)))
        return made[0]

    running = start(qtbot, tmp_path / "records", protocol, failing)
    yield Broken(running, made)
    made[0].code = ""
    running.window.close()


@pytest.mark.parametrize("code", _GONE)
def test_what_is_typed_while_the_records_are_gone_is_kept_and_told(
    qtbot: QtBot, broken: Broken, code: str
) -> None:
    """A server that stopped, records that cannot be written: answers, and words."""
    running, records = broken.running, broken.records[0]
    _to_suggestions(qtbot, running)
    records.code = code
    assert running.office.session is not None
    running.office.session.record("general.fever", "yes")
    line = running.window.save_state
    qtbot.waitUntil(lambda: line.text().startswith("Not saved: "), timeout=5000)
    assert line.text().endswith("What you typed is kept here.")
    type_keys(f"d{_HALF}")
    running.office.lock()
    running.office.begin("Dr. Rivera", "clinician")
    assert _words(running) == _HALF
    assert running.office.session is not None
    assert running.office.session.answers["general.fever"] == "yes"
    qtbot.waitUntil(lambda: _kept(running.folder), timeout=3000)
    records.code = ""

    qtbot.waitUntil(lambda: running.saver.pending() == [], timeout=8000)
    assert _words(running) == _HALF


@pytest.mark.parametrize("choice", ["d", "e"])
def test_what_is_decided_is_not_unfinished_any_more(
    qtbot: QtBot, running: Running, choice: str
) -> None:
    _to_suggestions(qtbot, running)
    type_keys(f"{choice}{_HALF}")
    assert running.saver.unfinished.everything() != []
    type_keys("son\n")

    assert running.saver.unfinished.everything() == []


def test_what_was_set_aside_or_ended_is_not_unfinished_any_more(
    qtbot: QtBot, running: Running
) -> None:
    _to_banner(qtbot, running)
    type_keys(f"{_HALF}son\n")
    assert running.saver.unfinished.everything() == []
    running.window.end_visit.emit()
    type_keys(f"{_HALF}son\n")
    assert running.saver.unfinished.everything() != []
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: running.office.session is None, timeout=5000)

    assert running.saver.unfinished.everything() == []


def test_what_is_unfinished_when_it_is_signed_is_told_and_then_forgotten(
    qtbot: QtBot, running: Running
) -> None:
    """Nobody can finish it any more, and no draft holds it for ever."""
    open_new_visit(qtbot, running, "p1")
    assert running.office.workspace is not None
    running.office.workspace.page.go_to("vitals.pulse")
    type_keys("722")
    running.office.review_and_sign()
    told = running.office.signing.review.view.toPlainText()
    assert "Typed and not finished: 1" in told
    assert "Pulse: 722" in told
    sign(qtbot, running)

    assert running.saver.unfinished.everything() == []


def test_what_is_looked_for_is_kept_by_nobody(qtbot: QtBot, running: Running) -> None:
    open_new_visit(qtbot, running, "p1")
    running.office.show_home()
    running.office.home.search.setFocus()
    type_keys(_HALF)
    running.office.keep_typed()

    assert not _kept(running.folder)
    running.office.lock()
    running.office.begin("Dr. Okafor", "clinician")
    running.office.show_home()
    assert running.office.home.search.text() == ""
    assert QApplication.focusWidget() is not None


def test_a_place_that_forgets_is_caught(
    qtbot: QtBot, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the words of a decision are held by their field alone."""
    monkeypatch.setattr(DecisionRow, "_keep", lambda *_args: None)
    _type_in(qtbot, running, "adapted text")
    BACK["somebody else"](qtbot, running)

    assert _words(running) == ""


def test_a_program_that_keeps_nothing_unfinished_is_caught(
    qtbot: QtBot, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: there is a draft, with nothing unfinished in it."""
    monkeypatch.setattr(Unfinished, "everything", lambda _self: [])
    _type_in(qtbot, running, "reason why it ended")
    ENDS["session end"](qtbot, running)

    assert not _kept(running.folder)
