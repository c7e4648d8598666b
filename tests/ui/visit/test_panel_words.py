"""What the panel must not let anybody misread."""

import re
from typing import Any

from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from intake.evidence_card import card_of_concern
from intake.protocol_loader import default_protocol
from intake.record import Record
from tests.ui.visits import session_of
from ui.visit.card_html import card_html
from ui.visit.panel_html import could_be_words, panel_html

#: Painful fist tap at 77: the back is spared until the picture is there.
_FRACTURE: dict[str, Any] = {
    "exam.percussion": "positive",
    "pain.duration": {"value": 7, "unit": "wk"},
    "pain.course": "slowly_worse",
    "general.weight_loss": "yes",
}

_LEGS = {"left": "yes", "right": "yes"}


def _panel(answers: dict[str, Any]) -> str:
    session = session_of(default_protocol(), answers=answers, birth_date="1949-03-01")
    return panel_html(session, QPalette())


def test_advice_has_no_clock_that_reads_as_how_long(qtbot: QtBot) -> None:
    html = _panel(_FRACTURE)
    assert "<b>Spare the spine until it is cleared</b>" in html
    assert "<b>Spare the spine until it is cleared</b> (" not in html


def test_what_is_to_arrange_keeps_its_clock(qtbot: QtBot) -> None:
    assert "<b>MRI of the thoracic spine</b> (7 days, by Tue 1 Dec 2026)" in _panel(
        _FRACTURE
    )


def test_a_question_that_could_be_an_emergency_says_so(qtbot: QtBot) -> None:
    html = _panel(_FRACTURE)
    assert "could be an emergency" in html
    assert "could be now" not in html


def test_everything_that_may_still_be_done_is_said(qtbot: QtBot) -> None:
    """Of several lines the strictest may stand last; none is cut."""
    session = session_of(default_protocol(), answers=_FRACTURE, birth_date="1949-03-01")
    instead = session.assessment.manual_therapy.instead
    assert len(instead) > 2
    html = panel_html(session, QPalette())
    assert [text for text in instead if text not in html] == []


def test_the_open_questions_are_counted_once(qtbot: QtBot) -> None:
    """The seven shown and the rest make what stands above the panel."""
    session = session_of(default_protocol(), answers=_FRACTURE, birth_date="1949-03-01")
    html = panel_html(session, QPalette())
    (more,) = re.findall(r"and (\d+) more open<", html)
    assert could_be_words(session.assessment).startswith(f"{int(more) + 7} open")


def test_a_card_says_that_a_question_could_lead_to_an_emergency(qtbot: QtBot) -> None:
    session = session_of(default_protocol(), answers={"neuro.leg_weakness": _LEGS})
    record = Record(
        session.patient, session.visit.on, session.answers, session.assessment
    )
    card = card_of_concern(record, "cord_compression")
    html = card_html(card, (), QPalette(), outdated="")
    assert "Up to <b>an emergency</b>" in html
    assert "Up to <b>now</b>" not in html
