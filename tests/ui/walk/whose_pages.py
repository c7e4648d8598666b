"""The pages about whose visit it is, with somebody chosen on both sides."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from intake.patient import Patient
from intake.recall import Issued
from tests.ui.fakes import MemoryStore
from tests.ui.visits import StoppedClock
from ui.merge_page import MergePage
from ui.move_steps import CHOOSES, Step
from ui.move_visit_page import MoveVisitPage

if TYPE_CHECKING:
    from intake.audit import Event
    from tests.ui.walk.pages import Stage
    from ui.patient_finder import PatientFinder

ANA = Patient(
    "p1",
    "Moreno",
    "Ana",
    birth_date="1992-03-14",
    sex_at_birth="female",
    chart_number="C-1042",
    phone="(904) 555-0117",
    address="12 Made-up Street, Jacksonville",
)
ANNA = Patient(
    "p2",
    "Moreno-Achterberg",
    "Anna Sofia",
    birth_date="1992-03-15",
    sex_at_birth="male",
    chart_number="C-2207",
)
ALIKE = Patient("p3", "Morena", "Ana", birth_date="1992-03-14")
_LEFT: tuple["Event", ...] = ("document_viewed", "document_exported")


def _find(finder: "PatientFinder", *found: Patient) -> None:
    """Look for somebody and choose the first who fits."""
    finder._find = lambda _text: found
    finder.search.setText("mor")
    finder.list.setCurrentRow(0)


def show_merge(on: "Stage") -> None:
    store = MemoryStore()
    for one in (ANA, ANNA, ALIKE):
        store.register(one)
    store.merge_patients(ALIKE, ANA)
    page = MergePage(lambda: store, lambda _text: (), _merged, StoppedClock())
    on.show(page).start()
    _find(page.goes, ANNA)
    _find(page.stays, ANA)


def show_step(step: Step) -> Callable[["Stage"], None]:
    def show_move(on: "Stage") -> None:
        session, store = on.office.session, MemoryStore()
        assert session is not None
        at = StoppedClock().now()
        for how in _LEFT:
            issued = Issued("letter", how, at, "Sam", ANA.name, is_wrong=True)
            store.issued.append((session.visit.id, issued))
        page = MoveVisitPage(
            lambda: store, lambda _text: (), _merged, StoppedClock(), lambda _p: None
        )
        on.show(page).take(session.visit, ANA, None, is_clinician=True)
        page._step = step
        page.start()
        if step in CHOOSES:
            _find(page.finder, ANNA, ALIKE)
        page._say("Something else was added to this visit meanwhile. Read it again.")

    return show_move


def _merged(found: Sequence[Patient]) -> Mapping[str, str]:
    """Return that each was merged."""
    return {one.id: "merged from Moreno-Ruiz, Ana Sofia" for one in found}
