"""What the panel says of imaging and dates."""

from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from intake.protocol_loader import default_protocol
from tests.ui.visits import session_of
from ui.visit.panel_html import panel_html


def test_a_study_stands_with_its_day_and_its_rating(qtbot: QtBot) -> None:
    """One short line: what is rated, for whom, how, and how far that was verified."""
    session = session_of(default_protocol(), answers={"cancer.history": "yes"})
    html = panel_html(session, QPalette())
    assert "(7 days, by Tue 1 Dec 2026)" in html
    assert (
        "ACR 2024, thoracic back pain, suspected cancer or infection, or a weak immune "
        "system: usually appropriate for MRI of the thoracic spine without contrast "
        "(read in a secondary copy)"
    ) in html


def test_a_study_left_out_stands_with_its_rating(qtbot: QtBot) -> None:
    session = session_of(default_protocol(), answers={"cancer.history": "yes"})
    _, left_out = panel_html(session, QPalette()).split("Not suggested now, and why")
    assert "may be appropriate (read in a secondary copy)" in left_out
    assert "usually not appropriate (read in a secondary copy)" in left_out


def test_an_emergency_has_no_day(qtbot: QtBot) -> None:
    """Now is now."""
    answers = {"pain.onset": "sudden_seconds", "pain.quality": ["tearing_or_ripping"]}
    answers["exam.pulses"] = ["radial_left_weak"]
    html = panel_html(session_of(default_protocol(), answers=answers), QPalette())
    assert "<b>Call 911 now</b> (now)" in html
