"""What the desk did is there for the clinician: marks, who was told, earlier visits."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from intake.answers import Answers, Role
from intake.patient import Patient
from tests.ui.keyboard import press, type_keys
from tests.ui.test_office import Desk, desk, protocol
from tests.ui.visits import NOW, TODAY
from ui.visit.workspace import Workspace

__all__ = ["desk", "protocol"]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ANA = Patient("p1", "Moreno", "Ana", birth_date="1992-03-01", sex_at_birth="female")


def begin(qtbot: QtBot, desk: Desk, who: str, role: Role) -> Workspace:
    """Sign in and open today's visit of Ana."""
    desk.office.window.activateWindow()
    qtbot.waitUntil(desk.office.window.isActiveWindow)
    desk.store.patients[ANA.id] = ANA
    desk.office.begin(who, role)
    desk.office.open_new_visit(ANA)
    assert desk.office.workspace is not None
    return desk.office.workspace


def stored(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: desk.saver.pending() == [])


def test_the_desk_notes_whom_it_told_and_the_clinician_reads_it(
    qtbot: QtBot, desk: Desk
) -> None:
    workspace = begin(qtbot, desk, "Dee", "desk")
    workspace.page.go_to("general.fever")
    type_keys("y")
    press(Qt.Key.Key_D, CTRL | SHIFT)
    type_keys("Dr. Kim\n")
    stored(qtbot, desk)
    ((_, told),) = desk.store.told
    assert (told.line, told.to, told.who) == (11, "Dr. Kim", "Dee")

    room = begin(qtbot, desk, "Dr. Rivera", "clinician")
    assert "Told: Dr. Kim at" in room.tell.told.text()
    assert "noted by Dee" in room.tell.told.text()


def test_the_clinician_finds_the_marks_of_the_desk_and_confirms_them(
    qtbot: QtBot, desk: Desk
) -> None:
    workspace = begin(qtbot, desk, "Dee", "desk")
    workspace.page.go_to("general.fever")
    type_keys("n")
    stored(qtbot, desk)

    room = begin(qtbot, desk, "Dr. Rivera", "clinician")
    assert list(room.session.confirmed.marked()) == ["general.fever"]
    type_keys(" ")
    stored(qtbot, desk)
    ((_, one),) = desk.store.confirmations
    assert (one.question, one.value, one.who) == ("general.fever", "no", "Dr. Rivera")

    again = begin(qtbot, desk, "Dr. Kim", "clinician")
    assert again.session.confirmed.marked() == {}
    found = again.session.confirmed.entered["general.fever"]
    assert (found.who, found.confirmed_by) == ("Dee", "Dr. Rivera")


@pytest.mark.parametrize("role", ["desk", "clinician"])
def test_earlier_visits_are_there_from_the_first_moment(
    qtbot: QtBot, desk: Desk, role: Role
) -> None:
    """The visit itself is not stored yet then."""
    begin(qtbot, desk, "Dee", role)
    stored(qtbot, desk)
    (visit,) = desk.store.visits.values()
    ago = timedelta(days=30)
    old = replace(
        visit,
        id="old",
        on=TODAY - ago,
        opened_at=NOW - ago,
        answers=Answers({"pain.now": 7}),
        state="to_sign",
    )
    desk.office.visits.close_all()
    desk.store.visits = {"old": old}
    workspace = begin(qtbot, desk, "Dee", role)
    row = workspace.page.form.rows["pain.now"]
    assert row._earlier is not None
    assert row._earlier.text() == f"Earlier, {TODAY - ago}: 7"
    assert "pain.now" not in workspace.session.answers


def test_typing_in_a_paper_ends_with_the_page(qtbot: QtBot, desk: Desk) -> None:
    workspace = begin(qtbot, desk, "Dee", "desk")
    press(Qt.Key.Key_I, CTRL)
    assert workspace.session.is_paper
    assert workspace.paper.isVisible()
    desk.office.lock()
    assert not workspace.session.is_paper
