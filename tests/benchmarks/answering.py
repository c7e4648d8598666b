"""From one answer to the repainted panel, in the real visit page.

The floor is painting the same panel again with nothing to work out.
"""

import os
import time
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import cycle
from typing import Any

from tests.benchmarks.measure import Timing, line, timed

_TODAY = date(2026, 11, 24)
_ROUNDS = 400

#: Answers in turn, some of which change the tier and some nothing.
_ANSWERS: tuple[tuple[str, Any], ...] = (
    ("general.fever", "yes"),
    ("pain.now", 8),
    ("general.fever", "no"),
    ("neuro.leg_weakness", {"left": "yes"}),
    ("pain.worse_with", ["sitting_long"]),
    ("neuro.leg_weakness", {"left": "no", "right": "no"}),
    ("general.fatigue", "no"),
    ("pain.now", 3),
    ("general.fatigue", "yes"),
    ("background.conditions", ["asthma"]),
)


class _StoppedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 24, 10, tzinfo=UTC)

    def today(self) -> date:
        return _TODAY


def lines() -> list[str]:
    """Return the row: p95 of an answer until the panel is painted."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from intake.assessment import assess
    from intake.case_file import read_case
    from intake.protocol_loader import default_protocol
    from intake.visit import Visit
    from ui.session import VisitSession
    from ui.visit.workspace import Workspace

    application = QApplication.instance() or QApplication([])
    protocol = default_protocol()
    sample = (files("intake") / "samples" / "sample_visit.json").read_bytes()
    case = read_case(sample, protocol, today=_TODAY)
    visit = Visit(
        id="v1",
        patient_id="p1",
        on=_TODAY,
        opened_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_digest=protocol.digest,
        answers=case.answers,
    )
    session = VisitSession(
        protocol,
        case.patient,
        visit,
        clock=_StoppedClock(),
        who="bench",
        role="clinician",
        assess=assess,
        save=lambda _changes: None,
    )
    workspace = Workspace(session)
    workspace.resize(1366, 700)
    workspace.show()
    application.processEvents()
    if workspace.panel is None:
        msg = "the clinician has no panel"
        raise RuntimeError(msg)
    viewport = workspace.panel.view.viewport()
    answers = cycle(_ANSWERS)
    seconds = []
    for _ in range(_ROUNDS):
        question, value = next(answers)
        start = time.perf_counter()
        session.record(question, value)
        viewport.repaint()
        seconds.append(time.perf_counter() - start)
        application.processEvents()
    ours = Timing(seconds)
    floor = timed(viewport.repaint, _ROUNDS)
    workspace.close()
    return [
        line(
            "one answer to repainted panel, p95",
            f"{ours.percentile(95):.1f} ms",
            f"repaint alone {floor.percentile(95):.1f} ms",
            f"{ours.percentile(95) / floor.percentile(95):.1f}x",
            "target under 16 ms",
        )
    ]
