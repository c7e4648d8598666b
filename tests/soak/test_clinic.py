"""A twentieth of the soak, and proof that it can fail."""

from collections.abc import Sequence
from pathlib import Path

from db.store import Store, open_store
from intake.answers import AnswerChange
from intake.visit import Visit
from tests.db.made_up import KEY
from tests.soak.clinic import run


def test_what_many_patients_answered_is_what_is_read_back(tmp_path: Path) -> None:
    """Fifty patients, some hundred saves, one file."""
    assert run(tmp_path / "clinic.db", 50, seed=1).wrong == ()


def test_a_store_that_forgets_is_caught(tmp_path: Path) -> None:
    """Negative control: every hundredth save is acknowledged and thrown away."""

    class Forgetful:
        def __init__(self, store: Store) -> None:
            self._store = store
            self._saves = 0

        def record(
            self, visit_id: str, from_revision: int, changes: Sequence[AnswerChange]
        ) -> Visit:
            self._saves += 1
            if self._saves % 100 == 0:
                return self._store.visit(visit_id)
            return self._store.record(visit_id, from_revision, changes)

        def __getattr__(self, name: str) -> object:
            return getattr(self._store, name)

    def forgetful(file: Path) -> Forgetful:
        return Forgetful(open_store(file, KEY))

    outcome = run(tmp_path / "clinic.db", 50, seed=1, store_of=forgetful)  # type: ignore[arg-type]  # stands in for a store by its methods
    assert outcome.wrong != ()
