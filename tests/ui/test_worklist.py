"""The list of the day on the screen: groups, keys, and what the desk does not see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from intake.call_backs import Call, CallBack
from intake.patient import Patient
from intake.protocol import Tier
from intake.visit import Visit, VisitState
from intake.worklist import WorklistEntry
from tests.ui.keyboard import press
from tests.ui.visits import NOW, TODAY, StoppedClock
from ui.worklist import Worklist, call_in_words

NASTY = "<b>x</b><script>alert(1)</script>"


def entry(name: str, state: VisitState = "history", **known: object) -> WorklistEntry:
    visit = Visit(name, f"p-{name}", TODAY, NOW, "p", "1", "d", state=state)
    usual: dict[str, object] = {
        "patient": Patient(f"p-{name}", name.title()),
        "tier": Tier.MONITOR,
        "call_back": None,
        "history_by": ("Noor",),
        "examined_by": (),
        "responsible": "Dr. Rivera",
        "since": NOW - timedelta(minutes=8),
    }
    return WorklistEntry(visit, **{**usual, **known})  # type: ignore[arg-type]  # as given


@pytest.fixture
def worklist(qtbot: QtBot) -> Worklist:
    worklist = Worklist(StoppedClock())
    qtbot.addWidget(worklist)
    worklist.resize(1300, 500)
    worklist.show()
    worklist.activateWindow()
    qtbot.waitUntil(worklist.isActiveWindow)
    return worklist


def texts(worklist: Worklist, row: int) -> list[str]:
    """Return what can be read in a row."""
    table = worklist.table
    shown = [c for c in range(table.columnCount()) if not table.isColumnHidden(c)]
    items = [table.item(row, column) for column in shown]
    return [item.text() for item in items if item is not None and item.text()]


def everything(worklist: Worklist) -> str:
    rows = range(worklist.table.rowCount())
    return " | ".join(text for row in rows for text in texts(worklist, row))


def test_groups_have_titles_and_numbers(worklist: Worklist) -> None:
    worklist.show_entries(
        [entry("ann"), entry("bo"), entry("cy", "ready_for_clinician")],
        is_clinicians=True,
    )
    assert texts(worklist, 0) == ["Ready for the clinician  (1)"]
    shown = ["Cy", "8 min", "Noor", "Dr. Rivera"]
    assert texts(worklist, 1) == ["\u25cb  monitor", *shown]
    assert texts(worklist, 2) == ["History being taken  (2)"]
    assert [one.visit.id for one in worklist.entries()] == ["cy", "ann", "bo"]


def test_the_desk_sees_no_urgency(worklist: Worklist) -> None:
    entries = [entry("ann", tier=Tier.EMERGENCY_NOW)]
    worklist.show_entries(entries, is_clinicians=True)
    assert "now" in everything(worklist)
    worklist.show_entries(entries, is_clinicians=False)
    assert "now" not in everything(worklist)
    assert worklist.table.isColumnHidden(0)
    item = worklist.table.item(1, 0)
    assert item is not None
    assert item.text() == "", "not behind the hidden column either"
    assert item.background().style() is Qt.BrushStyle.NoBrush


def test_what_could_not_be_assessed_says_so(worklist: Worklist) -> None:
    worklist.show_entries([entry("ann", tier=None)], is_clinicians=True)
    assert "?  not known" in texts(worklist, 1)


def test_the_keys_pass_over_headings(worklist: Worklist) -> None:
    """Through every group and back, at the desk, too, whose first column is hidden."""
    entries = [entry("ann"), entry("bo"), entry("cy", "to_sign"), entry("dy", "signed")]
    for is_clinicians in (True, False):
        worklist.show_entries(entries, is_clinicians=is_clinicians)
        worklist.take_keys()
        passed = []
        for key in (Qt.Key.Key_Down,) * 3 + (Qt.Key.Key_Up,) * 3:
            chosen = worklist.selected()
            assert chosen is not None
            passed.append(chosen.visit.id)
            press(key)
        assert passed == ["ann", "bo", "cy", "dy", "cy", "bo"]


def test_enter_opens_the_line_that_is_chosen(qtbot: QtBot, worklist: Worklist) -> None:
    worklist.show_entries([entry("ann"), entry("cy", "to_sign")], is_clinicians=True)
    worklist.take_keys()
    press(Qt.Key.Key_Down)
    with qtbot.waitSignal(worklist.chosen) as told:
        press(Qt.Key.Key_Return)
    assert told.args[0].visit.id == "cy"


def test_drawn_anew_the_same_visit_stays_chosen(worklist: Worklist) -> None:
    worklist.show_entries([entry("ann"), entry("bo")], is_clinicians=True)
    worklist.take_keys()
    press(Qt.Key.Key_Down)
    moved = [entry("bo", "ready_for_clinician"), entry("ann"), entry("new")]
    worklist.show_entries(moved, is_clinicians=True)
    chosen = worklist.selected()
    assert chosen is not None
    assert chosen.visit.id == "bo"
    assert worklist.table.hasFocus()


def test_who_went_is_not_chosen_any_more(worklist: Worklist) -> None:
    worklist.show_entries([entry("ann")], is_clinicians=True)
    worklist.take_keys()
    worklist.show_entries([entry("bo")], is_clinicians=True)
    assert worklist.selected() is None


def test_names_are_shown_as_they_are(worklist: Worklist) -> None:
    worklist.show_entries(
        [entry("ann", patient=Patient("p", NASTY), responsible=NASTY)],
        is_clinicians=True,
    )
    assert everything(worklist).count(NASTY) == 2


def test_what_is_to_be_known_of_a_visit(worklist: Worklist) -> None:
    ended = entry("ann", "cancelled")
    old = entry("bo")
    old = replace(old, visit=replace(old.visit, on=TODAY - timedelta(days=1)))
    new = entry("cy")
    worklist.show_entries([ended, old, new], frozenset({"cy"}), is_clinicians=True)
    said = everything(worklist)
    assert "cancelled" in said
    assert "visit of 2026-11-23, history being taken" in said
    assert "not stored yet" in said


def test_how_a_call_stands() -> None:
    asked = CallBack("c", "v", TODAY, NOW)
    tried = Call("no_answer", "sam", NOW, "secret")
    patient = Patient("p", phone="0171 555 0100")
    assert call_in_words(Patient("p"), asked) == (
        "to call, no phone recorded, due 2026-11-24"
    )
    assert call_in_words(patient, replace(asked, calls=(tried,))) == (
        "call 0171 555 0100, due 2026-11-24, tried once"
    )
    assert call_in_words(patient, replace(asked, calls=(tried, tried))).endswith(
        "tried 2 times"
    )


def test_urgency_is_drawn_anew_in_other_colours(worklist: Worklist) -> None:
    worklist.show_entries([entry("ann", tier=Tier.EMERGENCY_NOW)], is_clinicians=True)

    def ground() -> QColor:
        item = worklist.table.item(1, 0)
        assert item is not None
        return item.background().color()

    before = ground()
    dark = QPalette(worklist.palette())
    dark.setColor(QPalette.ColorRole.Base, QColor("black"))
    worklist.setPalette(dark)
    assert ground() != before


def test_forgetting_leaves_nobody(worklist: Worklist) -> None:
    worklist.show_entries([entry("ann")], is_clinicians=True)
    worklist.forget()
    assert worklist.is_empty
    assert everything(worklist) == ""
