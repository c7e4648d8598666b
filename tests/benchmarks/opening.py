"""From choosing a visit to its painted form, in the real workspace.

The floor is painting the same workspace again with nothing to build.
"""

import os
import time
from datetime import UTC, date, datetime
from importlib.resources import files

from tests.benchmarks.measure import Timing, line, timed

_TODAY = date(2026, 11, 24)
_NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
_ROUNDS = 60


class _StoppedClock:
    def now(self) -> datetime:
        return _NOW

    def today(self) -> date:
        return _TODAY


def lines() -> list[str]:
    """Return the row: p95 of a full visit from its answers to its painted form."""
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
        opened_at=_NOW,
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_digest=protocol.digest,
        answers=case.answers,
    )

    def opened() -> Workspace:
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
        session.setParent(workspace)
        workspace.resize(1366, 700)
        workspace.show()
        workspace.page.start()
        application.processEvents()
        return workspace

    seconds = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        workspace = opened()
        seconds.append(time.perf_counter() - start)
        workspace.close()
        workspace.deleteLater()
    ours = Timing(seconds)
    last = opened()
    floor = timed(last.repaint, _ROUNDS)
    last.close()
    return [
        line(
            "a visit chosen to its form painted, p95",
            f"{ours.percentile(95):.0f} ms",
            f"repaint alone {floor.percentile(95):.1f} ms",
            f"{ours.percentile(95) / floor.percentile(95):.0f}x",
            "target under 150 ms",
        )
    ]
