"""Visits are opened and closed again and again, and memory stays where it was.

A visit is opened as from the list, looked at in a few sections, answered a little,
shown as a document now and then, and closed. After a warm-up the widgets that live,
what Qt and Python hold together, and everything Python knows of are counted every few
visits; in the full form also the memory of the process. Each may go up and down, but
the line through it has to be level.
"""

import gc
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import shiboken6
from PySide6.QtWidgets import QApplication, QWidget

from intake.patient import Patient
from tests.faults.report import Report
from tests.ui.walks.open_house import OpenHouse, let_go, open_house
from tests.ui.walks.round_trip import protocol

_PATIENTS = 4
_SECTIONS = 2
_WARM_UP = 0.25
_LOOKS = 10
_DOCUMENT_EVERY = 20
_ANSWERS = ("yes", "no", "unsure")
_STATM = Path("/proc/self/statm")
#: How much each may grow by a visit: nothing but what counting itself leaves.
_MOST_WIDGETS = 0.25
_MOST_WRAPPERS = 0.5
_MOST_OBJECTS = 60.0
_MOST_KIB = 12.0
#: With fewer visits than this the memory of the process says nothing: the line would go
#: through a few steps of the allocator.
_FEWEST_FOR_KIB = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """What lives at one moment."""

    visits: int
    widgets: int
    wrappers: int
    objects: int
    kib: int


def grown(counts: list[Counts]) -> dict[str, float]:
    """Return how much of each a visit adds, along the line through all of them."""
    places = [one.visits for one in counts]
    return {
        name: _slope(places, [getattr(one, name) for one in counts])
        for name in ("widgets", "wrappers", "objects", "kib")
    }


def too_much(counts: list[Counts]) -> list[str]:
    """Return what grows, in words."""
    most = {
        "widgets": _MOST_WIDGETS,
        "wrappers": _MOST_WRAPPERS,
        "objects": _MOST_OBJECTS,
    }
    if counts[-1].visits >= _FEWEST_FOR_KIB:
        most["kib"] = _MOST_KIB
    found = grown(counts)
    return [
        f"each visit leaves {found[name]:.2f} {name}"
        for name, limit in most.items()
        if found[name] > limit
    ]


def open_and_close(
    folder: Path,
    visits: int,
    chance: random.Random,
    leak: Callable[[OpenHouse], None] = lambda _house: None,
) -> list[Counts]:
    """Open and close so many visits; return what lived from the warm-up on.

    Args:
        folder: for the records.
        visits: how many.
        chance: which of them, and what is answered.
        leak: what is done before each is closed; a control leaves something there.
    """
    folder.mkdir(exist_ok=True)
    counts = []
    begin = int(visits * _WARM_UP)
    every = max(1, (visits - begin) // _LOOKS)
    with open_house(folder, protocol()) as house:
        # Whoever lists all objects holds those that another thread is still building,
        # which Python then cannot finish.
        house.office.day.end_watching()
        known = [_registered(house, number) for number in range(_PATIENTS)]
        for number in range(1, visits + 1):
            visit = house.store.visit(chance.choice(known))
            house.office.open_visit(visit, house.store.patient(visit.patient_id))
            _work(house, chance, number)
            leak(house)
            house.window.close_visit.emit()
            house.wait_until_stored()
            if number >= begin and (number - begin) % every == 0:
                counts.append(_count(number))
    return counts


def _registered(house: OpenHouse, number: int) -> str:
    house.office.register(Patient(f"p{number}", f"Moreno {number}", "Ana"))
    session = house.office.session
    assert session is not None
    house.window.close_visit.emit()
    house.wait_until_stored()
    return session.visit.id


def _work(house: OpenHouse, chance: random.Random, number: int) -> None:
    workspace, session = house.office.workspace, house.office.session
    assert workspace is not None
    assert session is not None
    for _ in range(_SECTIONS):
        workspace.page.rail.setCurrentRow(chance.randrange(workspace.page.rail.count()))
        workspace.page.start()
        QApplication.processEvents()
    session.record("general.fever", chance.choice(_ANSWERS))
    if number % _DOCUMENT_EVERY == 1:
        house.office.show_documents()
        QApplication.processEvents()


def _count(visits: int) -> Counts:
    QApplication.processEvents()
    let_go()
    gc.collect()
    pages = int(_STATM.read_text("ascii").split()[1]) if _STATM.exists() else 0
    return Counts(
        visits,
        len(QApplication.allWidgets()),
        len(shiboken6.getAllValidWrappers()),
        len(gc.get_objects()),
        pages * os.sysconf("SC_PAGE_SIZE") // 1024 if pages else 0,
    )


def _slope(places: list[int], values: list[int]) -> float:
    """Return the slope of the line that fits best."""
    middle, usual = sum(places) / len(places), sum(values) / len(values)
    across = sum((place - middle) ** 2 for place in places)
    both = zip(places, values, strict=True)
    return sum((p - middle) * (v - usual) for p, v in both) / across


def is_leak_seen(folder: Path, visits: int) -> bool:
    """Return whether a page that nobody lets go of is found out."""
    kept: list[QWidget] = []

    def leak(_house: OpenHouse) -> None:
        kept.append(QWidget())

    found = too_much(open_and_close(folder, visits, random.Random(1), leak))
    return any("widgets" in one for one in found)


def run(folder: Path, visits: int, chance: random.Random) -> Report:
    """Open and close so many; the control leaves a widget behind each time."""
    counts = open_and_close(folder / "visits", visits, chance)
    slopes = ", ".join(f"{value:.3f} {name}" for name, value in grown(counts).items())
    first, last = counts[0], counts[-1]
    figures = [
        f"{visits} visits opened and closed; each leaves {slopes}",
        f"{first.kib >> 10} MB after the warm-up, {last.kib >> 10} MB in the end",
    ]
    control = {"a widget nobody lets go of": is_leak_seen(folder / "leak", 16)}
    return Report(too_much(counts), figures, control)
