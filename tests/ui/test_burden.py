"""The burden of the form, counted from the key events that the screens received.

form_flow.md, 3.2 and 3.4: the harmless strain takes 70 answers and 110 keys at most in
all, with hand-over and confirming, and the desk 40 answers; a tearing pain reaches the
top tier within 12 answers. Signing in and choosing the patient are not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from intake.answers import Role
from intake.patient import Patient
from intake.protocol import Tier
from tests.ui.keyboard import press, type_keys
from tests.ui.test_office import Desk, desk, protocol
from tests.ui.visit.test_worked_patient import AT_THE_DESK, IN_THE_ROOM
from ui.session import VisitSession

__all__ = ["desk", "protocol"]

MOST_ANSWERS, MOST_KEYS, MOST_AT_THE_DESK = 70, 110, 40
MOST_TO_AN_EMERGENCY = 12
CTRL = Qt.KeyboardModifier.ControlModifier
ANA = Patient("p1", "Moreno", "Ana", birth_date="1992-03-01", sex_at_birth="female")
SAMUEL = Patient("p2", "Obi", "Samuel", birth_date="1974-07-02", sex_at_birth="male")


class KeyCounter(QObject):
    """Counts the keys that reached whatever had the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # What a widget has no use for goes on to the one around it: that is no key.
        is_first = watched is QApplication.focusWidget()
        if event.type() == QEvent.Type.KeyPress and is_first:
            self.keys += 1
        return False


@dataclass(frozen=True)
class Burden:
    """What one visit took."""

    at_the_desk: int
    answers: int
    keys: int

    @property
    def is_kept(self) -> bool:
        """Return whether it is within what was promised."""
        return (
            self.at_the_desk <= MOST_AT_THE_DESK
            and self.answers <= MOST_ANSWERS
            and self.keys <= MOST_KEYS
        )


@pytest.fixture
def counter() -> Iterator[KeyCounter]:
    """Return a counter that listens to the whole program."""
    application = QApplication.instance()
    assert application is not None
    counter = KeyCounter()
    application.installEventFilter(counter)
    yield counter
    application.removeEventFilter(counter)


def session_of(desk: Desk) -> VisitSession:
    assert desk.office.session is not None
    return desk.office.session


def counted(session: VisitSession) -> int:
    """Return how many answers there are; chart, list and side are one act."""
    asked = session.protocol.questions
    one_act = {"pain.map", "pain.side"}
    return sum(asked[q].is_counted and q not in one_act for q in session.answers)


def begin(qtbot: QtBot, desk: Desk, who: str, role: Role, patient: Patient) -> None:
    """Sign in and choose the patient, which nobody counts."""
    desk.office.window.activateWindow()
    qtbot.waitUntil(desk.office.window.isActiveWindow)
    desk.office.begin(who, role)
    if patient.id not in desk.store.patients:
        desk.saver.register(patient)
    qtbot.waitUntil(lambda: patient.id in desk.store.patients)
    desk.office.open_new_visit(patient)
    qtbot.waitUntil(lambda: desk.saver.pending() == [])


def typed(qtbot: QtBot, desk: Desk, counter: KeyCounter, more: str = "") -> Burden:
    """Type the whole visit of the strain: desk, hand-over, confirming, room."""
    begin(qtbot, desk, "Dee", "desk", ANA)
    counter.keys = 0
    type_keys(AT_THE_DESK)
    at_the_desk = counted(session_of(desk))
    qtbot.waitUntil(lambda: desk.saver.pending() == [])
    press(Qt.Key.Key_Return, CTRL)
    (visit,) = desk.store.visits
    qtbot.waitUntil(lambda: desk.store.visits[visit].state == "ready_for_clinician")

    before = counter.keys
    begin(qtbot, desk, "Dr. Rivera", "clinician", ANA)
    assert counter.keys == before, "choosing the patient is not counted"
    while session_of(desk).confirmed.marked():
        type_keys(" ")
    type_keys(IN_THE_ROOM + more)
    session = session_of(desk)
    assert session.assessment.core_done
    assert session.assessment.open_questions == ()
    assert session.confirmed.marked() == {}
    return Burden(at_the_desk, counted(session), counter.keys)


def test_a_harmless_strain_keeps_to_what_was_promised(
    qtbot: QtBot, desk: Desk, counter: KeyCounter
) -> None:
    burden = typed(qtbot, desk, counter)
    assert burden == Burden(at_the_desk=34, answers=62, keys=107)
    assert burden.is_kept


def test_one_key_too_many_is_noticed(
    qtbot: QtBot, desk: Desk, counter: KeyCounter
) -> None:
    """The negative control: four keys that change nothing break the promise."""
    burden = typed(qtbot, desk, counter, more="\x1b" * 4)
    assert burden.keys == 111
    assert not burden.is_kept


@pytest.mark.parametrize(
    ("number", "burden"),
    [(1, Burden(41, 62, 106)), (2, Burden(34, 71, 106)), (3, Burden(34, 62, 111))],
)
def test_each_of_the_limits_counts(number: int, burden: Burden) -> None:
    assert not burden.is_kept, number


def answers_to_an_emergency(desk: Desk, keys: tuple[str, ...]) -> int:
    """Type answer by answer; return how many it took, or all of them and one."""
    session = session_of(desk)
    for key in keys:
        type_keys(key)
        if session.assessment.tier is Tier.EMERGENCY_NOW:
            return counted(session)
    return counted(session) + 1


def test_a_tearing_pain_is_an_emergency_within_twelve_answers(
    qtbot: QtBot, desk: Desk
) -> None:
    begin(qtbot, desk, "Dr. Rivera", "clinician", SAMUEL)
    # Between the shoulder blades, for an hour, within seconds, unlike a strain, 10.
    found = answers_to_an_emergency(desk, (" am\n", "1h", "a", "n", "10\n"))
    assert found == 5
    assert found <= MOST_TO_AN_EMERGENCY
    workspace = desk.office.workspace
    assert workspace is not None
    assert workspace.banner is not None
    assert workspace.banner.isVisible()


def test_a_harmless_beginning_is_none(qtbot: QtBot, desk: Desk) -> None:
    """The negative control: the same answers of a strain never get there."""
    begin(qtbot, desk, "Dr. Rivera", "clinician", SAMUEL)
    keys = (" am\n", "10d", "c", "y", "4", "b\n", "n", "n", "n", "b", "b", "n")
    assert answers_to_an_emergency(desk, keys) > MOST_TO_AN_EMERGENCY
