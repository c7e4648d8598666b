"""A later protocol asks a question in another way: the old answer is kept, and told.

Nothing crashes, no rule reads what it cannot read, and nothing is lost: whoever opens
the visit is told and asks again.
"""

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from db.store import Store
from intake.answers import AnswerChange
from intake.as_signed import as_signed
from intake.fitting import fits
from intake.ports import VisitRecords
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from intake.signed_words import signed_parts
from intake.worklist import Tiers
from tests.db.made_up import as_everybody
from tests.ui.keyboard import type_keys
from tests.ui.test_ways_out import sign
from tests.ui.visits import NOW, session_of
from tests.ui.ways_out import Running, open_new_visit, start
from ui.visit.workspace import Workspace

#: An answer of each shape there is.
SHAPES: tuple[Any, ...] = (
    "yes",
    "worst_ever",
    ["aching"],
    [],
    4,
    "5",
    {"value": 38.5, "unit": "Cel"},
    {"systolic": {"value": 120, "unit": "mm[Hg]"}},
    "2026-11",
    {"left": "yes"},
    [{"region": "chest_front", "view": "front", "x": 0.5, "y": 0.5}],
    [{"activity": "lifting", "score": 4}],
)
OLD = {
    "pain.now": "mild",
    "general.fever": {"value": 38.5, "unit": "Cel"},
    "question.of_before": "yes",
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return default_protocol()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_an_answer_of_any_shape_to_any_question_can_be_opened(
    qtbot: QtBot,
    protocol: Protocol,
    shape: Any,  # noqa: ANN401  (an answer of any kind)
) -> None:
    """All questions at once, as if every one of them had been another."""
    answers = dict.fromkeys(protocol.questions, shape)
    session = session_of(protocol, answers=answers)
    workspace = Workspace(session)
    qtbot.addWidget(workspace)

    for question, value in answers.items():
        is_read = session.answers.get(question) == value
        assert is_read == fits(protocol, question, value)
        assert is_read != (question in session.unread)


def test_unchecked_such_an_answer_stops_the_program(
    protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: read as it stands."""
    monkeypatch.setattr("ui.session.fitting", lambda _protocol, answers: answers)
    with pytest.raises(ValueError, match="mild"):
        session_of(protocol, answers=OLD)


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, protocol: Protocol) -> tuple[Running, Store]:
    """Return the program with a visit that an earlier protocol filled in part."""
    stores: list[Store] = []

    def kept(store: Store) -> VisitRecords:
        stores.append(store)
        return as_everybody(store, protocol)

    running = start(qtbot, tmp_path / "records", protocol, kept)
    open_new_visit(qtbot, running, "p1")
    visit_id = running.visit_id
    running.office.visits.close_all()
    store = stores[0]
    changes = [
        AnswerChange(question, None, value, "Kim", "clinician", NOW, "clinician")
        for question, value in OLD.items()
    ]
    store.record(visit_id, store.visit(visit_id).revision, changes)
    visit = store.visit(visit_id)
    running.office.open_visit(visit, store.patient(visit.patient_id))
    return running, store


def test_whoever_opens_it_is_told_and_the_old_answers_are_kept(
    qtbot: QtBot, opened: tuple[Running, Store]
) -> None:
    running, store = opened
    session, workspace = running.office.session, running.office.workspace
    assert session is not None
    assert workspace is not None
    assert workspace.panel is not None
    told = workspace.panel.view.toPlainText()
    assert "Answered under an earlier protocol, kept, read by no rule" in told
    for words in ("Pain right now", "Fever or feverish", "question.of_before"):
        assert words in told
    assert 'Pain right now, 0 to 10: "mild"' in workspace.page.form._hidden.text()
    assert store.visit(session.visit.id).answers.as_dict() == OLD

    workspace.page.go_to("pain.now")
    type_keys("4")
    qtbot.waitUntil(lambda: running.saver.pending() == [], timeout=5000)
    assert store.visit(session.visit.id).answers["pain.now"] == 4
    assert running.office.disputes.all() == [], "it is no conflict with itself"
    assert "pain.now" not in session.unread
    assert "mild" not in workspace.page.form._hidden.text()
    session.undo()
    assert session.unread["pain.now"] == "mild"
    running.window.close()


def test_it_is_signed_with_the_old_answers_and_read_again(
    qtbot: QtBot, opened: tuple[Running, Store], protocol: Protocol
) -> None:
    running, store = opened
    visit_id = running.visit_id
    sign(qtbot, running)
    mark = store.visit(visit_id).signature
    assert mark is not None
    signed = as_signed(mark)
    assert signed.answers.as_dict() == OLD
    lines = [line for part in signed_parts(signed, protocol) for line in part.lines]
    assert 'Pain right now, 0 to 10: "mild"' in lines
    running.office.show_documents()
    assert running.office.documents.save.isEnabled()
    running.window.close()


def test_the_desk_is_told_in_the_section(protocol: Protocol, qtbot: QtBot) -> None:
    session = session_of(protocol, role="desk", answers={"pain.now": "mild"})
    workspace = Workspace(session)
    qtbot.addWidget(workspace)
    assert "Ask again" in workspace.page.form._hidden.text()


def test_in_the_list_of_the_day_nothing_urgent_hides_behind_it(
    opened: tuple[Running, Store], protocol: Protocol
) -> None:
    """What cannot be read may be what is urgent; what can be read still counts."""
    running, store = opened
    visit = store.visit(running.visit_id)
    patient = store.patient(visit.patient_id)
    assert Tiers(protocol).of(visit, patient) is None
    change = AnswerChange("cancer.history", None, "yes", "Kim", "desk", NOW, "desk")
    visit = store.record(visit.id, visit.revision, [change])
    found = Tiers(protocol).of(visit, patient)
    assert found is not None
    assert found.code != "monitor"
    running.window.close()
