"""What the panel says of the rules themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from intake.protocol_loader import default_protocol
from tests.ui.visits import TODAY, session_of
from ui.visit.panel_html import panel_html


@pytest.mark.parametrize("late", [False, True])
def test_past_the_review_by_date_the_panel_says_so(qtbot: QtBot, late: bool) -> None:
    """From the day after, beside the warning that nobody has reviewed the rules."""
    day = TODAY - timedelta(days=late)
    session = session_of(replace(default_protocol(), review_by=day))
    html = panel_html(session, QPalette())
    assert session.protocol.warning in html
    assert (f"Rules out of date: they were to be reviewed by {day}." in html) is late
