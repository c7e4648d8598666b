"""How long one assessment of a full visit takes."""

from datetime import date
from importlib.resources import files

from intake.assessment import assess
from intake.case_file import read_case
from intake.protocol_loader import default_protocol
from tests.benchmarks.measure import line, paired, timed

_DAY = date(2026, 11, 24)


def lines() -> list[str]:
    """Return the rows: `assess()`, and loading the protocol.

    The floor of an assessment is walking over the answers once and looking each up,
    which nothing that reads them can go below.
    """
    protocol = default_protocol()
    sample = (files("intake") / "samples" / "sample_visit.json").read_bytes()
    case = read_case(sample, protocol, today=_DAY)

    def run() -> object:
        return assess(protocol, case.patient, case.answers, case.on)

    def floor() -> object:
        return [protocol.questions[q].id for q in case.answers if case.answers[q]]

    ours, least = paired(run, floor, 2000)
    loading = timed(default_protocol, 20)
    return [
        line(
            "assess() of a full visit, p99",
            f"{ours.percentile(99):.3f} ms",
            f"reading it {least.median:.3f} ms",
            f"{ours.median / least.median:.0f}x",
            "target under 1 ms",
        ),
        line(
            "loading and checking the protocol",
            f"{loading.median:.0f} ms",
            "",
            "",
            "target under 150 ms",
        ),
    ]
