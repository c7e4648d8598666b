"""Pages to type on."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from intake.answers import Role
from intake.protocol import Protocol
from intake.protocol_loader import default_protocol
from tests.ui.visits import session_of
from ui.visit.page import VisitPage

OpenPage = Callable[..., VisitPage]


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return default_protocol()


@pytest.fixture
def open_page(qtbot: QtBot, protocol: Protocol) -> OpenPage:
    """Return a function that opens a page with the keyboard on its first question."""

    def open_it(
        role: Role = "clinician",
        answers: Mapping[str, Any] | None = None,
        birth_date: str = "1992-03-01",
    ) -> VisitPage:
        session = session_of(
            protocol, role=role, answers=answers, birth_date=birth_date
        )
        page = VisitPage(session)
        session.setParent(page)
        qtbot.addWidget(page)
        page.resize(1006, 640)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.start()
        return page

    return open_it
