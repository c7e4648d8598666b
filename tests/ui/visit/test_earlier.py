"""What an earlier visit said stands beside the field and is never its answer."""

from datetime import date
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from intake.answers import AnswerChange, Answers
from intake.earlier import Earlier
from intake.protocol import Protocol
from tests.ui.visits import session_of
from ui.visit.workspace import Workspace

THEN: dict[str, Any] = {"pain.now": 7, "pain.side": "gone", "cancer.history": "yes"}
EARLIER = [Earlier("v0", date(2026, 10, 2), Answers(THEN))]


@pytest.fixture
def saved() -> list[AnswerChange]:
    return []


@pytest.fixture
def workspace(qtbot: QtBot, protocol: Protocol, saved: list[AnswerChange]) -> Workspace:
    session = session_of(protocol, role="desk", saved=saved, earlier=EARLIER)
    workspace = Workspace(session)
    session.setParent(workspace)
    qtbot.addWidget(workspace)
    workspace.resize(1366, 700)
    workspace.show()
    return workspace


def test_it_stands_beside_the_field_and_fills_nothing_in(
    workspace: Workspace, saved: list[AnswerChange]
) -> None:
    row = workspace.page.form.rows["pain.now"]
    assert row._earlier is not None
    assert row._earlier.text() == "Earlier, 2026-10-02: 7"
    assert "Earlier" in row._earlier.accessibleName()
    assert saved == []
    assert dict(workspace.session.answers) == {}
    assert workspace.session.assessment.tier.code == "monitor", "no rule reads it"


def test_what_the_question_has_no_more_is_not_shown(workspace: Workspace) -> None:
    workspace.session.record("pain.sites", ["interscapular"])
    assert "pain.side" in workspace.page.form.rows
    row = workspace.page.form.rows["pain.side"]
    assert row._earlier is None


def test_the_trend_is_painted_and_named(workspace: Workspace) -> None:
    line = workspace.earlier
    assert "1 earlier visit, the last on 2026-10-02" in line.key.text()
    line.key.click()
    assert line.plots == []
    workspace.session.record("pain.now", 3)
    (plot,) = line.plots
    assert "7 on 2026-10-02, 3 on 2026-11-24" in plot.accessibleName()
    first, last = plot.places()
    assert first.x() < last.x()
    assert first.y() < last.y(), "less pain is lower"
    picture = plot.grab().toImage()
    inked = picture.pixelColor(last.toPoint() * plot.devicePixelRatioF())
    ground = picture.pixelColor(1, 1)
    assert inked != ground


def test_each_of_the_last_visits_has_a_key(qtbot: QtBot, workspace: Workspace) -> None:
    line = workspace.earlier
    (key,) = line.visits
    assert key.text() == "Read the visit of 2026-10-02"
    assert not key.isVisible()
    line.key.click()
    with qtbot.waitSignal(line.visit_wanted, timeout=1000) as wanted:
        key.click()
    assert wanted.args == ["v0"]


def test_without_an_earlier_visit_there_is_nothing(
    qtbot: QtBot, protocol: Protocol
) -> None:
    session = session_of(protocol)
    workspace = Workspace(session)
    session.setParent(workspace)
    qtbot.addWidget(workspace)
    assert workspace.earlier.isHidden()
    assert workspace.page.form.rows["pain.now"]._earlier is None
